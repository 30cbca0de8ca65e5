"""Growth out of the ordinary, and output that does not go with its electricity or tax.

Sources: Iglewicz and Hoaglin, How to detect and handle outliers (1993), for the modified z-score; Shewhart,
Economic control of quality of manufactured product (1931), for control limits.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from models.checks import LackingError, finite, positive

TINY = 1e-9  # of a logarithm: what rounding leaves of two series that are one
TO_SIGMA = 0.6745  # the normal's upper quartile: median absolute deviation over standard deviation


@dataclass(frozen=True)
class CrossCheck:
    """elasticity of the two, deviation (n,) in logarithms from their usual relation, limits, and who is out."""

    elasticity: float
    deviation: np.ndarray
    lower: float
    upper: float
    outside: np.ndarray


def modified_z(values: ArrayLike) -> np.ndarray:
    """z (n,) = 0.6745 (x - median) / MAD: large ones do not hide one another. ValueError when MAD is 0."""
    array = finite(values, "values", least=5)
    apart = array - np.median(array)
    mad = float(np.median(np.abs(apart)))
    if mad == 0:
        raise LackingError("constant", "more than half of the values are alike: no deviation to compare with")
    return np.asarray(TO_SIGMA * apart / mad)


def from_usual(growth: ArrayLike, window: int) -> np.ndarray:
    """Growth less the median of the `window` rates before it: (n - window,), what is later never counts.

    In place of the remainder of a season's decomposition: growth on a year earlier has no season to take out, and
    the resistant fit takes the newest value for its own trend, which hides a fall in the newest month.
    ValueError for no rate after the first `window`.
    """
    array = finite(growth, "growth")
    if window < 1:
        raise ValueError(f"window must be at least 1, not {window}")
    if array.size <= window:
        told = f"growth needs at least {window + 1} periods, not {array.size}"
        raise LackingError("too_few_periods", told, need=window + 1, have=array.size)
    before = np.lib.stride_tricks.sliding_window_view(array[:-1], window)
    return np.asarray(array[window:] - np.median(before, axis=1))


def level_shift(z: ArrayLike, *, last: int, limit: float) -> np.ndarray:
    """Whether the mean of the `last` z up to each period is beyond `limit` in size: (n,) bool, false at first."""
    array = finite(z, "z", least=1)
    if last < 1:
        raise ValueError(f"last must be at least 1, not {last}")
    found = np.zeros(array.size, dtype=bool)
    if array.size >= last:
        means = np.lib.stride_tricks.sliding_window_view(array, last).mean(axis=1)
        found[last - 1 :] = np.abs(means) > limit
    return found


def cross_check(output: ArrayLike, source: ArrayLike, *, learned: int, sigmas: float) -> CrossCheck:
    """Deviation d = ln(output) - a - b ln(source), learned on the first `learned` periods, judged on all.

    `output` (n,) and `source` (n,) such as electricity or tax, above zero; limits are +- `sigmas` standard
    deviations of d in the learned periods. A period out of them asks for a check of collection, it proves
    nothing. ValueError for fewer than twelve learned periods, unequal lengths, a source that does not vary, or an
    output that is a power of the source, which leaves no spread.
    """
    y, x = np.log(positive(output, "output")), np.log(positive(source, "source"))
    if y.size != x.size or not 12 <= learned <= y.size or sigmas <= 0:
        raise ValueError(
            f"needs equal lengths, 12 <= learned <= n and sigmas > 0, not {y.size}, {x.size}, {learned}"
        )
    if np.ptp(x[:learned]) == 0:
        raise LackingError("constant", "the source does not vary: no relation to learn")
    design = np.column_stack([np.ones(x.size), x])
    line = np.linalg.lstsq(design[:learned], y[:learned], rcond=None)[0]
    deviation = y - design @ line
    spread = float(np.sqrt((deviation[:learned] ** 2).sum() / (learned - 2)))
    if spread < TINY:
        raise LackingError("no_spread", "the source tells the output exactly: no spread to take limits from")
    limit = sigmas * spread
    return CrossCheck(float(line[1]), deviation, -limit, limit, np.abs(deviation) > limit)
