"""A price beside what it was at the same time of earlier years 同期价格带, and beside its season and trend.

Sources: seasonal band of quantiles over years, as market bulletins show it; Cleveland et al., STL: a
seasonal-trend decomposition procedure based on loess (1990).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from statsmodels.tsa.seasonal import STL

from models.checks import finite, positive

STEADY = 1001  # years over which the season is smoothed, odd: so many that it does not drift
NORMAL_MAD = 0.6745  # median absolute deviation of a normal variable of unit variance


@dataclass(frozen=True)
class SeasonalBand:
    """By period (n,), NaN where earlier years are too few: quantiles and median, in the unit of the values."""

    lower: np.ndarray
    middle: np.ndarray
    upper: np.ndarray


@dataclass(frozen=True)
class SeasonalDeviation:
    """By period (n,): `expected` = trend times season in the unit of the prices; `share` = price / expected - 1.

    `unusual`: further from zero than both limits.
    """

    expected: np.ndarray
    share: np.ndarray
    unusual: np.ndarray


def seasonal_band(values: ArrayLike, season: int, *, years: int, lower: float, upper: float) -> SeasonalBand:
    """Quantiles of the same period in the `years` years before each of values (n,); the value itself is not among them.

    `season` is the number of periods a year, 36 for ten-day means. ValueError for a series no longer
    than the years asked for.
    """
    if season < 1 or years < 2 or not 0 <= lower < 0.5 < upper <= 1:
        raise ValueError("needs season >= 1, years >= 2 and 0 <= lower < 0.5 < upper <= 1")
    array = finite(values, "values", least=season * years + 1)
    past = np.full((years, array.size), np.nan)
    for back in range(1, years + 1):
        past[back - 1, back * season :] = array[: array.size - back * season]
    found = np.full((3, array.size), np.nan)
    whole = np.isfinite(past).all(axis=0)
    found[:, whole] = np.quantile(past[:, whole], [lower, 0.5, upper], axis=0)
    return SeasonalBand(*found)


def seasonal_deviation(
    prices: ArrayLike, season: int, *, deviations: float, least: float
) -> SeasonalDeviation:
    """d = P / (T S) - 1 of prices (n,), T and S trend and season of STL of their logarithms, robust to outliers,
    the season alike in all years. With fewer than five years the season takes up single jumps.

    Unusual when |d| is above `deviations` robust standard deviations (median absolute deviation / 0.6745) and
    above `least`, a share. The season knows all years, so earlier deviations move a little with new
    prices. ValueError for less than two seasons and prices not above zero.
    """
    if season < 2 or deviations <= 0 or least < 0:
        raise ValueError("needs season >= 2, deviations > 0 and least >= 0")
    array = positive(prices, "prices", least=2 * season)
    # One season for all years: left to drift, it would take up the deviations themselves when years are few.
    fitted = STL(np.log(array), period=season, seasonal=STEADY, seasonal_deg=0, robust=True).fit()
    expected = np.exp(fitted.trend + fitted.seasonal)
    share = array / expected - 1
    usual = float(np.median(np.abs(share - np.median(share)))) / NORMAL_MAD
    return SeasonalDeviation(expected, share, np.abs(share) > max(deviations * usual, least))
