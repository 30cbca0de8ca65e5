"""Departments' databases, read by JDBC: whatever has a driver, in one read-only snapshot.

The DB-API that jpype brings sets the fetch size after the query has run, when PostgreSQL's driver has put the
whole table into memory already; so `java.sql` is called itself.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import jpype

from conf import ConfError
from jobs.lake.session import JARS, ROOT

_CONNECT_SECONDS = 10
# For so long a database may say nothing, unless its driver is told otherwise; without an end a connection that was cut
# on the way is waited for until the process is ended.
_SILENT_SECONDS = 1_800
# Kinds of java.sql.Types; those below -100 are Oracle's two times with a zone and SQL Server's datetimeoffset.
# A time of day is text too: java.time has no 24:00.
_TEXT = {-1, -16, 92, 2005, 2009, 2011, 2013}
_DATE, _DATETIME = {91}, {93, 2014, -101, -102, -155}
_ZONED = {2014, -101, -102, -155}
# PostgreSQL's own driver gives times with a zone the kind of those without.
_ZONED_NAME = "timestamptz"
# SQLSTATE: a value that a view or the driver cannot make, authorization, no such database, no such table or column or
# right.
_WRONG_SETTINGS = ("22", "28", "3D", "42")
_SECRET_KEY = re.compile("pass|pwd|secret|token|key", re.IGNORECASE)
# What `select current_timestamp` needs behind it.
_FROM = {"Oracle": " from dual"}
Row = tuple[Any, ...]


class DatabaseError(Exception):
    """What a database or its driver says, in one line without a secret; `settings` when trying again is no use."""

    def __init__(self, message: str, settings: bool) -> None:
        super().__init__(message)
        self.settings = settings


@dataclass(frozen=True)
class Address:
    """Where a database is: a JDBC URL, and what its driver is told beside it."""

    url: str
    properties: dict[str, str]

    @staticmethod
    def of(text: str) -> Address:
        """A URL in the first line, `key=value` in those that follow; ValueError when it is something else."""
        url, *rest = [line.strip() for line in text.strip().splitlines() if line.strip()] or [""]
        if not url.startswith("jdbc:") or not all("=" in line for line in rest):
            raise ValueError
        told = (line.partition("=") for line in rest)
        # A driver passes over a key that it does not know, such as one with a blank: the user would be another.
        return Address(url, {key.strip(): value.strip() for key, _, value in told})

    @property
    def secrets(self) -> set[str]:
        """All parts that no message may show."""
        told = re.findall(r"[?&;]([^=&;]+)=([^&;]*)", self.url)
        found = {value for key, value in [*told, *self.properties.items()] if _SECRET_KEY.search(key)}
        # Oracle's and MySQL's user/password@host and user:password@host
        found |= set(re.findall(r"[/:][^/:@]+[/:]([^/@]+)@", self.url))
        return {self.url, *found, *map(unquote, found)} - {""}

    def hidden(self, message: str) -> str:
        """The first line of a message, without a secret."""
        for secret in sorted(self.secrets, key=len, reverse=True):
            message = message.replace(secret, "***")
        return next(iter(message.strip().splitlines()), "")


def drivers() -> list[Path]:
    """The locked drivers, and those that the administrator put into the folder named in the environment."""
    locked = json.loads((ROOT / "conf" / "jars.lock").read_text(encoding="utf-8"))["drivers"]
    found = [JARS / entry["file"] for entry in locked]
    if missing := [path.name for path in found if not path.exists()]:
        raise ConfError([f"{missing[0]} is missing from {JARS.name}/: run `make setup`"])
    if folder := os.environ.get("DINGPAN_JDBC_DRIVERS"):
        own = sorted(Path(folder).glob("*.jar"))
        if not own:
            raise ConfError([f"DINGPAN_JDBC_DRIVERS: {folder}: no such folder, or no jar in it"])
        found += own
    return found


@cache
def _java() -> dict[type, Callable[[Any], Any]]:
    """Start the one JVM that a process may have; how it gives the values of a row, by their class."""
    classpath = drivers()
    try:
        # Ctrl-C stays Python's, which then removes what was half written.
        jpype.startJVM("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", classpath=classpath, interrupt=False)
    except jpype.JVMNotFoundException as error:
        raise ConfError(["Java was not found: install it, or set JAVA_HOME"]) from error
    # What drivers write by themselves may hold parts of the secret.
    jpype.JClass("java.util.logging.LogManager").getLogManager().reset()
    texts: dict[str, Callable[[str], Any]] = {
        "lang.String": str, "math.BigInteger": int, "math.BigDecimal": Decimal, "lang.Float": float,
        "time.LocalDate": date.fromisoformat,
        "time.LocalDateTime": datetime.fromisoformat, "time.OffsetDateTime": datetime.fromisoformat,
    }  # fmt: skip
    plain: dict[str, Callable[[Any], Any]] = {
        "lang.Boolean": bool, "lang.Byte": int, "lang.Short": int, "lang.Integer": int, "lang.Long": int,
        "lang.Double": float,
    }  # fmt: skip
    made = {jpype.JClass(f"java.{name}"): make for name, make in plain.items()}
    return made | {jpype.JClass(f"java.{name}"): _from_text(make) for name, make in texts.items()}


def _from_text(make: Callable[[str], Any]) -> Callable[[Any], Any]:
    # Java's own text is exact: a float of 32 bits is not widened, a number keeps its digits.
    return lambda value: make(str(value.toString()))


@dataclass(frozen=True)
class Database:
    """A connection within one read-only transaction."""

    connection: Any
    zone: ZoneInfo

    def name(self, *parts: str) -> str:
        """An identifier in this database's own quotes."""
        quote = str(self.connection.getMetaData().getIdentifierQuoteString()).strip()
        return ".".join(
            f"{quote}{part.replace(quote, quote * 2) if quote else part}{quote}" for part in parts
        )

    def one(self, query: str) -> Row | None:
        """The first row that a query finds, None when it finds none."""
        statement = self.connection.prepareStatement(query)
        statement.setMaxRows(1)
        result = statement.executeQuery()
        return next(self._rows(result), None)

    def read(
        self, query: str, values: Sequence[Any], at_once: int
    ) -> tuple[tuple[str, ...], Iterator[list[Row]]]:
        """The columns of a query, and its rows, never more than `at_once` in memory."""
        statement = self.connection.prepareStatement(query)
        statement.setFetchSize(at_once)
        for position, value in enumerate(values, 1):
            statement.setObject(position, _to_java(value))
        result = statement.executeQuery()
        return _labels(result.getMetaData()), self._batches(result, at_once)

    def now(self) -> datetime:
        """The database's time, with a zone; this machine's, when the database's clock is ahead of it."""
        product = str(self.connection.getMetaData().getDatabaseProductName())
        found = self.one(f"select current_timestamp{_FROM.get(product, '')}")
        assert found is not None
        (made,) = found
        assert isinstance(made, datetime)
        return min(made if made.tzinfo else made.replace(tzinfo=self.zone), datetime.now(self.zone))

    def _batches(self, result: Any, at_once: int) -> Iterator[list[Row]]:
        rows = self._rows(result)
        while batch := list(islice(rows, at_once)):
            yield batch

    def _rows(self, result: Any) -> Iterator[Row]:
        """All rows; what Python has no value for, such as an infinite date, stays Java's."""
        columns = list(enumerate(_getters(result), 1))
        while result.next():
            yield tuple(self._value(get(position)) for position, get in columns)

    def _value(self, found: Any) -> Any:
        make = _java().get(type(found))
        if make is None:
            return found
        try:
            value = make(found)
            # Drivers give such a time in any zone; text must not depend on that.
            return value.astimezone(self.zone) if isinstance(value, datetime) and value.tzinfo else value
        except (ValueError, OverflowError):
            return found


