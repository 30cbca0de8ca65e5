"""What inspection found in files of earlier runs, so that a run reads only those that are new to it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from jobs.lake.drift import ColumnUse
from jobs.lake.formats.base import Refusal
from jobs.lake.landing import LandedFile

Key = tuple[str, str]


def key(file: LandedFile) -> Key:
    """What a file is known by: its place and its content."""
    return file.path, file.hash


def recall(memory: Path, code: str, files: Iterable[LandedFile]) -> dict[Key, LandedFile]:
    """Those of the files that the same code has inspected before, with what it found; none when it is unknown."""
    try:
        kept = json.loads(memory.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if kept.get("code") != code:
        return {}
    found = {(entry.pop("path"), entry.pop("hash")): entry for entry in kept["files"]}
    return {key(f): _filled(f, found[key(f)]) for f in files if key(f) in found}


def remember(memory: Path, code: str, files: Iterable[LandedFile]) -> None:
    """Keep what was found, in place of what was kept before."""
    names = ("path", "hash", "encoding", "header", "header_row", "extra", "uses", "refusal")
    entries = [{name: asdict(file)[name] for name in names} for file in files]
    memory.parent.mkdir(parents=True, exist_ok=True)
    part = memory.with_name(memory.name + ".part")
    part.write_text(json.dumps({"code": code, "files": entries}, ensure_ascii=False), encoding="utf-8")
    part.replace(memory)


def _filled(file: LandedFile, entry: dict[str, Any]) -> LandedFile:
    refusal = entry["refusal"]
    return replace(
        file,
        encoding=entry["encoding"], header=tuple(entry["header"]), header_row=entry["header_row"],
        extra=tuple(entry["extra"]), uses=tuple(ColumnUse(**use) for use in entry["uses"]),
        refusal=Refusal(**refusal) if refusal else None,
    )  # fmt: skip
