"""Every delivery twice, a tenth three times, one row in twenty up to 90 days late, in any order: the same figures.

What must be the same: every row of silver, and of gold every figure, forecast, target and definition. What
differs by right: the last digits of sums of fractions; which files a figure rests on, when it was published and
how those deliveries are scored; what was forecast on earlier days of knowledge; and gold.quality, which tells
of the deliveries themselves.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from pyspark.sql import SparkSession

from cockpit.gold import open_lake
from jobs.lake.paths import Lake
from tests.spark import killing, tiny
from tests.verify import fault_lakes, fault_plan
from tests.verify.fault_lakes import AS_OF
from tests.verify.fault_plan import Sent, handed_in_badly
from tests.verify.serving import ALL, FORECASTS, newest
from themes.common.contract import find_table

pytestmark = [pytest.mark.verify, pytest.mark.spark]

NIGHTS = 2
# With a statistic, whose figures rest on rows with values.
TABLES = (*fault_lakes.TABLES, "statistics_gdp_quarterly")
_OF_DELIVERIES = {"published_at", "as_of", "source", "first_row", "last_row", "quality"}
_FATES = ("accepted", "quarantined", "duplicate", "superseded")


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> tuple[Sent, ...]:
    return fault_lakes.handed_in(tmp_path_factory.mktemp("departments"), TABLES)


@pytest.fixture(scope="module")
def clean(spark: SparkSession, handed_in: tuple[Sent, ...], tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """A lake that was handed each row once, on time and in order."""
    lake = Lake(tmp_path_factory.mktemp("clean") / "lake")
    fault_lakes.put(lake, handed_in)
    killing.run_again(lake, AS_OF)
    return lake


def silver(lake: Lake, table: str) -> pl.DataFrame:
    """What each accepted row says, and whether it holds."""
    rows = tiny.read(lake.silver(table)).with_columns(holds=pl.col("superseded_on").is_null())
    names = [*find_table(table)[1].columns, "region_level", "region_leaf", "status", "holds"]
    return rows.select(names).sort(pl.all())


def gold(lake: Lake) -> dict[str, pl.DataFrame]:
    """What readers are shown of each table but gold.quality and gold.quality_rule."""
    release = open_lake(lake.root).release()
    shown = {"indicator": release.figures(ALL)}
    shown |= {name: newest(release.read(name, ALL)) for name in FORECASTS}
    for name in ("warning", "target", "catalogue", "dataset", "rule_threshold"):
        shown[name] = release.read(name, ALL)
    found = {name: rows.drop("run_id", *_OF_DELIVERIES, strict=False) for name, rows in shown.items()}
    return {name: rows.sort(pl.exclude(pl.Float64)) for name, rows in found.items()}


@pytest.mark.parametrize("seed", fault_plan.SEEDS[:1])
def test_the_figures_do_not_depend_on_how_rows_are_handed_in(
    seed: int, clean: Lake, handed_in: tuple[Sent, ...], tmp_path: Path
) -> None:
    arriving, lake = handed_in_badly(seed, handed_in), Lake(tmp_path / "lake")
    for night in range(NIGHTS):
        fault_lakes.put(lake, arriving[night::NIGHTS])
        killing.run_again(lake, AS_OF)

    expected = gold(clean)
    for name, rows in gold(lake).items():
        # Sums of fractions are added up in the order of the files: their last digits may differ.
        assert_frame_equal(rows, expected[name], rel_tol=1e-9, abs_tol=1e-9)
    for table in TABLES:
        assert silver(lake, table).height > 500
        assert silver(lake, table).equals(silver(clean, table)), table

    # Nothing is lost and nothing counted twice on the way either.
    told = tiny.read(lake.gold("quality"))
    assert sorted(told["file"]) == sorted(file.path for file in arriving)
    assert told.filter(pl.sum_horizontal(_FATES) != pl.col("received")).is_empty()
    read = {row["file"] for row in told.iter_rows(named=True) if row["outcome"] != "repeated"}
    assert told["received"].sum() == sum(len(file.rows) for file in arriving if file.path in read)
    assert told["accepted"].sum() == tiny.read(clean.gold("quality"))["accepted"].sum()
    # A third copy of few rows may have fallen into their old order.
    contents = {(file.table, file.rows) for file in arriving}
    assert told.filter(outcome="repeated").height == len(arriving) - len(contents)

    # All at once in one night it comes to the same, quality included.
    once = Lake(tmp_path / "once")
    fault_lakes.put(once, arriving)
    killing.run_again(once, AS_OF)
    remembered = {"forecast", "backtest"}
    of_nights, of_once = killing.contents(lake), killing.contents(once)
    assert {k: v for k, v in of_nights.items() if k not in remembered | {"release"}} == {
        k: v for k, v in of_once.items() if k not in remembered | {"release"}
    }
