"""History of reports 报告: who asked for which, and the file that came of it.

`ask` notes that a report is being made and gives its id; its file is written to
`cockpit.downloads.report_path(lake, id, file)`; then `done` or `failed`. `of` lists a reader's own, `find` gives
one of them and nothing of anybody else's.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, select

from cockpit.store.tables import report


@dataclass(frozen=True)
class Report:
    """One report. `state` is `running`, `done` or `failed`; `file` is a bare name, `message` says why it
    failed."""

    id: str
    account: str
    kind: str
    parameters: dict[str, Any]
    state: str
    file: str | None
    sha256: str | None
    message: str | None
    created: datetime


class Reports:
    """The reports of all accounts; a reader reaches only its own."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine, self._clock = engine, clock

    def ask(self, account: str, kind: str, parameters: Mapping[str, Any]) -> str:
        """Note that a report is being made; its id, which cannot be guessed."""
        new = uuid.uuid4().hex
        with self._engine.begin() as db:
            db.execute(
                report.insert().values(
                    id=new,
                    account=account,
                    kind=kind,
                    parameters=dict(parameters),
                    state="running",
                    created=self._clock(),
                )
            )
        return new

    def done(self, report_id: str, file: str, sha256: str) -> None:
        """Note the file. Raises ValueError for a name with a path in it, LookupError for an unknown id."""
        if file != file.replace("\\", "/").rpartition("/")[2] or file in ("", ".", ".."):
            raise ValueError(f"{file!r} is no bare file name")
        self._change(report_id, state="done", file=file, sha256=sha256)

    def failed(self, report_id: str, message: str) -> None:
        """Note why there is no file. Raises LookupError for an unknown id."""
        self._change(report_id, state="failed", message=message)

    def of(self, account: str, limit: int = 50) -> tuple[Report, ...]:
        """An account's newest reports, newest first."""
        query = select(report).where(report.c.account == account)
        with self._engine.connect() as db:
            rows = db.execute(query.order_by(report.c.created.desc(), report.c.id).limit(limit))
            return tuple(Report(**row._mapping) for row in rows)

    def find(self, report_id: str, account: str) -> Report | None:
        """The report if it is that account's own."""
        query = select(report).where(report.c.id == report_id, report.c.account == account)
        with self._engine.connect() as db:
            row = db.execute(query).first()
        return Report(**row._mapping) if row else None

    def _change(self, report_id: str, **values: object) -> None:
        with self._engine.begin() as db:
            changed = db.execute(report.update().where(report.c.id == report_id).values(**values))
            if changed.rowcount == 0:
                raise LookupError(f"no report {report_id}")
