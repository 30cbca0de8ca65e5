"""Forecasts made on earlier knowledge stay as they were written, and none is there twice."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pyspark.sql import SparkSession

from jobs.lake import schemas, tables
from jobs.lake.paths import Lake
from jobs.steps import forecasts

pytestmark = pytest.mark.spark
FIRST, SECOND, THIRD = date(2025, 1, 2), date(2025, 1, 3), date(2025, 1, 4)


def nightly(spark: SparkSession, lake: Lake, rows: list[tuple[str, date, float]], most: int = 40) -> None:
    """A night that forecasts each series on the knowledge of a day."""
    labels = {"theme": "population", "indicator": "population.births", "breakdown": "", "freq": "Y"}
    made = [
        labels | {"region": region, "as_of": day, "step": step, "mean": mean + step}
        for region, day, mean in rows
        for step in (1, 2)
    ]
    settings: Any = SimpleNamespace(spark=SimpleNamespace(most_files=most))
    context: Any = SimpleNamespace(spark=spark, lake=lake, conf=SimpleNamespace(settings=settings))
    forecasts.add(context, tables.local(spark, made, schemas.FORECAST), "forecast")


def held(spark: SparkSession, lake: Lake) -> list[tuple[str, date, float]]:
    """Region, day and mean of the first step of all forecasts."""
    rows = tables.read(spark, lake.gold("forecast")).where("step = 1").collect()
    return sorted((row["region"], row["as_of"], row["mean"] - 1) for row in rows)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path)


def test_a_night_leaves_the_files_of_earlier_nights_alone(spark: SparkSession, lake: Lake) -> None:
    nightly(spark, lake, [("440100", FIRST, 10.0), ("440300", FIRST, 20.0)])
    before = set(tables.read(spark, lake.gold("forecast")).inputFiles())
    nightly(spark, lake, [("440100", SECOND, 11.0), ("440300", SECOND, 21.0)])
    assert before < set(tables.read(spark, lake.gold("forecast")).inputFiles())
    assert held(spark, lake) == [
        ("440100", FIRST, 10.0), ("440100", SECOND, 11.0), ("440300", FIRST, 20.0), ("440300", SECOND, 21.0)
    ]  # fmt: skip


def test_forecasts_on_the_same_or_later_knowledge_are_replaced(spark: SparkSession, lake: Lake) -> None:
    nightly(spark, lake, [("440100", FIRST, 10.0), ("440300", FIRST, 20.0)])
    nightly(spark, lake, [("440100", THIRD, 13.0), ("440300", FIRST, 20.5)])
    assert held(spark, lake) == [("440100", FIRST, 10.0), ("440100", THIRD, 13.0), ("440300", FIRST, 20.5)]
    nightly(spark, lake, [("440100", SECOND, 12.0), ("440300", FIRST, 20.5)])
    assert held(spark, lake) == [("440100", FIRST, 10.0), ("440100", SECOND, 12.0), ("440300", FIRST, 20.5)]


def test_nothing_stays_of_a_series_that_is_forecast_no_more(spark: SparkSession, lake: Lake) -> None:
    nightly(spark, lake, [("440100", FIRST, 10.0), ("440300", FIRST, 20.0)])
    nightly(spark, lake, [("440100", SECOND, 11.0)])
    assert held(spark, lake) == [("440100", FIRST, 10.0), ("440100", SECOND, 11.0)]


def test_many_files_become_few(spark: SparkSession, lake: Lake) -> None:
    for night in (FIRST, SECOND, THIRD):
        nightly(spark, lake, [("440100", night, 10.0)], most=3)
    assert len(tables.read(spark, lake.gold("forecast")).inputFiles()) <= 3
    assert len(held(spark, lake)) == 3
