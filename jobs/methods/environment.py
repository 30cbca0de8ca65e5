"""Air quality index by the standard of the day 空气质量指数, and classes of surface water 水质类别."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from jobs.methods.base import Found, Given, Parameters, method
from jobs.methods.runs import parts
from models.checks import LackingError
from models.environment.air import sub_indices
from models.environment.water import pollution_index, water_class


class Standard(Parameters):
    """Break points of one version of the index, in force from a day on; `indices` of the points in order."""

    version: str
    valid_from: date
    indices: tuple[float, ...]
    points: dict[str, tuple[float, ...]]


class AirParameters(Parameters):
    """`standards` in order of time; a pollutant is primary when the index is above `primary_above`."""

    standards: tuple[Standard, ...]
    primary_above: int


class GoodParameters(AirParameters):
    """A day is good up to the index `good`; a month needs `least_days` days."""

    good: int
    least_days: int


class WaterParameters(Parameters):
    """`limits` of classes I to V by item; for items of `at_least` more is better; good up to class `good`."""

    limits: dict[str, tuple[float, ...]]
    at_least: frozenset[str]
    good: int


@method("air_quality_index", "1.0", "air", parameters=AirParameters)
def index(given: Given) -> Found:
    """Figure: index of the day by the standard then in force. Details: primary pollutant, index by every version of
    the standard (`by_standard`), days on which a pollutant was beyond the table."""
    found, p = Found(), given.parameters
    for region, table in _days(given):
        by_version = {s.version: _sub_indices(table, s) for s in p.standards}
        in_force = _in_force(table.index, p.standards)
        whole = pd.DataFrame({version: sub.max(axis=1) for version, sub in by_version.items()})
        figure = pd.Series(whole.to_numpy()[np.arange(len(whole)), in_force], whole.index, dtype=float)
        found.add(region, figure)
        for version in whole:
            found.detail(region, "by_standard", whole[version], item=str(version))
        frames = []
        for position, standard in enumerate(p.standards):
            days = in_force == position
            sub, top = by_version[standard.version][days], figure[days]
            named = sub.eq(top, axis=0) & (top > p.primary_above).to_numpy()[:, None]
            frames.append(_marked(named, "primary", top))
            last = pd.Series({name: points[-1] for name, points in standard.points.items()})
            frames.append(_marked(table.loc[days, sub.columns] > last[sub.columns], "beyond", top))
        told = pd.concat(frames)
        found.details.append(told.assign(region=region, breakdown="", text=told["item"]))
    return found


@method("good_air_days", "1.0", "air", parameters=GoodParameters)
def good_days(given: Given) -> Found:
    """Figure: days of the month with a good index in percent, by the standard in force on each day. Details:
    the same by every version of the standard, so that a stricter table is not taken for worse air."""
    found, p = Found(), given.parameters
    for region, table in _days(given):
        whole = pd.DataFrame({s.version: _sub_indices(table, s).max(axis=1) <= p.good for s in p.standards})
        in_force = _in_force(table.index, p.standards)
        good = whole.assign(in_force=whole.to_numpy()[np.arange(len(whole)), in_force])
        months = good.groupby(good.index.str[:7])
        share = 100 * months.mean()[months.size() >= p.least_days]
        if share.empty:
            continue
        found.add(region, share["in_force"])
        for standard in p.standards:
            found.detail(region, "by_standard", share[standard.version], item=standard.version)
    if not found.figures:
        raise LackingError("too_few_days", f"no month has {p.least_days} days of air", need=p.least_days)
    return found


@method("water_class", "1.0", "water", parameters=WaterParameters)
def classes(given: Given) -> Found:
    """Figure: sections of a good class in percent of those that tell all items. Details: class (1-6) and
    composite index of each section."""
    found, p = Found(), given.parameters
    rows = given.rows("water")
    told = [parts(breakdown) for breakdown in rows["breakdown"]]
    rows = rows.assign(section=[t["section"] for t in told], name=[t["water_quality"] for t in told])
    table = rows.pivot(index=["region", "section", "period"], columns="name", values="value")
    table = table.reindex(columns=list(p.limits)).dropna()
    if table.empty:
        raise LackingError("incomplete", "no section tells all items that its class is judged by")
    sections = [dict(zip(p.limits, row, strict=True)) for row in table.to_numpy(float).tolist()]
    judged = [
        (water_class(row, p.limits, p.at_least), pollution_index(row, p.limits, p.at_least))
        for row in sections
    ]
    made = pd.DataFrame(judged, table.index, columns=["class", "pollution_index"]).reset_index()
    for region, part in made.groupby("region", sort=True):
        good = (part["class"] <= p.good).groupby(part["period"]).mean()
        found.add(str(region), 100 * good)
    long = made.melt(["region", "section", "period"], var_name="measure")
    found.details.append(long.rename(columns={"section": "item"}).assign(breakdown="", text=""))
    return found


def _days(given: Given) -> list[tuple[str, pd.DataFrame]]:
    """Concentrations of each region, days by pollutants; days that lack a pollutant are left out."""
    rows = given.rows("air")
    rows = rows.assign(pollutant=[parts(breakdown)["pollutant"] for breakdown in rows["breakdown"]])
    wanted = sorted({name for standard in given.parameters.standards for name in standard.points})
    found = []
    for region, part in rows.groupby("region", sort=True):
        table = (
            part.pivot(index="period", columns="pollutant", values="value").reindex(columns=wanted).dropna()
        )
        if not table.empty:
            found.append((str(region), table))
    if not found:
        raise LackingError("incomplete", "no day has all pollutants of the index")
    return found


def _sub_indices(table: pd.DataFrame, standard: Standard) -> pd.DataFrame:
    return pd.DataFrame(
        {
            name: sub_indices(table[name], points, standard.indices[: len(points)])
            for name, points in standard.points.items()
        },
        index=table.index,
    )


def _in_force(days: pd.Index, standards: tuple[Standard, ...]) -> np.ndarray:
    """Position of the standard of each day; days before the first one are judged by it too."""
    starts = [standard.valid_from.isoformat() for standard in standards]
    return np.maximum(np.searchsorted(starts, days.to_numpy(str), side="right") - 1, 0)


def _marked(marks: pd.DataFrame, measure: str, values: pd.Series) -> pd.DataFrame:
    """Rows of the days and pollutants that are marked."""
    day, name = np.nonzero(marks.to_numpy())
    return pd.DataFrame(
        {
            "period": marks.index.to_numpy()[day],
            "item": marks.columns.to_numpy()[name],
            "value": values.to_numpy()[day],
            "measure": measure,
        }
    )
