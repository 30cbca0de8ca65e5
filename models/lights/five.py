"""Five-light index 预警信号灯: each indicator has a light, and their weighted score has one.

Lights are scores, 1 blue 蓝 (cold), 2 light blue 浅蓝, 3 green 绿, 4 yellow 黄, 5 red 红 (overheated); the
method is two-sided. Sources: business climate warning index of the National Bureau of Statistics; monitoring
indicators of Taiwan's National Development Council, which has the same five lights.
"""

import numpy as np
from numpy.typing import ArrayLike

from models.checks import LackingError, finite, shares

LIGHTS = ("blue", "light_blue", "green", "yellow", "red")
GREEN = 3
FULL = 100.0
DIGITS = 9  # comparisons ignore what binary fractions add


def lights(values: ArrayLike, edges: ArrayLike) -> np.ndarray:
    """Scores 1-5 of `values` (n,): 1 plus the number of the four rising `edges` that are reached.

    A value on an edge has the upper light; so the bands are [e_i, e_{i+1}). Serves an indicator with its
    limits as well as the index with its bands. NaN has score 0: missing is no light. `edges` are (4,), or
    (n, 4) where limits move, with NaN rows where there are none yet. ValueError when they do not rise.
    """
    array = np.asarray(values, dtype=float)
    bounds = np.broadcast_to(np.asarray(edges, dtype=float), (*array.shape, len(LIGHTS) - 1))
    if array.ndim != 1 or np.isinf(array).any():
        raise ValueError("values must be one series without infinities")
    flat = np.flatnonzero((np.diff(bounds, axis=1) <= 0).any(axis=1))
    if flat.size:
        raise ValueError(f"the edges of the lights must rise, not {bounds[flat[0]].tolist()} at {flat[0]}")
    known = np.isfinite(array) & np.isfinite(bounds).all(axis=1)
    reached = (np.round(array, DIGITS)[:, None] >= np.round(bounds, DIGITS)).sum(axis=1)
    return np.asarray(np.where(known, 1 + reached, 0))


def quantile_edges(values: ArrayLike, probabilities: ArrayLike, window: int) -> np.ndarray:
    """Limits (n, 4) of an indicator (n,) from its own past: quantiles of the `window` values before each.

    The value that is judged is not among those that judge it. NaN for the first `window` periods. ValueError
    for probabilities that are not four rising ones within 0-1, or a series no longer than the window.
    """
    levels = finite(probabilities, "probabilities")
    if levels.size != len(LIGHTS) - 1 or (np.diff(levels) <= 0).any() or levels[0] <= 0 or levels[-1] >= 1:
        raise ValueError("probabilities must be four rising ones within 0 and 1")
    if window < 1:
        raise ValueError(f"window must be at least 1, not {window}")
    array = finite(values, "values", least=window + 1)
    past = np.lib.stride_tricks.sliding_window_view(array[:-1], window)
    return np.vstack([np.full((window, levels.size), np.nan), np.quantile(past, levels, axis=1).T])


def light_index(scores: ArrayLike, weights: ArrayLike) -> np.ndarray:
    """Index (n,) of scores (n, k) with weights (k,): 100 sum_i w_i s_i / 3; 100 when all lights are green.

    Weights are brought to the sum 1. A period with a missing light (score 0) has NaN: an index of other
    parts is another index. ValueError for scores outside 0-5 or weights of another number.
    """
    array = finite(scores, "scores", ndim=2)
    share = shares(weights, "weights")
    if array.shape[1] != share.size:
        raise ValueError(f"{array.shape[1]} indicators have {share.size} weights")
    if ((array < 0) | (array > len(LIGHTS)) | (array != np.round(array))).any():
        raise ValueError(f"scores must be whole numbers from 0 to {len(LIGHTS)}")
    return np.asarray(np.where((array > 0).all(axis=1), FULL * (array @ share) / GREEN, np.nan))


def lights_a_year(scores: ArrayLike, periods_a_year: int) -> np.ndarray:
    """How often each light was shown, per year of known periods: shape (5,), blue first; sums to the year."""
    array = finite(scores, "scores", least=0)
    known = array[array > 0]
    if not known.size:
        raise LackingError("no_light", "no period has a light")
    counts = np.array([(known == score).sum() for score in range(1, len(LIGHTS) + 1)])
    return np.asarray(counts / known.size * periods_a_year)
