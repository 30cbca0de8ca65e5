"""The tables of the operational store: what people do in the cockpit, never what the data says."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC; SQLite, which knows no time zones, keeps it without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """To UTC. Raises ValueError for a moment without a time zone."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
    }
)

#: `password` is an argon2 hash, null for those who sign in elsewhere; `user` is a reserved word in PostgreSQL.
account = Table(
    "account",
    metadata,
    Column("account", String(64), primary_key=True),
    Column("name", String(128), nullable=False),
    Column("role", String(32), nullable=False),
    Column("regions", JSON, nullable=False),
    Column("grade", String(16), nullable=False),
    Column("password", Text),
    Column("disabled", Boolean, nullable=False, default=False),
    Column("created", Moment, nullable=False),
)

#: Only the hash of a session's token is kept: who reads this table cannot take a session over.
session = Table(
    "session",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("account", ForeignKey("account.account"), nullable=False, index=True),
    Column("created", Moment, nullable=False),
    Column("seen", Moment, nullable=False, index=True),
)

#: One row a sign-in that was tried, also for names that nobody has.
attempt = Table(
    "attempt",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("account", String(64), nullable=False),
    Column("address", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Column("passed", Boolean, nullable=False),
    Index("ix_attempt_account_at", "account", "at"),
)

#: Append only. `hash` covers the row and the hash before it; see `cockpit.store.audit`.
audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("account", String(64), nullable=False),
    Column("role", String(32), nullable=False),
    Column("address", String(64), nullable=False),
    Column("action", String(32), nullable=False),
    Column("object", Text, nullable=False),
    Column("outcome", String(32), nullable=False),
    Column("detail", JSON, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

#: Reports that readers asked for, with the rights they are made with; their files lie in `ops/reports/<id>/`.
report = Table(
    "report",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("account", ForeignKey("account.account"), nullable=False),
    Column("regions", JSON, nullable=False),
    Column("grade", String(16), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("parameters", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("percent", Integer, nullable=False),
    Column("file", String(255)),
    Column("bytes", Integer),
    Column("sha256", String(64)),
    Column("reason", JSON),
    Column("created", Moment, nullable=False),
    Index("ix_report_account_created", "account", "created"),
)
