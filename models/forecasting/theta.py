"""Theta for a batch: the classical two lines, and the dynamic optimised theta model.

Sources: Assimakopoulos and Nikolopoulos, International Journal of Forecasting 16 (2000); Fiorucci, Pellegrini,
Louzada, Petropoulos and Koehler, International Journal of Forecasting 32 (2016), equations 10-15. Solving the
dynamic model's start and slope by least squares over a grid of one parameter is our own.
"""

import numpy as np

from models.forecasting.batch import Batch
from models.forecasting.smoothing import level

POWER = 0.25
ALPHA = np.linspace(0.1, 0.99, 20)
FIRST_SCORED = 3  # the slope known to the first three forecasts rests on too little to be judged by
STEEPEST = 0.98  # largest share of the slope taken (1 - 1/theta), so theta <= 50


class ThetaLines:
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
        """Means, shape (n_series, horizon)."""
        line = self._end[:, None] + self._slope[:, None] * np.arange(1, horizon + 1)
        mean = (line + self._level[:, None]) / 2
        return np.where(self._positive, np.maximum(mean, 0.0) ** (1 / POWER), mean)


class _Slope:
    """Intercept and slope of the regression on time of all values seen so far, each (rows, 1)."""

    def __init__(self, first: np.ndarray) -> None:
        self.mean, self.intercept, self.slope = first, first, np.zeros_like(first)

    def see(self, t: int, value: np.ndarray) -> "_Slope":
        """The coefficients after the t-th value (counted from 1)."""
        after = _Slope(self.mean)
        after.mean = ((t - 1) * self.mean + value) / t
        after.slope = ((t - 2) * self.slope + 6 * (value - self.mean) / t) / (t + 1)
        after.intercept = after.mean - after.slope * (t + 1) / 2
        return after

    def pull(self, t: int) -> np.ndarray:
        """What the t-th forecast adds to the level for a whole slope, shape (rows, alpha)."""
        kept = (1 - ALPHA) ** (t - 1)
        return np.asarray(kept * self.intercept + (1 - kept * (1 - ALPHA)) / ALPHA * self.slope)


def dynamic(batch: Batch, horizon: int) -> np.ndarray:
    """Dynamic optimised theta, shape (n_series, horizon), for series of at least five values.

    For a fixed alpha the one-step forecasts are linear in the starting level and in 1 - 1/theta. Both are
    solved for by least squares, the second held within 0 and 0.98, and the alpha with the smallest sum of
    squared errors is taken.
    """
    result = np.empty((batch.length.size, horizon))
    for rows, values, _ in batch.chunks():
        for length in np.unique(batch.length[rows]):
            alike = batch.length[rows] == length
            result[rows[alike]] = _alike(values[alike, :length], horizon)
    return result


def _alike(values: np.ndarray, horizon: int) -> np.ndarray:
    """Forecasts of series of one length, shape (n, horizon)."""
    origin = values[:, :1]
    y = values - origin
    state = np.repeat(y[:, :1] * 0.0, ALPHA.size, axis=1)
    line = _Slope(y[:, :1])
    e0, c1, pulls = [], [], []
    for t in range(1, y.shape[1] + 1):
        now = y[:, t - 1, None]
        if t > FIRST_SCORED:
            e0.append(now - state)
            c1.append((1 - ALPHA) ** (t - 1))
            pulls.append(line.pull(t))
        state = state + ALPHA * (now - state)
        line = line.see(t, now) if t > 1 else line
    error, start_effect, pull = np.stack(e0), np.stack(c1)[:, None], np.stack(pulls)
    c11, c12, c22 = (start_effect**2).sum(0), (start_effect * pull).sum(0), (pull**2).sum(0)
    d1, d2 = (error * start_effect).sum(0), (error * pull).sum(0)
    determinant = c11 * c22 - c12**2
    solvable = determinant > 1e-10 * c11 * c22
    share = np.where(solvable, (c11 * d2 - c12 * d1) / np.where(solvable, determinant, 1.0), 0.0)
    share = np.clip(share, 0.0, STEEPEST)
    start = (d1 - share * c12) / c11
    squares = np.square(error - start_effect * start - pull * share).sum(0)
    best = np.argmin(squares, axis=1)[:, None]
    state = state + (1 - ALPHA) ** y.shape[1] * start
    state, share = (np.take_along_axis(grid, best, axis=1) for grid in (state, share))
    means = []
    for t in range(y.shape[1] + 1, y.shape[1] + horizon + 1):
        mean = state + share * np.take_along_axis(line.pull(t), best, axis=1)
        state = state + ALPHA[best] * (mean - state)
        line = line.see(t, mean)
        means.append(mean)
    return np.asarray(np.concatenate(means, axis=1) + origin)
