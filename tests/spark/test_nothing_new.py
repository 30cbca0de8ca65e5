"""A run that finds nothing new costs a ledger row and nothing else."""

from __future__ import annotations

import hashlib
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from jobs.lake.paths import Lake
from tests.spark.process import ROOT, environment
from tests.spark.tiny import AS_OF

pytestmark = pytest.mark.spark


def _listing(lake: Lake) -> dict[str, tuple[int, str]]:
    """Every file but the ledger and the lease, with when it was written and what it holds."""
    return {
        path.relative_to(lake.root).as_posix(): (
            path.stat().st_mtime_ns,
            hashlib.sha256(path.read_bytes()).hexdigest(),
        )
        for path in lake.root.rglob("*")
        if path.is_file() and path not in (lake.ledger, lake.lock)
    }


def _ledger(lake: Lake) -> list[tuple[str, int, str | None]]:
    with sqlite3.connect(lake.ledger) as db:
        return db.execute("select outcome, commits, release_id from run order by rowid").fetchall()


def test_a_second_run_adds_one_ledger_row_without_a_jvm(tiny_lake: Lake, tmp_path: Path) -> None:
    before, runs = _listing(tiny_lake), _ledger(tiny_lake)
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "jobs", "daily", "--lake", str(tiny_lake.root), "--as-of", AS_OF],
        cwd=ROOT, env=environment(JAVA_HOME=str(tmp_path / "no_java"), PATH=""),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    took = time.monotonic() - started
    assert done.returncode == 0, done.stderr
    assert "Nothing new" in done.stdout
    assert took <= 10
    assert _ledger(tiny_lake) == [*runs, ("nothing_new", 0, None)]
    assert _listing(tiny_lake) == before
