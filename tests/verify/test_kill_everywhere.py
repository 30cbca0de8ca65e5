"""The daily job killed at the start of every step and after the commit of every kind of table.

Once on a lake that has nothing yet, once when second deliveries arrive in a lake that has a release.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from jobs import daily
from jobs.lake import session, tables
from jobs.lake.paths import Lake
from jobs.steps.publish import RELEASED
from tests.spark import killing

pytestmark = [pytest.mark.verify, pytest.mark.spark]

STEPS = ("inspect", "ingest", "indicators", "forecasts", "warnings", "catalogue", "targets", "release")
# With prices, so that there are warnings.
TABLES = (*killing.TABLES, "agriculture_market_price")
COMMITS = [
    *(f"{layer}/public_security_person" for layer in ("bronze", "silver", "quarantine")),
    "silver/person",
    *(f"gold/{table}" for table in RELEASED),
]


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    made = session.start("verify")
    yield made
    made.stop()


@pytest.fixture(scope="module")
def fresh(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What a lake holds that was never killed."""
    lake = killing.new_lake(tmp_path_factory.mktemp("fresh") / "lake", TABLES)
    killing.run_again(lake)
    return killing.contents(lake)


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


@pytest.mark.parametrize("step", [*STEPS, "definitions"])
def test_first_deliveries_killed_when_a_step_begins(tmp_path: Path, fresh: dict[str, str], step: str) -> None:
    lake = killing.new_lake(tmp_path / "lake", TABLES)
    killing.killed(lake, lambda printed: f"] {step} " in printed)
    killing.run_again(lake)
    assert killing.contents(lake) == fresh


@pytest.mark.parametrize("step", STEPS)
def test_second_deliveries_killed_when_a_step_begins(
    tmp_path: Path, released: Lake, second: dict[str, str], step: str
) -> None:
    lake = killing.copy(released, tmp_path / "lake")
    killing.killed(lake, lambda printed: f"] {step} " in printed)
    killing.run_again(lake)
    assert killing.contents(lake) == second


@pytest.mark.parametrize("table", COMMITS)
def test_second_deliveries_killed_right_after_a_commit(
    tmp_path: Path, released: Lake, second: dict[str, str], table: str
) -> None:
    lake = killing.copy(released, tmp_path / "lake")
    before = tables.version(lake.root / table)
    killing.killed(lake, lambda _: tables.version(lake.root / table) > before)
    killing.run_again(lake)
    assert killing.contents(lake) == second


def test_a_third_run_finds_nothing_new(tmp_path: Path, released: Lake) -> None:
    lake = killing.copy(released, tmp_path / "lake")
    killing.killed(lake, lambda printed: "] release " in printed)
    killing.run_again(lake)
    assert daily.run(killing.options(lake)) == 0
    assert killing.outcomes(lake) == ["done", "killed", "done", "nothing_new"]
