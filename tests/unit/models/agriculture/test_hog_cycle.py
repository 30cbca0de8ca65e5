import numpy as np
import pandas as pd
import pytest

from models.agriculture.hog_cycle import hog_cycle, hog_lag
from models.cycle.turning import match_turns, turning_points


def planted(period: int, months: int, seed: int) -> tuple[pd.Series, pd.Series]:
    """A ratio with a stochastic cycle on a drifting level, and the cycle's logarithm."""
    rng = np.random.default_rng(seed)
    angle, damping, burn = 2 * np.pi / period, 0.985, 200
    turn = damping * np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    state, cycle = np.array([0.35, 0.0]), np.empty(burn + months)
    for t in range(burn + months):
        state = turn @ state + 0.35 * np.sqrt(1 - damping**2) * rng.standard_normal(2)
        cycle[t] = state[0]
    level = 2 + np.cumsum(0.02 * rng.standard_normal(months))
    log = level + cycle[burn:] + 0.05 * rng.standard_normal(months)
    index = pd.period_range("2005-01", periods=months, freq="M")
    return pd.Series(np.exp(log), index), pd.Series(cycle[burn:], index)


@pytest.mark.parametrize(
    ("period", "months", "seed"), [(34, 180, 0), (46, 180, 0), (58, 180, 0), (46, 84, 2)]
)
def test_planted_cycles_of_several_lengths_are_found(period: int, months: int, seed: int) -> None:
    series, cycle = planted(period, months, seed)
    found = hog_cycle(series, shortest=30, longest=66)
    assert found.period == pytest.approx(period, rel=0.2)
    assert np.corrcoef(found.cycle, cycle)[0, 1] > 0.9
    assert (found.lower <= found.cycle).all() and (found.cycle <= found.upper).all()


def test_its_turning_points_are_those_planted() -> None:
    series, cycle = planted(46, 180, 0)
    rules = {"window": 6, "phase": 9, "cycle": 24, "ends": 3}
    turns = turning_points(hog_cycle(series, shortest=30, longest=66).cycle, **rules)
    # the plant is jagged from month to month: its turns are those of its yearly mean
    smooth = cycle.rolling(7, center=True, min_periods=1).mean()
    match = match_turns(turns, turning_points(smooth, **rules), before=5, after=5)
    assert len(match.leads) >= 5 and len(match.missed) + len(match.extra) <= 2


def test_units_do_not_count() -> None:
    series, _ = planted(46, 120, 1)
    one, other = (hog_cycle(s, shortest=30, longest=66) for s in (series, 100 * series))
    assert other.cycle.to_numpy() == pytest.approx(one.cycle.to_numpy(), abs=0.5)


def test_a_series_without_a_cycle_is_refused() -> None:
    months = pd.period_range("2005-01", periods=120, freq="M")
    with pytest.raises(ValueError, match="does not vary"):
        hog_cycle(pd.Series(2.0, months), shortest=30, longest=66)
    with pytest.raises(ValueError, match="at least 83 periods"):
        hog_cycle(pd.Series(2.0, months[:82]), shortest=30, longest=66)


def herd(weights: dict[int, float], noise: float = 0.0) -> tuple[pd.Series, pd.Series]:
    rng = np.random.default_rng(3)
    months = pd.period_range("2015-01", periods=120, freq="M")
    growth = 0.1 * np.sin(2 * np.pi * np.arange(120) / 40) + 0.02 * rng.standard_normal(120)
    log = np.zeros(120)
    for t in range(12, 120):
        log[t] = log[t - 12] + growth[t]
    yearly = pd.Series(log).diff(12)
    ahead = sum(weight * yearly.shift(lag) for lag, weight in weights.items())
    hogs = np.zeros(120)
    for t in range(12, 120):
        step = ahead[t] if np.isfinite(ahead[t]) else 0.0
        hogs[t] = hogs[t - 12] + 0.01 + step + noise * rng.standard_normal()
    return pd.Series(np.exp(log), months), pd.Series(np.exp(hogs), months)


def test_the_lags_of_sows_are_found_again() -> None:
    planted_lags = {9: 0.2, 10: 0.5, 11: 0.3, 12: 0.0}
    sows, hogs = herd(planted_lags)
    found = hog_lag(sows, hogs[36:], lags=[9, 10, 11, 12])
    assert list(found.weights.values()) == pytest.approx(list(planted_lags.values()), abs=1e-6)
    assert found.r_squared == pytest.approx(1)
    assert found.fitted.index[-1] == sows.index[-1] + 9
    actual = 100 * (hogs / hogs.shift(12) - 1)
    assert found.fitted[hogs.index[60:]].to_numpy() == pytest.approx(actual[60:].to_numpy(), abs=1e-6)


def test_no_weight_is_negative() -> None:
    sows, hogs = herd({9: 0.0, 10: 0.0, 11: 1.0, 12: 0.0}, noise=0.03)
    assert min(hog_lag(sows, hogs, lags=[9, 10, 11, 12]).weights.values()) >= 0


def test_too_short_a_herd_is_refused() -> None:
    sows, hogs = herd({10: 1.0})
    with pytest.raises(ValueError, match="needs 24 months of growth of both"):
        hog_lag(sows[:40], hogs[:40], lags=[9, 10, 11, 12])
    with pytest.raises(ValueError, match="at least one month"):
        hog_lag(sows, hogs, lags=[0])


def test_stocks_of_zero_are_refused() -> None:
    index = pd.period_range("2015-01", periods=96, freq="M")
    sows = pd.Series(np.linspace(100.0, 140, 96), index)
    none = sows.copy()
    none.iloc[40] = 0
    with pytest.raises(ValueError, match="sows is not above zero at position 40"):
        hog_lag(none, sows, lags=[9, 10])
