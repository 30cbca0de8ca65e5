"""Composite scores of cities 综合评价, with the spread of their ranks when weights or methods are changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, model_validator

from jobs.methods.base import Found, Given, Parameters, label, method
from jobs.methods.months import items, rates
from models.checks import LackingError
from models.composite.judgement import Hierarchy, closeness, hierarchy_weights, reciprocal_matrix
from models.composite.robustness import rank_robustness
from models.composite.weights import entropy_weights, min_max, principal_weights, winsorise

HUNDRED = 100.0
Weights = Literal["entropy", "principal", "judged"]


class Judgement(BaseModel):
    """Paired comparisons of the series by experts: how much more the first counts than the second; whose they are,
    and the consistency ratio from which on they are sent back."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: Literal["simulated", "panel"]
    comparisons: Mapping[str, Mapping[str, float]]
    most_inconsistent: float = Field(gt=0)


class Scaled(Parameters):
    """How growth rates become scores of 0 to 1 and these get weights; how many months are ranked."""

    weights: Weights
    judgement: Judgement | None = None
    falling: frozenset[str] = frozenset()
    winsor: tuple[float, float]
    floor: float = Field(gt=0)
    least_explained: float = Field(gt=0, le=1)
    shown: int = Field(ge=1)

    @property
    def used(self) -> frozenset[Weights]:
        """All weights that are wanted."""
        return frozenset({self.weights})

    @model_validator(mode="after")
    def _is_judged(self) -> Self:
        if ("judged" in self.used) != (self.judgement is not None):
            raise ValueError("a judgement is given with judged weights, and with no others")
        return self


class Score(Scaled):
    """How far weights are moved for the spread of ranks."""

    top: int = Field(ge=1)
    concentration: float = Field(gt=0)
    coverage: float = Field(gt=0, lt=1)
    draws: int = Field(ge=100)
    seed: int


class Distance(Scaled):
    """Weights of the additive scores whose ranks stand beside those by distance."""

    others: frozenset[Weights]

    @property
    def used(self) -> frozenset[Weights]:
        """All weights that are wanted."""
        return frozenset({self.weights, *self.others})


@dataclass(frozen=True)
class Year:
    """Scores 0-1 of a province's cities, (region, period) by series, larger is better; those of the year before,
    which give the weights, (n, k); and the months that are ranked."""

    province: str
    scores: pd.DataFrame
    base: np.ndarray
    shown: frozenset[pd.Period]

    def months(self) -> Iterator[tuple[pd.Period, pd.DataFrame]]:
        """The months that are ranked, each as regions by series."""
        there = set(self.scores.index.get_level_values("period"))
        for period in sorted(self.shown & there):
            yield period, pd.DataFrame(self.scores.xs(period, level="period"))


@method("city_score", "1.0", "parts", parameters=Score, estimates=True)
def city_score(given: Given) -> Found:
    """Weighted scores 0-100 of the cities of a province, month by month.

    Ranges and weights are those of all months of the year before and hold for a year, so that its months can be
    compared. Ranks and their spread are told for the newest months.
    """
    found, p = Found(), given.parameters
    for year in _years(given):
        weights = _weights(year, p.weights, p)
        _add(found, _weighted(year.scores, weights))
        _tell_weights(found, given, year, weights)
        for period, month in year.months():
            _tell_ranks(found, period, _spread(month, weights, p))
    return found


@method("city_distance", "1.0", "parts", parameters=Distance, estimates=True)
def city_distance(given: Given) -> Found:
    """TOPSIS: closeness 0-100 to the best of all cities, month by month, on the scores that `city_score` weighs.

    The interval of a rank is that of the ranks which the additive scores with `others` give too; weights that
    cannot be used are left out of it. A series in which all cities score 0 in a month tells them not apart and is
    left out of that month.
    """
    found, p = Found(), given.parameters
    for year in _years(given):
        weights = _weights(year, p.weights, p)
        totals = pd.concat([_closeness(rows, weights) for _, rows in year.scores.groupby("period")])
        _add(found, totals)
        _tell_weights(found, given, year, weights)
        beside = _others(year, p)
        for period, month in year.months():
            now = pd.Series(totals.xs(period, level="period"))
            ranks = pd.DataFrame({"rank": _ranked(now)})
            for name, other in beside.items():
                ranks[f"rank_{name}"] = _ranked(_weighted(month, other))
            _tell_ranks(found, period, ranks.assign(rank_low=ranks.min(axis=1), rank_high=ranks.max(axis=1)))
    return found


