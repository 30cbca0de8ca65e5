"""A part is not shown as the whole: of a period that is still running, or of cities of which one is missing."""

from __future__ import annotations

from datetime import date

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

import conf
from themes.common import indicators
from themes.common.contract import Indicator, discover

pytestmark = pytest.mark.spark

GDP = next(t for t in discover() if t.id == "economic").indicators["economic.gdp"]


def rows(spark: SparkSession, cells: list[tuple[str, int, int]]) -> DataFrame:
    """One row of 100 a (region, year, quarter)."""
    made = [(*cell, "total", 100.0, "f.csv", n) for n, cell in enumerate(cells)]
    return spark.createDataFrame(
        made, "region string, year long, quarter long, sector string, value double, file string, row long"
    ).withColumns({"delivered_on": F.lit(date(2025, 5, 1)), "status": F.lit("real")})


def figures(
    spark: SparkSession, view: DataFrame, definition: Indicator = GDP, covered: date = date(2025, 5, 1)
) -> dict[tuple[str, str], float]:
    scores = spark.createDataFrame([("f.csv", 100.0)], "file string, score double")
    made = indicators.build(
        "economic", "economic.gdp", definition, view, indicators.ancestry(spark, conf.load().regions),
        indicators.calendar(spark, "Q"), scores, revised=False, covered=covered,
    )  # fmt: skip
    return {(row["region"], row["period"]): row["value"] for row in made.collect()}


def test_a_province_waits_for_the_last_of_its_cities(spark: SparkSession) -> None:
    view = rows(spark, [("440100", 2024, 1), ("440300", 2024, 1), ("440100", 2024, 2)])
    assert figures(spark, view) == {
        ("440000", "2024-Q1"): 200.0,
        ("440100", "2024-Q1"): 100.0,
        ("440300", "2024-Q1"): 100.0,
        ("440100", "2024-Q2"): 100.0,
    }
    partial = GDP.model_copy(update={"complete": False})
    assert figures(spark, view, partial)["440000", "2024-Q2"] == 100.0


def test_it_does_not_wait_for_a_city_that_has_been_merged(spark: SparkSession) -> None:
    view = rows(spark, [("370100", 2018, 1), ("371200", 2018, 1), ("370100", 2020, 1)])
    found = figures(spark, view)
    assert found["370000", "2018-Q1"] == 200.0
    assert found["370000", "2020-Q1"] == 100.0


def test_a_period_waits_for_a_delivery_after_its_end(spark: SparkSession) -> None:
    view = rows(spark, [("440100", 2025, 1), ("440100", 2025, 2)])
    assert {period for _, period in figures(spark, view)} == {"2025-Q1"}
    snapshot = GDP.model_copy(update={"snapshot": True})
    assert {period for _, period in figures(spark, view, snapshot)} == {"2025-Q1", "2025-Q2"}
