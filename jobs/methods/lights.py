"""Five lights 预警信号灯, diffusion indices 扩散指数, PMI from its parts, and a trial index of manufacturing 试算."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Literal

import numpy as np
import pandas as pd
from pydantic import Field
from scipy.stats import norm

from jobs.methods.base import Found, Given, Parameters, label, method
from jobs.methods.months import Season, adjust, items, rates, short, whole
from jobs.methods.runs import by_region
from models.checks import LackingError
from models.lights import diffusion, five
from models.lights.scored import scored_index

MONTHS = 12
HUNDRED = 100.0
Four = tuple[float, float, float, float]


class Lights(Parameters):
    """`edges` are the bands of the index, or shares of the full score in percent.

    Limits of an input: those of `limits` where a policy gives them, else quantiles of the `window` months before.
    """

    edges: Four
    edges_of: Literal["index", "full_score"]
    quantiles: Four
    window: int = Field(ge=24)
    carry: int = Field(ge=0)
    weights: Mapping[str, float] = {}
    limits: Mapping[str, Four] = {}


@method("five_lights", "1.0", "parts", parameters=Lights)
def five_lights(given: Given) -> Found:
    """Weighted score of the lights of growth rates, 100 when all are green."""
    p = given.parameters
    edges = np.array(p.edges) * (len(five.LIGHTS) / five.GREEN if p.edges_of == "full_score" else 1.0)

    def look(found: Found, region: str, rows: pd.DataFrame) -> None:
        table = whole(rates(rows, p.carry))
        scores = {}
        for name, series in table.items():
            bounds = p.limits.get(str(name))
            limits = five.quantile_edges(series, p.quantiles, p.window) if bounds is None else bounds
            scores[name] = five.lights(series, limits)
        lit = pd.DataFrame(scores, index=table.index)
        weights = [p.weights.get(str(name), 1.0) for name in lit]
        index = pd.Series(five.light_index(lit, weights), index=lit.index).dropna()
        if index.empty:
            return
        found.add(region, index)
        shown = lit.loc[index.index]
        for name, item in items(rows).items():
            found.detail(region, "light", shown[name].astype(float), item=item)
        light = pd.Series(five.lights(index, edges), index=index.index)
        found.detail(region, "index_light", light)
        newest = label(index.index[-1])
        for number, edge in enumerate(edges, 1):
            found.note(region, newest, "edge", value=float(edge), item=str(number))
        for number, times in enumerate(five.lights_a_year(light, MONTHS), 1):
            found.note(region, newest, "lights_a_year", value=float(times), item=str(number))

    return _some(by_region(given, "parts", look), f"{given.parameters.window} months before the first light")


class Answers(Parameters):
    """Series of the three answers, and the confidence of the sampling band."""

    up: str
    same: str
    down: str
    confidence: float = Field(gt=0, lt=1)


@method("answer_diffusion", "1.0", "answers", parameters=Answers)
def answer_diffusion(given: Given) -> Found:
    """Share of firms that say up, half of those that say the same, with the band of the sample's chance."""
    p = given.parameters
    z = float(norm.ppf((1 + p.confidence) / 2))

    def look(found: Found, region: str, rows: pd.DataFrame) -> None:
        table = rows.assign(answer=rows["item"].map(short)).pivot(
            index="period", columns="answer", values="value"
        )
        missing = {p.up, p.same, p.down} - set(table)
        if missing:
            raise LackingError("no_series", f"no answers {min(missing)}", series=min(missing))
        known = table[[p.up, p.same, p.down]].dropna()
        asked = [diffusion.diffusion_index(*(int(n) for n in row)) for row in known.to_numpy()]
        index = pd.Series([one.index for one in asked], index=known.index)
        error = pd.Series([one.error for one in asked], index=known.index)
        found.add(region, index)
        found.detail(region, "lower", (index - z * error).clip(lower=0))
        found.detail(region, "upper", (index + z * error).clip(upper=HUNDRED))
        moved = [diffusion.has_moved(now, before, confidence=p.confidence) for before, now in pairwise(asked)]
        found.detail(region, "moved", pd.Series(moved, index=known.index[1:]).astype(float))

    return by_region(given, "answers", look)


