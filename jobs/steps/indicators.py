"""Silver → gold.indicator: every theme's indicators from their definitions."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from conf.schema import Freq
from jobs.context import Context
from jobs.lake import tables
from jobs.lake.schemas import INDICATOR
from themes.common import indicators as builder
from themes.common.contract import Theme


class NotDeliveredError(LookupError):
    """No department has handed in the table yet."""


class Views(dict[str, DataFrame]):
    """Tables by name, opened by `table` when asked for; views of the theme by their function.

    What `table` raises for one that is not there comes also from inside a view.
    """

    def __init__(self, theme: Theme, table: Callable[[str], DataFrame]) -> None:
        super().__init__()
        self._table = table
        module = f"themes.{theme.id}.transforms"
        self._made = import_module(module).VIEWS if find_spec(module) else {}

    def __missing__(self, name: str) -> DataFrame:
        self[name] = self._made[name](self) if name in self._made else self._table(name)
        return self[name]


def theme_rows(context: Context, theme: Theme, scores: DataFrame) -> DataFrame:
    """All indicator rows of a theme; an indicator whose table nobody has delivered yet gives none."""
    spark = context.spark
    members = builder.ancestry(spark, context.conf.regions)
    freqs = {i.freq for i in theme.indicators.values()}
    days = {freq: builder.calendar(spark, freq) for freq in freqs}

    def delivered(name: str) -> DataFrame:
        path = context.lake.silver(name)
        if not tables.exists(path):
            raise NotDeliveredError(name)
        return tables.read(spark, path)

    views = Views(theme, delivered)
    revised = _is_revised(context, theme)
    made = [spark.createDataFrame([], INDICATOR)]
    for name, definition in theme.indicators.items():
        try:
            view = views[definition.source]
        except NotDeliveredError:
            continue
        has_vintages = revised and "superseded_on" in view.columns
        calendar = days[definition.freq]
        made.append(builder.build(theme.id, name, definition, view, members, calendar, scores, has_vintages))
    rows = builder.union(made).persist()
    newest = builder.latest(rows) if revised else rows
    wanted: dict[tuple[Freq, str], list[str]] = {}
    for name, definition in theme.indicators.items():
        for kind in definition.changes:
            wanted.setdefault((definition.freq, kind), []).append(name)
    changes = [
        builder.change(newest.where(F.col("indicator").isin(names)), kind, days[freq])
        for (freq, kind), names in wanted.items()
    ]
    return builder.union([rows, *changes])


def _is_revised(context: Context, theme: Theme) -> bool:
    facts = [
        n for n, t in theme.contract.tables.items() if not t.history and tables.exists(context.lake.silver(n))
    ]
    replaced = "superseded_on is not null"
    return any(
        not tables.read(context.spark, context.lake.silver(n)).where(replaced).isEmpty() for n in facts
    )
