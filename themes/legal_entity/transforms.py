"""Views of the legal entity library 法人库."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

Tables = Mapping[str, "DataFrame"]
_STOCK_YEARS = 10


def firms(tables: Tables) -> DataFrame:
    """The present version of every firm."""
    return tables["legal_entity"].where("is_current")


def year_ends(tables: Tables) -> DataFrame:
    """Every firm at the end of each of the last ten full years in which it existed, with `year`.

    The last full year is the one before the last delivery; a firm exists from its registration until
    its exit.
    """
    from pyspark.sql import functions as F

    rows = firms(tables).where("registered_on is not null")
    last = rows.agg(F.year(F.max("delivered_on")) - 1).alias("last")
    last = last.toDF("last_year")
    first_alive = F.greatest(F.year("registered_on"), F.col("last_year") - _STOCK_YEARS + 1)
    last_alive = F.least(F.coalesce(F.year("exited_on") - 1, F.col("last_year")), F.col("last_year"))
    spans = (
        rows.crossJoin(F.broadcast(last)).withColumn("_first", first_alive).withColumn("_last", last_alive)
    )
    return spans.where("_first <= _last").withColumn("year", F.explode(F.sequence("_first", "_last")))


VIEWS = {"firms": firms, "year_ends": year_ends}
