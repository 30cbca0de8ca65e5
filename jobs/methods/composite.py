"""Composite scores of cities 综合评价, with the spread of their ranks when weights are moved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd
from pydantic import Field

from jobs.methods.base import Found, Given, Parameters, method
from jobs.methods.months import items, rates
from models.composite.robustness import rank_robustness
from models.composite.weights import entropy_weights, min_max, principal_weights, winsorise

HUNDRED = 100.0


class Score(Parameters):
    """Where weights come from, and how far they are moved for the spread of ranks."""

    weights: Literal["entropy", "principal"]
    falling: frozenset[str] = frozenset()
    winsor: tuple[float, float]
    floor: float = Field(gt=0)
    least_explained: float = Field(gt=0, le=1)
    top: int = Field(ge=1)
    concentration: float = Field(gt=0)
    coverage: float = Field(gt=0, lt=1)
    draws: int = Field(ge=100)
    shown: int = Field(ge=1)
    seed: int


@method("city_score", "1.0", "parts", parameters=Score, estimates=True)
def city_score(given: Given) -> Found:
    """Weighted scores 0-100 of the cities of a province, month by month.

    Ranges and weights are those of all months of the year before and hold for a year, so that its months can be
    compared. Ranks and their spread are told for the newest months.
    """
    found, p = Found(), given.parameters
    regions = given.around.regions
    names = items(given.rows("parts"))
    frames: dict[str, dict[str, pd.DataFrame]] = {}
    for region, rows in given.by_region("parts"):
        province = (region, *regions.ancestors(region))[-1]
        frames.setdefault(province, {})[region] = rates(rows)
    for province, cities in frames.items():
        if len(cities) > p.top:
            table = pd.concat(cities, names=["region", "period"])
            _province(found, province, table, names, p)
    if not found.figures:
        raise ValueError("no province has two years of figures for all its cities")
    return found


def _province(found: Found, province: str, table: pd.DataFrame, names: Mapping[str, str], p: Score) -> None:
    """`table`: (region, period) by series, `names` the inputs that these are."""
    cities = table.index.get_level_values("region").nunique()
    known = table.dropna().groupby("period").filter(lambda rows: len(rows) == cities)
    years = pd.PeriodIndex(known.index.get_level_values("period")).year
    newest = sorted(known.index.get_level_values("period").unique())[-p.shown :]
    rising = np.array([str(name) not in p.falling for name in known.columns])
    told: list[pd.DataFrame] = []
    for year in sorted(set(years))[1:]:
        base, rows = known[years == year - 1], known[years == year]
        if base.empty:
            continue
        pool = winsorise(base, *p.winsor)
        weights = _weights(min_max(pool, rising), p)
        low, width = pool.min(axis=0), np.ptp(pool, axis=0)
        share = np.clip((rows - low) / width, 0, 1)
        scores = pd.DataFrame(np.where(rising, share, 1 - share), index=rows.index, columns=rows.columns)
        total = pd.Series(HUNDRED * (scores.to_numpy() @ weights), index=scores.index)
        for region, values in total.groupby("region"):
            found.add(str(region), values.droplevel("region"))
        months = sorted(set(rows.index.get_level_values("period")))
        for name, weight in zip(scores.columns, weights, strict=True):
            found.detail(
                province, "weight", pd.Series(weight, index=pd.PeriodIndex(months)), item=names[str(name)]
            )
        told += [
            _ranks(month.droplevel("period"), weights, p).assign(period=period)
            for period, month in scores.groupby("period")
            if period in newest
        ]
    if told:
        for city, ranks in pd.concat(told).groupby(level="region"):
            by_period = ranks.set_index("period")
            for measure in by_period:
                found.detail(str(city), str(measure), by_period[measure])


def _ranks(month: pd.DataFrame, weights: np.ndarray, p: Score) -> pd.DataFrame:
    """Ranks of regions in one month and their spread; the chance of the top in percent."""
    spread = rank_robustness(
        month, weights, k=p.top, concentration=p.concentration, coverage=p.coverage, draws=p.draws,
        rng=np.random.default_rng(p.seed),
    )  # fmt: skip
    columns = {
        "rank": spread.rank,
        "rank_low": spread.lower,
        "rank_high": spread.upper,
        "chance_top": HUNDRED * spread.top,
    }
    return pd.DataFrame(columns, index=month.index, dtype=float)


def _weights(scores: np.ndarray, p: Score) -> np.ndarray:
    if p.weights == "entropy":
        return entropy_weights(scores, floor=p.floor)
    first = principal_weights(scores, least_explained=p.least_explained)
    if not first.usable:
        told = f"explains {HUNDRED * first.explained:.0f} %, {HUNDRED * p.least_explained:.0f} % are wanted"
        raise ValueError(f"the first component {told if first.one_sign else 'has loadings of both signs'}")
    return first.weights
