"""Sign-in attempts, and how long an account is locked after failures."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, select

from cockpit.store.tables import attempt


@dataclass(frozen=True)
class LockOut:
    """After `failures` in a row an account waits `first`, twice as long after each further one, at most
    `longest`. Failures older than twice `longest` are forgotten."""

    failures: int
    first: timedelta
    longest: timedelta

    def wait(self, failures: int) -> timedelta:
        """How long to wait after so many failures in a row."""
        if failures < self.failures:
            return timedelta(0)
        doublings = min(failures - self.failures, 32)
        return min(self.first * 2**doublings, self.longest)


class Attempts:
    """What was tried, also for names that nobody has: a lock tells nothing about who exists."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine, self._clock = engine, clock
        self._one = threading.Lock()

    def begin(self, name: str, address: str, rule: LockOut) -> timedelta:
        """Note an attempt as failed until it passes; or how long the account is still locked.

        Noted before the password is checked, one after the other: guesses that are sent all at once would
        otherwise all be checked before the first is counted.
        """
        with self._one:
            wait = self.locked_for(name, rule)
            if not wait:
                self.note(name, address, passed=False)
        return wait

    def note(self, name: str, address: str, passed: bool) -> None:
        """Keep one attempt, and forget those of more than a week ago."""
        now = self._clock()
        with self._engine.begin() as db:
            db.execute(attempt.insert().values(account=name, address=address, at=now, passed=passed))
            db.execute(attempt.delete().where(attempt.c.at < now - timedelta(days=7)))

    def forget(self, name: str) -> None:
        """Forget what was tried with a name: its lock is lifted."""
        with self._engine.begin() as db:
            db.execute(attempt.delete().where(attempt.c.account == name))

    def locked_for(self, name: str, rule: LockOut) -> timedelta:
        """How long the account is still locked; zero when it is not.

        Attempts that lie ahead of the clock (which was set back) do not count: nobody is locked for good.
        """
        now = self._clock()
        query = (
            select(attempt.c.at, attempt.c.passed)
            .where(attempt.c.account == name, attempt.c.at > now - 2 * rule.longest, attempt.c.at <= now)
            .order_by(attempt.c.at.desc(), attempt.c.id.desc())
        )
        failures: list[datetime] = []
        with self._engine.connect() as db:
            for at, passed in db.execute(query):
                if passed:
                    break
                failures.append(at)
        if not failures:
            return timedelta(0)
        return max(failures[0] + rule.wait(len(failures)) - now, timedelta(0))
