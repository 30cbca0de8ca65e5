"""`release`: which releases there are, what one is made of, and an older one shown again."""

from __future__ import annotations

import sys
from pathlib import Path

from conf.operations import operations
from conf.options import Parser
from jobs.lake import paths, releases
from jobs.lake.paths import Lake
from jobs.lake.releases import Row
from jobs.lake.trace_figures import is_whole
from jobs.operate import lease, release_rows
from jobs.operate.keeping import reasons


def parser() -> Parser:
    """The options of the job."""
    made = Parser(
        prog="spark-submit.sh release", description=__doc__,
        epilog="example: ./spark-submit.sh release restore R20260131-65c6cae3",
    )  # fmt: skip
    made.add_argument(
        "way", choices=("list", "show", "restore"), help="list, show one, or show it to readers again"
    )
    made.add_argument("release", nargs="?", help="id of the release, for show and restore")
    paths.add_option(made)
    return made


def run(argv: list[str]) -> int:
    """Exit code 0; 1 when a run is at work or files of the release are gone; 2 when there is no such release."""
    made = parser()
    options = made.parse_args(argv)
    if (options.way == "list") != (options.release is None):
        made.error("show and restore need the id of a release, list takes none")
    lake = paths.chosen(options)
    found = releases.newest_first(lake)
    if not found:
        print(
            f"release: no release in {lake.root.name}/: run `./spark-submit.sh daily` first", file=sys.stderr
        )
        return 2
    if options.way == "list":
        print("\n".join(listing(found)))
        return 0
    row = next((r for r in found if r["release_id"] == options.release), None)
    if row is None:
        there = ", ".join(r["release_id"] for r in found[:5])
        print(f"release: no release {options.release!r}: the newest are {there}", file=sys.stderr)
        return 2
    lost = missing(lake, row)
    if options.way == "show":
        print("\n".join(_shown(row, lost)))
        return 0
    return _restored(lake, row, lost)


def listing(found: list[Row]) -> list[str]:
    """One line a release, newest first, with the reason for which it stays."""
    kept = reasons(found, operations().retention)
    lines = [f"{'release':22}{'as of':12}{'released at (UTC)':21}{'profile':9}{'quality':>8}  stays"]
    for r in found:
        quality = f"{r['quality']:.1f}" if r["quality"] is not None else "—"
        why = kept.get(r["release_id"], "goes with the next vacuum")
        again = f", shows {r['restores']} again" if r["restores"] else ""
        lines.append(
            f"{r['release_id']:22}{r['as_of']!s:12}{r['released_at']:%Y-%m-%d %H:%M:%S}  {r['profile']:9}"
            f"{quality:>8}  {why}{again}"
        )
    return lines


def missing(lake: Lake, row: Row) -> list[str]:
    """Tables of the release that can no longer be read whole."""
    return [
        name for name, version in sorted(row["tables"].items()) if not is_whole(_path(lake, name), version)
    ]


def _path(lake: Lake, name: str) -> Path:
    layer, _, table = name.rpartition(".")
    return lake.root / (layer or "gold") / table


def _shown(row: Row, lost: list[str]) -> list[str]:
    names = ("release_id", "released_at", "as_of", "profile", "run_id", "quality", "code_version", "restores")
    lines = [f"{name:14}{row[name]}" for name in names if row[name] is not None]
    lines += [
        f"  {name:44}version {version}{'  files are gone' if name in lost else ''}"
        for name, version in row["tables"].items()
    ]
    return lines


def _restored(lake: Lake, row: Row, lost: list[str]) -> int:
    # What lies below gold is needed for tracing only.
    if gone := [name for name in lost if "." not in name]:
        print(
            f"release: {row['release_id']} cannot be shown: files of {', '.join(gone)} are gone",
            file=sys.stderr,
        )
        return 1
    try:
        with lease.hold(lake, "release restore"):
            new = release_rows.restore(lake, row["release_id"])
    except lease.LeaseHeldError as error:
        print(f"release: {error}", file=sys.stderr)
        return 1
    print(
        f"{new}: readers see {row['release_id']} (as of {row['as_of']}) again.\n"
        "The next run that finds something new in landing makes a newer release: if a delivery was the cause,"
        " have it corrected before."
    )
    return 0
