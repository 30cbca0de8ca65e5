"""The ledger of runs: SQLite, so that a run with nothing to do needs no JVM."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_SCHEMA = """
create table if not exists run(
  run_id text primary key, job text, profile text, as_of text, started text, ended text, outcome text,
  exit_code integer, received integer, accepted integer, quarantined integer, duplicate integer,
  superseded integer, commits integer, release_id text, code_version text, message text);
create table if not exists step(
  run_id text, position integer, name text, started text, ended text, outcome text, detail text,
  primary key (run_id, position));
create table if not exists delivery(
  file text primary key, file_hash text, table_name text, source text, delivery text, bytes integer,
  first_seen text, outcome text, run_id text);
create table if not exists built(name text primary key, fingerprint text, run_id text);
"""


def now() -> str:
    """The time in UTC, as the ledger writes it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class Ledger:
    """Writes runs, steps and deliveries; each call is one transaction."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self.file = file
        with self._open() as db:
            db.executescript(_SCHEMA)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.file, timeout=30)) as db, db:
            yield db

    def start_run(self, run_id: str, **columns: Any) -> None:
        """Open a run; its outcome stays `running` until it ends, so a killed run shows as such."""
        self._insert("run", {"run_id": run_id, "started": now(), "outcome": "running", **columns})

    def end_run(self, run_id: str, **columns: Any) -> None:
        """Close a run with its outcome and counts."""
        names = ", ".join(f"{name} = ?" for name in (*columns, "ended"))
        with self._open() as db:
            db.execute(f"update run set {names} where run_id = ?", (*columns.values(), now(), run_id))

    @contextmanager
    def step(self, run_id: str, position: int, name: str) -> Iterator[list[str]]:
        """Record one step; texts appended to the yielded list become its detail."""
        self._insert(
            "step",
            {"run_id": run_id, "position": position, "name": name, "started": now(), "outcome": "running"},
        )
        detail: list[str] = []
        outcome = "failed"
        try:
            yield detail
            outcome = "done"
        finally:
            with self._open() as db:
                db.execute(
                    "update step set ended = ?, outcome = ?, detail = ? where run_id = ? and position = ?",
                    (now(), outcome, "; ".join(detail), run_id, position),
                )

    def built(self) -> dict[str, str]:
        """Fingerprint of the inputs from which each part of the lake was last built."""
        with self._open() as db:
            return dict(db.execute("select name, fingerprint from built"))

    def set_built(self, name: str, fingerprint: str, run_id: str) -> None:
        """Remember the inputs that a part has been built from."""
        self._insert("built", {"name": name, "fingerprint": fingerprint, "run_id": run_id})

    def record_deliveries(self, rows: list[Mapping[str, Any]]) -> None:
        """Remember the files seen and what became of them."""
        with self._open() as db:
            for row in rows:
                names = ", ".join(row)
                marks = ", ".join("?" * len(row))
                keep = (
                    "on conflict(file) do update set file_hash=excluded.file_hash, outcome=excluded.outcome"
                )
                db.execute(f"insert into delivery({names}) values ({marks}) {keep}", tuple(row.values()))

    def _insert(self, table: str, row: Mapping[str, Any]) -> None:
        names, marks = ", ".join(row), ", ".join("?" * len(row))
        with self._open() as db:
            db.execute(f"insert or replace into {table}({names}) values ({marks})", tuple(row.values()))
