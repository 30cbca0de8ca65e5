"""Records of a findings document 研判结果: every analysis of a release, on what it rests, and what it says."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.facts_types_analysis import AnalysisFact, Doubt
from cockpit.facts_types_base import ReleaseFact, Text


@dataclass(frozen=True)
class InputData:
    """A series that an analysis is made of: its statuses, periods and number of places in the region looked at;
    no periods where nobody feeds it."""

    name: Text
    role: str
    statuses: tuple[str, ...]
    first: str
    last: str
    places: int
    source: Text


@dataclass(frozen=True)
class Latest:
    """The newest value of a region and breakdown that has no chart, and the one before it."""

    region_name: Text
    breakdown_name: Text
    period: str
    value: float
    before: float | None


@dataclass(frozen=True)
class DoubtGroup:
    """A suspicion, told at one of the `figures` that it keeps out."""

    doubt: Doubt
    figures: int


@dataclass(frozen=True)
class Finding:
    """One analysis. `facts` has one for each region with a chart, the country first; a waiting one has one that
    says why. `others` are the newest values of all other regions and breakdowns."""

    facts: tuple[AnalysisFact, ...]
    inputs: tuple[InputData, ...]
    others: tuple[Latest, ...]
    doubts: tuple[DoubtGroup, ...]

    @property
    def fact(self) -> AnalysisFact:
        """The first of its facts, for what is the same in all."""
        return self.facts[0]

    @property
    def kind(self) -> str:
        """`waiting`, `simulated` where any figure rests on simulated data, else `real`."""
        if all(fact.state != "done" or not (fact.figures or fact.details) for fact in self.facts):
            return "waiting"
        return "simulated" if any(fact.status == "simulated" for fact in self.facts) else "real"


@dataclass(frozen=True)
class LightYear:
    """How many periods of a year a warning rule was lit in places of one level, by light."""

    rule: Text
    version: str
    place: Text
    year: str
    lights: tuple[tuple[str, int], ...]
    status: str


@dataclass(frozen=True)
class ThemeFindings:
    """The analyses of a theme in the order of the catalogue."""

    theme: str
    name: Text
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class FindingsFacts:
    """All that a findings document tells. `unlit` are warning rules that were never lit in the region, `unfed`
    those that no figure was held against."""

    release: ReleaseFact
    region: str
    region_name: Text
    themes: tuple[ThemeFindings, ...]
    lights: tuple[LightYear, ...]
    unlit: tuple[Text, ...]
    unfed: tuple[Text, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All analyses of all themes."""
        return tuple(one for theme in self.themes for one in theme.findings)
