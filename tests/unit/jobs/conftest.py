"""A department's database in a really started PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from jobs import extract
from tests import postgres
from tests.extraction import add


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a server of its own, as psycopg takes it."""
    folder = postgres.programs()
    if folder is None:
        pytest.skip(postgres.MISSING)
    with postgres.started(folder) as url:
        yield url.replace("+psycopg", "")


@pytest.fixture
def port(server: str) -> str:
    (found,) = parse_qs(urlsplit(server).query)["port"]
    return found


@pytest.fixture
def database(server: str, port: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[psycopg.Connection]:
    """A table of 12 births, changed a minute apart, and the secret in the environment."""
    monkeypatch.setenv("DINGPAN_DB_HEALTH", f"jdbc:postgresql://127.0.0.1:{port}/postgres?user=dingpan")
    monkeypatch.setattr(extract, "_BATCH", 4)
    with psycopg.connect(server, autocommit=True) as made:
        made.execute("drop table if exists birth")
        made.execute(
            "create table birth (id bigint, name text, weight numeric(6,2), born date, changed timestamptz)"
        )
        add(made, range(12))
        yield made
