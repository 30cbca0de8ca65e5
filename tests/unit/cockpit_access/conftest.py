"""A clock that a test sets, and a store on each database there is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from argon2 import PasswordHasher

from cockpit.store import Store, accounts, open_store, sqlite_url
from cockpit.store.tables import metadata
from tests import postgres


@dataclass
class Clock:
    """Stands still until it is moved."""

    now: datetime = datetime(2026, 6, 30, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **parts: float) -> None:
        self.now += timedelta(**parts)


@pytest.fixture(scope="session")
def session_clock() -> Clock:
    return Clock()


@pytest.fixture
def clock(session_clock: Clock) -> Clock:
    session_clock.now = Clock.now
    return session_clock


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """argon2 at its lowest costs: what is tested is who gets in, not how long a guess takes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accounts, "PasswordHasher", partial(PasswordHasher, 1, 8, 1))
        yield


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    folder = postgres.programs()
    if folder is None:
        pytest.skip(postgres.MISSING)
    with postgres.started(folder) as url:
        yield url


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database of each kind."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path_factory.mktemp("store") / "cockpit.db")
    found: str = request.getfixturevalue("postgres_url")
    return found


@pytest.fixture(scope="session")
def opened(url: str, session_clock: Clock, cheap_passwords: None) -> Iterator[Store]:
    opened = open_store(url, session_clock)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def store(opened: Store, clock: Clock) -> Iterator[Store]:
    """The store, emptied after the test."""
    yield opened
    with opened.engine.begin() as db:
        for table in reversed(metadata.sorted_tables):
            db.execute(table.delete())
