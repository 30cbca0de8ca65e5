"""The daily job killed at the start of every step, and right after commits in the middle of one.

On a lake that has nothing yet, and when second deliveries arrive in a lake that has a release.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from jobs import daily
from jobs.lake import tables
from jobs.lake.paths import Lake
from tests.spark import killing

pytestmark = [pytest.mark.verify, pytest.mark.spark]

STEPS = ("inspect", "ingest", "indicators", "forecasts", "warnings", "catalogue", "targets", "release")
# With prices, so that there are warnings.
TABLES = (*killing.TABLES, "agriculture_market_price")
# Those in the middle of a step; after the others the next step begins.
COMMITS = (
    "bronze/public_security_person", "silver/public_security_person", "quarantine/public_security_person",
    "silver/person", "gold/quality", "gold/forecast", "gold/backtest", "gold/warning", "gold/catalogue",
)  # fmt: skip


@pytest.fixture(scope="module")
def released(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """A lake with a release of the first deliveries. Tests copy it."""
    lake = killing.new_lake(tmp_path_factory.mktemp("released") / "lake", TABLES)
    killing.run_again(lake, killing.FIRST_DAY)
    return lake


@pytest.fixture(scope="module")
def second(released: Lake, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What it holds after the second deliveries when it was never killed."""
    lake = killing.copy(released, tmp_path_factory.mktemp("second") / "lake")
    killing.run_again(lake)
    return killing.contents(lake)


def killed_in_turn(lake: Lake, points: Iterable[Callable[[str], bool]]) -> None:
    """Kill a run at each point, each going on from what the one before left, then let one reach its end."""
    for reached in points:
        killing.killed(lake, reached)
    killing.run_again(lake)


def when_it_begins(step: str) -> Callable[[str], bool]:
    return lambda printed: f"] {step} " in printed


def after_commit(lake: Lake, table: str) -> Callable[[str], bool]:
    before = tables.version(lake.root / table)
    return lambda _: tables.version(lake.root / table) > before


def test_first_deliveries_killed_when_each_step_begins(spark: SparkSession, tmp_path: Path) -> None:
    unkilled = killing.new_lake(tmp_path / "unkilled", TABLES)
    killing.run_again(unkilled)
    lake = killing.new_lake(tmp_path / "lake", TABLES)
    steps = (STEPS[0], "definitions", *STEPS[1:])
    killed_in_turn(lake, map(when_it_begins, steps))
    assert killing.contents(lake) == killing.contents(unkilled)
    assert daily.run(killing.options(lake)) == 0
    assert killing.outcomes(lake) == [*["killed"] * len(steps), "done", "nothing_new"]


def test_second_deliveries_killed_when_each_step_begins(
    tmp_path: Path, released: Lake, second: dict[str, str]
) -> None:
    lake = killing.copy(released, tmp_path / "lake")
    killed_in_turn(lake, map(when_it_begins, STEPS))
    assert killing.contents(lake) == second


def test_second_deliveries_killed_right_after_commits(
    tmp_path: Path, released: Lake, second: dict[str, str]
) -> None:
    lake = killing.copy(released, tmp_path / "lake")
    killed_in_turn(lake, (after_commit(lake, table) for table in COMMITS))
    assert killing.contents(lake) == second
