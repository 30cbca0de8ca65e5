"""Forecasts of a hierarchy made to add up 一致化 (MinT).

Source: Wickramasuriya, Athanasopoulos and Hyndman, Optimal forecast reconciliation for hierarchical and grouped
time series through trace minimization (2019).
"""

import numpy as np
from numpy.typing import ArrayLike

from models.checks import finite


def shrunk_covariance(errors: ArrayLike) -> np.ndarray:
    """Covariance (m, m) of one-step errors (n, m), correlations shrunk towards zero by Schaefer and Strimmer.

    Intensity = sum var(r_ij) / sum r_ij^2 over pairs, within 0-1; so it can be inverted with fewer errors than
    series. ValueError for fewer than four errors or a series that is always right.
    """
    e = finite(errors, "errors", least=4, ndim=2)
    n = e.shape[0]
    deviation = np.sqrt((e**2).mean(axis=0))
    if (deviation == 0).any():
        raise ValueError(f"series {int(np.argmin(deviation))} has no error: its variance is unknown")
    z = e / deviation
    r = z.T @ z / n
    spread = ((z**2).T @ z**2 / n - r**2) / (n - 1)
    pairs = ~np.eye(r.shape[0], dtype=bool)
    power = float((r[pairs] ** 2).sum())
    intensity = min(max(float(spread[pairs].sum()) / power, 0.0), 1.0) if power > 0 else 1.0
    r[pairs] *= 1 - intensity
    return np.asarray(r * np.outer(deviation, deviation))


def mint_projection(summing: ArrayLike, covariance: ArrayLike) -> np.ndarray:
    """P (b, m) with reconciled = S P forecasts: (S' W^-1 S)^-1 S' W^-1; it keeps what adds up: S P S = S.

    `summing` S (m, b) tells how the m series are sums of the b bottom ones; `covariance` W (m, m) of base
    errors (the unit matrix gives least squares). ValueError for sizes that do not fit or a W that is singular.
    """
    s, w = finite(summing, "summing", ndim=2), finite(covariance, "covariance", ndim=2)
    m, b = s.shape
    if w.shape != (m, m) or np.linalg.matrix_rank(s) < b:
        raise ValueError(f"needs a summing matrix of full rank and a covariance of ({m}, {m}), not {w.shape}")
    try:
        weighted = np.linalg.solve(w, s).T
    except np.linalg.LinAlgError:
        raise ValueError("the covariance is singular: shrink it first") from None
    return np.asarray(np.linalg.solve(weighted @ s, weighted))


def reconcile(forecasts: ArrayLike, summing: ArrayLike, covariance: ArrayLike) -> np.ndarray:
    """Forecasts (m, horizon) that add up: S P y, unbiased when the base ones are."""
    y = finite(forecasts, "forecasts", ndim=2)
    s = np.asarray(summing, dtype=float)
    if y.shape[0] != s.shape[0]:
        raise ValueError(f"{y.shape[0]} forecasts have {s.shape[0]} rows of the summing matrix")
    return np.asarray(s @ mint_projection(s, covariance) @ y)
