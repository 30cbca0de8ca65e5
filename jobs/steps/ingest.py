"""Landing → bronze → silver: each table read, judged by its contract and written; nothing is lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from jobs.context import Context
from jobs.lake import bronze, silver, tables
from jobs.lake.landing import LandedFile

FATES = ("accepted", "quarantined", "duplicate", "superseded")


@dataclass(frozen=True)
class Tally:
    """What became of the rows of one file: {fate: (rows, sum of the measure)} and the rules they broke."""

    fates: Mapping[str, tuple[int, float | None]]
    findings: tuple[Mapping[str, Any], ...]

    @property
    def received(self) -> int:
        """Rows received."""
        return sum(rows for rows, _ in self.fates.values())


def ingest_table(
    context: Context, name: str, files: list[LandedFile], new: Iterable[str]
) -> dict[str, Tally]:
    """Build one table from its readable files; returns the tally by file.

    `new` names the deliveries whose bronze rows have to be read; the others are there already. Silver is
    made from all of bronze, so that the order in which deliveries arrive does not matter.
    """
    spark, lake = context.spark, context.lake
    _, contract = context.tables[name]
    path, fresh = lake.bronze(name), set(new)
    if fresh:
        rows = bronze.read(spark, lake.landing, [f for f in files if f.delivery in fresh], context.sources)
        tables.write(rows, path, replace=tables.one_of("delivery", fresh), partition=["delivery"])
    known = {f.path for f in files}
    received = tables.read(spark, path).where(_is_one_of("file", known))
    headers: dict[str, list[str]] = {}
    for file in files:
        union = headers.setdefault(file.source, [])
        union += [h for h in file.header if h not in union and h not in file.extra]
    read_by = [(context.sources[source], found) for source, found in sorted(headers.items())]
    regions = silver.region_lookup(spark, context.conf.regions, context.conf.settings.provinces)
    said = context.decisions(name)
    judged = silver.judge(received, read_by, contract, context.codes, regions, said).persist()
    try:
        tables.write(silver.accepted(judged, contract), lake.silver(name))
        tables.write(silver.set_aside(judged, contract), lake.quarantine(name))
        counted = silver.tally(judged, contract).collect()
        found = silver.finding_counts(judged).collect()
    finally:
        judged.unpersist()
    return {
        file: Tally(
            {r["fate"]: (r["rows"], r["measure"]) for r in counted if r["file"] == file},
            tuple(r.asDict() for r in found if r["file"] == file),
        )
        for file in sorted(known)
    }


def clear(context: Context, name: str) -> None:
    """Take all rows out of a table of which no file is left; earlier versions keep them."""
    for path in (context.lake.silver(name), context.lake.quarantine(name)):
        if tables.exists(path):
            rows = tables.read(context.spark, path)
            if not rows.isEmpty():
                tables.write(rows.limit(0), path)


def clear_unsourced(context: Context) -> None:
    """Take all rows out of the tables and entities that no source fills any more."""
    filled = set(context.tables)
    filled |= {n for t in context.themes for n, e in t.contract.entities.items() if e.table in filled}
    for path in context.lake.silver("").glob("*"):
        if path.name not in filled:
            clear(context, path.name)


def _is_one_of(column: str, values: Iterable[str]) -> Any:
    from pyspark.sql import functions as F

    return F.col(column).isin(*sorted(values))


def build_entity(context: Context, name: str, table: str) -> None:
    """Second floor: the versions of an entity from the accepted rows of its register."""
    rows = tables.read(context.spark, context.lake.silver(table))
    tables.write(silver.entity_versions(rows), context.lake.silver(name))
