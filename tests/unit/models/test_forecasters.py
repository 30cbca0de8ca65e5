"""The forecasters alone: against slow reference code, and the symmetries they must have."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import lsq_linear

import models.forecasting.algorithms  # noqa: F401
from models import registry
from models.forecasting.batch import last_season, naive_scale, stack
from models.forecasting.seasonal import is_seasonal, seasonality
from models.forecasting.smoothing import ALPHA, BETA_SHARE, PHI, RIDGE, damped_trend, level

NAMES = ["damped", "seasonal_naive", "theta", "theta_damped"]


def forecast(name: str, series: list[np.ndarray], season: int, horizon: int = 6) -> np.ndarray:
    return registry.get(name).make().fit(series, season).predict(horizon)


def noisy(length: int, seed: int = 0) -> np.ndarray:
    random = np.random.default_rng(seed)
    season = 1 + 0.3 * np.sin(2 * np.pi * np.arange(length) / 4)
    return (100 + np.arange(length) + random.normal(0, 3, length)) * season


def test_damped_trend_is_the_weighted_mean_of_plain_filters() -> None:
    y = np.random.default_rng(1).normal(0, 1, 15).cumsum() + 50
    forecasts, errors = [], []
    for alpha in ALPHA:
        for share in BETA_SHARE:
            for phi in PHI:
                mean, sse = _one_damped_filter(y, alpha, alpha * share, phi)
                forecasts.append(mean)
                errors.append(sse)
    weight = (np.array(errors) / min(errors)) ** (-y.size / 2)
    expected = weight @ np.array(forecasts) / weight.sum()
    assert damped_trend(stack([y])).forecast(6)[0] == pytest.approx(expected, rel=1e-9)


def _one_damped_filter(y: np.ndarray, alpha: float, beta: float, phi: float) -> tuple[np.ndarray, float]:
    def errors(level0: float, trend0: float, values: np.ndarray) -> tuple[np.ndarray, float, float]:
        found, state, trend = [], level0, trend0
        for value in values:
            error = value - state - phi * trend
            state, trend = state + phi * trend + alpha * error, phi * trend + beta * error
            found.append(error)
        return np.array(found), state, trend

    zero = np.zeros_like(y)
    design = np.stack([-errors(1, 0, zero)[0], -errors(0, 1, zero)[0]], axis=1)
    ridge = np.vstack([design, [0.0, np.sqrt(RIDGE)]])
    shifted = y - y[0]
    start = lsq_linear(ridge, np.append(errors(0, 0, shifted)[0], 0.0)).x
    found, state, trend = errors(*start, shifted)
    reach = np.cumsum(phi ** np.arange(1, 7))
    return y[0] + state + trend * reach, float(found @ found)


def test_level_is_the_best_plain_smoothing() -> None:
    y = np.random.default_rng(2).normal(0, 1, 20).cumsum()
    best = None
    for alpha in ALPHA:
        decay = (1 - alpha) ** np.arange(y.size)
        state, errors = 0.0, []
        for value in y:
            errors.append(value - state)
            state += alpha * errors[-1]
        start = decay @ errors / (decay @ decay)
        sse = float(np.square(np.array(errors) - start * decay).sum())
        if best is None or sse < best[0]:
            best = (sse, state + (1 - alpha) ** y.size * start)
    assert best is not None
    assert level(stack([y]))[0] == pytest.approx(best[1], rel=1e-9)


def test_a_straight_line_goes_on() -> None:
    line = 10 + 2.0 * np.arange(40)
    ahead = 10 + 2.0 * np.arange(40, 46)
    assert forecast("damped", [line], 1)[0] == pytest.approx(ahead, rel=0.06)
    # theta goes on with half the slope of the regression line: on the plain scale, as there is a zero
    assert np.diff(forecast("theta", [line - 10], 1)[0]) == pytest.approx(np.ones(5))


def test_theta_of_a_positive_falling_series_stays_positive() -> None:
    falling = 100 * 0.8 ** np.arange(20)
    ahead = forecast("theta", [falling], 1, horizon=6)[0]
    assert (np.diff(ahead) <= 0).all() and 0 <= ahead[0] < 2 * falling[-1]


def test_theta_with_zeros_moves_with_the_level() -> None:
    y = np.abs(np.random.default_rng(5).normal(0, 5, 30)) - 3
    assert y.min() < 0
    assert forecast("theta", [y - 1], 1) == pytest.approx(forecast("theta", [y], 1) - 1)


def test_seasonal_naive_repeats_the_last_season() -> None:
    series = [np.arange(10.0), np.arange(3.0)]
    expected = [[6, 7, 8, 9, 6, 7], [2] * 6]
    assert last_season(stack(series), 4, 6).tolist() == expected


def test_scale_is_the_error_of_the_seasonal_naive() -> None:
    values = np.array([1.0, 5.0, 2.0, 7.0, 4.0, 8.0])
    scale = naive_scale(stack([values, values[:3], values[:1]]), 2)
    assert scale[:2] == pytest.approx([np.mean([1, 2, 2, 1]), np.mean([4, 3])])
    assert np.isnan(scale[2])


def test_a_pure_season_is_taken_out_and_put_back() -> None:
    index = np.array([0.8, 1.0, 1.3, 0.9])
    values = 50 * np.tile(index, 6)
    found = seasonality(stack([values]), 4)
    assert found.index[0] == pytest.approx(index)
    assert found.remove(stack([values])).values[0] == pytest.approx(np.full(24, 50.0))
    assert forecast("theta_damped", [values[:-2]], 4)[0] == pytest.approx(50 * index[[2, 3, 0, 1, 2, 3]])


def test_zeros_and_negatives_get_additive_indices() -> None:
    index = np.array([-3.0, 0.0, 5.0, -2.0])
    found = seasonality(stack([np.tile(index, 6)]), 4)
    assert found.additive[0]
    assert found.index[0] == pytest.approx(index)


def test_the_season_test_needs_three_cycles_and_evidence() -> None:
    season = np.tile([1.0, 2.0, 3.0, 4.0], 6)
    noise = np.random.default_rng(3).normal(0, 1, 24)
    assert is_seasonal(stack([season, noise, season[:11]]), 4).tolist() == [True, False, False]


def test_weeks_are_seasonal_from_two_years_on_without_test() -> None:
    noise = np.random.default_rng(4).normal(10, 1, 104)
    assert is_seasonal(stack([noise, noise[1:]]), 52).tolist() == [True, False]


def test_a_nearly_empty_season_stays_unadjusted() -> None:
    values = np.tile([1e-6, 1.0, 1.0, 1.0], 6)
    assert seasonality(stack([values]), 4).index[0].tolist() == [1.0] * 4


@pytest.mark.parametrize("name", NAMES)
def test_every_series_is_forecast_alone(name: str) -> None:
    """Neither order nor company matters, whatever the lengths."""
    series = [noisy(length, seed) for seed, length in enumerate([30, 8, 57, 12, 200, 9] * 30)]
    together = forecast(name, series, 4)
    order = np.random.default_rng(0).permutation(len(series))
    assert forecast(name, [series[i] for i in order], 4) == pytest.approx(together[order], rel=1e-9)
    assert forecast(name, series[:1], 4)[0] == pytest.approx(together[0], rel=1e-9)


values = arrays(float, st.integers(8, 40), elements=st.integers(1, 500).map(float))


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=25, deadline=None)
@given(y=values, factor=st.floats(1e-3, 1e6))
def test_forecasts_scale_with_the_unit(name: str, y: np.ndarray, factor: float) -> None:
    plain, scaled = forecast(name, [y], 4)[0], forecast(name, [factor * y], 4)[0]
    assert scaled == pytest.approx(factor * plain, rel=1e-5, abs=1e-5 * factor)


@pytest.mark.parametrize("name", ["damped", "seasonal_naive"])
@settings(max_examples=25, deadline=None)
@given(y=values, shift=st.integers(-1000, 1000))
def test_forecasts_without_season_move_with_the_level(name: str, y: np.ndarray, shift: int) -> None:
    plain, shifted = forecast(name, [y], 1)[0], forecast(name, [y + shift], 1)[0]
    assert shifted == pytest.approx(plain + shift, abs=1e-4)


@pytest.mark.parametrize("broken", [[], [np.array([])], [np.array([1.0, np.nan])]])
def test_forecasters_refuse_what_they_cannot_take(broken: list[np.ndarray]) -> None:
    with pytest.raises(ValueError, match=r"at least one|finite"):
        forecast("theta", broken, 4)
