"""All rules that look for faults of a delivered series, in the order in which one explains another."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from models.series import faults, faults_level, faults_percent, faults_sums
from models.series.faults import Suspicion
from models.series.track import Track, track

_LEVEL = ("unit_change", "new_base", "newest_factor", "newest_base", "decimal_slip")
#: Rules in the order in which they are applied.
RULES = (
    "future_date", "closed_revision", "missing_periods", "stopped", "cumulative", "cumulative_from", "percent_slip",
    *_LEVEL, "sudden_change",
)  # fmt: skip


def suspicions(
    series: pd.Series,
    *,
    parameters: Mapping[str, Mapping[str, Any]],
    as_of: date,
    earlier: pd.Series | None = None,
    decimals: int | None = None,
    until: date | None = None,
) -> list[Suspicion]:
    """What is suspicious about a series, for a person to confirm: mostly nothing.

    `series` has a PeriodIndex or labels of periods (models/series/track.py); `earlier` is the same series as it
    was known before the newest delivery; `decimals` are those its values are published with, for values that are
    computed and so do not show how finely they are known; `until` is the day up to which there can be values where
    that is not `as_of`, as of a region that ended. Only rules named in `parameters` (rule → parameters of its
    function in models/series/faults*.py) are applied. Values for the future are left out of all other rules, and
    from where a series turns to sums of the year on, out of those of the level; steps that a change of unit or of
    base explains are taken out before slips are looked for. Positions are those in `series`. ValueError for an
    unknown rule, a period given twice or labels of several frequencies.
    """
    unknown = parameters.keys() - set(RULES)
    if unknown:
        raise ValueError(f"unknown rule {min(unknown)}")
    if series.empty:
        return []
    known = track(series, 0.0 if decimals is None else 10.0**-decimals)
    found: list[Suspicion] = []
    if "future_date" in parameters:
        found = faults.future_dates(known, as_of=as_of, **parameters["future_date"])
        known = known.first(known.values.size - len(found))
    if not known.values.size:
        return found
    if "closed_revision" in parameters and earlier is not None and not earlier.empty:
        found += faults.closed_revisions(known, track(earlier), as_of=as_of, **parameters["closed_revision"])
    if "missing_periods" in parameters:
        found += faults.missing_periods(known, **parameters["missing_periods"])
    if "stopped" in parameters:
        found += faults.stopped(known, as_of=until or as_of, **parameters["stopped"])
    if "percent_slip" in parameters:
        found += faults_percent.percent_slips(known, **parameters["percent_slip"])
    sums: list[Suspicion] = []
    if "cumulative" in parameters:
        sums = faults_sums.taken_for_flow(known, **parameters["cumulative"])
    if "cumulative_from" in parameters and not sums:
        sums = faults_sums.turned_to_sums(known, **parameters["cumulative_from"])
        known = known.first(_before(known, sums))
    found += sums
    found += _of_level(known, {rule: parameters[rule] for rule in _LEVEL if rule in parameters})
    if "sudden_change" in parameters:
        found += _untold(faults_level.sudden_changes(known, **parameters["sudden_change"]), found)
    return found


def _before(known: Track, turn: Sequence[Suspicion]) -> int:
    """How many values of a track stand before the first of these suspicions: all where there is none."""
    return int(np.flatnonzero(known.at == turn[0].position)[0]) if turn else known.values.size


def _of_level(known: Track, parameters: Mapping[str, Mapping[str, Any]]) -> list[Suspicion]:
    if not parameters:
        return []
    level = faults_level.level(known)
    found: list[Suspicion] = []
    if "unit_change" in parameters:
        found = faults_level.unit_changes(known, level, **parameters["unit_change"])
    if "new_base" in parameters:
        found += _untold(faults_level.new_bases(known, level, **parameters["new_base"]), found)
    level = faults_level.without(level, found, known) if found else level
    newest: list[Suspicion] = []
    if "newest_factor" in parameters:
        newest = faults_level.newest_factors(known, level, **parameters["newest_factor"])
    if "newest_base" in parameters and not newest:
        newest = faults_level.newest_bases(known, level, **parameters["newest_base"])
    found += newest
    if "decimal_slip" in parameters:
        slips = faults_level.decimal_slips(known, level, **parameters["decimal_slip"])
        told = set(known.at[_before(known, newest) :].tolist())
        found += [slip for slip in slips if slip.position not in told]
    return found


def _untold(more: Sequence[Suspicion], found: Sequence[Suspicion]) -> list[Suspicion]:
    told = {suspicion.position for suspicion in found}
    return [suspicion for suspicion in more if suspicion.position not in told]
