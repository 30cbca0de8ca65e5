"""The operational store: accounts, sessions, sign-in attempts, audit, reports.

SQLite below the lake by default, PostgreSQL where the environment variable DINGPAN_STORE holds its URL.
Credentials stand in that variable alone, never in a file of the repository.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from cockpit.store.accounts import Accounts
from cockpit.store.attempts import Attempts
from cockpit.store.audit import Audit
from cockpit.store.reports import Reports
from cockpit.store.sessions import Sessions

URL_VARIABLE = "DINGPAN_STORE"
Clock = Callable[[], datetime]


class StoreError(RuntimeError):
    """The store cannot be opened; one line says why, without the password of its URL."""


def utc_now() -> datetime:
    """The clock of everything in the store."""
    return datetime.now(UTC)


class Store:
    """One part for each matter, all over one database."""

    def __init__(self, engine: Engine, clock: Clock = utc_now) -> None:
        self.engine = engine
        self.accounts = Accounts(engine, clock)
        self.sessions = Sessions(engine, clock)
        self.attempts = Attempts(engine, clock)
        self.audit = Audit(engine, clock)
        self.reports = Reports(engine, clock)


def store_url(lake: Path, file: str = "cockpit.db") -> str:
    """The URL of the environment, else of a SQLite file in the lake's `ops/`."""
    return os.environ.get(URL_VARIABLE) or sqlite_url(lake / "ops" / file)


def sqlite_url(path: Path) -> str:
    """The URL of a SQLite file."""
    return f"sqlite:///{path.resolve()}"


def exists(url: str) -> bool:
    """Whether the SQLite file that a URL names is there; a server's database shows when it is opened."""
    file = url.removeprefix("sqlite:///")
    return file == url or Path(file).is_file()


def open_store(url: str, clock: Clock = utc_now) -> Store:
    """Open the store and bring its tables up to date.

    Raises StoreError for a URL that is none, a database that does not answer, and tables of a newer program.
    """
    try:
        engine = _engine(url)
        with engine.begin() as connection:
            _upgrade(connection)
    except (ArgumentError, NoSuchModuleError, ImportError):
        raise StoreError(f"{URL_VARIABLE}: is no database URL that this program knows") from None
    except CommandError as error:
        raise StoreError(f"{_shown(url)}: made by a newer version of this program ({error})") from None
    except (SQLAlchemyError, OSError) as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise StoreError(f"{_shown(url)}: {reason}") from None
    return Store(engine, clock)


def _shown(url: str) -> str:
    return make_url(url).render_as_string(hide_password=True)


def _engine(url: str) -> Engine:
    parts = make_url(url)
    if not parts.drivername.startswith("sqlite"):
        return create_engine(parts, pool_pre_ping=True, hide_parameters=True)
    if parts.database:
        Path(parts.database).parent.mkdir(parents=True, exist_ok=True)
        Path(parts.database).touch(mode=0o600)
    engine = create_engine(parts, connect_args={"timeout": 30}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _prepare(raw: object, _record: object) -> None:
        cursor = raw.cursor()  # type: ignore[attr-defined]
        for pragma in ("journal_mode = wal", "synchronous = normal", "foreign_keys = on"):
            cursor.execute(f"pragma {pragma}")
        cursor.close()

    return engine


def _upgrade(connection: Connection) -> None:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    command.upgrade(config, "head")
