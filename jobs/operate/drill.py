"""Rehearsing a recovery: how long it takes, and whether what comes back can be opened."""

from __future__ import annotations

import sqlite3
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from jobs.lake import releases
from jobs.lake.paths import Lake
from jobs.operate.archive import Backup, load
from jobs.operate.release import missing


@dataclass(frozen=True)
class Rehearsal:
    """`seconds` from nothing to a lake whose releases have all been opened; `damaged`: what could not be."""

    backup: Backup
    seconds: float
    releases: int
    versions: int
    damaged: tuple[str, ...]


def rehearse(archive: Path, backup: Backup) -> Rehearsal:
    """Restore a backup beside its archive, open every release and the ledger, remove it. Raises ArchiveError."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix=".drill.", dir=archive) as folder:
        lake = Lake(Path(folder) / "lake")
        load(archive, backup, lake.root, Path(folder) / "store.db")
        found = releases.newest_first(lake)
        damaged = [f"{row['release_id']}: {name}" for row in found for name in missing(lake, row)]
        for database in (lake.ledger, Path(folder) / "store.db"):
            if database.exists() and (fault := _fault(database)):
                damaged.append(f"{database.name}: {fault}")
    return Rehearsal(
        backup, time.monotonic() - started, len(found), sum(len(r["tables"]) for r in found), tuple(damaged)
    )


def _fault(database: Path) -> str:
    with closing(sqlite3.connect(database)) as db:
        (told,) = db.execute("pragma integrity_check").fetchone()
    return "" if told == "ok" else str(told)
