"""Output against electricity 用电 and tax 税收: whether collection holds together, within control limits."""

from __future__ import annotations

import pandas as pd
from pydantic import Field

from jobs.methods.base import Found, Given, Parameters, label, method, wide
from jobs.methods.runs import by_region
from models.checks import LackingError
from models.series.anomalies import cross_check

MONTHS = 12
FEBRUARY = 2


class Control(Parameters):
    """Newest months that are judged, months before them that the relation is learned on, and the limits in
    standard deviations."""

    judged: int = Field(ge=1)
    learned: int = Field(ge=12)
    sigmas: float = Field(gt=0)


@method("control_chart", "1.0", "output", "source", parameters=Control, two_sided=True, estimates=True)
def control_chart(given: Given) -> Found:
    """Standardised deviation of output's growth from what the source's growth says, region by region.

    Growth factors on a year earlier, January and February together, so that neither season nor festival counts.
    A region with too short a history is left out; ValueError when all are.
    """
    p = given.parameters
    sources = dict(given.by_region("source"))

    def look(found: Found, region: str, rows: pd.DataFrame) -> None:
        if region not in sources:
            return
        output = 1 + _one(rows).dropna() / 100
        source = _factors(_one(sources[region]))
        both = pd.concat([output, source], axis=1, join="inner").dropna()
        both = both[pd.PeriodIndex(both.index).month >= FEBRUARY].tail(p.learned + p.judged)
        if len(both) <= p.learned:
            return
        check = cross_check(both.iloc[:, 0], both.iloc[:, 1], learned=p.learned, sigmas=p.sigmas)
        z = pd.Series(check.deviation * p.sigmas / check.upper, index=both.index)
        found.add(region, z)
        found.detail(region, "lower", pd.Series(-p.sigmas, index=z.index))
        found.detail(region, "upper", pd.Series(p.sigmas, index=z.index))
        found.detail(region, "outside", z[check.outside])
        found.note(region, label(z.index[-1]), "elasticity", value=check.elasticity)

    found = by_region(given, "output", look)
    if not found.figures:
        told = f"no region has more than {p.learned} months of both"
        raise LackingError("too_short_on_end", told, need=p.learned + 1)
    return found


def _one(rows: pd.DataFrame) -> pd.Series:
    table = wide(rows)
    if table.shape[1] != 1:
        raise ValueError(f"one series is compared, not {table.shape[1]}")
    return table.iloc[:, 0]


def _factors(level: pd.Series) -> pd.Series:
    """Level over that of a year earlier; February is of two months, as output is published."""
    months = pd.PeriodIndex(level.index)
    joint = level + level.shift(1).where(months.month == FEBRUARY, 0.0)
    return joint / joint.shift(MONTHS)
