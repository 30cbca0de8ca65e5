"""Records of what is drawn: maps, trends, rankings and pyramids."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cockpit.facts_types_base import Light, Text


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
    which the map marks where it is one of its areas. `geojson` is a file name below the lake's `geo/`;
    `bounds` are the west, south, east and north ends of the areas in it. `places` are islands far off their
    area's label, by the area's code.
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
    bounds: tuple[float, float, float, float]
    places: tuple[tuple[str, tuple[float, float]], ...]
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
    """A series: actual values, the forecast in force, past forecasts by origin, and the model's record.

    `model` is the model in force, empty without a forecast; `notes` say how its intervals came about where
    that was not by backtest, and what a projection assumes."""

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
    model: str
    notes: tuple[Text, ...]
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
