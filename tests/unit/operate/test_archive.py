"""A backup comes back as it was, and a damaged one is refused."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import date
from pathlib import Path

import pytest

from jobs.lake.ledger import Ledger
from jobs.lake.paths import Lake
from jobs.operate import backup, lease, restore
from jobs.operate.archive import ArchiveError, backups, load, save
from tests.unit.operate import lakes


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    made = lakes.new(tmp_path)
    lakes.add_release(made, date(2026, 1, 31), {"2024": 1.0})
    delivery = made.landing / "health/birth/2026-01-10"
    delivery.mkdir(parents=True)
    (delivery / "出生.csv").write_text("a\n", encoding="utf-8")
    (delivery / "half.csv.part").write_text("a", encoding="utf-8")
    Ledger(made.ledger).start_run("r1")
    return made


def contents(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.suffix not in (".part", ".lock", ".db")
    }


def test_what_is_restored_is_what_was_backed_up(
    lake: Lake, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive, new = tmp_path / "archive", tmp_path / "new"
    assert backup.run(["--lake", str(lake.root), "--to", str(archive)]) == 0
    assert "release R20260131-0" in capsys.readouterr().out
    shutil.rmtree(lake.root / "gold" / "dataset")
    assert restore.run(["--from", str(archive), "--lake", str(new)]) == 0
    shutil.copytree(new / "gold" / "dataset", lake.root / "gold" / "dataset")
    assert contents(new) == contents(lake.root)
    assert lakes.values(Lake(new), "R20260131-0") == [1.0]
    assert [r["run_id"] for r in Ledger(Lake(new).ledger).runs(9)] == ["r1"]
    assert not list(new.rglob("*.part"))
    assert not Lake(new).lock.exists()


def test_a_second_backup_copies_what_is_new(lake: Lake, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    first, copied = save(archive, lake.root, "R1")
    assert 0 < copied <= first.bytes
    assert save(archive, lake.root, "R1")[1] == 0
    (lake.landing / "new.csv").write_text("new", encoding="utf-8")
    third, copied = save(archive, lake.root, "R1")
    assert copied == 3
    assert [b.id for b in backups(archive)][-1] == third.id
    assert [b.id[:6] for b in backups(archive)] == ["000001", "000002", "000003"]


def test_a_database_being_written_is_copied_whole(lake: Lake, tmp_path: Path) -> None:
    with sqlite3.connect(lake.ledger) as db:
        db.execute("pragma journal_mode = wal")
    archive, writer = tmp_path / "archive", sqlite3.connect(lake.ledger)
    save(archive, lake.root, "")
    writer.execute("update run set message = 'told'")
    writer.commit()
    # The change stands in the file beside the database only; size and time of the database are the same.
    made, _ = save(archive, lake.root, "")
    load(archive, made, tmp_path / "new")
    writer.close()
    run = Ledger(Lake(tmp_path / "new").ledger).run("r1")
    assert run and run["message"] == "told"


def test_the_store_goes_along(lake: Lake, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store, archive, new = tmp_path / "store.db", tmp_path / "archive", tmp_path / "new"
    with sqlite3.connect(store) as db:
        db.execute("create table person(name text)")
        db.execute("insert into person values ('张')")
    assert backup.run(["--lake", str(lake.root), "--to", str(archive), "--store", str(store)]) == 0
    assert restore.run(["--from", str(archive), "--lake", str(new)]) == 1
    assert "holds a store: say with --store" in capsys.readouterr().err
    back = tmp_path / "back" / "store.db"
    assert restore.run(["--from", str(archive), "--lake", str(new), "--store", str(back)]) == 0
    with sqlite3.connect(back) as db:
        assert db.execute("select name from person").fetchall() == [("张",)]


def test_damage_in_the_archive_is_found_and_leaves_nothing_behind(
    lake: Lake, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive, new = tmp_path / "archive", tmp_path / "new"
    made, _ = save(archive, lake.root, "")
    kept = next(f for f in made.files if f.path.endswith("出生.csv"))
    (archive / "objects" / kept.sha256[:2] / kept.sha256).write_bytes(b"b\n")
    assert restore.run(["--from", str(archive), "--lake", str(new)]) == 1
    assert (
        "health/birth/2026-01-10/出生.csv: its content in the archive is damaged" in capsys.readouterr().err
    )
    (archive / "objects" / kept.sha256[:2] / kept.sha256).unlink()
    with pytest.raises(ArchiveError, match="missing from the archive"):
        load(archive, made, new)
    assert not new.exists()
    assert not list(tmp_path.glob(".new*"))


def test_nothing_is_written_over(lake: Lake, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save(tmp_path / "archive", lake.root, "")
    assert restore.run(["--from", str(tmp_path / "archive"), "--lake", str(lake.root)]) == 1
    assert "lake: is there already" in capsys.readouterr().err


def test_a_drill_opens_every_release_and_tells_the_time(
    lake: Lake, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = tmp_path / "archive"
    save(archive, lake.root, "R")
    assert restore.run(["--from", str(archive), "--drill"]) == 0
    assert "1 releases, 5 table versions opened, 0 damaged" in capsys.readouterr().out
    shutil.rmtree(lake.gold("catalogue"))
    save(archive, lake.root, "R")
    assert restore.run(["--from", str(archive), "--drill"]) == 1
    assert "damaged: R20260131-0: catalogue" in capsys.readouterr().err
    assert {p.name for p in archive.iterdir()} == {"objects", "backups"}


@pytest.mark.parametrize(
    ("words", "problem"),
    [(["--from", "x"], "say one of"), (["--from", "x", "--list", "--drill"], "say one of")],
)
def test_wrong_use_is_one_line(words: list[str], problem: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        restore.run(words)
    assert stopped.value.code == 2
    told = capsys.readouterr().err
    assert problem in told and told.count("\n") == 1


def test_no_backup_into_the_lake_nor_while_a_run_is_at_work(
    lake: Lake, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert backup.run(["--lake", str(lake.root), "--to", str(lake.root / "backups")]) == 2
    with lease.hold(lake, "daily"):
        assert backup.run(["--lake", str(lake.root), "--to", str(tmp_path / "archive")]) == 1
    assert "another run is at work" in capsys.readouterr().err
