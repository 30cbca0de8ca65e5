"""Slips of a deliverer that numbers alone betray: a decimal slip, and a change of unit in mid-series.

Both are suspicions with evidence for a person to confirm; nothing is corrected here. Method: log ratio to the
median of neighbours, and to the median before and after, compared with the logarithms of known factors.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from models.checks import positive


@dataclass(frozen=True)
class Suspicion:
    """At `position`, values are about `factor` times what their neighbours say; `ratio` is what was seen."""

    position: int
    factor: float
    ratio: float


def decimal_slips(
    values: ArrayLike, factors: Sequence[float], *, reach: int, tolerance: float
) -> list[Suspicion]:
    """Single values about `factor` times the median of the 2 * `reach` values around them.

    `values` (n,) above zero; `factors` such as 10, 100, 0.1; `tolerance` is the largest relative distance
    from the factor (0.3 = 30 %). ValueError for fewer than 2 * reach + 1 values.
    """
    if reach < 1:
        raise ValueError(f"reach must be at least 1, not {reach}")
    array = positive(values, "values", least=2 * reach + 1)
    found = []
    for at in range(array.size):
        # near an end the window is moved, not cut: a lone neighbour with a slip would accuse an honest value
        first = min(max(at - reach, 0), array.size - 2 * reach - 1)
        around = np.delete(array[first : first + 2 * reach + 1], at - first)
        ratio = float(array[at] / np.median(around))
        found += [Suspicion(at, f, ratio) for f in factors if abs(ratio / f - 1) <= tolerance]
    return found


def unit_change(
    values: ArrayLike, factors: Sequence[float], *, reach: int, tolerance: float
) -> list[Suspicion]:
    """Positions from which on values are about `factor` times those before: a unit or base was changed.

    Medians of `reach` values before and from the position on are compared, and both sides must keep together:
    within each, no value is further from its median than half the step (in logarithms), so that only the very
    position of the change answers. ValueError for fewer than 2 * reach values.
    """
    if reach < 2:
        raise ValueError(f"reach must be at least 2, not {reach}")
    array = np.log(positive(values, "values", least=2 * reach))
    found: list[Suspicion] = []
    for at in range(reach, array.size - reach + 1):
        left, right = array[at - reach : at], array[at : at + reach]
        step = float(np.median(right) - np.median(left))
        spread = max(np.abs(left - np.median(left)).max(), np.abs(right - np.median(right)).max())
        if spread > abs(step) / 2:
            continue
        ratio = float(np.exp(step))
        found += [Suspicion(at, f, ratio) for f in factors if abs(ratio / f - 1) <= tolerance]
    return found
