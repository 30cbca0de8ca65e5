"""Releases are ordered, shown again, dropped; and with them the files that only they name."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from deltalake import DeltaTable

from cockpit.gold import open_lake
from conf.operations import Retention
from jobs import daily
from jobs.lake import releases, tables
from jobs.lake.paths import Lake
from jobs.operate import lease, release, vacuum
from jobs.operate.backfill import shown_again
from jobs.operate.keeping import reasons
from jobs.operate.release_rows import NoReleaseError, restore
from tests.unit.operate import lakes

TODAY = date(2026, 3, 1)
JANUARY, FEBRUARY = date(2026, 1, 31), date(2026, 2, 1)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """Two releases, the second made when the clock had been set back by a year."""
    made = lakes.new(tmp_path)
    lakes.add_release(made, JANUARY, {"2024": 1.0}, datetime(2026, 2, 1, tzinfo=UTC))
    lakes.add_release(made, FEBRUARY, {"2024": 2.0}, datetime(2025, 2, 2, tzinfo=UTC))
    return made


def ids(lake: Lake) -> list[str]:
    return [row["release_id"] for row in releases.newest_first(lake)]


def test_releases_stand_as_they_were_written_whatever_the_clock_said(lake: Lake) -> None:
    assert ids(lake) == ["R20260201-1", "R20260131-0"]
    assert open_lake(lake.root).release().release_id == "R20260201-1"


def test_a_restored_release_is_what_the_cockpit_shows(lake: Lake, capsys: pytest.CaptureFixture[str]) -> None:
    reader = open_lake(lake.root)
    assert reader.release().release_id == "R20260201-1"
    assert release.run(["restore", "R20260131-0", "--lake", str(lake.root)]) == 0
    new = reader.release()
    assert new.as_of == JANUARY
    assert lakes.values(lake, new.release_id) == lakes.values(lake, "R20260131-0") == [1.0]
    assert releases.newest_first(lake)[0]["restores"] == "R20260131-0"
    listed = capsys.readouterr().out
    assert "readers see R20260131-0 (as of 2026-01-31) again" in listed
    assert release.run(["list", "--lake", str(lake.root)]) == 0
    assert f"{new.release_id}" in capsys.readouterr().out.splitlines()[1]


def test_a_row_of_an_earlier_version_comes_last_and_can_be_restored(tmp_path: Path) -> None:
    lake = lakes.new(tmp_path)
    lakes.add_release(lake, JANUARY, {"2024": 1.0})
    path = str(lake.gold("release"))
    import polars as pl
    from deltalake import write_deltalake

    old = pl.read_delta(path).drop("number", "restores")
    write_deltalake(path, old, mode="overwrite", schema_mode="overwrite")
    assert ids(lake) == ["R20260131-0"]
    new = restore(lake, "R20260131-0")
    assert ids(lake) == [new, "R20260131-0"]
    assert open_lake(lake.root).release().release_id == new


def test_a_release_whose_files_are_gone_is_not_restored(
    lake: Lake, capsys: pytest.CaptureFixture[str]
) -> None:
    for file in DeltaTable(str(lake.gold("quality")), version=0).file_uris():
        Path(file).unlink()
    assert release.run(["restore", "R20260131-0", "--lake", str(lake.root)]) == 1
    assert "files of quality are gone" in capsys.readouterr().err
    assert len(ids(lake)) == 2
    assert release.run(["show", "R20260131-0", "--lake", str(lake.root)]) == 0
    assert "version 0  files are gone" in capsys.readouterr().out


def test_an_unknown_release_is_refused(lake: Lake, capsys: pytest.CaptureFixture[str]) -> None:
    assert release.run(["restore", "R1", "--lake", str(lake.root)]) == 2
    assert "no release 'R1': the newest are R20260201-1, R20260131-0" in capsys.readouterr().err
    with pytest.raises(NoReleaseError, match="no release 'R1'"):
        restore(lake, "R1")


def test_nothing_is_restored_or_vacuumed_while_a_run_is_at_work(lake: Lake) -> None:
    before = ids(lake)
    with lease.hold(lake, "daily"):
        assert release.run(["restore", "R20260131-0", "--lake", str(lake.root)]) == 1
        assert vacuum.run(["--lake", str(lake.root)]) == 1
    assert ids(lake) == before


def test_after_runs_of_past_days_the_latest_day_is_shown_again(lake: Lake) -> None:
    with shown_again(lake, TODAY):
        lakes.add_release(lake, date(2025, 12, 31), {"2024": 0.0})
    newest = releases.newest_first(lake)[0]
    assert (newest["as_of"], newest["restores"]) == (FEBRUARY, "R20260201-1")
    with shown_again(lake, TODAY):
        lakes.add_release(lake, date(2026, 2, 2), {"2024": 3.0})
    assert releases.newest_first(lake)[0]["as_of"] == date(2026, 2, 2)


def test_several_days_that_were_killed_and_taken_up_again_end_with_the_latest_day_too(lake: Lake) -> None:
    lakes.add_release(lake, date(2025, 12, 30), {"2024": 0.0})
    with shown_again(lake, TODAY):
        lakes.add_release(lake, date(2025, 12, 31), {"2024": 0.0})
    assert releases.newest_first(lake)[0]["restores"] == "R20260201-1"


def test_what_somebody_restored_is_shown_again_rather_than_the_latest_day(lake: Lake) -> None:
    chosen = restore(lake, "R20260131-0")
    with shown_again(lake, TODAY):
        lakes.add_release(lake, date(2025, 12, 31), {"2024": 0.0})
    assert releases.newest_first(lake)[0]["restores"] == chosen


def test_a_release_of_a_day_to_come_is_not_shown_again(lake: Lake) -> None:
    lakes.add_release(lake, date(2099, 1, 1), {"2024": 9.0})
    with shown_again(lake, TODAY):
        lakes.add_release(lake, date(2025, 12, 31), {"2024": 0.0})
    assert releases.newest_first(lake)[0]["restores"] == "R20260201-1"


def test_a_clock_before_the_newest_release_is_not_trusted(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lake.landing.mkdir()
    monkeypatch.setattr(daily, "today", lambda: date(2025, 1, 1))
    monkeypatch.setattr(daily, "one_day", lambda *_: 0)
    assert daily.run(["--lake", str(lake.root)]) == 2
    assert "the clock says 2025-01-01, but release R20260201-1 is as of 2026-02-01" in capsys.readouterr().err
    assert daily.run(["--lake", str(lake.root), "--as-of", "2025-01-01"]) == 0
    monkeypatch.setattr(daily, "today", lambda: FEBRUARY)
    assert daily.run(["--lake", str(lake.root)]) == 0


def rows_of(days: list[date]) -> list[dict[str, Any]]:
    """Releases written on these days, newest first."""
    return [{"release_id": f"R{n}", "as_of": day} for n, day in enumerate(days)][::-1]


def test_ninety_days_and_month_ends_stay() -> None:
    first = date(2025, 1, 1)
    days = [first + timedelta(days=n) for n in range(400)]
    kept = reasons(rows_of(days), Retention(daily=90, month_ends=True))
    assert kept["R399"] == "newest"
    assert [name for name, why in kept.items() if why == "daily"] == [f"R{n}" for n in range(398, 309, -1)]
    ends = {days[int(name[1:])] for name, why in kept.items() if why == "month end"}
    assert ends == {date(2025, m + 1, 1) - timedelta(days=1) for m in range(1, 11)} | {date(2025, 10, 31)}
    assert set(reasons(rows_of(days), Retention(daily=2, month_ends=False))) == {"R399", "R398"}


def test_a_jump_of_the_clock_drops_no_daily_release() -> None:
    days = [date(2026, 1, n) for n in range(1, 11)]
    policy = Retention(daily=10, month_ends=False)
    assert len(reasons(rows_of(days), policy)) == 10
    assert len(reasons(rows_of([*days, date(2099, 1, 1)]), policy)) == 10
    # The newest stays although its day is an old one.
    assert reasons(rows_of([*days, date(2020, 1, 1)]), policy)["R10"] == "newest"


def test_all_releases_of_a_day_that_stays_stay() -> None:
    days = [date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 2)]
    assert set(reasons(rows_of(days), Retention(daily=1, month_ends=False))) == {"R1", "R2"}


@pytest.fixture
def five(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lake:
    """Five releases, of which the policy keeps the last two days and the end of January."""
    made = lakes.new(tmp_path)
    for n, day in enumerate(["2026-01-30", "2026-01-31", "2026-02-01", "2026-02-02", "2026-02-03"]):
        lakes.add_release(made, date.fromisoformat(day), {"2024": float(n)})
    policy = Retention(daily=2, month_ends=True)
    monkeypatch.setattr(vacuum, "operations", lambda: type("O", (), {"retention": policy}))
    return made


def files(lake: Lake) -> set[Path]:
    return set(lake.root.rglob("*.parquet"))


def test_vacuum_keeps_what_releases_name_and_removes_the_rest(five: Lake) -> None:
    before = {row["release_id"]: row for row in releases.newest_first(five)}
    named = {
        name: {
            file
            for table in ("gold/indicator", f"bronze/{lakes.BRONZE}")
            for file in DeltaTable(
                str(five.root / table),
                version=row["tables"]["indicator" if "gold" in table else f"bronze.{lakes.BRONZE}"],
            ).file_uris()
        }
        for name, row in before.items()
    }
    assert vacuum.run(["--lake", str(five.root)]) == 0
    assert ids(five) == ["R20260203-4", "R20260202-3", "R20260131-1"]
    for name, expected in (("R20260203-4", 4.0), ("R20260202-3", 3.0), ("R20260131-1", 1.0)):
        assert lakes.values(five, name) == [expected]
        assert all(Path(file).is_file() for file in named[name])
    for name in ("R20260130-0", "R20260201-2"):
        assert not any(Path(file).is_file() for file in named[name])
    after = files(five)
    assert vacuum.run(["--lake", str(five.root)]) == 0
    assert files(five) == after, "a second one finds nothing more"


def test_a_dry_run_removes_nothing(five: Lake, capsys: pytest.CaptureFixture[str]) -> None:
    before = files(five)
    assert vacuum.run(["--dry-run", "--lake", str(five.root)]) == 0
    assert files(five) == before and len(ids(five)) == 5
    assert "2 releases would be dropped, 3 stay" in capsys.readouterr().out


def test_files_that_a_killed_run_left_behind_go(five: Lake) -> None:
    vacuum.run(["--lake", str(five.root)])
    stray = five.gold("indicator") / "part-left-behind.parquet"
    stray.write_bytes(b"half")
    vacuum.run(["--lake", str(five.root)])
    assert not stray.exists()


def test_a_table_that_lost_a_file_is_left_alone(five: Lake, capsys: pytest.CaptureFixture[str]) -> None:
    for file in DeltaTable(str(five.gold("indicator")), version=1).file_uris():
        Path(file).unlink()
    before = {f for f in files(five) if f.is_relative_to(five.gold("indicator"))}
    assert vacuum.run(["--lake", str(five.root)]) == 1
    assert "left alone: gold/indicator: version 1: part-" in capsys.readouterr().err
    assert {f for f in files(five) if f.is_relative_to(five.gold("indicator"))} == before
    assert not lakes.new(five.root).root.exists()


def test_tables_of_earlier_versions_are_told_to_keep_their_history(five: Lake) -> None:
    vacuum.run(["--lake", str(five.root)])
    for path in tables.all_versions(five):
        assert tables.KEPT.items() <= DeltaTable(str(path)).metadata().configuration.items()
    log = five.gold("indicator") / "_delta_log"
    assert "interval 36500 days" in json.dumps([p.read_text() for p in sorted(log.glob("*.json"))[-1:]])
