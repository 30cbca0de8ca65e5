"""Weights from the data: entropy 熵权法 and the first principal component 主成分.

Scores from such weights compare units of one year only, unless the weights are kept. Sources: Shannon, A
mathematical theory of communication (1948), as used for weights in Zeleny, Multiple criteria decision making
(1982); OECD and European Commission, Handbook on constructing composite indicators (2008), for principal
components and winsorising.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from models.checks import LackingError, finite


@dataclass(frozen=True)
class PrincipalWeights:
    """Weights (k,) from the first component, with the conditions under which they mean anything.

    explained: its share (0-1) of the variance. one_sign: all loadings point one way. usable: both hold.
    """

    weights: np.ndarray
    explained: float
    one_sign: bool
    usable: bool


def winsorise(values: ArrayLike, lower: float, upper: float) -> np.ndarray:
    """Values (n, k) with each column cut to its quantiles `lower` and `upper` (0-1): outliers must not weigh."""
    if not 0 <= lower < upper <= 1:
        raise ValueError(f"quantiles need 0 <= lower < upper <= 1, not {lower:g} and {upper:g}")
    array = finite(values, "values", least=2, ndim=2)
    return np.asarray(np.clip(array, *np.quantile(array, [lower, upper], axis=0)))


def min_max(values: ArrayLike, rising: ArrayLike) -> np.ndarray:
    """Scores 0-1 (n, k): (x - min) / (max - min) a column, turned round where `rising` (k,) is false.

    ValueError naming a column that does not vary.
    """
    array = finite(values, "values", least=2, ndim=2)
    up = np.asarray(rising, dtype=bool)
    if up.shape != (array.shape[1],):
        raise ValueError(f"{array.shape[1]} columns have {up.size} directions")
    low, width = array.min(axis=0), np.ptp(array, axis=0)
    if (width == 0).any():
        raise LackingError("constant", f"column {int(np.argmin(width))} does not vary")
    scaled = (array - low) / width
    return np.asarray(np.where(up, scaled, 1 - scaled))


def entropy_weights(scores: ArrayLike, *, floor: float) -> np.ndarray:
    """Weights (k,) summing to 1 of scores 0-1 (n, k), larger for indicators that tell units apart.

    p_ij = z_ij / sum_i z_ij with z = score + `floor` (a small positive number that keeps ln defined);
    e_j = -sum_i p ln p / ln n; w_j = (1 - e_j) / sum_j (1 - e_j). ValueError for scores outside 0-1 or when
    no indicator varies.
    """
    array = finite(scores, "scores", least=2, ndim=2)
    if ((array < 0) | (array > 1)).any() or floor <= 0:
        raise ValueError("scores must be within 0 and 1, and floor above 0")
    p = (array + floor) / (array + floor).sum(axis=0)
    spared = 1 + (p * np.log(p)).sum(axis=0) / np.log(array.shape[0])
    spared = np.maximum(spared, 0.0)
    if spared.sum() <= np.finfo(float).eps * array.size:
        raise LackingError("constant", "no indicator varies: entropy gives no weights")
    return np.asarray(spared / spared.sum())


def principal_weights(scores: ArrayLike, *, least_explained: float) -> PrincipalWeights:
    """Weights |loading_j| / sum |loading| of the first component of standardised scores (n, k).

    Usable when that component explains at least `least_explained` (0-1) and all loadings have one sign. A
    loading of zero agrees with either. ValueError naming a column that does not vary.
    """
    array = finite(scores, "scores", least=3, ndim=2)
    spread = array.std(axis=0)
    if (spread <= np.finfo(float).eps * np.abs(array).max(axis=0)).any():
        raise LackingError("constant", f"column {int(np.argmin(spread))} does not vary")
    variances, vectors = np.linalg.eigh(np.atleast_2d(np.corrcoef(array, rowvar=False)))
    loading, explained = vectors[:, -1], float(variances[-1] / variances.sum())
    one_sign = bool((loading >= -1e-12).all() or (loading <= 1e-12).all())
    size = np.abs(loading)
    return PrincipalWeights(size / size.sum(), explained, one_sign, one_sign and explained >= least_explained)
