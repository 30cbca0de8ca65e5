"""`python -m jobs JOB [options]`: the one door for batch work, behind ./spark-submit.sh."""

from __future__ import annotations

import sys
from importlib import import_module

from conf import ConfError

JOBS = {
    "deliver": ("jobs.deliver", "make the embedded deliveries: census tables and simulated (模拟) registers"),
    "extract": ("jobs.extract", "read departments' databases into landing, what is new since the last time"),
    "boundaries": ("jobs.boundaries", "make the maps' boundaries from an installed package"),
    "daily": ("jobs.daily", "landing → bronze → silver → gold → release"),
    "feedback": ("jobs.feedback", "write back to departments what was wrong, and which corrections are due"),
    "runs": ("jobs.operate.runs", "the last runs; with --why what happened in one and what to do"),
    "status": ("jobs.operate.status", "what is late, what the newest release changed, unusual jumps"),
    "rerun": ("jobs.operate.rerun", "a run once more, built anew from landing"),
    "schedule": ("jobs.operate.schedule", "run the jobs of conf/schedule.yaml at their times"),
    "outbox": ("jobs.operate.outbox_job", "messages about failures and late data: list, send"),
    "release": ("jobs.operate.release", "list and show releases, show an older one again"),
    "vacuum": ("jobs.operate.vacuum", "drop releases past their time and the files that only they name"),
    "backup": ("jobs.operate.backup", "copy the lake and the store to another place, or rehearse a recovery"),
    "restore": ("jobs.operate.restore", "a lake and its store again from a backup"),
    "real": ("jobs.real", "load real departments' files of a folder into a lake of their own"),
    "trace": ("jobs.trace", "walk a figure back to its delivery, file and rows"),
    "report": ("jobs.report", "write a report on a theme and a region as a Word or Excel file"),
    "findings": ("jobs.findings", "write what every analysis says, with charts, as one HTML file"),
    "check-reference": (
        "jobs.check_reference",
        "compare the embedded census table with published totals and sources",
    ),
}


def main(argv: list[str]) -> int:
    """Run a job; exit code 0 done, 1 failed, 2 bad input or wrong use."""
    if not argv or argv[0] in ("-h", "--help"):
        print("usage: ./spark-submit.sh JOB [options]\n")
        for name, (_, text) in JOBS.items():
            print(f"  {name:16} {text}")
        return 0 if argv else 2
    if argv[0] not in JOBS:
        print(f"no such job: {argv[0]} (one of {', '.join(JOBS)})", file=sys.stderr)
        return 2
    try:
        return int(import_module(JOBS[argv[0]][0]).run(argv[1:]))
    except ConfError as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
