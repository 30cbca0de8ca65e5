"""Composite indices of the cycle 景气指数: the OECD's, and the Conference Board's for short histories.

Sources: OECD System of composite leading indicators (2012); The Conference Board, Calculating the composite
indexes (2001).
"""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from models.checks import LackingError, finite, positive

NEUTRAL = 100.0
Scale = Literal["mad", "sd"]


def normalise(cycles: ArrayLike, scale: Scale = "mad") -> np.ndarray:
    """100 + (c - mean) / spread, column by column of cycles (n, k).

    The spread is the mean absolute deviation from the mean (as the OECD has it) or the standard deviation.
    ValueError naming a column that does not vary.
    """
    array = finite(cycles, "cycles", least=2, ndim=2)
    centred = array - array.mean(axis=0)
    spread = np.abs(centred).mean(axis=0) if scale == "mad" else centred.std(axis=0)
    still = np.flatnonzero(spread <= np.finfo(float).eps * np.abs(array).max(axis=0))
    if still.size:
        raise LackingError("constant", f"cycle {still[0]} does not vary")
    return np.asarray(NEUTRAL + centred / spread)


def composite_index(cycles: ArrayLike, reference: ArrayLike, scale: Scale = "mad") -> np.ndarray:
    """Composite index (n,): the mean of normalised cycles (n, k), with the amplitude of the reference.

    CLI = 100 + (mean_k z - 100) sd(reference) / sd(mean_k z). `reference` (m,) is the reference cycle as it is
    to be shown, in percent of trend. Components that move against the reference are to be turned round before.
    """
    mean = normalise(cycles, scale).mean(axis=1) - NEUTRAL
    amplitude = float(finite(reference, "reference", least=2).std())
    spread = float(mean.std())
    if amplitude == 0 or spread <= np.finfo(float).eps * NEUTRAL:
        raise LackingError(
            "constant", "the reference or the components' mean does not vary: no amplitude to adjust"
        )
    return np.asarray(NEUTRAL + mean * amplitude / spread)


def symmetric_change(values: ArrayLike) -> np.ndarray:
    """Symmetric percent change (n - 1,): 200 (x_t - x_{t-1}) / (x_t + x_{t-1}), for levels above zero.

    A rise and the fall back are of one size, which percent changes are not.
    """
    array = positive(values, "values", least=2)
    return np.asarray(200 * np.diff(array) / (array[1:] + array[:-1]))


def standardisation_factors(changes: ArrayLike) -> np.ndarray:
    """Factors (k,) that give each column of changes (n, k) the same volatility: (1/sd_i) / sum_j (1/sd_j)."""
    spread = finite(changes, "changes", least=3, ndim=2).std(axis=0, ddof=1)
    if (spread == 0).any():
        raise LackingError("constant", f"change {int(np.argmin(spread))} does not vary")
    return np.asarray((1 / spread) / (1 / spread).sum())


def symmetric_index(growth: ArrayLike, start: float) -> np.ndarray:
    """Index (n + 1,) from summed contributions: I_t = I_{t-1} (200 + g_t) / (200 - g_t), I_0 = `start`.

    ValueError for contributions of 200 or more in size: no finite change gives them.
    """
    array = finite(growth, "growth", least=0)
    if (np.abs(array) >= 200).any():
        raise ValueError("a contribution of 200 or more in size is no symmetric change")
    return np.asarray(start * np.concatenate(([1.0], np.cumprod((200 + array) / (200 - array)))))
