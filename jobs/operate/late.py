"""Which datasets are late against the freshness their contract asks for, as the newest release tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from conf import delta
from conf.schema import Text
from jobs.lake import releases
from jobs.lake.paths import Lake

_READ = ("accepted", "partial")


@dataclass(frozen=True)
class LateDataset:
    """A table whose last good delivery is older than its contract allows; `days` by how many."""

    table: str
    title: Text
    department: Text
    last: date
    due: date
    days: int


def late_datasets(lake: Lake, as_of: date) -> list[LateDataset]:
    """Latest first. A delivery that was refused or only repeats another makes nothing fresh."""
    found = releases.newest_first(lake)
    if not found:
        return []
    versions = found[0]["tables"]

    def read(table: str) -> pl.DataFrame:
        return delta.scan(lake.gold(table), versions[table]).collect()

    good = read("quality").filter(pl.col("outcome").is_in(_READ) & (pl.col("delivered_on") <= as_of))
    last = dict(good.group_by("table").agg(pl.col("delivered_on").max()).iter_rows())
    late = []
    for row in read("dataset").unique("table").iter_rows(named=True):
        day = last.get(row["table"])
        if day is None or row["freshness_days"] is None:
            continue
        due = day + timedelta(days=int(row["freshness_days"]))
        if due < as_of:
            late.append(
                LateDataset(
                    row["table"], Text(zh=row["title_zh"], en=row["title_en"]),
                    Text(zh=row["department_zh"], en=row["department_en"]), day, due, (as_of - due).days,
                )
            )  # fmt: skip
    return sorted(late, key=lambda dataset: (-dataset.days, dataset.table))
