"""Nowcast by a dynamic factor model of monthly and quarterly series.

One common factor, its own AR(1) for each series' rest, estimated by expectation-maximisation on standardised
data with a ragged edge. Sources: Banbura and Modugno, Maximum likelihood estimation of factor models on datasets
with arbitrary pattern of missing data (2014), also for the news; Mariano and Murasawa, A new coincident index of
business cycles (2003), for quarterly growth as a weighted sum of monthly growth.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from statsmodels.tools.sm_exceptions import EstimationWarning
from statsmodels.tsa.statespace.dynamic_factor_mq import DynamicFactorMQ

from models.checks import LackingError, dated

TARGET = "target"
FEWEST_MONTHS = 36
FEWEST_QUARTERS = 12
FEWEST_SERIES = 2
TOLERANCE = 1e-6
TO_SIGMA = 1.4826  # standard deviation over median absolute deviation, of a normal


@dataclass(frozen=True)
class Nowcast:
    """Growth of a quarter in the unit of the target, with its interval; never show the mean alone.

    The interval takes the estimated model for true, so it is rather too narrow. `converged` is false where
    estimation stopped at its limit of steps or because the likelihood fell: judge before showing.
    """

    mean: float
    lower: float
    upper: float
    converged: bool


@dataclass(frozen=True)
class News:
    """From the nowcast `before` to `after`: before + revisions + sum of impacts = after, in the target's unit.

    `releases` has a row for each new figure: period, series, forecast, observed (in that series' unit), weight
    (target per unit) and impact = weight * (observed - forecast). `revisions`: effect of changed old figures.
    """

    before: float
    after: float
    revisions: float
    releases: pd.DataFrame


def nowcast(
    monthly: pd.DataFrame, target: pd.Series, quarter: pd.Period, *, outlier: float, coverage: float,
    iterations: int, tolerance: float = TOLERANCE,
) -> Nowcast:  # fmt: skip
    """Nowcast of `target` in `quarter` from what is known of all series.

    `monthly` (months, k): seasonally adjusted month-on-month growth, two series or more, NaN where not (yet)
    published; `target`: quarter-on-quarter growth with every quarter up to its last one, which is before `quarter`,
    none ending before the first month. Quarters further than `outlier` usual deviations from the median are not
    shown to the model, which would carry on a shock that its months do not explain. Estimation ends when a step
    raises the likelihood by less than `tolerance` (relative). ValueError for missing or duplicated periods, infinite
    values, a series of fewer than 36 months or 12 quarters, or one that does not vary.
    """
    if not 0 < coverage < 1:
        raise ValueError(f"coverage must be within 0 and 1, not {coverage:g}")
    months, quarters = _data(monthly, target, quarter)
    quarters = quarters[regular(quarters, outlier)]
    fitted, converged = _fit(months, quarters, iterations, tolerance)
    at = months.index[-1]
    found = fitted.get_prediction(start=at, end=at, information_set="smoothed")
    mean = float(np.asarray(found.predicted_mean[TARGET])[0])
    bounds = found.conf_int(alpha=1 - coverage)
    lower, upper = (float(np.asarray(bounds[f"{side} {TARGET}"])[0]) for side in ("lower", "upper"))
    return Nowcast(mean, lower, upper, converged)


def replay(
    monthly: pd.DataFrame, target: pd.Series, quarters: Sequence[pd.Period], *, refit: int, outlier: float,
    iterations: int, tolerance: float = TOLERANCE,
) -> pd.Series:  # fmt: skip
    """Nowcasts of past `quarters` (in order), each from the months up to its end and the target up to the quarter
    before it, in the unit of the target.

    The model is estimated anew every `refit` quarters, on what that quarter is told from: no nowcast has seen what
    it is to tell. ValueError as in `nowcast`.
    """
    if refit < 1:
        raise ValueError(f"refit must be at least 1, not {refit}")
    told: list[float] = []
    for quarter in quarters:
        months, before = _data(monthly[: quarter.asfreq("M", how="end")], target[: quarter - 1], quarter)
        before = before[regular(before, outlier)]
        if len(told) % refit == 0:
            fitted, _ = _fit(months, before, iterations, tolerance)
        updated = fitted.apply(months, endog_quarterly=before, retain_standardization=True)
        at = months.index[-1]
        found = updated.get_prediction(start=at, end=at, information_set="smoothed").predicted_mean[TARGET]
        told.append(float(np.asarray(found)[0]))
    return pd.Series(told, index=pd.PeriodIndex(list(quarters), freq="Q"))


def news(
    before: tuple[pd.DataFrame, pd.Series],
    after: tuple[pd.DataFrame, pd.Series],
    quarter: pd.Period,
    *,
    outlier: float,
    iterations: int,
    tolerance: float = TOLERANCE,
) -> News:
    """Which release moved the nowcast of `quarter`, by how much.

    `before` and `after` are (monthly, target) as known at two times. The model is estimated on the first and
    kept for the second, so that all change is from data. ValueError as in `nowcast`, and where series differ.
    """
    old_months, old_quarters = _data(*before, quarter)
    new_months, new_quarters = _data(*after, quarter)
    if list(old_months.columns) != list(new_months.columns) or old_months.index[0] != new_months.index[0]:
        raise ValueError("before and after must have the same series from the same month on")
    shown = regular(old_quarters, outlier)
    old_quarters, new_quarters = (
        old_quarters[shown],
        new_quarters[shown.reindex(new_quarters.index, fill_value=True)],
    )
    fitted, _ = _fit(old_months, old_quarters, iterations, tolerance)
    updated = fitted.apply(new_months, endog_quarterly=new_quarters, retain_standardization=True)
    found = fitted.news(
        updated,
        impact_date=str(new_months.index[-1]),
        impacted_variable=TARGET,
        comparison_type="updated",
    )
    details = found.details_by_impact.reset_index()
    releases = details[
        ["update date", "updated variable", "forecast (prev)", "observed", "weight", "impact"]
    ].set_axis(["period", "series", "forecast", "observed", "weight", "impact"], axis=1)
    revised = found.revision_impacts[TARGET].fillna(0.0)  # no revision has no value there
    return News(
        float(found.prev_impacted_forecasts[TARGET].iloc[0]),
        float(found.post_impacted_forecasts[TARGET].iloc[0]),
        float(revised.iloc[0]),
        releases,
    )


def regular(target: pd.DataFrame, outlier: float) -> pd.DataFrame:
    """Which quarters are no more than `outlier` usual deviations (by the median) away from the median; all where
    values do not vary."""
    if outlier <= 0:
        raise ValueError(f"outlier must be above zero, not {outlier:g}")
    apart = (target - target.median()).abs()
    usual = TO_SIGMA * float(apart.median().iloc[0])
    return (apart <= outlier * usual) | (usual == 0)


def _fit(months: pd.DataFrame, quarters: pd.DataFrame, iterations: int, tolerance: float) -> tuple[Any, bool]:
    model = DynamicFactorMQ(months, endog_quarterly=quarters, factors=1, factor_orders=1)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        fitted = model.fit(maxiter=iterations, tolerance=tolerance, disp=False)
    fell = any(issubclass(warning.category, EstimationWarning) for warning in said)
    return fitted, not fell and fitted.mle_retvals["iter"] < iterations


def _data(monthly: pd.DataFrame, target: pd.Series, quarter: pd.Period) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Months up to the quarter's end, NaN where not known, and the target in a frame of its own."""
    growth = dated(target, TARGET, freq="Q", least=FEWEST_QUARTERS)
    if growth.index[0].asfreq("M", how="end") < monthly.index[0]:
        raise ValueError(f"{TARGET} starts in {growth.index[0]}, before the monthly series do")
    if growth.index[-1] >= quarter:
        raise ValueError(f"{TARGET} is already known for {growth.index[-1]}")
    dated(pd.Series(0.0, index=monthly.index), "monthly series")
    if monthly.shape[1] < FEWEST_SERIES or TARGET in monthly.columns:
        raise ValueError(f"needs {FEWEST_SERIES} monthly series or more, none of them named {TARGET}")
    for name, series in monthly.items():
        known = series.dropna()
        if np.isinf(known).any():
            raise ValueError(f"{name} is infinite at {known.index[np.isinf(known)][0]}")
        if len(known) < FEWEST_MONTHS or known.nunique() < 2:
            told = f"{name} needs {FEWEST_MONTHS} months that are not all alike, not {len(known)}"
            raise LackingError("too_few_periods", told, need=FEWEST_MONTHS, have=len(known))
    end = quarter.asfreq("M", how="end")
    if monthly.index[-1] > end:
        raise ValueError(f"monthly series go on to {monthly.index[-1]}, beyond {quarter}")
    wanted = pd.period_range(monthly.index[0], end, freq="M")
    return monthly.astype(float).reindex(wanted), growth.to_frame(TARGET)
