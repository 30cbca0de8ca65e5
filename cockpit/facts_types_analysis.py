"""Records of analyses 研判: what a method made of a theme's indicators, how, and what was kept out of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cockpit.facts_types_base import Text


@dataclass(frozen=True)
class AnalysisInput:
    """A series that a method is given; `breakdown` is `*` for all that the indicator has, `change` is yoy or
    prev where the published change is taken and not the level, and `unit` is the unit of what is taken."""

    role: str
    indicator: str
    name: Text
    breakdown: str
    breakdown_name: Text
    change: str | None
    unit: str


@dataclass(frozen=True)
class Doubt:
    """A value under suspicion 存疑: kept out of methods and forecasts while its `state` is open."""

    indicator: str
    indicator_name: Text
    region: str
    region_name: Text
    breakdown_name: Text
    period: str
    rule: str
    rule_name: Text
    value: float | None
    expected: float | None
    unit: str
    decimals: int
    evidence: Text
    state: str
    source: str
    trace: str


@dataclass(frozen=True)
class AnalysisPoint:
    """One number of an analysis, or a code in `text`. `item` is an input series or a code, empty for none."""

    region: str
    region_name: Text
    breakdown: str
    breakdown_name: Text
    period: str
    period_end: date | None
    item: str
    item_name: Text
    measure: str
    value: float | None
    text: str


@dataclass(frozen=True)
class AnalysisFact:
    """An analysis in one region: what a list, a chart or a report needs to know of it.

    `state` is done or waiting (then `reason` says for what). `figures` are the analysis' own values and
    `details` the numbers beside them, oldest first; both are of `shown` (the region, or the nearest one above
    it that the analysis is made for), and of the places below it where the chart compares places.
    `parameters` are the method's own, as given.
    """

    theme: str
    indicator: str
    name: Text
    definition: Text
    department: Text
    method: str
    version: str
    reference: Text
    parameters: tuple[tuple[str, str], ...]
    inputs: tuple[AnalysisInput, ...]
    chart: str | None
    trial: bool
    featured: bool
    state: str
    reason: Text
    region: str
    shown: str
    shown_name: Text
    breakdown: str
    breakdown_name: Text
    period: str
    freq: str
    unit: str
    decimals: int
    figures: tuple[AnalysisPoint, ...]
    details: tuple[AnalysisPoint, ...]
    status: str
    source: Text
    published_at: date | None
    trace: str

    @property
    def own(self) -> tuple[AnalysisPoint, ...]:
        """The figures of the region shown, oldest first."""
        return tuple(point for point in self.figures if point.region == self.shown)

    @property
    def value(self) -> float | None:
        """The figure of the region and period shown."""
        return next((point.value for point in self.own if point.period == self.period), None)

    def of(self, measure: str) -> tuple[AnalysisPoint, ...]:
        """The details of one measure, oldest first."""
        return tuple(point for point in self.details if point.measure == measure)

    def now(self, measure: str) -> tuple[AnalysisPoint, ...]:
        """The details of one measure in the period shown."""
        return tuple(point for point in self.of(measure) if point.period == self.period)

    def single(self, measure: str, item: str = "") -> float | None:
        """The newest number of a measure up to the period shown in the region shown."""
        found = [
            point.value
            for point in self.of(measure)
            if point.region == self.shown and point.item == item and point.period <= self.period
        ]
        return found[-1] if found else None
