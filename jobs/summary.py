"""The table a run prints when it ends."""

from __future__ import annotations

from collections.abc import Mapping

from jobs.lake.landing import LandedFile
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
