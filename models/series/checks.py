"""All rules that look for faults of a delivered series, in the order in which one explains another."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from models.series import faults
from models.series.faults import Suspicion
from models.series.track import Track, track

_LEVEL = ("unit_change", "new_base", "decimal_slip")
#: Rules in the order in which they are applied.
RULES = ("future_date", "closed_revision", "missing_periods", "cumulative", *_LEVEL)


def suspicions(
    series: pd.Series,
    *,
    parameters: Mapping[str, Mapping[str, Any]],
    as_of: date,
    earlier: pd.Series | None = None,
    decimals: int | None = None,
) -> list[Suspicion]:
    """What is suspicious about a series, for a person to confirm: mostly nothing.

    `series` has a PeriodIndex or labels of periods (models/series/track.py); `earlier` is the same series as it
    was known before the newest delivery; `decimals` are those its values are published with, for values that are
    computed and so do not show how finely they are known. Only rules named in `parameters` (rule → parameters of its
    function in models/series/faults.py) are applied. Values for the future are left out of all other rules; steps
    that a change of unit or of base explains are taken out before slips are looked for. Positions are those in
    `series`. ValueError for an unknown rule, a period given twice or labels of several frequencies.
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
    if "cumulative" in parameters:
        found += faults.taken_for_flow(known, **parameters["cumulative"])
    return found + _of_level(known, {rule: parameters[rule] for rule in _LEVEL if rule in parameters})


def _of_level(known: Track, parameters: Mapping[str, Mapping[str, Any]]) -> list[Suspicion]:
    if not parameters:
        return []
    level = faults.level(known)
    found: list[Suspicion] = []
    if "unit_change" in parameters:
        found = faults.unit_changes(known, level, **parameters["unit_change"])
    if "new_base" in parameters:
        told = {suspicion.position for suspicion in found}
        bases = faults.new_bases(known, level, **parameters["new_base"])
        found += [suspicion for suspicion in bases if suspicion.position not in told]
    if "decimal_slip" in parameters:
        level = faults.without(level, found, known) if found else level
        found += faults.decimal_slips(known, level, **parameters["decimal_slip"])
    return found