def _years(given: Given) -> Iterator[Year]:
    """Each province's years that have a year before them; ValueError when there is none."""
    p, told = given.parameters, False
    regions = given.around.regions
    frames: dict[str, dict[str, pd.DataFrame]] = {}
    for region, rows in given.by_region("parts"):
        province = (region, *regions.ancestors(region))[-1]
        frames.setdefault(province, {})[region] = rates(rows)
    for province, cities in frames.items():
        if len(cities) < 2:
            continue
        table = pd.concat(cities, names=["region", "period"])
        known = table.dropna()
        known = known[known.groupby("period")[known.columns[0]].transform("size") == len(cities)]
        months = sorted(known.index.get_level_values("period").unique())
        years = pd.PeriodIndex(known.index.get_level_values("period")).year
        for year in sorted(set(years)):
            base, rows = known[years == year - 1], known[years == year]
            if not base.empty:
                told = True
                yield Year(province, *_scores(base, rows, p), frozenset(months[-p.shown :]))
    if not told:
        raise LackingError("no_whole_years", "no province has two years of figures for all its cities")


def _scores(base: pd.DataFrame, rows: pd.DataFrame, p: Scaled) -> tuple[pd.DataFrame, np.ndarray]:
    """Scores 0-1 of `rows` by the range of the year before, and those of that year itself."""
    rising = np.array([str(name) not in p.falling for name in rows.columns])
    pool = winsorise(base, *p.winsor)
    low, width = pool.min(axis=0), np.ptp(pool, axis=0)
    before = min_max(pool, rising)
    share = np.clip((rows - low) / width, 0, 1)
    return pd.DataFrame(np.where(rising, share, 1 - share), rows.index, rows.columns), before


def _weighted(scores: pd.DataFrame, weights: np.ndarray) -> pd.Series:
    return pd.Series(scores.to_numpy() @ weights, scores.index)


def _closeness(month: pd.DataFrame, weights: np.ndarray) -> pd.Series:
    telling = (month != 0).any().to_numpy()
    values = closeness(month.loc[:, telling], weights[telling], np.ones(int(telling.sum()), dtype=bool))
    return pd.Series(values, month.index)


def _spread(month: pd.DataFrame, weights: np.ndarray, p: Score) -> pd.DataFrame:
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


def _ranked(totals: pd.Series) -> pd.Series:
    """Rank 1 = highest; what rounding tells apart is a tie."""
    return totals.round(12).rank(method="min", ascending=False)


def _others(year: Year, p: Distance) -> dict[str, np.ndarray]:
    found: dict[str, np.ndarray] = {}
    for name in sorted(p.others):
        try:
            found[name] = _weights(year, name, p)
        except ValueError:
            continue
    return found


def _add(found: Found, totals: pd.Series) -> None:
    for region, values in totals.groupby("region"):
        found.add(str(region), HUNDRED * values.droplevel("region"))


def _tell_ranks(found: Found, period: pd.Period, ranks: pd.DataFrame) -> None:
    rows = ranks.rename_axis("region").reset_index().melt("region", var_name="measure")
    found.details.append(rows.assign(period=label(period), breakdown="", item="", text=""))


def _tell_weights(found: Found, given: Given, year: Year, weights: np.ndarray) -> None:
    p, names = given.parameters, items(given.rows("parts"))
    months = pd.PeriodIndex(sorted(set(year.scores.index.get_level_values("period"))))
    for name, weight in zip(year.scores.columns, weights, strict=True):
        found.detail(year.province, "weight", pd.Series(weight, index=months), item=names[str(name)])
    if p.judgement is not None:
        ratio = pd.Series(_judged(year, p.judgement).consistency_ratio, index=months)
        found.detail(year.province, "consistency_ratio", ratio)
        found.note(year.province, label(months[-1]), "judgement", text=f"judgement_{p.judgement.source}")


def _weights(year: Year, by: Weights, p: Scaled) -> np.ndarray:
    """Weights of the series; ValueError when the kind that is wanted cannot be used."""
    if by == "entropy":
        return entropy_weights(year.base, floor=p.floor)
    if by == "judged":
        assert p.judgement is not None
        found = _judged(year, p.judgement)
        if found.consistency_ratio >= p.judgement.most_inconsistent:
            ratio, most = f"{found.consistency_ratio:.2f}", f"{p.judgement.most_inconsistent:g}"
            told = f"the judgements contradict one another: consistency ratio {ratio}, less than {most} is wanted"
            raise LackingError("contradiction", told, ratio=ratio, most=most)
        return found.weights
    first = principal_weights(year.base, least_explained=p.least_explained)
    if not first.one_sign:
        raise LackingError("mixed_component", "the first component has loadings of both signs")
    if not first.usable:
        have, need = f"{HUNDRED * first.explained:.0f}", f"{HUNDRED * p.least_explained:.0f}"
        told = f"the first component explains {have} %, {need} % are wanted"
        raise LackingError("weak_component", told, have=have, need=need)
    return first.weights


def _judged(year: Year, judgement: Judgement) -> Hierarchy:
    names = [str(name) for name in year.scores.columns]
    return hierarchy_weights(reciprocal_matrix(names, judgement.comparisons))
