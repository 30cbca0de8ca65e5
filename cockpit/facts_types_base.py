"""Records of single figures: texts, lights, changes, cards, targets and warnings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Text:
    """One text in both languages."""

    zh: str
    en: str

    def get(self, lang: str) -> str:
        """The text in `zh` or `en`; Chinese where English is empty."""
        return self.en or self.zh if lang == "en" else self.zh


@dataclass(frozen=True)
class Light:
    """A warning light: colour, level (I–IV or None) and the scheme that gives the colour its meaning."""

    light: str
    level: str | None
    scheme: str


@dataclass(frozen=True)
class Change:
    """A change 同比 (`yoy`) or 环比 (`prev`): a row of gold of its own. `good` follows the indicator's
    favourable direction: None when the indicator has none or the change is zero or missing."""

    kind: str
    value: float | None
    unit: str
    decimals: int
    good: bool | None
    trace: str


@dataclass(frozen=True)
class SparkPoint:
    """One period of a sparkline."""

    period: str
    value: float | None
    is_forecast: bool


@dataclass(frozen=True)
class Figure:
    """One figure card. `stale_days`: days by which its table is later than its freshness allows, 0 if in
    time. `doubt`: the evidence against a figure under suspicion 存疑 that nobody has settled yet."""

    theme: str
    indicator: str
    breakdown: str
    breakdown_name: Text
    name: Text
    definition: Text
    value: float | None
    unit: str
    decimals: int
    freq: str
    period: str
    period_end: date | None
    region: str
    region_name: Text
    department: Text
    source: Text
    status: str
    quality: float | None
    published_at: date | None
    direction: str
    stale_days: int
    doubt: Text | None
    changes: tuple[Change, ...]
    light: Light | None
    target: TargetFact | None
    spark: tuple[SparkPoint, ...]
    trace: str


@dataclass(frozen=True)
class TargetFact:
    """A plan target 规划目标. `attainment`, `time_elapsed` (序时进度) and `pace` are shares: 0.62 is 62 %.

    `chance` (达成概率, 0-1) is null with a code in `chance_reason`; rates are in the target's unit a year.
    `months_late`: months after its due date (+ late, - early) on which it was `reached`, or by which it was late at
    the newest report when it was not; null while that cannot be told.
    """

    target_id: str
    clause: Text
    name: Text
    region: str
    region_name: Text
    unit: str
    decimals: int
    direction: str
    base: float | None
    base_date: date | None
    goal: float | None
    due: date | None
    department: Text
    indicator: str | None
    breakdown: str
    value: float | None
    period: str | None
    published_at: date | None
    attainment: float | None
    time_elapsed: float | None
    pace: float | None
    light: Light
    chance: float | None
    chance_reason: str | None
    required_rate: float | None
    recent_rate: float | None
    months_late: int | None
    reached: date | None
    evidence: str
    status: str
    quality: float | None
    trace: str | None


@dataclass(frozen=True)
class ChanceRecord:
    """Chances that a `word` names (or all): how many `cases` of how many `targets`, how many were `met`, their mean
    chance `told` and the `share` met (0-1). `brier`, `base_brier` and `skill` are null where `few` cases are not
    scored, `skill` also where all came out alike."""

    word: str
    cases: int
    targets: int
    met: int
    told: float
    share: float
    brier: float | None
    base_brier: float | None
    skill: float | None
    since: date
    until: date
    few: bool
    status: str


@dataclass(frozen=True)
class WarningFact:
    """A warning in force. `since` is the period its present run began; `run_length` counts its periods.
    `verified`: whether the rule's thresholds were checked against the document they cite."""

    theme: str
    theme_name: Text
    rule_id: str
    rule_version: str
    rule_name: Text
    message: Text
    rule_source: Text
    verified: bool
    indicator: str
    indicator_name: Text
    region: str
    region_name: Text
    period: str
    freq: str
    period_end: date | None
    since: str
    run_length: int
    light: Light
    direction: str
    value: float | None
    unit: str
    decimals: int
    compared: float | None
    threshold: float | None
    distance_to_next: float | None
    department: Text
    status: str
    quality: float | None
    trace: str


@dataclass(frozen=True)
class ReleaseFact:
    """`status` is the worst status of anything in the release."""

    release_id: str
    released_at: datetime
    as_of: date
    run_id: str
    profile: str
    quality: float | None
    code_version: str


@dataclass(frozen=True)
class Option:
    """A choice of a filter; `key` goes into the URL."""

    key: str
    name: Text


@dataclass(frozen=True)
class PeriodOption:
    """A period that a page can show."""

    period: str
    freq: str
