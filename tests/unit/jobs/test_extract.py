"""What is new in a really started PostgreSQL becomes a delivery, whole or not at all."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import psycopg
import pyarrow.parquet as pq
import pytest
from pydantic import ValidationError

from conf import ConfError
from conf.source_files import Extract, Source
from jobs import extract
from jobs.lake import formats, jdbc, landing
from jobs.lake.paths import Lake
from tests import postgres

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="module")
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


def add(database: psycopg.Connection, ids: range, changed: str = "2026-01-01 08:00+08") -> None:
    for n in ids:
        database.execute(
            "insert into birth values (%s, '婴儿', 3.20, '2025-12-31', %s::timestamptz + %s * interval '1 minute')",
            [110105194912310000 + n, changed, n],
        )


def a_source(overlap: timedelta | int = timedelta(minutes=3), **more: str) -> Source:
    words = {"zh": "测试", "en": "Test"}
    how = {"connection": "health", "table": "birth", "watermark": "changed", "overlap": overlap, **more}
    return Source.model_validate(
        {
            "id": "s", "table": "t", "landing": "health/t", "files": "*", "status": "real",
            "publisher": words, "document": words, "extract": how,
        }
    )  # fmt: skip


def read(lake: Lake, source: Source) -> list[str] | None:
    """The ids that one extraction hands in, as landing's own reader sees them; None when it hands in nothing."""
    assert isinstance(source.extract, Extract)
    found = extract.extract(lake, source, source.extract, ZONE)
    if found is None:
        return None
    file, count = found
    header = formats.header(file, source.format, lambda _: True)
    rows = list(formats.rows(file, source.format, header))
    assert len(rows) == count
    return [row.cells[0][-2:] for row in rows]


def extents_of(lake: Lake, source: Source) -> dict[Path, extract.Extent]:
    assert source.extract is not None
    return extract.extents(lake.landing / source.landing, source.extract.origin)


def test_the_first_time_everything_is_read_as_text(database: psycopg.Connection, tmp_path: Path) -> None:
    lake, source = Lake(tmp_path), a_source()
    assert read(lake, source) == [f"{n:02}" for n in range(12)]
    (file,) = landing.scan(lake.landing, {"s": source}, date(9999, 1, 1))
    table = pq.read_table(lake.landing / file.path)
    assert table.slice(0, 1).to_pylist() == [
        {
            "id": "110105194912310000", "name": "婴儿", "weight": "3.20", "born": "2025-12-31",
            "changed": "2026-01-01 08:00:00+08:00",
        }
    ]  # fmt: skip
    assert landing.stray_files(lake.landing, {"s": source}) == []


def test_later_only_what_is_new_is_read_with_what_was_committed_late(
    database: psycopg.Connection, tmp_path: Path
) -> None:
    lake, source = Lake(tmp_path), a_source()
    read(lake, source)
    assert read(lake, source) is None
    add(database, range(12, 14))
    add(database, range(9, 10), "2026-01-01 08:00:30+08")  # inside the overlap
    database.execute("update birth set weight = 4 where id = 110105194912310010")  # inside the overlap
    assert read(lake, source) == ["09", "10", "12", "13"]
    assert read(lake, source) is None


def test_a_rebuilt_lake_goes_on_where_landing_ends(database: psycopg.Connection, tmp_path: Path) -> None:
    source = a_source()
    read(Lake(tmp_path / "a"), source)
    shutil.copytree(tmp_path / "a" / "landing", tmp_path / "b" / "landing")
    add(database, range(20, 21))
    assert read(Lake(tmp_path / "b"), source) == ["20"]


