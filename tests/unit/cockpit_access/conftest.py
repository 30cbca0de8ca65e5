"""A clock that a test sets, and a store on each database there is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cockpit.access import demo
from cockpit.app import Cockpit, create_app
from cockpit.gold import Lake
from cockpit.store import Store, accounts, open_store, sqlite_url
from cockpit.store.tables import attempt, metadata
from tests import postgres
from tests.signed_in import form_token


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


PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class House:
    """A cockpit over the tiny lake, its store, and its clock."""

    app: Cockpit
    store: Store
    clock: Clock
    lake: Path

    def client(self) -> FlaskClient:
        """A browser without a session."""
        client: FlaskClient = self.app.server.test_client()
        return client

    def client_of(self, account: str) -> FlaskClient:
        """A browser with a session of the account."""
        client = self.client()
        client.set_cookie("dingpan", self.store.sessions.open(account))
        return client

    def sign_in(self, client: FlaskClient, **fields: str) -> TestResponse:
        """Send the sign-in form as the browser would."""
        return client.post("/sign-in", data={"token": form_token(client), **fields})


@pytest.fixture(scope="session")
def house(
    tmp_path_factory: pytest.TempPathFactory, lake: Lake, session_clock: Clock, cheap_passwords: None
) -> House:
    store = open_store(sqlite_url(tmp_path_factory.mktemp("house") / "cockpit.db"), session_clock)
    found = demo.accounts(store)
    for name, regions in (("li", ["440000", "370000"]), ("wang", ["440000"])):
        store.accounts.add(
            name, shown=name, role="analyst", regions=regions, grade="internal", password=PASSWORD
        )
    app = create_app(lake, tmp_path_factory.mktemp("web"), store, found)
    return House(app, store, session_clock, lake.root)


@pytest.fixture(autouse=True)
def fresh_counts(request: pytest.FixtureRequest) -> None:
    """Every test begins with no requests counted and no attempts noted."""
    if "house" in request.fixturenames:
        house: House = request.getfixturevalue("house")
        house.clock.now = Clock.now
        for limiter in house.app.server.extensions["limiter"]:
            limiter.reset()
        with house.store.engine.begin() as db:
            db.execute(attempt.delete())
