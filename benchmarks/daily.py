"""Time of the daily job on a fresh lake, and again with nothing new.

    .venv/bin/python benchmarks/daily.py [--lake DIR]

The deliveries are made beforehand and not counted. One run before the measured one warms the disk's caches;
the lake is then emptied but for landing and geo. Works on Linux (memory is read from /proc).
"""

import argparse
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
DOOR = str(ROOT / "spark-submit.sh")
COMMIT = re.compile(r"\d{20}\.json")
KEPT = {"landing", "geo"}


class Measure(NamedTuple):
    """One run: seconds on the clock, Delta commits written, highest memory of all its processes in MB."""

    seconds: float
    commits: int
    memory: float


def job(name: str, lake: Path) -> list[str]:
    """Command of a job on this lake."""
    return [DOOR, name, "--lake", str(lake)]


def commits(lake: Path) -> int:
    """Delta commits in a lake: the numbered files of its tables' logs."""
    return sum(COMMIT.fullmatch(path.name) is not None for path in lake.rglob("_delta_log/*.json"))


def resident(process: int) -> int:
    """Resident memory of a process and all below it, in KB; 0 when it has ended."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return 0
    own = re.search(r"VmRSS:\s+(\d+)", status)
    return (int(own[1]) if own else 0) + sum(resident(int(child)) for child in children)


def measure(command: list[str], lake: Path) -> Measure:
    """Run a job and measure it; its output is shown only when it fails, which ends the benchmark."""
    before, started, peak = commits(lake), time.perf_counter(), 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        output: list[str] = []
        reader = threading.Thread(target=lambda: output.extend(process.stdout or ()))
        reader.start()
        while process.poll() is None:
            peak = max(peak, resident(process.pid))
            time.sleep(0.2)
        reader.join()
    if process.returncode != 0:
        sys.exit("".join(output))
    return Measure(time.perf_counter() - started, commits(lake) - before, peak / 1024)


def empty(lake: Path) -> None:
    """Remove from a lake everything but what was handed in and the boundaries."""
    for path in lake.iterdir():
        if path.name not in KEPT:
            shutil.rmtree(path)


def received(lake: Path) -> int:
    """Rows that the lake's runs received, from the ledger."""
    with sqlite3.connect(lake / "ops" / "ledger.db") as ledger:
        return int(ledger.execute("select coalesce(sum(received), 0) from run").fetchone()[0])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Time the daily job on a fresh lake and with nothing new.")
    parser.add_argument("--lake", type=Path, default=ROOT / "out" / "bench", help="a folder of its own")
    lake = parser.parse_args().lake
    if lake.exists():
        shutil.rmtree(lake)
    for name in ("deliver", "boundaries"):
        subprocess.run(job(name, lake), check=True, stdout=subprocess.DEVNULL)
    measure(job("daily", lake), lake)
    empty(lake)
    fresh = measure(job("daily", lake), lake)
    rows = received(lake)
    again = measure(job("daily", lake), lake)
    print(f"{'daily':<14}{'seconds':>9}{'commits':>9}{'MB':>8}{'rows':>10}")
    print(f"{'fresh lake':<14}{fresh.seconds:>9.1f}{fresh.commits:>9}{fresh.memory:>8.0f}{rows:>10}")
    print(f"{'nothing new':<14}{again.seconds:>9.1f}{again.commits:>9}{again.memory:>8.0f}{0:>10}")


if __name__ == "__main__":
    main()
