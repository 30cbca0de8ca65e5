"""Silver → gold.indicator: every theme's indicators from their definitions."""

from __future__ import annotations

import polars as pl
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from conf import delta
from conf.schema import Freq
from jobs.context import Context
from jobs.lake import tables
from jobs.lake.schemas import INDICATOR
from themes.common import indicators as builder
from themes.common.contract import Theme
from themes.common.views import Views


class NotDeliveredError(LookupError):
    """No department has handed in the table yet."""


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
    ends = {
        name: _of(context, name).select(pl.col("delivered_on").max()).collect().item()
        for name in theme.contract.tables
        if tables.exists(context.lake.silver(name))
    }
    made = [spark.createDataFrame([], INDICATOR)]
    for name, definition in theme.indicators.items():
        try:
            view = views[definition.source]
        except NotDeliveredError:
            continue
        has_vintages = revised and "superseded_on" in view.columns
        calendar = days[definition.freq]
        # An emptied table has no last delivery, and gives no figure.
        covered = min((day for day in map(ends.get, definition.tables) if day), default=context.as_of)
        made.append(
            builder.build(theme.id, name, definition, view, members, calendar, scores, has_vintages, covered)
        )
    # Computed here, so that what follows is planned over rows and not over all that made them: planning took
    # minutes, its time growing with the square of the number of indicators.
    rows = kept(context, builder.union(made))
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


def kept(context: Context, rows: DataFrame) -> DataFrame:
    """The rows, computed; in as many parts as there are cores, not in some for every indicator."""
    return rows.coalesce(context.spark.sparkContext.defaultParallelism).localCheckpoint()


def _is_revised(context: Context, theme: Theme) -> bool:
    facts = [
        n for n, t in theme.contract.tables.items() if not t.history and tables.exists(context.lake.silver(n))
    ]
    replaced = pl.col("superseded_on").is_not_null().any()
    return any(_of(context, n).select(replaced).collect().item() for n in facts)


def _of(context: Context, name: str) -> pl.LazyFrame:
    """A silver table for a question that is not worth a job of Spark's."""
    path = context.lake.silver(name)
    return delta.scan(path, tables.version(path))
