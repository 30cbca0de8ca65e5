"""Chance that a plan target is met 达成概率: from the forecast of its values and the errors of earlier ones."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

import pandas as pd

from conf.schema import Target
from models import targets as model

SERIES = ["region", "breakdown"]
FORECAST = [*SERIES, "step", "period_end", "mean"]
BACKTEST = [*SERIES, "step", "mean", "actual", "naive"]


@dataclass(frozen=True)
class Chance:
    """A chance (0-1), or the code of the reason why there is none."""

    value: float | None
    reason: str | None


def relative_errors(backtest: pd.DataFrame) -> pd.DataFrame:
    """Columns SERIES, step, error, scale: errors of past forecasts (columns BACKTEST) over their series' scale.

    The scale is the mean absolute error of the seasonal naive forecast of the series; one without any is left out.
    """
    known = backtest.dropna(subset=["mean", "actual", "naive"])
    scale = (
        (known["actual"] - known["naive"]).abs().groupby([known[name] for name in SERIES]).transform("mean")
    )
    error = (known["actual"] - known["mean"]) / scale.where(scale > 0)
    return known[[*SERIES, "step"]].assign(error=error, scale=scale).dropna(subset=["error"])


def chance(
    target: Target, value: float | None, now: date, forecast: pd.DataFrame, errors: pd.DataFrame
) -> Chance:
    """Chance that `target`, at `value` on the day `now`, is at its goal on the day it is due.

    `forecast` are the champion's newest forecasts of the target's own series (columns FORECAST). A target has few past
    errors of its own, so those of all targets as far ahead are taken (`errors`, see `relative_errors`), times the
    scale of this one's series.
    """
    if now >= target.due:
        return Chance(None, "past_due")
    if value is None:
        return Chance(None, "no_value")
    if target.trajectory == "milestone":
        # It would need how late such works were in the past; nobody hands that in.
        return Chance(None, "no_reference_class")
    if forecast.empty:
        return Chance(None, "no_forecast")
    at_due = forecast[forecast["period_end"] >= target.due].sort_values("period_end")
    if at_due.empty:
        return Chance(None, "beyond_horizon")
    end = at_due.iloc[0]
    own = errors[(errors["region"] == end["region"]) & (errors["breakdown"] == end["breakdown"])]
    past = errors["error"][errors["step"] == end["step"]].to_numpy(dtype=float)
    if own.empty or past.size < model.FEWEST_ERRORS:
        return Chance(None, "few_errors")
    found = model.attainment_chance(
        float(end["mean"]), past * float(own["scale"].iloc[0]), target.goal, rising=target.direction == "up",
        lower=-math.inf if target.low is None else target.low,
        upper=math.inf if target.high is None else target.high,
    )  # fmt: skip
    return Chance(found, None)
