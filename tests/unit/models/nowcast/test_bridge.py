from typing import Any

import numpy as np
import pandas as pd
import pytest

from models.nowcast.benchmark import autoregression
from models.nowcast.bridge import Bridged, bridge

QUARTER = pd.Period("2024Q1", freq="Q")
LIMITS: dict[str, Any] = {"penalty": 0.0, "coverage": 0.8}


def data(seed: int = 1, noise: float = 0.0, until: str = "2024-03") -> tuple[pd.DataFrame, pd.Series]:
    """Ten years and a quarter: growth = 1 + 0.5 output + 0.2 power, exactly unless there is noise."""
    rng = np.random.default_rng(seed)
    months = pd.period_range("2014-01", "2024-03", freq="M")
    monthly = pd.DataFrame(rng.normal(0, 1, (len(months), 2)), index=months, columns=["output", "power"])
    means = monthly.groupby(months.asfreq("Q")).mean()
    growth = 1 + 0.5 * means["output"] + 0.2 * means["power"] + rng.normal(0, noise, len(means))
    return monthly[monthly.index <= pd.Period(until, "M")], growth


def nowcast(monthly: pd.DataFrame, growth: pd.Series, **limits: float) -> Bridged:
    return bridge(monthly, growth[growth.index < QUARTER], QUARTER, **(LIMITS | limits))


def test_an_exact_relation_is_found_and_carried_on() -> None:
    monthly, growth = data()
    found = nowcast(monthly, growth)
    assert found.mean == pytest.approx(growth[QUARTER])
    assert (found.filled, found.upper - found.lower) == (0, pytest.approx(0, abs=1e-9))
    assert found.coefficients["lag"] == pytest.approx(0, abs=1e-9)
    assert found.coefficients["output"] > found.coefficients["power"] > 0


def test_months_not_published_are_filled_by_the_series_itself() -> None:
    monthly, growth = data()
    monthly.loc["2024-02":, "power"] = np.nan  # type: ignore[misc]
    found = nowcast(monthly.drop(pd.period_range("2024-03", "2024-03", freq="M")), growth)
    assert found.filled == 3
    power = autoregression(monthly["power"].dropna().to_numpy(), 2)
    output = autoregression(monthly["output"][:-1].to_numpy(), 1)
    means = [
        (monthly["output"].iloc[-3:-1].sum() + output[0]) / 3,
        (monthly["power"].iloc[-3] + power.sum()) / 3,
    ]
    assert found.mean == pytest.approx(1 + 0.5 * means[0] + 0.2 * means[1])


def test_the_interval_holds_what_it_promises_and_the_bridge_beats_an_autoregression() -> None:
    held, ours, theirs = 0, 0.0, 0.0
    for seed in range(60):
        monthly, growth = data(seed, noise=0.2)
        found = nowcast(monthly, growth)
        held += found.lower <= growth[QUARTER] <= found.upper
        ours += (found.mean - growth[QUARTER]) ** 2
        theirs += (autoregression(growth[:-1].to_numpy(), 1)[0] - growth[QUARTER]) ** 2
    assert 0.65 <= held / 60 <= 0.92
    assert ours < theirs


def test_a_penalty_shrinks_coefficients_towards_the_mean() -> None:
    monthly, growth = data(noise=0.2)
    loose, tight = nowcast(monthly, growth), nowcast(monthly, growth, penalty=100.0)
    assert (tight.coefficients.abs() < 0.05 * loose.coefficients.abs().max()).all()
    assert tight.mean == pytest.approx(growth[growth.index < QUARTER][1:].mean(), abs=0.05)


def test_quarters_with_a_gap_are_not_learned_from() -> None:
    monthly, growth = data()
    monthly.loc[pd.Period("2018-05", "M"), "power"] = np.nan
    growth[pd.Period("2018Q2", "Q")] = 99.0
    growth[pd.Period("2018Q3", "Q")] = 1.0
    gap = nowcast(monthly, growth)
    monthly.loc[pd.Period("2018-05", "M"), "power"] = 0.0
    assert abs(gap.mean - nowcast(monthly, growth).mean) > 0.01


def test_bad_input_is_refused() -> None:
    monthly, growth = data()
    for changed, target, limits, said in (
        (monthly, growth, {"penalty": -1.0}, "penalty"),
        (monthly, growth[:-3], {}, "target must end in 2023Q4"),
        (monthly, growth["2022Q1":], {}, "at least 12"),
        (monthly["2021-06":], growth, {}, "quarters with all indicators are too few"),
        (monthly.assign(output=1.0), growth, {}, "output does not vary"),
        (monthly.rename(columns={"output": "lag"}), growth, {}, "named lag"),
        (monthly.assign(power=monthly["power"].where(monthly.index > pd.Period("2023-09", "M"))), growth, {},
         "power needs 8 months, not 6"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=said):
            nowcast(changed, target, **limits)
    with pytest.raises(ValueError, match="beyond 2023Q4"):
        bridge(monthly, growth[:-2], QUARTER - 1, **LIMITS)
    monthly.loc[pd.Period("2024-01", "M"), "power"] = np.nan
    with pytest.raises(ValueError, match="lacks a month of 2024Q1"):
        nowcast(monthly, growth)
