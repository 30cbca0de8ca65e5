"""Entries are tried, timed, and followed by what depends on them."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from conf.schedule import Entry
from jobs.operate import schedule as job
from jobs.operate.start import Outcome, once, start, tried


def entry(**given: Any) -> Entry:
    return Entry.model_validate({"job": "status", "cron": "0 1 * * *", "timeout_minutes": 1, **given})


def script(*codes: int, folder: Path) -> Any:
    """A command that ends with these codes, one after another."""
    count = folder / "count"
    text = (
        f"import sys, pathlib; p = pathlib.Path({str(count)!r}); n = int(p.read_text()) if p.exists() else 0;"
        f"p.write_text(str(n + 1)); sys.exit({list(codes)}[n])"
    )
    return lambda _: [sys.executable, "-c", text]


def test_tried_again_with_longer_waits_until_it_ends_well(tmp_path: Path) -> None:
    waits: list[float] = []
    made = script(1, 1, 0, folder=tmp_path)
    outcome = tried("e", entry(retries=3, backoff_minutes=5), waits.append, made)
    assert outcome == Outcome(True, "exit code 0", 3)
    assert waits == [300, 600]


def test_given_up_when_the_retries_are_used_up(tmp_path: Path) -> None:
    assert tried("e", entry(retries=1), lambda _: None, script(1, 1, folder=tmp_path)) == Outcome(
        False, "exit code 1", 2
    )


@pytest.mark.parametrize(("good", "ends_well"), [((0,), False), ((0, 2), True)])
def test_bad_input_is_not_tried_again(tmp_path: Path, good: tuple[int, ...], ends_well: bool) -> None:
    outcome = tried("e", entry(retries=3, good_codes=good), pytest.fail, script(2, folder=tmp_path))
    assert outcome == Outcome(ends_well, "exit code 2", 1)


def test_a_job_whose_time_is_up_is_ended_with_its_children(tmp_path: Path) -> None:
    text = (
        "import subprocess, sys, time, pathlib;"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
        "pathlib.Path(sys.argv[1]).write_text(str(child.pid)); time.sleep(60)"
    )
    note, started = tmp_path / "pid", time.monotonic()
    assert once([sys.executable, "-c", text, str(note)], 1.0) is None
    assert time.monotonic() - started < 8
    assert not _is_alive(int(note.read_text()))


def _is_alive(pid: int) -> bool:
    for _ in range(50):
        try:
            os.kill(pid, 0)
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return False
        except (ProcessLookupError, FileNotFoundError):
            return False
        time.sleep(0.1)
    return True


DIAMOND = {
    "a": entry(),
    "b": entry(cron=None, after=["a"]),
    "c": entry(cron=None, after=["a"]),
    "d": entry(cron=None, after=["b", "c"]),
}


@pytest.mark.parametrize(("bad", "ran"), [("", ["a", "b", "c", "d"]), ("b", ["a", "b", "c"]), ("a", ["a"])])
def test_what_comes_after_is_started_when_all_before_it_ended_well(bad: str, ran: list[str]) -> None:
    seen: list[str] = []
    failures: list[str] = []

    def run(name: str, _: Entry) -> Outcome:
        seen.append(name)
        return Outcome(name != bad, "", 1)

    assert start("a", DIAMOND, run, lambda name, *_: failures.append(name)) is (not bad)
    assert seen == ran
    assert failures == ([bad] if bad else [])


def test_an_unknown_entry_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert job.run(["start", "nightli"]) == 2
    assert "no entry 'nightli' (one of nightly, " in capsys.readouterr().err


def test_a_day_off_starts_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(job, "is_working_day", lambda _: False)
    monkeypatch.setattr(job, "_started", lambda *_: pytest.fail("started"))
    assert job.run(["start", "morning_status", "--if-working-day"]) == 0
    assert "is a day off" in capsys.readouterr().out


def test_an_entry_that_failed_is_told_once_a_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(job, "tried", lambda *_: Outcome(False, "exit code 1", 3))
    for _ in range(2):
        assert job.run(["start", "nightly"]) == 1
    log = (tmp_path / "out" / "lake" / "ops" / "outbox.log").read_text(encoding="utf-8")
    assert log.count("任务 daily 试了 3 次，最后一次：exit code 1") == 1
    assert "schedule start nightly 补跑" in log
