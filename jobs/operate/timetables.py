"""A schedule for those who run it by cron or systemd instead of `schedule run`."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from conf.schedule import Entry, Schedule


def _start(name: str, entry: Entry) -> str:
    # What cron cannot tell, the command finds out itself.
    return f"schedule start {name}" + (" --if-working-day" if entry.days == "working" else "")


def crontab(schedule: Schedule, root: Path, zone: str) -> list[str]:
    """Lines for crontab; time-outs, retries and what comes after are the business of `schedule start`."""
    folder = shlex.quote(str(root))
    lines = [
        f"# Dingpan; a cron that does not know CRON_TZ takes the machine's zone, which must be {zone} then."
    ]
    lines.append(f"CRON_TZ={zone}")
    for name, entry in schedule.items():
        if entry.cron:
            lines.append(
                f"{entry.cron} cd {folder} && ./spark-submit.sh {_start(name, entry)} >> out/schedule.log 2>&1"
            )
    return lines


def systemd(schedule: Schedule, root: Path, zone: str) -> dict[str, str]:
    """Unit file name → content: a service and a timer for each entry that has a time."""
    made = {}
    for name, entry in schedule.items():
        if entry.cron is None:
            continue
        unit = f"dingpan-{name.replace('_', '-')}"
        made[f"{unit}.service"] = (
            f"[Unit]\nDescription=Dingpan {name}\n\n[Service]\nType=oneshot\nWorkingDirectory={root}\n"
            f'ExecStart="{root}/spark-submit.sh" {_start(name, entry)}\n'
        )
        made[f"{unit}.timer"] = (
            f"[Unit]\nDescription=Time of Dingpan {name}\n\n[Timer]\nOnCalendar={on_calendar(entry.cron)} {zone}\n"
            "Persistent=true\n\n[Install]\nWantedBy=timers.target\n"
        )
    return made


def on_calendar(cron: str) -> str:
    """A cron line as systemd writes it: `30 1 * * mon-fri` → `Mon..Fri *-*-* 1:30:00`."""
    minute, hour, day, month, weekday = cron.split()
    days = "" if weekday == "*" else weekday.title().replace("-", "..") + " "
    fields = (
        "".join(_parts(field, first)) for field, first in ((month, 1), (day, 1), (hour, 0), (minute, 0))
    )
    months, monthdays, hours, minutes = fields
    return f"{days}*-{months}-{monthdays} {hours}:{minutes}:00"


def _parts(field: str, first: int) -> Iterator[str]:
    """A field of cron, whose steps over everything start at `first`."""
    for position, part in enumerate(field.split(",")):
        yield "," if position else ""
        yield re.sub(r"^\*/", f"{first}/", part).replace("-", "..")
