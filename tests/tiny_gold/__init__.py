"""A tiny, complete gold lake, written with delta-rs: every table, two releases, a ledger and boundaries.

Every value is made up by a formula; only the codes and names of places are real. `write(folder)` is all a
test needs; `python -m tests.tiny_gold FOLDER` writes one to look at.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
from deltalake import write_deltalake

from . import analyses
from .definitions import catalogue, datasets, thresholds
from .forecasts import forecasts
from .operations import quality, quality_rules, write_geo, write_ledger
from .places import (
    ABSENT_CITY,
    AS_OF,
    GUANGDONG,
    NULL_CITY,
    OLD_AS_OF,
    OLD_RELEASE,
    OLD_RUN,
    RELEASE,
    RUN,
    SHANDONG,
    Row,
)
from .schema import SCHEMAS
from .states import chance_record, targets, warnings
from .values import values

__all__ = ["ABSENT_CITY", "AS_OF", "GUANGDONG", "NULL_CITY", "OLD_RELEASE", "RELEASE", "SHANDONG", "write"]


def write(folder: Path) -> Path:
    """Write the lake into `folder` (which must not hold one) and give the folder back."""
    old_tables, new_tables = _tables(OLD_AS_OF, OLD_RUN), _tables(AS_OF, RUN)
    for tables in (old_tables, new_tables):
        for name, rows in tables.items():
            _write(folder, name, rows, "overwrite")
    # The older release is older than some tables.
    versions = {name: int(name in old_tables) for name in new_tables}
    _write(
        folder,
        "release",
        [
            _release(0, OLD_RELEASE, OLD_AS_OF, OLD_RUN, dict.fromkeys(old_tables, 0)),
            _release(1, RELEASE, AS_OF, RUN, versions),
        ],
        "overwrite",
    )
    write_ledger(folder / "ops" / "ledger.db")
    for province in (GUANGDONG, SHANDONG):
        for level in ("city", "county"):
            write_geo(folder / "geo" / f"{province}_{level}.geojson", province, level)
    return folder


def _write(folder: Path, name: str, rows: Iterable[Row], mode: Any) -> None:
    frame = pl.DataFrame(list(rows), schema=SCHEMAS[name], orient="row")
    write_deltalake(str(folder / "gold" / name), frame, mode=mode)


def _release(number: int, release_id: str, as_of: date, run_id: str, versions: dict[str, int]) -> Row:
    released = datetime(as_of.year, as_of.month, as_of.day, 6, 5, tzinfo=UTC)
    return {
        "release_id": release_id,
        "released_at": released,
        "as_of": as_of,
        "run_id": run_id,
        "profile": "demo",
        "tables": json.dumps(versions),
        "models": json.dumps({"ets": "1"}),
        "quality": 97.2,
        "code_version": "0.0-test",
        "fingerprint": None,
        "restores": None,
        "number": number,
    }


def _tables(as_of: date, run_id: str) -> dict[str, list[Row]]:
    figures = [row | {"run_id": run_id} for row in values() if row["published_at"] <= as_of]
    forecast, backtest, model = forecasts(figures, as_of, run_id)
    rows = {
        "indicator": figures,
        "forecast": forecast,
        "backtest": backtest,
        "model": model,
        "warning": warnings(run_id),
        "target": targets(run_id),
        "catalogue": catalogue(),
        "dataset": datasets(),
        "rule_threshold": thresholds(),
        "quality": quality(run_id),
        "quality_rule": quality_rules(),
    }
    return rows | _analyses(rows, run_id) if as_of == AS_OF else rows


def _analyses(rows: dict[str, list[Row]], run_id: str) -> dict[str, list[Row]]:
    """The tables that the older release is older than, and those that analyses add to."""
    figures = [row | {"run_id": run_id} for row in analyses.figures()]
    return {
        "indicator": rows["indicator"] + figures,
        "catalogue": rows["catalogue"] + analyses.catalogue(),
        "analysis": analyses.details(run_id),
        "method": analyses.methods(run_id),
        "doubt": analyses.doubts(run_id),
        "chance_record": chance_record(run_id),
    }
