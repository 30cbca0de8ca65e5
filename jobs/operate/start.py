"""Starting an entry of the schedule: its job in a process of its own, tried again, then what comes after it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from conf.schedule import Entry, Schedule

ROOT = Path(__file__).resolve().parents[2]
DOOR = ROOT / "spark-submit.sh"
# Seconds that a job whose time is up has for ending by itself.
_GRACE = 10

_running: set[subprocess.Popen[bytes]] = set()

Command = Callable[[Entry], list[str]]


@dataclass(frozen=True)
class Outcome:
    """How an entry went: whether it ended well, how in words, after how many tries."""

    good: bool
    told: str
    tries: int


def command(entry: Entry) -> list[str]:
    """What is run for an entry."""
    return [str(DOOR), entry.job, *entry.options]


def once(words: list[str], timeout: float) -> int | None:
    """Exit code of a process, None when its time was up; then it is ended with all that it started."""
    with subprocess.Popen(words, cwd=ROOT, start_new_session=True) as process:
        _running.add(process)
        try:
            return process.wait(timeout)
        except subprocess.TimeoutExpired:
            _end(process)
            return None
        except BaseException:
            _end(process)
            raise
        finally:
            _running.discard(process)


def end_all() -> None:
    """End every job at work; for whoever ends the schedule itself."""
    for process in list(_running):
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            return
        try:
            process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            continue


def tried(
    name: str, entry: Entry, sleep: Callable[[float], None] = time.sleep, make: Command = command
) -> Outcome:
    """Run an entry's job until it ends well or its retries are used up; bad input (2) is not tried again."""
    told = ""
    for attempt in range(entry.retries + 1):
        if attempt:
            wait = entry.backoff_minutes * 2 ** (attempt - 1)
            print(f"schedule: {name}: {told}; tried again in {wait} minutes", file=sys.stderr, flush=True)
            sleep(wait * 60)
        code = once(make(entry), entry.timeout_minutes * 60)
        told = f"not done after {entry.timeout_minutes} minutes" if code is None else f"exit code {code}"
        if code in entry.good_codes:
            return Outcome(True, told, attempt + 1)
        if code == 2:
            break
    return Outcome(False, told, attempt + 1)


def start(
    name: str,
    schedule: Schedule,
    run: Callable[[str, Entry], Outcome],
    failed: Callable[[str, Entry, Outcome], None],
) -> bool:
    """An entry and then, in order, those that come after it alone or after others of this start too.

    What comes after an entry that failed is not started. True when all that was started ended well.
    """
    state: dict[str, bool] = {}
    waiting = {name}
    while waiting:
        now = min(waiting)
        waiting.remove(now)
        outcome = run(now, schedule[now])
        state[now] = outcome.good
        print(f"schedule: {now}: {'done' if outcome.good else 'failed'} ({outcome.told})", flush=True)
        if not outcome.good:
            failed(now, schedule[now], outcome)
        waiting |= {n for n, e in schedule.items() if n not in state and _is_due(e, state)}
    return all(state.values())


def _is_due(entry: Entry, state: dict[str, bool]) -> bool:
    return bool(entry.after) and all(state.get(other, False) for other in entry.after)
