"""Series 序列处理: season and Spring Festival taken out, and growth as published beside the ratio of levels."""

from __future__ import annotations

import numpy as np
import pandas as pd
from pydantic import Field

from jobs.methods.base import Found, Given, Parameters, label, method, wide
from jobs.methods.months import Season, adjust, rates, whole
from jobs.methods.runs import by_region, dated
from models.checks import LackingError
from models.series.growth import rebase

HUNDRED = 100.0


class Adjusting(Parameters):
    """How the season is taken out."""

    season: Season


@method("seasonal_adjustment", "1.0", "series", parameters=Adjusting, two_sided=True, estimates=True)
def seasonal_adjustment(given: Given) -> Found:
    """The adjusted series in its unit; season, festival and remainder in percent, `change` on the month before."""

    def look(found: Found, region: str, rows: pd.DataFrame) -> None:
        table = wide(rows)
        if table.shape[1] != 1:
            raise ValueError(f"one series is adjusted, not {table.shape[1]}")
        series = table.iloc[:, 0]
        parts = adjust(series, given.around.festivals, given.parameters.season)
        found.add(region, parts.adjusted)
        found.detail(region, "original", series.dropna())
        found.detail(region, "trend", parts.trend)
        for name in ("season", "festival", "remainder"):
            found.detail(region, name, HUNDRED * (getattr(parts, name) - 1))
        found.detail(region, "change", HUNDRED * parts.adjusted.pct_change().dropna())
        newest = label(series.index[-1])
        found.note(region, newest, "residual_season", value=parts.residual.autocorrelation)
        found.note(region, newest, "residual_season_limit", value=parts.residual.limit)

    return by_region(given, "series", look)


class Gap(Parameters):
    """Percentage points from which on base or scope must have been changed."""

    limit: float = Field(gt=0)


@method("growth_gap", "1.0", "published", "ratio", parameters=Gap)
def growth_gap(given: Given) -> Found:
    """Growth on a comparable base less the ratio of levels, in percentage points, series by series."""
    found, limit = Found(), given.parameters.limit
    key = ["region", "breakdown", "period"]
    both = pd.merge(
        given.rows("published")[[*key, "value"]], given.rows("ratio")[[*key, "value", "unit"]], on=key
    )
    # what changed by percentage points is itself a rate: it has no base
    both = both[both["unit"] == "percent"]
    if both.empty:
        raise LackingError("no_shared_period", "no series has both published growth and levels")
    for (region, breakdown), rows in both.groupby(["region", "breakdown"], sort=True):
        gap = pd.Series((rows["value_x"] - rows["value_y"]).to_numpy(), index=rows["period"])
        found.add(str(region), gap, breakdown=str(breakdown))
        for name, edge in (("lower", -limit), ("upper", limit)):
            found.detail(str(region), name, pd.Series(edge, index=gap.index), breakdown=str(breakdown))
        outside = gap[gap.abs() > limit]
        found.detail(str(region), "outside", outside, breakdown=str(breakdown))
    return found


class Base(Parameters):
    """Year whose months have the mean 100."""

    year: int = Field(ge=1949)


@method("fixed_base", "1.0", "growth", parameters=Base)
def fixed_base(given: Given) -> Found:
    """Fixed-base index 定基指数 of one growth rate, months of the first year taken as level.

    x_t = x_{t-12} (1 + g_t / 100), then rebased. ValueError for a month without growth.
    """

    def look(found: Found, region: str, rows: pd.DataFrame) -> None:
        table = whole(rates(rows))
        if table.shape[1] != 1:
            raise ValueError(f"one series is chained, not {', '.join(map(str, table))}")
        growth = table.iloc[:, 0]
        start = pd.period_range(growth.index[0] - 12, growth.index[0] - 1, freq="M")
        level = np.concatenate([np.ones(12), np.empty(len(growth))])
        for t, change in enumerate(growth, 12):
            level[t] = level[t - 12] * (1 + change / HUNDRED)
        index = pd.Series(level, index=start.append(pd.PeriodIndex(growth.index)))
        base = list(pd.period_range(f"{given.parameters.year}-01", f"{given.parameters.year}-12", freq="M"))
        found.add(region, rebase(index, base)[growth.index])

    return by_region(given, "growth", look)


@method("single_quarters", "1.0", "cumulative")
def single_quarters(given: Given) -> Found:
    """Quarters out of sums to date: each less the one before, the first of a year as it is.

    A quarter whose own sum or the one before is missing is left out.
    """
    found = Found()
    for (region, breakdown), rows in given.rows("cumulative").groupby(["region", "breakdown"], sort=True):
        sums = dated(rows.set_index("period")["value"])
        before = sums.reindex(sums.index - 1).set_axis(sums.index)
        found.add(
            str(region), sums - before.where(pd.PeriodIndex(sums.index).quarter > 1, 0.0), str(breakdown)
        )
    return found
