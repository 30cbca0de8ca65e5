"""Scores of cities: within bounds, comparable in a year, ranked beside other weights and methods."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from models.composite.judgement import hierarchy_weights, reciprocal_matrix

from .conftest import Lab, months

CITIES = ["440100", "440200", "440300", "440400", "440500", "440600"]


def parts(common: float) -> dict[str, dict[str, dict[str, pd.Series]]]:
    """Three series of six cities over three years, alike by the share `common`; the first city is always ahead."""
    rng = np.random.default_rng(8)
    shared = {city: rng.standard_normal(36) + (6 if city == CITIES[0] else 0) for city in CITIES}
    return {
        "parts": {
            f"g|series=s{k}": {
                city: months(common * shared[city] + (1 - common) * rng.standard_normal(36), "2022-01")
                for city in CITIES
            }
            for k in range(3)
        }
    }


def test_scores_stay_within_bounds_and_the_best_city_is_first(lab: Lab) -> None:
    figures, details = lab.run("city_score", parts(0.9), top=2)

    assert figures["value"].between(0, 100).all()
    assert figures["period"].min() == "2023-01"
    ranks = details[details["measure"] == "rank"].pivot(index="period", columns="region", values="value")
    assert (ranks["440100"] == 1).all()
    weights = details[details["measure"] == "weight"].groupby("period")["value"].sum()
    assert np.allclose(weights, 1)


def test_weights_hold_for_a_year(lab: Lab) -> None:
    _, details = lab.run("city_score", parts(0.5))
    weights = details[details["measure"] == "weight"]
    by_year = weights.groupby(["item", weights["period"].str[:4]])["value"].nunique()

    assert (by_year == 1).all()


def test_the_first_component_is_used_only_when_it_says_enough(lab: Lab) -> None:
    figures, _ = lab.run("city_score_principal", parts(0.9))
    assert len(figures)
    with pytest.raises(ValueError, match="first component"):
        lab.run("city_score_principal", parts(0.05))


def judgement(**comparisons: dict[str, float]) -> dict[str, Any]:
    return {"source": "simulated", "comparisons": comparisons, "most_inconsistent": 0.1}


CONSISTENT = judgement(s0={"s1": 2, "s2": 4}, s1={"s2": 2})


def test_judged_weights_are_those_of_the_comparisons_and_say_whose_they_are(lab: Lab) -> None:
    _, details = lab.run("city_score_judged", parts(0.5), judgement=CONSISTENT)
    weights = details[(details["measure"] == "weight") & (details["period"] == "2024-12")]

    assert dict(zip(weights["item"], weights["value"], strict=True)) == pytest.approx(
        {"g|series=s0": 4 / 7, "g|series=s1": 2 / 7, "g|series=s2": 1 / 7}
    )
    told = details.set_index("measure")
    assert told.loc["consistency_ratio", "value"].to_numpy() == pytest.approx(0, abs=1e-9)
    assert set(told.loc[["judgement"], "text"]) == {"judgement_simulated"}


def test_judgements_that_contradict_one_another_give_no_score(lab: Lab) -> None:
    circle = judgement(s0={"s1": 3}, s1={"s2": 3}, s2={"s0": 3})
    with pytest.raises(ValueError, match="contradict"):
        lab.run("city_score_judged", parts(0.5), judgement=circle)


def test_judgements_are_given_with_judged_weights_only(lab: Lab) -> None:
    with pytest.raises(ValidationError, match="a judgement is given"):
        lab.run("city_score_judged", parts(0.5), judgement=None)
    with pytest.raises(ValidationError, match="a judgement is given"):
        lab.run("city_score", parts(0.5), judgement=CONSISTENT)


def test_the_judgements_that_are_shipped_judge_every_series_and_agree(lab: Lab) -> None:
    p = lab.given("city_score_judged", parts(0.5)).parameters.judgement
    names = sorted({*p.comparisons, *(other for row in p.comparisons.values() for other in row)})
    found = hierarchy_weights(reciprocal_matrix(names, p.comparisons))

    assert len(names) == 6
    assert found.consistency_ratio < p.most_inconsistent


def test_distance_ranks_stand_beside_those_of_the_scores(lab: Lab) -> None:
    figures, details = lab.run("city_distance", parts(0.9), judgement=CONSISTENT)
    ranks = details[details["region"] == CITIES[0]].pivot(index="period", columns="measure", values="value")

    assert figures["value"].between(0, 100).all()
    assert len(ranks) == 6
    assert (ranks[["rank", "rank_entropy", "rank_judged", "rank_principal"]] == 1).all(axis=None)
    every = details[details["measure"].str.startswith("rank")].pivot(
        index=["region", "period"], columns="measure", values="value"
    )
    methods = every[["rank", "rank_entropy", "rank_judged", "rank_principal"]]
    assert (every["rank_low"] == methods.min(axis=1)).all() and (
        every["rank_high"] == methods.max(axis=1)
    ).all()
    assert (every["rank_low"] < every["rank_high"]).any()


def test_a_component_that_says_too_little_is_left_out_of_the_comparison(lab: Lab) -> None:
    _, details = lab.run("city_distance", parts(0.05), judgement=CONSISTENT)
    assert "rank_judged" in set(details["measure"])
    assert "rank_principal" not in set(details["measure"])


def test_one_city_alone_is_not_ranked(lab: Lab) -> None:
    alone = {"parts": {"g|series=s0": {CITIES[0]: months(np.arange(36.0), "2022-01")}}}
    for analysis in ("city_score", "city_distance"):
        with pytest.raises(ValueError, match="two years"):
            lab.run(analysis, alone)
