"""Lost connections, files and clocks: nothing is lost, nothing is handed in twice."""

from __future__ import annotations

import errno
import os
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pyarrow.parquet as pq
import pytest
from pydantic import ValidationError

from conf import ConfError
from conf.source_files import Source
from jobs import extract
from jobs.lake import jdbc
from jobs.lake.paths import Lake
from tests.extraction import a_source, add, extents_of, given, read


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
