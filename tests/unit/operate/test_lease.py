"""One writer at a time; a dead one's lease is taken over."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from jobs import daily
from jobs.lake.paths import Lake
from jobs.operate import lease

ROOT = Path(__file__).resolve().parents[3]
HOLD = (
    "import sys, time; from pathlib import Path; from jobs.lake.paths import Lake; from jobs.operate import lease\n"
    "with lease.hold(Lake(Path(sys.argv[1])), 'daily'): print('held', flush=True); time.sleep(60)"
)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    made = Lake(tmp_path / "lake")
    made.landing.mkdir(parents=True)
    return made


@pytest.fixture
def other(lake: Lake) -> subprocess.Popen[str]:
    """Another process that holds the lease."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(lake.root)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout and process.stdout.readline() == "held\n"
    return process


def test_a_second_one_is_refused_by_name(
    lake: Lake, other: subprocess.Popen[str], capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        found = lease.holder(lake)
        assert found and (found.job, found.pid) == ("daily", other.pid)
        assert daily.run(["--lake", str(lake.root)]) == 1
        told = capsys.readouterr().err
        assert (
            f"another run is at work on lake: daily, process {other.pid} on {os.uname().nodename}, since 20"
            in told
        )
    finally:
        other.kill()
        other.wait()


def test_a_dead_ones_lease_is_taken_over(lake: Lake, other: subprocess.Popen[str]) -> None:
    other.send_signal(signal.SIGKILL)
    other.wait()
    assert lease.holder(lake) is None
    with lease.hold(lake, "daily") as dead:
        assert dead and dead.pid == other.pid
        mine = lease.holder(lake)
        assert mine and mine.pid == os.getpid()


def test_it_is_let_go_after_a_failure_too(lake: Lake) -> None:
    with pytest.raises(ZeroDivisionError), lease.hold(lake, "daily"):
        raise ZeroDivisionError
    with lease.hold(lake, "vacuum") as dead:
        assert dead is None


def test_nobody_holds_the_lease_of_a_new_lake(tmp_path: Path) -> None:
    assert lease.holder(Lake(tmp_path)) is None
