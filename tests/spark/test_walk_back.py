"""Every figure can be walked back to delivery, file and rows, and these rows give it again."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import polars as pl
import pytest
from pyspark.sql import SparkSession

from jobs import trace
from jobs.lake.paths import Lake
from jobs.lake.trace_figures import Figure
from jobs.lake.trace_walk import Walk, walk_back
from tests.spark.tiny import read

pytestmark = pytest.mark.spark


@pytest.fixture(scope="module")
def figures(tiny_lake: Lake) -> list[Figure]:
    """A hundred figures: two of every indicator (changes are indicators too), the others drawn from all."""
    rows = read(tiny_lake.gold("indicator")).sort(
        "indicator", "region", "breakdown", "period", "published_at"
    )
    some = [
        group.sample(min(2, len(group)), seed=7)
        for _, group in rows.group_by("indicator", maintain_order=True)
    ]
    chosen = pl.concat(some)
    others = rows.join(chosen, on=rows.columns, how="anti", nulls_equal=True).sample(
        100 - len(chosen), seed=7
    )
    return pl.concat([chosen, others]).to_dicts()


@pytest.fixture(scope="module")
def walks(spark: SparkSession, tiny_lake: Lake, figures: list[Figure]) -> list[Walk]:
    return walk_back(spark, tiny_lake, figures)


def test_the_sample_covers_every_theme_and_changes(figures: list[Figure]) -> None:
    assert len(figures) == 100
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
    (walk,) = walk_back(spark, tiny_lake, [wrong | {"value": wrong["value"] + 0.01, "source": "[]"}])
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
