"""Price transmission 价格传导: do two prices belong together, how fast, and alike for rises and falls?

Sources: Engle and Granger, Co-integration and error correction (1987); Granger and Lee (1989) and von
Cramon-Taubadel (1998) for asymmetric error correction; Meyer and von Cramon-Taubadel, Asymmetric price
transmission: a survey (2004).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from statsmodels.regression.linear_model import OLS
from statsmodels.tsa.stattools import coint

from models.checks import positive

FEWEST_VALUES = 40


@dataclass(frozen=True)
class Transmission:
    """Of an upstream price (farm) to a downstream one (retail), both in logarithms.

    elasticity: of the long run. cointegration: p-value of no common path; above a usual limit the rest must
    not be read. above, below: coefficient of the last gap when downstream was above or below its long run,
    -0.3 closes 30 % of it in a period. symmetry: p-value of equal correction. half_life: periods for half a
    gap to close under common correction; infinite when it does not.
    """

    elasticity: float
    cointegration: float
    above: float
    below: float
    symmetry: float
    half_life: float


def transmission(upstream: ArrayLike, downstream: ArrayLike) -> Transmission:
    """Asymmetric error correction of prices (n,) of one calendar, above zero, at least 40 of them.

    Long run: ln r = a + b ln f + u. Short run: dr_t = c + b+ df_t+ + b- df_t- + p+ u_{t-1}+ + p- u_{t-1}- + e,
    x+ = max(x, 0), x- = min(x, 0); u+ is downstream above its long run. symmetry: F test of p+ = p-.
    half_life = ln 0.5 / ln(1 + p) with one p for both. ValueError for unequal lengths or a price that does
    not vary.
    """
    f = np.log(positive(upstream, "upstream", least=FEWEST_VALUES))
    r = np.log(positive(downstream, "downstream", least=FEWEST_VALUES))
    if f.size != r.size:
        raise ValueError(f"prices differ in length: {f.size} and {r.size}")
    if np.ptp(f) == 0 or np.ptp(r) == 0:
        raise ValueError("a price does not vary: nothing to transmit")
    a, b = np.linalg.lstsq(np.column_stack([np.ones(f.size), f]), r, rcond=None)[0]
    gap = (r - a - b * f)[:-1]
    change, driver = np.diff(r), np.diff(f)
    short = np.column_stack([np.ones(change.size), np.maximum(driver, 0), np.minimum(driver, 0)])
    split = OLS(change, np.column_stack([short, np.maximum(gap, 0), np.minimum(gap, 0)])).fit()
    common = float(OLS(change, np.column_stack([short, gap])).fit().params[-1])
    return Transmission(
        elasticity=float(b),
        cointegration=float(coint(r, f)[1]),
        above=float(split.params[-2]),
        below=float(split.params[-1]),
        symmetry=float(split.f_test(np.array([[0.0, 0, 0, 1, -1]])).pvalue),
        half_life=half_life(common),
    )


def half_life(correction: float) -> float:
    """Periods until half of a gap is closed: ln 0.5 / ln(1 + p); 0 from -1 on down, infinite from 0 on up."""
    if correction >= 0:
        return float("inf")
    return 0.0 if correction <= -1 else float(np.log(0.5) / np.log1p(correction))
