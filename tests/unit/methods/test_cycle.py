from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from .conftest import PROVINCE, Lab, months

Wave = Callable[..., pd.Series]
REFERENCE = "monthly_growth|series=industrial_growth"


def inputs(wave: Wave, leads: tuple[int, ...]) -> dict[str, Any]:
    return {
        "reference": {REFERENCE: {PROVINCE: wave(0)}},
        "components": {f"g|series=lead{n}": {PROVINCE: wave(lead)} for n, lead in enumerate(leads)},
    }


def test_the_lead_that_was_planted_is_found(lab: Lab, wave: Wave) -> None:
    figures, details = lab.run("leading_index", inputs(wave, (5, 6, 7)))
    leads = details[(details["measure"] == "lead") & details["text"].isin(["peak", "trough"])]

    assert len(figures) == 180
    assert len(leads) >= 7
    assert leads["value"].median() == pytest.approx(6, abs=1)
    assert (leads["value"] - 6).abs().max() <= 2
    by_component = details[details["measure"] == "component_lead"].set_index("item")["value"]
    assert by_component.to_dict() == pytest.approx({f"g|series=lead{k}": k + 5 for k in range(3)}, abs=1)


def test_turns_are_those_of_the_wave(lab: Lab, wave: Wave) -> None:
    _, details = lab.run("coincident_index", inputs(wave, (0, 0)))
    peaks = details[(details["measure"] == "turn") & (details["text"] == "peak")]
    at = pd.PeriodIndex(peaks[peaks["item"] == "reference"]["period"], freq="M")

    planted = {pd.Period("2011-01", "M") + 40 * k for k in range(1, 5)}
    assert all(min(abs((p - q).n) for q in planted) <= 2 for p in at)
    assert len(at) >= 3


def test_a_turn_that_the_reference_may_still_follow_is_open_and_not_false(lab: Lab, wave: Wave) -> None:
    _, details = lab.run("leading_index", inputs(wave, (10, 10)))
    told = details[details["measure"] == "lead"]

    assert "extra" not in set(told["text"])
    assert told[told["text"] == "open"]["period"].min() > "2024-01"


def test_the_band_holds_the_newest_months_and_lies_around_them(lab: Lab, wave: Wave) -> None:
    figures, details = lab.run("leading_index", inputs(wave, (5, 6)))
    band = details[details["measure"].isin(["lower", "upper"])].pivot(
        index="period", columns="measure", values="value"
    )
    assert len(band) == 24
    assert band.index.max() == figures["period"].max()
    assert (band["upper"] >= band["lower"]).all()


def test_a_component_that_falls_when_the_economy_rises_is_turned_round(lab: Lab, wave: Wave) -> None:
    given = inputs(wave, (6, 6))
    other = inputs(wave, (6, 6))
    other["components"]["g|series=lead1"] = {PROVINCE: -wave(6)}
    straight, _ = lab.run("leading_index", given)
    turned, _ = lab.run("leading_index", other, inverted=["lead1"])

    assert np.allclose(straight["value"], turned["value"])


def test_one_wrong_month_does_not_move_the_index(lab: Lab, wave: Wave) -> None:
    clean, _ = lab.run("leading_index", inputs(wave, (5, 6)))
    wrong = inputs(wave, (5, 6))
    series = wave(5).copy()
    series.iloc[90] *= 10
    wrong["components"]["g|series=lead0"] = {PROVINCE: series}
    found, _ = lab.run("leading_index", wrong)

    assert np.abs(found["value"] - clean["value"]).max() < 0.15


def test_a_short_history_or_a_still_series_says_so(lab: Lab, wave: Wave) -> None:
    short = inputs(wave, (5,))
    short["reference"][REFERENCE] = {PROVINCE: wave(0).tail(60)}
    with pytest.raises(ValueError, match="at least 120"):
        lab.run("leading_index", short)
    still = inputs(wave, (5,))
    still["components"]["g|series=lead0"] = {PROVINCE: months(np.full(180, 3.0))}
    with pytest.raises(ValueError, match="lead0 does not vary"):
        lab.run("leading_index", still)


def test_a_province_without_components_is_left_out(lab: Lab, wave: Wave) -> None:
    given = inputs(wave, (5, 6))
    given["reference"][REFERENCE]["370000"] = wave(0)
    figures, _ = lab.run("leading_index", given)

    assert set(figures["region"]) == {PROVINCE}
