"""Frozen records of what a page shows. Pages and reports read these and nothing else.

Values are as in gold, in the unit named beside them (codes of conf/units.yaml); `None` is a missing value.
Every record that shows a value carries `status` (real, estimated, forecast, simulated) and, where the value
can be walked back, `trace`: a url-safe key for `facts.trace`.
"""

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
    time."""

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
    changes: tuple[Change, ...]
    light: Light | None
    target: TargetFact | None
    spark: tuple[SparkPoint, ...]
    trace: str


@dataclass(frozen=True)
class TargetFact:
    """A plan target 规划目标. `attainment`, `time_elapsed` (序时进度) and `pace` are shares: 0.62 is 62 %."""

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
    evidence: str
    status: str
    quality: float | None
    trace: str | None


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
class MapClass:
    """One class of a map's legend: from `lower` up to `upper` (the last class holds its upper limit too)."""

    lower: float
    upper: float
    n: int


@dataclass(frozen=True)
class MapArea:
    """One area. `class_index` is None where there is no value, and on a map of lights. `point` is where its
    label goes, as (longitude, latitude) in CGCS2000."""

    region: str
    name: Text
    point: tuple[float, float] | None
    value: float | None
    class_index: int | None
    light: Light | None
    status: str
    is_leaf: bool
    trace: str


@dataclass(frozen=True)
class MapFact:
    """A map of a region's children. `kind` is sequential, diverging (about `midpoint`) or light.

    `reason` is None, or the key under `map.reason` in the UI texts that says why there is nothing to show
    (`province_only`, `no_rows`, `country`, `no_boundaries`). `selected` is the region the page is about,
    which the map marks where it is one of its areas. `geojson` is a file name below the lake's `geo/`.
    """

    kind: str
    indicator: str
    name: Text
    breakdown: str
    breakdown_name: Text
    unit: str
    decimals: int
    freq: str
    period: str
    region: str
    region_name: Text
    level: str
    selected: str
    geojson: str
    midpoint: float | None
    classes: tuple[MapClass, ...]
    lights: tuple[tuple[Light, int], ...]
    areas: tuple[MapArea, ...]
    status: str
    source: Text
    published_at: date | None
    reason: str | None

    @property
    def missing(self) -> tuple[MapArea, ...]:
        """Areas without a value, in official order."""
        return tuple(area for area in self.areas if area.value is None and area.light is None)


@dataclass(frozen=True)
class TrendPoint:
    """One known value of a series."""

    period: str
    period_end: date
    value: float | None
    status: str


@dataclass(frozen=True)
class BandPoint:
    """One forecast step with its 80 % and 95 % intervals."""

    period: str
    period_end: date
    step: int
    mean: float
    lo80: float | None
    hi80: float | None
    lo95: float | None
    hi95: float | None


@dataclass(frozen=True)
class PastForecast:
    """What the champion model would have said at an earlier origin (gold.backtest)."""

    origin: str
    points: tuple[BandPoint, ...]


@dataclass(frozen=True)
class ModelScore:
    """A model's record over its backtest: `mape`, `smape` in percent, coverages as shares, `fva` in
    percent."""

    model: str
    model_version: str
    n_origins: int
    n_errors: int
    mase: float | None
    mape: float | None
    smape: float | None
    bias: float | None
    coverage80: float | None
    coverage95: float | None
    fva: float | None


@dataclass(frozen=True)
class TrendFact:
    """A series: actual values, the forecast in force, past forecasts by origin, and the model's record."""

    indicator: str
    name: Text
    breakdown: str
    breakdown_name: Text
    unit: str
    decimals: int
    freq: str
    region: str
    region_name: Text
    actual: tuple[TrendPoint, ...]
    origin: str | None
    forecast: tuple[BandPoint, ...]
    past: tuple[PastForecast, ...]
    score: ModelScore | None
    goal: float | None
    goal_due: date | None
    status: str
    source: Text
    published_at: date | None


@dataclass(frozen=True)
class RankRow:
    """`rank_change` is how many places the region rose (+) or fell (−) since `prior_period`."""

    rank: int
    region: str
    region_name: Text
    value: float
    rank_change: int | None
    light: Light | None
    status: str
    trace: str


