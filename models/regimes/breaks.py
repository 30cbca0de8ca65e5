"""Breaks: whether a mean has any (CUSUM), how many and where (least squares over partitions), or a random walk only.

Sources: Ploberger and Kraemer, The CUSUM test with OLS residuals (1992); Bai and Perron, Computation and analysis
of multiple structural change models (2003), for the dynamic programme; Yao, Estimating the number of
change-points via Schwarz' criterion (1988); Zivot and Andrews, Further evidence on the great crash (1992).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from statsmodels.stats.diagnostic import breaks_cusumolsresid
from statsmodels.tsa.stattools import zivot_andrews

from models.checks import LackingError, finite

FEWEST_TO_TEST = 30
MOST_VALUES = 1000  # the programme takes n^2 memory


@dataclass(frozen=True)
class Breaks:
    """positions: first period of each new mean; means: one a segment; criterion: by number of breaks, 0 first."""

    positions: tuple[int, ...]
    means: tuple[float, ...]
    criterion: np.ndarray


@dataclass(frozen=True)
class UnitRootTest:
    """statistic below the critical value (by level in percent): no unit root, but a break.

    position: first period after the break; lags: of the test's regression.
    """

    statistic: float
    p_value: float
    critical: dict[int, float]
    lags: int
    position: int


def mean_is_stable(values: ArrayLike) -> tuple[float, float]:
    """Largest |cumulated residual| / (sd sqrt n) of values (n,) less their mean, and its p-value without breaks.

    Autocorrelated series are accused too often. ValueError for fewer than eight values or none that varies.
    """
    array = finite(values, "values", least=8)
    residual = array - array.mean()
    if np.ptp(array) == 0:
        raise LackingError("constant", "values do not vary: nothing to test")
    statistic, p_value, _ = breaks_cusumolsresid(residual, ddof=1)
    return float(statistic), float(p_value)


def mean_breaks(values: ArrayLike, *, most: int, trim: float) -> Breaks:
    """The up to `most` breaks of the mean of values (n,) that minimise Schwarz' criterion.

    BIC(m) = ln(SSR_m / n) + (2 m + 1) ln(n) / n: m breaks and m + 1 means. Segments hold at least
    `trim` (0-0.5) of the values and two; the best partition of each size is exact. ValueError for more breaks
    than segments have room for, or more than a thousand values.
    """
    array = finite(values, "values", least=4)
    n = array.size
    if not 0 < trim < 0.5 or most < 0 or n > MOST_VALUES:
        raise ValueError(f"needs 0 < trim < 0.5, most >= 0 and at most {MOST_VALUES} values")
    shortest = max(int(np.ceil(trim * n)), 2)
    if (most + 1) * shortest > n:
        raise ValueError(f"{n} values have no room for {most} breaks {shortest} apart")
    cost = _segment_costs(array, shortest)
    best, came_from = [cost[0]], []
    for _ in range(most):
        # total[s, e]: best so far up to s, and one segment from s to e
        total = best[-1][:-1, None] + cost
        came_from.append(np.argmin(total, axis=0))
        best.append(total.min(axis=0))
    squares = np.maximum([row[n] for row in best], np.finfo(float).tiny)
    number = np.arange(most + 1)
    criterion = np.log(squares / n) + (2 * number + 1) * np.log(n) / n
    positions: list[int] = []
    end = n
    for previous in came_from[: int(np.argmin(criterion))][::-1]:
        end = int(previous[end])
        positions.insert(0, end)
    segments = np.split(array, positions)
    return Breaks(tuple(positions), tuple(float(segment.mean()) for segment in segments), criterion)


def unit_root_or_break(
    values: ArrayLike, *, breaking: Literal["level", "trend", "both"], trim: float
) -> UnitRootTest:
    """Test of a unit root against a stationary series (n,) with one break of its level, its trend or both.

    The break is sought in all periods but the first and last `trim` (0-1/3) of them, lags by Akaike's criterion. A
    break that is found where the unit root stands is no evidence of one. ValueError for fewer than 30 values or
    none that varies.
    """
    array = finite(values, "values", least=FEWEST_TO_TEST)
    if not 0 < trim <= 1 / 3:
        raise ValueError(f"trim must be above 0 and at most 1/3, not {trim:g}")
    if np.ptp(array) == 0:
        raise LackingError("constant", "values do not vary: nothing to test")
    kind = {"level": "c", "trend": "t", "both": "ct"}[breaking]
    statistic, p_value, critical, lags, position = zivot_andrews(array, trim=trim, regression=kind)
    limits = {int(level.rstrip("%")): float(limit) for level, limit in critical.items()}
    return UnitRootTest(float(statistic), float(p_value), limits, int(lags), int(position) + 1)


def _segment_costs(array: np.ndarray, shortest: int) -> np.ndarray:
    """Sum of squares about the mean of array[s:e], shape (n, n + 1); infinite for segments that are too short."""
    n = array.size
    centred = array - array.mean()
    sums, squares = (np.concatenate(([0.0], np.cumsum(part))) for part in (centred, centred**2))
    start, end = np.arange(n)[:, None], np.arange(n + 1)
    length = end - start
    allowed = length >= shortest
    within = squares[end] - squares[start] - (sums[end] - sums[start]) ** 2 / np.where(allowed, length, 1)
    # what rounding leaves of a perfect fit must not look like a difference
    floor = np.finfo(float).eps * squares[-1]
    return np.asarray(np.where(allowed, np.maximum(within, floor), np.inf))
