"""Bridge equation 桥接方程: a quarterly target on quarterly means of monthly series, a benchmark for the factor model.

Sources: Baffigi, Golinelli and Parigi, Bridge models to forecast the euro area GDP (2004); Hoerl and Kennard, Ridge
regression (1970), for the few quarters there are.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm

from models.checks import LackingError, dated
from models.nowcast.benchmark import FEWEST_VALUES, autoregression

FEWEST_QUARTERS = 12
MONTHS = 3


@dataclass(frozen=True)
class Bridged:
    """Growth of a quarter with its interval, in the unit of the target, and how many of its months were filled.

    coefficients: change of the target by one standard deviation of each indicator's quarterly mean, and of the
    target a quarter before (`lag`). The interval is that of past residuals: the error of filled months is not in it.
    """

    mean: float
    lower: float
    upper: float
    filled: int
    coefficients: pd.Series


def bridge(
    monthly: pd.DataFrame, target: pd.Series, quarter: pd.Period, *, penalty: float, coverage: float
) -> Bridged:
    """Nowcast y_q = a + b y_{q-1} + sum_i c_i mean(x_i in q) + e, by least squares with a ridge.

    `monthly` (months, k): monthly growth, few indicators, NaN where not (yet) published; missing months up to the end
    of `quarter` are filled by the indicator's own autoregression. `target`: every quarter up to the one before
    `quarter`. `penalty` (0: none) is that of the standardised coefficients, as a share of the number of quarters.
    Quarters in which an indicator has a gap are not learned from. ValueError for fewer than twelve quarters to learn
    from, or fewer than coefficients need, an indicator with fewer than eight months or that does not vary, months
    beyond the quarter, or limits out of range.
    """
    if penalty < 0 or not 0 < coverage < 1:
        raise ValueError(f"needs penalty >= 0 and 0 < coverage < 1, not {penalty:g} and {coverage:g}")
    growth = dated(target, "target", freq="Q", least=FEWEST_QUARTERS)
    if growth.index[-1] != quarter - 1:
        raise ValueError(
            f"target must end in {quarter - 1}, the quarter before {quarter}, not {growth.index[-1]}"
        )
    months, filled = _to_the_edge(monthly, quarter)
    means = months.groupby(pd.PeriodIndex(months.index).asfreq("Q")).mean()
    complete = months.notna().groupby(pd.PeriodIndex(months.index).asfreq("Q")).sum().eq(MONTHS).all(axis=1)
    known = growth.reindex([*growth.index, quarter])
    design = means[complete].assign(lag=known.shift(1)).dropna()
    if design.empty or design.index[-1] != quarter:
        told = f"an indicator lacks a month of {quarter} that later ones have"
        raise LackingError("gap", told, period=quarter)
    past = design.iloc[:-1]
    if len(past) < max(FEWEST_QUARTERS, past.shape[1] + 3):
        raise ValueError(
            f"{len(past)} quarters with all indicators are too few to learn {past.shape[1]} from"
        )
    unit = past.std()
    if (unit == 0).any():
        raise LackingError("constant", f"{unit.index[unit == 0][0]} does not vary")
    z = (design - past.mean()) / unit
    x, y = z.loc[past.index].to_numpy(), growth[past.index].to_numpy()
    ridge = penalty * len(past) * np.eye(x.shape[1])
    slopes = np.linalg.lstsq(x.T @ x + ridge, x.T @ (y - y.mean()), rcond=None)[0]
    residual = y - y.mean() - x @ slopes
    spread = float(np.sqrt(residual @ residual / (y.size - x.shape[1] - 1)))
    mean = float(y.mean() + z.iloc[-1].to_numpy() @ slopes)
    half = float(norm.ppf((1 + coverage) / 2)) * spread
    return Bridged(mean, mean - half, mean + half, filled, pd.Series(slopes, index=design.columns))


def _to_the_edge(monthly: pd.DataFrame, quarter: pd.Period) -> tuple[pd.DataFrame, int]:
    """Months up to the quarter's end, each indicator's last ones by its own autoregression; how many were filled."""
    end = quarter.asfreq("M", how="end")
    dated(pd.Series(0.0, index=monthly.index), "monthly series")
    if monthly.index[-1] > end:
        raise ValueError(f"monthly series go on to {monthly.index[-1]}, beyond {quarter}")
    if not monthly.shape[1] or "lag" in monthly.columns:
        raise ValueError("needs at least one monthly series, none of them named lag")
    months = monthly.astype(float).reindex(pd.period_range(monthly.index[0], end, freq="M"))
    filled = 0
    for name, series in months.items():
        known = series.dropna()
        if len(known) < FEWEST_VALUES:
            told = f"{name} needs {FEWEST_VALUES} months, not {len(known)}"
            raise LackingError("too_few_periods", told, need=FEWEST_VALUES, have=len(known))
        edge = months.index[months.index > known.index[-1]]
        if len(edge):
            filled += len(edge)
            months.loc[edge, name] = autoregression(known.to_numpy(), len(edge))
    return months, filled
