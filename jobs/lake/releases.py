"""The releases of a lake, read without a JVM."""

from __future__ import annotations

import json
from typing import Any

import polars as pl

from conf import delta
from jobs.lake import tables
from jobs.lake.paths import Lake

Row = dict[str, Any]


def newest_first(lake: Lake) -> list[Row]:
    """Rows of gold.release with `tables` as a mapping.

    They stand in the order in which they were written (`number`), since a clock may jump; those of earlier
    versions of this software, which have no number, come after all others, in the order of their time.
    """
    path = lake.gold("release")
    if not tables.exists(path):
        return []
    found = delta.scan(path).collect()
    if "number" not in found.columns:
        found = found.with_columns(number=pl.lit(None, pl.Int64), restores=pl.lit(None, pl.String))
    ordered = found.sort("number", "released_at", "release_id", descending=True, nulls_last=True)
    return [row | {"tables": json.loads(row["tables"])} for row in ordered.iter_rows(named=True)]


def next_number(lake: Lake) -> int:
    """The version of gold.release that the next row will make: it only grows."""
    return tables.version(lake.gold("release")) + 1