def test_a_connection_that_drops_half_way_leaves_nothing_and_the_next_try_succeeds(
    database: psycopg.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake, source = Lake(tmp_path), a_source()
    write = pq.ParquetWriter.write_batch

    def then_kill(self: pq.ParquetWriter, *given: object) -> None:
        write(self, *given)
        database.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'dingpan'"
        )

    with monkeypatch.context() as patch:
        patch.setattr(pq.ParquetWriter, "write_batch", then_kill)
        with pytest.raises(jdbc.DatabaseError, match=r"terminating connection|I/O error"):
            read(lake, source)
    assert [path for path in lake.landing.rglob("*") if path.is_file()] == []
    assert len(read(lake, source) or []) == 12


def test_a_file_that_was_damaged_later_is_read_anew(database: psycopg.Connection, tmp_path: Path) -> None:
    lake, source = Lake(tmp_path), a_source()
    read(lake, source)
    (file,) = lake.landing.rglob("*.parquet")
    file.write_bytes(file.read_bytes()[:-9])
    assert len(read(lake, source) or []) == 12


def test_a_file_that_was_taken_away_is_read_anew(database: psycopg.Connection, tmp_path: Path) -> None:
    lake, source = Lake(tmp_path), a_source()
    read(lake, source)
    for n in (20, 30):
        add(database, range(n, n + 2))
        assert read(lake, source) == [f"{n}", f"{n + 1}"]
    (_, second, _) = extents_of(lake, source)
    second.unlink()
    assert read(lake, source) == ["20", "21"]
    assert read(lake, source) is None


def test_a_file_whose_rows_are_damaged_is_told(database: psycopg.Connection, tmp_path: Path) -> None:
    lake, source = Lake(tmp_path), a_source()
    read(lake, source)
    (file,) = extents_of(lake, source)
    content = file.read_bytes()
    file.write_bytes(content[:20] + bytes(180) + content[200:])
    with pytest.raises(ConfError, match=rf"{file.name}: damaged"):
        read(lake, source)
    file.unlink()
    assert len(read(lake, source) or []) == 12


@pytest.mark.parametrize(
    ("statement", "more"),
    [
        ("alter table birth rename changed to other", {"watermark": "other"}),
        ("alter table birth rename to births", {"table": "births"}),
        ("alter table birth alter changed type timestamp", {}),
        ("alter table birth alter changed type bigint using id", {"overlap": 3}),
    ],
)
def test_how_far_something_else_was_read_tells_nothing(
    database: psycopg.Connection, tmp_path: Path, statement: str, more: dict[str, Any]
) -> None:
    lake = Lake(tmp_path)
    read(lake, a_source())
    database.execute(f"drop table if exists births; {statement}")  # type: ignore[arg-type]
    assert len(read(lake, a_source(**more)) or []) == 12
    assert read(lake, a_source(**more)) is None


def test_a_file_never_comes_before_one_that_was_read_earlier(
    database: psycopg.Connection, tmp_path: Path
) -> None:
    """As when the clock of the machine was ahead: the older row would win over its correction."""
    lake, source = Lake(tmp_path), a_source()
    read(lake, source)
    (file,) = extents_of(lake, source)
    ahead = file.parent.parent / "2999-01-01"
    file.parent.rename(ahead)
    add(database, range(12, 13))
    with pytest.raises(ConfError, match=rf"2999-01-01/{file.name}: is of later than now"):
        read(lake, source)
    ahead.rename(file.parent)
    assert read(lake, source) == ["12"]


def test_a_connection_that_is_lost_at_the_very_end_hands_in_nothing(
    database: psycopg.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake, source = Lake(tmp_path), a_source()
    close = pq.ParquetWriter.close

    def then_kill(self: pq.ParquetWriter) -> None:
        close(self)
        database.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'dingpan'"
        )

    with monkeypatch.context() as patch:
        patch.setattr(pq.ParquetWriter, "close", then_kill)
        with pytest.raises(jdbc.DatabaseError):
            read(lake, source)
    assert [path for path in lake.landing.rglob("*") if path.is_file()] == []


