"""Theta, damped trend, their mean, and the seasonal naive forecast that all are measured against."""

from abc import ABC, abstractmethod

import numpy as np

from models.forecasting.batch import Batch, last_season, stack
from models.forecasting.seasonal import seasonality
from models.forecasting.smoothing import DampedTrend, damped_trend, level
from models.registry import register

POWER = 0.25


@register("seasonal_naive", "1.0")
class SeasonalNaive:
    """The last season again; see `batch.last_season`."""

    def fit(self, y: list[np.ndarray], season: int) -> "SeasonalNaive":
        """Keep the series."""
        self._batch, self._season = stack(y), season
        return self

    def predict(self, horizon: int) -> np.ndarray:
        """Shape (n_series, horizon)."""
        return last_season(self._batch, self._season, horizon)


class _Adjusted(ABC):
    """Fits on the seasonally adjusted series and puts the season back into the forecast."""

    def fit(self, y: list[np.ndarray], season: int) -> "_Adjusted":
        batch = stack(y)
        self._length = batch.length
        self._seasonality = seasonality(batch, season)
        self._learn(self._seasonality.remove(batch))
        return self

    def predict(self, horizon: int) -> np.ndarray:
        return self._seasonality.restore(self._extend(horizon), self._length)

    @abstractmethod
    def _learn(self, adjusted: Batch) -> None:
        """Fit the adjusted series."""

    @abstractmethod
    def _extend(self, horizon: int) -> np.ndarray:
        """The adjusted series ahead, shape (n_series, horizon)."""


class _ThetaLines:
    """The two theta lines: the regression line, and simple smoothing of 2 x series - line.

    Positive series are taken to the power of 1/4 and back; on the plain scale falling ones head for zero.
    """

    def __init__(self, batch: Batch) -> None:
        self._positive = np.nanmin(batch.values, axis=1, keepdims=True) > 0
        values = np.where(self._positive, np.abs(batch.values) ** POWER, batch.values)
        time = np.arange(values.shape[1])
        middle = (batch.length - 1) / 2
        centred = np.where(np.isfinite(values), time - middle[:, None], 0.0)
        mean = np.nanmean(values, axis=1)
        spread = np.square(centred).sum(axis=1)
        moment = (centred * np.nan_to_num(values - mean[:, None])).sum(axis=1)
        self._slope = moment / np.where(spread > 0, spread, 1.0)
        self._end = mean + self._slope * middle
        line = mean[:, None] + self._slope[:, None] * (time - middle[:, None])
        self._level = level(Batch(2 * values - line, batch.length))

    def forecast(self, horizon: int) -> np.ndarray:
        line = self._end[:, None] + self._slope[:, None] * np.arange(1, horizon + 1)
        mean = (line + self._level[:, None]) / 2
        return np.where(self._positive, np.maximum(mean, 0.0) ** (1 / POWER), mean)


@register("theta", "1.0")
class Theta(_Adjusted):
    """Theta method (Assimakopoulos and Nikolopoulos, International Journal of Forecasting 16, 2000)."""

    def _learn(self, adjusted: Batch) -> None:
        self._lines = _ThetaLines(adjusted)

    def _extend(self, horizon: int) -> np.ndarray:
        return self._lines.forecast(horizon)


@register("damped", "1.0")
class Damped(_Adjusted):
    """Damped trend averaged over its parameters; see `smoothing.damped_trend`."""

    def _learn(self, adjusted: Batch) -> None:
        self._trend: DampedTrend = damped_trend(adjusted)

    def _extend(self, horizon: int) -> np.ndarray:
        return self._trend.forecast(horizon)


@register("theta_damped", "1.0")
class ThetaDamped(_Adjusted):
    """Mean of theta and damped trend, the default: two different trends err less together."""

    def _learn(self, adjusted: Batch) -> None:
        self._lines, self._trend = _ThetaLines(adjusted), damped_trend(adjusted)

    def _extend(self, horizon: int) -> np.ndarray:
        return (self._lines.forecast(horizon) + self._trend.forecast(horizon)) / 2
