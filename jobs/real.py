"""`real`: departments' own files, copied into the landing folder of a lake of their own, then the daily run.

Which files, and on which day each counts as handed in, is told by the `collect` lists of conf/real.
"""

from __future__ import annotations

import filecmp
import shutil
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from conf.options import Parser
from conf.source_files import Source, load_sources
from jobs import daily
from jobs.lake.landing import stray_files
from jobs.lake.paths import Lake


@dataclass(frozen=True)
class Handover:
    """One file of the given folder and its place in landing."""

    source: str
    given: Path
    landed: Path


def handovers(folder: Path, landing: Path, sources: Mapping[str, Source]) -> list[Handover]:
    """Every file that the sources collect from the folder, in order of source and list."""
    return [
        Handover(
            source.id,
            folder / wanted.file,
            landing / source.landing / wanted.delivered_on.isoformat() / Path(wanted.file).name,
        )
        for source in sources.values()
        for wanted in source.collect
    ]


def copy(handover: Handover) -> bool:
    """Copy the file unless landing holds it already; a reader never sees half a file. True when copied."""
    landed = handover.landed
    if landed.exists():
        return False
    landed.parent.mkdir(parents=True, exist_ok=True)
    part = landed.with_name(landed.name + ".part")
    shutil.copyfile(handover.given, part)
    part.replace(landed)
    return True


def problems(found: Iterable[Handover], landing: Path, sources: Mapping[str, Source]) -> list[str]:
    """Why not to start: files that are not there, files in landing that another profile put there, and files
    that landing holds with other bytes."""
    handed_in = list(found)
    missing = [f"{h.given}: no such file (source {h.source})" for h in handed_in if not h.given.is_file()]
    strays = stray_files(landing, sources)
    stray = [f"{landing / s.path}: no source of conf/real reads it, use another --lake" for s in strays]
    changed = [
        f"{h.given}: landing never changes, and {h.landed} holds other bytes: use another --lake"
        for h in handed_in
        if h.given.is_file() and h.landed.exists() and not _same(h)
    ]
    return missing + stray + changed


def _same(handover: Handover) -> bool:
    return filecmp.cmp(handover.given, handover.landed, shallow=False)


def parser() -> Parser:
    """The options of the job."""
    made = Parser(
        prog="spark-submit.sh real",
        description=__doc__,
        epilog="example: ./spark-submit.sh real --sources data",
    )
    made.add_argument("--sources", type=Path, required=True, help="folder with the files conf/real names")
    made.add_argument("--lake", type=Path, default=Path("out/real"), help="the lake's folder (out/real)")
    return made


def run(argv: list[str]) -> int:
    """Exit code of the daily run; 2, before anything is copied, for what `problems` finds."""
    options = parser().parse_args(argv)
    sources, lake = load_sources("real"), Lake(options.lake.resolve())
    found = handovers(options.sources, lake.landing, sources)
    if faults := problems(found, lake.landing, sources):
        print("\n".join(faults), file=sys.stderr)
        return 2
    copied = sum([copy(handover) for handover in found])
    print(f"{len(found)} files, {copied} of them new in landing", flush=True)
    code = daily.run(["--profile", "real", "--lake", str(lake.root)])
    if code != 1:
        print(f"Open the cockpit: .venv/bin/python -m cockpit --demo --lake {options.lake}")
    return code
