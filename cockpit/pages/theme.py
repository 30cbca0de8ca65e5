"""A theme's page, derived from the indicators that the release's catalogue holds for it."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import html

from cockpit import facts
from cockpit.components import analysis
from cockpit.components.cards import figure_row, source_button, status
from cockpit.components.chance_record import chance_record
from cockpit.components.charts import map_panel, pyramid_panel, ranking_panel, table, trend_panel
from cockpit.components.lists import target_list, warning_list
from cockpit.components.states import Children, empty, panel
from cockpit.components.svg import icon
from cockpit.components.view import View
from cockpit.facts_types import FigureGroup, ThemeFacts
from cockpit.facts_types_analysis import AnalysisFact
from conf.regions import COUNTRY

#: Rows of the table that a page carries; the rest is in the shares.
TABLE_ROWS = 200
#: Most analyses that a page draws as it opens.
FEATURED = 3


def build(view: View) -> tuple[str, list[Any]]:
    """Heading and children of the page."""
    here = view.address
    page = facts.theme_page(
        view.release,
        view.scope,
        here.theme,
        view.region,
        here.indicator or None,
        here.breakdown or None,
        here.period or None,
    )
    title = view.t("pages.theme.title", theme=view.say(page.theme_name), region=view.say(page.region_name))
    if page.selected is None and page.indicator not in page.analyses:
        return title, [_filters(view, page), empty(view, "theme", region=view.say(page.region_name))]
    return title, [
        _filters(view, page),
        *([_analysis(view, page)] if page.indicator in page.analyses else _notice(view, page)),
        *[_group(view, group) for group in page.groups],
        *(_charts(view, page) if page.selected else []),
        *_lists(view, page),
        *_analyses(view, page),
        *(
            [panel(view, view.t("pages.theme.table"), lambda: _table(view, page), "table")]
            if page.table
            else []
        ),
    ]


def _analysis(view: View, page: ThemeFacts) -> html.Section:
    """The analysis that is chosen, in full."""
    name = next(view.say(option.name) for option in page.indicators if option.key == page.indicator)

    def build() -> Children:
        chosen = (page.indicator, page.region, page.breakdown or None, page.period or None)
        fact = facts.analysis(view.release, view.scope, *chosen)
        doubts = facts.doubts(view.release, view.scope, page.theme, page.region, fact)
        return analysis.whole(view, fact, doubts)

    return panel(view, name, build, "analysis")


def _analyses(view: View, page: ThemeFacts) -> list[Any]:
    """The section 研判: the featured analyses drawn, but for one that the page shows in full, and all as
    cards; one that has no chart yet is a card alone, which says why."""
    if not page.analyses:
        return []
    found: list[analysis.Summary] = []

    def listed() -> Children:
        found.extend(analysis.summaries(view, page.theme))
        return [analysis.cards(view, tuple(found))]

    section = panel(view, view.t("analysis.listed"), listed, "analyses")
    drawn = [item.fact for item in found if item.fact.featured and item.has_chart]
    featured = [fact for fact in drawn if fact.indicator != page.indicator][:FEATURED]
    wide = 12 // max(len(featured), 1)
    cells = [(_featured(view, fact, n), wide) for n, fact in enumerate(featured, start=1)]
    head = html.H2(view.t("analysis.title"), className="section-title")
    return [head, *([_row(*cells)] if cells else []), section]


def _featured(view: View, fact: AnalysisFact, n: int) -> html.Section:
    name = f"featured-{n}"
    link = analysis.link(view, fact)

    def build() -> Children:
        whole = facts.analysis(view.release, view.scope, fact.indicator, view.region)
        return [*analysis.drawn(view, whole, name), link]

    return panel(view, view.say(fact.name), build, name)


def _notice(view: View, page: ThemeFacts) -> list[html.P]:
    """A line that says so where the figures are not those of the page's region."""
    if page.shown == page.region:
        if _ends_at_province(page):
            return [html.P(view.t("map.reason.province_only"), className="notice")]
        if page.trend is not None or page.map is None:
            return []
        words = {"region": view.say(page.region_name), "shown": view.say(page.map.region_name)}
        return [html.P(view.t("theme.not_reached", **words), className="notice")]
    key = "only_country" if page.shown == COUNTRY else "only_unspecified"
    return [html.P(view.t(f"theme.{key}"), className="notice")]


def _ends_at_province(page: ThemeFacts) -> bool:
    """Whether an indicator that could be mapped has no figures below the province."""
    return page.map is not None and page.map.reason == "province_only"


def _group(view: View, group: FigureGroup) -> html.Div:
    if group.name is None:
        return figure_row(view, group.figures)
    head = html.H2(view.say(group.name))
    return html.Div([head, figure_row(view, group.figures)], className="figure-group")


