"""Views of the agriculture library 农业库: prices, crops, certificates, programme counties, air and water."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

Tables = Mapping[str, "DataFrame"]
_CERTIFICATE_YEARS = 8
_POLLUTANTS = ("so2", "no2", "pm10", "pm25", "co", "o3")
_WATER = ("oxygen", "permanganate", "ammonia", "phosphorus")


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


def crops(tables: Tables) -> DataFrame:
    """What is told of crops beside their area, each row with the `area` that it is weighted by.

    A crop whose area is not told weighs 1, so that a region's own figure stays as it is.
    """
    from pyspark.sql import functions as F

    rows = tables["agriculture_crop"]
    key = ["region", "crop", "year"]
    areas = rows.where("crop_item = 'area' and superseded_on is null")
    areas = areas.groupBy(*key).agg(F.max("value").alias("area"))
    units = F.expr(
        "map('yield', 'kg_per_hectare', 'degree_days', 'degree_day', 'rain', 'millimetre', 'heat_days', 'day')"
    )
    weighted = rows.where("crop_item <> 'area'").join(areas, key, "left")
    return weighted.withColumn("area", F.coalesce("area", F.lit(1.0))).withColumn(
        "unit", units[F.col("crop_item")]
    )


def certificates_in_force(tables: Tables) -> DataFrame:
    """Every certificate at the end of each of the last full years in which it held, with `year`."""
    from pyspark.sql import functions as F

    rows = tables["agriculture_certificate"]
    last = rows.agg((F.year(F.max("delivered_on")) - 1).alias("last_year"))
    rows = rows.crossJoin(F.broadcast(last))
    first_in = F.greatest(F.year("valid_from"), F.col("last_year") - _CERTIFICATE_YEARS + 1)
    last_in = F.least(F.year("valid_to") - 1, F.col("last_year"))
    rows = rows.withColumn("_first", first_in).withColumn("_last", last_in).where("_first <= _last")
    return rows.withColumn("year", F.explode(F.sequence("_first", "_last")))


def programme(tables: Tables) -> DataFrame:
    """Every milestone of every county at the end of each full year from the first one due, with `year`."""
    from pyspark.sql import functions as F

    rows = tables["agriculture_county_programme"]
    span = rows.agg(
        F.min(F.year("due")).alias("_first"), (F.year(F.max("delivered_on")) - 1).alias("_last")
    ).where("_first <= _last")
    return rows.crossJoin(F.broadcast(span)).withColumn("year", F.explode(F.sequence("_first", "_last")))


def air(tables: Tables) -> DataFrame:
    """Concentrations, one row a city, day and `pollutant`, with `concentration` and its `unit`."""
    return _long(tables["environment_air_daily"], "pollutant", _POLLUTANTS, "concentration").selectExpr(
        "*", "if(pollutant = 'co', 'milligram_per_m3', 'microgram_per_m3') as unit"
    )


def water(tables: Tables) -> DataFrame:
    """Concentrations in mg/L, one row a section, month and `water_quality`."""
    return _long(tables["environment_surface_water"], "water_quality", _WATER, "concentration")


def _long(rows: DataFrame, name: str, columns: tuple[str, ...], value: str) -> DataFrame:
    kept = tuple(column for column in rows.columns if column not in columns)
    return rows.unpivot(kept, columns, name, value).where(f"{value} is not null")


VIEWS = {
    "prices": prices,
    "ten_day_prices": ten_day_prices,
    "crops": crops,
    "certificates_in_force": certificates_in_force,
    "programme": programme,
    "air": air,
    "water": water,
}
