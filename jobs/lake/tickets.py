"""Correction tickets 校核纠错: what a department still has to mend, derived from the release alone.

A ticket is opened by a file that was refused or some of whose rows were set aside. A row counts as corrected
once a row with its key was accepted from the same or a later delivery, a refused file once a file of its source
was read. So a ticket closes by itself, and a lake rebuilt from landing has the same tickets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from conf import delta, working_days
from jobs.lake.trace_figures import Figure, Release, TraceError
from themes.common.contract import Table

_PART = "\x1f"


@dataclass(frozen=True)
class Ticket:
    """What is to be mended in one file; `rows` of a refused file are not known and 0."""

    file: str
    delivery: str
    table: str
    department: str
    opened: date
    due: date
    rows: int
    corrected: int
    closed: date | None

    def state(self, today: date) -> str:
        """`closed`, `overdue` or `open`."""
        return "closed" if self.closed else "overdue" if today > self.due else "open"


def tickets(release: Release, contracts: Mapping[str, Table], days: int) -> list[Ticket]:
    """Every ticket of a release, by day and file; `days` are the working days given. TraceError as `Release`."""
    quality = release.rows("quality")
    found = []
    for name in sorted({row["table"] for row in quality} & contracts.keys()):
        own = [row for row in quality if row["table"] == name]
        if any(row["quarantined"] for row in own):
            counts = corrected(set_aside(release, name), accepted_keys(release, name, contracts[name]))
        else:
            counts = {}
        found += [
            _ticket(row, counts, own, days)
            for row in own
            if row["quarantined"] or row["outcome"] == "refused"
        ]
    return sorted(found, key=lambda t: (t.opened, t.file))


def set_aside(release: Release, table: str) -> pl.LazyFrame:
    """The rows of a table that broke a rule, as the release has them. TraceError as `tickets`."""
    path = release.lake.quarantine(table)
    rows = delta.scan(path, release.version(f"quarantine.{table}", path))
    if "key" not in rows.collect_schema():
        raise TraceError(
            f"release {release.release_id} is of an older version: run `./spark-submit.sh daily` first"
        )
    return rows.filter(pl.col("fate") == "quarantined")


def accepted_keys(release: Release, table: str, contract: Table) -> pl.LazyFrame:
    """`key` and `accepted_on` of every row that was accepted."""
    path = release.lake.silver(table)
    rows = delta.scan(path, release.version(f"silver.{table}", path))
    parts = [pl.col(name).cast(pl.String).fill_null("") for name in contract.key]
    return rows.select(
        pl.concat_str(parts, separator=_PART).alias("key"), pl.col("delivered_on").alias("accepted_on")
    )


def corrected(aside: pl.LazyFrame, accepted: pl.LazyFrame) -> dict[str, tuple[int, int, date | None]]:
    """File → rows set aside, how many of them were corrected since, and the day of the last correction."""
    keyed = aside.select(
        "file", "sheet", "row", "delivered_on",
        pl.col("key").list.eval(pl.element().fill_null("")).list.join(_PART),
    )  # fmt: skip
    later = (
        keyed.join(accepted, on="key")
        .filter(pl.col("accepted_on") >= pl.col("delivered_on"))
        .group_by("file", "sheet", "row")
        .agg(pl.col("accepted_on").min())
    )
    rows = keyed.join(later, on=["file", "sheet", "row"], how="left", nulls_equal=True)
    files = rows.group_by("file").agg(
        pl.len().alias("rows"), pl.col("accepted_on").count().alias("done"), pl.col("accepted_on").max()
    )
    return {file: (n, done, last) for file, n, done, last in files.collect().iter_rows()}


def _ticket(
    row: Figure, counts: Mapping[str, tuple[int, int, date | None]], table: list[Figure], days: int
) -> Ticket:
    opened = row["delivered_on"]
    if row["outcome"] == "refused":
        rows, done = 0, 0
        read = [
            r["delivered_on"]
            for r in table
            if r["source"] == row["source"]
            and r["delivered_on"] >= opened
            and r["outcome"] in ("accepted", "partial")
        ]
        closed = min(read, default=None)
    else:
        rows, done, last = counts[row["file"]]
        closed = last if done == rows else None
    return Ticket(
        row["file"], row["delivery"], row["table"], row["department"], opened,
        working_days.after(opened, days), rows, done, closed,
    )  # fmt: skip
