"""What a database is asked, and what it says, by JDBC."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import jpype
import psycopg
import pytest

from conf import ConfError
from jobs import extract
from jobs.lake import jdbc
from tests.extraction import ZONE, add


@pytest.mark.parametrize(
    "text",
    [
        "jdbc:sqlserver://db;user=u;password=geheim;encrypt=true",
        "jdbc:oracle:thin:u/geheim@db:1521/x",
        "jdbc:mysql://u:geheim@db/x",
        "jdbc:postgresql://db/x?password=geh%65im",
        "jdbc:dm://db:5236\nuser=u\npassword=geheim",
    ],
)
def test_no_part_of_a_message_shows_the_secret(text: str) -> None:
    address = jdbc.Address.of(text)
    said = f"cannot open {address.url} with {address.properties}: geheim of u at db\nand more"
    assert "geheim" not in address.hidden(said)
    assert address.hidden(said).endswith("*** of u at db")


def test_the_transaction_keeps_one_state_and_the_time_zone_of_the_settings(
    database: psycopg.Connection,
) -> None:
    with jdbc.connected(extract.address("health"), ZoneInfo("Asia/Urumqi")) as opened:
        before = opened.one("select count(*) from birth")
        add(database, range(20, 21))
        assert opened.one("select count(*) from birth") == before == (12,)
        local = opened.one("select localtimestamp")
        assert local == (opened.now().replace(tzinfo=None),)
        assert opened.now().utcoffset() == timedelta(hours=6)


def test_a_database_that_falls_silent_is_not_waited_for(
    database: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the line is cut and nobody says so."""
    monkeypatch.setattr(jdbc, "_SILENT_SECONDS", 1)
    with (
        pytest.raises(jdbc.DatabaseError, match="Read timed out") as caught,
        jdbc.connected(extract.address("health"), ZONE) as opened,
    ):
        opened.one("select pg_sleep(3)")
    assert not caught.value.settings


def test_a_value_that_cannot_be_made_is_not_tried_again(database: psycopg.Connection) -> None:
    with (
        pytest.raises(jdbc.DatabaseError, match="division by zero") as caught,
        jdbc.connected(extract.address("health"), ZONE) as opened,
    ):
        opened.one("select 1 / (id - id) from birth")
    assert caught.value.settings


def test_no_more_rows_than_asked_for_are_in_memory(database: psycopg.Connection) -> None:
    with jdbc.connected(extract.address("health"), ZONE) as opened:
        _, batches = opened.read("select n from generate_series(1, 1000) n", [], 10)
        assert [row[0] for row in next(batches)] == list(range(1, 11))
        # The server still holds the rest: its cursor is open.
        assert opened.one("select statement from pg_cursors where statement not like '%pg_cursors%'")


def test_a_folder_of_drivers_that_has_none_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DINGPAN_JDBC_DRIVERS", str(tmp_path))
    with pytest.raises(ConfError, match=r"DINGPAN_JDBC_DRIVERS: .*no jar in it"):
        jdbc.drivers()
    (tmp_path / "DmJdbcDriver18.jar").touch()
    assert [path.name for path in jdbc.drivers()][1:] == ["DmJdbcDriver18.jar"]


def test_without_java_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object, **__: object) -> None:
        raise jpype.JVMNotFoundException

    monkeypatch.setattr(jpype, "startJVM", missing)
    with pytest.raises(ConfError, match="Java was not found"):
        jdbc._java.__wrapped__()
