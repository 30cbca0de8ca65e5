"""Indicators and what methods make of them, in one step: a figure and the analyses of it belong together."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.context import Context
from jobs.lake import schemas, tables
from jobs.steps import analyses
from themes.common.contract import Theme


def analysed(context: Context, themes: Sequence[Theme], rows: DataFrame) -> analyses.Results:
    """All analyses of the themes, made of their rows of gold.indicator."""
    from jobs.methods.base import Surroundings

    figures = rows.where(F.col("indicator").isin(analyses.wanted(themes))).toPandas()
    level = {region.code: region.level for region in context.conf.regions.rows()}
    figures["region_level"] = figures["region"].map(level)
    conf = context.conf
    around = Surroundings(conf.regions, conf.neighbours, conf.festivals, context.as_of)
    return analyses.results(themes, figures, around)


def write(context: Context, rows: DataFrame, found: analyses.Results, replace: str | None) -> None:
    """Write gold.indicator, gold.analysis and gold.method; of the themes that `replace` speaks of."""
    spark, lake = context.spark, context.lake
    made = tables.local(spark, found.figures, schemas.INDICATOR)
    tables.write(
        context.stamped(rows.unionByName(made)), lake.gold("indicator"), replace=replace, partition=["theme"]
    )
    for table, frame, schema in (
        ("analysis", found.details, schemas.ANALYSIS),
        ("method", found.methods, schemas.METHOD),
    ):
        tables.write(context.stamped(tables.local(spark, frame, schema)), lake.gold(table), replace=replace)
