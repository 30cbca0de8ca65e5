"""What reports were ordered: one row each, in a small SQLite file beside the reports."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path

_TABLE = """create table if not exists report (
    report_id text primary key, reader text not null, provinces text not null, grade text not null,
    ordered_at text not null, release_id text not null, theme text not null, region text not null,
    until integer not null, format text not null, lang text not null, name text not null, state text not null,
    percent integer not null, reason_zh text not null, reason_en text not null, bytes integer not null)"""
#: States in which a report is still being made.
PENDING = ("waiting", "working")


@dataclass(frozen=True)
class Entry:
    """One ordered report. `provinces` (comma between codes) and `grade` are the scope that it was made with;
    `state` is waiting, working, done or failed; `name` is the file's name for the reader."""

    report_id: str
    reader: str
    provinces: str
    grade: str
    ordered_at: str
    release_id: str
    theme: str
    region: str
    until: int
    format: str
    lang: str
    name: str = ""
    state: str = "waiting"
    percent: int = 0
    reason_zh: str = ""
    reason_en: str = ""
    bytes: int = 0


class History:
    """The rows of one file; every call opens and closes it, so any thread may ask."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, entry: Entry) -> None:
        """Add a row. Raises sqlite3.IntegrityError when the id is there already."""
        names = [field.name for field in fields(Entry)]
        marks = ", ".join(f":{name}" for name in names)
        with self._open() as book:
            book.execute(f"insert into report ({', '.join(names)}) values ({marks})", asdict(entry))

    def change(self, report_id: str, **values: str | int) -> None:
        """Set some columns of a row. Raises ValueError for a name that is no column."""
        unknown = set(values) - {field.name for field in fields(Entry)}
        if unknown:
            raise ValueError(f"no such column: {', '.join(sorted(unknown))}")
        sets = ", ".join(f"{name} = :{name}" for name in values)
        with self._open() as book:
            book.execute(f"update report set {sets} where report_id = :key", {**values, "key": report_id})

    def of(self, reader: str, limit: int) -> list[Entry]:
        """A reader's newest reports, the newest first."""
        return self._entries("where reader = ? order by ordered_at desc, rowid desc limit ?", (reader, limit))

    def one(self, reader: str, report_id: str) -> Entry | None:
        """A reader's report of that id; None for another reader's as for one that is not there."""
        found = self._entries("where reader = ? and report_id = ?", (reader, report_id))
        return found[0] if found else None

    def pending(self) -> list[Entry]:
        """Reports that were not finished, the oldest first."""
        return self._entries("where state in (?, ?) order by ordered_at, rowid", PENDING)

    def forget(self, report_id: str) -> None:
        """Delete a row."""
        with self._open() as book:
            book.execute("delete from report where report_id = ?", (report_id,))

    def _entries(self, where: str, values: tuple[str | int, ...]) -> list[Entry]:
        if not self.path.is_file():
            return []
        names = ", ".join(field.name for field in fields(Entry))
        with self._open() as book:
            return [Entry(*row) for row in book.execute(f"select {names} from report {where}", values)]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self.path, timeout=10)) as book, book:
            book.execute(_TABLE)
            yield book
