"""Every figure can be walked back to delivery, file and rows, and these rows give it again."""

from __future__ import annotations

import csv
import json
import shutil
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from deltalake import write_deltalake
from pyspark.sql import SparkSession

from jobs import trace
from jobs.lake.paths import Lake
from jobs.lake.trace_figures import Figure, open_release
from jobs.lake.trace_walk import Walk, walk_back
from tests.spark.tiny import read
from themes.common.contract import discover

pytestmark = pytest.mark.spark
SAMPLE = 200


@pytest.fixture(scope="module")
def figures(tiny_lake: Lake) -> list[Figure]:
    """Two of every indicator (changes are indicators too), the others drawn from all, 200 in all."""
    rows = read(tiny_lake.gold("indicator")).sort(
        "indicator", "region", "breakdown", "period", "published_at"
    )
    # What methods make of others is walked back to these others, see test_analyses.py.
    rows = rows.filter(~pl.col("indicator").is_in([name for theme in discover() for name in theme.analyses]))
    some = [
        group.sample(min(2, len(group)), seed=7)
        for _, group in rows.group_by("indicator", maintain_order=True)
    ]
    chosen = pl.concat(some)
    others = rows.join(chosen, on=rows.columns, how="anti", nulls_equal=True).sample(
        SAMPLE - len(chosen), seed=7
    )
    return pl.concat([chosen, others]).to_dicts()


@pytest.fixture(scope="module")
def walks(spark: SparkSession, tiny_lake: Lake, figures: list[Figure]) -> list[Walk]:
    return walk_back(spark, open_release(tiny_lake), figures)


def test_the_sample_covers_every_theme_and_changes(figures: list[Figure]) -> None:
    assert len(figures) == SAMPLE
    assert {f["theme"] for f in figures} == {"population", "agriculture", "legal_entity", "economic", "plan"}
    assert {f["indicator"].rpartition(".")[2] for f in figures} >= {"yoy", "prev"}


def test_the_rows_give_the_figure(walks: list[Walk]) -> None:
    assert {w.figure["indicator"]: w.differences for w in walks if w.differences} == {}


def test_every_walk_names_delivery_file_and_rows(walks: list[Walk], tiny_lake: Lake) -> None:
    for walk in walks:
        assert walk.files == json.loads(walk.figure["source"])
        for part in walk.sources:
            assert part.file.startswith(f"{part.delivery}/")
            assert part.rows
            assert max(part.rows) <= _last_line(tiny_lake.landing / part.file)
        numbers = [n for part in walk.sources for n in part.rows]
        assert (min(numbers), max(numbers)) == (walk.figure["first_row"], walk.figure["last_row"])


def test_census_figures_are_the_sum_of_the_lines_of_the_files(walks: list[Walk], tiny_lake: Lake) -> None:
    """A check that knows nothing of the pipeline: the named lines of the handed-in file, added up."""
    totals = [w for w in walks if w.figure["indicator"] == "population.census_total"]
    assert totals
    for walk in totals:
        people = [
            int(_lines(tiny_lake.landing / part.file)[number - 1][-1])
            for part in walk.sources
            for number in part.rows
        ]
        assert sum(people) == walk.figure["value"]


def test_a_figure_that_its_rows_do_not_give_is_told(
    spark: SparkSession, tiny_lake: Lake, figures: list[Figure]
) -> None:
    wrong = next(f for f in figures if f["indicator"] == "economic.gdp")
    (walk,) = walk_back(
        spark, open_release(tiny_lake), [wrong | {"value": wrong["value"] + 0.01, "source": "[]"}]
    )
    assert len(walk.differences) == 2


def test_the_job_prints_the_walk(
    spark: SparkSession, tiny_lake: Lake, figures: list[Figure], capsys: pytest.CaptureFixture[str]
) -> None:
    figure = next(f for f in figures if f["indicator"] == "legal_entity.stock.yoy")
    assert trace.run(_options(tiny_lake, figure)) == 0
    printed = capsys.readouterr().out
    assert f"value      {figure['value']:.12g} percent, status simulated" in printed
    assert all(file in printed for file in json.loads(figure["source"]))
    assert figure["run_id"] in printed
    assert printed.endswith("The rows give the figure.\n")


def test_a_forecast_is_walked_back_to_the_figure_its_series_ends_in(
    spark: SparkSession, tiny_lake: Lake, capsys: pytest.CaptureFixture[str]
) -> None:
    champions = read(tiny_lake.gold("forecast")).filter(
        pl.col("champion") & (pl.col("indicator") == "economic.gdp")
    )
    row = champions.sort("region", "step").row(0, named=True)
    assert trace.run(_options(tiny_lake, row)) == 0
    printed = capsys.readouterr().out
    assert f"forecast   {row['mean']:.12g} hundred_million_yuan" in printed
    assert f"economic.gdp {row['region']} {row['origin']} (total)\nregion" in printed


