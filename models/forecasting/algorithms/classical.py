"""Theta, damped trend, their mean, and the seasonal naive forecast that all are measured against."""

from abc import ABC, abstractmethod

import numpy as np

from models.forecasting.batch import Batch, last_season, stack
from models.forecasting.seasonal import seasonality
from models.forecasting.smoothing import DampedTrend, damped_trend
from models.forecasting.theta import ThetaLines
from models.registry import register


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


@register("theta", "1.0")
class Theta(_Adjusted):
    """Theta method (Assimakopoulos and Nikolopoulos, International Journal of Forecasting 16, 2000)."""

    def _learn(self, adjusted: Batch) -> None:
        self._lines = ThetaLines(adjusted)

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
        self._lines, self._trend = ThetaLines(adjusted), damped_trend(adjusted)

    def _extend(self, horizon: int) -> np.ndarray:
        return (self._lines.forecast(horizon) + self._trend.forecast(horizon)) / 2
