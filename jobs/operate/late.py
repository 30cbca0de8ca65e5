"""Which datasets are late against the freshness their contract asks for, as the newest release tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from conf import delta
from conf.schema import Text
from jobs.lake import releases
from jobs.lake.paths import Lake

_READ = ("accepted", "partial")

#: Rows of gold.dataset, one a table, each with the day of its last good delivery.
LastDeliveries = list[tuple[dict[str, Any], date | None]]


@dataclass(frozen=True)
class Dataset:
    """A table that some source of the profile hands in, and whose it is."""

    table: str
    title: Text
    department: Text


@dataclass(frozen=True)
class LateDataset(Dataset):
    """One whose last good delivery is older than its contract allows; `days` by how many."""

    last: date
    due: date
    days: int


def last_deliveries(lake: Lake, as_of: date) -> LastDeliveries:
    """By the newest release; a delivery that was refused or only repeats another makes nothing fresh."""
    found = releases.newest_first(lake)
    if not found:
        return []
    versions = found[0]["tables"]

    def read(table: str) -> pl.DataFrame:
        return delta.scan(lake.gold(table), versions[table]).collect()

    good = read("quality").filter(pl.col("outcome").is_in(_READ) & (pl.col("delivered_on") <= as_of))
    last = dict(good.group_by("table").agg(pl.col("delivered_on").max()).iter_rows())
    return [(row, last.get(row["table"])) for row in read("dataset").unique("table").iter_rows(named=True)]


def late_datasets(deliveries: LastDeliveries, as_of: date) -> list[LateDataset]:
    """Latest first."""
    late = []
    for row, day in deliveries:
        if day is None or row["freshness_days"] is None:
            continue
        due = day + timedelta(days=int(row["freshness_days"]))
        if due < as_of:
            late.append(LateDataset(*_named(row), day, due, (as_of - due).days))
    return sorted(late, key=lambda dataset: (-dataset.days, dataset.table))


def never_delivered(deliveries: LastDeliveries) -> list[Dataset]:
    """Tables of which no good delivery has come yet."""
    found = [Dataset(*_named(row)) for row, day in deliveries if day is None]
    return sorted(found, key=lambda dataset: dataset.table)


def _named(row: Mapping[str, Any]) -> tuple[str, Text, Text]:
    return (
        row["table"],
        Text(zh=row["title_zh"], en=row["title_en"]),
        Text(zh=row["department_zh"], en=row["department_en"]),
    )
