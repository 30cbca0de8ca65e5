"""conf/schedule.yaml: which job runs when, and after which other."""

import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Annotated, Literal, Self

from apscheduler.triggers.cron import CronTrigger
from pydantic import AfterValidator, Field, model_validator

from conf.errors import ConfError
from conf.files import Reader
from conf.load import HERE
from conf.schema import Count, Frozen

FILE = "schedule.yaml"
_DAYS = "mon|tue|wed|thu|fri|sat|sun"
_NUMBERS = re.compile(r"(\*|\d+(-\d+)?)(/\d+)?(,(\*|\d+(-\d+)?)(/\d+)?)*")
_WEEKDAYS = re.compile(rf"\*|({_DAYS})(-({_DAYS}))?(,({_DAYS})(-({_DAYS}))?)*")
# Years that hold every date there is on every weekday: whatever does not fire in them never does.
_YEARS, _FIRST = "2000-2028", datetime(2000, 1, 1, tzinfo=UTC)


def _cron(line: str) -> str:
    """A line that cron, systemd and APScheduler understand alike, and that fires at least once.

    They count weekdays differently (0 is Sunday or Monday), and join day and weekday differently (or, and): so
    weekdays go by name, and only one of the two may be given.
    """
    fields = line.split()
    if len(fields) != 5:
        raise ValueError(f"{line!r} has {len(fields)} fields, not minute hour day month weekday")
    for name, field in zip(("minute", "hour", "day", "month"), fields, strict=False):
        if not _NUMBERS.fullmatch(field):
            raise ValueError(
                f"{name} {field!r}: must be numbers, ranges, lists or steps, such as 0,30 or */15"
            )
    if not _WEEKDAYS.fullmatch(fields[4]):
        raise ValueError(f"weekday {fields[4]!r}: must be *, or names such as mon-fri or sat,sun")
    if fields[2] != "*" and fields[4] != "*":
        raise ValueError("day and weekday: only one of the two may be given")
    try:
        names = ("minute", "hour", "day", "month", "day_of_week")
        trigger = CronTrigger(year=_YEARS, timezone=UTC, **dict(zip(names, fields, strict=True)))
    except ValueError as error:
        raise ValueError(f"{line!r}: {error}") from error
    if trigger.get_next_fire_time(None, _FIRST) is None:
        raise ValueError(f"{line!r} never fires: there is no such day")
    return line


class Entry(Frozen):
    """One job: its time or what it comes after, how long it may take, and how often it is tried again.

    The wait before the n-th retry is `backoff_minutes` × 2ⁿ⁻¹. Exit codes in `good_codes` count as done.
    """

    job: str
    options: tuple[str, ...] = ()
    cron: Annotated[str, AfterValidator(_cron)] | None = None
    after: tuple[str, ...] = ()
    days: Literal["all", "working"] = "all"
    timeout_minutes: Count
    retries: int = Field(default=0, ge=0)
    backoff_minutes: Count = 5
    good_codes: tuple[int, ...] = (0,)

    @model_validator(mode="after")
    def _has_a_time(self) -> Self:
        if (self.cron is None) == (not self.after):
            raise ValueError("either cron or after must be given, not both")
        if self.days == "working" and self.cron is None:
            raise ValueError("days goes with cron; what comes after another entry keeps its days")
        return self


Schedule = Mapping[str, Entry]


def schedule(jobs: Collection[str], root: Path | None = None) -> Schedule:
    """The entries by name. Raises ConfError for an unknown job or entry, a cycle, a time that never comes."""
    reader = Reader(root or HERE)
    found: Schedule = reader.table(FILE, Entry)
    for name, entry in found.items():
        if entry.job not in jobs:
            reader.note(FILE, f"{name}.job", f"no job {entry.job!r} (one of {', '.join(sorted(jobs))})")
        for other in entry.after:
            if other not in found:
                reader.note(FILE, f"{name}.after", f"no entry {other!r}")
    try:
        TopologicalSorter({name: entry.after for name, entry in found.items()}).prepare()
    except CycleError as error:
        reader.note(FILE, f"{error.args[1][0]}.after", f"a cycle: {' → '.join(reversed(error.args[1]))}")
    else:
        for name in found:
            if len(starts := _starts(name, found)) > 1:
                reader.note(
                    FILE, f"{name}.after", f"waits for what starts at different times: {', '.join(starts)}"
                )
    if reader.problems:
        raise ConfError(reader.problems)
    return found


def _starts(name: str, found: Schedule) -> list[str]:
    """The entries with a time of their own that an entry comes after in the end, or the entry itself."""
    entry = found.get(name)
    if entry is None:
        return []
    return (
        sorted({start for other in entry.after for start in _starts(other, found)}) if entry.after else [name]
    )
