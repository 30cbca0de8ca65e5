"""Facts of a report: every measure of a theme in one region, as the theme's pages show it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import polars as pl

import conf
from cockpit import texts
from cockpit.facts_chances import chance_record
from cockpit.facts_ops import catalogue_page
from cockpit.facts_read import (
    UnknownError,
    View,
    breakdowns_of,
    check_region,
    forecast_rows,
    reach,
)
from cockpit.facts_theme import band, card, theme_page
from cockpit.facts_types import (
    BandPoint,
    CatalogueRow,
    Figure,
    GroupRow,
    GroupTable,
    ReportFacts,
    ReportSection,
    Text,
    ThemeFacts,
    TrendFact,
)
from cockpit.gold import Release, Scope
from conf.status import ORDER

#: An indicator without a total is told breakdown by breakdown, up to so many; beyond that in one table.
SPLIT = 6


class NoFiguresError(UnknownError):
    """The theme has no figure at all in the region, so there is nothing to report; `reason` says so in both
    languages."""

    def __init__(self, theme: Text, region: Text) -> None:
        key = "report.no_figures"
        self.reason = Text(
            *(texts.get(key, lang, theme=theme.get(lang), region=region.get(lang)) for lang in ("zh", "en"))
        )
        super().__init__(self.reason.en)


def report_years(release: Release, scope: Scope) -> range:
    """Years that a report may look ahead to: from the release's own to the last one that is forecast."""
    first = release.as_of.year
    years = View(release, scope).read("forecast")["period_end"].dt.year().to_list()
    return range(first, max(first, *years) + 1) if years else range(first, first + 1)


def report(release: Release, scope: Scope, theme: str, region: str, until: int) -> ReportFacts:
    """What a report on a theme says: each indicator's page, its definition and its breakdowns.

    Raises OutOfScopeError and UnknownError as `theme_page` does, NoFiguresError where the theme has no figure
    in the region.
    """
    check_region(scope, region)
    view = View(release, scope)
    first = theme_page(release, scope, theme, region)
    definitions = {row.indicator: row for row in catalogue_page(release, scope, theme)}
    sections = tuple(
        section
        for option in first.indicators
        for section in _sections(view, first, definitions[option.key], until)
    )
    if not sections:
        raise NoFiguresError(first.theme_name, first.region_name)
    told = {section.page.indicator for section in sections}
    return ReportFacts(
        release=first.release,
        marking=Text(conf.load().settings.marking.zh, conf.load().settings.marking.en),
        theme=theme,
        theme_name=first.theme_name,
        region=region,
        region_name=first.region_name,
        until=until,
        statuses=_statuses(sections),
        sections=sections,
        absent=tuple(option.name for option in first.indicators if option.key not in told),
        warnings=first.warnings,
        targets=first.targets,
        # The record is of all targets together: it belongs to where targets are told.
        chances=chance_record(release, scope, region) if first.targets else (),
    )


def _sections(view: View, first: ThemeFacts, definition: CatalogueRow, until: int) -> Iterable[ReportSection]:
    """The sections of one indicator: its total, or each of a few breakdowns; none without a series of the
    region's own."""
    indicator, place = definition.indicator, reach(view, definition.indicator, first.region)
    found = breakdowns_of(view, indicator, place)
    split = [key for key in found if key in _newest(view, indicator, place)]
    chosen: list[str | None] = list(split) if "" not in found and 1 < len(split) <= SPLIT else [None]
    for breakdown in chosen:
        page = theme_page(view.release, view.scope, first.theme, first.region, indicator, breakdown)
        if page.trend is None or all(point.value is None for point in page.trend.actual):
            return
        groups = _groups(view, page, until) if breakdown is None else ()
        yield ReportSection(page, definition, _until(page.trend, until), tuple(groups))


def _newest(view: View, indicator: str, region: str) -> list[str]:
    """The breakdowns with a figure in the newest period: the others are discontinued."""
    rows = view.figures(indicator).filter(pl.col("region") == region)
    return rows.filter(pl.col("period_end") == pl.col("period_end").max())["breakdown"].to_list()


def _until(trend: TrendFact, year: int) -> TrendFact:
    return replace(trend, forecast=tuple(point for point in trend.forecast if point.period_end.year <= year))


def _groups(view: View, page: ThemeFacts, until: int) -> Iterable[GroupTable]:
    """The simplest breakdowns of an indicator beside what the page shows; ages stand in the pyramid."""
    found = [
        key for key in breakdowns_of(view, page.indicator, page.shown) if key not in ("", page.breakdown)
    ]
    simplest = min((key.count("|") for key in found), default=0)
    by_key: dict[str, list[GroupRow]] = {}
    for breakdown in found:
        key = "|".join(pair.split("=")[0] for pair in breakdown.split("|"))
        if breakdown.count("|") > simplest or (key == "age" and page.pyramid is not None):
            continue
        row = _group(view, page, breakdown, until)
        if row.figure.value is not None:
            by_key.setdefault(key, []).append(row)
    whole = _group(view, page, "", until)
    for key, rows in by_key.items():
        yield GroupTable(key, whole if whole.figure.value is not None else None, tuple(rows))


def _group(view: View, page: ThemeFacts, breakdown: str, until: int) -> GroupRow:
    figure = card(view, page.indicator, page.shown, breakdown, page.period)
    return GroupRow(figure, _last_step(view, figure, until))


def _last_step(view: View, figure: Figure, until: int) -> BandPoint | None:
    rows = forecast_rows(view, figure.indicator, figure.region, figure.breakdown)
    steps = [row for row in rows if row["period_end"].year <= until]
    return band(steps[-1]) if steps else None


def _statuses(sections: Iterable[ReportSection]) -> tuple[str, ...]:
    """Statuses of the figures shown, the worst first."""
    found: set[str] = set()
    for section in sections:
        page = section.page
        shown = (section.trend, page.ranking, page.pyramid)
        found |= {fact.status for fact in shown if fact is not None}
    return tuple(sorted(found, key=ORDER.index, reverse=True))
