"""`runs`: the last runs of the ledger, or with --why what happened in one of them and what to do."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import polars as pl

from conf import delta
from conf.operations import Remedy, remedies
from conf.options import Parser, as_count
from jobs.lake import paths, tables
from jobs.lake.ledger import Ledger
from jobs.lake.paths import Lake
from jobs.operate import lease

Run = dict[str, Any]
_SHOWN_RULES = 5


def parser() -> Parser:
    """The options of the job."""
    made = Parser(
        prog="spark-submit.sh runs", description=__doc__,
        epilog="example: ./spark-submit.sh runs --why last",
    )  # fmt: skip
    paths.add_option(made)
    made.add_argument("--why", metavar="ID", help="id of a run, its beginning, or last")
    made.add_argument("--last", type=as_count, default=20, help="how many runs to list (%(default)s)")
    return made


def run(argv: list[str]) -> int:
    """Exit code 0, or 2 when there is no such run."""
    options = parser().parse_args(argv)
    lake = paths.chosen(options)
    try:
        if options.why:
            print("\n".join(why(lake, find_run(lake, options.why), remedies())))
        else:
            print("\n".join(listing(lake, options.last)))
    except LookupError as error:
        print(f"runs: {error.args[0]}", file=sys.stderr)
        return 2
    return 0


def find_run(lake: Lake, wanted: str) -> Run:
    """The run of that id, the only one whose id begins so, or the `last`. Raises LookupError."""
    found = _ledger(lake).runs(-1)
    if wanted == "last" and found:
        return found[0]
    fitting = [r for r in found if r["run_id"].startswith(wanted)]
    if len(fitting) != 1:
        newest = ", ".join(r["run_id"] for r in found[:3]) or "none"
        raise LookupError(
            f"{len(fitting) or 'no'} runs {wanted!r} in {lake.root.name}/: the newest are {newest}"
        )
    return fitting[0]


def _ledger(lake: Lake) -> Ledger:
    if not lake.ledger.is_file():
        raise LookupError(f"no run in {lake.root.name}/ yet")
    return Ledger(lake.ledger)


def listing(lake: Lake, limit: int) -> list[str]:
    """One line a run, newest first, in the order in which they were begun."""
    at_work = lease.holder(lake)
    lines = [
        f"{'run':26}{'as of':12}{'outcome':13}{'seconds':>8}{'received':>11}{'accepted':>11}"
        f"{'commits':>9}  release, or why not"
    ]
    for position, row in enumerate(_ledger(lake).runs(limit)):
        seconds = _seconds(row)
        told = row["release_id"] or (row["message"] or "")[:60]
        lines.append(
            f"{row['run_id']:26}{row['as_of'] or '':12}{outcome_of(row, at_work, position):13}"
            f"{'—' if seconds is None else f'{seconds:.0f}':>8}{row['received'] or 0:>11,}"
            f"{row['accepted'] or 0:>11,}{row['commits'] or 0:>9}  {told}"
        )
    if at_work:
        lines.append(f"at work: {at_work}")
    return lines


def outcome_of(row: Run, at_work: lease.Holder | None, position: int) -> str:
    """The outcome; a run without an end is `running` only if it is the newest and somebody holds the lease."""
    if row["outcome"] != "running":
        return str(row["outcome"])
    return "running" if at_work and position == 0 else "killed"


def _seconds(row: Mapping[str, Any]) -> float | None:
    """How long it took, None when it did not end or the clock was set in between so that it cannot be told."""
    if not row["started"] or not row["ended"]:
        return None
    took = (datetime.fromisoformat(row["ended"]) - datetime.fromisoformat(row["started"])).total_seconds()
    return took if took >= 0 else None


def why(lake: Lake, row: Run, known: Mapping[str, Remedy]) -> list[str]:
    """What happened in a run: steps, where it failed, what to do."""
    newest = _ledger(lake).runs(1)[0]["run_id"] == row["run_id"]
    outcome = outcome_of(row, lease.holder(lake), 0 if newest else 1)
    steps = _ledger(lake).steps(row["run_id"])
    lines = [
        f"run      {row['run_id']}, {row['job']}, as of {row['as_of']}, profile {row['profile']}: {outcome}"
    ]
    for step in steps:
        seconds = _seconds(step)
        took = "" if seconds is None else f"{seconds:.1f} s"
        state = "killed" if outcome == "killed" and step["outcome"] == "running" else step["outcome"]
        lines.append(
            f"step     {step['position']:>2} {step['name']:12}{state:9}{took:>9}  {step['detail'] or ''}"
        )
    if outcome in ("done", "nothing_new", "running"):
        return [*lines, f"result   {row['release_id'] or row['message'] or 'at work'}"]
    stopped = next((s["name"] for s in reversed(steps) if s["outcome"] not in ("done", "skipped")), None)
    lines.append(f"step     {stopped or ('none: every step was done' if steps else 'none was begun')}")
    error = row["error"] or (outcome if outcome in known else "unknown")
    if row["place"]:
        lines.append(f"where    {row['place']}")
    lines += [f"told     {part}" for part in (row["message"] or "").split("; ") if part]
    if outcome == "bad_input":
        lines += _bad_rows(lake, row["message"] or "")
    details = lake.failure(row["run_id"])
    if details.is_file():
        lines.append(f"in full  {details.relative_to(lake.root)}")
    remedy = known.get(error, known["unknown"])
    return [
        *lines,
        f"why      {error}: {remedy.what.zh} · {remedy.what.en}",
        f"do       {remedy.remedy.zh}",
        f"         {remedy.remedy.en}",
    ]


def _bad_rows(lake: Lake, message: str) -> list[str]:
    """The rules most broken in the files that a message names, as the lake has judged them last."""
    if not tables.exists(lake.gold("quality_rule")):
        return []
    files = [part.partition(": ")[0] for part in message.split("; ")]
    broken = pl.col("file").is_in(files) & (pl.col("severity") == "quarantine")
    rules = delta.scan(lake.gold("quality_rule")).filter(broken).collect()
    return [
        f"rows     {r['file']}: row {r['first_row']}, column {r['column'] or '—'}: {r['code']}"
        f" ({r['rows']} rows) {r['message_zh']}"
        for r in rules.sort("rows", descending=True).head(_SHOWN_RULES).iter_rows(named=True)
    ]
