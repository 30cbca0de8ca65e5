"""Nightly time and size of a lake over 24 simulated months of daily deliveries.

    .venv/bin/python -m benchmarks.months [--lake DIR] [--nights N] [--every DAYS]

In the first N nights of the first and of the last month two registers hand in the rows of the day before,
each night is started by itself through ./spark-submit.sh, as a schedule does it, and timed. All other days
are not timed: their rows are handed in every DAYS days, and `daily --from --to` makes a run of each such
delivery in one JVM a month. With `--every 1` every night of the 24 months has its delivery and its run, which
takes hours; with the usual 7 the lake of the last month has fewer files and log entries than it would have.
Vacuum runs at the end of each month. What was done is kept in months.jsonl beside the lake: a benchmark that
was stopped goes on where it was, and a night that was stopped on the way is not counted.
"""

import argparse
import calendar
import copy
import csv
import json
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import conf
from benchmarks.daily import DOOR, ROOT, commits
from jobs import deliver

FIRST_YEAR, LAST_YEAR = 2024, 2025
# Tables that hand in daily, and the column of the day that a row tells of.
TABLES = {"health_birth": "出生日期", "health_death": "死亡日期"}
PERSONS, FIRMS = 200_000, 600
TARGET = 1.2

Texts = dict[str, str]
Record = dict[str, Any]


class Step(NamedTuple):
    """A timed night, several nights that are not timed, or (no days) the vacuum after a month."""

    month: str
    days: tuple[date, ...]
    timed: bool = False

    @property
    def name(self) -> str:
        """What it is called in the record."""
        if not self.days:
            return f"{self.month} vacuum"
        return str(self.days[0]) if len(self.days) == 1 else f"{self.days[0]} to {self.days[-1]}"


def steps(nights: int) -> Iterator[Step]:
    """All steps in order; `nights` of the first and of the last month are timed."""
    months = [(year, month) for year in range(FIRST_YEAR, LAST_YEAR + 1) for month in range(1, 13)]
    for year, month in months:
        name = f"{year}-{month:02}"
        days = [date(year, month, n + 1) for n in range(calendar.monthrange(year, month)[1])]
        timed = nights if (year, month) in (months[0], months[-1]) else 0
        yield from (Step(name, (day,), True) for day in days[:timed])
        if days[timed:]:
            yield Step(name, tuple(days[timed:]))
        yield Step(name, ())


def handed_in() -> tuple[Texts, dict[date, Texts]]:
    """Path below landing → text: what there is before the first month, and what each day brings."""
    loaded = conf.load()
    params = copy.deepcopy(dict(deliver.read_params(loaded.root)))
    params["defects"] = {}
    before: Texts = {}
    daily: dict[date, Texts] = defaultdict(dict)
    found = deliver.landing_files(loaded, params, PERSONS, FIRMS, loaded.settings.simulation.seed)
    for file in found:
        if file.table not in TABLES:
            continue
        text = file.content.decode()
        header, *lines = text.splitlines()
        at = next(csv.reader([header])).index(TABLES[file.table])
        if int(file.date[:4]) <= FIRST_YEAR:
            before[file.path] = text
            continue
        by_day: dict[date, list[str]] = defaultdict(list)
        for line in lines:
            told = next(csv.reader([line]))[at]
            by_day[date.fromisoformat(told) + timedelta(days=1)].append(line)
        folder, name = file.path.split("/")[:2], file.path.rpartition("/")[2]
        for day, rows in by_day.items():
            daily[day]["/".join((*folder, str(day), name))] = "\n".join((header, *rows, ""))
    return before, daily


def gathered(days: Sequence[date], daily: dict[date, Texts], every: int) -> Texts:
    """The files of these days, handed in every so many days and on the last of them."""
    found: dict[str, list[str]] = {}
    for n, day in enumerate(days):
        on = days[min(len(days) - 1, n - n % every + every - 1)]
        for path, text in daily.get(day, {}).items():
            header, *rows = text.splitlines()
            found.setdefault(path.replace(str(day), str(on)), [header]).extend(rows)
    return {path: "\n".join((*lines, "")) for path, lines in found.items()}