@pytest.fixture(scope="module")
def later_lake(tiny_lake: Lake, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """The lake with a second release, before which most of what bronze held of the GDP was taken out of it."""
    lake = Lake(tmp_path_factory.mktemp("later") / "lake")
    for layer in ("bronze", "gold"):
        shutil.copytree(tiny_lake.root / layer, lake.root / layer)
    bronze = lake.bronze("statistics_gdp_quarterly")
    write_deltalake(str(bronze), read(bronze).filter(pl.col("row") == 2), mode="overwrite")
    (row,) = read(lake.gold("release")).to_dicts()
    versions = json.loads(row["tables"])
    versions["bronze.statistics_gdp_quarterly"] += 1
    later = {"released_at": row["released_at"] + timedelta(days=1), "tables": json.dumps(versions)}
    added = pl.DataFrame([row | later | {"release_id": "R-later"}], schema=read(lake.gold("release")).schema)
    write_deltalake(str(lake.gold("release")), added, mode="append")
    return lake


@pytest.mark.parametrize(("later", "code"), [(False, 0), (True, 1)])
def test_an_older_release_is_walked_back_to_the_rows_it_was_made_from(
    spark: SparkSession,
    later_lake: Lake,
    tiny_lake: Lake,
    capsys: pytest.CaptureFixture[str],
    later: bool,
    code: int,
) -> None:
    first = open_release(tiny_lake).release_id
    rows = read(tiny_lake.gold("indicator")).filter(pl.col("indicator") == "economic.gdp")
    figure = rows.filter(pl.col("first_row") > 2).row(0, named=True)
    release = [] if later else [f"--release={first}"]
    assert trace.run([*_options(later_lake, figure), *release]) == code
    printed = capsys.readouterr().out
    assert f"release {'R-later' if later else first}, " in printed
    assert ("DIFFERS" in printed) == later
    assert ("The rows give the figure." in printed) != later


def test_rows_of_files_that_the_release_does_not_count_are_left_out(
    spark: SparkSession, tiny_lake: Lake, tmp_path: Path
) -> None:
    """A file taken out of landing again stays in bronze."""
    lake = Lake(tmp_path)
    for layer in ("bronze", "gold"):
        shutil.copytree(tiny_lake.root / layer, lake.root / layer)
    bronze = lake.bronze("health_birth")
    # A name that sorts before the others: of equal rows the first is the one that counts.
    stray = read(bronze).with_columns(file=pl.lit("gone.csv"))
    write_deltalake(str(bronze), pl.concat([read(bronze), stray]), mode="overwrite")
    (row,) = read(lake.gold("release")).to_dicts()
    versions = json.loads(row["tables"]) | {"bronze.health_birth": 1}
    added = pl.DataFrame([row | {"tables": json.dumps(versions)}], schema=read(lake.gold("release")).schema)
    write_deltalake(str(lake.gold("release")), added, mode="overwrite")
    figure = (
        read(lake.gold("indicator")).filter(pl.col("indicator") == "population.births").row(0, named=True)
    )
    (walk,) = walk_back(spark, open_release(lake), [figure])
    assert walk.differences == ()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"indicator": "population.happiness"}, "unknown indicator 'population.happiness'"),
        ({"indicator": "population.births.daily"}, "unknown indicator"),
        ({"region": "990000"}, "unknown region '990000'"),
        ({"period": "1066"}, "no period '1066'"),
        ({"period": "soon"}, "soon"),
        ({"breakdown": "sex=x"}, "no breakdown 'sex=x'"),
    ],
)
def test_what_does_not_exist_is_told_in_one_line(
    tiny_lake: Lake, capsys: pytest.CaptureFixture[str], changed: dict[str, str], told: str
) -> None:
    figure = {"indicator": "population.census_total", "region": "440000", "period": "2020", "breakdown": ""}
    assert trace.run(_options(tiny_lake, figure | changed)) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert told in printed.err
    assert printed.err.count("\n") == 1


def test_a_lake_without_a_release_is_told_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    figure = {"indicator": "population.census_total", "region": "440000", "period": "2020", "breakdown": ""}
    assert trace.run(_options(Lake(tmp_path), figure)) == 2
    assert "no release" in capsys.readouterr().err


def _options(lake: Lake, figure: Figure) -> list[str]:
    named = [f"--{name}={figure[name]}" for name in ("indicator", "region", "period", "breakdown")]
    return [f"--lake={lake.root}", *named]


def _lines(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def _last_line(file: Path) -> int:
    return file.read_bytes().count(b"\n")
