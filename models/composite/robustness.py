"""How much ranks depend on the weights: they are perturbed, and the ranks that follow are counted.

Source: Saisana, Saltelli and Tarantola, Uncertainty and sensitivity analysis techniques as tools for the quality
assessment of composite indicators (2005); Dirichlet draws around the given weights.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from models.checks import finite, shares


@dataclass(frozen=True)
class RankRobustness:
    """Ranks (1 = highest score) of n units: with the given weights, and their spread over the draws.

    rank (n,), lower (n,) and upper (n,) of the interval, top (n,): share of draws with a rank within `k`.
    """

    rank: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    top: np.ndarray


def rank_robustness(
    scores: ArrayLike,
    weights: ArrayLike,
    *,
    k: int,
    concentration: float,
    coverage: float,
    draws: int,
    rng: np.random.Generator,
) -> RankRobustness:
    """Ranks of weighted scores (n, m) over `draws` Dirichlet weights with mean `weights` (m,).

    Weight j has variance w_j (1 - w_j) / (`concentration` + 1): at 100, a weight of 0.2 moves by 0.04. A weight
    of zero stays zero. Units that tie share the better rank. `coverage` (0-1) is that of the interval.
    ValueError for sizes that do not fit or parameters out of range.
    """
    array = finite(scores, "scores", least=2, ndim=2)
    share = shares(weights, "weights")
    if share.size != array.shape[1]:
        raise ValueError(f"{array.shape[1]} columns have {share.size} weights")
    if not (1 <= k <= array.shape[0] and concentration > 0 and 0 < coverage < 1 and draws >= 1):
        raise ValueError("needs 1 <= k <= units, concentration > 0, 0 < coverage < 1 and draws >= 1")
    used = share > 0
    drawn = np.zeros((draws, share.size))
    drawn[:, used] = rng.dirichlet(concentration * share[used], draws)
    ranks = _ranks(drawn @ array.T)
    tail = (1 - coverage) / 2
    lower, upper = np.quantile(ranks, [tail, 1 - tail], axis=0, method="nearest")
    return RankRobustness(_ranks((array @ share)[None])[0], lower, upper, (ranks <= k).mean(axis=0))


def _ranks(totals: np.ndarray) -> np.ndarray:
    """Rank 1 = highest, row by row of (draws, n); what rounding tells apart is a tie."""
    settled = np.round(totals, 12)
    ordered = np.sort(-settled, axis=1)
    return np.array(
        [1 + np.searchsorted(row, -total) for row, total in zip(ordered, settled, strict=True)], dtype=int
    )
