"""The hog cycle 猪周期, and what sows say of the hogs to come."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd

from jobs.methods.base import Found, Given, Parameters, label, method
from jobs.methods.runs import at, attempt, dated, unbroken
from models.agriculture.hog_cycle import hog_cycle, hog_lag
from models.checks import LackingError
from models.cycle.turning import turning_points


class CycleParameters(Parameters):
    """Bounds of the cycle's length, and least distances of turning points, all in months."""

    shortest: float
    longest: float
    window: int
    phase: int
    cycle: int
    ends: int


class LagParameters(Parameters):
    """Months by which sows lead hogs."""

    lags: tuple[int, ...]


@method("hog_cycle", "1.0", "series", parameters=CycleParameters, two_sided=True, estimates=True)
def cycle(given: Given) -> Found:
    """Figure: the cycle in percent of the trend, by month. Details: original, trend, 90 % band, turning points; at
    the newest month the length in months, and whether it lies at a bound."""
    found, p = Found(), given.parameters

    def judge(region: str, breakdown: str, values: pd.Series) -> None:
        series = dated(values)
        made = hog_cycle(series, shortest=p.shortest, longest=p.longest)
        found.add(region, made.cycle, breakdown)
        parts = {"original": series, "trend": made.trend, "lower": made.lower, "upper": made.upper}
        for measure, part in parts.items():
            found.detail(region, measure, part, breakdown=breakdown)
        turns = turning_points(made.cycle, window=p.window, phase=p.phase, cycle=p.cycle, ends=p.ends)
        for turn in turns:
            month = label(made.cycle.index[turn.position])
            found.note(
                region, month, "turn", value=turn.value, text=turn.kind, item="index", breakdown=breakdown
            )
        last = label(made.cycle.index[-1])
        found.note(region, last, "period_length", value=made.period, breakdown=breakdown)
        found.note(region, last, "at_bound", value=float(made.at_edge), breakdown=breakdown)

    attempt(_monthly(given.rows("series")), judge)
    return found


@method("sow_lead", "1.0", "sows", "hogs", parameters=LagParameters, two_sided=True, estimates=True)
def sow_lead(given: Given) -> Found:
    """Figure: growth of hogs on a year before that sows let one expect, in percent. Details: actual growth,
    outlook (months still to come), weight of each lag, share of the variance explained."""
    found, p = Found(), given.parameters
    sows, hogs = (
        {region: dated(unbroken(rows.set_index("period")["value"])) for region, rows in given.by_region(role)}
        for role in ("sows", "hogs")
    )
    reasons: list[ValueError] = [LackingError("no_place_with_all", "no region has both sows and hogs")]
    for region in sorted(set(sows) & set(hogs)):
        try:
            made = hog_lag(sows[region], hogs[region], lags=p.lags)
        except ValueError as reason:
            reasons.append(at(region, reason))
            continue
        last = hogs[region].index[-1]
        found.add(region, made.fitted[:last])
        found.detail(region, "outlook", made.fitted[last + 1 :])
        found.detail(region, "actual", 100 * (hogs[region] / hogs[region].shift(12) - 1))
        for lag, weight in made.weights.items():
            found.note(region, label(last), "weight", value=weight, item=str(lag))
        found.note(region, label(last), "r_squared", value=made.r_squared)
    if not found.figures:
        raise reasons[-1]
    return found


def _monthly(rows: pd.DataFrame) -> pd.DataFrame:
    """Weekly rows as means of the months that hold the weeks' Thursdays; a month of less than half
    its weeks is left out."""
    thursday = pd.to_datetime(rows["period_end"]) - timedelta(days=3)
    means = rows.assign(period=thursday.dt.strftime("%Y-%m")).groupby(["region", "breakdown", "period"])[
        "value"
    ]
    table = means.agg(["mean", "size"]).reset_index().rename(columns={"mean": "value"})
    return table[table["size"] >= 2]
