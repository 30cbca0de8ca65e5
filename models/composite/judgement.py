"""Weights from experts' paired comparisons (AHP 层次分析法), and ranks by distance to the ideal (TOPSIS).

Sources: Saaty, The analytic hierarchy process (1980); Hwang and Yoon, Multiple attribute decision making
(1981).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from models.checks import LackingError, finite, positive, shares

# Mean consistency index of random reciprocal matrices by size, Saaty (1980).
RANDOM_INDEX = {3: 0.58, 4: 0.90, 5: 1.12, 6: 1.24, 7: 1.32, 8: 1.41, 9: 1.45, 10: 1.49}


@dataclass(frozen=True)
class Hierarchy:
    """Weights (n,), consistency index (lambda - n) / (n - 1), and its ratio to that of random judgements."""

    weights: np.ndarray
    consistency_index: float
    consistency_ratio: float


def reciprocal_matrix(names: Sequence[str], judged: Mapping[str, Mapping[str, float]]) -> np.ndarray:
    """Matrix (n, n) of `names` from each pair judged once, either way round: judged[a][b] = how much more a counts
    than b.

    ValueError naming a pair that is judged twice, not at all, or of something that is not among the names.
    """
    place = {name: n for n, name in enumerate(names)}
    array = np.zeros((len(names), len(names)))
    np.fill_diagonal(array, 1.0)
    for a, row in judged.items():
        for b, ratio in row.items():
            if a not in place or b not in place or array[place[a], place[b]]:
                raise ValueError(f"{a} against {b} is judged twice, or is no pair of {', '.join(names)}")
            array[place[a], place[b]], array[place[b], place[a]] = ratio, 1 / ratio
    missing = np.argwhere(array == 0)
    if missing.size:
        raise ValueError(f"{names[missing[0][0]]} against {names[missing[0][1]]} is not judged")
    return array


def hierarchy_weights(comparisons: ArrayLike) -> Hierarchy:
    """Principal eigenvector of a reciprocal matrix (n, n), a_ij = how much more i counts than j; n is 1-10.

    A ratio of 0.10 and more is commonly sent back to the experts. ValueError for a matrix that is not
    square, positive and reciprocal, or larger than ten.
    """
    array = positive(comparisons, "comparisons", ndim=2)
    n = array.shape[0]
    if array.shape != (n, n) or not np.allclose(array * array.T, 1, rtol=1e-3):
        raise ValueError("comparisons must be a square matrix with a_ij = 1 / a_ji")
    if n > max(RANDOM_INDEX):
        raise ValueError(f"comparisons of more than {max(RANDOM_INDEX)} items have no random index")
    values, vectors = np.linalg.eig(array)
    first = int(np.argmax(values.real))
    weights = np.abs(vectors[:, first].real)
    index = float((values[first].real - n) / (n - 1)) if n > 1 else 0.0
    ratio = index / RANDOM_INDEX[n] if n in RANDOM_INDEX else 0.0
    return Hierarchy(weights / weights.sum(), index, ratio)


def closeness(values: ArrayLike, weights: ArrayLike, rising: ArrayLike) -> np.ndarray:
    """TOPSIS closeness 0-1 (n,): d- / (d+ + d-), distances to the worst and best of weighted unit columns.

    Columns of `values` (n, k) are divided by their length; `rising` (k,) tells where more is better. ValueError
    for a column of zeros, and when all units are alike.
    """
    array = finite(values, "values", least=2, ndim=2)
    share = shares(weights, "weights")
    up = np.asarray(rising, dtype=bool)
    if share.size != array.shape[1] or up.shape != share.shape:
        raise ValueError(f"{array.shape[1]} columns have {share.size} weights and {up.size} directions")
    length = np.linalg.norm(array, axis=0)
    if (length == 0).any():
        raise ValueError(f"column {int(np.argmin(length))} is all zero")
    z = array / length * share
    best = np.where(up, z.max(axis=0), z.min(axis=0))
    worst = np.where(up, z.min(axis=0), z.max(axis=0))
    to_best, to_worst = np.linalg.norm(z - best, axis=1), np.linalg.norm(z - worst, axis=1)
    if not (to_best + to_worst > 0).all():
        raise LackingError("constant", "all units are alike: no ranking")
    return np.asarray(to_worst / (to_best + to_worst))
