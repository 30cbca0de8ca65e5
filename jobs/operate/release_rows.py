"""Rows of gold.release made or taken away without a JVM: an older release shown again, a dropped one gone.

These are the only writes that delta-rs does: one small table without any feature that it does not know.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

import polars as pl
from deltalake import DeltaTable, write_deltalake

from jobs.lake import releases
from jobs.lake.paths import Lake

_SCHEMA: dict[str, Any] = {
    "release_id": pl.String, "released_at": pl.Datetime("us", "UTC"), "as_of": pl.Date, "run_id": pl.String,
    "profile": pl.String, "tables": pl.String, "models": pl.String, "quality": pl.Float64,
    "code_version": pl.String, "fingerprint": pl.String, "number": pl.Int64, "restores": pl.String,
}  # fmt: skip


class NoReleaseError(LookupError):
    """There is no such release."""


def restore(lake: Lake, release_id: str) -> str:
    """A new release that names the versions of an older one; returns its id.

    Nothing but one row is written, so readers see the old figures at once, and a later run is not disturbed.
    Raises NoReleaseError.
    """
    found = releases.newest_first(lake)
    row = next((r for r in found if r["release_id"] == release_id), None)
    if row is None:
        there = ", ".join(r["release_id"] for r in found[:5]) or "none"
        raise NoReleaseError(f"no release {release_id!r} in {lake.root.name}/: the newest are {there}")
    new = f"R{row['as_of']:%Y%m%d}-{secrets.token_hex(4)}"
    made = row | {
        "release_id": new, "released_at": datetime.now(UTC), "tables": json.dumps(row["tables"]),
        "fingerprint": f"restores {release_id}", "number": releases.next_number(lake), "restores": release_id,
    }  # fmt: skip
    frame = pl.DataFrame([{name: made[name] for name in _SCHEMA}], schema=_SCHEMA)
    write_deltalake(str(lake.gold("release")), frame, mode="append", schema_mode="merge")
    return new


def drop(lake: Lake, release_ids: Collection[str]) -> None:
    """Take the rows of these releases away."""
    if release_ids:
        listed = ", ".join("'" + name.replace("'", "''") + "'" for name in sorted(release_ids))
        DeltaTable(str(lake.gold("release"))).delete(f"release_id in ({listed})")
