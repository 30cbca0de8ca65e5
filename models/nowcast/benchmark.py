"""What a nowcast must beat: an autoregression of the target on itself, and how the two are compared.

Source: Banbura, Giannone, Modugno and Reichlin, Now-casting and the real-time data flow (2013), where the
autoregression is the benchmark.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from models.checks import finite

FEWEST_VALUES = 8


@dataclass(frozen=True)
class Contest:
    """Root mean squared errors over `quarters`, in the target's unit; `ratio` below 1: the nowcast is better."""

    quarters: int
    nowcast_error: float
    benchmark_error: float
    ratio: float


def autoregression(values: ArrayLike, steps: int) -> np.ndarray:
    """Forecasts (steps,) of x_t = a + b x_{t-1} + e by least squares on values (n,), at least eight.

    A series that does not vary is forecast by its value.
    """
    if steps < 1:
        raise ValueError(f"steps must be at least 1, not {steps}")
    array = finite(values, "values", least=FEWEST_VALUES)
    if np.ptp(array[:-1]) == 0:
        return np.full(steps, array[-1])
    design = np.column_stack([np.ones(array.size - 1), array[:-1]])
    (a, b), *_ = np.linalg.lstsq(design, array[1:], rcond=None)
    found = [array[-1]]
    for _ in range(steps):
        found.append(a + b * found[-1])
    return np.array(found[1:])


def learned_weights(errors: ArrayLike, *, shrink: float, least: int) -> np.ndarray:
    """Weights (k,) of forecasts with past errors (n, k): inverse mean squared errors, drawn to equal ones.

    `shrink` 0 leaves them as learned, 1 makes them equal; with fewer than `least` errors, or one that never errs,
    they are equal. Source: Bates and Granger, The combination of forecasts (1969); learned weights alone vary much.
    """
    if not 0 <= shrink <= 1:
        raise ValueError(f"shrink must be within 0 and 1, not {shrink:g}")
    array = np.asarray(errors, dtype=float)
    if array.ndim != 2 or not np.isfinite(array).all():
        raise ValueError(f"needs finite errors (n, k), not shape {array.shape}")
    equal = np.full(array.shape[1], 1 / array.shape[1])
    squared = (array**2).mean(axis=0) if len(array) >= max(least, 1) else np.zeros(array.shape[1])
    if (squared == 0).any():
        return equal
    learned = (1 / squared) / (1 / squared).sum()
    return np.asarray(shrink * equal + (1 - shrink) * learned)


def contest(nowcasts: ArrayLike, benchmark: ArrayLike, actual: ArrayLike, *, least: int) -> Contest:
    """Errors of both against `actual` (n,) over at least `least` quarters; all three of one length.

    Forecasts must be those made at the time, from the data known then. ValueError otherwise.
    """
    arrays = [
        finite(values, name, least=least)
        for values, name in ((nowcasts, "nowcasts"), (benchmark, "benchmark"), (actual, "actual"))
    ]
    if len({array.size for array in arrays}) > 1:
        raise ValueError(f"lengths differ: {', '.join(str(array.size) for array in arrays)}")
    ours, theirs = (float(np.sqrt(np.mean((array - arrays[2]) ** 2))) for array in arrays[:2])
    return Contest(arrays[2].size, ours, theirs, ours / theirs if theirs > 0 else float("nan"))