def _filters(view: View, page: ThemeFacts) -> html.Div:
    """Choices of indicator, breakdown and period; the value of a choice is the address it leads to."""
    here = view.address.to(indicator=page.indicator, breakdown=page.breakdown, period=page.period)
    choices = {
        "indicator": [
            (
                view.say(o.name),
                here.to(indicator=o.key, breakdown="", period="").href,
                o.key == page.indicator,
            )
            for o in page.indicators
        ],
        "breakdown": [
            (view.say(o.name), here.to(breakdown=o.key, period="").href, o.key == page.breakdown)
            for o in page.breakdowns
        ],
        "period": [
            (view.period(o.period), here.to(period=o.period).href, o.period == page.period)
            for o in page.periods
        ],
    }
    return html.Div(
        [
            dmc.Select(
                id={"type": "filter", "name": name},
                label=view.t(f"pages.filter.{name}"),
                data=[{"label": label, "value": href} for label, href, _ in options],
                value=next((href for _, href, chosen in options if chosen), None),
                allowDeselect=False,
                searchable=len(options) > 12,
                size="sm",
            )
            for name, options in choices.items()
            if options
        ],
        className="filters",
    )


def _charts(view: View, page: ThemeFacts) -> list[Any]:
    selected = view.say(page.selected.name) if page.selected else ""
    period = view.period(page.period)
    over_time = panel(
        view, view.t("pages.theme.trend", name=selected), lambda: trend_panel(view, page.trend), "trend"
    )
    fourth = _fourth(view, page)
    if page.trend is None and page.map is None and page.indicator in page.analyses:
        # The analysis' own chart above sets places side by side; there is no series to draw.
        return [_row((fourth, 12))] if fourth else []
    if page.map is None or _ends_at_province(page):
        return [_row((over_time, 7), (fourth, 5)) if fourth else _row((over_time, 12))]
    over_space = panel(
        view, view.t("pages.theme.map", name=selected), lambda: map_panel(view, page.map), "map", period
    )
    in_rank = panel(
        view,
        view.t("pages.theme.ranking", name=selected),
        lambda: ranking_panel(view, page.ranking),
        "ranking",
        period,
    )
    if page.trend is None:
        return [_row((over_space, 7), (in_rank, 5))]
    return [
        _row((over_time, 5), (over_space, 7)),
        _row((in_rank, 6), (fourth, 6)) if fourth else _row((in_rank, 12)),
    ]


def _row(*cells: tuple[html.Section, int]) -> html.Div:
    """Panels side by side, each so many of 12 columns wide."""
    return html.Div([html.Div(cell, className=f"span-{n} cell") for cell, n in cells], className="row")


def _fourth(view: View, page: ThemeFacts) -> html.Section | None:
    """The population by age and sex, or else the warnings in force."""
    pyramid = page.pyramid
    if pyramid is not None:
        note = view.period(pyramid.period)
        return panel(
            view, view.t("pages.theme.pyramid"), lambda: pyramid_panel(view, pyramid), "pyramid", note
        )

    if not page.warnings:
        return None

    def warnings() -> Children:
        return [html.Div(warning_list(view, page.warnings), className="scroll")]

    return panel(view, view.t("pages.warning.title"), warnings, "warning")


def _lists(view: View, page: ThemeFacts) -> list[Any]:
    lists = []
    if page.pyramid is not None and page.warnings:
        lists.append(
            panel(
                view,
                view.t("pages.warning.title"),
                lambda: list(warning_list(view, page.warnings)),
                "warning",
            )
        )
    if page.targets:

        def targets() -> Children:
            return [*target_list(view, page.targets), *chance_record(view, page.region)]

        lists.append(panel(view, view.t("pages.target.title"), targets, "target"))
    return lists


def _table(view: View, page: ThemeFacts) -> Children:
    head = [
        view.t(f"pages.column.{n}")
        for n in ("region", "breakdown", "period", "value", "status", "published", "trace")
    ]
    unit, decimals = (page.selected.unit, page.selected.decimals) if page.selected else ("", 0)
    rows = []
    for row in page.table[:TABLE_ROWS]:
        where, value = view.say(row.region_name), view.amount_text(row.value, unit, decimals)
        rows.append(
            (
                where,
                view.say(row.breakdown_name),
                view.period(row.period),
                value,
                status(view, row.status) or view.status(row.status),
                view.day(row.published_at),
                source_button(view, row.trace, f"{where} {value}", [icon("trace")], "trace-icon"),
            )
        )
    if not rows:
        return [empty(view, "table")]
    shown = view.t("pages.theme.shown", shown=len(rows), total=len(page.table))
    return [html.P(shown, className="muted"), table(head, rows, view.t("pages.theme.table"), (3,))]
