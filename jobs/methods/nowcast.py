"""Nowcast 即时预测 of the growth of quarterly product, and which release moved it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from pydantic import Field

from jobs.methods.base import Found, Given, Parameters, label, method, wide
from jobs.methods.months import items, rates
from jobs.methods.runs import by_region
from models.checks import LackingError
from models.nowcast.benchmark import autoregression, contest, learned_weights
from models.nowcast.bridge import Bridged, bridge, bridge_news
from models.nowcast.factor import FEWEST_MONTHS, Nowcast, news, nowcast, replay

Known = tuple[pd.DataFrame, pd.Series]
YEAR = 12


class Nowcasting(Parameters):
    """Coverage of the interval (0-1), most steps of estimation and the gain that ends it, first month used, and
    how many nowcasts are shown, the newest last; which series tell growth on the month before; from how many usual
    deviations on a quarter is an outlier that the factor model is not shown.

    Of the bridge equation the penalty, and the years that tell what a quarter usually brings (`usual`). Over how
    many past quarters nowcasts are scored, how often the factor model is estimated anew on the way (`refit`), and
    the years that scores are also told without (`apart`). From how many past errors the weights of the two models
    are learned, and how far they are drawn to equal ones (`shrink`, 0-1)."""

    coverage: float = Field(gt=0, lt=1)
    iterations: int = Field(ge=1)
    tolerance: float = Field(gt=0)
    since: str = Field(pattern=r"^\d{4}-\d{2}$")
    vintages: int = Field(ge=1)
    on_month: frozenset[str] = frozenset()
    outlier: float = Field(gt=0)
    penalty: float = Field(ge=0)
    usual: int = Field(ge=3)
    scored: int = Field(ge=8)
    refit: int = Field(ge=1)
    apart: frozenset[int] = frozenset()
    least_errors: int = Field(ge=1)
    shrink: float = Field(ge=0, le=1)


@dataclass(frozen=True)
class Estimate:
    """The change of growth that the models tell together; `converged` is that of the factor model."""

    mean: float
    lower: float
    upper: float
    converged: bool


@method(
    "quarterly_nowcast", "2.0", "target", "monthly", parameters=Nowcasting, two_sided=True, estimates=True
)
def quarterly_nowcast(given: Given) -> Found:
    """Growth on a year earlier of the quarter after the last one known, in percent, never without its interval.

    Growth of a quarter is the mean of its months' growth, so that its change from quarter to quarter is a sum of
    the months' changes weighted 1, 2, 3, 2, 1 (over 3): the very weights of Mariano and Murasawa. The models are
    given changes in percentage points, and the last known growth is added to what they say. A series that tells
    growth on the month before, as diffusion indices do, is given as its change on a year earlier: growth on a year
    earlier changes by this month's growth less that of the same month a year ago.

    Told is the mean of a factor model and a bridge equation, weighted by their past errors; where the history is
    too short for a bridge equation, the factor model alone.
    """
    monthly = set(given.rows("monthly")["region"])

    def look(found: Found, region: str, _: pd.DataFrame) -> None:
        if region in monthly:
            _one(found, given, region)

    found = by_region(given, "target", look)
    if not found.figures:
        raise LackingError("no_place_with_all", "no region has both the target and monthly series")
    return found


def _one(found: Found, given: Given, region: str) -> None:
    p = given.parameters
    growth, known = _data(given, region, None)
    last = growth.index[-1]
    quarter, at = last + 1, label(last + 1)
    replayed = _replayed(known, pd.PeriodIndex(growth.index[-p.scored :]), p)
    weights = _weights(replayed, known, quarter, p)
    made = []
    for day in _release_days(given, region, quarter)[-p.vintages :]:
        try:
            told, known = _data(given, region, day)
            if told.index[-1] == last:
                made.append((day, known, _estimate(known, quarter, weights, p)))
        except ValueError:
            continue  # on that day too little was known; later days tell
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
    for name, weight in weights.items():
        found.note(region, at, "model_weight", value=float(weight), item=str(name))
    for day, _, earlier in made:
        found.note(region, at, "vintage", value=base + earlier.mean, item=day.isoformat())
    if len(made) > 1:
        after = _news(found, given, region, base, made[-2][1], known, quarter, weights)
        found.note(region, at, "estimation", value=base + estimate.mean - after)
    found.detail(region, "actual", growth)
    if not replayed.empty:
        _record(found, region, at, growth, replayed, p)


def _estimate(known: Known, quarter: pd.Period, weights: pd.Series, p: Nowcasting) -> Estimate:
    """Both models by their weights; their half-widths too, as if they erred alike."""
    factor = nowcast(
        *_since(known), quarter, outlier=p.outlier, coverage=p.coverage, iterations=p.iterations,
        tolerance=p.tolerance,
    )  # fmt: skip
    told: dict[str, Nowcast | Bridged] = {"factor": factor}
    if "bridge" in weights:
        told["bridge"] = bridge(*known, quarter, penalty=p.penalty, years=p.usual, coverage=p.coverage)
    mean, lower, upper = (
        sum(float(weights[name]) * getattr(one, end) for name, one in told.items())
        for end in ("mean", "lower", "upper")
    )
    return Estimate(mean, lower, upper, factor.converged)


def _replayed(known: Known, quarters: pd.PeriodIndex, p: Nowcasting) -> pd.DataFrame:
    """What both models would have told of the change in past quarters; empty where the history is too short.

    Each quarter is told from its own months, before its product is known, from the newest revision of all figures,
    with models that were estimated before its product was known.
    """
    changes, change = known
    enough = [name for name in changes if changes[name][: quarters[0].start_time].count() >= FEWEST_MONTHS]
    months = changes[enough]
    try:
        factor = replay(
            *_since((months, change)), list(quarters), refit=p.refit, outlier=p.outlier,
            iterations=p.iterations, tolerance=p.tolerance,
        )  # fmt: skip
        bridged = [
            bridge(
                months[: q.asfreq("M", how="end")], change[: q - 1], q,
                penalty=p.penalty, years=p.usual, coverage=p.coverage,
            ).mean
            for q in quarters
        ]  # fmt: skip
    except ValueError:
        return pd.DataFrame()
    return pd.DataFrame({"factor": factor, "bridge": bridged}, index=quarters)


def _weights(replayed: pd.DataFrame, known: Known, quarter: pd.Period, p: Nowcasting) -> pd.Series:
    """Weights of the models for a quarter, from their errors in the quarters before it."""
    if not replayed.empty:
        errors = replayed.sub(known[1], axis=0)[: quarter - 1].dropna()
        return pd.Series(
            learned_weights(errors.to_numpy(), shrink=p.shrink, least=p.least_errors), replayed.columns
        )
    try:
        bridge(*known, quarter, penalty=p.penalty, years=p.usual, coverage=p.coverage)
    except ValueError:
        return pd.Series({"factor": 1.0})
    return pd.Series({"factor": 0.5, "bridge": 0.5})


def _record(
    found: Found, region: str, at: str, growth: pd.Series, replayed: pd.DataFrame, p: Nowcasting
) -> None:
    """How far off past nowcasts would have been, beside each model and the autoregression.

    Weights of a quarter are learned from errors in quarters before it.
    """
    quarters = pd.PeriodIndex(replayed.index)
    known = (pd.DataFrame(), growth.diff().dropna())
    weights = [_weights(replayed, known, q, p).to_numpy() for q in quarters]
    mixed = (replayed.to_numpy() * np.array(weights)).sum(axis=1)
    before = growth.shift(1)[quarters]
    told = {
        "nowcast": before + mixed,
        **{str(name): before + values for name, values in replayed.items()},
        "autoregression": pd.Series([autoregression(growth[: q - 1], 1)[0] for q in quarters], quarters),
    }
    calm = quarters[~quarters.year.isin(p.apart)]
    spans = {"rmse": quarters} | ({"rmse_apart": calm} if 0 < len(calm) < len(quarters) else {})
    for name, values in told.items():
        found.detail(region, "told", values, item=name)
        for measure, span in spans.items():
            error = contest(values[span], told["autoregression"][span], growth[span], least=1).nowcast_error
            found.note(region, at, measure, value=error, item=name)


def _news(
    found: Found, given: Given, region: str, base: float, before: Known, after: Known, quarter: pd.Period,
    weights: pd.Series,
) -> float:  # fmt: skip
    """What the newest releases changed, the models held; impacts of a series are summed over its months.

    Both models are linear in the data, so that the parts of their weighted mean are the weighted parts. Returns the
    nowcast after them; what the models' new estimation adds to it is told apart.
    """
    at, p = label(quarter), given.parameters
    columns = [name for name in before[0] if name in after[0]]
    old, new = (before[0][columns], before[1]), (after[0][columns], after[1])
    factor = news(
        _since(old), _since(new), quarter, outlier=p.outlier, iterations=p.iterations, tolerance=p.tolerance
    )
    first, then, revisions = factor.before, factor.after, factor.revisions
    impacts = factor.releases.groupby("series")["impact"].sum()
    if "bridge" in weights:
        other = bridge_news(old, new, quarter, penalty=p.penalty, years=p.usual)
        first, then, revisions = (
            float(weights["factor"]) * a + float(weights["bridge"]) * b
            for a, b in ((first, other.before), (then, other.after), (revisions, other.revisions))
        )
        impacts = (weights["factor"] * impacts).add(weights["bridge"] * other.impacts, fill_value=0.0)
    found.note(region, at, "before", value=base + first)
    found.note(region, at, "after", value=base + then)
    found.note(region, at, "revision", value=revisions)
    names = items(given.rows("monthly"))
    for series, impact in impacts[impacts != 0].items():
        found.note(region, at, "impact", value=float(impact), item=names.get(str(series), str(series)))
    return base + then


def _data(given: Given, region: str, day: date | None) -> tuple[pd.Series, Known]:
    """Growth of quarters as known on a day, and what the models are given: monthly and quarterly changes."""
    p = given.parameters
    target = given.rows("target", day)
    growth = wide(target[target["region"] == region]).iloc[:, 0].dropna()
    rows = given.rows("monthly", day)
    table = rates(rows[rows["region"] == region])
    table = pd.DataFrame({name: table[name].diff(YEAR if name in p.on_month else 1) for name in table})
    changes = table[table.index > pd.Period(p.since, "M")]
    enough = [name for name in changes if changes[name].count() >= FEWEST_MONTHS]
    end = (growth.index[-1] + 1).asfreq("M", how="end")
    return growth, (changes.loc[:end, enough], growth.diff().dropna())


def _since(known: Known) -> Known:
    """Without the quarters that ended before the first month, which the factor model does not take."""
    changes, change = known
    return changes, change[pd.PeriodIndex(change.index).asfreq("M", how="E") >= changes.index[0]]


def _release_days(given: Given, region: str, quarter: pd.Period) -> list[date]:
    """Days on which anything about the region was published since the quarter began."""
    rows = pd.concat([given.vintages[role] for role in ("target", "monthly")])
    days = rows.loc[rows["region"] == region, "published_at"].unique()
    begun = quarter.start_time.date()
    return sorted(day for day in days if day >= begun)
