"""`backup`: the lake, and the store if it is a SQLite file, into an archive that keeps every content once.

A store in PostgreSQL is backed up with pg_dump.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from conf.options import Parser
from jobs.lake import paths, releases
from jobs.lake.paths import Lake
from jobs.operate import lease
from jobs.operate.archive import ArchiveError, save


def parser() -> Parser:
    """The options of the job."""
    made = Parser(
        prog="spark-submit.sh backup", description=__doc__,
        epilog="example: ./spark-submit.sh backup --to backups",
    )  # fmt: skip
    made.add_argument("--to", type=Path, required=True, help="folder of the archive, outside the lake")
    made.add_argument("--store", type=Path, help="SQLite file of the store, when it lies outside the lake")
    paths.add_option(made)
    return made


def run(argv: list[str]) -> int:
    """Exit code 0; 1 when it failed or another run is at work; 2 for a wrong folder."""
    options = parser().parse_args(argv)
    lake = paths.chosen(options)
    archive = options.to.resolve()
    if problem := _problem(lake, archive, options.store):
        print(f"backup: {problem}", file=sys.stderr)
        return 2
    started = time.monotonic()
    try:
        with lease.hold(lake, "backup"):
            newest = next(iter(releases.newest_first(lake)), None)
            made, copied = save(archive, lake.root, newest["release_id"] if newest else "", options.store)
    except (ArchiveError, OSError, lease.LeaseHeldError) as error:
        print(f"backup: {error}", file=sys.stderr)
        return 1
    print(
        f"backup {made.id}: {len(made.files):,} files, {made.bytes / 1e6:,.1f} MB, of them {copied / 1e6:,.1f} MB"
        f" new; release {made.release or 'none'}; {time.monotonic() - started:.1f} s"
    )
    return 0


def _problem(lake: Lake, archive: Path, store: Path | None) -> str:
    if not lake.root.is_dir():
        return f"no lake {lake.root.name}/"
    if archive.is_relative_to(lake.root):
        return "--to must lie outside the lake"
    if store is not None and not store.is_file():
        return f"no store {store}"
    return ""
