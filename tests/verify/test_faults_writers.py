"""Two daily runs on one lake: the second is refused by name; with the lease taken away neither does harm unseen."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from jobs import daily
from jobs.lake import tables
from jobs.lake.ledger import Ledger
from jobs.lake.paths import Lake
from tests.spark import killing
from tests.spark.process import started
from tests.verify import fault_lakes
from tests.verify.fault_lakes import AS_OF
from tests.verify.fault_plan import Sent
from tests.verify.serving import served_throughout, shown_as_of_now

pytestmark = [pytest.mark.verify, pytest.mark.spark]


@pytest.fixture(scope="module")
def released(
    first_release: Lake, handed_in: tuple[Sent, ...], tmp_path_factory: pytest.TempPathFactory
) -> Lake:
    """A lake with a release, and with deliveries that nobody has read yet."""
    lake = killing.copy(first_release, tmp_path_factory.mktemp("released") / "lake")
    fault_lakes.put(lake, (file for file in handed_in if file.day.year < 2026))
    return lake


@pytest.fixture(scope="module")
def one_by_one(
    released: Lake, handed_in: tuple[Sent, ...], tmp_path_factory: pytest.TempPathFactory
) -> list[dict[str, str]]:
    """What is shown at first, after a run of some deliveries, and after another run of all."""
    lake = killing.copy(released, tmp_path_factory.mktemp("one_by_one") / "lake")
    shown = [shown_as_of_now(lake)]
    for files in ((), handed_in):
        fault_lakes.put(lake, files)
        killing.run_again(lake, AS_OF)
        shown.append(shown_as_of_now(lake))
    return shown


def wait_for(reached: Callable[[], bool]) -> None:
    end = time.monotonic() + 600
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_second_run_is_refused_and_told_who_is_at_work(
    released: Lake, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lake = killing.copy(released, tmp_path / "lake")
    with started(["daily", *killing.options(lake, AS_OF)], tmp_path / "first.log") as first:
        wait_for(lambda: tables.version(lake.bronze("health_birth")) > 0)
        with served_throughout(lake):
            assert daily.run(killing.options(lake, AS_OF)) == 1
        assert f"another run is at work on lake: daily, process {first.pid} on " in capsys.readouterr().err
        assert first.wait(900) == 0
    assert killing.outcomes(lake) == ["done", "done"]


@pytest.mark.parametrize("moment", ["between its commits", "in its indicators"])
def test_when_the_lease_is_taken_away_nothing_wrong_is_shown(
    moment: str, released: Lake, handed_in: tuple[Sent, ...], one_by_one: list[dict[str, str]], tmp_path: Path
) -> None:
    """The first run has read fewer deliveries than the second and goes on writing beside it."""
    lake = killing.copy(released, tmp_path / "lake")
    log = tmp_path / "first.log"
    points = {
        "between its commits": lambda: tables.version(lake.silver("health_birth")) > 0,
        "in its indicators": lambda: "] indicators" in log.read_text(encoding="utf-8"),
    }
    with started(["daily", *killing.options(lake, AS_OF)], log) as first:
        wait_for(points[moment])
        lake.lock.unlink()
        fault_lakes.put(lake, handed_in)
        second = daily.run(killing.options(lake, AS_OF))
        codes = (first.wait(900), second)
    ended = Ledger(lake.ledger).runs(2)
    print(moment, codes, [(r["outcome"], r["error"], r["message"]) for r in ended])
    assert set(codes) <= {0, 1}
    for run in ended:
        assert run["outcome"] == "done" or run["error"] == "two_writers", run
    assert shown_as_of_now(lake) in one_by_one, "a mixture of two runs"
    # The first did not know of the newest deliveries, so it must not have the last word.
    assert daily.run(killing.options(lake, AS_OF)) == 0
    assert shown_as_of_now(lake) == one_by_one[-1]
    shutil.rmtree(lake.root)
