"""What came of chances of attainment 达成概率 told earlier, as records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from cockpit.facts_read import View, check_region
from cockpit.gold import Release, Scope

#: The whole record, then the words that name a chance, from the highest.
WORDS = ("all", "likely", "even", "unlikely")


@dataclass(frozen=True)
class ChanceRecord:
    """Chances that a `word` names (or all): how many `cases` of how many `targets`, how many were `met`, their mean
    chance `told` and the `share` met (0-1). `brier`, `base_brier` and `skill` are null where `few` cases are not
    scored, `skill` also where all came out alike."""

    word: str
    cases: int
    targets: int
    met: int
    told: float
    share: float
    brier: float | None
    base_brier: float | None
    skill: float | None
    since: date
    until: date
    few: bool
    status: str


def chance_record(release: Release, scope: Scope, region: str) -> tuple[ChanceRecord, ...]:
    """The record of a region's chances, the whole first; empty when nothing can be checked yet.

    Raises OutOfScopeError for a region outside the scope.
    """
    check_region(scope, region)
    # Releases made before there was such a record do not name it.
    if not release.names("chance_record"):
        return ()
    rows = View(release, scope).read("chance_record").filter(pl.col("region") == region)
    found = [
        ChanceRecord(
            **{name: row[name] for name in ChanceRecord.__dataclass_fields__ if name != "few"},
            few=row["reason"] is not None,
        )
        for row in rows.iter_rows(named=True)
    ]
    return tuple(sorted(found, key=lambda one: WORDS.index(one.word)))
