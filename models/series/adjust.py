"""Seasonal adjustment of monthly series: festival effect first, then STL of logarithms, then a test.

Sources: Cleveland, Cleveland, McRae and Terpenning, STL: a seasonal-trend decomposition procedure based on
loess (1990); regression of differences on holiday regressors as in X-13ARIMA-SEATS; test of the
autocorrelation at the season's lag against Bartlett's standard error (1946).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import norm
from statsmodels.tsa.seasonal import STL

from models.checks import dated, finite, positive

MONTHS = 12
FEWEST_YEARS = 3  # fewer leave the differenced regression and the test without observations


@dataclass(frozen=True)
class SeasonTest:
    """Autocorrelation at the season's lag beside what chance allows; `seasonal` when it is above."""

    autocorrelation: float
    limit: float
    seasonal: bool


@dataclass(frozen=True)
class Adjusted:
    """Parts of a series x = trend * season * festival * remainder; all indexed as x.

    `adjusted` = x / (season * festival) in the unit of x, so is `trend`; `season`, `festival` and
    `remainder` are factors around 1. `effects`: log change per unit of each festival regressor. `residual`
    tests `adjusted` for a season left in it.
    """

    adjusted: pd.Series
    trend: pd.Series
    season: pd.Series
    festival: pd.Series
    remainder: pd.Series
    effects: pd.Series
    residual: SeasonTest


def seasonally_adjust(
    series: pd.Series, regressors: pd.DataFrame | None = None, *, confidence: float, robust: bool = True
) -> Adjusted:
    """Adjust a gapless monthly series of positive values, at least three years of it.

    log x is differenced once and by the season, regressed on the regressors so differenced (ordinary least
    squares), and STL with period 12 takes the season of what the effect leaves. `regressors` have a row for
    every month of `series`. `confidence` is that of the test for a season left. Robust fits resist outliers
    but leave a season oftener: on simulated random walks of ten years in one of six against none.
    ValueError for missing or duplicated months, values not above zero, too short a series, or regressors
    that miss a month.
    """
    values = dated(series, "series", least=FEWEST_YEARS * MONTHS + 1)
    log = np.log(positive(values, "series"))
    effects, festival = pd.Series(dtype=float), np.zeros(log.size)
    if regressors is not None:
        missing = values.index.difference(regressors.index)
        if len(missing):
            raise ValueError(f"regressors lack {missing[0]}")
        design = finite(regressors.loc[values.index], "regressors", ndim=2)
        slopes = np.linalg.lstsq(_differenced(design), _differenced(log), rcond=None)[0]
        effects, festival = pd.Series(slopes, index=regressors.columns), design @ slopes
    parts = STL(log - festival, period=MONTHS, robust=robust).fit()
    adjusted = np.exp(log - festival - parts.seasonal)
    factors = {
        name: pd.Series(np.exp(part), index=values.index)
        for name, part in {
            "trend": parts.trend,
            "season": parts.seasonal,
            "festival": festival,
            "remainder": parts.resid,
        }.items()
    }
    return Adjusted(
        adjusted=pd.Series(adjusted, index=values.index),
        effects=effects,
        residual=residual_season(np.diff(np.log(adjusted)), MONTHS, confidence=confidence),
        **factors,
    )


def residual_season(values: ArrayLike, season: int, *, confidence: float) -> SeasonTest:
    """One-sided test for a season in `values` (n,), which should have no trend (growth, not levels).

    limit = z * sqrt((1 + 2 sum_{k<season} r_k^2) / n), z the normal quantile of `confidence`. Values that do
    not vary have no season. ValueError for fewer than two seasons or a confidence outside 0-1.
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must be within 0 and 1, not {confidence:g}")
    array = finite(values, "values", least=2 * season)
    centred = array - array.mean()
    power = float(centred @ centred)
    if power <= np.finfo(float).eps * float(array @ array):
        return SeasonTest(0.0, 0.0, False)
    r = np.array([centred[k:] @ centred[:-k] / power for k in range(1, season + 1)])
    limit = float(norm.ppf(confidence) * np.sqrt((1 + 2 * float(r[:-1] @ r[:-1])) / array.size))
    return SeasonTest(float(r[-1]), limit, bool(r[-1] > limit))


def _differenced(values: np.ndarray) -> np.ndarray:
    step = np.diff(values, axis=0)
    return np.asarray(step[MONTHS:] - step[:-MONTHS])