class Rising(Parameters):
    """Months over which a series must have risen, points that are no change, and months a rate is carried."""

    span: int = Field(ge=1)
    tolerance: float = Field(ge=0)
    carry: int = Field(ge=0)


@method("historical_diffusion", "1.0", "parts", parameters=Rising)
def historical_diffusion(given: Given) -> Found:
    """Share of series that rise over some months."""
    p = given.parameters

    def look(found: Found, region: str, rows: pd.DataFrame) -> None:
        table = whole(rates(rows, p.carry))
        values = diffusion.historical_diffusion(table, p.span, p.tolerance)
        found.add(region, pd.Series(values, index=table.index[p.span :]))

    return by_region(given, "parts", look)


class Weighted(Parameters):
    """Weights of the parts by series, summing to 1, and those that count as 100 less their value."""

    weights: Mapping[str, float]
    inverted: frozenset[str] = frozenset()


@method("weighted_index", "1.0", "parts", parameters=Weighted)
def weighted_index(given: Given) -> Found:
    """Index of sub-indices, such as the purchasing managers' index of its five parts."""
    p = given.parameters

    def look(found: Found, region: str, rows: pd.DataFrame) -> None:
        table = whole(rates(rows))
        _add_weighted(found, region, table, p.weights, p.inverted, items(rows))

    return by_region(given, "parts", look)


class Part(Parameters):
    """Series of a sub-index: `adjusted` by season, `changes` of a rate, or survey indices taken as they are."""

    weight: float = Field(gt=0, le=1)
    adjusted: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    surveyed: tuple[str, ...] = ()
    inverted: bool = False


class Board(Parameters):
    """Parts of the index, and how growth becomes points: 50 + `points` for each standard deviation, up to `most`."""

    parts: Mapping[str, Part]
    season: Season
    window: int = Field(ge=12)
    points: float = Field(gt=0)
    most: float = Field(gt=0)


@method("manufacturing_board", "1.0", "series", parameters=Board, two_sided=True, estimates=True)
def manufacturing_board(given: Given) -> Found:
    """Trial index 试算 of manufacturing from electricity, invoices and other traces, weighted as a PMI."""
    p = given.parameters

    def look(found: Found, region: str, rows: pd.DataFrame) -> None:
        table = rates(rows)
        parts = {name: _part(table, part, given) for name, part in p.parts.items()}
        inverted = frozenset(name for name, part in p.parts.items() if part.inverted)
        weights = {name: part.weight for name, part in p.parts.items()}
        _add_weighted(found, region, whole(pd.DataFrame(parts)), weights, inverted, {})

    return by_region(given, "series", look)


def _part(table: pd.DataFrame, part: Part, given: Given) -> pd.Series:
    """Mean of a part's series, each in points of a diffusion index."""
    p = given.parameters
    missing = [name for name in (*part.adjusted, *part.changes, *part.surveyed) if name not in table]
    if missing:
        raise LackingError("no_series", f"no figures for series {missing[0]}", series=missing[0])
    moves = [
        HUNDRED * adjust(table[name], given.around.festivals, p.season).adjusted.pct_change().dropna()
        for name in part.adjusted
    ]
    moves += [table[name].diff().dropna() for name in part.changes]
    scored = [
        pd.Series(scored_index(move, window=p.window, points=p.points, most=p.most), index=move.index)
        for move in moves
    ]
    # a month counts when all series of the part are known
    return pd.concat([*scored, *(table[name] for name in part.surveyed)], axis=1).mean(axis=1, skipna=False)


def _add_weighted(
    found: Found, region: str, table: pd.DataFrame, weights: Mapping[str, float], inverted: frozenset[str],
    names: Mapping[str, str],
) -> None:  # fmt: skip
    index = diffusion.weighted_index({str(name): table[name] for name in table}, weights, inverted)
    found.add(region, pd.Series(index, index=table.index))
    for name in table:
        found.detail(region, "part", table[name], item=names.get(str(name), str(name)))


def _some(found: Found, wanted: str) -> Found:
    if not found.figures:
        raise LackingError("incomplete", f"needs {wanted}")
    return found
