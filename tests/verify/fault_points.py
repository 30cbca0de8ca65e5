"""The named points of a run, as they are seen from outside: in the lake's files, its ledger, and what a job prints.

Of Delta's own work in this lake there is a checkpoint to be killed in; no job compacts tables (OPTIMIZE) or
merges into them, so `files written, not committed` is the middle of an overwrite.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from jobs.lake import tables
from jobs.lake.paths import Lake
from tests.spark import killing
from tests.verify import fault_plan as plan
from tests.verify.fault_plan import Kill

Reached = Callable[[str], bool]

_STEP = {"gold/indicator": "indicators", "gold/forecast": "forecasts"}
_LEFT_IN = "gold/indicator"


def job(kill: Kill, lake: Lake, archive: Path) -> list[str]:
    """The job that is killed at the point."""
    own = ["--lake", str(lake.root)]
    if kill.point == plan.BACKUP:
        return ["backup", "--to", str(archive), *own]
    if kill.point == plan.VACUUM:
        return ["vacuum", *own]
    return ["daily", *killing.options(lake, str(plan.AS_OF))]


def reached(kill: Kill, lake: Lake, archive: Path) -> Reached:
    """Whether a job that starts now is at the point; to be asked while it runs."""
    if kill.point == plan.INSPECTED:
        return _inspected(lake)
    if kill.point == plan.BRONZE:
        return _bronze_committed(lake, kill.nth)
    if kill.point == plan.FILES:
        return _files_written(lake.root / kill.table)
    if kill.point == plan.UNNOTED:
        return _committed_and_not_noted(lake, kill.table)
    if kill.point == plan.CHECKPOINT:
        return _checkpoint_begun(lake.root / kill.table / "_delta_log")
    if kill.point == plan.RELEASE:
        return _release_begun(lake)
    if kill.point == plan.BACKUP:
        return _backup_begun(archive, kill.nth)
    return _vacuum_begun(lake, kill.nth)


def leave_files(lake: Lake) -> None:
    """Files that no version names, as killed runs leave them; each with a content of its own."""
    for n in range(plan.LEFT):
        (lake.root / _LEFT_IN / f"part-{n:05}-left.parquet").write_text(str(n))


def _inspected(lake: Lake) -> Reached:
    def stamp() -> int:
        return lake.inspected.stat().st_mtime_ns if lake.inspected.exists() else 0

    before = stamp()
    return lambda _: stamp() != before


def _bronze_committed(lake: Lake, nth: int) -> Reached:
    before = tables.named_versions(lake)

    def now(_: str) -> bool:
        new = {t for t, version in tables.named_versions(lake).items() if version > before.get(t, -1)}
        return sum(table.startswith("bronze/") for table in new) >= nth

    return now


def _files_written(table: Path) -> Reached:
    before, files = tables.version(table), set(table.rglob("*.parquet"))
    return lambda _: tables.version(table) == before and not files.issuperset(table.rglob("part-*.parquet"))


def _committed_and_not_noted(lake: Lake, table: str) -> Reached:
    before, mark = tables.version(lake.root / table), f"step:{_STEP.get(table, 'ingest')}"
    return lambda _: tables.version(lake.root / table) > before and mark not in _noted(lake)


def _noted(lake: Lake) -> set[str]:
    with closing(sqlite3.connect(lake.ledger, timeout=30)) as db:
        return {name for (name,) in db.execute("select name from built")}


def _checkpoint_begun(log: Path) -> Reached:
    last = log / "_last_checkpoint"

    def told() -> bytes:
        return last.read_bytes() if last.exists() else b""

    before, there = told(), set(log.glob("*checkpoint*"))
    return lambda _: told() == before and not there.issuperset(log.glob("*.checkpoint*"))


def _release_begun(lake: Lake) -> Reached:
    before = tables.version(lake.gold("release"))
    return lambda printed: "] release" in printed and tables.version(lake.gold("release")) == before


def _backup_begun(archive: Path, nth: int) -> Reached:
    there = set(archive.glob("backups/*.json"))
    return lambda _: (
        there.issuperset(archive.glob("backups/*.json")) and len(list(archive.glob("objects/??/*"))) >= nth
    )


def _vacuum_begun(lake: Lake, nth: int) -> Reached:
    def left(_: str) -> bool:
        n = sum(1 for _ in (lake.root / _LEFT_IN).glob("*-left.parquet"))
        return 0 < n <= plan.LEFT - nth

    return left
