"""Leading and coincident indices of the cycle 景气指数, their turning points, and how they are still revised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd
from pydantic import Field

from jobs.methods.base import Found, Given, Parameters, label, method
from jobs.methods.months import items, monthly, rates, whole
from jobs.methods.runs import by_region
from models.checks import LackingError
from models.cycle import composite, revision, turning
from models.cycle.band import band_pass
from models.series.anomalies import modified_z

REFERENCE = "reference"


class Cycle(Parameters):
    """Months of the band that is kept, rules of turning points, and the band of revision.

    A month whose change of rate is beyond `outlier` modified standard scores away from both neighbours is taken
    for an outlier. `inverted` components fall when the economy rises. A turn of the index belongs to one of the
    reference up to `before` months later or `after` months earlier; while that time runs it is open. The
    revision band comes from re-runs on the data known in each of the last `vintages` months; estimates older
    than `settled` months count as final.
    """

    shortest: float = Field(gt=2)
    longest: float
    outlier: float = Field(gt=0)
    scale: Literal["mad", "sd"]
    window: int = Field(ge=1)
    phase: int = Field(ge=1)
    cycle: int = Field(ge=1)
    ends: int = Field(ge=0)
    before: int = Field(ge=0)
    after: int = Field(ge=0)
    longest_lead: int = Field(ge=1)
    vintages: int = Field(ge=1)
    settled: int = Field(ge=1)
    coverage: float = Field(gt=0, lt=1)
    carry: int = Field(ge=0)
    inverted: frozenset[str] = frozenset()


@method("composite_index", "1.0", REFERENCE, "components", parameters=Cycle, two_sided=True, estimates=True)
def composite_index(given: Given) -> Found:
    """Composite index of cycles of growth rates, with the turning points of both and the leads between them."""
    p = given.parameters
    components = dict(given.by_region("components"))

    def look(found: Found, region: str, rows: pd.DataFrame) -> None:
        if region not in components:
            return
        reference = monthly(rates(rows, p.carry))
        if reference.shape[1] != 1:
            raise ValueError(f"the reference must be one series, not {reference.shape[1]}")
        parts = rates(components[region], p.carry)
        table = whole(parts.assign(**{REFERENCE: reference.iloc[:, 0]}))
        _one(found, region, table, items(components[region]), p)

    found = by_region(given, REFERENCE, look)
    if not found.figures:
        raise LackingError("no_place_with_all", "no region has both reference and components")
    return found


def _one(found: Found, region: str, table: pd.DataFrame, names: Mapping[str, str], p: Cycle) -> None:
    values = _cleaned(table, p)
    cycles = _cycles(values, p)
    reference = cycles[:, -1]
    index = composite.composite_index(cycles[:, :-1], reference, p.scale)
    months = table.index
    shown = pd.Series(composite.NEUTRAL + reference, index=months)
    found.add(region, pd.Series(index, index=months))
    found.detail(region, REFERENCE, shown)
    turns = {
        name: turning.turning_points(series, window=p.window, phase=p.phase, cycle=p.cycle, ends=p.ends)
        for name, series in (("index", index), (REFERENCE, shown.to_numpy()))
    }
    for name, points in turns.items():
        for turn in points:
            at = label(months[turn.position])
            found.note(region, at, "turn", value=turn.value, text=turn.kind, item=name)
    _leads(found, region, months, turns["index"], turns[REFERENCE], p)
    newest = label(months[-1])
    for k, name in enumerate(table.columns[:-1]):
        lead, correlation = turning.lead_correlation(cycles[:, k], reference, p.longest_lead)
        found.note(region, newest, "component_lead", value=float(lead), item=names[str(name)])
        found.note(region, newest, "component_correlation", value=correlation, item=names[str(name)])
    _band(found, region, months, values, index, p)


def _leads(
    found: Found, region: str, months: pd.Index, index: list[turning.Turn], reference: list[turning.Turn],
    p: Cycle,
) -> None:  # fmt: skip
    match = turning.match_turns(index, reference, before=p.before, after=p.after)
    matched = [turn for turn in reference if turn not in match.missed]
    for turn, lead in zip(matched, match.leads, strict=True):
        at = label(months[turn.position])
        found.note(region, at, "lead", value=float(lead), text=turn.kind, item=at)
    for text, turns in (("missed", match.missed), ("extra", match.extra)):
        for turn in turns:
            # the reference may still turn, or has and it cannot be told so near the end
            waits = text == "extra" and turn.position + p.before + p.ends >= len(months)
            at = label(months[turn.position])
            found.note(region, at, "lead", text="open" if waits else text, item=at)


def _band(
    found: Found, region: str, months: pd.Index, values: np.ndarray, index: np.ndarray, p: Cycle
) -> None:
    """Revision still to be expected of the newest months; none when the history is too short to tell."""
    first = max(len(values) - p.vintages, int(np.ceil(p.longest)))
    if len(values) - first < p.settled + revision.FEWEST_VINTAGES:
        return
    past = []
    for end in range(first, len(values) + 1):
        cycles = _cycles(values[:end], p)
        past.append(composite.composite_index(cycles[:, :-1], cycles[:, -1], p.scale))
    band = revision.revision_band(past, ages=p.settled, coverage=p.coverage)
    newest, estimate = months[-p.settled :], index[-p.settled :]
    found.detail(region, "lower", pd.Series(estimate + band.lower[::-1], index=newest))
    found.detail(region, "upper", pd.Series(estimate + band.upper[::-1], index=newest))


def _cycles(values: np.ndarray, p: Cycle) -> np.ndarray:
    return np.column_stack([band_pass(column, p.shortest, p.longest) for column in values.T])


def _cleaned(table: pd.DataFrame, p: Cycle) -> np.ndarray:
    """Values (months, series), inverted ones turned round, outliers replaced by a line between neighbours."""
    found = []
    for name, series in table.items():
        values = -series if name in p.inverted else series
        if values.nunique() < 2:
            raise LackingError("constant", f"{name} does not vary")
        # a single month stands out by a jump there and back again
        jump = values.diff().fillna(0.0)
        if (jump != 0).mean() > 0.5:
            z = modified_z(jump)
            back = np.append(z[1:], 0.0)
            lone = (np.abs(z) > p.outlier) & (np.abs(back) > p.outlier) & (z * back < 0)
            values = values.mask(lone).interpolate(limit_direction="both")
        found.append(values.to_numpy(dtype=float))
    return np.column_stack(found)
