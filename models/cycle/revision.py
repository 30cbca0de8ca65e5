"""How much an estimate is revised as later data come in: a band 修订区间 from past vintages.

Source: real-time analysis of Croushore and Stark (2001) and, for filtered cycles, Orphanides and van Norden,
The unreliability of output-gap estimates in real time (2002).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from models.checks import LackingError, finite

FEWEST_VINTAGES = 8


@dataclass(frozen=True)
class RevisionBand:
    """Revision still to be expected of an estimate, by its age in periods (0 = the newest).

    Arrays of shape (ages,). `lower` and `upper`: quantiles of the last estimate less the one made at that
    age, in the estimate's unit, to be added to an estimate of that age. `mean`: their mean (bias).
    `vintages`: how many are behind them.
    """

    lower: np.ndarray
    upper: np.ndarray
    mean: np.ndarray
    vintages: int


def expanding(values: ArrayLike, method: Callable[[np.ndarray], np.ndarray], first: int) -> list[np.ndarray]:
    """What `method` said of `values` (n,) when only the first m were known, for m = `first`..n.

    `method` maps (m,) to (m,). This shows revision by the method alone; true vintages also hold revised data.
    """
    array = finite(values, "values", least=first)
    found = [np.asarray(method(array[:end])) for end in range(first, array.size + 1)]
    for end, estimate in enumerate(found, start=first):
        if estimate.shape != (end,):
            raise ValueError(f"method gave shape {estimate.shape} for {end} values")
    return found


def revision_band(estimates: Sequence[ArrayLike], *, ages: int, coverage: float) -> RevisionBand:
    """Band of `coverage` (0-1) around estimates of age 0..`ages` - 1, from vintages that start alike.

    `estimates` are in order of their making, each (m,) and longer than the one before; the last is the
    measure. So that it is settled where it judges, only periods at least `ages` before its end count.
    ValueError when fewer than eight vintages reach such a period, or vintages do not grow.
    """
    if ages < 1 or not 0 < coverage < 1:
        raise ValueError(f"needs ages >= 1 and 0 < coverage < 1, not {ages} and {coverage:g}")
    arrays = [finite(e, f"vintage {i}", least=ages) for i, e in enumerate(estimates)]
    sizes = [array.size for array in arrays]
    if sizes != sorted(set(sizes)):
        raise ValueError("each vintage must be longer than the one before")
    past = [array for array in arrays if array.size <= sizes[-1] - ages] if sizes else []
    if len(past) < FEWEST_VINTAGES:
        told = f"{FEWEST_VINTAGES} settled vintages are wanted, {len(past)} are there"
        raise LackingError("too_few_vintages", told, need=FEWEST_VINTAGES, have=len(past))
    final = arrays[-1]
    revisions = np.array([final[a.size - ages : a.size][::-1] - a[a.size - ages :][::-1] for a in past])
    tail = (1 - coverage) / 2
    lower, upper = np.quantile(revisions, [tail, 1 - tail], axis=0)
    return RevisionBand(lower, upper, revisions.mean(axis=0), len(past))
