"""A killed run leaves nothing visible, and the next one ends as if nothing had happened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from pyspark.sql import SparkSession

from jobs.lake import tables
from jobs.lake.ledger import Ledger
from jobs.lake.paths import Lake
from tests.spark import killing, tiny

pytestmark = pytest.mark.spark


@pytest.fixture(scope="module")
def unkilled(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    lake = killing.new_lake(tmp_path_factory.mktemp("unkilled") / "lake")
    killing.run_again(lake)
    return killing.contents(lake)


def last(lake: Lake) -> dict[str, Any]:
    return Ledger(lake.ledger).runs(1)[0]


def test_the_hash_tells_contents_apart(unkilled: dict[str, str]) -> None:
    # Some tables stay empty on so little: their hashes are those of nothing, and alike.
    filled = [told for told in unkilled.values() if told != killing.content(pl.DataFrame())]
    assert len(filled) >= 11
    assert len(set(filled)) == len(filled)


def test_killed_when_the_indicators_begin(tmp_path: Path, unkilled: dict[str, str]) -> None:
    lake = killing.new_lake(tmp_path / "lake")
    killing.killed(lake, lambda printed: "] indicators" in printed)
    killing.run_again(lake)
    # What was done is not done again, but all of it counts.
    outcomes = {step["name"]: step["outcome"] for step in Ledger(lake.ledger).steps(last(lake)["run_id"])}
    assert (outcomes["ingest"], outcomes["indicators"]) == ("skipped", "done")
    assert last(lake)["received"] == tiny.read(lake.gold("quality"))["received"].sum()
    assert killing.contents(lake) == unkilled


def test_killed_right_after_a_commit_of_the_ingest(tmp_path: Path, unkilled: dict[str, str]) -> None:
    lake = killing.new_lake(tmp_path / "lake")
    killing.killed(lake, lambda _: tables.exists(lake.silver("public_security_person")))
    assert not tables.exists(lake.gold("indicator"))
    killing.run_again(lake)
    assert killing.contents(lake) == unkilled
