"""What is new in a really started PostgreSQL becomes a delivery, whole or not at all."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pyarrow.parquet as pq
import pytest

from conf import ConfError
from jobs import extract
from jobs.lake import jdbc, landing
from jobs.lake.paths import Lake
from tests.extraction import ZONE, a_source, add, extents_of, given, read


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
