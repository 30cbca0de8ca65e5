"""Price transmission 价格传导: do two prices belong together, how fast, and alike for rises and falls?

Sources: Engle and Granger, Co-integration and error correction (1987); Johansen, Likelihood-based inference in
cointegrated vector autoregressive models (1995); Granger and Lee (1989) and von Cramon-Taubadel (1998) for
asymmetric error correction; Meyer and von Cramon-Taubadel, Asymmetric price transmission: a survey (2004); Dickey
and Fuller (1979) and Kwiatkowski, Phillips, Schmidt and Shin (1992) for the tests of a unit root.
"""

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from statsmodels.regression.linear_model import OLS
from statsmodels.tools.sm_exceptions import InterpolationWarning
from statsmodels.tsa.stattools import adfuller, coint, kpss
from statsmodels.tsa.vector_ar.vecm import VECM

from models.checks import LackingError, positive

FEWEST_VALUES = 40


@dataclass(frozen=True)
class Roots:
    """p-values of the tests of one log price: ADF (small: no unit root) and KPSS (small: a unit root), of its level
    and of its change. Cointegration makes sense of prices that are `integrated`: a root in the level, none in the
    change. KPSS p-values are cut off at 0.01 and 0.1.
    """

    adf_level: float
    kpss_level: float
    adf_change: float
    kpss_change: float

    def integrated(self, size: float) -> bool:
        """Whether both tests at `size` agree on one unit root."""
        rooted = self.adf_level >= size and self.kpss_level < size
        return rooted and self.adf_change < size <= self.kpss_change


@dataclass(frozen=True)
class Transmission:
    """Of an upstream price (farm) to a downstream one (retail), both in logarithms.

    elasticity: of the long run. cointegration: p-value of no common path; above a usual limit the rest must
    not be read. gap (n,): downstream over its long run. above, below: coefficient of the last gap when downstream
    was above or below its long run, -0.3 closes 30 % of it in a period; common: one coefficient for both.
    symmetry: p-value of equal correction. half_life: periods for half a gap to close under common correction;
    infinite when it does not. rise, fall: effect of a rise and of a fall upstream in the same period.
    """

    elasticity: float
    cointegration: float
    gap: np.ndarray
    above: float
    below: float
    common: float
    symmetry: float
    half_life: float
    rise: float
    fall: float

    def response(self, shock: float, steps: int) -> np.ndarray:
        """Log change of the downstream price (steps,) after the upstream one moved by `shock` for good."""
        level, found = (self.rise if shock > 0 else self.fall) * shock, np.empty(steps)
        for step in range(steps):
            found[step] = level
            gap = level - self.elasticity * shock
            level += (self.above if gap > 0 else self.below) * gap
        return found


@dataclass(frozen=True)
class Correction:
    """Of a vector error correction model: long-run `elasticity`, and how each price closes the gap a period."""

    elasticity: float
    upstream: float
    downstream: float


def unit_roots(prices: ArrayLike) -> Roots:
    """ADF (lags by AIC) and KPSS (automatic bandwidth), both with a constant, of log prices (n,) above zero."""
    level = np.log(positive(prices, "prices", least=FEWEST_VALUES))
    if np.ptp(level) == 0:
        raise LackingError("constant", "a price does not vary: nothing to test")
    found: list[float] = []
    with warnings.catch_warnings():
        # the table of KPSS ends at 0.01 and 0.1: its ends are what is wanted then
        warnings.simplefilter("ignore", InterpolationWarning)
        for values in (level, np.diff(level)):
            found.append(float(adfuller(values, result_object=False)[1]))
            found.append(float(kpss(values, nlags="auto", result_object=False)[1]))
    return Roots(*found)


def transmission(upstream: ArrayLike, downstream: ArrayLike) -> Transmission:
    """Asymmetric error correction of prices (n,) of one calendar, above zero, at least 40 of them.

    Long run: ln r = a + b ln f + u. Short run: dr_t = c + b+ df_t+ + b- df_t- + p+ u_{t-1}+ + p- u_{t-1}- + e,
    x+ = max(x, 0), x- = min(x, 0); u+ is downstream above its long run. symmetry: Wald test of p+ = p- in its
    F form. half_life = ln 0.5 / ln(1 + p) with one p for both. ValueError for unequal lengths or a price that
    does not vary.
    """
    f, r = _logs(upstream, downstream)
    a, b = np.linalg.lstsq(np.column_stack([np.ones(f.size), f]), r, rcond=None)[0]
    gap = r - a - b * f
    change, driver, last = np.diff(r), np.diff(f), gap[:-1]
    short = np.column_stack([np.ones(change.size), np.maximum(driver, 0), np.minimum(driver, 0)])
    split = OLS(change, np.column_stack([short, np.maximum(last, 0), np.minimum(last, 0)])).fit()
    common = float(OLS(change, np.column_stack([short, last])).fit().params[-1])
    return Transmission(
        elasticity=float(b),
        cointegration=float(coint(r, f)[1]),
        gap=gap,
        above=float(split.params[-2]),
        below=float(split.params[-1]),
        common=common,
        symmetry=float(split.f_test(np.array([[0.0, 0, 0, 1, -1]])).pvalue),
        half_life=half_life(common),
        rise=float(split.params[1]),
        fall=float(split.params[2]),
    )


def error_correction(upstream: ArrayLike, downstream: ArrayLike, lags: int) -> Correction:
    """VECM of both prices with one common path, `lags` past changes, and a constant in the long run, by Johansen.

    Same input as `transmission`. A downstream price that follows closes gaps with a negative coefficient, an
    upstream one that follows with a positive one.
    """
    f, r = _logs(upstream, downstream)
    if lags < 1:
        raise ValueError(f"lags must be at least 1, not {lags}")
    fitted = VECM(np.column_stack([r, f]), k_ar_diff=lags, coint_rank=1, deterministic="ci").fit()
    scale = fitted.beta[0, 0]
    return Correction(
        elasticity=float(-fitted.beta[1, 0] / scale),
        upstream=float(fitted.alpha[1, 0] * scale),
        downstream=float(fitted.alpha[0, 0] * scale),
    )


def half_life(correction: float) -> float:
    """Periods until half of a gap is closed: ln 0.5 / ln(1 + p); 0 from -1 on down, infinite from 0 on up."""
    if correction >= 0:
        return float("inf")
    return 0.0 if correction <= -1 else float(np.log(0.5) / np.log1p(correction))


def _logs(upstream: ArrayLike, downstream: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    f = np.log(positive(upstream, "upstream", least=FEWEST_VALUES))
    r = np.log(positive(downstream, "downstream", least=FEWEST_VALUES))
    if f.size != r.size:
        raise ValueError(f"prices differ in length: {f.size} and {r.size}")
    if np.ptp(f) == 0 or np.ptp(r) == 0:
        raise LackingError("constant", "a price does not vary: nothing to transmit")
    return f, r
