"""An archive of backups: each file once by its content, and a list of files for each backup.

    <archive>/objects/ab/abcd…    content, named by its SHA-256
    <archive>/backups/<id>.json   path, size, time and content of every file

What is there already is not copied again, so a backup costs what is new. SQLite databases are copied by
SQLite itself, whole though somebody may be writing.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_SQLITE = b"SQLite format 3\x00"
# Written beside a database, part of its copy; the lease is of this machine; what is being written is no file yet.
_BESIDE = ("-wal", "-shm", "-journal")
_LEFT_OUT = ("ops/run.lock", "ops/outbox/.lock")
_CHUNK = 1 << 20
# Path of the store in the list: no file of a lake has it.
STORE = "//store"


class ArchiveError(RuntimeError):
    """A backup that cannot be made or restored."""


@dataclass(frozen=True)
class Kept:
    """One file of a backup: its path in the lake (or `STORE`), size, time and content."""

    path: str
    size: int
    mtime_ns: int
    sha256: str


@dataclass(frozen=True)
class Backup:
    """One backup."""

    id: str
    made: str
    release: str
    files: tuple[Kept, ...]

    @property
    def bytes(self) -> int:
        """Size of all its files."""
        return sum(file.size for file in self.files)


def backups(archive: Path) -> list[Backup]:
    """All backups, oldest first by their number. Raises ArchiveError for a list that cannot be read."""
    found = []
    for path in sorted((archive / "backups").glob("*.json")):
        try:
            data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            found.append(Backup(**data | {"files": tuple(Kept(**file) for file in data["files"])}))
        except (ValueError, TypeError, KeyError) as error:
            raise ArchiveError(f"{path.name}: is no list of a backup ({error})") from error
    return found


def save(archive: Path, lake: Path, release: str, store: Path | None = None) -> tuple[Backup, int]:
    """Back up a folder, and a store beside it; returns the backup and the bytes newly copied.

    The caller holds the lake's lease.
    """
    before = backups(archive)
    known = {(f.path, f.size, f.mtime_ns): f.sha256 for f in before[-1].files} if before else {}
    files, copied = [], 0
    for name, path in _sources(lake, store):
        stat = path.stat()
        # What a database has written last may stand beside it, so its own time tells nothing.
        digest = None if _is_database(path) else known.get((name, stat.st_size, stat.st_mtime_ns))
        if digest is None or not _object(archive, digest).is_file():
            digest, new = _put(archive, path)
            copied += new
        size = _object(archive, digest).stat().st_size
        files.append(Kept(name, size, stat.st_mtime_ns, digest))
    number = int(before[-1].id.partition("-")[0]) + 1 if before else 1
    backup = Backup(
        f"{number:06}-{secrets.token_hex(3)}",
        datetime.now(UTC).isoformat(timespec="seconds"),
        release,
        tuple(files),
    )
    target = archive / "backups" / f"{backup.id}.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    part.write_text(json.dumps(asdict(backup), ensure_ascii=False), encoding="utf-8")
    part.replace(target)
    return backup, copied


def load(archive: Path, backup: Backup, lake: Path, store: Path | None = None) -> None:
    """Write the files of a backup into a folder that is not there yet; it appears whole or not at all.

    Raises ArchiveError naming the first file whose content is missing or damaged, or when a target is there.
    """
    for target in filter(None, (lake, store)):
        if target.exists() and not (target.is_dir() and not any(target.iterdir())):
            raise ArchiveError(f"{target.name}: is there already; nothing is written over")
    if store is None and any(file.path == STORE for file in backup.files):
        raise ArchiveError(f"backup {backup.id} holds a store: say with --store where it is to be written")
    lake.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{lake.name}.", dir=lake.parent) as folder:
        half = Path(folder)
        for file in backup.files:
            _fetch(archive, file, half / ("store" if file.path == STORE else f"lake/{file.path}"))
        if lake.exists():
            lake.rmdir()
        (half / "lake").rename(lake)
        if store is not None and (half / "store").exists():
            store.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(half / "store", store)


def _sources(lake: Path, store: Path | None) -> Iterator[tuple[str, Path]]:
    for path in sorted(lake.rglob("*")):
        name = path.relative_to(lake).as_posix()
        skipped = name in _LEFT_OUT or path.suffix == ".part" or path.name.endswith(_BESIDE)
        if path.is_file() and not skipped:
            yield name, path
    if store is not None:
        yield STORE, store


def _object(archive: Path, digest: str) -> Path:
    return archive / "objects" / digest[:2] / digest


def _put(archive: Path, path: Path) -> tuple[str, int]:
    """Digest of the file's content, and the bytes copied, 0 when they were there."""
    (archive / "objects").mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=archive / "objects", prefix="new-", delete=False) as part:
        half = Path(part.name)
    try:
        digest = _copy(path, half)
        target = _object(archive, digest)
        if target.is_file():
            return digest, 0
        target.parent.mkdir(exist_ok=True)
        half.replace(target)
        return digest, target.stat().st_size
    finally:
        half.unlink(missing_ok=True)


def _is_database(path: Path) -> bool:
    with path.open("rb") as source:
        return source.read(len(_SQLITE)) == _SQLITE


def _copy(path: Path, target: Path) -> str:
    """Copy a file, a database by its own means; SHA-256 of the copy."""
    if _is_database(path):
        with (
            closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)
    else:
        shutil.copyfile(path, target)
    with target.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _fetch(archive: Path, file: Kept, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    try:
        with _object(archive, file.sha256).open("rb") as source, target.open("wb") as out:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                out.write(chunk)
    except FileNotFoundError as error:
        raise ArchiveError(f"{file.path}: its content is missing from the archive") from error
    if digest.hexdigest() != file.sha256:
        raise ArchiveError(f"{file.path}: its content in the archive is damaged")
    os.utime(target, ns=(file.mtime_ns, file.mtime_ns))
