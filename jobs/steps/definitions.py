"""Whether Spark understands the SQL of contracts, sources and indicators, and the views of themes.

Asked before anything is read, of tables without rows: a slip costs seconds, not a night.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
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
Looks = Sequence[tuple[str, Callable[[], object]]]


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


def _told(looks: Looks, together: Callable[[], object]) -> Iterator[str]:
    """One line `key: problem` for every look that Spark refuses.

    Spark is asked about all `together` first: each question takes it some hundredths of a second, and there are many.
    """
    if looks and _refused(together):
        for key, look in looks:
            if why := _refused(look):
                yield f"{key}: {why}"


def _rules(theme: Theme, rows: Tables) -> Iterator[str]:
    for name, table in theme.contract.tables.items():
        looks = [(f"{rule.code}.sql", partial(rows[name].where, rule.sql)) for rule in table.rules]
        every = "\nand ".join(f"({rule.sql}\n)" for rule in table.rules)
        for line in _told(looks, partial(rows[name].where, every)):
            yield f"tables.{name}.rules.{line}"


def _formulas(context: Context, source: Source) -> Iterator[str]:
    given = {name: one for name, one in source.columns.items() if isinstance(one, Formula)}
    if not given:
        return
    headers = sorted({header for one in given.values() for header in one.headers})
    row = context.spark.range(0).select(*[F.lit("").alias(header) for header in headers], F.lit(0).alias("_"))
    looks = [(f"columns.{name}.sql", partial(row.selectExpr, one.sql)) for name, one in given.items()]
    yield from _told(looks, partial(row.selectExpr, *[one.sql for one in given.values()]))


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
    looks = [("where", partial(view.where, definition.where))]
    looks += [(key, partial(view.selectExpr, sql)) for key, sql in columns]
    yield from _told(looks, lambda: view.where(definition.where).selectExpr(*[sql for _, sql in columns]))
    figures = [("value", definition.value)]
    figures += [("unit_column", f"max({definition.unit_column})")] if definition.unit_column else []
    looks = [(key, partial(_figures, view, sql)) for key, sql in figures]
    yield from _told(looks, partial(_figures, view, *[sql for _, sql in figures]))


def _figures(view: DataFrame, *formulas: str) -> DataFrame:
    """Formulas over a group of rows, which then have their period and score beside the view's columns."""
    rows = view.withColumns({"period": F.lit(""), "region": F.lit(""), "score": F.lit(0.0)})
    return rows.groupBy().agg(*[F.expr(sql) for sql in formulas])
