"""Analyses: figures that methods make of others carry where they come from, and one that cannot be made says so."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pandas as pd
import pytest

import conf
from conf import periods
from jobs.methods.base import Surroundings, methods
from jobs.steps import analyses
from themes.common.contract import Analysis, Contract, Theme, ThemeInfo

WORDS = {"zh": "词", "en": "word"}
REGIONS = conf.load().regions
AROUND = Surroundings(REGIONS, {}, [], date(2026, 1, 31))
GUANGZHOU, SHENZHEN = "440100", "440300"


def theme(**changes: Any) -> Theme:
    analysis = Analysis.model_validate(
        {
            "name": WORDS, "unit": "ratio", "definition": WORDS, "freq": "Y", "method": "location_quotient",
            "reference": WORDS, "inputs": {"table": [{"indicator": "jobs", "levels": ["city"]}]},
        }
        | changes
    )  # fmt: skip
    info = ThemeInfo.model_validate({"name": WORDS, "position": 1, "department": "statistics"})
    return Theme(id="toy", contract=Contract(theme=info), indicators={}, analyses={"toy.lq": analysis})


def row(region: str, industry: str, value: float, period: str = "2024", **others: Any) -> dict[str, Any]:
    return {
        "theme": "toy", "indicator": "toy.jobs", "region": region, "breakdown": f"industry={industry}",
        "period": period, "freq": "Y", "period_end": periods.end(period), "value": value, "unit": "person",
        "status": "real", "quality": 100.0, "published_at": date(2025, 1, 31), "source": json.dumps([f"{region}.csv"]),
        "source_rows": 1, "first_row": 2, "last_row": 2,
    } | others  # fmt: skip


TABLE = [
    row(GUANGZHOU, "farming", 10.0),
    row(GUANGZHOU, "trade", 30.0, quality=80.0),
    row(SHENZHEN, "farming", 10.0, status="simulated"),
    row(SHENZHEN, "trade", 10.0, published_at=date(2025, 3, 1)),
]


def made(rows: list[dict[str, Any]], of: Theme | None = None) -> analyses.Results:
    frame = analyses.with_levels(pd.DataFrame(rows), REGIONS)
    return analyses.results([of or theme()], frame, AROUND)


def test_figures_are_rows_of_the_analysis_with_the_values_of_the_method() -> None:
    found = made(TABLE).figures.set_index(["region", "breakdown"])
    # Guangzhou has 10 of 40 in farming, both together 20 of 60.
    assert found.at[(GUANGZHOU, "industry=farming"), "value"] == pytest.approx((10 / 40) / (20 / 60))
    assert set(found["indicator"]) == {"toy.lq"}
    assert set(found["unit"]) == {"ratio"}


def test_a_figure_says_what_its_inputs_of_the_same_place_say() -> None:
    found = made(TABLE).figures.set_index(["region", "breakdown"])
    guangzhou = found.loc[(GUANGZHOU, "industry=trade")]
    assert json.loads(guangzhou["source"]) == [f"{GUANGZHOU}.csv"]
    assert (guangzhou["status"], guangzhou["quality"], guangzhou["source_rows"]) == ("real", 80.0, 2)
    shenzhen = found.loc[(SHENZHEN, "industry=farming")]
    assert (shenzhen["status"], shenzhen["published_at"]) == ("simulated", date(2025, 3, 1))


def test_a_trial_index_is_an_estimate_even_of_real_figures() -> None:
    found = made(TABLE, theme(trial=True)).figures.set_index(["region", "breakdown"])
    assert found.at[(GUANGZHOU, "industry=trade"), "status"] == "estimated"


def test_the_newest_publication_of_a_figure_counts() -> None:
    later = row(GUANGZHOU, "farming", 50.0, published_at=date(2025, 6, 1))
    found = made([*TABLE, later]).figures.set_index(["region", "breakdown"])
    assert found.at[(GUANGZHOU, "industry=farming"), "value"] == pytest.approx((50 / 80) / (60 / 100))
    assert found.at[(GUANGZHOU, "industry=trade"), "published_at"] == date(2025, 6, 1)


def test_a_period_is_left_out_while_a_place_has_not_told_everything() -> None:
    found = made([*TABLE, row(GUANGZHOU, "farming", 11.0, "2025")]).figures
    assert set(found["period"]) == {"2024"}


def test_an_analysis_without_figures_waits_and_says_why_in_both_languages() -> None:
    found = made([row(GUANGZHOU, "farming", 1.0, indicator="toy.other")])
    (told,) = found.methods.to_dict("records")
    assert (told["state"], len(found.figures)) == ("waiting", 0)
    assert told["reason_en"] == "no data have come in for the input “jobs”"
    assert told["reason_zh"] == "没有收到输入数据“jobs”"


def test_what_a_method_was_given_is_told() -> None:
    (told,) = made(TABLE).methods.to_dict("records")
    assert (told["state"], told["version"]) == ("done", methods()["location_quotient"].version)
    assert json.loads(told["inputs"])["table"][0]["indicator"] == "jobs"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"method": "horoscope"}, "method: no method 'horoscope'"),
        ({"inputs": {"stars": []}}, "inputs: location_quotient wants table"),
        ({"parameters": {"sign": 7}}, "parameters.sign: Extra inputs"),
    ],
)
def test_an_analysis_that_does_not_fit_its_method_is_told_at_the_start(
    changes: dict[str, Any], told: str
) -> None:
    (problem,) = analyses.problems([theme(**changes)])
    assert problem.startswith(f"themes/toy/indicators.yaml: analyses.lq.{told}")


def test_themes_without_analyses_give_empty_tables() -> None:
    plain = theme().model_copy(update={"analyses": {}})
    found = made(TABLE, plain)
    assert (len(found.figures), len(found.details), len(found.methods)) == (0, 0, 0)
