"""Views of the agriculture library 农业库: market prices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

Tables = Mapping[str, "DataFrame"]


def prices(tables: Tables) -> DataFrame:
    """Prices with `week`, the ISO week of their date."""
    from pyspark.sql import functions as F

    week = F.expr("concat(extract(yearofweek from date), '-W', lpad(extract(week from date), 2, '0'))")
    return tables["agriculture_market_price"].withColumn("week", week)


def ten_day_prices(tables: Tables) -> DataFrame:
    """Prices spread over the days they hold for, with `ten_day` 旬, the third of a month of each day.

    A weekly price holds for its seven days, a daily one for its day. Days of the month: T1 1–10,
    T2 11–20, T3 from 21.
    """
    from pyspark.sql import functions as F

    rows = tables["agriculture_market_price"]
    days = F.when(F.col("freq") == "W", 6).otherwise(0)
    rows = rows.withColumn("day", F.explode(F.sequence(F.col("date"), F.date_add("date", days))))
    third = F.least(F.lit(3), F.ceil(F.dayofmonth("day") / 10)).cast("string")
    return rows.withColumn("ten_day", F.concat(F.date_format("day", "yyyy-MM"), F.lit("-T"), third))


VIEWS = {"prices": prices, "ten_day_prices": ten_day_prices}