def put(lake: Path, files: Texts) -> None:
    """Files in landing, whole or not at all."""
    for path, text in files.items():
        target = lake / "landing" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(target.name + ".part")
        part.write_text(text, encoding="utf-8")
        part.replace(target)


def run(job: str, lake: Path, *options: str) -> float:
    """Seconds that a job took, its start included; one that fails ends the benchmark with its output."""
    started = time.perf_counter()
    command = [DOOR, job, "--lake", str(lake), *options]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return time.perf_counter() - started


def do(step: Step, lake: Path, daily: dict[date, Texts], every: int) -> Record:
    """Carry out a step; what there is to tell of it."""
    if not step.days:
        run("vacuum", lake)
        files = [path.stat().st_size for path in lake.rglob("*") if path.is_file()]
        return {"files": len(files), "bytes": sum(files), "commits": commits(lake)}
    put(lake, gathered(step.days, daily, every))
    first, last = str(step.days[0]), str(step.days[-1])
    options = ("--as-of", first) if step.timed else ("--from", first, "--to", last)
    return {"seconds": run("daily", lake, *options)}


def records(file: Path) -> list[Record]:
    """What was begun and done so far."""
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def note(file: Path, record: Record) -> None:
    """Add to the record."""
    with file.open("a") as stream:
        stream.write(json.dumps(record) + "\n")


def table(found: Sequence[Record], todo: Sequence[Step]) -> str:
    """What was measured, a line a month, and how the last month compares with the first."""
    begun = [r["name"] for r in found if r["state"] == "begun"]
    done = {r["name"]: r for r in found if r["state"] == "done"}
    lines = [f"{'month':<10}{'nights timed':>13}{'median s':>10}{'files':>9}{'MB':>9}{'log entries':>13}"]
    medians = {}
    for month in dict.fromkeys(step.month for step in todo):
        own = [
            s for s in todo if s.month == month and s.timed and s.name in done and begun.count(s.name) == 1
        ]
        if own:
            medians[month] = statistics.median(done[s.name]["seconds"] for s in own)
        if size := done.get(f"{month} vacuum"):
            lines.append(
                f"{month:<10}{len(own):>13}{f'{medians[month]:.1f}' if own else '—':>10}{size['files']:>9,}"
                f"{size['bytes'] / 1e6:>9.1f}{size['commits']:>13,}"
            )
    if len(medians) == 2:
        (first, a), (last, b) = medians.items()
        lines.append(
            f"median night: {first} {a:.1f} s, {last} {b:.1f} s, ratio {b / a:.2f} (at most {TARGET})"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Nightly time over 24 simulated months.")
    parser.add_argument(
        "--lake", type=Path, default=ROOT / "out" / "months" / "lake", help="a folder of its own"
    )
    parser.add_argument(
        "--nights", type=int, default=15, help="nights timed in the first and the last month (%(default)s)"
    )
    parser.add_argument(
        "--every",
        type=int,
        default=7,
        help="days between deliveries where nights are not timed (%(default)s)",
    )
    options = parser.parse_args()
    lake, todo = options.lake.resolve(), list(steps(options.nights))
    lake.mkdir(parents=True, exist_ok=True)
    record = lake.parent / "months.jsonl"
    before, daily = handed_in()
    put(lake, before)
    for step in todo:
        if any(r["name"] == step.name and r["state"] == "done" for r in records(record)):
            continue
        print(f"{time.strftime('%H:%M:%S')} {step.name}", file=sys.stderr, flush=True)
        note(record, {"name": step.name, "state": "begun"})
        note(record, {"name": step.name, "state": "done", **do(step, lake, daily, options.every)})
    print(
        f"{options.nights} nights timed in {todo[0].month} and {todo[-1].month}; others every {options.every} days"
    )
    print(table(records(record), todo))


if __name__ == "__main__":
    main()