def test_a_clock_that_was_ahead_hides_nothing(database: psycopg.Connection, tmp_path: Path) -> None:
    lake, source = Lake(tmp_path), a_source()
    add(database, range(90, 91), "2999-01-01 08:00+08")
    assert len(read(lake, source) or []) == 13
    database.execute("insert into birth select 110105194912310095, '婴儿', 3, '2025-12-31', now()")
    assert read(lake, source) == ["95"]
    assert read(lake, source) is None


def clock(monkeypatch: pytest.MonkeyPatch, off: timedelta) -> None:
    one = jdbc.Database.one

    def then(self: jdbc.Database, query: str) -> jdbc.Row | None:
        found = one(self, query)
        return (found[0] + off,) if found and "current_timestamp" in query else found

    monkeypatch.setattr(jdbc.Database, "one", then)


def test_a_database_whose_clock_was_ahead_and_is_set_back_loses_nothing(
    database: psycopg.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake, source = Lake(tmp_path), a_source()
    with monkeypatch.context() as ahead:
        clock(ahead, timedelta(days=30))
        database.execute(
            "insert into birth select 110105194912310094, '婴儿', 3, '2025-12-31', now() + interval '30 days'"
        )
        assert len(read(lake, source) or []) == 13
    database.execute("insert into birth select 110105194912310095, '婴儿', 3, '2025-12-31', now()")
    assert read(lake, source) == ["95"]


def test_a_clock_that_is_behind_what_was_read_is_told(
    database: psycopg.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake, source = Lake(tmp_path), a_source()
    database.execute("insert into birth select 110105194912310095, '婴儿', 3, '2025-12-31', now()")
    read(lake, source)
    clock(monkeypatch, timedelta(days=-1))
    with pytest.raises(ConfError, match="the clock of the database, or of this machine, is behind"):
        read(lake, source)


def test_a_watermark_may_be_a_whole_number(database: psycopg.Connection, tmp_path: Path) -> None:
    lake, source = Lake(tmp_path), a_source(2, watermark="id")
    assert len(read(lake, source) or []) == 12
    add(database, range(12, 13))
    assert read(lake, source) == ["12"]


@pytest.mark.parametrize(
    ("more", "statement", "told"),
    [
        ({"watermark": "never"}, "", 'column "never" does not exist'),
        ({"watermark": "name"}, "", "birth: name: str is no date, time or whole number"),
        ({"overlap": 2}, "", "birth: extract.overlap: does not fit changed"),
        ({}, "insert into birth values (1)", "birth: changed: rows without it"),
        (
            {},
            "alter table birth add x uuid default gen_random_uuid()",
            "birth: x: no text form for java.util.UUID",
        ),
    ],
)
def test_a_table_that_does_not_fit_is_told(
    database: psycopg.Connection, tmp_path: Path, more: dict[str, str], statement: str, told: str
) -> None:
    if statement:
        database.execute(statement)
    with pytest.raises((ConfError, jdbc.DatabaseError)) as caught:
        read(Lake(tmp_path), a_source(**more))
    assert told in str(caught.value)


def given(monkeypatch: pytest.MonkeyPatch, source: Source) -> None:
    monkeypatch.setattr(extract, "load_sources", lambda _: {"s": source})


def test_the_job_hands_in_and_says_what(
    database: psycopg.Connection,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    given(monkeypatch, a_source())
    assert extract.run(["--lake", str(tmp_path)]) == 0
    assert "s: 12 new rows in health/t/" in capsys.readouterr().out
    assert extract.run(["--lake", str(tmp_path), "--source", "s"]) == 0
    assert capsys.readouterr().out == "s: nothing new\n"


@pytest.mark.parametrize(
    ("secret", "code", "told"),
    [
        (None, 2, "set it, or DINGPAN_DB_HEALTH_FILE, in the environment"),
        ("geheim", 2, "not a JDBC URL"),
        ("jdbc:postgresql://127.0.0.1:1/x\nuser=u\ngeheim", 2, "not a JDBC URL"),
        ("jdbc:oracle:thin:u/geheim@db:1521/x", 2, "no driver takes this jdbc:oracle address"),
        (
            "jdbc:postgresql://127.0.0.1:port/x?password=geheim",
            2,
            "no driver takes this jdbc:postgresql address",
        ),
        ("jdbc:postgresql://127.0.0.1:1/x?user=u&password=geheim", 1, "refused. Check that the hostname"),
        ("jdbc:postgresql://127.0.0.1:1/x\nuser=u\npassword=geheim", 1, "nothing was handed in"),
        ("jdbc:postgresql://db.invalid/x?user=u&password=geheim", 1, "(UnknownHostException: db.invalid)"),
        ("jdbc:postgresql://127.0.0.1:1/x?password=geheim&sslmode=geheim", 1, "Invalid sslmode value: ***"),
        (
            "jdbc:postgresql://127.0.0.1:{port}/no?user=dingpan&password=geheim",
            2,
            'database "no" does not exist',
        ),
        (
            "jdbc:postgresql://127.0.0.1:{port}/postgres?user=no&password=geheim",
            2,
            'role "no" does not exist',
        ),
    ],
)
def test_a_database_that_cannot_be_reached_is_told_without_the_secret(
    port: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str],
    secret: str | None, code: int, told: str,
) -> None:  # fmt: skip
    given(monkeypatch, a_source())
    monkeypatch.delenv("DINGPAN_DB_HEALTH", raising=False)
    if secret is not None:
        monkeypatch.setenv("DINGPAN_DB_HEALTH", secret.replace("{port}", port))
    assert extract.run(["--lake", str(tmp_path)]) == code
    # What the JVM itself writes counts too.
    printed = capfd.readouterr().err
    assert told in printed
    assert "geheim" not in printed
    assert printed.count("\n") == 1


def test_the_secret_may_be_in_a_file_that_others_cannot_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "x.jdbc"
    # As an editor of Windows writes it.
    file.write_text(
        "jdbc:mysql://db/x?useCursorFetch=true\r\n\r\nuser = u\r\npassword=a=b \r\n", encoding="utf-8-sig"
    )
    monkeypatch.setenv("DINGPAN_DB_X_FILE", str(file))
    file.chmod(0o640)
    with pytest.raises(ConfError, match="others may read it"):
        extract.address("x")
    file.chmod(0o600)
    assert extract.address("x") == jdbc.Address(
        "jdbc:mysql://db/x?useCursorFetch=true", {"user": "u", "password": "a=b"}
    )


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


def test_values_keep_what_they_are(database: psycopg.Connection, tmp_path: Path) -> None:
    database.execute("drop table birth")
    database.execute(
        """
        create table birth as select now() as changed, 9007199254740993::bigint as long, 7::smallint as short,
            0.1::real as single, 1e22::float8 as double, 12345678901234567890.123456789::numeric as number,
            true as yes, null::int as none, date '0001-01-01' as first, timestamp '2024-03-01' as midnight,
            timestamp '1986-05-04 02:30:00.123456' as skipped, timestamptz '2024-01-01 00:00+00' as zoned,
            time '08:30' as clock, time '24:00' as end_of_day, timetz '08:30+08' as zoned_clock,
            'x'::"char" as letter, 'ab'::char(3) as padded, '<a/>'::xml as xml, '山东' as name
        """
    )
    read(Lake(tmp_path), a_source())
    (file,) = tmp_path.rglob("*.parquet")
    (row,) = pq.read_table(file).drop_columns("changed").to_pylist()
    assert row == {
        "long": "9007199254740993", "short": "7", "single": "0.1", "double": "10000000000000000000000",
        "number": "12345678901234567890.123456789", "yes": "true", "none": "", "first": "0001-01-01",
        # Clocks in Shanghai leapt over this half hour; a time without a zone does not care.
        "midnight": "2024-03-01", "skipped": "1986-05-04 02:30:00.123456",
        "zoned": "2024-01-01 08:00:00+08:00", "clock": "08:30:00", "end_of_day": "24:00:00",
        "zoned_clock": "08:30:00+08", "letter": "x", "padded": "ab ",
        "xml": "<a/>", "name": "山东",
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["timestamp", "date", "numeric"])
def test_a_watermark_may_be_of_another_kind(database: psycopg.Connection, tmp_path: Path, kind: str) -> None:
    """Rows of three days, then one of the fourth; the overlap reaches the third again."""
    days = {"numeric": "n"}.get(kind, "date '2025-03-01' + n")
    database.execute("drop table birth")
    database.execute(
        f"create table birth as select 10 + n as id, ({days})::{kind} as changed from generate_series(1, 3) n"
    )  # type: ignore[arg-type]
    lake, source = Lake(tmp_path), a_source(1 if kind == "numeric" else timedelta(days=1))
    assert read(lake, source) == ["11", "12", "13"]
    database.execute(f"insert into birth select 10 + n, ({days})::{kind} from generate_series(3, 4) n")  # type: ignore[arg-type]
    assert read(lake, source) == ["14"]
    (_, later) = extents_of(lake, source).values()
    assert later.kind == {"timestamp": "datetime", "date": "date", "numeric": "int"}[kind]


def test_names_are_taken_as_they_are_written(database: psycopg.Connection, tmp_path: Path) -> None:
    database.execute('drop schema if exists "Order" cascade; create schema "Order"')
    database.execute('create table "Order"."select ""x""" as select id, changed as "改于" from birth')
    source = a_source(table='Order.select "x"', watermark="改于")
    assert len(read(Lake(tmp_path), source) or []) == 12


def test_reading_changes_nothing_and_sees_one_state(
    database: psycopg.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = pq.ParquetWriter.write_batch

    def then_add(self: pq.ParquetWriter, *given: object) -> None:
        write(self, *given)
        add(database, range(20, 21))

    monkeypatch.setattr(pq.ParquetWriter, "write_batch", then_add)
    assert read(Lake(tmp_path), a_source()) == [f"{n:02}" for n in range(12)]
    with (
        pytest.raises(jdbc.DatabaseError, match="read-only transaction"),
        jdbc.connected(extract.address("health"), ZONE) as opened,
    ):
        opened.one("delete from birth returning id")


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


def test_a_full_disk_is_told(
    database: psycopg.Connection,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    given(monkeypatch, a_source())

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(pq.ParquetWriter, "write_batch", full)
    assert extract.run(["--lake", str(tmp_path)]) == 1
    assert "No space left on device (nothing was handed in" in capsys.readouterr().err
    assert not list(tmp_path.rglob("*.part"))


def test_settings_that_would_lose_rows_are_refused() -> None:
    for overlap in (timedelta(days=-1), -1):
        with pytest.raises(ValidationError, match="greater than or equal to"):
            a_source(overlap)
    with pytest.raises(ValidationError, match=r"\*\.csv does not take s_….parquet"):
        Source.model_validate({**a_source().model_dump(), "files": "*.csv"})


def test_nothing_to_read_is_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert extract.run(["--lake", str(tmp_path), "--source", "health_birth"]) == 2
    assert "health_birth" in capsys.readouterr().err
    assert extract.run(["--lake", str(tmp_path)]) == 2
    assert "no source has a database" in capsys.readouterr().err


def test_the_file_says_how_far_it_reads(database: psycopg.Connection, tmp_path: Path) -> None:
    lake, source = Lake(tmp_path), a_source()
    read(lake, source)
    ((file, extent),) = extents_of(lake, source).items()
    assert (extent.kind, extent.since, extent.through) == ("zoned", None, "2026-01-01 08:11:00+08:00")
    assert (
        json.loads((pq.read_metadata(file).metadata or {})[b"dingpan.extract"])["highest"] == extent.highest
    )
