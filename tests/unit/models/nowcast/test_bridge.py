from typing import Any

import numpy as np
import pandas as pd
import pytest

from models.nowcast.benchmark import autoregression
from models.nowcast.bridge import Bridged, base_effect, bridge, bridge_news

QUARTER = pd.Period("2024Q1", freq="Q")
EQUATION: dict[str, Any] = {"penalty": 0.0, "years": 5}
LIMITS: dict[str, Any] = EQUATION | {"coverage": 0.8}


def weighted(monthly: pd.DataFrame) -> pd.DataFrame:
    """Months of each quarter and the two before by the weights 1, 2, 3, 2, 1."""
    means = monthly.rolling(5, min_periods=1).apply(
        lambda x: float(np.average(x, weights=[1, 2, 3, 2, 1][-len(x) :]))
    )
    return means[2::3].set_axis(monthly.index[2::3].asfreq("Q"))


def data(seed: int = 1, noise: float = 0.0, until: str = "2024-03") -> tuple[pd.DataFrame, pd.Series]:
    """Ten years and a quarter: growth = 1 + 0.5 output + 0.2 power, exactly unless there is noise."""
    rng = np.random.default_rng(seed)
    months = pd.period_range("2014-01", "2024-03", freq="M")
    monthly = pd.DataFrame(rng.normal(0, 1, (len(months), 2)), index=months, columns=["output", "power"])
    means = weighted(monthly)
    growth = 1 + 0.5 * means["output"] + 0.2 * means["power"] + rng.normal(0, noise, len(means))
    return monthly[monthly.index <= pd.Period(until, "M")], growth


def nowcast(monthly: pd.DataFrame, growth: pd.Series, **limits: float) -> Bridged:
    return bridge(monthly, growth[growth.index < QUARTER], QUARTER, **(LIMITS | limits))


def test_an_exact_relation_is_found_and_carried_on() -> None:
    monthly, growth = data()
    found = nowcast(monthly, growth)
    assert found.mean == pytest.approx(growth[QUARTER])
    assert (found.filled, found.upper - found.lower) == (0, pytest.approx(0, abs=1e-9))
    assert found.coefficients["base"] == pytest.approx(0, abs=1e-9)
    assert found.coefficients["output"] > found.coefficients["power"] > 0


def test_months_not_published_are_filled_by_the_series_itself() -> None:
    monthly, growth = data()
    monthly.loc["2024-02":, "power"] = np.nan  # type: ignore[misc]
    found = nowcast(monthly.drop(pd.period_range("2024-03", "2024-03", freq="M")), growth)
    assert found.filled == 3
    power = autoregression(monthly["power"].dropna().to_numpy(), 2)
    output = autoregression(monthly["output"][:-1].to_numpy(), 1)
    monthly.loc["2024-03", "output"] = output[0]  # type: ignore[misc]
    monthly.loc["2024-02":, "power"] = power  # type: ignore[misc]
    means = weighted(monthly).iloc[-1]
    assert found.mean == pytest.approx(1 + 0.5 * means["output"] + 0.2 * means["power"])


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


def test_the_base_effect_is_what_a_quarter_brought_a_year_ago_beside_its_usual() -> None:
    quarters = pd.period_range("2012Q1", periods=24, freq="Q")
    change = pd.Series(0.0, index=quarters)
    change["2017Q1"], change["2017Q2"] = -6.0, 4.0  # a fall, two thirds of which came back
    found = base_effect(change, years=5)
    assert found.index[-1] == pd.Period("2018Q1", "Q") and len(found) == 25
    assert found["2018Q1"] == 6.0 and (found[:"2017Q4"] == 0).all()  # type: ignore[misc]
    assert base_effect(change[:"2017Q2"], years=5)["2017Q3"] == 0.0  # type: ignore[misc]
    # what comes every year is usual, and two years do not tell it
    again = pd.Series([1.0, -1.0, 0.0, 0.0] * 6, index=quarters)
    assert (base_effect(again, years=5)[:"2014Q4"] == 0).all()  # type: ignore[misc]


def test_growth_comes_back_a_year_after_a_fall() -> None:
    monthly, growth = data(noise=0.1)
    for year in (2017, 2020, 2023):  # each fall is made good at once; a year later its base is low
        growth[f"{year}Q1"] -= 5
        growth[f"{year}Q2"] += 5
        growth[f"{year + 1}Q1"] += 5
        if year < 2023:
            growth[f"{year + 1}Q2"] -= 5
    found = nowcast(monthly, growth)
    assert found.coefficients["base"] > 0
    assert abs(found.mean - growth[QUARTER]) < 2.5 < abs(growth[:-1].mean() - growth[QUARTER])


def test_what_each_series_moved_adds_up() -> None:
    monthly, growth = data(noise=0.2)
    before, after = monthly[:-1].copy(), monthly.copy()
    before.iloc[-1, 1] = np.nan
    after.iloc[-3, 0] += 2  # a revision of an old figure
    told = growth[growth.index < QUARTER]
    found = bridge_news((before, told), (after, told), QUARTER, **EQUATION)
    assert found.before == pytest.approx(nowcast(before, growth).mean)
    assert found.before + found.revisions + found.impacts.sum() == pytest.approx(found.after, abs=1e-12)
    assert set(found.impacts.index) == {"output", "power"} and (found.impacts != 0).all()
    assert abs(found.revisions) > 0.05
    still = bridge_news((before, told), (before, told), QUARTER, **EQUATION)
    assert (still.revisions, still.impacts.abs().sum()) == (0, 0)
    with pytest.raises(ValueError, match="same series"):
        bridge_news((before, told), (after[["output"]], told), QUARTER, **EQUATION)


def test_bad_input_is_refused() -> None:
    monthly, growth = data()
    for changed, target, limits, said in (
        (monthly, growth, {"penalty": -1.0}, "penalty"),
        (monthly, growth[:-3], {}, "target must end in 2023Q4"),
        (monthly, growth["2022Q1":], {}, "at least 12"),
        (monthly["2021-06":], growth, {}, "quarters with all indicators are too few"),
        (monthly.assign(output=1.0), growth, {}, "output does not vary"),
        (monthly.rename(columns={"output": "base"}), growth, {}, "named base"),
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
