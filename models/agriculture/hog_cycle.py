"""The hog cycle 猪周期 of a price or ratio, and hogs that follow sows 能繁母猪.

Source: Harvey, Forecasting, structural time series models and the Kalman filter (1989), for stochastic cycles.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import nnls
from statsmodels.tools.sm_exceptions import ConvergenceWarning
from statsmodels.tsa.statespace.structural import UnobservedComponents

from models.checks import LackingError, dated, positive

# Of the trends that were tried on planted cycles these two find them; a trend with a slope of its own takes the
# cycle for itself in short series. Both have one diffuse state, so that their likelihoods can be compared.
LEVELS = ("fixed intercept", "llevel")
LEAST_DAMPING = 0.8  # a component that forgets faster is noise, not a cycle
NORMAL_90 = 1.645
MOST_STEPS = 60
YEAR = 12


@dataclass(frozen=True)
class HogCycle:
    """By month: `cycle` in percent of the trend with `lower` and `upper` (90 %), `trend` in the unit of the series.

    `period` in months, `damping` a month, `level` the trend's form. `at_edge`: the period lies at a bound, so
    the cycle may be longer or shorter than was allowed.
    """

    cycle: pd.Series
    lower: pd.Series
    upper: pd.Series
    trend: pd.Series
    period: float
    damping: float
    level: str
    at_edge: bool


@dataclass(frozen=True)
class HogLag:
    """Growth of hogs a year, in percent, by that of sows: `weights` by lag (months), `constant`, `r_squared`.

    `fitted` by month, up to the shortest lag beyond the last month of sows.
    """

    weights: dict[int, float]
    constant: float
    r_squared: float
    fitted: pd.Series


def hog_cycle(series: pd.Series, *, shortest: float, longest: float) -> HogCycle:
    """log x = trend + cycle + noise, the cycle stochastic and damped with a period of `shortest`-`longest` months.

    Fitted by maximum likelihood for each of `LEVELS` from two starts (the period that a sinusoid fits best, and
    the middle of the bounds); of those with a cycle that lasts (damping) the one with the smallest AIC counts.
    `series`: gapless months, above zero, at least 1.25 of the longest periods. The cycle knows all months.
    ValueError otherwise, and when no cycle is found.
    """
    if not 12 < shortest < longest:
        raise ValueError(f"needs 12 < shortest < longest, not {shortest:g} and {longest:g}")
    values = dated(series, "series", least=int(np.ceil(1.25 * longest)))
    log = np.log(positive(values, "series"))
    if np.ptp(log) == 0:
        raise LackingError("constant", "the series does not vary: no cycle")
    starts = sorted({_best_sinusoid(log, shortest, longest), (shortest + longest) / 2})
    fits = [(level, _fit(log, level, start, (shortest, longest))) for level in LEVELS for start in starts]
    lasting = [(level, fit) for level, fit in fits if _named(fit)["damping.cycle"] >= LEAST_DAMPING]
    if not lasting:
        told = f"no cycle of {shortest:g} to {longest:g} months lasts"
        raise LackingError("no_cycle", told, shortest=f"{shortest:g}", longest=f"{longest:g}")
    level, best = min(lasting, key=lambda one: float(one[1].aic))
    found, cycle = _named(best), best.cycle.smoothed
    # rounding may leave a variance of about zero below it
    spread = NORMAL_90 * np.sqrt(np.maximum(best.cycle.smoothed_cov, 0.0))
    period = 2 * np.pi / found["frequency.cycle"]

    def percent(part: np.ndarray) -> pd.Series:
        return pd.Series(100 * np.expm1(part), index=values.index)

    return HogCycle(
        cycle=percent(cycle),
        lower=percent(cycle - spread),
        upper=percent(cycle + spread),
        trend=pd.Series(np.exp(best.level.smoothed), index=values.index),
        period=period,
        damping=found["damping.cycle"],
        level=level,
        at_edge=min(period - shortest, longest - period) < 1,
    )


def hog_lag(sows: pd.Series, hogs: pd.Series, *, lags: Sequence[int]) -> HogLag:
    """g_t = c + sum_k b_k s_{t-k} + e, g and s growth on a year before of hogs and sows, b_k not negative.

    `sows` in stock and `hogs` slaughtered in gapless months of one last month, above zero; `lags` in months, about
    ten: four of gestation and six of fattening. Least squares with b >= 0 (collinear lags would else cancel
    out). ValueError for stocks not above zero, fewer than two years of pairs or growth of sows that does not vary.
    """
    if not lags or min(lags) < 1:
        raise ValueError("needs lags of at least one month")
    grown = {}
    for name, series in {"sows": sows, "hogs": hogs}.items():
        values = dated(series, name, least=2 * YEAR)
        grown[name] = pd.Series(np.log(positive(values, name)), values.index).diff(YEAR)
    ahead = pd.period_range(sows.index[0], sows.index[-1] + min(lags), freq="M")
    design = pd.concat(
        {lag: grown["sows"].shift(lag, freq="M").reindex(ahead) for lag in lags}, axis=1
    ).dropna()
    both = design.index.intersection(grown["hogs"].dropna().index)
    if len(both) < 2 * YEAR:
        told = f"needs {2 * YEAR} months of growth of both, not {len(both)}"
        raise LackingError("too_few_periods", told, need=2 * YEAR, have=len(both))
    x, y = design.loc[both].to_numpy(), grown["hogs"][both].to_numpy()
    if (np.ptp(x, axis=0) == 0).any() or np.ptp(y) == 0:
        raise LackingError("constant", "growth of sows or hogs does not vary")
    weights, _ = nnls(x - x.mean(axis=0), y - y.mean())
    constant = float(y.mean() - x.mean(axis=0) @ weights)
    left = y - constant - x @ weights
    return HogLag(
        weights=dict(zip(lags, weights.tolist(), strict=True)),
        constant=100 * float(np.expm1(constant)),
        r_squared=1 - float(left @ left) / float(((y - y.mean()) ** 2).sum()),
        fitted=100 * np.expm1(constant + design @ weights),
    )


def _best_sinusoid(log: np.ndarray, shortest: float, longest: float) -> float:
    """Period, by half months and not at a bound, of the sinusoid with a line that fits best."""
    time = np.arange(log.size)
    periods = np.arange(shortest + 3, longest - 2.5, 0.5)

    def left(period: float) -> float:
        angle = 2 * np.pi * time / period
        design = np.column_stack([np.ones(log.size), time, np.cos(angle), np.sin(angle)])
        return float(((log - design @ np.linalg.lstsq(design, log, rcond=None)[0]) ** 2).sum())

    return float(min(periods, key=left))


def _fit(log: np.ndarray, level: str, period: float, bounds: tuple[float, float]) -> Any:
    model = UnobservedComponents(
        log, level, cycle=True, stochastic_cycle=True, damped_cycle=True, cycle_period_bounds=bounds
    )
    variance = float(np.var(log))
    start = {
        "sigma2.irregular": 0.05 * variance,
        "sigma2.level": 0.01 * variance,
        "sigma2.cycle": 0.03 * variance,
        "frequency.cycle": 2 * np.pi / period,
        "damping.cycle": 0.98,
    }
    with warnings.catch_warnings():
        # what did not converge has a larger AIC than what did
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit([start[name] for name in model.param_names], disp=0, maxiter=MOST_STEPS)


def _named(fit: Any) -> dict[str, float]:
    return dict(zip(fit.model.param_names, fit.params.tolist(), strict=True))
