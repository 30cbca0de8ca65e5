"""Chance that a plan target is met 达成概率: from the forecast of its values and the errors of earlier ones."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from conf.schema import CountSurvival, Target
from models import target_chances
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
        # The lognormal of actual over planned duration needs planned durations; the plans tell no start of such works.
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
    return Chance(
        simulated(target, float(end["mean"]), past * float(own["scale"].iloc[0]), target.goal), None
    )


def simulated(target: Target, forecast: float, errors: np.ndarray, level: float) -> float:
    """Chance that `target` is at `level` where `forecast` is told for and forecasts had these `errors`."""
    return model.attainment_chance(
        forecast, errors, level, rising=target.direction == "up",
        lower=-math.inf if target.low is None else target.low,
        upper=math.inf if target.high is None else target.high,
    )  # fmt: skip


def clears(target: Target) -> bool:
    """Whether a target is to clear a count of items: it falls to zero, and nothing is below."""
    return target.direction == "down" and target.goal == 0 and target.low == 0


def clearance(
    target: Target, counts: Sequence[tuple[date, float]], now: date, settings: CountSurvival
) -> Chance:
    """Chance that no item of a count is left when `target` is due, from the `counts` reported (day, count) by `now`."""
    if now >= target.due:
        return Chance(None, "past_due")
    if not counts:
        return Chance(None, "no_value")
    day, left = max(counts)
    hazards = target_chances.monthly_hazards(counts)
    months = target_chances.MONTHS * (target.due.year - day.year) + target.due.month - day.month
    if hazards.size < model.FEWEST_ERRORS or months < 1:
        return Chance(None, "few_months")
    found = target_chances.clearance_chance(hazards, left, months, draws=settings.draws, seed=settings.seed)
    return Chance(found, None)
