"""Record of chances of attainment 达成概率检验: what they would have been at past origins, and what came of it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from conf import periods
from conf.schema import Settings, Target
from conf.status import worst
from jobs.steps.chances import BACKTEST, clearance, clears, relative_errors, simulated
from models import target_chances
from models import targets as model

TOLD = [*BACKTEST, "origin", "period", "period_end"]
ALL = "all"
TOO_FEW = "few_cases"
ByTarget = Mapping[tuple[str, str], pd.DataFrame]


@dataclass(frozen=True)
class Case:
    """A chance as it would have been told at the end of `origin` for `period_end`, and whether it came true."""

    target_id: str
    region: str
    origin: date
    period_end: date
    chance: float
    met: bool


def start_of(target: Target, settings: Settings) -> date:
    """First day of a target; without one of its own it counts from the year before the plan's first."""
    return target.base_date or date(target.due.year - settings.plan_years, 12, 31)


def record_rows(
    targets: Sequence[Target],
    reported: ByTarget,
    foretold: ByTarget,
    backtest: pd.DataFrame,
    settings: Settings,
) -> list[dict[str, Any]]:
    """Rows of gold.chance_record: of each region all cases and those of each word that names a chance.

    `reported` are the figures of gold.indicator by (region, target_id), `foretold` the champions' past forecasts of
    each target and `backtest` those of all of them (columns TOLD).
    """
    cases = [
        case
        for target in targets
        for case in _cases(target, reported, foretold, backtest, settings)
    ]  # fmt: skip
    rows = []
    for region in sorted({case.region for case in cases}):
        own = [case for case in cases if case.region == region]
        figures = pd.concat([reported[key] for key in sorted({(c.region, c.target_id) for c in own})])
        words = [settings.chance_words.of(case.chance) for case in own]
        origin = {"region": region, "status": worst(figures["status"]), "source": _sources(figures)}
        rows.append({**origin, "word": ALL, **_scored(own, settings.chance_record_least)})
        for word in ("likely", "even", "unlikely"):
            named = [case for case, its in zip(own, words, strict=True) if its == word]
            if named:
                rows.append({**origin, "word": word, **_scored(named, settings.chance_record_least)})
    return rows


def _cases(
    target: Target, reported: ByTarget, foretold: ByTarget, backtest: pd.DataFrame, settings: Settings
) -> Iterator[Case]:
    """Cases of one target: its goal when it was due and, where its base is known, its declared path before."""
    key = (target.region, target.target_id)
    if target.trajectory == "milestone" or key not in foretold:
        return
    for row in foretold[key].dropna(subset=["mean", "actual"]).to_dict("records"):
        level = _level(target, row["period"], row["period_end"], settings)
        if level is None:
            continue
        origin = periods.end(row["origin"])
        if clears(target):
            told = _cleared(target, reported[key], origin, level, settings)
        else:
            told = _simulated(target, row, origin, level, backtest)
        if told is not None:
            actual, wanted = round(row["actual"], model.DIGITS), round(level, model.DIGITS)
            met = actual >= wanted if target.direction == "up" else actual <= wanted
            yield Case(target.target_id, target.region, origin, row["period_end"], told, met)


def _level(target: Target, period: str, end: date, settings: Settings) -> float | None:
    """Where the target is to be in a period: at its goal when due, before on its path; None where that is not told."""
    if periods.start(period) <= target.due <= end:
        return target.goal
    start = start_of(target, settings)
    if target.base is None or not start < end < target.due:
        return None
    share = model.path_share(model.time_elapsed(start, target.due, end), target.trajectory)
    return target.base + share * (target.goal - target.base)


def _simulated(
    target: Target, row: Mapping[Any, Any], origin: date, level: float, backtest: pd.DataFrame
) -> float | None:
    """The chance from the errors that were known at the origin; None where they were too few."""
    errors = relative_errors(backtest.loc[backtest["period_end"] <= origin, BACKTEST])
    own = errors[(errors["region"] == row["region"]) & (errors["breakdown"] == row["breakdown"])]
    past = errors["error"][errors["step"] == row["step"]].to_numpy(dtype=float)
    if own.empty or past.size < model.FEWEST_ERRORS:
        return None
    return simulated(target, float(row["mean"]), past * float(own["scale"].iloc[0]), level)


def _cleared(
    target: Target, figures: pd.DataFrame, origin: date, level: float, settings: Settings
) -> float | None:
    """The chance that a count is cleared; of its path before nothing is told, because that is no count of zero."""
    if level != target.goal:
        return None
    known = figures[figures["period_end"] <= origin]
    counts = list(zip(known["period_end"], known["value"].astype(float), strict=True))
    return clearance(target, counts, origin, settings.count_survival).value


def _scored(cases: Sequence[Case], least: int) -> dict[str, Any]:
    """Counts of cases and, from `least` of them on, their scores."""
    found = target_chances.scores(
        np.array([case.chance for case in cases]), np.array([case.met for case in cases])
    )
    row = asdict(found)
    few = found.cases < least
    if few:
        row |= dict.fromkeys(("brier", "base_brier", "skill"))
    elif math.isnan(found.skill):
        row["skill"] = None
    return row | {
        "targets": len({case.target_id for case in cases}),
        "since": min(case.origin for case in cases), "until": max(case.period_end for case in cases),
        "reason": TOO_FEW if few else None,
    }  # fmt: skip


def _sources(figures: pd.DataFrame) -> str:
    return json.dumps(sorted({name for source in figures["source"] for name in json.loads(source)}))
