from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from .conftest import PROVINCE, Lab, months

Wave = Callable[[int], pd.Series]


def test_lights_of_each_series_and_their_index(lab: Lab) -> None:
    past = np.tile(np.arange(1.0, 121.0), 1)
    given = {
        "parts": {
            "g|series=hot": {PROVINCE: months([*past, 119.5])},
            "g|series=usual": {PROVINCE: months([*past, 60.0])},
        }
    }
    figures, details = lab.run("light_index", given)
    lit = details[details["measure"] == "light"].set_index("item")["value"]

    assert lit.to_dict() == {"g|series=hot": 5.0, "g|series=usual": 3.0}
    assert figures["value"].tolist() == pytest.approx([100 * (5 + 3) / 2 / 3])
    assert details[details["measure"] == "index_light"]["value"].tolist() == [4.0]


def test_edges_as_shares_of_the_full_score_are_brought_to_the_index(lab: Lab) -> None:
    past = np.arange(1.0, 122.0)
    given = {"parts": {"g|series=a": {PROVINCE: months(past)}}}
    _, details = lab.run("light_index_full_score", given)

    edges = details[details["measure"] == "edge"].set_index("item")["value"]
    assert edges.to_dict() == pytest.approx({"1": 60.0, "2": 50 * 5 / 3, "3": 73 * 5 / 3, "4": 85 * 5 / 3})


def test_a_published_index_has_the_published_lights(lab: Lab) -> None:
    # business climate warning index 2007-08, 2007-09 yellow; 2008-03, 2008-04 and 113.2 green
    from models.lights.five import lights

    edges = lab.given("light_index", {}).parameters.edges
    assert lights([117.3, 121.3, 113.3, 110.7, 113.2], edges).tolist() == [4, 4, 3, 3, 3]


def test_a_policy_band_goes_before_the_past(lab: Lab) -> None:
    given = {"parts": {"g|series=a": {PROVINCE: months(np.arange(1.0, 122.0))}}}
    _, details = lab.run("light_index", given, limits={"a": (200.0, 300.0, 400.0, 500.0)})

    assert set(details[details["measure"] == "light"]["value"]) == {1.0}


def test_too_short_a_past_gives_no_light(lab: Lab) -> None:
    with pytest.raises(ValueError, match="at least 121"):
        lab.run("light_index", {"parts": {"g|series=a": {PROVINCE: months(np.arange(50.0))}}})


def test_answers_make_an_index_with_the_band_of_chance(lab: Lab) -> None:
    answers = {
        f"firm_answers|series=survey_{name}": {PROVINCE: {"2024-01": n, "2024-02": m}}
        for name, n, m in (("up", 50, 52), ("same", 30, 30), ("down", 20, 18))
    }
    figures, details = lab.run("survey_diffusion", {"answers": answers})
    side = details[details["period"] == "2024-01"].set_index("measure")["value"]

    assert figures["value"].tolist() == pytest.approx([65.0, 67.0])
    error = 100 * np.sqrt((0.7 - 0.3**2) / 100) / 2
    assert side["upper"] - side["lower"] == pytest.approx(2 * 1.6449 * error, rel=1e-4)
    assert details[details["measure"] == "moved"]["value"].tolist() == [0.0]


def test_the_pmi_of_march_2025_is_made_of_its_parts(lab: Lab) -> None:
    parts = {"orders": 51.8, "production": 52.6, "employment": 48.2, "delivery": 50.3, "inventory": 47.2}
    given = {"parts": {f"monthly|series=pmi_{name}": {PROVINCE: {"2025-03": v}} for name, v in parts.items()}}
    figures, details = lab.run("pmi", given)

    assert figures["value"].tolist() == pytest.approx([50.505])
    assert details["measure"].tolist() == ["part"] * 5


def test_a_part_without_weight_is_named(lab: Lab) -> None:
    with pytest.raises(ValueError, match="pmi_delivery"):
        lab.run("pmi", {"parts": {"monthly|series=pmi_orders": {PROVINCE: {"2025-03": 50.0}}}})


def test_the_share_of_rising_series_is_counted(lab: Lab) -> None:
    given = {
        "parts": {
            "g|series=up": {PROVINCE: months([1, 2, 3, 4.0])},
            "g|series=same": {PROVINCE: months([1, 1, 1, 1.01])},
        }
    }
    figures, _ = lab.run("growth_diffusion", given)
    assert figures["value"].tolist() == [75.0]


def test_the_trial_index_is_neutral_on_average_and_falls_when_all_traces_fall(lab: Lab) -> None:
    rng = np.random.default_rng(3)

    def level(shock: float) -> pd.Series:
        steps = 0.5 + rng.standard_normal(132)
        steps[-1] = shock
        return months(100 * np.exp(np.cumsum(steps) / 100), start="2014-01")

    names = ("electricity", "invoices", "freight", "orders", "insured")
    given = {f"monthly|series={name}": {PROVINCE: level(-12.0)} for name in names}
    given["monthly|series=ppi"] = {PROVINCE: months(rng.standard_normal(132).cumsum() / 9, start="2014-01")}
    given["monthly|series=pmi_delivery"] = {PROVINCE: months(np.full(132, 50.0), start="2014-01")}
    figures, _ = lab.run("manufacturing_board", {"series": given})

    values = figures["value"].to_numpy()
    assert 46 < values[:-1].mean() < 54
    assert values[-1] < values[:-1].min()


def test_a_trace_that_is_not_there_is_named(lab: Lab) -> None:
    with pytest.raises(ValueError, match="electricity"):
        lab.run("manufacturing_board", {"series": {"monthly|series=ppi": {PROVINCE: months(np.ones(60))}}})
