"""Run every check of `make test`, tell the time of each, and end with pytest's own summary lines.

    .venv/bin/python tools/checks.py

All parts run, also after a failure, so that one run shows everything. DINGPAN_REQUIRE_BROWSER=1 makes a
skipped browser test a failure (continuous integration sets it).
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
LOGS = ROOT / "out" / "checks"
REQUIRE_BROWSER = "DINGPAN_REQUIRE_BROWSER"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
NO_BROWSER = "SKIPPED browser tests: Chromium was not found (Debian: apt-get install chromium)"

PYTEST = ["pytest", "-rs", "--durations=5", "--durations-min=1", "-m"]
BESIDE = ["-n", "auto", "--maxprocesses", "4", "--dist", "loadfile"]
PARTS: dict[str, list[str]] = {
    "ruff": ["ruff", "check"],
    "format": ["ruff", "format", "--check"],
    "mypy": ["mypy"],
    "imports": ["lint-imports", "--config", "setup.cfg"],
    # Side by side: they share nothing but the machine.
    "unit": [*PYTEST, "not spark and not browser and not verify", *BESIDE],
    "spark": [*PYTEST, "spark and not browser and not verify"],
    "browser": [*PYTEST, "browser and not verify"],
}


class Outcome(NamedTuple):
    """How one part went; ``summary`` is its last line."""

    name: str
    seconds: float
    passed: bool
    summary: str


def run(name: str, command: list[str]) -> Outcome:
    """Run one part in the repository's root, showing its output and keeping it in ``out/checks``."""
    print(f"\n── {name}", flush=True)
    if name == "browser" and not any(shutil.which(program) for program in CHROMIUM):
        print(NO_BROWSER, flush=True)
        return Outcome(name, 0.0, not refused(NO_BROWSER), NO_BROWSER)
    started = time.perf_counter()
    lines: list[str] = []
    with (LOGS / f"{name}.log").open("w") as log, start(command) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            log.write(line)
            lines.append(line.rstrip())
    summary = next((line for line in reversed(lines) if line), "")
    passed = process.returncode == 0 and not (name == "browser" and refused(summary))
    return Outcome(name, time.perf_counter() - started, passed, summary)


def start(command: list[str]) -> subprocess.Popen[str]:
    """Start a program of this environment, its errors among its output."""
    return subprocess.Popen(
        [str(BIN / command[0]), *command[1:]],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def refused(summary: str) -> bool:
    """Whether skipped tests, told by the last line of a part, count as a failure here."""
    return os.environ.get(REQUIRE_BROWSER) == "1" and "skipped" in summary.lower()


def report(outcomes: list[Outcome]) -> str:
    """Table of the parts' times, then pytest's summary lines."""
    rows = [f"{o.name:<10}{o.seconds:>8.1f} s  {'ok' if o.passed else 'FAILED'}" for o in outcomes]
    total = f"{'total':<10}{sum(o.seconds for o in outcomes):>8.1f} s"
    summaries = [o.summary for o in outcomes if PARTS[o.name][0] == "pytest"]
    return "\n".join(["", *rows, total, "", *summaries])


def main() -> int:
    """Run all parts; 0 when each passed, else 1."""
    LOGS.mkdir(parents=True, exist_ok=True)
    outcomes = [run(name, command) for name, command in PARTS.items()]
    if refused(outcomes[-1].summary):
        print(f"\nA browser test was skipped, and {REQUIRE_BROWSER}=1 asks for all of them", flush=True)
    print(report(outcomes))
    return 0 if all(outcome.passed for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
