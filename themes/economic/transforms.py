"""Views of the economic library 经济库: months out of year-to-date figures 累计值, sectors out of shares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

Tables = Mapping[str, "DataFrame"]


def months(tables: Tables) -> DataFrame:
    """Monthly statistics with `at` (the month a row counts for), `part`, `flow` and `base`.

    Every row counts for its own month (`part` now) with its value; a year-to-date level also counts for the next
    month of its year in which it is published (`part` before) with its value turned round. So the sum of a
    month's rows is what was added in the month, for every vintage, and a figure can be traced to both rows.
    `base` is the level of a year earlier that the published growth implies, summed in the same way: growth of
    single months on a comparable base is sum(flow) / sum(base) - 1. A year's first row is February's, of two
    months together. `needs` is the number of rows that make a month: a month whose predecessor is missing is
    not known.
    """
    from pyspark.sql import functions as F

    rows = tables["statistics_economy_monthly"]
    number = F.month("month")
    # a rate is not the sum of its months
    cumulative = F.col("kind").isin("ytd", "ytd_quarterly") & (F.col("unit") != "percent")
    step = F.when(F.col("kind") == "ytd_quarterly", 3).otherwise(1)
    now = F.struct(F.col("month").alias("at"), F.lit("now").alias("part"))
    later = F.struct(F.add_months("month", step).alias("at"), F.lit("before").alias("part"))
    both = cumulative & (number + step <= 12)
    spread = rows.withColumn("_of", F.explode(F.when(both, F.array(now, later)).otherwise(F.array(now))))
    spread = spread.withColumn("at", F.col("_of.at")).withColumn("part", F.col("_of.part")).drop("_of")
    sign = F.when(F.col("part") == "now", 1).otherwise(-1)
    first = F.month("at") <= F.greatest(F.lit(2), step)
    return (
        spread.withColumn("flow", sign * F.col("value"))
        .withColumn("base", sign * F.col("value") / (1 + F.col("growth") / 100))
        .withColumn("needs", F.when(cumulative & ~first, 2).otherwise(1))
    )


def sectors(tables: Tables) -> DataFrame:
    """Yearly statistics of cities, a row a sector, with `value_added` (hundred million yuan) and `employment` (ten
    thousand persons) by its share. Yearbooks leave out the employment of a primary sector that rounds to nothing.
    """
    from pyspark.sql import functions as F

    # greatest() passes over nulls: a year that tells no shares must stay unknown
    rest = "if(employed_secondary + employed_tertiary > 100, 0, round(100 - employed_secondary - employed_tertiary, 2))"
    rows = tables["statistics_city_yearly"].withColumn(
        "employed_primary", F.expr(f"coalesce(employed_primary, {rest})")
    )
    parts = ", ".join(
        f"named_struct('sector', '{name}', 'value_added', gdp * {name}_share / 100,"
        f" 'employment', employed * employed_{name} / 100)"
        for name in ("primary", "secondary", "tertiary")
    )
    return rows.withColumn("_of", F.explode(F.expr(f"array({parts})"))).select("*", "_of.*").drop("_of")


VIEWS = {"months": months, "sectors": sectors}
