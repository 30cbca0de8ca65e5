"""The landing zone: which files are there, who handed them in when, and which repeat another."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from conf.source_files import Source
from jobs.lake.drift import ColumnUse
from jobs.lake.formats.base import Refusal

# Where human decisions are handed in; jobs/lake/decisions.py reads them.
DECISIONS = "decision/correction"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class LandedFile:
    """One file of a delivery; `path` is below landing.

    Once inspected it has its encoding (of a text), header with the row that it stands in (0 where the format has
    none), the headers nobody asked for, what its columns hold, or the reason why it is refused.
    """

    path: str
    source: str
    table: str
    delivery: str
    delivered_on: date
    bytes: int
    hash: str
    repeats: str | None = None
    encoding: str | None = None
    header: tuple[str, ...] = ()
    header_row: int = 0
    extra: tuple[str, ...] = ()
    uses: tuple[ColumnUse, ...] = ()
    refusal: Refusal | None = None

    @property
    def readable(self) -> bool:
        """Whether its rows are to be read: not refused and not the repetition of another file."""
        return self.refusal is None and self.repeats is None


def _date_of(folder: str) -> date | None:
    try:
        return date.fromisoformat(folder) if _DATE.fullmatch(folder) else None
    except ValueError:
        return None


def _is_delivered(path: Path) -> bool:
    return path.is_file() and not path.name.startswith((".", "~$")) and path.suffix != ".part"


def scan(landing: Path, sources: Mapping[str, Source], as_of: date) -> list[LandedFile]:
    """Every file of every source handed in by `as_of`, in order of delivery, hashed.

    A file whose content was handed in before (same source, same bytes) names the file it repeats.
    Hidden files and files that are being written or edited (`.part`, `~$…`) are no deliveries yet.
    """
    found: list[LandedFile] = []
    for source in sources.values():
        for path in sorted((landing / source.landing).glob(f"*/{source.files}")):
            on = _date_of(path.parent.name)
            if on is None or on > as_of or not _is_delivered(path):
                continue
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
            relative = path.relative_to(landing).as_posix()
            delivery = f"{source.landing}/{path.parent.name}"
            found.append(
                LandedFile(relative, source.id, source.table, delivery, on, path.stat().st_size, digest)
            )
    return _mark_repeats(sorted(found, key=lambda f: (f.delivered_on, f.path)))


def _mark_repeats(files: Iterable[LandedFile]) -> list[LandedFile]:
    first: dict[tuple[str, str], str] = {}
    marked = []
    for file in files:
        key = (file.source, file.hash)
        marked.append(replace(file, repeats=first[key]) if key in first else file)
        first.setdefault(key, file.path)
    return marked


@dataclass(frozen=True)
class Stray:
    """A file in landing that nobody would ever read, and why."""

    path: str
    reason: Refusal


def stray_files(landing: Path, sources: Mapping[str, Source]) -> list[Stray]:
    """Files that no source claims, in order of their paths."""
    places = {s.landing: s for s in sources.values()}
    claimed = {
        path
        for s in sources.values()
        for path in (landing / s.landing).glob(f"*/{s.files}")
        if _date_of(path.parent.name)
    }
    claimed |= {p for p in (landing / DECISIONS).glob("*/*") if _date_of(p.parent.name)}
    found = (p.relative_to(landing) for p in landing.rglob("*") if p not in claimed and _is_delivered(p))
    return [Stray(path.as_posix(), _why_stray(path, places)) for path in sorted(found)]


def _why_stray(path: Path, places: Mapping[str, Source]) -> Refusal:
    folder, place = path.parent.name, path.parent.parent.as_posix()
    if (place in places or place == DECISIONS) and _date_of(folder) is None:
        return Refusal(
            "FOLDER_NO_DATE",
            f"文件夹“{folder}”不是交付日期，应为YYYY-MM-DD",
            f"its folder {folder!r} is no date of delivery: YYYY-MM-DD is wanted",
        )
    if place in places:
        wanted = places[place].files
        return Refusal("NAME_NOT_EXPECTED", f"文件名应符合{wanted}", f"the source reads {wanted}")
    return Refusal("NO_SOURCE", "没有来源登记该文件夹", "no source in conf reads this folder")
