"""A lake of 2,000 persons whose daily job is killed, run again, and compared with one that was never killed."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path

import polars as pl

from jobs import daily
from jobs.lake import tables
from jobs.lake.paths import Lake
from tests.spark import tiny
from tests.spark.process import kill_when

# Registers with and without history, a statistic and the plan: enough for every kind of table but warnings.
TABLES = (
    "public_security_person", "health_birth", "health_death", "statistics_gdp_quarterly",
    "development_plan_progress",
)  # fmt: skip
# Between the two days every register and every statistic hands in once more, the persons with changed rows.
FIRST_DAY = "2025-06-30"
# Who made a row and when; `tables` of a release counts commits, which a rerun adds to.
_OWN = {"run_id", "release_id", "released_at", "tables"}


def new_lake(root: Path, names: Iterable[str] = TABLES) -> Lake:
    """The tables in landing, nothing read yet."""
    tiny.hand_in(root, names)
    return Lake(root)


def copy(lake: Lake, root: Path) -> Lake:
    """The lake as it stands, in another place."""
    shutil.copytree(lake.root, root)
    return Lake(root)


def options(lake: Lake, as_of: str = tiny.AS_OF) -> list[str]:
    return ["--lake", str(lake.root), "--as-of", as_of]


def contents(lake: Lake) -> dict[str, str]:
    """Gold table → hash of its rows in any order, without what tells one run from another."""
    return {path.name: content(tiny.read(path)) for path in sorted((lake.root / "gold").iterdir())}


def contents_below(lake: Lake) -> dict[str, str]:
    """The same of every table that gold is made from."""
    paths = sorted(path for path in tables.all_versions(lake) if path.parent.name != "gold")
    return {path.relative_to(lake.root).as_posix(): content(tiny.read(path)) for path in paths}


def content(rows: pl.DataFrame) -> str:
    """Hash of rows in any order, without what tells one run from another."""
    rows = rows.select(sorted(c for c in rows.columns if c not in _OWN))
    lines = sorted(json.dumps(row, default=str, ensure_ascii=False) for row in rows.iter_rows())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def killed(lake: Lake, reached: Callable[[str], bool], as_of: str = tiny.AS_OF, delay: float = 0.0) -> None:
    """Run the daily job until `delay` seconds after `reached`; it must not have got to its release."""
    before = tables.version(lake.gold("release"))
    words = ["daily", *options(lake, as_of)]
    assert kill_when(words, reached, lake.root / "killed.log", delay=delay), "the job ended before"
    assert outcomes(lake)[-1] == "running"
    assert tables.version(lake.gold("release")) == before


def run_again(lake: Lake, as_of: str = tiny.AS_OF) -> None:
    assert daily.run(options(lake, as_of)) == 0
    assert outcomes(lake)[-1] == "done"


def outcomes(lake: Lake) -> list[str]:
    with sqlite3.connect(lake.ledger) as db:
        return [outcome for (outcome,) in db.execute("select outcome from run order by rowid")]
