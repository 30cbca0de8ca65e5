"""Records of the pages that readers open: home, themes, warnings, targets and search."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cockpit.facts_types_base import (
    Figure,
    Option,
    PeriodOption,
    ReleaseFact,
    TargetFact,
    Text,
    WarningFact,
)
from cockpit.facts_types_charts import MapFact, PyramidFact, Ranking, TrendFact


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
class FigureGroup:
    """Figures of one kind of source, which must not be read as the same thing as those of another. `name` is
    None where a theme has one kind only."""

    name: Text | None
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class ThemeFacts:
    """A theme's page for one indicator, region, breakdown and period. `selected` is None when the theme has
    no figure in the region at all; then everything below it is empty. `shown` is the region whose figures are
    shown: the country where the indicator has no other. `map` and `ranking` are None for an indicator that is
    not mapped. The lists of options never are None; `analyses` are those of the indicators that a method made of
    others 研判."""

    release: ReleaseFact
    theme: str
    theme_name: Text
    region: str
    region_name: Text
    shown: str
    shown_name: Text
    indicator: str
    breakdown: str
    period: str
    freq: str
    selected: Figure | None
    groups: tuple[FigureGroup, ...]
    trend: TrendFact | None
    map: MapFact | None
    ranking: Ranking | None
    pyramid: PyramidFact | None
    table: tuple[TableRow, ...]
    warnings: tuple[WarningFact, ...]
    targets: tuple[TargetFact, ...]
    indicators: tuple[Option, ...]
    analyses: tuple[str, ...]
    breakdowns: tuple[Option, ...]
    periods: tuple[PeriodOption, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The figures of all groups."""
        return tuple(figure for group in self.groups for figure in group.figures)


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
class HomeFacts:
    """`counts`: how many warnings are in force by light; the warnings come worst first, then oldest first."""

    release: ReleaseFact
    region: str
    region_name: Text
    headlines: tuple[Figure, ...]
    targets: tuple[TargetFact, ...]
    counts: tuple[tuple[str, int], ...]
    warnings: tuple[WarningFact, ...]
    map: MapFact


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
class SearchHit:
    """`kind` is indicator or region; `theme` and `indicator`, or `region`, say where to go."""

    kind: str
    name: Text
    theme: str | None
    indicator: str | None
    region: str | None
    detail: Text
