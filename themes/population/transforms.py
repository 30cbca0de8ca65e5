"""Views of the population library 人口库 that indicators are built from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

Tables = Mapping[str, "DataFrame"]


def age_group(age: Column) -> Column:
    """The broad age group 年龄段 (0-14, 15-64, 65+) of an age in years."""
    from pyspark.sql import functions as F

    return F.when(age < 15, "0-14").when(age < 65, "15-64").otherwise("65+")


def census(tables: Tables) -> DataFrame:
    """Census counts of the smallest areas, with `age_from` (years) and `age_group`."""
    from pyspark.sql import functions as F

    rows = tables["statistics_census_age_sex"].where("region_leaf")
    rows = rows.withColumn("age_from", F.regexp_extract("age", r"^(\d+)", 1).cast("int"))
    return rows.withColumn("age_group", age_group(F.col("age_from")))


def person_snapshots(tables: Tables) -> DataFrame:
    """Persons alive and registered on each day the register was handed in, with `snapshot_on` and age.

    A version of a person counts on every such day from the delivery that brought it until the one that
    replaced it.
    """
    from pyspark.sql import functions as F

    persons = tables["person"]
    days = persons.select(F.col("valid_from").alias("snapshot_on")).distinct()
    rows = persons.join(
        F.broadcast(days),
        F.expr("valid_from <= snapshot_on and (valid_to is null or valid_to > snapshot_on)"),
    )
    age = F.floor(F.months_between("snapshot_on", "birth_date") / 12)
    rows = rows.where("state = 'normal'").withColumn("age_group", age_group(age))
    return rows.withColumn("delivered_on", F.col("snapshot_on"))


VIEWS = {"census": census, "person_snapshots": person_snapshots}
