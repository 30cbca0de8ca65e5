"""Which report is wanted, whether it can be made, and making it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import conf
from cockpit import facts
from cockpit.address import LANGUAGES
from cockpit.facts_types import ReportFacts
from cockpit.gold import Release, Scope, open_lake
from cockpit.reports import docx, xlsx
from cockpit.reports.progress import Progress, silent

Write = Callable[[ReportFacts, str, Path, Progress], None]
#: Formats by the end of the file's name.
FORMATS: dict[str, Write] = {"docx": docx.write, "xlsx": xlsx.write}


class OrderError(ValueError):
    """A part of an order is not among what is allowed; the message is one line and names what is."""


@dataclass(frozen=True)
class Order:
    """What a report is about, how far it looks ahead, and how it is written."""

    theme: str
    region: str
    until: int
    format: str
    lang: str


def open_release(lake: Path, release_id: str | None) -> Release:
    """A lake's release of that id, or its newest. Raises NoReleaseError."""
    return open_lake(lake).release(release_id)


def check(order: Order, release: Release, scope: Scope) -> None:
    """Raise OrderError for the first part of an order that is not allowed."""
    themes = tuple(item.theme for item in facts.navigation(release, scope, scope.regions[0]))
    years = facts.report_years(release, scope)
    if order.theme not in themes:
        raise OrderError(f"theme {order.theme!r} is none of {', '.join(themes)}")
    if not conf.load().regions.has(order.region) or not scope.covers(order.region):
        allowed = ", ".join(scope.regions)
        raise OrderError(f"region {order.region!r} is no code of conf/regions.csv within {allowed}")
    if order.until not in years:
        raise OrderError(f"year {order.until} is not within {years[0]} to {years[-1]}")
    if order.format not in FORMATS:
        raise OrderError(f"format {order.format!r} is none of {', '.join(FORMATS)}")
    if order.lang not in LANGUAGES:
        raise OrderError(f"language {order.lang!r} is none of {', '.join(LANGUAGES)}")


def make(report: ReportFacts, order: Order, path: Path, progress: Progress = silent) -> None:
    """Write a report to a file. A file of that name is replaced at once when the new one is whole; when
    something fails, it stays as it was and nothing is left behind."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    os.close(handle)
    part = Path(name)
    try:
        FORMATS[order.format](report, order.lang, part, progress)
        part.chmod(0o640)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def check_output(output: Path, suffix: str) -> None:
    """Raise OrderError when a file cannot be meant: another suffix, a folder, or a place in no folder."""
    if output.suffix != suffix:
        raise OrderError(f"--output {output} does not end in {suffix}")
    if output.is_dir() or not output.parent.is_dir():
        raise OrderError(f"--output {output}: {output.parent} is no folder, or the file is one")
