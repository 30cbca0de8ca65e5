"""The table a run prints when it ends."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import polars as pl

from conf import delta
from jobs.lake.landing import LandedFile
from jobs.lake.paths import Lake
from jobs.steps.ingest import FATES, Tally


def print_summary(
    files: list[LandedFile],
    tallies: Mapping[str, Tally],
    release_id: str,
    commits: int,
    bad: list[LandedFile],
) -> None:
    """Rows by table and fate, then every refused or bad file with its worst rules, one line each."""
    print(f"{'table':34}{'received':>10}" + "".join(f"{fate:>13}" for fate in FATES))
    for table in sorted({f.table for f in files}):
        own = [tallies[f.path] for f in files if f.table == table and f.path in tallies]
        if not own:
            continue
        counts = [sum(t.fates.get(fate, (0, None))[0] for t in own) for fate in FATES]
        print(f"{table:34}{sum(counts):>10}" + "".join(f"{n:>13}" for n in counts))
    for file in files:
        if file.refusal:
            print(f"refused  {file.path}: {file.refusal.code}: {file.refusal.en}")
        elif file.repeats:
            print(f"repeated {file.path}: same content as {file.repeats}, counts 0")
    for file in bad:
        for finding in tallies[file.path].findings if file.path in tallies else ():
            where = f"row {finding['first_row']}, column {finding['column'] or '-'}"
            print(f"bad rows {file.path}: {where}: {finding['code']} ({finding['rows']} rows)")
    print(f"release {release_id}, {commits} Delta commits")


def recorded_tallies(lake: Lake, tables: Collection[str]) -> dict[str, Tally]:
    """File → what became of its rows, as gold.quality tells it of the tables."""

    def rows(name: str) -> pl.DataFrame:
        return delta.scan(lake.gold(name)).filter(pl.col("table").is_in(list(tables))).collect()

    findings: dict[str, list[Mapping[str, object]]] = {}
    for row in rows("quality_rule").iter_rows(named=True):
        findings.setdefault(row["file"], []).append(row)
    return {
        row["file"]: Tally(
            {fate: (row[fate], row[f"measure_{fate}"]) for fate in FATES if row[fate]},
            tuple(findings.get(row["file"], ())),
        )
        for row in rows("quality").iter_rows(named=True)
        if row["received"]
    }
