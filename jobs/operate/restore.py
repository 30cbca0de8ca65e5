"""`restore`: a lake, and the store that was saved with it, from a backup into a new folder.

With --drill the newest backup is restored into a folder that is removed again, every table of every release in
it is opened, and the time is told: a rehearsal to be done regularly.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from conf.options import Parser
from jobs.operate.archive import ArchiveError, Backup, backups, load
from jobs.operate.drill import Rehearsal, rehearse


def parser() -> Parser:
    """The options of the job."""
    made = Parser(
        prog="spark-submit.sh restore", description=__doc__,
        epilog="example: ./spark-submit.sh restore --from backups --lake out/lake_restored",
    )  # fmt: skip
    made.add_argument("--from", dest="archive", type=Path, required=True, help="folder of the archive")
    made.add_argument("--backup", help="id of the backup (default: the newest)")
    made.add_argument("--list", action="store_true", help="list the backups, restore nothing")
    made.add_argument("--drill", action="store_true", help="rehearse, and remove again what was restored")
    made.add_argument("--lake", type=Path, help="folder to restore into; must not be there yet")
    made.add_argument("--store", type=Path, help="file to write the store to, if the backup holds one")
    return made


def run(argv: list[str]) -> int:
    """Exit code 0; 1 when the archive is damaged or the target is there; 2 for a wrong use."""
    made = parser()
    options = made.parse_args(argv)
    if (options.list, options.drill, options.lake is not None).count(True) != 1:
        made.error("say one of --lake, --list and --drill")
    started = time.monotonic()
    try:
        found = backups(options.archive)
        if options.list:
            print("\n".join(map(_line, found)) or "no backup yet")
            return 0
        backup = next((b for b in reversed(found) if options.backup in (None, b.id)), None)
        if backup is None:
            print(f"restore: no backup {options.backup or ''} in {options.archive}", file=sys.stderr)
            return 2
        if options.drill:
            return _told(rehearse(options.archive, backup))
        load(options.archive, backup, options.lake.resolve(), options.store)
    except (ArchiveError, OSError) as error:
        print(f"restore: {error}", file=sys.stderr)
        return 1
    print(f"{_line(backup)}\nrestored into {options.lake} in {time.monotonic() - started:.1f} s")
    return 0


def _line(backup: Backup) -> str:
    size = f"{len(backup.files):,} files, {backup.bytes / 1e6:,.1f} MB"
    return f"backup {backup.id}, made {backup.made}, {size}, release {backup.release or 'none'}"


def _told(done: Rehearsal) -> int:
    print(
        f"{_line(done.backup)}\nrestored in {done.seconds:.1f} s; {done.releases} releases,"
        f" {done.versions} table versions opened, {len(done.damaged)} damaged"
    )
    for line in done.damaged:
        print(f"damaged: {line}", file=sys.stderr)
    return 1 if done.damaged else 0
