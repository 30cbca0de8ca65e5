"""What the ledger tells of runs."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from deltalake import write_deltalake

from jobs.lake import ledger as ledgers
from jobs.lake.ledger import Ledger
from jobs.lake.paths import Lake
from jobs.operate import lease, runs


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """A run that was done, one that failed for want of space, one that was killed, all begun in this order."""
    made = Lake(tmp_path / "lake")
    ledger = Ledger(made.ledger)
    common = {"job": "daily", "profile": "demo", "code_version": "c"}
    ledger.start_run("20260101T000000-aaaa", as_of="2026-01-01", fingerprint="f", **common)
    ledger.end_run("20260101T000000-aaaa", outcome="done", release_id="R1", received=10, accepted=9)
    ledger.start_run("20260102T000000-bbbb", as_of="2026-01-02", fingerprint="f", **common)
    with pytest.raises(OSError, match="space"), ledger.step("20260102T000000-bbbb", 1, "ingest"):
        raise OSError("no space")
    ledger.end_run(
        "20260102T000000-bbbb", outcome="failed", exit_code=1, message="No space left", error="no_space",
        place="silver/health_birth",
    )  # fmt: skip
    ledger.start_run("20251231T000000-cccc", as_of="2026-01-03", **common)
    ledger._insert(
        "step", {"run_id": "20251231T000000-cccc", "position": 4, "name": "forecasts", "outcome": "running"}
    )
    return made


def told(lake: Lake, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert runs.run(["--lake", str(lake.root), *words]) == 0
    return capsys.readouterr().out


def test_runs_stand_as_they_were_begun_whatever_their_clock_said(
    lake: Lake, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = told(lake, capsys).splitlines()
    assert [line[-0:26].strip()[-4:] for line in lines[1:]] == ["cccc", "bbbb", "aaaa"]
    assert [line.split()[2] for line in lines[1:]] == ["killed", "failed", "done"]
    assert lines[3].endswith("R1")


def test_why_names_step_place_cause_and_remedy(lake: Lake, capsys: pytest.CaptureFixture[str]) -> None:
    text = told(lake, capsys, "--why", "20260102")
    assert "step     ingest" in text
    assert "where    silver/health_birth" in text
    assert "why      no_space: 磁盘空间不足 · the disk is full" in text
    assert "do       先清理磁盘" in text


def test_why_a_killed_run_tells_the_step_it_was_at(lake: Lake, capsys: pytest.CaptureFixture[str]) -> None:
    text = told(lake, capsys, "--why", "last")
    assert text.splitlines()[0].endswith(": killed")
    assert "step     forecasts" in text
    assert "why      killed:" in text


def test_a_run_at_work_is_told_as_running(lake: Lake, capsys: pytest.CaptureFixture[str]) -> None:
    with lease.hold(lake, "daily"):
        lines = told(lake, capsys).splitlines()
    assert lines[1].split()[2] == "running"
    assert lines[-1].startswith("at work: daily, process ")


def test_the_next_holder_of_the_lease_closes_killed_runs(lake: Lake) -> None:
    assert Ledger(lake.ledger).close_killed() == ["20251231T000000-cccc"]
    assert [r["outcome"] for r in Ledger(lake.ledger).runs(9)] == ["killed", "failed", "done"]
    assert [s["outcome"] for s in Ledger(lake.ledger).steps("20251231T000000-cccc")] == ["killed"]


@pytest.mark.parametrize("wanted", ["2026", "1999"])
def test_an_id_that_fits_no_single_run_is_refused(
    lake: Lake, wanted: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert runs.run(["--lake", str(lake.root), "--why", wanted]) == 2
    assert "the newest are 20251231T000000-cccc" in capsys.readouterr().err


def test_a_lake_without_runs_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert runs.run(["--lake", str(tmp_path)]) == 2
    assert "no run in" in capsys.readouterr().err
    assert not (tmp_path / "ops").exists()


def test_a_clock_set_back_during_a_run_makes_no_negative_time(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = Ledger(lake.ledger)
    ledger.start_run("20260104T000000-dddd", as_of="2026-01-04", job="daily", profile="demo")
    monkeypatch.setattr(ledgers, "now", lambda: datetime(2001, 1, 1, tzinfo=UTC).isoformat())
    ledger.end_run("20260104T000000-dddd", outcome="done")
    assert told(lake, capsys).splitlines()[1].split()[3] == "—"


def test_a_day_is_done_when_a_run_of_the_same_inputs_ended(lake: Lake) -> None:
    ledger = Ledger(lake.ledger)
    done = ledger.ended("2026-01-01", "f")
    assert done and done["run_id"] == "20260101T000000-aaaa"
    assert ledger.ended("2026-01-02", "f") is None, "it failed"
    assert ledger.ended("2026-01-01", "g") is None, "other inputs"


def test_why_bad_input_names_the_rows(lake: Lake, capsys: pytest.CaptureFixture[str]) -> None:
    ledger = Ledger(lake.ledger)
    ledger.start_run("20260105T000000-eeee", job="daily", as_of="2026-01-05", profile="demo")
    ledger.end_run("20260105T000000-eeee", outcome="bad_input", message="health/b/a.csv: too many bad rows")
    rule = {
        "file": "health/b/a.csv", "severity": "quarantine", "first_row": 7, "column": "sex", "code": "CODE_UNKNOWN",
        "rows": 3, "message_zh": "代码不在代码表中",
    }  # fmt: skip
    rows = [rule, rule | {"file": "other.csv"}, rule | {"severity": "warn", "code": "ODD"}]
    write_deltalake(str(lake.gold("quality_rule")), pl.DataFrame(rows))
    text = told(lake, capsys, "--why", "last")
    assert "rows     health/b/a.csv: row 7, column sex: CODE_UNKNOWN (3 rows) 代码不在代码表中" in text
    assert "other.csv" not in text and "ODD" not in text
    assert "why      bad_input" in text and "重新交付" in text
