"""What methods make of indicators is in gold with its origins, and can be made again from the release."""

from __future__ import annotations

import json

import polars as pl
import pytest

import conf
from jobs import trace
from jobs.lake.paths import Lake
from jobs.lake.trace_analysis import made_of
from jobs.lake.trace_figures import open_release
from tests.spark.tiny import read
from themes.common.contract import discover

pytestmark = pytest.mark.spark
THEMES = {name: theme for theme in discover() for name in theme.analyses}


def figures(lake: Lake) -> pl.DataFrame:
    return read(lake.gold("indicator")).filter(pl.col("indicator").is_in(list(THEMES)))


def test_every_analysis_is_told_and_those_of_the_demo_are_done(tiny_lake: Lake) -> None:
    told = read(tiny_lake.gold("method"))
    assert set(told["indicator"]) == set(THEMES)
    done = told.filter(pl.col("state") == "done")
    # Two years of prices and four of product are too few for half of them; national series are not handed in.
    assert len(done) >= 20
    assert {name.partition(".")[0] for name in done["indicator"]} == {"agriculture", "economic"}
    assert set(figures(tiny_lake)["indicator"]) <= set(done["indicator"])
    waiting = told.filter(pl.col("state") == "waiting")
    assert waiting["reason_en"].str.len_chars().min() > 0


def test_figures_come_from_files_that_were_handed_in_and_are_simulated_as_these_are(tiny_lake: Lake) -> None:
    made = figures(tiny_lake)
    assert set(made["status"]) == {"simulated"}
    for source in made["source"].unique():
        files = json.loads(source)
        assert files
        assert all((tiny_lake.landing / file).is_file() for file in files)


def test_each_analysis_is_made_again_from_the_release(tiny_lake: Lake) -> None:
    release, loaded = open_release(tiny_lake), conf.load()
    differ = []
    for name, rows in figures(tiny_lake).sort("region", "breakdown", "period").group_by("indicator"):
        theme = THEMES[str(name[0])]
        for figure in rows.sample(min(2, len(rows)), seed=7).to_dicts():
            made = made_of(release, loaded, theme, figure)
            differ += [] if made.agrees and made.inputs else [(name, figure["value"], made.recomputed)]
    assert differ == []


def test_the_job_walks_an_analysis_back_to_its_input_figures(
    tiny_lake: Lake, capsys: pytest.CaptureFixture[str]
) -> None:
    figure = figures(tiny_lake).filter(pl.col("indicator") == "economic.location_quotient").row(0, named=True)
    options = [
        "--lake",
        str(tiny_lake.root),
        "--indicator",
        figure["indicator"],
        "--region",
        figure["region"],
    ]
    options += ["--period", figure["period"], "--breakdown", figure["breakdown"]]
    assert trace.run(options) == 0
    told = capsys.readouterr().out
    assert "method     location_quotient" in told
    assert "The series give the figure." in told
