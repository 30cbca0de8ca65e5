"""The daily run: everything new in landing through to a release, or one ledger row when nothing is new."""

from __future__ import annotations

import argparse
import hashlib
import secrets
import sys
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import conf
from conf.source_files import Source, load_sources
from jobs.lake import landing
from jobs.lake.landing import LandedFile
from jobs.lake.ledger import Ledger
from jobs.lake.paths import Lake
from themes.common.contract import Theme, discover, find_table

ROOT = Path(__file__).resolve().parents[1]
# What decides a result; texts of screens do not.
_CODE = ("conf/*.*", "conf/*/*.yaml", "themes/**/*.*", "models/**/*.py", "jobs/lake/*.py", "jobs/steps/*.py")
_TEXTS = "conf/texts"
_SUFFIXES = {".py", ".yaml", ".csv"}


@dataclass(frozen=True)
class Plan:
    """What a run would do: every file in landing, and the fingerprint of each part of the lake."""

    themes: tuple[Theme, ...]
    sources: dict[str, Source]
    files: list[LandedFile]
    code: str
    fingerprints: dict[str, str] = field(default_factory=dict)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def code_version(root: Path = ROOT) -> str:
    """Hash of everything that decides a result: code, contracts, definitions, settings."""
    found = {p for pattern in _CODE for p in root.glob(pattern) if p.suffix in _SUFFIXES}
    files = sorted(p for p in found if p.parent != root / _TEXTS)
    return _digest(*(f"{p.relative_to(root)} {hashlib.sha256(p.read_bytes()).hexdigest()}" for p in files))


def make_plan(lake: Lake, profile: str, as_of: date) -> Plan:
    """Look at landing and the code; nothing is read into Spark and nothing is written."""
    themes, sources = discover(), load_sources(profile)
    for source in sources.values():
        find_table(source.table)
    files = landing.scan(lake.landing, sources, as_of)
    code = code_version()
    plan = Plan(themes, sources, files, code)
    for table in sorted({f.table for f in files}):
        seen = [f"{f.path} {f.hash}" for f in files if f.table == table]
        plan.fingerprints[table] = _digest(code, *seen)
    return plan


def delivery_fingerprints(plan: Plan, table: str) -> dict[str, str]:
    """Delivery → fingerprint of its readable files, so that bronze reads only what is new."""
    by_delivery: dict[str, list[str]] = {}
    for file in plan.files:
        if file.table == table and file.repeats is None:
            by_delivery.setdefault(file.delivery, []).append(f"{file.path} {file.hash}")
    return {delivery: _digest(plan.code, *seen) for delivery, seen in by_delivery.items()}


def parser() -> argparse.ArgumentParser:
    """The options of the job."""
    made = argparse.ArgumentParser(
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
    lake = Lake((options.lake or Path(conf.load().settings.lake.path)).resolve())
    if not lake.landing.is_dir():
        print(
            f"daily: no landing zone in {lake.root.name}/: run `./spark-submit.sh deliver` first",
            file=sys.stderr,
        )
        return 2
    as_of = options.as_of or datetime.now(UTC).date()
    plan = make_plan(lake, options.profile, as_of)
    ledger = Ledger(lake.ledger)
    run_id = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
    ledger.start_run(
        run_id, job="daily", profile=options.profile, as_of=as_of.isoformat(), code_version=plan.code
    )
    fingerprint = _digest(options.profile, *(f"{t} {f}" for t, f in sorted(plan.fingerprints.items())))
    if ledger.built().get("release") == fingerprint:
        ledger.end_run(
            run_id, outcome="nothing_new", exit_code=0, commits=0, message="nothing new in landing"
        )
        print("Nothing new in landing: no release made.")
        return 0
    from jobs.daily_steps import Daily

    try:
        return Daily(lake, ledger, plan, run_id, as_of, options.profile).run(options.master, fingerprint)
    except BaseException as error:
        first = next(iter(str(error).splitlines()), "") or type(error).__name__
        ledger.end_run(run_id, outcome="failed", exit_code=1, message=first[:500])
        print(f"daily: failed: {first[:500]}", file=sys.stderr)
        if isinstance(error, Exception):
            return 1
        raise
