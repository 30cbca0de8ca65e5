"""Whether Spark understands the SQL of contracts, sources and indicators, and the views of themes.

Asked before anything is read, of tables without rows: a slip costs seconds, not a night.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from pyspark.errors import PySparkException
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from conf.source_files import PROFILES, Formula, Source
from jobs.context import Context
from jobs.lake import silver
from jobs.steps import analyses
from themes.common.contract import Indicator, Theme
from themes.common.views import Views

Tables = Mapping[str, DataFrame]


def problems(context: Context, profile: str) -> list[str]:
    """One line `FILE: key: problem` for every text that Spark refuses."""
    found = analyses.problems(context.themes)
    for theme in context.themes:
        rows = _without_rows(context, theme)
        file = f"themes/{theme.id}/contract.yaml"
        found += [f"{file}: {line}" for line in _rules(theme, rows)]
        found += [f"themes/{theme.id}/{line}" for line in _indicators(theme, rows)]
    for source in context.sources.values():
        file = f"conf/{PROFILES[profile]}/{source.id}.yaml"
        found += [f"{file}: {line}" for line in _formulas(context, source)]
    return found


def _without_rows(context: Context, theme: Theme) -> Tables:
    """The tables and entities of a theme as they will be, without rows."""
    contract = theme.contract
    made = {n: silver.no_rows(context.spark, t, context.codes) for n, t in contract.tables.items()}
    return made | {n: silver.entity_versions(made[e.table]) for n, e in contract.entities.items()}


def _refused(look: Callable[[], object]) -> str | None:
    """What Spark has against it, in one line."""
    try:
        look()
    except PySparkException as error:
        return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
    return None


def _rules(theme: Theme, rows: Tables) -> Iterator[str]:
    for name, table in theme.contract.tables.items():
        for rule in table.rules:
            if why := _refused(partial(rows[name].where, rule.sql)):
                yield f"tables.{name}.rules.{rule.code}.sql: {why}"


def _formulas(context: Context, source: Source) -> Iterator[str]:
    for name, given in source.columns.items():
        if isinstance(given, Formula):
            cells = [F.lit("").alias(header) for header in sorted(given.headers)]
            row = context.spark.range(0).select(*cells, F.lit(0).alias("_"))
            if why := _refused(partial(row.selectExpr, given.sql)):
                yield f"columns.{name}.sql: {why}"


def _indicators(theme: Theme, rows: Tables) -> Iterator[str]:
    try:
        views = Views(theme, rows.__getitem__)
    # The module is the theme's own code: whatever stops it belongs to its author.
    except Exception as error:
        yield f"transforms.py: {str(error).strip().splitlines()[0]}"
        return
    broken = set()
    for name, definition in theme.indicators.items():
        key, view = f"indicators.yaml: indicators.{name.partition('.')[2]}", definition.source
        if view in broken:
            continue
        try:
            found = views[view]
        except KeyError as error:
            yield f"{key}.from: no table, entity or view {error}"
            continue
        # A view is the theme's own code: whatever stops it belongs to its author.
        except Exception as error:
            broken.add(view)
            yield f"transforms.py: view {view}: {str(error).strip().splitlines()[0]}"
            continue
        yield from (f"{key}.{line}" for line in _definition(definition, found))


def _definition(definition: Indicator, view: DataFrame) -> Iterator[str]:
    columns = [("period", definition.period), ("region", definition.region)]
    columns += [("breakdowns", column) for group in definition.breakdowns for column in group]
    figures = [("value", definition.value)]
    figures += [("unit_column", f"max({definition.unit_column})")] if definition.unit_column else []
    looks = [("where", partial(view.where, definition.where))]
    looks += [(key, partial(view.selectExpr, sql)) for key, sql in columns]
    looks += [(key, partial(_figure, view, sql)) for key, sql in figures]
    for key, look in looks:
        if why := _refused(look):
            yield f"{key}: {why}"


def _figure(view: DataFrame, sql: str) -> DataFrame:
    """The formula over a group of rows, which then have their period and score beside the view's columns."""
    rows = view.withColumns({"period": F.lit(""), "region": F.lit(""), "score": F.lit(0.0)})
    return rows.groupBy().agg(F.expr(sql))
