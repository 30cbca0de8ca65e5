"""When entries are due."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from conf.schedule import Entry
from conf.working_days import is_working_day, knows
from jobs.operate import schedule, timetables
from jobs.operate.times import next_times

ZONE = "Asia/Shanghai"


def entry(cron: str, days: str = "all") -> Entry:
    return Entry.model_validate({"job": "status", "cron": cron, "days": days, "timeout_minutes": 5})


def times(cron: str, now: datetime, count: int = 3, days: str = "working") -> list[str]:
    return [f"{t:%Y-%m-%d %H:%M}" for t in next_times(entry(cron, days), ZONE, now, count)]


def test_holidays_are_left_out_and_make_up_days_are_kept() -> None:
    # National Day 2025: off from 1 to 8 October; Sunday 28 September and Saturday 11 October are worked.
    assert is_working_day(date(2025, 9, 28)) and is_working_day(date(2025, 10, 11))
    assert not is_working_day(date(2025, 10, 8))
    assert times("0 8 * * *", datetime(2025, 9, 30, 12, tzinfo=UTC)) == [
        "2025-10-09 08:00", "2025-10-10 08:00", "2025-10-11 08:00",
    ]  # fmt: skip


def test_a_year_not_known_is_taken_by_its_weekdays_and_told() -> None:
    assert knows(2026) and not knows(2040) and not knows(2003)
    assert is_working_day(date(2040, 10, 1)) and not is_working_day(date(2040, 10, 6))
    told = schedule.shown({"e": entry("0 8 * * *", "working")}, ZONE, datetime(2040, 1, 1, tzinfo=UTC), 1)
    assert "The holidays of 2040 are not known to this installation: its weekdays" in "\n".join(told)
    told = schedule.shown({"e": entry("0 8 * * *")}, ZONE, datetime(2040, 1, 1, tzinfo=UTC), 1)
    assert "holidays" not in "\n".join(told)


def test_working_days_that_never_come_are_told() -> None:
    # Saturdays of years not known are no working days.
    assert times("0 8 * * sat", datetime(2040, 1, 1, tzinfo=UTC)) == []


def test_times_are_the_provinces_own() -> None:
    found = next_times(entry("30 1 * * *"), ZONE, datetime(2025, 1, 1, tzinfo=UTC), 1)
    assert found[0].astimezone(UTC) == datetime(2025, 1, 1, 17, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cron", "calendar"),
    [
        ("30 1 * * *", "*-*-* 1:30:00"),
        ("*/15 * * * *", "*-*-* *:0/15:00"),
        ("0 8-18/2 * * mon-fri", "Mon..Fri *-*-* 8..18/2:0:00"),
        ("0,30 4 1,15 */3 *", "*-1/3-1,15 4:0,30:00"),
    ],
)
def test_a_cron_line_as_systemd_writes_it(cron: str, calendar: str) -> None:
    assert timetables.on_calendar(cron) == calendar
    if shutil.which("systemd-analyze"):
        subprocess.run(["systemd-analyze", "calendar", f"{calendar} {ZONE}"], check=True, capture_output=True)


def test_crontab_and_units_start_the_entry_through_the_schedule() -> None:
    entries = {
        "early": entry("30 1 * * *", "working"),
        "then": Entry(job="status", after=("early",), timeout_minutes=1),
    }
    lines = timetables.crontab(entries, Path("/srv/my dingpan"), ZONE)
    assert lines[1:] == [
        "CRON_TZ=Asia/Shanghai",
        "30 1 * * * cd '/srv/my dingpan' && ./spark-submit.sh schedule start early --if-working-day"
        " >> out/schedule.log 2>&1",
    ]
    units = timetables.systemd(entries, Path("/srv/dingpan"), ZONE)
    assert list(units) == ["dingpan-early.service", "dingpan-early.timer"]
    assert "OnCalendar=*-*-* 1:30:00 Asia/Shanghai\n" in units["dingpan-early.timer"]
    assert 'spark-submit.sh" schedule start early --if-working-day\n' in units["dingpan-early.service"]
