import numpy as np
import pytest

from models.agriculture.bands import seasonal_band, seasonal_deviation


def test_band_of_the_same_ten_days() -> None:
    season = np.tile([1.0, 2.0, 3.0], 6)
    values = season + np.repeat([0.0, 0.1, 0.2, 0.3, 0.4, 9.0], 3)
    band = seasonal_band(values, 3, years=5, lower=0.1, upper=0.9)
    assert np.isnan(band.middle[:15]).all()
    assert band.middle[15:] == pytest.approx([1.2, 2.2, 3.2])
    assert band.lower[15:] == pytest.approx([1.04, 2.04, 3.04])
    assert band.upper[15:] == pytest.approx([1.36, 2.36, 3.36])


def test_bad_input_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 16"):
        seasonal_band(np.ones(15), 3, years=5, lower=0.1, upper=0.9)
    with pytest.raises(ValueError, match="years >= 2"):
        seasonal_band(np.ones(30), 3, years=5, lower=0.9, upper=0.1)


def seasonal(years: int = 6) -> np.ndarray:
    week = np.arange(52 * years)
    rng = np.random.default_rng(7)
    return np.exp(
        1.5 + 0.0005 * week + 0.2 * np.cos(2 * np.pi * week / 52) + 0.02 * rng.standard_normal(week.size)
    )


def test_a_season_is_not_unusual_and_a_jump_is() -> None:
    prices = seasonal()
    assert not seasonal_deviation(prices, 52, deviations=2, least=0.15).unusual.any()
    prices[200] *= 1.4
    found = seasonal_deviation(prices, 52, deviations=2, least=0.15)
    assert np.flatnonzero(found.unusual).tolist() == [200]
    assert found.share[200] == pytest.approx(0.4, abs=0.08)
    assert prices == pytest.approx(found.expected * (1 + found.share))


def test_five_years_are_enough_to_tell_a_jump() -> None:
    prices = seasonal(5)
    prices[120] *= 1.4
    assert np.flatnonzero(seasonal_deviation(prices, 52, deviations=2, least=0.15).unusual).tolist() == [120]


def test_both_limits_must_be_passed() -> None:
    prices = seasonal()
    assert seasonal_deviation(prices, 52, deviations=2, least=0.0).unusual.any()
    assert not seasonal_deviation(prices, 52, deviations=20, least=0.0).unusual.any()


def test_too_few_seasons_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 104"):
        seasonal_deviation(seasonal()[:103], 52, deviations=2, least=0.15)
