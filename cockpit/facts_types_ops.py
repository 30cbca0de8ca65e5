"""Records of the data office's pages: quality, runs, the catalogue, and where a value comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from cockpit.facts_types_base import Option, ReleaseFact, Text


@dataclass(frozen=True)
class Balance:
    """received = accepted + quarantined + duplicate + superseded, in rows or in the sum of a measure."""

    measure: str | None
    received: float
    accepted: float
    quarantined: float
    duplicate: float
    superseded: float

    @property
    def holds(self) -> bool:
        """Whether the two sides are equal, to a relative 1e-9 for sums of decimals."""
        parts = self.accepted + self.quarantined + self.duplicate + self.superseded
        return abs(self.received - parts) <= 1e-9 * max(1.0, abs(self.received))


@dataclass(frozen=True)
class Finding:
    """What one rule found in one file: `rows` rows, the first of them, and an example of the value."""

    code: str
    dimension: str
    severity: str
    column: str
    column_name: str
    message: Text
    rows: int
    first_row: int | None
    example: str | None


@dataclass(frozen=True)
class DeliveryFact:
    """One delivered file. `dimensions`: the six scores of GB/T 36344 (0–100), in the standard's order; None
    where nothing could be measured."""

    theme: str
    table: str
    title: Text
    department: Text
    delivery: str
    delivered_on: date
    file: str
    bytes: int
    encoding: str | None
    outcome: str
    reason: Text
    reason_code: str
    extra_columns: tuple[str, ...]
    rows: Balance
    sums: Balance | None
    dimensions: tuple[tuple[str, float | None], ...]
    score: float | None
    status: str
    run_id: str
    findings: tuple[Finding, ...]

    @property
    def balances(self) -> bool:
        """Whether what was received is accounted for, in rows and in the sum of the measure."""
        return all(balance.holds for balance in (self.rows, self.sums) if balance is not None)


@dataclass(frozen=True)
class MonthScore:
    """The mean score (0–100) of the files that a department handed in during a month such as `2026-03`."""

    month: str
    score: float
    files: int


@dataclass(frozen=True)
class QualityFacts:
    """Deliveries, newest first. `outcomes` counts the files by outcome; `departments` are the filter's
    choices; `by_department` puts the department with a refused file or the worst score first, and in it the
    refused files; `scores` are each department's by month, oldest first."""

    release: ReleaseFact
    outcomes: tuple[tuple[str, int], ...]
    deliveries: tuple[DeliveryFact, ...]
    departments: tuple[Option, ...]
    by_department: tuple[tuple[str, tuple[DeliveryFact, ...]], ...]
    scores: dict[str, tuple[MonthScore, ...]]


@dataclass(frozen=True)
class StrayFact:
    """A file in landing that no source claims, and why nobody reads it."""

    file: str
    code: str
    reason: Text


@dataclass(frozen=True)
class StepFact:
    """One step of a run."""

    name: str
    started: str | None
    ended: str | None
    outcome: str
    detail: str


@dataclass(frozen=True)
class RunFact:
    """One run of the ledger, its rows as a balance."""

    run_id: str
    job: str
    profile: str
    as_of: str
    started: str
    ended: str | None
    outcome: str
    exit_code: int | None
    rows: Balance
    commits: int
    release_id: str | None
    code_version: str
    message: str
    steps: tuple[StepFact, ...]


@dataclass(frozen=True)
class RunsFacts:
    """The runs page."""

    runs: tuple[RunFact, ...]
    releases: tuple[ReleaseFact, ...]


@dataclass(frozen=True)
class CatalogueRow:
    """One definition 口径 of the catalogue."""

    theme: str
    theme_name: Text
    indicator: str
    name: Text
    unit: str
    freq: str
    definition: Text
    formula: str
    department: Text
    source: Text
    table: str
    direction: str
    light_scheme: str
    status: str


@dataclass(frozen=True)
class Revision:
    """One publication of a figure."""

    published_at: date
    value: float | None
    status: str


@dataclass(frozen=True)
class TraceFacts:
    """Everything behind one value. `kind` is `indicator` or `forecast`. `table_versions` are the gold
    tables read and their Delta versions; `source_table` is the silver table the figure was made from;
    `command` lists every source row."""

    key: str
    kind: str
    theme: str
    theme_name: Text
    indicator: str
    name: Text
    region: str
    region_name: Text
    breakdown: str
    breakdown_name: Text
    period: str
    freq: str
    value: float | None
    unit: str
    decimals: int
    interval95: tuple[float | None, float | None] | None
    model: str | None
    origin: str | None
    definition: Text
    formula: str
    department: Text
    source: Text
    publisher: Text
    document: Text
    licence: str
    source_table: str
    table_versions: tuple[tuple[str, int], ...]
    files: tuple[str, ...]
    source_rows: int | None
    first_row: int | None
    last_row: int | None
    published_at: date | None
    revisions: tuple[Revision, ...]
    quality: float | None
    status: str
    run_id: str
    release_id: str
    released_at: datetime
    command: str
