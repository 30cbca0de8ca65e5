"""When the entries of a schedule are due: cron lines, and Chinese working days with their make-up days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger

from conf.schedule import Entry
from conf.working_days import is_working_day

# A time that does not come for so long, such as Saturdays that are working days, never comes.
_HORIZON = timedelta(days=3 * 366)


class WorkingDays(BaseTrigger):
    """The times of a cron line that fall on working days."""

    def __init__(self, cron: CronTrigger) -> None:
        self.cron = cron

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """The next time, None when there is none."""
        previous, moment = previous_fire_time, now
        while (found := self.cron.get_next_fire_time(previous, moment)) and found < now + _HORIZON:
            if is_working_day(found.date()):
                return found
            previous, moment = found, found + timedelta(microseconds=1)
        return None


def trigger_of(entry: Entry, zone: str) -> BaseTrigger:
    """When an entry with a cron line is due."""
    if entry.cron is None:
        raise ValueError(f"{entry.job} has no time of its own")
    cron = CronTrigger.from_crontab(entry.cron, timezone=ZoneInfo(zone))
    return WorkingDays(cron) if entry.days == "working" else cron


def next_times(entry: Entry, zone: str, now: datetime, count: int) -> list[datetime]:
    """The next times of an entry after `now`."""

    def times() -> Iterator[datetime]:
        previous, moment = None, now
        while (found := trigger.get_next_fire_time(previous, moment)) is not None:
            yield found
            previous, moment = found, found + timedelta(microseconds=1)

    trigger = trigger_of(entry, zone)
    return list(islice(times(), count))
