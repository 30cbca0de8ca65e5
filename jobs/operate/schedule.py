"""`schedule`: the jobs of conf/schedule.yaml at their times: run here in front, or as cron lines or systemd units."""

from __future__ import annotations

import logging
import signal
import sys
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.blocking import BlockingScheduler

import conf
from conf.options import Parser, as_count
from conf.schedule import Entry, Schedule
from conf.schedule import schedule as load_schedule
from conf.working_days import is_working_day, knows
from jobs.lake.paths import Lake
from jobs.operate import notify, timetables
from jobs.operate.start import ROOT, Outcome, end_all, start, tried
from jobs.operate.times import next_times, trigger_of

# A time missed because the machine slept is made up for within the hour.
_GRACE_SECONDS = 3600


def parser() -> Parser:
    """The options of the job."""
    made = Parser(
        prog="spark-submit.sh schedule", description=__doc__,
        epilog="example: ./spark-submit.sh schedule show --next 5",
    )  # fmt: skip
    ways = made.add_subparsers(dest="way", required=True, metavar="run|show|start|crontab|systemd")
    ways.add_parser("run", help="run the jobs at their times until stopped")
    show = ways.add_parser("show", help="the next times of every entry")
    show.add_argument("--next", type=as_count, default=3, help="how many times (%(default)s)")
    one = ways.add_parser("start", help="start an entry now, then what comes after it")
    one.add_argument("entry", help="name in conf/schedule.yaml")
    one.add_argument("--if-working-day", action="store_true", help="not on a day off")
    ways.add_parser("crontab", help="print lines for crontab")
    ways.add_parser("systemd", help="print timers and services for systemd")
    return made


def run(argv: list[str]) -> int:
    """Exit code 0, 1 when a started entry failed, 2 for a wrong schedule or entry. Raises ConfError."""
    from jobs.__main__ import JOBS

    options = parser().parse_args(argv)
    entries, zone = load_schedule(JOBS), conf.load().settings.spark.time_zone
    if options.way == "show":
        print("\n".join(shown(entries, zone, datetime.now(ZoneInfo(zone)), options.next)))
    elif options.way == "crontab":
        print("\n".join(timetables.crontab(entries, ROOT, zone)))
    elif options.way == "systemd":
        for file, text in timetables.systemd(entries, ROOT, zone).items():
            print(f"# {file}\n{text}")
    elif options.way == "start":
        return _start(entries, options.entry, zone, options.if_working_day)
    else:
        _told_unknown_years(entries, datetime.now(ZoneInfo(zone)))
        _forever(entries, zone)
    return 0


def shown(entries: Schedule, zone: str, now: datetime, count: int) -> list[str]:
    """Every entry with its next times, or with what it comes after."""
    lines = []
    for name, entry in entries.items():
        told = " ".join([entry.job, *entry.options])
        limits = f"at most {entry.timeout_minutes} min, {entry.retries} retries"
        lines.append(f"{name:16}{told:28}{limits}")
        if entry.cron is None:
            lines.append(f"    after {', '.join(entry.after)}")
            continue
        times = next_times(entry, zone, now, count)
        lines += [f"    {moment:%Y-%m-%d %a %H:%M}" for moment in times] or ["    not within three years"]
    return [*lines, *_unknown_years(entries, now)]


def _unknown_years(entries: Schedule, now: datetime) -> list[str]:
    if not any(entry.days == "working" for entry in entries.values()):
        return []
    return [
        f"The holidays of {year} are not known to this installation: its weekdays are taken as working days."
        for year in (now.year, now.year + 1)
        if not knows(year)
    ]


def _told_unknown_years(entries: Schedule, now: datetime) -> None:
    for line in _unknown_years(entries, now):
        print(f"schedule: {line}", file=sys.stderr, flush=True)


def _start(entries: Schedule, name: str, zone: str, if_working_day: bool) -> int:
    if name not in entries:
        print(f"schedule: no entry {name!r} (one of {', '.join(entries)})", file=sys.stderr)
        return 2
    now = datetime.now(ZoneInfo(zone))
    if if_working_day:
        _told_unknown_years(entries, now)
        if not is_working_day(now.date()):
            print(f"schedule: {name}: {now.date()} is a day off")
            return 0
    return 0 if _started(name, entries) else 1


def _started(name: str, entries: Schedule) -> bool:
    day = datetime.now().date()

    def failed(entry_name: str, entry: Entry, outcome: Outcome) -> None:
        lake = Lake(Path(conf.load().settings.lake.path).resolve())
        notify.schedule_failed(lake, entry_name, entry.job, outcome.tries, outcome.told, day)

    return start(name, entries, tried, failed)


def _forever(entries: Schedule, zone: str) -> None:
    logging.basicConfig(level=logging.WARNING, format="schedule: %(message)s")
    scheduler = BlockingScheduler(
        timezone=ZoneInfo(zone), executors={"default": ThreadPoolExecutor(max(1, len(entries)))}
    )
    for name, entry in entries.items():
        if entry.cron is not None:
            scheduler.add_job(
                _started, trigger_of(entry, zone), args=(name, entries), id=name,
                coalesce=True, max_instances=1, misfire_grace_time=_GRACE_SECONDS,
            )  # fmt: skip

    def stop(*_: Any) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    print("\n".join(shown(entries, zone, datetime.now(ZoneInfo(zone)), 1)), flush=True)
    try:
        scheduler.start()
    except KeyboardInterrupt:
        scheduler.shutdown(wait=False)
        end_all()
        print("schedule: stopped", flush=True)
