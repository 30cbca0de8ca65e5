"""Indicators and what methods make of them, in one step: a figure and the analyses of it belong together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.context import Context
from jobs.lake import schemas, tables
from jobs.methods.base import Surroundings
from jobs.steps import analyses, doubts
from themes.common.contract import Theme


@dataclass(frozen=True)
class Found:
    """What the driver makes of the indicators of some themes."""

    analyses: analyses.Results
    doubts: pd.DataFrame


def looked_at(context: Context, themes: Sequence[Theme], rows: DataFrame) -> Found:
    """Doubts about the series that are forecast or analysed, and all analyses, from rows of gold.indicator."""
    conf, asked = context.conf, analyses.wanted(themes)
    forecast = [name for theme in themes for name, one in theme.indicators.items() if one.forecast]
    figures = rows.where(F.col("indicator").isin(sorted({*asked, *forecast}))).toPandas()
    # A change follows from levels: what is wrong with it is found there.
    known = {name: one for theme in themes for name, one in theme.indicators.items()}
    levels = figures[figures["indicator"].isin(known) & analyses.is_used(themes, figures)]
    accumulate = {name for name, one in known.items() if one.accumulate}
    # decimals of an indicator of many units tell nothing about one of them
    decimals = {name: one.decimals for name, one in known.items() if one.unit_column is None}
    decided = {name: context.decisions(name) for name in levels["indicator"].unique()}
    ended = {region.code: region.valid_to for region in conf.regions.rows() if region.valid_to}
    steady = {name: one.steady for name, one in known.items() if one.steady is not None}
    open_ = doubts.found(
        levels, conf.series_checks, conf.units, context.as_of, decided, accumulate, decimals, ended, steady
    )
    trusted = doubts.trusted(figures[figures["indicator"].isin(asked)], open_)
    around = Surroundings(conf.regions, conf.neighbours, conf.festivals, context.as_of)
    return Found(analyses.results(themes, analyses.with_levels(trusted, conf.regions), around), open_)


def write(context: Context, rows: DataFrame, found: Found, replace: str | None) -> None:
    """Write gold.indicator, analysis, method and doubt, of the themes that `replace` speaks of."""
    spark, lake = context.spark, context.lake
    made = tables.local(spark, found.analyses.figures, schemas.INDICATOR)
    tables.write(
        context.stamped(rows.unionByName(made)), lake.gold("indicator"), replace=replace, partition=["theme"]
    )
    for table, frame, schema in (
        ("analysis", found.analyses.details, schemas.ANALYSIS),
        ("method", found.analyses.methods, schemas.METHOD),
        ("doubt", found.doubts, schemas.DOUBT),
    ):
        tables.write(context.stamped(tables.local(spark, frame, schema)), lake.gold(table), replace=replace)
