"""Supply and use balance sheet 供需平衡表, made to add up.

Sources: Stone, Champernowne and Meade, The precision of national income estimates (1942), for the adjustment
by least squares; Food and Agriculture Organization, Food balance sheets: a handbook (2001), for the
items and ratios.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import LinAlgError, solveh_banded

from models.checks import finite

SUPPLY = ("opening", "production", "imports")
USE = ("food", "feed", "seed", "industry", "loss", "exports", "closing")
ITEMS = SUPPLY + USE


@dataclass(frozen=True)
class Reconciled:
    """values (n,): adjusted so that A x = 0; adjustment (n,) = values - given; residual: A x0 before, (m,)."""

    values: np.ndarray
    adjustment: np.ndarray
    residual: np.ndarray


def balance_constraints(periods: int) -> np.ndarray:
    """Matrix A of `periods` sheets on end: supply less use is 0, and closing stock is the next opening.

    Columns are `ITEMS` of the first period, then of the second, and so on; 2 * periods - 1 rows.
    """
    if periods < 1:
        raise ValueError(f"periods must be at least 1, not {periods}")
    k = len(ITEMS)
    identity = np.array([1.0] * len(SUPPLY) + [-1.0] * len(USE))
    rows = np.kron(np.eye(periods), identity)
    carried = np.zeros((periods - 1, periods * k))
    for period in range(periods - 1):
        carried[period, period * k + ITEMS.index("closing")] = 1
        carried[period, (period + 1) * k + ITEMS.index("opening")] = -1
    return np.vstack([rows, carried])


def reconcile(values: ArrayLike, deviations: ArrayLike, constraints: ArrayLike) -> Reconciled:
    """Nearest values with A x = 0: minimise sum ((x - x0) / s)^2, x = x0 - S A' (A S A')^-1 A x0, S = diag(s^2).

    `values` x0 (n,), `deviations` s (n,) their standard errors in the same unit, 0 for what may not
    change, `constraints` A (m, n). Items may come out negative: show that, do not hide it. ValueError for
    sizes that do not fit, negative deviations, or constraints that fixed values break.
    """
    x, s = finite(values, "values"), finite(deviations, "deviations")
    a = finite(constraints, "constraints", ndim=2)
    if s.shape != x.shape or a.shape[1] != x.size or (s < 0).any():
        raise ValueError(f"{x.size} values have {s.size} deviations (not negative) and {a.shape[1]} columns")
    residual = a @ x
    # in units of the largest deviation, for the sake of the inverse
    variance = (s / s.max()) ** 2 if s.max() > 0 else s
    adjustment = -variance * (a.T @ (np.linalg.pinv(a * variance @ a.T, hermitian=True) @ residual))
    left = np.abs(a @ (x + adjustment)).max()
    if left > 1e-8 * max(float(np.abs(x).max()), 1e-300):
        raise ValueError(f"fixed values break a constraint by {left:g}")
    return Reconciled(x + adjustment, adjustment, residual)


def reconcile_sheets(values: ArrayLike, deviations: ArrayLike) -> Reconciled:
    """`reconcile` of sheets on end, in time linear in their number.

    `values` and `deviations` (periods, items) in the order of `ITEMS`; so is what comes back. `residual` has
    2 * periods - 1 values: supply less use of each period, and between two periods closing less opening stock.
    ValueError for sizes that do not fit, negative deviations, or a period in which nothing may change.
    """
    x, s = finite(values, "values", ndim=2), finite(deviations, "deviations", ndim=2)
    if s.shape != x.shape or x.shape[1] != len(ITEMS) or (s < 0).any():
        raise ValueError(f"values {x.shape} have deviations {s.shape} (not negative) of {len(ITEMS)} items")
    sign = np.array([1.0] * len(SUPPLY) + [-1.0] * len(USE))
    opening, closing = ITEMS.index("opening"), ITEMS.index("closing")
    n, variance = len(x), s**2
    # constraints in the order identity, carry, identity, ...: then A S A' has three diagonals
    residual = np.empty(2 * n - 1)
    residual[::2], residual[1::2] = x @ sign, x[:-1, closing] - x[1:, opening]
    diagonals = np.zeros((2, 2 * n - 1))
    diagonals[1, ::2] = variance.sum(axis=1)
    diagonals[1, 1::2] = variance[:-1, closing] + variance[1:, opening]
    diagonals[0, 1::2], diagonals[0, 2::2] = -variance[:-1, closing], -variance[1:, opening]
    if (diagonals[1] <= 0).any():
        raise ValueError("a period or a stock carried over has nothing that may change")
    try:
        force = solveh_banded(diagonals, residual)
    except LinAlgError as error:
        raise ValueError("fixed values leave the sheets no way to add up") from error
    moved = np.outer(force[::2], sign)
    moved[:-1, closing] += force[1::2]
    moved[1:, opening] -= force[1::2]
    adjustment = -variance * moved
    return Reconciled(x + adjustment, adjustment, residual)


def stock_to_use(closing: float, use: float) -> float:
    """Closing stock as a share of the period's use (without exports and stock)."""
    return _ratio(closing, use, "use")


def self_sufficiency(production: float, imports: float, exports: float) -> float:
    """Production as a share of what was to be had: production / (production + imports - exports)."""
    return _ratio(production, production + imports - exports, "production + imports - exports")


def _ratio(part: float, whole: float, name: str) -> float:
    finite([part, whole], f"part and {name}")
    if whole <= 0:
        raise ValueError(f"{name} must be above 0, not {whole:g}")
    return part / whole