def _labels(meta: Any) -> tuple[str, ...]:
    return tuple(str(meta.getColumnLabel(n)) for n in range(1, meta.getColumnCount() + 1))


def _getters(result: Any) -> list[Callable[[int], Any]]:
    """What gives the value of each column by its position, with nothing lost on the way."""
    meta = result.getMetaData()
    columns = range(1, meta.getColumnCount() + 1)
    return [_getter(result, int(meta.getColumnType(n)), str(meta.getColumnTypeName(n))) for n in columns]


def _getter(result: Any, kind: int, name: str) -> Callable[[int], Any]:
    zoned = kind in _ZONED or name.lower() == _ZONED_NAME
    if kind in _TEXT:
        get: Callable[[int], Any] = result.getString
    elif kind in _DATE:
        get = _of_class(result, "LocalDate")
    elif kind in _DATETIME:
        get = _of_class(result, "OffsetDateTime" if zoned else "LocalDateTime")
    else:
        get = result.getObject
    return get


def _of_class(result: Any, name: str) -> Callable[[int], Any]:
    # java.sql's own dates and times know no zone and leap with the JVM's.
    wanted = jpype.JClass(f"java.time.{name}")
    return lambda position: result.getObject(position, wanted)


def _to_java(value: Any) -> Any:
    """A watermark as a parameter, of the type of its column, so that an index of the column serves."""
    if isinstance(value, datetime):
        made = "OffsetDateTime" if value.tzinfo else "LocalDateTime"
        return jpype.JClass(f"java.time.{made}").parse(value.isoformat())
    if isinstance(value, date):
        return jpype.JClass("java.time.LocalDate").parse(value.isoformat())
    if abs(value) < 2**63:
        return jpype.JClass("java.lang.Long")(value)
    return jpype.JClass("java.math.BigDecimal")(str(value))


