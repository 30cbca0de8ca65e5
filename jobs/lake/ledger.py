"""The ledger of runs: SQLite, so that a run with nothing to do needs no JVM."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jobs.lake.landing import Stray

_SCHEMA = """
create table if not exists run(
  run_id text primary key, job text, profile text, as_of text, started text, ended text, outcome text,
  exit_code integer, received integer, accepted integer, quarantined integer, duplicate integer,
  superseded integer, commits integer, release_id text, code_version text, message text,
  fingerprint text, error text, place text);
create table if not exists step(
  run_id text, position integer, name text, started text, ended text, outcome text, detail text,
  primary key (run_id, position));
create table if not exists delivery(
  file text primary key, file_hash text, table_name text, source text, delivery text, bytes integer,
  first_seen text, outcome text, run_id text);
create table if not exists built(name text primary key, fingerprint text, run_id text);
create table if not exists stray(file text primary key, code text, reason_zh text, reason_en text, run_id text);
"""
# Columns that ledgers of earlier versions lack.
_ADDED = {"run": ("fingerprint", "error", "place")}


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
            for table, columns in _ADDED.items():
                there = {name for _, name, *_ in db.execute(f"pragma table_info({table})")}
                for column in columns:
                    if column not in there:
                        db.execute(f"alter table {table} add column {column} text")

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

    def close_killed(self) -> list[str]:
        """Close the runs that never ended; for the holder of the lease, who knows that none is at work."""
        with self._open() as db:
            killed = [r for (r,) in db.execute("select run_id from run where outcome = 'running'")]
            db.execute("update run set outcome = 'killed' where outcome = 'running'")
            db.execute("update step set outcome = 'killed' where outcome = 'running'")
        return killed

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

    def skip_step(self, run_id: str, position: int, name: str, detail: str) -> None:
        """Record a step that an earlier run has done."""
        moment = now()
        self._insert(
            "step",
            {
                "run_id": run_id, "position": position, "name": name, "started": moment, "ended": moment,
                "outcome": "skipped", "detail": detail,
            },
        )  # fmt: skip

    def runs(self, limit: int) -> list[dict[str, Any]]:
        """The last runs, newest first: in the order in which they were begun, whatever the clock said."""
        return self._rows("select * from run order by rowid desc limit ?", limit)

    def run(self, run_id: str) -> dict[str, Any] | None:
        """One run."""
        return next(iter(self._rows("select * from run where run_id = ?", run_id)), None)

    def steps(self, run_id: str) -> list[dict[str, Any]]:
        """The steps of a run in order."""
        return self._rows("select * from step where run_id = ? order by position", run_id)

    def ended(self, as_of: str, fingerprint: str) -> dict[str, Any] | None:
        """The last run of that day and these inputs that came to its end."""
        found = self._rows(
            "select * from run where as_of = ? and fingerprint = ? and outcome in ('done', 'bad_input',"
            " 'nothing_new') order by rowid desc limit 1",
            as_of,
            fingerprint,
        )
        return next(iter(found), None)

    def built(self) -> dict[str, str]:
        """Fingerprint of the inputs from which each part of the lake was last built."""
        with self._open() as db:
            return dict(db.execute("select name, fingerprint from built"))

    def set_built(self, name: str, fingerprint: str, run_id: str) -> None:
        """Remember the inputs that a part has been built from."""
        self._insert("built", {"name": name, "fingerprint": fingerprint, "run_id": run_id})

    def built_by(self, name: str) -> tuple[str, str] | None:
        """Fingerprint of a part, and the run that built it."""
        with self._open() as db:
            found = db.execute("select fingerprint, run_id from built where name = ?", (name,)).fetchone()
        return found

    def forget(self, names: Iterable[str]) -> None:
        """These parts are about to change: until they are built again, nothing is known of them."""
        with self._open() as db:
            db.executemany("delete from built where name = ?", [(name,) for name in names])

    def forget_all(self) -> None:
        """Everything is to be built anew."""
        with self._open() as db:
            db.execute("delete from built")

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

    def strays(self) -> set[str]:
        """Files of landing that no source claims, as the last run that ended found them."""
        with self._open() as db:
            return {file for (file,) in db.execute("select file from stray")}

    def set_strays(self, strays: Iterable[Stray], run_id: str) -> None:
        """Remember these in place of those that the run before found."""
        rows = [(s.path, s.reason.code, s.reason.zh, s.reason.en, run_id) for s in strays]
        with self._open() as db:
            db.execute("delete from stray")
            db.executemany("insert into stray values (?, ?, ?, ?, ?)", rows)

    def _rows(self, query: str, *values: Any) -> list[dict[str, Any]]:
        with self._open() as db:
            db.row_factory = sqlite3.Row
            return [dict(row) for row in db.execute(query, values)]

    def _insert(self, table: str, row: Mapping[str, Any]) -> None:
        names, marks = ", ".join(row), ", ".join("?" * len(row))
        with self._open() as db:
            db.execute(f"insert or replace into {table}({names}) values ({marks})", tuple(row.values()))
