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
    if landed.exists() and filecmp.cmp(handover.given, landed, shallow=False):
        return False
    landed.parent.mkdir(parents=True, exist_ok=True)
    part = landed.with_name(landed.name + ".part")
    shutil.copyfile(handover.given, part)
    part.replace(landed)
    return True


def problems(found: Iterable[Handover], landing: Path, sources: Mapping[str, Source]) -> list[str]:
    """Why not to start: files that are not there, and files in landing that another profile put there."""
    missing = [f"{h.given}: no such file (source {h.source})" for h in found if not h.given.is_file()]
    stray = [landing / path for path in stray_files(landing, sources)]
    return missing + [f"{path}: no source of conf/real reads it, use another --lake" for path in stray]


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
    """Exit code of the daily run; 2, before anything is copied, when a file is missing."""
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
        print(f"Open the cockpit: .venv/bin/python -m cockpit --lake {options.lake}")
    return code
