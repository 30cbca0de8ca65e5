"""Exponential smoothing for a batch: all series and grid points at once, a loop over time only.

For fixed smoothing parameters the one-step errors are linear in the starting state. So each filter runs once
from a zero state, together with the responses to a unit starting state, and the best start is a small
least-squares problem.

Source: Hyndman, Koehler, Ord and Snyder, Forecasting with Exponential Smoothing (2008), chapters 2 and 5: damped
additive trend in its error-correction form. The grid of parameters and weighting by it are our own.
"""

from dataclasses import dataclass

import numpy as np

from models.forecasting.batch import Batch

ALPHA = np.array([0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.99])
BETA_SHARE = np.array([0.0, 0.02, 0.06, 0.12, 0.25, 0.5])
PHI = np.array([0.8, 0.85, 0.9, 0.94, 0.98])
RIDGE = 0.5  # on the starting trend, which few early observations determine badly
TINY = 1e-12  # smallest error share told apart: a perfect fit must not take all weight by rounding


def _standard(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Values less their first one and over their mean absolute step, with that origin and unit (n, 1)."""
    origin = values[:, :1]
    steps = np.abs(np.diff(values, axis=1))
    count = np.maximum(np.isfinite(steps).sum(axis=1, keepdims=True), 1)
    unit = np.nansum(steps, axis=1, keepdims=True) / count
    unit = np.where(unit > 0, unit, 1.0)
    return (values - origin) / unit, origin, unit


def level(batch: Batch) -> np.ndarray:
    """Last level of simple exponential smoothing, shape (n_series,), at the least sum of squared errors."""
    result = np.empty(batch.length.size)
    for rows, values, active in batch.chunks():
        y, origin, unit = _standard(values)
        length = batch.length[rows]
        decay = (1 - ALPHA) ** np.arange(y.shape[1] + 1)[:, None]
        state, squares, cross = (np.zeros((rows.size, ALPHA.size)) for _ in range(3))
        for t, k in enumerate(active):
            error = y[:k, t, None] - state[:k]
            squares[:k] += error * error
            cross[:k] += error * decay[t]
            state[:k] += ALPHA * error
        start = cross / np.cumsum(decay**2, axis=0)[length - 1]
        best = np.argmin(squares - start * cross, axis=1)
        final = state + decay[length] * start
        result[rows] = np.take_along_axis(final, best[:, None], axis=1)[:, 0] * unit[:, 0] + origin[:, 0]
    return result


@dataclass(frozen=True)
class DampedTrend:
    """At the series' end: level (n_series,) and, for each damping of `PHI`, trend (n_series, PHI)."""

    level: np.ndarray
    trend: np.ndarray

    def forecast(self, horizon: int) -> np.ndarray:
        """Means, shape (n_series, horizon): level + sum over phi of trend x (phi + ... + phi^h)."""
        reach = np.cumsum(PHI[:, None] ** np.arange(1, horizon + 1), axis=1)
        return np.asarray(self.level[:, None] + self.trend @ reach)


def damped_trend(batch: Batch) -> DampedTrend:
    """Additive damped trend, averaged over a grid of (alpha, beta, phi) instead of taking the best point.

    A grid point weighs exp(-n/2 ln(SSE / smallest SSE)), its relative Gaussian likelihood, which forecasts
    better than the single best fit on most short series. Source of the model: Gardner and McKenzie,
    Management Science 31 (1985).
    """
    alpha, share, phi = (axis.ravel() for axis in np.meshgrid(ALPHA, BETA_SHARE, PHI, indexing="ij"))
    beta = alpha * share
    responses = _responses(alpha, beta, phi, batch.values.shape[1])
    levels = np.empty(batch.length.size)
    trends = np.empty((batch.length.size, PHI.size))
    for rows, values, active in batch.chunks():
        y, origin, unit = _standard(values)
        end_level, end_trend, sse = _filter(y, active, batch.length[rows], alpha, beta, phi, responses)
        total = np.nansum(np.square(y - np.nanmean(y, axis=1, keepdims=True)), axis=1, keepdims=True)
        sse = np.maximum(sse, TINY * total + np.finfo(float).tiny)
        weight = (sse / sse.min(axis=1, keepdims=True)) ** (-batch.length[rows, None] / 2)
        weight /= weight.sum(axis=1, keepdims=True)
        levels[rows] = (weight * end_level).sum(axis=1) * unit[:, 0] + origin[:, 0]
        by_phi = (weight * end_trend).reshape(rows.size, -1, PHI.size)  # phi is the grid's fastest axis
        trends[rows] = by_phi.sum(axis=1) * unit
    return DampedTrend(levels, trends)


@dataclass(frozen=True)
class _Responses:
    """Effect of a unit starting level and trend, each (time, grid), on one-step means and later states."""

    mean: tuple[np.ndarray, np.ndarray]
    level: tuple[np.ndarray, np.ndarray]
    trend: tuple[np.ndarray, np.ndarray]


def _responses(alpha: np.ndarray, beta: np.ndarray, phi: np.ndarray, longest: int) -> _Responses:
    def respond(level0: float, trend0: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        mean, level, trend = (np.empty((longest + 1, alpha.size)) for _ in range(3))
        level[0], trend[0] = level0, trend0
        for t in range(longest + 1):
            mean[t] = level[t] + phi * trend[t]
            if t < longest:
                level[t + 1] = (1 - alpha) * mean[t]
                trend[t + 1] = phi * trend[t] - beta * mean[t]
        return mean, level, trend

    by_level, by_trend = respond(1.0, 0.0), respond(0.0, 1.0)
    return _Responses((by_level[0], by_trend[0]), (by_level[1], by_trend[1]), (by_level[2], by_trend[2]))


def _filter(
    y: np.ndarray,
    active: np.ndarray,
    length: np.ndarray,
    alpha: np.ndarray,
    beta: np.ndarray,
    phi: np.ndarray,
    responses: _Responses,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """End level, end trend and sum of squared errors, each (rows, grid), from the best starting state."""
    by_level, by_trend = responses.mean
    shape = (len(y), alpha.size)
    state, slope, squares, cross_level, cross_trend, mean, work = (np.zeros(shape) for _ in range(7))
    for t, k in enumerate(active):
        # in place: allocating these arrays anew at each step costs more than the arithmetic
        s, b, f, w = state[:k], slope[:k], mean[:k], work[:k]
        np.multiply(b, phi, out=b)
        np.add(s, b, out=f)
        error = np.subtract(y[:k, t, None], f, out=w)
        np.multiply(error, alpha, out=s)
        s += f
        np.multiply(error, by_level[t], out=f)
        cross_level[:k] += f
        np.multiply(error, by_trend[t], out=f)
        cross_trend[:k] += f
        np.multiply(error, beta, out=f)
        b += f
        np.multiply(error, error, out=f)
        squares[:k] += f
    last = length - 1
    c11 = np.cumsum(by_level**2, axis=0)[last]
    c12 = np.cumsum(by_level * by_trend, axis=0)[last]
    c22 = np.cumsum(by_trend**2, axis=0)[last]
    determinant = c11 * (c22 + RIDGE) - c12**2
    level0 = (cross_level * (c22 + RIDGE) - cross_trend * c12) / determinant
    trend0 = (cross_trend * c11 - cross_level * c12) / determinant
    sse = squares - 2 * (level0 * cross_level + trend0 * cross_trend)
    sse += level0**2 * c11 + 2 * level0 * trend0 * c12 + trend0**2 * c22
    end_level = state + responses.level[0][length] * level0 + responses.level[1][length] * trend0
    end_trend = slope + responses.trend[0][length] * level0 + responses.trend[1][length] * trend0
    return end_level, end_trend, sse
