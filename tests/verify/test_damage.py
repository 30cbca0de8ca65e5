"""Damaged files of the lake: the run says so clearly, readers keep the last release, and a way back is there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from cockpit.gold import Scope, open_lake
from conf.delta import DamagedLogError
from jobs import daily
from jobs.lake.ledger import Ledger
from jobs.lake.paths import Lake
from jobs.operate import rerun, restore
from jobs.operate.archive import save
from jobs.steps.publish import RELEASED
from tests.spark import tiny
from tests.spark.test_operate import BIRTHS, births
from tests.verify.serving import ALL

pytestmark = [pytest.mark.verify, pytest.mark.spark]


@pytest.fixture(scope="module")
def released(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    lake = Lake(tmp_path_factory.mktemp("released") / "lake")
    births(lake, "2025-01-10", 0)
    assert run(lake, "2025-01-10") == 0
    return lake


@pytest.fixture
def lake(released: Lake, tmp_path: Path) -> Lake:
    """A lake with a release and a delivery that nobody has read yet."""
    shutil.copytree(released.root, tmp_path / "lake")
    made = Lake(tmp_path / "lake")
    births(made, "2025-02-10", 9)
    return made


def run(lake: Lake, day: str) -> int:
    return daily.run(["--lake", str(lake.root), "--as-of", day])


def shown(lake: Lake) -> float:
    """The figure that readers see."""
    figures = open_lake(lake.root).release().figures_of("population.births", Scope(("440000",), "internal"))
    return float(
        figures.filter((figures["region"] == "440000") & (figures["breakdown"] == ""))["value"].sum()
    )


def flip(table: Path, at: float) -> None:
    """Flip a bit in the first version of a table, `at` that share of its log."""
    log = table / "_delta_log" / f"{0:020}.json"
    content = bytearray(log.read_bytes())
    content[int(len(content) * at)] ^= 0x40
    log.write_bytes(content)


def refused(lake: Lake, error: str, place: str) -> None:
    assert run(lake, "2025-02-10") == 1
    last = Ledger(lake.ledger).runs(1)[0]
    assert (last["outcome"], last["error"]) == ("failed", error), last["message"]
    assert place in last["place"], last["place"]
    assert shown(lake) == 9


def test_a_flipped_byte_in_a_log_is_told_and_a_backup_brings_the_lake_back(
    lake: Lake, tmp_path: Path
) -> None:
    save(tmp_path / "archive", lake.root, "")
    flip(lake.bronze(BIRTHS), 0.5)
    refused(lake, "log_damaged", f"bronze/{BIRTHS}/_delta_log")
    back = Lake(tmp_path / "back")
    assert restore.run(["--from", str(tmp_path / "archive"), "--lake", str(back.root)]) == 0
    assert run(back, "2025-02-10") == 0
    assert shown(back) == 18


@pytest.mark.parametrize("at", [0.1, 0.5, 0.9])
def test_a_flipped_byte_in_a_log_of_gold_never_shows_another_figure(lake: Lake, at: float) -> None:
    reader = open_lake(lake.root).release()
    open_before = {table: reader.read(table, ALL) for table in RELEASED}
    flip(lake.gold("indicator"), at)
    assert run(lake, "2025-02-10") == 1
    last = Ledger(lake.ledger).runs(1)[0]
    assert (last["outcome"], last["error"]) == ("failed", "log_damaged"), last["message"]
    assert "gold/indicator/_delta_log" in last["place"], last["place"]
    # Who has the release open goes on seeing it; who comes now is told that it cannot be read.
    assert all(reader.read(table, ALL).equals(rows) for table, rows in open_before.items())
    with pytest.raises(DamagedLogError, match="gold/indicator/_delta_log"):
        shown(lake)


def test_a_truncated_file_is_told_and_built_anew_from_landing(lake: Lake) -> None:
    file = next(lake.bronze(BIRTHS).glob("*/*.parquet"))
    file.write_bytes(file.read_bytes()[:-40])
    refused(lake, "file_damaged", BIRTHS)
    assert rerun.run(["last", "--lake", str(lake.root)]) == 0
    assert shown(lake) == 18
    assert tiny.read(lake.bronze(BIRTHS)).height == 18
