"""What a daily run would do: decided from landing, code and settings alone, before a JVM starts."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import conf
from conf import ConfError
from conf.source_files import Source, load_sources
from jobs import crosscheck
from jobs.lake import decisions, landing
from jobs.lake.landing import LandedFile, Stray
from jobs.lake.ledger import Ledger
from jobs.lake.paths import Lake
from themes.common.contract import Theme, discover

ROOT = Path(__file__).resolve().parents[1]
# What decides a result; texts of screens do not.
_CODE = (
    "conf/*.*",
    "conf/*/*.yaml",
    "themes/**/*.*",
    "models/**/*.py",
    "jobs/*.py",
    "jobs/lake/**/*.py",
    "jobs/methods/*.py",
    "jobs/steps/*.py",
)
_TEXTS = "conf/texts"
# How the batch is run decides no figure.
_OPERATIONS = {f"conf/{name}.{kind}" for name in ("operations", "schedule") for kind in ("py", "yaml")}
_SUFFIXES = {".py", ".yaml", ".csv"}


@dataclass(frozen=True)
class Plan:
    """What a run would do: every file in landing, and the fingerprint of each part of the lake."""

    themes: tuple[Theme, ...]
    sources: dict[str, Source]
    files: list[LandedFile]
    strays: list[Stray]
    code: str
    fingerprints: dict[str, str] = field(default_factory=dict)


def digest(*parts: str) -> str:
    """A short fingerprint of texts."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def code_version(root: Path = ROOT) -> str:
    """Hash of everything that decides a result: code, contracts, definitions, settings."""
    found = {p for pattern in _CODE for p in root.glob(pattern) if p.suffix in _SUFFIXES}
    left_out = {root / name for name in _OPERATIONS}
    files = sorted(p for p in found - left_out if p.parent != root / _TEXTS)
    return digest(*(f"{p.relative_to(root)} {hashlib.sha256(p.read_bytes()).hexdigest()}" for p in files))


def make_plan(lake: Lake, profile: str, as_of: date) -> Plan:
    """Look at landing and the code; nothing is read into Spark and nothing is written.

    Raises ConfError where themes, sources and contracts do not fit each other.
    """
    themes, sources = discover(), load_sources(profile)
    found = crosscheck.problems(conf.load(), themes, sources, profile)
    if found:
        raise ConfError(found)
    files = landing.scan(lake.landing, sources, as_of)
    code = code_version()
    plan = Plan(themes, sources, files, landing.stray_files(lake.landing, sources), code)
    contracts = {name: table for theme in themes for name, table in theme.contract.tables.items()}
    indicators = {name: indicator for theme in themes for name, indicator in theme.indicators.items()}
    decided, not_applied = decisions.load(lake.landing, as_of, contracts, indicators)
    for problem in not_applied:
        print(f"not applied: {problem}", file=sys.stderr)
    # Every table that has a source, so that one whose files are gone counts as changed.
    for table in sorted({source.table for source in sources.values()}):
        seen = [f"{f.path} {f.hash}" for f in files if f.table == table]
        of_table = {table, *(name for name, indicator in indicators.items() if table in indicator.tables)}
        said = [str(decision) for decision in decided if decision.table in of_table]
        plan.fingerprints[table] = digest(code, *seen, *said)
    return plan


def release_fingerprint(plan: Plan, profile: str, as_of: date) -> str:
    """Fingerprint of all that a release says: the tables, and which plan targets are past due on the day."""
    overdue = sorted(t.target_id for t in conf.load().targets if t.due < as_of)
    return digest(profile, *(f"{t} {f}" for t, f in sorted(plan.fingerprints.items())), *overdue)


def delivery_fingerprints(plan: Plan, table: str) -> dict[str, str]:
    """Delivery → fingerprint of its readable files, so that bronze reads only what is new."""
    by_delivery: dict[str, list[str]] = {}
    for file in plan.files:
        if file.table == table and file.repeats is None:
            by_delivery.setdefault(file.delivery, []).append(f"{file.path} {file.hash}")
    return {delivery: digest(plan.code, *seen) for delivery, seen in by_delivery.items()}


def new_strays(ledger: Ledger, plan: Plan) -> list[str]:
    """One line for each file that no source claims and that no run before has told of."""
    told = ledger.strays()
    return [f"{stray.path}: {stray.reason.en}" for stray in plan.strays if stray.path not in told]
