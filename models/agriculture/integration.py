"""Market integration 市场整合: whose price of the past helps to foretell whose.

Sources: Granger, Investigating causal relations by econometric models and cross-spectral methods (1969); Benjamini
and Hochberg, Controlling the false discovery rate (1995).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import f as f_distribution
from statsmodels.stats.multitest import multipletests

from models.checks import LackingError, positive


@dataclass(frozen=True)
class Leads:
    """p_value (k, k): of no help, from row to column, NaN on the diagonal; holds (k, k): at the discovery rate."""

    p_value: np.ndarray
    holds: np.ndarray


def price_leads(prices: ArrayLike, lags: int, *, discovery_rate: float) -> Leads:
    """Granger's test between all pairs of markets, on log changes of prices (n, k) of one calendar.

    `p_value` is that of the F test of `lags` past changes of the one in the regression of the other on its
    own; over all pairs, `holds` keeps the false discovery rate (0-1) of Benjamini and Hochberg. To lead is
    not to cause: both may follow a third. ValueError for fewer than two markets, prices not above zero, a market
    that does not vary, or fewer than ten observations a coefficient.
    """
    if lags < 1 or not 0 < discovery_rate < 1:
        raise ValueError(f"needs lags >= 1 and a rate within 0 and 1, not {lags} and {discovery_rate:g}")
    array = positive(prices, "prices", least=10 * (2 * lags + 1) + lags + 1, ndim=2)
    k = array.shape[1]
    if k < 2:
        raise LackingError("too_few_places", "needs two markets or more", need=2, have=k)
    change = np.diff(np.log(array), axis=0)
    if (np.ptp(change, axis=0) == 0).any():
        raise LackingError("constant", f"market {int(np.argmin(np.ptp(change, axis=0)))} does not vary")
    now = change[lags:]
    past = np.stack([change[lags - lag : len(change) - lag] for lag in range(1, lags + 1)], axis=2)
    p_value = np.full((k, k), np.nan)
    for target in range(k):
        own = np.column_stack([np.ones(len(now)), past[:, target]])
        alone = _sum_of_squares(own, now[:, target])
        for source in range(k):
            if source != target:
                both = _sum_of_squares(np.column_stack([own, past[:, source]]), now[:, target])
                left = len(now) - 2 * lags - 1
                p_value[source, target] = f_distribution.sf((alone - both) / lags / (both / left), lags, left)
    holds = np.zeros((k, k), dtype=bool)
    pairs = ~np.eye(k, dtype=bool)
    holds[pairs] = multipletests(p_value[pairs], alpha=discovery_rate, method="fdr_bh")[0]
    return Leads(p_value, holds)


def _sum_of_squares(design: np.ndarray, answer: np.ndarray) -> float:
    left = answer - design @ np.linalg.lstsq(design, answer, rcond=None)[0]
    return float(left @ left)
