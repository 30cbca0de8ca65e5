"""The daily run around its steps: what it records, tells and refuses. The steps are faked."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable
from datetime import datetime, tzinfo
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from conf import ConfError
from jobs import daily
from jobs.lake import ledger as ledgers
from jobs.lake.ledger import Ledger
from jobs.lake.paths import Lake
from jobs.operate import rerun, runs

Steps = Callable[[Ledger, str], int]


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    made = Lake(tmp_path / "lake")
    delivery = made.landing / "health/birth/2026-01-10"
    delivery.mkdir(parents=True)
    (delivery / "a.csv").write_text("a", encoding="utf-8")
    return made


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Callable[[Steps], None]:
    """Put these steps in the place of the real ones, without Spark."""

    def use(work: Steps) -> None:
        class Fake:
            def __init__(self, _lake: Lake, ledger: Ledger, _plan: Any, run_id: str, *_: Any) -> None:
                self.ledger, self.run_id = ledger, run_id

            def run(self, _master: str | None, fingerprint: str) -> int:
                code = work(self.ledger, self.run_id)
                self.ledger.set_built("release", fingerprint, self.run_id)
                return code

        monkeypatch.setitem(sys.modules, "jobs.daily_steps", SimpleNamespace(Daily=Fake))

    return use


def run(lake: Lake, *words: str) -> int:
    return daily.run(["--lake", str(lake.root), *(words or ("--as-of", "2026-01-31"))])


def done(ledger: Ledger, run_id: str) -> int:
    ledger.end_run(run_id, outcome="done", exit_code=0, release_id=f"R-{run_id[-8:]}")
    return 0


def full(ledger: Ledger, run_id: str) -> int:
    with ledger.step(run_id, 2, "ingest"):
        raise OSError(28, "No space left on device", "silver/health_birth")


def test_a_failure_is_recorded_explained_and_told(
    lake: Lake, steps: Callable[[Steps], None], capsys: pytest.CaptureFixture[str]
) -> None:
    steps(full)
    assert run(lake) == 1
    (row,) = Ledger(lake.ledger).runs(9)
    assert (row["outcome"], row["error"], row["place"]) == ("failed", "no_space", "silver/health_birth")
    assert f"runs --why {row['run_id']}" in capsys.readouterr().err
    assert "OSError" in lake.failure(row["run_id"]).read_text(encoding="utf-8")
    assert "步骤“ingest”失败：磁盘空间不足。位置：silver/health_birth" in told(lake)
    assert runs.run(["--lake", str(lake.root), "--why", "last"]) == 0
    assert f"in full  ops/failures/{row['run_id']}.txt" in capsys.readouterr().out


def test_a_disk_too_full_for_the_ledger_is_told_all_the_same(
    lake: Lake,
    steps: Callable[[Steps], None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def cannot(*_: Any, **__: Any) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    steps(full)
    monkeypatch.setattr(Ledger, "end_run", cannot)
    assert run(lake) == 1
    assert "daily: failed: database or disk is full: the disk is full. Free space" in capsys.readouterr().err
    assert Ledger(lake.ledger).runs(1)[0]["outcome"] == "running"
    monkeypatch.undo()
    steps(done)
    assert run(lake) == 0
    assert [r["outcome"] for r in Ledger(lake.ledger).runs(9)] == ["done", "killed"]


def told(lake: Lake) -> str:
    return (lake.root / "ops" / "outbox.log").read_text(encoding="utf-8")


def test_a_wrong_setting_is_recorded_with_its_key(lake: Lake, steps: Callable[[Steps], None]) -> None:
    def refuses(_ledger: Ledger, _run_id: str) -> int:
        raise ConfError(["themes/x/contract.yaml: tables.t: what is wrong"])

    steps(refuses)
    with pytest.raises(ConfError):
        run(lake)
    (row,) = Ledger(lake.ledger).runs(9)
    assert (row["error"], row["exit_code"]) == ("settings", 2)
    assert row["place"] == "themes/x/contract.yaml: tables.t"


def test_a_run_stopped_by_hand_is_recorded(lake: Lake, steps: Callable[[Steps], None]) -> None:
    def stopped(_ledger: Ledger, _run_id: str) -> int:
        raise KeyboardInterrupt

    steps(stopped)
    with pytest.raises(KeyboardInterrupt):
        run(lake)
    assert Ledger(lake.ledger).runs(9)[0]["error"] == "interrupted"


def test_a_clock_that_jumps_mixes_up_no_runs(
    lake: Lake, steps: Callable[[Steps], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    steps(done)
    seen = []
    for year in (2026, 2099, 2001, 2001):

        class Clock(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> Clock:
                return cls(year, 1, 31, 12, tzinfo=tz)  # noqa: B023

        for module in (daily, ledgers):
            monkeypatch.setattr(module, "datetime", Clock)
        # Another file each time, so that there is something to do.
        (lake.landing / "health/birth/2026-01-10" / f"{len(seen)}.csv").write_text(str(len(seen)))
        assert run(lake) == 0
        seen.append(Ledger(lake.ledger).runs(1)[0]["run_id"])
    assert len(set(seen)) == 4
    assert [r["run_id"] for r in Ledger(lake.ledger).runs(9)] == seen[::-1]
    assert {r["outcome"] for r in Ledger(lake.ledger).runs(9)} == {"done"}


def test_days_that_are_done_are_left_out_until_a_late_file_arrives(
    lake: Lake, steps: Callable[[Steps], None], capsys: pytest.CaptureFixture[str]
) -> None:
    steps(done)
    days = ("--from", "2026-01-10", "--to", "2026-01-12")
    assert run(lake, *days) == 0
    assert [r["outcome"] for r in Ledger(lake.ledger).runs(9)] == ["nothing_new", "nothing_new", "done"]
    assert run(lake, *days) == 0
    assert len(Ledger(lake.ledger).runs(9)) == 3
    (lake.landing / "health/birth/2026-01-10" / "late.csv").write_text("late", encoding="utf-8")
    assert run(lake, *days) == 0
    assert len(Ledger(lake.ledger).runs(9)) == 6


def test_a_rerun_takes_day_and_profile_and_tells_of_other_code(
    lake: Lake,
    steps: Callable[[Steps], None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    steps(done)
    run(lake)
    first = Ledger(lake.ledger).runs(1)[0]["run_id"]
    assert run(lake) == 0
    assert rerun.run([first, "--lake", str(lake.root)]) == 0
    assert "figures may differ" not in capsys.readouterr().out
    assert [r["outcome"] for r in Ledger(lake.ledger).runs(9)] == ["done", "nothing_new", "done"]
    assert {(r["as_of"], r["profile"]) for r in Ledger(lake.ledger).runs(9)} == {("2026-01-31", "demo")}
    monkeypatch.setattr(rerun, "code_version", lambda: "another")
    assert rerun.run(["last", "--lake", str(lake.root)]) == 0
    assert "figures may differ" in capsys.readouterr().out
    assert rerun.run(["1999", "--lake", str(lake.root)]) == 2


def test_the_next_run_notes_that_the_one_before_was_killed(
    lake: Lake, steps: Callable[[Steps], None]
) -> None:
    steps(done)
    Ledger(lake.ledger).start_run("20260101T000000-dead", job="daily", as_of="2026-01-01")
    assert run(lake) == 0
    assert [r["outcome"] for r in Ledger(lake.ledger).runs(9)] == ["done", "killed"]


def test_a_file_that_no_source_claims_is_bad_input_until_it_has_been_told(
    lake: Lake, steps: Callable[[Steps], None], capsys: pytest.CaptureFixture[str]
) -> None:
    steps(done)
    assert run(lake) == 0
    stray = lake.landing / "health/birth/2026-1-11/b.csv"
    stray.parent.mkdir()
    stray.write_text("b", encoding="utf-8")
    assert run(lake) == 2
    assert "not read: health/birth/2026-1-11/b.csv: FOLDER_NO_DATE" in capsys.readouterr().err
    row = Ledger(lake.ledger).runs(1)[0]
    assert (row["outcome"], row["exit_code"]) == ("bad_input", 2)
    assert row["message"].startswith("health/birth/2026-1-11/b.csv: its folder '2026-1-11'")
    assert run(lake) == 0
    assert Ledger(lake.ledger).strays() == {"health/birth/2026-1-11/b.csv"}
    stray.unlink()
    assert run(lake) == 0
    assert Ledger(lake.ledger).strays() == set()
