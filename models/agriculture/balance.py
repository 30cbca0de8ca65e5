"""Supply and use balance sheet 供需平衡表, made to add up.

Sources: Stone, Champernowne and Meade, The precision of national income estimates (1942), for the adjustment
by least squares; Food and Agriculture Organization, Food balance sheets: a handbook (2001), for the
items and ratios.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

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
