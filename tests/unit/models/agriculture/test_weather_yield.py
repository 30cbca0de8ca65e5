import numpy as np
import pytest

from models.agriculture.weather_yield import weather_yield


def panel(years: int = 25, places: int = 12, effect: float = 0.05) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(4)
    weather = np.array([2000.0, 500.0]) + np.array([100.0, 80.0]) * rng.standard_normal((years, places, 2))
    away = (weather[..., 0] - 2000) / 100
    log = 8 + 0.01 * np.arange(years)[:, None] + 0.05 * rng.standard_normal(places) + effect * away
    return np.exp(log + 0.02 * rng.standard_normal(log.shape)), weather


ALL = np.ones(12, dtype=bool)


def test_the_effect_of_the_weather_is_found_and_helps() -> None:
    found = weather_yield(*panel(), ALL, penalty=0.0, coverage=0.8)
    assert found.effect == pytest.approx([0.05, 0.0], abs=0.005)
    assert found.helps and found.error == pytest.approx(0.02, rel=0.2)
    assert weather_yield(*panel(), ALL, penalty=1.0, coverage=0.8).effect[0] == pytest.approx(
        0.025, abs=0.005
    )


def test_weather_that_has_no_effect_does_not_help_much() -> None:
    found = weather_yield(*panel(effect=0.0), ALL, penalty=0.01, coverage=0.8)
    assert found.error == pytest.approx(found.benchmark, rel=0.05)


def test_a_year_is_foretold_without_being_seen() -> None:
    yields, weather = panel()
    other = yields.copy()
    other[10] *= 3
    one, two = (weather_yield(y, weather, ALL, penalty=0.01, coverage=0.8) for y in (yields, other))
    assert two.expected[10] == pytest.approx(one.expected[10])
    assert two.expected[11] != pytest.approx(one.expected[11])


def test_intervals_hold_their_share_of_the_years() -> None:
    yields, weather = panel(years=40)
    found = weather_yield(yields, weather, ALL, penalty=0.01, coverage=0.8)
    inside = (found.lower <= yields) & (yields <= found.upper)
    assert 0.8 <= inside.mean() <= 0.88


def test_a_sum_of_places_takes_their_slopes_and_its_own_level() -> None:
    yields, weather = panel()
    whole = np.column_stack([yields, 10 * yields.mean(axis=1)])
    sky = np.concatenate([weather, weather.mean(axis=1, keepdims=True)], axis=1)
    found = weather_yield(whole, sky, np.append(ALL, False), penalty=0.0, coverage=0.8)
    assert found.expected[:, -1] == pytest.approx(whole[:, -1], rel=0.03)
    alone = weather_yield(yields, weather, ALL, penalty=0.0, coverage=0.8)
    assert found.effect == pytest.approx(alone.effect)


def test_bad_input_is_refused() -> None:
    yields, weather = panel()
    with pytest.raises(ValueError, match="at least 8"):
        weather_yield(yields[:7], weather[:7], ALL, penalty=0, coverage=0.8)
    with pytest.raises(ValueError, match="do not fit"):
        weather_yield(yields, weather[:, :3], ALL, penalty=0, coverage=0.8)
    with pytest.raises(ValueError, match="item 1 does not vary"):
        weather_yield(yields, weather * [1, 0], ALL, penalty=0, coverage=0.8)
    with pytest.raises(ValueError, match="coverage"):
        weather_yield(yields, weather, ALL, penalty=0, coverage=80)
