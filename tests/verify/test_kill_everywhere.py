"""The daily job killed at the start of every step and after the first commit of every kind of table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs import daily
from jobs.lake import session, tables
from jobs.steps.publish import RELEASED
from tests.spark import killing

pytestmark = [pytest.mark.verify, pytest.mark.spark]

STEPS = ("inspect", "ingest", "indicators", "forecasts", "warnings", "targets", "catalogue", "release")
COMMITS = [
    *(f"{layer}/{killing.TABLES[0]}" for layer in ("bronze", "silver", "quarantine")),
    *(f"gold/{table}" for table in RELEASED),
]


@pytest.fixture(scope="module")
def unkilled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    spark = session.start("verify")
    lake = killing.new_lake(tmp_path_factory.mktemp("unkilled") / "lake")
    killing.run_again(lake)
    yield killing.contents(lake)
    spark.stop()


@pytest.mark.parametrize("step", STEPS)
def test_killed_when_a_step_begins(tmp_path: Path, unkilled: dict[str, str], step: str) -> None:
    lake = killing.new_lake(tmp_path / "lake")
    killing.killed(lake, lambda printed: f"] {step} " in printed)
    killing.run_again(lake)
    assert killing.contents(lake) == unkilled


@pytest.mark.parametrize("table", COMMITS)
def test_killed_right_after_a_commit(tmp_path: Path, unkilled: dict[str, str], table: str) -> None:
    lake = killing.new_lake(tmp_path / "lake")
    killing.killed(lake, lambda _: tables.exists(lake.root / table))
    killing.run_again(lake)
    assert killing.contents(lake) == unkilled


def test_a_third_run_finds_nothing_new(tmp_path: Path, unkilled: dict[str, str]) -> None:
    lake = killing.new_lake(tmp_path / "lake")
    killing.killed(lake, lambda printed: "] release " in printed)
    killing.run_again(lake)
    assert daily.run(killing.options(lake)) == 0
    assert killing.outcomes(lake) == ["running", "done", "nothing_new"]
