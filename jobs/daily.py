"""The daily run: everything new in landing through to a release, or one ledger row when nothing is new."""

from __future__ import annotations

import secrets
import sqlite3
import sys
import traceback
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import conf
from conf import ConfError
from conf.operations import operations, remedies
from conf.options import Parser, as_day
from jobs.crosscheck import waiting_rules
from jobs.lake import paths, releases
from jobs.lake.ledger import Ledger
from jobs.lake.paths import Lake
from jobs.operate import lease
from jobs.operate.backfill import days_between, one_after_another, shown_again
from jobs.operate.faults import fault_of
from jobs.operate.notify import after_run
from jobs.plan import Plan, make_plan, new_strays, release_fingerprint


def parser() -> Parser:
    """The options of the job."""
    made = Parser(
        prog="spark-submit.sh daily",
        description=__doc__,
        epilog="example: ./spark-submit.sh daily --as-of 2026-01-31; missed days, one run each:"
        " ./spark-submit.sh daily --from 2026-01-01 --to 2026-01-31",
    )
    paths.add_option(made)
    made.add_argument("--profile", choices=("demo", "real"), default="demo", help="which sources are read")
    made.add_argument("--as-of", type=as_day, default=None, help="ignore what was handed in later")
    made.add_argument("--from", dest="first", type=as_day, help="first day of several, with --to")
    made.add_argument("--to", dest="last", type=as_day, help="last day of several, with --from")
    made.add_argument("--master", default=None, help="Spark master (default: conf/settings.yaml)")
    return made


def run(argv: list[str]) -> int:
    """Exit code 0 done, 1 failed or another run is at work, 2 bad input (a delivery was refused or too many of
    its rows are bad)."""
    made = parser()
    options = made.parse_args(argv)
    if (options.first is None) != (options.last is None):
        made.error("--from and --to go together")
    if options.first and (options.as_of or options.first > options.last):
        made.error("--from must not lie after --to, and goes without --as-of")
    lake = paths.chosen(options)
    operations(), remedies()
    if not lake.landing.is_dir():
        print(
            f"daily: no landing zone in {lake.root.name}/: run `./spark-submit.sh deliver` first",
            file=sys.stderr,
        )
        return 2
    if not options.first and not options.as_of and (why := _clock_went_back(lake)):
        print(f"daily: {why}", file=sys.stderr)
        return 2
    try:
        with lease.hold(lake, "daily") as dead:
            if dead:
                print(f"daily: taking over from a run that did not end: {dead}", file=sys.stderr)
            if options.first is None:
                return one_day(lake, options.profile, options.as_of or today(), options.master)
            with shown_again(lake, today()):
                days = days_between(options.first, options.last)
                return one_after_another(
                    days,
                    done=lambda day: _done(lake, options.profile, day),
                    run=lambda day: one_day(lake, options.profile, day, options.master),
                )
    except lease.LeaseHeldError as error:
        print(f"daily: {error}", file=sys.stderr)
        return 1
    except (OSError, sqlite3.Error) as error:
        # Not even the ledger could be written.
        fault = fault_of(error, remedies())
        known = remedies()[fault.error]
        print(f"daily: failed: {fault.message}: {known.what.en}. {known.remedy.en}", file=sys.stderr)
        return 1


def today() -> date:
    """The day by the clock, where the province is."""
    return datetime.now(ZoneInfo(conf.load().settings.spark.time_zone)).date()


def _clock_went_back(lake: Lake) -> str:
    """Why not to trust the clock: a release has been made of a day that it says is still to come."""
    day = today()
    for release in releases.newest_first(lake)[:1]:
        if release["as_of"] > day:
            return (
                f"the clock says {day}, but release {release['release_id']} is as of {release['as_of']}:"
                " set the clock right, or say the day with --as-of"
            )
    return ""


def _done(lake: Lake, profile: str, day: date) -> str:
    """What an earlier run made of the day and the same inputs; empty when none has come to its end."""
    fingerprint = release_fingerprint(make_plan(lake, profile, day), profile, day)
    ended = Ledger(lake.ledger).ended(day.isoformat(), fingerprint)
    return f"run {ended['run_id']}, {ended['outcome']}" if ended else ""


def one_day(lake: Lake, profile: str, as_of: date, master: str | None) -> int:
    """The run of one day; the caller holds the lease. Raises ConfError."""
    plan = make_plan(lake, profile, as_of)
    for stray in plan.strays:
        print(f"not read: {stray.path}: {stray.reason.code}: {stray.reason.en}", file=sys.stderr)
    for waiting in waiting_rules(conf.load(), plan.themes):
        print(f"silent: rule {waiting}", file=sys.stderr)
    if not plan.files:
        print(f"daily: nobody has handed in anything by {as_of} in {lake.root.name}/landing", file=sys.stderr)
        return 2
    ledger = Ledger(lake.ledger)
    ledger.close_killed()
    run_id = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
    try:
        return _run(lake, ledger, plan, run_id, profile, as_of, master)
    finally:
        ended = ledger.run(run_id)
        if ended is not None:
            last = next(reversed(ledger.steps(run_id)), None)
            after_run(lake, ended, last["name"] if last else "—", as_of)


def _run(
    lake: Lake, ledger: Ledger, plan: Plan, run_id: str, profile: str, as_of: date, master: str | None
) -> int:
    fingerprint = release_fingerprint(plan, profile, as_of)
    ledger.start_run(
        run_id, job="daily", profile=profile, as_of=as_of.isoformat(), code_version=plan.code,
        fingerprint=fingerprint,
    )  # fmt: skip
    if ledger.built().get("release") == fingerprint:
        return _end_without_news(ledger, plan, run_id)
    from jobs.daily_steps import Daily

    try:
        return Daily(lake, ledger, plan, run_id, as_of, profile).run(master, fingerprint)
    except BaseException as error:
        fault = fault_of(error, remedies())
        code = 2 if isinstance(error, ConfError) else 1
        if fault.error == "two_writers":
            # What was noted as built may since have been written over.
            ledger.forget_all()
        ledger.end_run(
            run_id,
            outcome="failed",
            exit_code=code,
            message=fault.message,
            error=fault.error,
            place=fault.place,
        )
        if not isinstance(error, Exception) or isinstance(error, ConfError):
            raise
        details = lake.failure(run_id)
        details.parent.mkdir(parents=True, exist_ok=True)
        details.write_text(traceback.format_exc(), encoding="utf-8")
        print(
            f"daily: failed: {fault.message} (more in {details.relative_to(lake.root)}, what to do:"
            f" ./spark-submit.sh runs --why {run_id})",
            file=sys.stderr,
        )
        return 1


def _end_without_news(ledger: Ledger, plan: Plan, run_id: str) -> int:
    """Close a run that had nothing to read; a file that no source claims makes it a bad one, once."""
    new = new_strays(ledger, plan)
    outcome, code = ("bad_input", 2) if new else ("nothing_new", 0)
    message = "; ".join(new)[:2000] or "nothing new in landing"
    ledger.end_run(run_id, outcome=outcome, exit_code=code, commits=0, message=message)
    ledger.set_strays(plan.strays, run_id)
    print("Nothing new in landing: no release made.")
    return code
