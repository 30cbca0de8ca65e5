"""Diffusion indices 扩散指数, of surveys and of series, and the purchasing managers' index from its parts.

Sources: National Bureau of Statistics, method of the purchasing managers' survey; Moore, Statistical
indicators of cyclical revivals and recessions (1950) for the historical index. The standard error follows from
the variance of an answer worth 1, 1/2 or 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import norm

from models.checks import finite, shares

FULL = 100.0


@dataclass(frozen=True)
class Diffusion:
    """Diffusion index of a sample and its standard error, both in points (0-100), and the answers n."""

    index: float
    error: float
    answers: int


def diffusion_index(up: int, same: int, down: int) -> Diffusion:
    """Index of answers: 100 (up + same / 2) / n, with standard error 100 sqrt(p+ + p- - (p+ - p-)^2) / (2 sqrt n).

    50 is no change. The error is that of a simple random sample. ValueError for negative counts or no
    answer.
    """
    if min(up, same, down) < 0 or up + same + down == 0:
        raise ValueError(f"needs answers, none negative, not {up}, {same}, {down}")
    n = up + same + down
    plus, minus = up / n, down / n
    variance = max(plus + minus - (plus - minus) ** 2, 0.0)
    return Diffusion(FULL * (up + same / 2) / n, FULL * float(np.sqrt(variance / n)) / 2, n)


def has_moved(now: Diffusion, before: Diffusion, *, confidence: float) -> bool:
    """Whether two independent samples differ by more than chance: |a - b| > z sqrt(se_a^2 + se_b^2).

    `confidence` is two-sided: 0.9 gives z = 1.645. ValueError when it is not within 0 and 1.
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must be within 0 and 1, not {confidence:g}")
    allowed = norm.ppf((1 + confidence) / 2) * np.hypot(now.error, before.error)
    return bool(abs(now.index - before.index) > allowed)


def historical_diffusion(panel: ArrayLike, span: int, tolerance: float = 0.0) -> np.ndarray:
    """Share of series that rise over `span` periods, unchanged ones by half, in percent: shape (n - span,).

    `panel` (n, k), each turned so that up is good; changes of at most `tolerance` in size are none.
    """
    if span < 1 or tolerance < 0:
        raise ValueError(f"needs span >= 1 and tolerance >= 0, not {span} and {tolerance:g}")
    array = finite(panel, "panel", least=span + 1, ndim=2)
    change = array[span:] - array[:-span]
    share = (change > tolerance) + ((np.abs(change) <= tolerance) / 2)
    return np.asarray(FULL * share.mean(axis=1))


def weighted_index(
    parts: Mapping[str, ArrayLike], weights: Mapping[str, float], inverted: frozenset[str] = frozenset()
) -> np.ndarray:
    """Composite of sub-indices (0-100): sum_i w_i x_i, with 100 - x for `inverted` ones; shape of the parts.

    So is the purchasing managers' index made of new orders, production, employment, supplier delivery
    (inverted: slower is busier) and inventory; so is an output index of industries by their shares of
    product. Weights must sum to 1. ValueError naming a part without weight, a weight without part, or a
    part outside 0-100.
    """
    if set(parts) != set(weights) or not inverted <= set(parts):
        odd = sorted(set(parts) ^ set(weights) | (inverted - set(parts)))
        raise ValueError(f"parts and weights do not fit: {', '.join(odd)}")
    names = sorted(parts)
    share = np.array([weights[name] for name in names])
    shares(share, "weights")
    if abs(float(share.sum()) - 1) > 1e-9:
        raise ValueError(f"weights sum to {share.sum():g}, not 1")
    total = 0.0
    for name, weight in zip(names, share, strict=True):
        value = finite(np.atleast_1d(parts[name]), name)
        if ((value < 0) | (value > FULL)).any():
            raise ValueError(f"{name} is outside 0 to {FULL:g}")
        total = total + weight * (FULL - value if name in inverted else value)
    return np.asarray(total)
