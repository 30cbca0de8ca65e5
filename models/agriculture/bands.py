"""A price beside what it was at the same time of earlier years 同期价格带.

Method: seasonal band of quantiles over years, as market bulletins show it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from models.checks import finite


@dataclass(frozen=True)
class SeasonalBand:
    """By period (n,), NaN where earlier years are too few: quantiles and median, in the unit of the values."""

    lower: np.ndarray
    middle: np.ndarray
    upper: np.ndarray


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
