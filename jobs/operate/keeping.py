"""Which releases stay, and which files no release that stays needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from deltalake.exceptions import DeltaError

from conf import delta
from conf.operations import Retention
from jobs.lake import tables
from jobs.lake.paths import Lake
from jobs.lake.releases import Row


def reasons(releases: Sequence[Row], policy: Retention) -> dict[str, str]:
    """Id of each release that stays → why. `releases` stand newest first.

    Days are counted in days that have a release, not by a clock: one that jumps must not drop anything.
    """
    kept: dict[str, str] = {}
    days = sorted({r["as_of"] for r in releases}, reverse=True)[: policy.daily]
    months: set[tuple[int, int]] = set()
    for position, release in enumerate(releases):
        name, day = release["release_id"], release["as_of"]
        if position == 0:
            kept[name] = "newest"
        elif day in days:
            kept[name] = "daily"
    # Of a month the release of its last day, and of that day the newest.
    for release in sorted(releases, key=lambda r: r["as_of"], reverse=True):
        month = (release["as_of"].year, release["as_of"].month)
        if policy.month_ends and month not in months:
            kept.setdefault(release["release_id"], "month end")
            months.add(month)
    return kept


@dataclass(frozen=True)
class Surplus:
    """Files of a table that neither its newest version nor a release that stays names."""

    table: Path
    files: tuple[Path, ...]
    bytes: int


class DamagedTableError(RuntimeError):
    """A version that must stay cannot be read whole, so nothing of its table may be removed."""


def surplus(lake: Lake, path: Path, kept: Iterable[Row]) -> Surplus:
    """The files of a table that may go. Raises DamagedTableError."""
    layer = path.parent.name
    name = path.name if layer == "gold" else f"{layer}.{path.name}"
    wanted = {r["tables"][name] for r in kept if name in r["tables"]} | {tables.version(path)}
    there = {file.resolve() for file in path.rglob("*.parquet") if "_delta_log" not in file.parts}
    named: set[Path] = set()
    for version in sorted(v for v in wanted if v >= 0):
        try:
            files = {file.resolve() for file in delta.files(path, version)}
        except DeltaError as error:
            raise DamagedTableError(f"{path.relative_to(lake.root)}: version {version}: {error}") from error
        if lost := sorted(files - there):
            raise DamagedTableError(
                f"{path.relative_to(lake.root)}: version {version}: {lost[0].name} is missing"
            )
        named |= files
    going = tuple(sorted(there - named))
    return Surplus(path, going, sum(file.stat().st_size for file in going))
