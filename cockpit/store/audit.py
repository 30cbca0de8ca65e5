"""The audit trail 审计: who signed in, saw and took away what; a chain of hashes shows any later change.

Each row's hash covers the row and the hash of the row before it, so that a row changed, taken out or put in
breaks the chain there. Rows cut off at the end, and a chain written anew from some row on, show only against
a hash that was noted elsewhere: `verify` gives the last one, and checks one that it is given.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, select, text

from cockpit.store.tables import audit

START = "0" * 64
_COVERED = ("id", "account", "role", "address", "action", "object", "outcome", "detail", "previous")
_BATCH = 1000


@dataclass(frozen=True)
class Entry:
    """One row. `object` is what was seen or done, `outcome` is `ok` or why not."""

    id: int
    at: datetime
    account: str
    role: str
    address: str
    action: str
    object: str
    outcome: str
    detail: dict[str, Any]
    previous: str
    hash: str

    @property
    def about(self) -> str:
        """What was seen or done, with its details."""
        return " ".join((self.object, *(f"{name}={value}" for name, value in self.detail.items())))

    def expected_hash(self) -> str:
        """The hash that the row must have."""
        covered = [getattr(self, name) for name in _COVERED] + [self.at.isoformat(timespec="microseconds")]
        words = json.dumps(covered, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(words.encode()).hexdigest()


@dataclass(frozen=True)
class Verdict:
    """Whether the chain holds: how many rows, its last hash, and where it first breaks and why: a row is
    `missing`, `unlinked` (does not follow from the one before), was `changed`, or the end was `cut` off."""

    rows: int
    head: str
    broken: int | None = None
    reason: str = ""


class Audit:
    """The trail; rows are only ever added."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine, self._clock = engine, clock

    def write(
        self,
        action: str,
        *,
        account: str,
        role: str = "",
        address: str = "",
        object: str = "",
        outcome: str = "ok",
        **detail: Any,
    ) -> None:
        """Add a row. Writers wait for each other: the chain has one order."""
        with self._engine.connect() as db:
            _lock(db)
            last = db.execute(select(audit.c.id, audit.c.hash).order_by(audit.c.id.desc()).limit(1)).first()
            entry = Entry(
                id=last.id + 1 if last else 1,
                at=self._clock(),
                account=account[:64],
                role=role,
                address=address,
                action=action,
                object=object,
                outcome=outcome,
                detail=detail,
                previous=last.hash if last else START,
                hash="",
            )
            db.execute(audit.insert().values({**vars(entry), "hash": entry.expected_hash()}))
            db.commit()

    def verify(self, noted: str | None = None) -> Verdict:
        """Walk the chain from its start; `noted` is a hash that it must hold somewhere."""
        rows, head, found = 0, START, noted in (None, START)
        for entry in self._walk():
            if entry.id != rows + 1:
                return Verdict(rows, head, rows + 1, "missing")
            if entry.previous != head:
                return Verdict(rows, head, entry.id, "unlinked")
            if entry.hash != entry.expected_hash():
                return Verdict(rows, head, entry.id, "changed")
            rows, head = entry.id, entry.hash
            found = found or head == noted
        if not found:
            return Verdict(rows, head, rows + 1, "cut")
        return Verdict(rows, head)

    def newest(self, limit: int) -> tuple[Entry, ...]:
        """The newest rows, newest first."""
        with self._engine.connect() as db:
            found = db.execute(select(audit).order_by(audit.c.id.desc()).limit(limit))
            return tuple(Entry(**row._mapping) for row in found)

    def _walk(self) -> Iterator[Entry]:
        after = 0
        while True:
            with self._engine.connect() as db:
                query = select(audit).where(audit.c.id > after).order_by(audit.c.id).limit(_BATCH)
                batch = [Entry(**row._mapping) for row in db.execute(query)]
            yield from batch
            if len(batch) < _BATCH:
                return
            after = batch[-1].id


def _lock(db: Connection) -> None:
    """Keep other writers out until the end of the transaction."""
    if db.dialect.name == "sqlite":
        db.exec_driver_sql("begin immediate")
    else:
        db.execute(text("lock table audit in exclusive mode"))