@contextmanager
def connected(address: Address, zone: ZoneInfo) -> Iterator[Database]:
    """A database within one read-only snapshot; DatabaseError for all that it or its driver says."""
    _java()
    try:
        with _connection(address, zone) as connection:
            yield Database(connection, zone)
    except jpype.JException as error:
        state = str(error.getSQLState() or "") if hasattr(error, "getSQLState") else ""
        # Nothing of what Java says is kept: its words may hold parts of the secret.
        raise DatabaseError(_said(address, error), state.startswith(_WRONG_SETTINGS)) from None


def _said(address: Address, error: Any) -> str:
    """What a driver says, and the last cause of it unless that is said already: `No route to host`."""
    message, cause = address.hidden(str(error.getMessage() or "")), error
    while cause.getCause() is not None:
        cause = cause.getCause()
    last = address.hidden(str(cause.getMessage() or ""))
    if last and last in message:
        return message
    return f"{message} ({': '.join(filter(None, (str(cause.getClass().getSimpleName()), last)))})"


@contextmanager
def _connection(address: Address, zone: ZoneInfo) -> Iterator[Any]:
    manager = jpype.JClass("java.sql.DriverManager")
    failed = jpype.JClass("java.sql.SQLException")
    # Drivers tell it to the database, where it decides what `localtimestamp` and a view's casts mean.
    zones = jpype.JClass("java.util.TimeZone")
    zones.setDefault(zones.getTimeZone(zone.key))
    manager.setLoginTimeout(_CONNECT_SECONDS)
    try:
        driver = manager.getDriver(address.url)
    except failed:
        kind = ":".join(address.url.split(":")[:2])
        raise ConfError(
            [
                f"connection: no driver takes this {kind} address; others go into the folder of DINGPAN_JDBC_DRIVERS"
            ]
        ) from None
    properties = jpype.JClass("java.util.Properties")()
    for key, value in address.properties.items():
        properties.setProperty(key, value)
    connection = driver.connect(address.url, properties)
    try:
        # A courtesy to those who look after the database; not every driver knows it, nor the next.
        with suppress(failed):
            connection.setClientInfo("ApplicationName", "dingpan")
        with suppress(failed):
            if not connection.getNetworkTimeout():
                pool = jpype.JClass("java.util.concurrent.ForkJoinPool").commonPool()
                connection.setNetworkTimeout(pool, _SILENT_SECONDS * 1000)
        connection.setReadOnly(True)
        connection.setTransactionIsolation(_isolation(connection))
        connection.setAutoCommit(False)
        yield connection
        connection.rollback()
    finally:
        with suppress(failed):
            connection.close()


def _isolation(connection: Any) -> int:
    """The level that shows one state of the table to all queries: repeatable read, where there is one."""
    repeatable = int(connection.TRANSACTION_REPEATABLE_READ)
    known = connection.getMetaData().supportsTransactionIsolationLevel(repeatable)
    return repeatable if known else int(connection.TRANSACTION_SERIALIZABLE)
