"""Classical seasonal indices for a whole batch.

Source of the test and the decomposition: the rules of the M4 competition's benchmarks (Makridakis, Spiliotis
and Assimakopoulos, International Journal of Forecasting 36, 2020). Own rules: the autocorrelation is
scaled to its number of terms, a weekly series of two years is always treated as seasonal, and a series with
zeros or negatives gets additive indices.
"""

from dataclasses import dataclass

import numpy as np

from models.forecasting.batch import Batch

WEEKS = 52
NORMAL_95 = 1.645  # two-sided 90 % test
SMALLEST_INDEX = 0.01


def enough(season: int) -> int:
    """Observations that a season needs: two years of weeks, three cycles of any other season."""
    return (2 if season == WEEKS else 3) * season


@dataclass(frozen=True)
class Seasonality:
    """`index` (n_series, season), phase 0 being each series' first observation; `additive` (n_series,)."""

    index: np.ndarray
    additive: np.ndarray

    def remove(self, batch: Batch) -> Batch:
        """The batch without its season."""
        index = self._at(np.arange(batch.values.shape[1])[None, :])
        additive = self.additive[:, None]
        values = np.where(additive, batch.values - index, batch.values / np.where(additive, 1.0, index))
        return Batch(values, batch.length)

    def restore(self, forecast: np.ndarray, length: np.ndarray) -> np.ndarray:
        """Forecasts (n_series, horizon) that start after `length` observations, with the season put back."""
        index = self._at(length[:, None] + np.arange(forecast.shape[1]))
        return np.where(self.additive[:, None], forecast + index, forecast * index)

    def _at(self, time: np.ndarray) -> np.ndarray:
        rows, season = self.index.shape
        return np.take_along_axis(self.index, np.broadcast_to(time % season, (rows, time.shape[1])), axis=1)


def is_seasonal(batch: Batch, season: int) -> np.ndarray:
    """Which series have a season, shape (n_series,).

    True when the autocorrelation at the season's lag is beyond its 90 % limit and three seasons are known; a
    weekly season (52) needs no test, only 104 observations, because with few years the test overlooks real
    seasons.
    """
    long = np.asarray(batch.length >= enough(season))
    if season == 1 or not long.any():
        return np.zeros(batch.length.size, dtype=bool)
    if season == WEEKS:
        return long
    deviation = np.nan_to_num(batch.values - np.nanmean(batch.values, axis=1, keepdims=True))
    variance = np.square(deviation).sum(axis=1)
    products = [(deviation[:, lag:] * deviation[:, :-lag]).sum(axis=1) for lag in range(1, season + 1)]
    acf = np.stack(products) / np.where(variance > 0, variance, 1.0)
    limit = NORMAL_95 * np.sqrt((1 + 2 * np.square(acf[:-1]).sum(axis=0)) / batch.length)
    # the sum at this lag has `season` terms less than the variance: unscaled, short series hardly ever pass
    terms = np.maximum(batch.length - season, 1)
    return np.asarray((np.abs(acf[-1]) * batch.length / terms > limit) & long)


def seasonality(batch: Batch, season: int) -> Seasonality:
    """Seasonal indices by the ratio (or difference) to the centred moving average.

    Multiplicative for positive series, additive otherwise. A multiplicative index of 0.01 or less would blow
    up the adjusted series: such a series is left unadjusted.
    """
    additive = np.nanmin(batch.values, axis=1) <= 0
    index = np.where(additive[:, None], 0.0, np.ones((1, season)))
    seasonal = np.flatnonzero(is_seasonal(batch, season))
    if seasonal.size:
        index[seasonal] = _indices(batch.values[seasonal], additive[seasonal], season)
    return Seasonality(index, additive)


def _indices(values: np.ndarray, additive: np.ndarray, season: int) -> np.ndarray:
    trend = _centred_average(values, season)
    with np.errstate(divide="ignore", invalid="ignore"):
        swing = np.where(additive[:, None], values - trend, values / trend)
    cycles = -(-values.shape[1] // season)
    padded = np.full((len(values), cycles * season), np.nan)
    padded[:, : values.shape[1]] = swing
    index = np.nanmean(padded.reshape(len(values), cycles, season), axis=1)
    average = index.mean(axis=1, keepdims=True)
    index = np.where(additive[:, None], index - average, index / np.where(additive[:, None], 1.0, average))
    unusable = ~additive & (index.min(axis=1) <= SMALLEST_INDEX)
    index[unusable] = 1.0
    return index


def _centred_average(values: np.ndarray, season: int) -> np.ndarray:
    """Centred moving average over one season; NaN where the window leaves the series."""
    windows = np.lib.stride_tricks.sliding_window_view(values, season, axis=1).mean(axis=2)
    if season % 2 == 0:
        windows = (windows[:, :-1] + windows[:, 1:]) / 2
    average = np.full_like(values, np.nan)
    start = season // 2
    average[:, start : start + windows.shape[1]] = windows
    return average