@dataclass(frozen=True)
class Ranking:
    """Children of a region by value, highest first. `prior_period` is the period the ranks are compared
    with."""

    indicator: str
    name: Text
    breakdown_name: Text
    unit: str
    decimals: int
    freq: str
    period: str
    prior_period: str | None
    region: str
    region_name: Text
    rows: tuple[RankRow, ...]
    selected: str
    status: str
    source: Text
    published_at: date | None


@dataclass(frozen=True)
class PyramidBand:
    """One age group, with the men and the women in it."""

    age: str
    age_name: Text
    male: float | None
    female: float | None


@dataclass(frozen=True)
class PyramidFact:
    """Population by age and sex, youngest first."""

    indicator: str
    name: Text
    unit: str
    decimals: int
    freq: str
    period: str
    region: str
    region_name: Text
    bands: tuple[PyramidBand, ...]
    status: str
    source: Text
    published_at: date | None


@dataclass(frozen=True)
class TableRow:
    """One value of a theme page's table."""

    region: str
    region_name: Text
    breakdown: str
    breakdown_name: Text
    period: str
    freq: str
    value: float | None
    status: str
    quality: float | None
    published_at: date
    trace: str


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


@dataclass(frozen=True)
class ThemeNav:
    """A theme in the navigation. `worst` is its worst light in force, None when no warning is."""

    theme: str
    name: Text
    icon: str
    n_indicators: int
    n_warnings: int
    worst: str | None
    status: str


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
class HomeFacts:
    """`counts`: how many warnings are in force by light; the warnings come worst first, then oldest first."""

    release: ReleaseFact
    region: str
    region_name: Text
    headlines: tuple[Figure, ...]
    targets: tuple[TargetFact, ...]
    counts: tuple[tuple[str, int], ...]
    target_counts: tuple[tuple[str, int], ...]
    warnings: tuple[WarningFact, ...]
    map: MapFact


@dataclass(frozen=True)
class ThemeFacts:
    """A theme's page for one indicator, region, breakdown and period. `selected` is None when the theme has
    no figure in the region at all; then everything below it is empty. The lists of options never are None."""

    release: ReleaseFact
    theme: str
    theme_name: Text
    region: str
    region_name: Text
    indicator: str
    breakdown: str
    period: str
    freq: str
    selected: Figure | None
    figures: tuple[Figure, ...]
    trend: TrendFact | None
    map: MapFact | None
    ranking: Ranking | None
    pyramid: PyramidFact | None
    table: tuple[TableRow, ...]
    warnings: tuple[WarningFact, ...]
    targets: tuple[TargetFact, ...]
    indicators: tuple[Option, ...]
    breakdowns: tuple[Option, ...]
    periods: tuple[PeriodOption, ...]


@dataclass(frozen=True)
class WarningsFacts:
    """The warnings page: `counts` by light over all warnings, whatever narrows the list."""

    release: ReleaseFact
    region: str
    region_name: Text
    counts: tuple[tuple[str, int], ...]
    warnings: tuple[WarningFact, ...]
    map: MapFact


@dataclass(frozen=True)
class TargetsFacts:
    """The targets page: `counts` by light."""

    release: ReleaseFact
    region: str
    region_name: Text
    counts: tuple[tuple[str, int], ...]
    targets: tuple[TargetFact, ...]


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
    rows: Balance
    sums: Balance | None
    dimensions: tuple[tuple[str, float | None], ...]
    score: float | None
    status: str
    run_id: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class QualityFacts:
    """Deliveries, newest first. `outcomes` counts the files by outcome; `departments` are the filter's
    choices."""

    release: ReleaseFact
    outcomes: tuple[tuple[str, int], ...]
    deliveries: tuple[DeliveryFact, ...]
    departments: tuple[Option, ...]


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
class SearchHit:
    """`kind` is indicator or region; `theme` and `indicator`, or `region`, say where to go."""

    kind: str
    name: Text
    theme: str | None
    indicator: str | None
    region: str | None
    detail: Text


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
