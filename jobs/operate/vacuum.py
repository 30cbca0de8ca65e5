"""`vacuum`: drop the releases past their time, and remove the files that no release left names.

How long releases stay is said in conf/operations.yaml. Delta's own VACUUM goes by age and would remove what an
old release needs.
"""

from __future__ import annotations

import sys
from pathlib import Path

from deltalake import DeltaTable

from conf.operations import operations
from conf.options import Parser
from jobs.lake import paths, releases, tables
from jobs.lake.paths import Lake
from jobs.operate import lease, release_rows
from jobs.operate.keeping import DamagedTableError, Surplus, reasons, surplus


def parser() -> Parser:
    """The options of the job."""
    made = Parser(
        prog="spark-submit.sh vacuum", description=__doc__,
        epilog="example: ./spark-submit.sh vacuum --dry-run",
    )  # fmt: skip
    made.add_argument("--dry-run", action="store_true", help="say what would go, remove nothing")
    paths.add_option(made)
    return made


def run(argv: list[str]) -> int:
    """Exit code 0; 1 when a run is at work or a table is damaged; 2 when there is no release."""
    options = parser().parse_args(argv)
    lake = paths.chosen(options)
    try:
        with lease.hold(lake, "vacuum"):
            return _vacuum(lake, options.dry_run)
    except lease.LeaseHeldError as error:
        print(f"vacuum: {error}", file=sys.stderr)
        return 1


def _vacuum(lake: Lake, dry_run: bool) -> int:
    found = releases.newest_first(lake)
    if not found:
        print(f"vacuum: no release in {lake.root.name}/", file=sys.stderr)
        return 2
    kept = reasons(found, operations().retention)
    dropped = [r["release_id"] for r in found if r["release_id"] not in kept]
    staying = [r for r in found if r["release_id"] in kept]
    if not dry_run:
        # First the rows: a reader finds no release whose files are going.
        release_rows.drop(lake, dropped)
    going, damaged = [], []
    for path in sorted(tables.all_versions(lake)):
        if not dry_run:
            _keep_history(path)
        try:
            going.append(surplus(lake, path, staying))
        except DamagedTableError as error:
            damaged.append(f"vacuum: left alone: {error}")
    if not dry_run:
        for part in going:
            _remove(part)
    _tell(lake, going, dropped, len(staying), dry_run)
    print("\n".join(damaged), file=sys.stderr, end="\n" if damaged else "")
    return 1 if damaged else 0


def _keep_history(path: Path) -> None:
    """Tables of earlier versions of this software still have Delta's 30 days."""
    table = DeltaTable(str(path))
    own = table.metadata().configuration
    if any(own.get(key) != value for key, value in tables.KEPT.items()):
        table.alter.set_table_properties(tables.KEPT)


def _remove(part: Surplus) -> None:
    for file in part.files:
        file.unlink()
        file.with_name(f".{file.name}.crc").unlink(missing_ok=True)


def _tell(lake: Lake, going: list[Surplus], dropped: list[str], staying: int, dry_run: bool) -> None:
    for part in going:
        if part.files:
            name = part.table.relative_to(lake.root).as_posix()
            print(f"{name:50}{len(part.files):>7} files{part.bytes / 1e6:>10.1f} MB")
    files, size = sum(len(p.files) for p in going), sum(p.bytes for p in going) / 1e6
    will = "would be " if dry_run else ""
    print(
        f"{len(dropped)} releases {will}dropped, {staying} stay; {files} files, {size:.1f} MB {will}removed"
        + (f" ({', '.join(dropped[:5])}{' …' if len(dropped) > 5 else ''})" if dropped else "")
    )
