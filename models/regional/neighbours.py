"""Spatial autocorrelation 空间自相关: Moran's I, global and local, judged by permutation.

Sources: Moran, Notes on continuous stochastic phenomena (1950); Anselin, Local indicators of spatial association
(1995); Benjamini and Hochberg, Controlling the false discovery rate (1995).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from statsmodels.stats.multitest import multipletests

from models.checks import LackingError, finite

KINDS = ("none", "high_high", "low_low", "high_low", "low_high")


@dataclass(frozen=True)
class Moran:
    """Global index, its expectation without autocorrelation -1/(n-1), and the two-sided permutation p-value."""

    index: float
    expected: float
    p_value: float


@dataclass(frozen=True)
class LocalMoran:
    """By region (n,): index, two-sided p-value, and whether it holds at the false discovery rate.

    `kind`: own value and that of the neighbours against the mean, "none" where it does not hold.
    """

    index: np.ndarray
    p_value: np.ndarray
    significant: np.ndarray
    kind: np.ndarray


def row_standardised(adjacency: ArrayLike) -> np.ndarray:
    """Weights (n, n) whose rows sum to 1, from weights that are not negative with a zero diagonal.

    ValueError naming a region without neighbours: an island needs them set by hand.
    """
    array = finite(adjacency, "adjacency", least=3, ndim=2)
    if array.shape[0] != array.shape[1] or (array < 0).any() or np.diag(array).any():
        raise ValueError("adjacency must be square and not negative, with a zero diagonal")
    sums = array.sum(axis=1, keepdims=True)
    if (sums == 0).any():
        raise ValueError(f"region {int(np.argmin(sums))} has no neighbours")
    return np.asarray(array / sums)


def moran(values: ArrayLike, weights: ArrayLike, *, permutations: int, rng: np.random.Generator) -> Moran:
    """I = n / W sum_ij w_ij z_i z_j / sum z^2, z = values less their mean (n,), weights (n, n).

    p = (1 + permutations at least as far from the expectation) / (1 + permutations). Few regions give little
    power. ValueError for weights that do not fit or values that do not vary.
    """
    z, w = _checked(values, weights, permutations)
    index = _global(z, w)
    expected = -1 / (z.size - 1)
    drawn = np.array([_global(rng.permutation(z), w) for _ in range(permutations)])
    beyond = int((np.abs(drawn - expected) >= abs(index - expected) - 1e-12).sum())
    return Moran(index, expected, (1 + beyond) / (1 + permutations))


def local_moran(
    values: ArrayLike,
    weights: ArrayLike,
    *,
    permutations: int,
    discovery_rate: float,
    rng: np.random.Generator,
) -> LocalMoran:
    """I_i = z_i sum_j w_ij z_j / (sum z^2 / n); their sum is W times the global index.

    Permutations are conditional: region i keeps its value, the others are shuffled over its neighbours. p is
    twice the smaller tail, at most 1. `discovery_rate` (0-1) is that of Benjamini and Hochberg over all
    regions: fewer than 2 n / rate permutations cannot find a region that stands alone.
    """
    if not 0 < discovery_rate < 1:
        raise ValueError(f"discovery rate must be within 0 and 1, not {discovery_rate:g}")
    z, w = _checked(values, weights, permutations)
    n, power = z.size, float(z @ z) / z.size
    lag = w @ z
    p_values = np.empty(n)
    for i in range(n):
        neighbours = np.delete(w[i], i)
        others = np.tile(np.delete(z, i), (permutations, 1))
        drawn = rng.permuted(others, axis=1) @ neighbours
        upper = 1 + int((drawn >= lag[i] - 1e-12).sum())
        lower = 1 + int((drawn <= lag[i] + 1e-12).sum())
        p_values[i] = min(1.0, 2 * min(upper, lower) / (1 + permutations))
    holds = multipletests(p_values, alpha=discovery_rate, method="fdr_bh")[0]
    which = np.select([(z > 0) & (lag > 0), (z < 0) & (lag < 0), (z > 0) & (lag < 0)], [1, 2, 3], 4)
    kind = np.array(KINDS)[np.where(holds & (z != 0) & (lag != 0), which, 0)]
    return LocalMoran(z * lag / power, p_values, np.asarray(holds), kind)


def _global(z: np.ndarray, w: np.ndarray) -> float:
    return float(z.size / w.sum() * (z @ w @ z) / (z @ z))


def _checked(values: ArrayLike, weights: ArrayLike, permutations: int) -> tuple[np.ndarray, np.ndarray]:
    array = finite(values, "values", least=3)
    w = finite(weights, "weights", ndim=2)
    if w.shape != (array.size, array.size) or np.diag(w).any() or w.sum() <= 0:
        raise ValueError(
            f"{array.size} regions need weights of that size with a zero diagonal and a sum above 0"
        )
    if permutations < 1:
        raise ValueError(f"permutations must be at least 1, not {permutations}")
    z = array - array.mean()
    if np.ptp(array) <= np.finfo(float).eps * np.abs(array).max():
        raise LackingError("constant", "values do not vary: no autocorrelation")
    return z, w
