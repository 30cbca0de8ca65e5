from datetime import date

import numpy as np
import pandas as pd
import pytest

from models.series.adjust import residual_season, seasonally_adjust
from models.series.festival import festival_regressors

# First day of the Chinese year, from the official calendar of public holidays.
FESTIVALS = [
    *[date(2013, 2, 10), date(2014, 1, 31), date(2015, 2, 19), date(2016, 2, 8), date(2017, 1, 28)],
    *[date(2018, 2, 16), date(2019, 2, 5), date(2020, 1, 25), date(2021, 2, 12), date(2022, 2, 1)],
]
PERIODS = pd.period_range("2013-01", "2022-12", freq="M")
EFFECTS = np.array([0.10, -0.30, -0.15])


def regressors() -> pd.DataFrame:
    return festival_regressors(PERIODS, FESTIVALS, before=20, during=7, after=20)


def simulated(effects: np.ndarray, seed: int = 7) -> tuple[pd.Series, np.ndarray]:
    rng = np.random.default_rng(seed)
    month = np.arange(PERIODS.size)
    season = 0.2 * np.sin(2 * np.pi * month / 12) + 0.1 * np.cos(4 * np.pi * month / 12)
    plain = 4 + 0.006 * month + np.cumsum(rng.normal(0, 0.004, month.size))
    moved = regressors().to_numpy() @ effects
    return pd.Series(np.exp(plain + season + moved), index=PERIODS), np.exp(plain)


def test_days_are_shared_between_months() -> None:
    raw = festival_regressors(PERIODS, FESTIVALS, before=20, during=7, after=20)
    by_month = raw.groupby(PERIODS.month).mean()
    assert by_month.to_numpy() == pytest.approx(np.zeros((12, 3)), abs=1e-12)
    january = raw.loc[pd.Period("2014-01", "M")] - raw.loc[pd.Period("2013-01", "M")]
    # 2014-01-31: all 20 days before and 1 of 7 in January; 2013-02-10: 11 of 20 days before, none of 7.
    assert january.tolist() == pytest.approx([1 - 11 / 20, 1 / 7, 0])


def test_effects_are_found_and_the_season_taken_out() -> None:
    series, plain = simulated(EFFECTS)
    found = seasonally_adjust(series, regressors(), confidence=0.95)
    assert found.effects.to_numpy() == pytest.approx(EFFECTS, abs=0.02)
    error = np.log(found.adjusted.to_numpy() / plain)
    assert np.abs(error - error.mean()).max() < 0.02
    product = found.trend * found.season * found.festival * found.remainder
    assert product.to_numpy() == pytest.approx(series.to_numpy())


def test_seasons_are_seldom_left_in() -> None:
    for robust, most in ((True, 5), (False, 0)):
        left = [
            seasonally_adjust(
                simulated(EFFECTS, seed)[0], regressors(), confidence=0.95, robust=robust
            ).residual.seasonal
            for seed in range(20)
        ]
        assert sum(left) <= most


def test_without_regressors_the_festival_stays_in() -> None:
    series, _ = simulated(EFFECTS)
    with_effect = seasonally_adjust(series, regressors(), confidence=0.95).adjusted
    without = seasonally_adjust(series, confidence=0.95).adjusted
    assert np.log(without).diff().std() > 2 * np.log(with_effect).diff().std()


def test_a_season_left_in_is_seen() -> None:
    series, _ = simulated(np.zeros(3))
    found = residual_season(np.diff(np.log(series)), 12, confidence=0.95)
    assert found.seasonal and found.autocorrelation > found.limit > 0
    noise = np.random.default_rng(3).normal(size=120)
    assert not residual_season(noise, 12, confidence=0.95).seasonal
    assert not residual_season(np.ones(24), 12, confidence=0.95).seasonal


def test_test_holds_its_size() -> None:
    """Of short series without a season at most one in twenty is accused at 95 % confidence."""
    rng = np.random.default_rng(0)
    accused = [residual_season(rng.normal(size=120), 12, confidence=0.95).seasonal for _ in range(400)]
    assert 0 < np.mean(accused) <= 0.05


def test_bad_input_is_refused() -> None:
    series, _ = simulated(EFFECTS)
    with pytest.raises(ValueError, match="lacks 2015-01"):
        seasonally_adjust(series.drop(pd.Period("2015-01", "M")), confidence=0.95)
    with pytest.raises(ValueError, match="at least 37"):
        seasonally_adjust(series[:36], confidence=0.95)
    with pytest.raises(ValueError, match="not above zero"):
        seasonally_adjust(series - series.max(), confidence=0.95)
    with pytest.raises(ValueError, match="regressors lack 2022-12"):
        seasonally_adjust(series, regressors()[:-1], confidence=0.95)
    with pytest.raises(ValueError, match="festival in 2022"):
        festival_regressors(PERIODS, FESTIVALS[:-1], before=20, during=7, after=20)
    with pytest.raises(ValueError, match="two festivals in 2013"):
        festival_regressors(PERIODS, [*FESTIVALS, FESTIVALS[0]], before=20, during=7, after=20)
    with pytest.raises(ValueError, match="at least one day"):
        festival_regressors(PERIODS, FESTIVALS, before=0, during=7, after=20)
    with pytest.raises(ValueError, match="confidence"):
        residual_season(np.arange(24.0), 12, confidence=1)
