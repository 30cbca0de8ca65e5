"""The daily run: everything new in landing through to a release, or one ledger row when nothing is new."""

from __future__ import annotations

import argparse
import fcntl
import secrets
import sys
import traceback
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import conf
from conf import ConfError
from conf.options import Parser
from jobs.crosscheck import waiting_rules
from jobs.lake.landing import stray_files
from jobs.lake.ledger import Ledger
from jobs.lake.paths import Lake
from jobs.plan import Plan, make_plan, release_fingerprint


def parser() -> Parser:
    """The options of the job."""
    made = Parser(
        prog="spark-submit.sh daily",
        description=__doc__,
        epilog="example: ./spark-submit.sh daily --as-of 2026-01-31",
    )
    made.add_argument(
        "--lake", type=Path, default=None, help="folder of the lake (default: conf/settings.yaml)"
    )
    made.add_argument("--profile", choices=("demo", "real"), default="demo", help="which sources are read")
    made.add_argument(
        "--as-of", type=date.fromisoformat, default=None, help="ignore what was handed in later"
    )
    made.add_argument("--master", default=None, help="Spark master (default: conf/settings.yaml)")
    return made


def run(argv: list[str]) -> int:
    """Exit code 0 done, 1 failed, 2 bad input (a delivery was refused or too many of its rows are bad)."""
    options = parser().parse_args(argv)
    settings = conf.load().settings
    lake = Lake((options.lake or Path(settings.lake.path)).resolve())
    if not lake.landing.is_dir():
        print(
            f"daily: no landing zone in {lake.root.name}/: run `./spark-submit.sh deliver` first",
            file=sys.stderr,
        )
        return 2
    as_of = options.as_of or datetime.now(ZoneInfo(settings.spark.time_zone)).date()
    plan = make_plan(lake, options.profile, as_of)
    for stray in stray_files(lake.landing, plan.sources):
        print(f"not read: {stray}: no source in conf claims it", file=sys.stderr)
    for waiting in waiting_rules(conf.load(), plan.themes):
        print(f"silent: rule {waiting}", file=sys.stderr)
    if not plan.files:
        print(f"daily: nobody has handed in anything by {as_of} in {lake.root.name}/landing", file=sys.stderr)
        return 2
    lake.lock.parent.mkdir(parents=True, exist_ok=True)
    with lake.lock.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"daily: another run is at work on {lake.root.name}", file=sys.stderr)
            return 2
        return _run(lake, plan, options, as_of)


def _run(lake: Lake, plan: Plan, options: argparse.Namespace, as_of: date) -> int:
    ledger = Ledger(lake.ledger)
    run_id = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
    ledger.start_run(
        run_id, job="daily", profile=options.profile, as_of=as_of.isoformat(), code_version=plan.code
    )
    fingerprint = release_fingerprint(plan, options.profile, as_of)
    if ledger.built().get("release") == fingerprint:
        ledger.end_run(
            run_id, outcome="nothing_new", exit_code=0, commits=0, message="nothing new in landing"
        )
        print("Nothing new in landing: no release made.")
        return 0
    from jobs.daily_steps import Daily

    try:
        return Daily(lake, ledger, plan, run_id, as_of, options.profile).run(options.master, fingerprint)
    except ConfError as error:
        ledger.end_run(run_id, outcome="failed", exit_code=2, message=error.problems[0][:500])
        raise
    except BaseException as error:
        first = next(iter(str(error).splitlines()), "") or type(error).__name__
        ledger.end_run(run_id, outcome="failed", exit_code=1, message=first[:500])
        details = lake.failure(run_id)
        details.parent.mkdir(parents=True, exist_ok=True)
        details.write_text(traceback.format_exc(), encoding="utf-8")
        print(f"daily: failed: {first[:500]} (more in {details.relative_to(lake.root)})", file=sys.stderr)
        if isinstance(error, Exception):
            return 1
        raise
