"""Records of a report: the same theme page that the screen shows, once for each measure."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.facts_types_base import ChanceRecord, Figure, ReleaseFact, TargetFact, Text, WarningFact
from cockpit.facts_types_charts import BandPoint, TrendFact
from cockpit.facts_types_ops import CatalogueRow
from cockpit.facts_types_pages import ThemeFacts


@dataclass(frozen=True)
class GroupRow:
    """One value of a breakdown in the newest period, with the last step of its forecast where there is one."""

    figure: Figure
    ahead: BandPoint | None


@dataclass(frozen=True)
class GroupTable:
    """The values of one breakdown (`key` such as `sex` or `product|stage`), in the order of its code list.
    `whole` is the total's row, None for an indicator that has no total."""

    key: str
    whole: GroupRow | None
    rows: tuple[GroupRow, ...]


@dataclass(frozen=True)
class ReportSection:
    """One measure: an indicator in one breakdown. `page` is what its theme page shows; `trend` is the page's
    trend, its forecast ending with the report's last year."""

    page: ThemeFacts
    definition: CatalogueRow
    trend: TrendFact
    groups: tuple[GroupTable, ...]


@dataclass(frozen=True)
class ReportFacts:
    """Everything that a report says. `until` is the last year of its forecasts, `absent` the indicators of
    the theme without figures in the region. `statuses` are those of the figures shown, the worst first;
    `chances` the record of earlier chances of the targets, the whole first."""

    release: ReleaseFact
    marking: Text
    theme: str
    theme_name: Text
    region: str
    region_name: Text
    until: int
    statuses: tuple[str, ...]
    sections: tuple[ReportSection, ...]
    absent: tuple[Text, ...]
    warnings: tuple[WarningFact, ...]
    targets: tuple[TargetFact, ...]
    chances: tuple[ChanceRecord, ...]

    @property
    def is_simulated(self) -> bool:
        """Whether any figure of the report is simulated."""
        return "simulated" in self.statuses
