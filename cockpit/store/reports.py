"""History of reports 报告: who asked for which, with which rights, how far it has come, and its file.

`ask` notes that a report is wanted and gives its id; the file is written to
`cockpit.reports.files.report_path(lake, id, file)`; `progress`, then `done` or `failed`. `of` lists a reader's own,
`find` gives one of them and nothing of anybody else's; `pending` are those that nobody has finished.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, select

from cockpit.store.tables import report

#: States in which a report is still being made.
PENDING = ("waiting", "working")


@dataclass(frozen=True)
class Report:
    """One report. `regions` and `grade` are the scope it is made with; `state` is waiting, working, done or
    failed; `file` is a bare name; `reason` says by language why it failed."""

    id: str
    account: str
    regions: tuple[str, ...]
    grade: str
    kind: str
    parameters: dict[str, Any]
    state: str
    percent: int
    file: str | None
    bytes: int | None
    sha256: str | None
    reason: dict[str, str] | None
    created: datetime


class Reports:
    """The reports of all accounts; a reader reaches only its own."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine, self._clock = engine, clock

    def ask(
        self, account: str, regions: Sequence[str], grade: str, kind: str, parameters: Mapping[str, Any]
    ) -> str:
        """Note that a report is wanted; its id, which cannot be guessed."""
        new = uuid.uuid4().hex
        with self._engine.begin() as db:
            db.execute(
                report.insert().values(
                    id=new,
                    account=account,
                    regions=list(regions),
                    grade=grade,
                    kind=kind,
                    parameters=dict(parameters),
                    state="waiting",
                    percent=0,
                    created=self._clock(),
                )
            )
        return new

    def progress(self, report_id: str, percent: int) -> None:
        """Note how far it has come. Raises LookupError for an unknown id."""
        self._change(report_id, state="working", percent=percent)

    def done(self, report_id: str, file: str, bytes: int, sha256: str) -> None:
        """Note the file. Raises ValueError for a name with a path in it, LookupError for an unknown id."""
        if file != file.replace("\\", "/").rpartition("/")[2] or file in ("", ".", ".."):
            raise ValueError(f"{file!r} is no bare file name")
        self._change(report_id, state="done", percent=100, file=file, bytes=bytes, sha256=sha256)

    def failed(self, report_id: str, reason: Mapping[str, str]) -> None:
        """Note by language why there is no file. Raises LookupError for an unknown id."""
        self._change(report_id, state="failed", reason=dict(reason))

    def of(self, account: str, limit: int = 50) -> tuple[Report, ...]:
        """An account's newest reports, newest first."""
        query = select(report).where(report.c.account == account)
        with self._engine.connect() as db:
            rows = db.execute(query.order_by(report.c.created.desc(), report.c.id).limit(limit))
            return tuple(map(_report, rows))

    def find(self, report_id: str, account: str) -> Report | None:
        """The report if it is that account's own."""
        query = select(report).where(report.c.id == report_id, report.c.account == account)
        with self._engine.connect() as db:
            row = db.execute(query).first()
        return _report(row) if row else None

    def pending(self) -> tuple[Report, ...]:
        """Reports of all accounts that nobody has finished, oldest first."""
        query = select(report).where(report.c.state.in_(PENDING)).order_by(report.c.created, report.c.id)
        with self._engine.connect() as db:
            return tuple(map(_report, db.execute(query)))

    def forget(self, report_id: str) -> None:
        """Take a report out of the history."""
        with self._engine.begin() as db:
            db.execute(report.delete().where(report.c.id == report_id))

    def _change(self, report_id: str, **values: object) -> None:
        with self._engine.begin() as db:
            changed = db.execute(report.update().where(report.c.id == report_id).values(**values))
            if changed.rowcount == 0:
                raise LookupError(f"no report {report_id}")


def _report(row: Row[Any]) -> Report:
    values = dict(row._mapping)
    return Report(**{**values, "regions": tuple(values["regions"])})
