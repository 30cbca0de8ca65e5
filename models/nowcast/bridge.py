"""Bridge equation 桥接方程: the change of a quarterly target on monthly changes and on its own base effect.

Sources: Baffigi, Golinelli and Parigi, Bridge models to forecast the euro area GDP (2004); Mariano and Murasawa, A new
coincident index of business cycles (2003), for the weights of months; Hoerl and Kennard, Ridge regression (1970), for
the few quarters there are.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm

from models.checks import LackingError, dated
from models.nowcast.benchmark import FEWEST_VALUES, autoregression

FEWEST_QUARTERS = 12
YEAR = 4
#: A quarter's mean changes on the one before by its last months' changes, the newest first, times these over 3.
WEIGHTS = (1, 2, 3, 2, 1)
BASE = "base"
#: Years from which it can be told what a quarter usually brings.
FEWEST_YEARS = 3


@dataclass(frozen=True)
class Bridged:
    """Growth of a quarter with its interval, in the unit of the target, and how many of its months were filled.

    coefficients: change of the target by one standard deviation of each indicator's weighted mean, and of the base
    effect (`base`). The interval is that of past residuals: the error of filled months is not in it.
    """

    mean: float
    lower: float
    upper: float
    filled: int
    coefficients: pd.Series


@dataclass(frozen=True)
class Moved:
    """From `before` to `after`: before + revisions + sum of impacts = after, in the target's unit.

    `impacts`: what new months of each series changed; `revisions`: changed old figures of all.
    """

    before: float
    after: float
    revisions: float
    impacts: pd.Series


@dataclass(frozen=True)
class _Equation:
    """y = level + sum of slope_i (x_i - middle_i) / unit_i, with `spread` left of it."""

    level: float
    slopes: pd.Series
    middle: pd.Series
    unit: pd.Series
    spread: float

    def parts(self, x: pd.Series) -> pd.Series:
        return self.slopes * (x - self.middle) / self.unit


def base_effect(change: pd.Series, *, years: int) -> pd.Series:
    """Base effect 基数效应 on the change of growth on a year earlier, for all quarters of `change` and the next.

    Growth on a year earlier changes by what this quarter grew on the one before, less what the same quarter grew a
    year ago. The latter follows from the changes themselves; its distance from what that quarter of the year
    usually (median of `years` years) brings, turned round, is the base effect: after a fall it is above zero. It is
    0 as long as fewer than three years tell what is usual.
    """
    known = dated(change, "change", freq="Q")
    quarter = pd.PeriodIndex(known.index).quarter
    pace = known.groupby(quarter).cumsum()
    usual = pace.groupby(quarter).transform(lambda one: one.rolling(years, min_periods=FEWEST_YEARS).median())
    index = pd.period_range(known.index[0], known.index[-1] + 1, freq="Q")
    return (usual - pace).reindex(index).shift(YEAR).fillna(0.0)


def bridge(
    monthly: pd.DataFrame,
    target: pd.Series,
    quarter: pd.Period,
    *,
    penalty: float,
    years: int,
    coverage: float,
) -> Bridged:
    """Nowcast y_q = a + b base_q + sum_i c_i x_iq + e, by least squares with a ridge.

    `monthly` (months, k): changes of few indicators, NaN where not (yet) published; missing months up to the end of
    `quarter` are filled by the indicator's own autoregression. x_iq is the mean of the quarter's three months and the
    two before, weighted 1, 2, 3, 2, 1: the change of the quarter's mean. `target`: change of growth on a year
    earlier, every quarter up to the one before `quarter`; `years` as in `base_effect`. `penalty` (0: none) is that of
    the standardised coefficients, as a share of the number of quarters. Quarters with a gap in one of the five months
    are not learned from. ValueError for fewer than twelve quarters to learn from, or fewer than coefficients need, an
    indicator with fewer than eight months or that does not vary, months beyond the quarter, or limits out of range.
    """
    if not 0 < coverage < 1:
        raise ValueError(f"needs 0 < coverage < 1, not {coverage:g}")
    design, growth, filled = _design(monthly, target, quarter, years)
    equation = _learned(design, growth, penalty)
    mean = equation.level + float(equation.parts(design.iloc[-1]).sum())
    half = float(norm.ppf((1 + coverage) / 2)) * equation.spread
    return Bridged(mean, mean - half, mean + half, filled, equation.slopes)


def bridge_news(
    before: tuple[pd.DataFrame, pd.Series], after: tuple[pd.DataFrame, pd.Series], quarter: pd.Period, *,
    penalty: float, years: int,
) -> Moved:  # fmt: skip
    """Which series moved the nowcast of `quarter`, by how much, with the equation learned on `before`.

    `before` and `after` are (monthly, target) as known at two times, with the same series. ValueError as in `bridge`.
    """
    if list(before[0].columns) != list(after[0].columns):
        raise ValueError("before and after must have the same series")
    design, growth, _ = _design(*before, quarter, years)
    equation = _learned(design, growth, penalty)
    told = before[0].notna().reindex(after[0].index, fill_value=False)
    revised, *_ = _design(after[0].where(told), after[1], quarter, years)
    newest, *_ = _design(*after, quarter, years)
    old, same, new = (equation.parts(frame.iloc[-1]) for frame in (design, revised, newest))
    return Moved(
        equation.level + float(old.sum()), equation.level + float(new.sum()), float((same - old).sum()),
        (new - same).drop(BASE),
    )  # fmt: skip


def _design(
    monthly: pd.DataFrame, target: pd.Series, quarter: pd.Period, years: int
) -> tuple[pd.DataFrame, pd.Series, int]:
    """Regressors of all complete quarters, `quarter` last; the target; how many months were filled."""
    growth = dated(target, "target", freq="Q", least=FEWEST_QUARTERS)
    if growth.index[-1] != quarter - 1:
        raise ValueError(
            f"target must end in {quarter - 1}, the quarter before {quarter}, not {growth.index[-1]}"
        )
    months, filled = _to_the_edge(monthly, quarter)
    mean = sum((weight * months.shift(ago) for ago, weight in enumerate(WEIGHTS)), 0 * months) / sum(WEIGHTS)
    ends = pd.PeriodIndex(mean.index)
    mean = mean[ends == ends.asfreq("Q").asfreq("M", how="E")]
    mean.index = pd.PeriodIndex(mean.index).asfreq("Q")
    design = mean.assign(base=base_effect(growth, years=years)).dropna()
    if design.empty or design.index[-1] != quarter:
        told = f"an indicator lacks a month of {quarter} that later ones have"
        raise LackingError("gap", told, period=quarter)
    return design, growth, filled


def _learned(design: pd.DataFrame, growth: pd.Series, penalty: float) -> _Equation:
    if penalty < 0:
        raise ValueError(f"needs penalty >= 0, not {penalty:g}")
    past = design.iloc[:-1]
    if len(past) < max(FEWEST_QUARTERS, past.shape[1] + 3):
        raise ValueError(
            f"{len(past)} quarters with all indicators are too few to learn {past.shape[1]} from"
        )
    unit = past.std()
    if unit[BASE] == 0:  # a short history tells no base effect
        unit[BASE] = 1.0
    if (unit == 0).any():
        raise LackingError("constant", f"{unit.index[unit == 0][0]} does not vary")
    x, y = ((past - past.mean()) / unit).to_numpy(), growth[past.index].to_numpy()
    ridge = penalty * len(past) * np.eye(x.shape[1])
    slopes = np.linalg.lstsq(x.T @ x + ridge, x.T @ (y - y.mean()), rcond=None)[0]
    residual = y - y.mean() - x @ slopes
    spread = float(np.sqrt(residual @ residual / (y.size - x.shape[1] - 1)))
    return _Equation(float(y.mean()), pd.Series(slopes, index=design.columns), past.mean(), unit, spread)


def _to_the_edge(monthly: pd.DataFrame, quarter: pd.Period) -> tuple[pd.DataFrame, int]:
    """Months up to the quarter's end, each indicator's last ones by its own autoregression; how many were filled."""
    end = quarter.asfreq("M", how="end")
    dated(pd.Series(0.0, index=monthly.index), "monthly series")
    if monthly.index[-1] > end:
        raise ValueError(f"monthly series go on to {monthly.index[-1]}, beyond {quarter}")
    if not monthly.shape[1] or BASE in monthly.columns:
        raise ValueError(f"needs at least one monthly series, none of them named {BASE}")
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
