"""The lease of a lake: one writer at a time; that of a process that died is taken over.

The system lets a lock go when its process ends, however it ends. What stands in the file only tells who holds
it; text without a lock is what a dead process left behind.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import IO

from jobs.lake.ledger import now
from jobs.lake.paths import Lake

# Somebody who only looks whether the lease is held has it for a moment.
_TRIES, _PAUSE = 3, 0.1


@dataclass(frozen=True)
class Holder:
    """Who holds a lease."""

    job: str
    pid: int
    host: str
    since: str

    def __str__(self) -> str:
        return f"{self.job}, process {self.pid} on {self.host}, since {self.since}"


class LeaseHeldError(RuntimeError):
    """Somebody else is at work on the lake."""


@contextmanager
def hold(lake: Lake, job: str) -> Iterator[Holder | None]:
    """Hold the lake's lease; gives the holder that died without letting go, if there was one.

    Raises LeaseHeldError, naming the holder, when another process is at work.
    """
    lake.lock.parent.mkdir(parents=True, exist_ok=True)
    with lake.lock.open("a+", encoding="utf-8") as file:
        if not _locked(file):
            holder = _written(file)
            raise LeaseHeldError(
                f"another run is at work on {lake.root.name}" + (f": {holder}" if holder else "")
            )
        dead = _written(file)
        _write(file, json.dumps(asdict(Holder(job, os.getpid(), socket.gethostname(), now()))))
        try:
            yield dead
        finally:
            _write(file, "")


def holder(lake: Lake) -> Holder | None:
    """Who is at work on the lake, None when nobody is."""
    try:
        with lake.lock.open(encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return _written(file) or Holder("unknown", 0, "unknown", "")
    except FileNotFoundError:
        pass
    return None


def _locked(file: IO[str]) -> bool:
    for attempt in range(_TRIES):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if attempt < _TRIES - 1:
                time.sleep(_PAUSE)
    return False


def _written(file: IO[str]) -> Holder | None:
    file.seek(0)
    try:
        return Holder(**json.loads(file.read()))
    except (ValueError, TypeError):
        return None


def _write(file: IO[str], text: str) -> None:
    file.seek(0)
    file.truncate()
    file.write(text)
    file.flush()
