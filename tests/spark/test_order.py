"""A figure has the same last digit in whatever order Spark reads its rows."""

from __future__ import annotations

import random
from datetime import date

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

import conf
from themes.common import indicators
from themes.common.contract import discover

pytestmark = pytest.mark.spark


def test_sums_of_fractions_do_not_depend_on_the_order_of_rows(spark: SparkSession) -> None:
    gdp = next(t for t in discover() if t.id == "economic").indicators["economic.gdp"]
    part = gdp.model_copy(update={"complete": False})
    chance = random.Random(1)
    rows = [("440103", 2025, 1, "total", chance.uniform(0, 1e4), "f.csv", n) for n in range(2000)]
    view = spark.createDataFrame(
        rows, "region string, year long, quarter long, sector string, value double, file string, row long"
    ).withColumns(
        {"delivered_on": F.lit(date(2025, 5, 1)), "status": F.lit("real"), "superseded_on": F.lit(None)}
    )
    scores = spark.createDataFrame([("f.csv", 100.0)], "file string, score double")
    members = indicators.ancestry(spark, conf.load().regions)
    days = indicators.calendar(spark, "Q")

    def total(ordered: DataFrame) -> list[float]:
        made = indicators.build(
            "economic", "economic.gdp", part, ordered, members, days, scores, revised=False,
            covered=date(2025, 5, 1),
        )  # fmt: skip
        return [row["value"] for row in made.where("region = '440000'").collect()]

    found = [total(view.repartition(n).orderBy(F.rand(n))) for n in range(1, 6)]
    assert len(found[0]) == 1
    assert all(other == found[0] for other in found)
