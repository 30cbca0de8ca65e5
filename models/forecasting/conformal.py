"""Split conformal intervals: as wide as past errors were, in units of each series' own scale.

Score = |error| / in-sample seasonal-naive error of the training part, pooled over series for each step.
Source: Lei, G'Sell, Rinaldo, Tibshirani and Wasserman, Journal of the American Statistical Association 113
(2018).
"""

import numpy as np
from sklearn.isotonic import isotonic_regression


def quantile(scores: np.ndarray, level: float) -> np.ndarray:
    """The ceil((n + 1) level)-th smallest of the n known scores of each column, shape (columns,).

    NaN where n is too small for the level (below 4 scores at 80 %, below 19 at 95 %).
    """
    ordered = np.sort(scores, axis=0)
    count = np.isfinite(ordered).sum(axis=0)
    rank = np.ceil((count + 1) * level - 1e-9).astype(int)
    found = np.full(scores.shape[1], np.nan)
    columns = np.flatnonzero(rank <= count)
    found[columns] = ordered[rank[columns] - 1, columns]
    return found


def widening(multipliers: np.ndarray) -> np.ndarray:
    """Multipliers by step (horizon,) fitted so that they never shrink with the step; NaN stay NaN.

    Few errors a step make neighbouring steps jump; least squares under the order (isotonic regression)
    averages the jumps away. That errors do not shrink with the step is assumed, not found.
    """
    fitted = multipliers.copy()
    known = np.isfinite(multipliers)
    if known.any():
        fitted[known] = isotonic_regression(multipliers[known])
    return fitted


def replayed(scores: np.ndarray, offsets: np.ndarray, level: float) -> np.ndarray:
    """Multipliers that would have been in force at each case's origin, shape of `scores` (n_cases, horizon).

    `offsets` (n_cases,) counts the observations after each origin. The error of step h made at offset d' is
    known at offset d only if d' - h >= d: nothing that lies after an origin enters its interval.
    """
    multipliers = np.empty_like(scores)
    step = np.arange(1, scores.shape[1] + 1)
    for offset in np.unique(offsets):
        known = offsets[:, None] - step >= offset
        multipliers[offsets == offset] = widening(quantile(np.where(known, scores, np.nan), level))
    return multipliers
