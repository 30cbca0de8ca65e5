"""Time of the economic and the agricultural build, and how the driver's part of it grows with the data.

    .venv/bin/python -m benchmarks.analyses [--sources DIR] [--lake DIR]

With `--sources` (departments' own files, as for `make real`) the daily job runs on a lake that holds the files of
these two themes only; the start of Spark is measured by itself and taken off. The re-fits behind the scores of past
nowcasts are in it. Then doubts and analyses are timed over generated weekly prices: ten times the series, and of
these ten times the periods.
"""

import argparse
import contextlib
import json
import shutil
import sqlite3
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

import conf
from conf.source_files import load_sources
from jobs.methods.base import Surroundings
from jobs.real import copy, handovers
from jobs.steps import analyses, doubts
from themes.common.contract import discover

ROOT = Path(__file__).resolve().parent.parent
THEMES = ("economic", "agriculture")
#: Series and weeks: once, ten and a hundred times as much.
SIZES = ((10, 156), (100, 156), (100, 1560))
INDICATOR, ANALYSIS = "agriculture.price_weekly", "agriculture.price_deviation"
_SESSION = "from jobs.lake import session; session.start('bench').stop()"


def build(sources: Path, lake: Path) -> None:
    """Time the daily job over the real series of the two themes and print it by step."""
    if lake.exists():
        shutil.rmtree(lake)
    owners = {name: theme.id for theme in discover() for name in theme.contract.tables}
    known = load_sources("real")
    ours = {key: source for key, source in known.items() if owners[source.table] in THEMES}
    for handover in handovers(sources, lake / "landing", ours):
        copy(handover)
    started = _seconds([sys.executable, "-c", _SESSION])
    whole = _seconds([str(ROOT / "spark-submit.sh"), "daily", "--lake", str(lake), "--profile", "real"])
    print(f"{'build':<24}{'seconds':>9}")
    for name, seconds in _steps(lake / "ops" / "ledger.db"):
        print(f"  {name:<22}{seconds:>9.1f}")
    for name, seconds in (("whole", whole), ("start of Spark", started), ("beyond it", whole - started)):
        print(f"{name:<24}{seconds:>9.1f}")


def _seconds(command: list[str]) -> float:
    """Seconds of a command; its output is shown only when it fails, which ends the benchmark."""
    began = time.perf_counter()
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    # 2: done, though a delivery held bad rows
    if ended.returncode not in (0, 2):
        sys.exit(ended.stdout + ended.stderr)
    return time.perf_counter() - began


def _steps(ledger: Path) -> list[tuple[str, float]]:
    with contextlib.closing(sqlite3.connect(ledger)) as store:
        rows = store.execute(
            "select name, 86400 * (julianday(ended) - julianday(started)) from step order by position"
        )
        return [(str(name), float(seconds)) for name, seconds in rows]


def figures(series: int, weeks: int) -> pd.DataFrame:
    """Rows of gold.indicator: weekly prices with a season, each series a random walk."""
    rng = np.random.default_rng(series * weeks)
    monday = date(2025, 12, 29) - timedelta(weeks=weeks - 1)
    days = [monday + timedelta(weeks=n) for n in range(weeks)]
    labels = ["{}-W{:02d}".format(*day.isocalendar()[:2]) for day in days]
    ends = [day + timedelta(days=6) for day in days]
    season = 0.1 * np.sin(2 * np.pi * np.arange(weeks) / 52)
    parts = []
    for number in range(series):
        walk = np.exp(season + np.cumsum(0.01 * rng.standard_normal(weeks)))
        frame = pd.DataFrame({"period": labels, "period_end": ends, "value": 15 * walk})
        parts.append(
            frame.assign(
                breakdown=f"product=p{number}|stage=retail", source=json.dumps([f"{number % 20}.csv"])
            )
        )
    rows = pd.concat(parts, ignore_index=True)
    return rows.assign(
        theme="agriculture", indicator=INDICATOR, region="440000", freq="W", unit="yuan_per_kg", status="real",
        quality=100.0, published_at=rows["period_end"], source_rows=1, first_row=2, last_row=2,
    )  # fmt: skip


def growth() -> None:
    """Time doubts and analyses over the generated figures of each size and print seconds and their ratio a row."""
    loaded = conf.load()
    whole = next(theme for theme in discover() if theme.id == "agriculture")
    theme = whole.model_copy(update={"analyses": {ANALYSIS: whole.analyses[ANALYSIS]}})
    around = Surroundings(loaded.regions, loaded.neighbours, loaded.festivals, date(2026, 1, 31))
    print(f"{'driver':<24}{'rows':>9}{'doubts':>9}{'analyses':>10}{'ms/row':>9}{'ratio':>8}")
    first = 0.0
    for series, weeks in SIZES:
        rows = figures(series, weeks)
        began = time.process_time()
        found = doubts.found(rows, loaded.series_checks, loaded.units, around.as_of, {})
        between = time.process_time()
        trusted = analyses.with_levels(doubts.trusted(rows, found), loaded.regions)
        made = analyses.results([theme], trusted, around)
        ended = time.process_time()
        if made.figures.empty:
            sys.exit(f"no figures of {ANALYSIS}: {made.methods['reason_en'].iloc[0]}")
        unit = 1000 * (ended - began) / len(rows)
        first = first or unit
        print(
            f"{f'{series} series x {weeks} weeks':<24}{len(rows):>9}{between - began:>9.2f}{ended - between:>10.2f}"
            f"{unit:>9.3f}{unit / first:>8.2f}",
            flush=True,
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Time the economic and agricultural build and its growth.")
    parser.add_argument(
        "--sources", type=Path, help="folder with departments' own files; left out: growth only"
    )
    parser.add_argument(
        "--lake", type=Path, default=ROOT / "out" / "bench_analyses", help="a folder of its own"
    )
    options = parser.parse_args()
    if options.sources:
        build(options.sources, options.lake)
    growth()


if __name__ == "__main__":
    main()
