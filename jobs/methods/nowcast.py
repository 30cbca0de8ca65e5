"""Nowcast 即时预测 of the growth of quarterly product, and which release moved it."""

from __future__ import annotations

from datetime import date

import pandas as pd
from pydantic import Field

from jobs.methods.base import Found, Given, Parameters, label, method, wide
from jobs.methods.months import items, rates
from models.checks import LackingError
from models.nowcast.benchmark import autoregression, contest
from models.nowcast.bridge import bridge
from models.nowcast.factor import FEWEST_MONTHS, news, nowcast, replay

Known = tuple[pd.DataFrame, pd.Series]


class Nowcasting(Parameters):
    """Coverage of the interval (0-1), most steps of estimation and the gain that ends it, first month used, and
    how many nowcasts are shown, the newest last; over how many past quarters nowcasts are scored, and the penalty
    of the bridge equation that they are scored beside."""

    coverage: float = Field(gt=0, lt=1)
    iterations: int = Field(ge=1)
    tolerance: float = Field(gt=0)
    since: str = Field(pattern=r"^\d{4}-\d{2}$")
    vintages: int = Field(ge=1)
    scored: int = Field(ge=8)
    penalty: float = Field(ge=0)


@method(
    "quarterly_nowcast", "1.1", "target", "monthly", parameters=Nowcasting, two_sided=True, estimates=True
)
def quarterly_nowcast(given: Given) -> Found:
    """Growth on a year earlier of the quarter after the last one known, in percent, never without its interval.

    Growth of a quarter is the mean of its months' growth, so that its change from quarter to quarter is a sum of
    the months' changes weighted 1, 2, 3, 2, 1 (over 3): the very weights of Mariano and Murasawa. The factor
    model is given changes in percentage points, and the last known growth is added to what it says.
    """
    found = Found()
    regions = sorted(set(given.rows("target")["region"]) & set(given.rows("monthly")["region"]))
    for region in regions:
        _one(found, given, region)
    if not found.figures:
        raise LackingError("no_place_with_all", "no region has both the target and monthly series")
    return found


def _one(found: Found, given: Given, region: str) -> None:
    p = given.parameters
    growth, _ = _data(given, region, None)
    last = growth.index[-1]
    quarter, at = last + 1, label(last + 1)
    days = _release_days(given, region, quarter)
    made = []
    for day in days[-p.vintages :]:
        try:
            told, known = _data(given, region, day)
            if told.index[-1] != last:
                continue
            estimate = nowcast(
                *known, quarter, coverage=p.coverage, iterations=p.iterations, tolerance=p.tolerance
            )
        except ValueError:
            continue  # on that day too little was known; later days tell
        made.append((day, known, estimate))
    if not made:
        raise LackingError(
            "too_little", f"{region}: too little is known for a nowcast of {at}", region=region
        )
    base = float(growth.iloc[-1])
    _, known, estimate = made[-1]
    found.add(region, pd.Series([base + estimate.mean], index=[at]))
    found.note(region, at, "lower", value=base + estimate.lower)
    found.note(region, at, "upper", value=base + estimate.upper)
    found.note(region, at, "converged", value=float(estimate.converged))
    found.note(region, at, "benchmark", value=float(autoregression(growth, 1)[0]))
    for day, _, earlier in made:
        found.note(region, at, "vintage", value=base + earlier.mean, item=day.isoformat())
    if len(made) > 1:
        after = _news(found, given, region, base, made[-2][1], known, quarter)
        found.note(region, at, "estimation", value=base + estimate.mean - after)
    found.detail(region, "actual", growth)
    _record(found, given, region, at)


def _record(found: Found, given: Given, region: str, at: str) -> None:
    """How far off past nowcasts would have been, beside a bridge equation and the autoregression.

    Each quarter is told from its own months, before its product is known, from the newest revision of all
    figures. The factor model is estimated once, before the first quarter that is scored. Nothing where the history
    is too short.
    """
    p = given.parameters
    growth, (changes, change) = _data(given, region, None)
    quarters = growth.index[-p.scored :]
    enough = [name for name in changes if changes[name][: quarters[0].start_time].count() >= FEWEST_MONTHS]
    months = changes[enough]
    try:
        replayed = replay(months, change, list(quarters), iterations=p.iterations, tolerance=p.tolerance)
        before = growth.shift(1)[quarters]
        told = {
            "nowcast": before + replayed,
            "autoregression": pd.Series([autoregression(growth[: q - 1], 1)[0] for q in quarters], quarters),
            "bridge": before + _bridged(months, change, quarters, p),
        }
        errors = {
            name: contest(values, told["autoregression"], growth[quarters], least=p.scored)
            for name, values in told.items()
        }
    except ValueError:
        return
    for name, values in told.items():
        found.detail(region, "told", values, item=name)
        found.note(region, at, "rmse", value=errors[name].nowcast_error, item=name)


def _bridged(months: pd.DataFrame, change: pd.Series, quarters: pd.Index, p: Nowcasting) -> pd.Series:
    """Changes that the bridge equation tells, learned anew for each quarter."""
    told = [
        bridge(
            months[: q.asfreq("M", how="end")], change[: q - 1], q, penalty=p.penalty, coverage=p.coverage
        ).mean
        for q in quarters
    ]
    return pd.Series(told, index=quarters)


def _news(
    found: Found, given: Given, region: str, base: float, before: Known, after: Known, quarter: pd.Period
) -> float:  # fmt: skip
    """What the newest releases changed, the model held; impacts of a series are summed over its months.

    Returns the nowcast after them; what the model's new estimation adds to it is told apart.
    """
    at, p = label(quarter), given.parameters
    columns = [name for name in before[0] if name in after[0]]
    told = news(
        (before[0][columns], before[1]), (after[0][columns], after[1]), quarter,
        iterations=p.iterations, tolerance=p.tolerance,
    )  # fmt: skip
    found.note(region, at, "before", value=base + told.before)
    found.note(region, at, "after", value=base + told.after)
    found.note(region, at, "revision", value=told.revisions)
    names = items(given.rows("monthly"))
    for series, impact in told.releases.groupby("series")["impact"].sum().items():
        found.note(region, at, "impact", value=float(impact), item=names.get(str(series), str(series)))
    return base + told.after


def _data(given: Given, region: str, day: date | None) -> tuple[pd.Series, Known]:
    """Growth of quarters as known on a day, and what the model is given: monthly and quarterly changes."""
    target = given.rows("target", day)
    growth = wide(target[target["region"] == region]).iloc[:, 0].dropna()
    rows = given.rows("monthly", day)
    table = rates(rows[rows["region"] == region])
    changes = table[table.index >= pd.Period(given.parameters.since, "M")].diff().iloc[1:]
    enough = [name for name in changes if changes[name].count() >= FEWEST_MONTHS]
    end = (growth.index[-1] + 1).asfreq("M", how="end")
    quarters = growth.diff().dropna()
    # the model takes no quarter that ended before its first month
    quarters = quarters[pd.PeriodIndex(quarters.index).asfreq("M", how="E") >= changes.index[0]]
    return growth, (changes.loc[:end, enough], quarters)


def _release_days(given: Given, region: str, quarter: pd.Period) -> list[date]:
    """Days on which anything about the region was published since the quarter began."""
    rows = pd.concat([given.vintages[role] for role in ("target", "monthly")])
    days = rows.loc[rows["region"] == region, "published_at"].unique()
    begun = quarter.start_time.date()
    return sorted(day for day in days if day >= begun)
