"""Food price anomalies 粮价异常 by the indicator of the FAO."""

from __future__ import annotations

import pandas as pd

from jobs.methods.base import Found, Given, Parameters, label, method
from jobs.methods.runs import attempt, dated
from models.agriculture.anomaly import anomaly_states, price_anomaly
from models.checks import LackingError


class AnomalyParameters(Parameters):
    """Weight (0-1) of growth over three months, and the limits in standard deviations."""

    quarterly_weight: float
    watch: float
    alert: float


@method("price_anomaly", "1.0", "prices", parameters=AnomalyParameters)
def anomaly(given: Given) -> Found:
    """Figure: the indicator by month. Details: its two parts, the state of each month, the limits."""
    found, p = Found(), given.parameters

    def judge(region: str, breakdown: str, values: pd.Series) -> None:
        result = price_anomaly(dated(values), quarterly_weight=p.quarterly_weight)
        known = result.combined.dropna()
        if known.empty:
            raise LackingError("too_few_years", "no month has three earlier years to be judged by", need=3)
        found.add(region, known, breakdown)
        for measure, part in {"quarterly": result.quarterly, "annual": result.annual}.items():
            found.detail(region, measure, part[known.index], breakdown=breakdown)
        for month, state in zip(
            known.index, anomaly_states(known, watch=p.watch, alert=p.alert), strict=True
        ):
            if state != "none":
                value = float(known[month])
                found.note(region, label(month), "state", value=value, text=state, breakdown=breakdown)
        for limit, value in {"watch": p.watch, "alert": p.alert}.items():
            found.note(region, label(known.index[-1]), limit, value=value, breakdown=breakdown)

    attempt(given.rows("prices"), judge)
    return found
