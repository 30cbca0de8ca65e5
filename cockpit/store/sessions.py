"""Sessions 会话: kept on the server, known by the hash of a token that only the browser has."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, select

from cockpit.store.accounts import Account, as_account
from cockpit.store.tables import account, session

#: How much later the last sign of life may be written down than it was: spares a write for each request.
GRAIN = timedelta(seconds=30)


@dataclass(frozen=True)
class Limits:
    """A session ends so long after its last sign of life, and so long after its start."""

    idle: timedelta
    absolute: timedelta


class Sessions:
    """The sessions that are open."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine, self._clock = engine, clock

    def open(self, name: str) -> str:
        """Begin a session of an account: its token, never told again."""
        token, now = secrets.token_urlsafe(32), self._clock()
        with self._engine.begin() as db:
            db.execute(
                session.insert().values(token_hash=token_hash(token), account=name, created=now, seen=now)
            )
        return token

    def find(self, token: str, limits_of: Callable[[str], Limits]) -> Account | None:
        """The account whose session it is; None when it has ended, is too old for the account's role, or its
        account is disabled.

        A start that lies ahead of the clock (which was set back) ends the session too.
        """
        query = select(account, session.c.created.label("started"), session.c.seen).join(session)
        with self._engine.connect() as db:
            row = db.execute(query.where(session.c.token_hash == token_hash(token))).first()
        if row is None or row.disabled:
            return None
        now, limits = self._clock(), limits_of(row.role)
        if not now - limits.absolute < row.started <= now + GRAIN or now - row.seen >= limits.idle:
            self.close(token)
            return None
        return as_account(row)

    def touch(self, token: str) -> None:
        """Note a sign of life."""
        now, known = self._clock(), session.c.token_hash == token_hash(token)
        with self._engine.connect() as db:
            seen = db.execute(select(session.c.seen).where(known)).scalar()
        if seen is not None and abs(now - seen) >= GRAIN:
            with self._engine.begin() as db:
                db.execute(session.update().where(known).values(seen=now))

    def close(self, token: str) -> None:
        """End a session."""
        with self._engine.begin() as db:
            db.execute(session.delete().where(session.c.token_hash == token_hash(token)))

    def sweep(self, limits_of: Callable[[str], Limits]) -> None:
        """Forget sessions that have ended by time."""
        now = self._clock()
        with self._engine.begin() as db:
            for (role,) in db.execute(select(account.c.role).distinct()).all():
                limits = limits_of(role)
                over = (session.c.seen <= now - limits.idle) | (session.c.created <= now - limits.absolute)
                own = session.c.account.in_(select(account.c.account).where(account.c.role == role))
                db.execute(session.delete().where(over & own))


def token_hash(token: str) -> str:
    """What the table keeps of a token (which is random enough to need no salt)."""
    return hashlib.sha256(token.encode()).hexdigest()
