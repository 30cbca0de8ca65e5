"""A small lake whose daily job is killed, run again, and compared with one that was never killed."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

from jobs import daily
from jobs.lake.paths import Lake
from tests.spark import tiny
from tests.spark.process import kill_when

TABLES = ("health_birth", "health_death", "statistics_gdp_quarterly", "development_plan_progress")
# Who made a row and when; `tables` of a release counts commits, which a rerun adds to.
_OWN = {"run_id", "release_id", "released_at", "tables"}


def new_lake(root: Path) -> Lake:
    """Four small tables in landing."""
    tiny.hand_in(root, TABLES)
    return Lake(root)


def options(lake: Lake) -> list[str]:
    return ["--lake", str(lake.root), "--as-of", tiny.AS_OF]


def contents(lake: Lake) -> dict[str, str]:
    """Gold table → hash of its rows in any order, without what tells one run from another."""
    found = {}
    for path in sorted((lake.root / "gold").iterdir()):
        rows = tiny.read(path)
        rows = rows.select(sorted(c for c in rows.columns if c not in _OWN))
        lines = sorted(json.dumps(row, default=str, ensure_ascii=False) for row in rows.iter_rows())
        found[path.name] = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return found


def killed(lake: Lake, reached: Callable[[str], bool]) -> None:
    """Run the daily job until `reached`; it must not have got to its end."""
    assert kill_when(["daily", *options(lake)], reached, lake.root / "killed.log"), "the job ended before"
    assert outcomes(lake)[-1] == "running"
    assert not (lake.gold("release")).exists()


def run_again(lake: Lake) -> None:
    assert daily.run(options(lake)) == 0
    assert outcomes(lake)[-1] == "done"


def outcomes(lake: Lake) -> list[str]:
    with sqlite3.connect(lake.ledger) as db:
        return [outcome for (outcome,) in db.execute("select outcome from run order by started")]
