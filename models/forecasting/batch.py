"""Series of mixed length as one array: left-aligned, padded with NaN on the right."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

# Rows filtered together: small enough that rows x parameter grid stays in the processor's cache.
CHUNK = 128


@dataclass(frozen=True)
class Batch:
    """`values` (n_series, longest) with NaN after each series' end; `length` (n_series,)."""

    values: np.ndarray
    length: np.ndarray

    def chunks(self) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """Rows in chunks of falling length: (row numbers, values, active).

        `active[t]` counts the rows of the chunk still running at time t; because rows are sorted by length
        these are its first `active[t]` rows, so a recursion over t needs no mask.
        """
        order = np.argsort(-self.length, kind="stable")
        for start in range(0, order.size, CHUNK):
            rows = order[start : start + CHUNK]
            longest = int(self.length[rows[0]])
            active = (self.length[rows][:, None] > np.arange(longest)).sum(axis=0)
            yield rows, self.values[rows, :longest], active


def stack(series: list[np.ndarray]) -> Batch:
    """Batch of finite one-dimensional series, at least one value each; ValueError otherwise."""
    length = np.array([len(one) for one in series], dtype=int)
    if length.size == 0 or length.min() < 1:
        raise ValueError("a batch needs at least one series and one value in each")
    values = np.full((length.size, int(length.max())), np.nan)
    for row, one in zip(values, series, strict=True):
        row[: len(one)] = one
    if int(np.isfinite(values).sum()) != int(length.sum()):
        raise ValueError("forecasters take finite values only; fill gaps first")
    return Batch(values, length)


def last_season(batch: Batch, season: int, horizon: int) -> np.ndarray:
    """Seasonal naive forecast, shape (n_series, horizon): the last full season again.

    A series shorter than one season repeats its last value.
    """
    step = np.arange(horizon)
    period = np.where(batch.length >= season, season, 1)[:, None]
    return np.take_along_axis(batch.values, batch.length[:, None] - period + step % period, axis=1)


def naive_scale(batch: Batch, season: int) -> np.ndarray:
    """In-sample mean absolute error of the seasonal naive forecast, shape (n_series,): the scale of MASE.

    Lag `season` for series of at least two seasons, lag 1 for shorter ones; 0 for a series that repeats
    itself, NaN for a single value. Source: Hyndman and Koehler, International Journal of Forecasting 22
    (2006).
    """
    scale = np.full(batch.length.size, np.nan)
    seasonal = batch.length >= 2 * season
    others = ~seasonal & (batch.length > 1)
    for rows, lag in ((np.flatnonzero(seasonal), season), (np.flatnonzero(others), 1)):
        if rows.size:
            values = batch.values[rows]
            scale[rows] = np.nanmean(np.abs(values[:, lag:] - values[:, :-lag]), axis=1)
    return scale
