"""Growth anomalies 增速异常: which industries or series of a region have left what is usual for them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from pydantic import Field

from jobs.methods.base import Found, Given, Parameters, label, method
from jobs.methods.months import items, rates, whole
from models.agriculture.anomaly import anomaly_states
from models.checks import LackingError
from models.series.anomalies import from_usual, level_shift, modified_z


class GrowthAnomaly(Parameters):
    """Periods before that a rate is compared with, limits in standard deviations, and periods of which the parts
    are told.

    `pooled`: one scale for all series of a region, where each alone has too few periods. `last` and `shift`: the
    periods on end whose mean deviation beyond `shift` is a change of level.
    """

    window: int = Field(ge=1)
    pooled: bool
    watch: float = Field(gt=0)
    alert: float = Field(gt=0)
    last: int = Field(ge=2)
    shift: float = Field(gt=0)
    shown: int = Field(ge=1)


@method("growth_anomaly", "1.0", "growth", parameters=GrowthAnomaly, two_sided=True, estimates=True)
def growth_anomaly(given: Given) -> Found:
    """Figure: the deviation of the series that is furthest below its usual growth, in standard deviations.

    Details: the deviation of each series (`part`) and its state (`part_state`) where it is out of the ordinary, the
    state of the figure, and the limits. A region where all series are too short is left out; ValueError when all
    regions are.
    """
    found, p = Found(), given.parameters
    reasons = []
    rows = given.rows("growth")
    for region, part in rows[rows["breakdown"] != ""].groupby("region", sort=True):
        try:
            _region(found, str(region), _deviations(part, p), p)
        except ValueError as reason:
            reasons.append(reason)
    if not found.figures:
        raise (
            reasons[0] if reasons else LackingError("no_input", "growth tells no series apart", role="growth")
        )
    return found


def _deviations(rows: pd.DataFrame, p: GrowthAnomaly) -> pd.DataFrame:
    """Standardised deviations of one region, periods by items; series that are too short or never vary are left out."""
    apart, reasons, names = {}, [], items(rows)
    for name, growth in rates(rows).items():
        try:
            known = whole(growth.to_frame()).iloc[:, 0]
            away = from_usual(known, p.window)
            apart[names[str(name)]] = pd.Series(
                away if p.pooled else modified_z(away), index=known.index[p.window :]
            )
        except ValueError as reason:
            reasons.append(reason)
    if not apart:
        raise reasons[0]
    table = pd.DataFrame(apart)
    if p.pooled:
        values = table.to_numpy(copy=True)
        told = np.isfinite(values)
        values[told] = modified_z(values[told])
        return pd.DataFrame(values, table.index, table.columns)
    return table


def _region(found: Found, region: str, z: pd.DataFrame, p: GrowthAnomaly) -> None:
    weakest = z.min(axis=1).dropna()
    found.add(region, weakest)
    newest = label(weakest.index[-1])
    for limit, value in {"watch": p.watch, "alert": p.alert}.items():
        found.note(region, newest, limit, value=value)
    for period, state in zip(
        weakest.index, anomaly_states(weakest, watch=p.watch, alert=p.alert), strict=True
    ):
        if state != "none":
            found.note(region, label(period), "state", value=float(weakest[period]), text=state)
    shown = weakest.index[-p.shown :]
    for item, values in z.items():
        known = values.dropna()
        found.detail(region, "part", known[known.index.isin(shown)], item=str(item))
        for period, text in zip(known.index, _states(known, p), strict=True):
            if text != "none" and period in shown:
                found.note(region, label(period), "part_state", text=text, item=str(item))


def _states(z: pd.Series, p: GrowthAnomaly) -> list[str]:
    """State of each period: out of the ordinary by itself, or else by its level over the last ones."""
    single = anomaly_states(z, watch=p.watch, alert=p.alert)
    shifted = level_shift(z, last=p.last, limit=p.shift)
    means = z.rolling(p.last).mean()
    level = np.where(shifted, np.where(means > 0, "shift_up", "shift_down"), "none")
    return [str(alone) if alone != "none" else str(moved) for alone, moved in zip(single, level, strict=True)]
