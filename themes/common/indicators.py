"""Building indicator rows 指标 from silver, as their definitions say. No I/O here: frames in, frames out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from conf import periods
from conf.regions import Regions
from conf.status import ORDER
from themes.common.contract import Indicator

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

COLUMNS = (
    "theme", "indicator", "region", "breakdown", "period", "freq", "period_end", "value", "unit", "status",
    "quality", "published_at", "source", "source_rows", "first_row", "last_row",
)  # fmt: skip
KEY = ("indicator", "region", "breakdown", "period", "freq")
_FIRST_YEAR = {"D": 1990, "T": 1978, "W": 1978}
_LAST_YEAR = 2060


def ancestry(spark: SparkSession, regions: Regions) -> DataFrame:
    """(member, region, level, valid_from, valid_to): every region is a member of itself and of each of its
    ancestors; the dates are those of the member."""
    rows = [
        (r.code, up, regions.get(up).level, r.valid_from, r.valid_to)
        for r in regions.rows()
        for up in (r.code, *regions.ancestors(r.code))
    ]
    schema = "member string, region string, level string, valid_from date, valid_to date"
    columns = [part.split()[0] for part in schema.split(", ")]
    # From pandas the rows stay in the JVM as a local relation; from a list every scan would start Python.
    return spark.createDataFrame(pd.DataFrame(rows, columns=columns), schema)


def calendar(spark: SparkSession, freq: str) -> DataFrame:
    """(period, period_end, prev, yoy): each period of a frequency with the ones it is compared with."""
    label = periods.label(date(_FIRST_YEAR.get(freq, 1900), 1, 8), freq)
    rows = []
    while periods.end(label).year <= _LAST_YEAR:
        rows.append((label, periods.end(label), periods.shift(label, -1), periods.year_ago(label)))
        label = periods.shift(label, 1)
    frame = pd.DataFrame(rows, columns=["period", "period_end", "prev", "yoy"])
    return spark.createDataFrame(frame, "period string, period_end date, prev string, yoy string")


def vintages(rows: DataFrame) -> DataFrame:
    """Rows repeated for every day on which a figure of their region and period was published.

    `rows` has region, period, delivered_on and superseded_on; the result has published_at. As of a day,
    a row counts when it had been handed in and no later row of its key had replaced it.
    """
    from pyspark.sql import functions as F

    days = rows.select("region", "period", F.col("delivered_on").alias("published_at")).distinct()
    return rows.join(days, ["region", "period"]).where(
        "delivered_on <= published_at and (superseded_on is null or superseded_on > published_at)"
    )


def build(
    theme: str, name: str, definition: Indicator, view: DataFrame, members: DataFrame, days: DataFrame,
    scores: DataFrame, revised: bool, covered: date,
) -> DataFrame:  # fmt: skip
    """The rows of one indicator, with columns `COLUMNS`.

    `members` is `ancestry`, `days` the `calendar` of the frequency, `scores` (file, score) the quality of
    each delivered file. `revised` says that a later delivery replaced rows of the view's table, so that
    figures have several vintages. `covered` is the day of the last delivery: a period that ended later is
    still running, and its figure would be a part shown as the whole.
    """
    from pyspark.sql import functions as F

    sets = definition.breakdowns
    names = sorted({column for group in sets for column in group})
    wanted = members.where(F.col("level").isin(*definition.levels))
    if not definition.rollup:
        wanted = wanted.where("member = region")
    names_ = {"member": "_of", "region": "_up", "valid_from": "_from", "valid_to": "_to"}
    wanted = F.broadcast(wanted.select(*[F.col(name).alias(own) for name, own in names_.items()]))
    rows = view.where(definition.where).withColumn("period", F.expr(definition.period))
    rows = rows.withColumn("_member", F.expr(definition.region)).join(
        wanted, F.col("_member") == F.col("_of")
    )
    rows = rows.drop("region", "_member").withColumnRenamed("_up", "region")
    rows = rows.join(F.broadcast(scores), "file", "left")
    for column in names:
        rows = rows.withColumn(f"_by_{column}", F.coalesce(F.expr(column).cast("string"), F.lit("unknown")))
    published = "max(delivered_on)"
    extra = []
    if revised:
        rows, published, extra = vintages(rows), "max(published_at)", ["published_at"]
    keys = ["region", "period", *extra]
    if rows.agg(F.expr(definition.value)).dtypes[0][1] == "double":
        # Adding fractions in another order gives other last digits: each group is added up in one fixed order.
        rows = rows.repartition(*keys[:2]).sortWithinPartitions("file", "row", F.xxhash64(*rows.columns))
    grouping = [[*keys, *(f"_by_{c}" for c in group)] for group in sets]
    order = "array(" + ", ".join(f"'{s}'" for s in ORDER) + ")"
    unit = f"max({definition.unit_column})" if definition.unit_column else f"'{definition.unit}'"
    grouped = rows.groupingSets(grouping, *keys, *[f"_by_{c}" for c in names]).agg(
        F.expr(definition.value).cast("double").alias("value"),
        *([F.size(F.collect_set("_of")).alias("_members")] if definition.complete else []),
        F.expr(unit).alias("unit"),
        F.expr(f"element_at({order}, cast(max(array_position({order}, status)) as int))").alias("status"),
        F.round(F.avg("score"), 2).alias("quality"),
        F.expr(published).alias("_published"),
        F.to_json(F.sort_array(F.collect_set("file"))).alias("source"),
        F.count(F.lit(1)).alias("source_rows"),
        F.min("row").alias("first_row"),
        F.max("row").alias("last_row"),
    )
    parts = [F.when(F.col(f"_by_{c}").isNotNull(), F.concat(F.lit(f"{c}="), f"_by_{c}")) for c in names]
    breakdown = F.concat_ws("|", *parts) if parts else F.lit("")
    ended = days.select("period", "period_end")
    if not definition.snapshot:
        ended = ended.where(F.col("period_end") <= F.lit(covered))
    grouped = grouped.join(F.broadcast(ended), "period")
    if definition.complete:
        grouped = whole(grouped, rows.select("region", "_of", "_from", "_to").distinct())
    return (
        grouped.drop("published_at")
        .withColumnRenamed("_published", "published_at")
        .withColumn("theme", F.lit(theme))
        .withColumn("indicator", F.lit(name))
        .withColumn("freq", F.lit(definition.freq))
        .withColumn("breakdown", breakdown)
        .where("value is not null and not isnan(value)")
        .select(*COLUMNS)
    )


def whole(grouped: DataFrame, members: DataFrame) -> DataFrame:
    """The figures whose `_members` are as many as the members (region, _of, _from, _to: its code and
    the days of its life) that exist at the end of the period."""
    from pyspark.sql import functions as F

    periods_ = grouped.select("region", "period", "period_end").distinct()
    there = members.join(periods_, "region").where(
        "(_from is null or _from <= period_end) and (_to is null or _to > period_end)"
    )
    expected = there.groupBy("region", "period").agg(F.count(F.lit(1)).alias("_expected"))
    return grouped.join(expected, ["region", "period"]).where("_members >= _expected")


def latest(rows: DataFrame) -> DataFrame:
    """Of each figure the last published row."""
    from pyspark.sql import functions as F
    from pyspark.sql.window import Window

    newest = Window.partitionBy(*KEY).orderBy(F.col("published_at").desc())
    return rows.withColumn("_n", F.row_number().over(newest)).where("_n = 1").drop("_n")


def change(newest: DataFrame, kind: str, days: DataFrame) -> DataFrame:
    """同比 (`yoy`) or 环比 (`prev`) of figures of one frequency, as rows of the indicators `<id>.<kind>`.

    `newest` holds the latest row of each figure. Figures in per cent change by percentage points, others by
    per cent of a positive earlier value.
    """
    from pyspark.sql import functions as F

    now = newest.join(F.broadcast(days.select("period", F.col(kind).alias("_then"))), "period")
    keys = ["indicator", "region", "breakdown"]
    before = newest.select(
        *keys, F.col("period").alias("_then"), *[F.col(c).alias(f"_{c}") for c in _COMPARED]
    )
    joined = now.join(before, [*keys, "_then"])
    points = F.col("unit") == "percent"
    value = F.when(points, F.col("value") - F.col("_value")).otherwise(
        F.when(F.col("_value") > 0, 100.0 * (F.col("value") / F.col("_value") - 1))
    )
    order = "array(" + ", ".join(f"'{s}'" for s in ORDER) + ")"
    rank = f"greatest(array_position({order}, status), array_position({order}, _status))"
    # Both lists are as `to_json` wrote them, so they are joined as texts, without parsing those of every row.
    one, other = (
        f"split(substring({name}, 3, length({name}) - 4), '\",\"')" for name in ("source", "_source")
    )
    files = f"array_join(array_sort(array_union({one}, {other})), '\",\"')"
    return (
        joined.withColumn("value", value)
        .withColumn("unit", F.when(points, "percentage_point").otherwise("percent"))
        .withColumn("status", F.expr(f"element_at({order}, cast({rank} as int))"))
        .withColumn("quality", F.least("quality", "_quality"))
        .withColumn("published_at", F.greatest("published_at", "_published_at"))
        .withColumn("source", F.expr(f"concat('[\"', {files}, '\"]')"))
        .withColumn("source_rows", F.col("source_rows") + F.col("_source_rows"))
        .withColumn("first_row", F.least("first_row", "_first_row"))
        .withColumn("last_row", F.greatest("last_row", "_last_row"))
        .withColumn("indicator", F.concat("indicator", F.lit(f".{kind}")))
        .where("value is not null")
        .select(*COLUMNS)
    )


_COMPARED = ("value", "status", "quality", "published_at", "source", "source_rows", "first_row", "last_row")


def union(frames: Iterable[DataFrame]) -> DataFrame:
    """All rows of frames with the same columns; there must be at least one.

    Joined in pairs: each union is checked with all below it, so a chain would be checked over and over.
    """
    left = list(frames)
    while len(left) > 1:
        pairs = [left[n : n + 2] for n in range(0, len(left), 2)]
        left = [pair[0].unionByName(pair[1]) if len(pair) == 2 else pair[0] for pair in pairs]
    return left[0]
