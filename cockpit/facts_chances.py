"""What came of chances of attainment 达成概率 told earlier, as records."""

from __future__ import annotations

import polars as pl

from cockpit.facts_read import View, check_region
from cockpit.facts_types import ChanceRecord
from cockpit.gold import Release, Scope

#: The whole record, then the words that name a chance, from the highest.
WORDS = ("all", "likely", "even", "unlikely")


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
