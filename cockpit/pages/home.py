"""The home page: how the province stands, on a desk, a wall or a phone."""

from __future__ import annotations

from typing import Any

from dash import html

from cockpit import facts
from cockpit.components.cards import figure_row
from cockpit.components.charts import map_panel
from cockpit.components.lists import target_lights, target_list, warning_lights, warning_list
from cockpit.components.states import Children, empty, panel
from cockpit.components.view import View
from cockpit.facts_types import HomeFacts, QualityFacts


def build(view: View) -> tuple[str, list[Any]]:
    """Heading and children of the page."""
    home = facts.home(view.release, view.scope, view.region)
    title = view.t("pages.home.title", region=view.say(home.region_name))
    return title, _wall(view, home) if view.dress == "wall" else _office(view, home)


def _headlines(view: View, home: HomeFacts) -> html.Div | html.Section:
    if not home.headlines:
        return empty(view, "figures", region=view.say(home.region_name))
    return figure_row(view, home.headlines)


def _map(view: View, home: HomeFacts) -> html.Div:
    title = view.t("pages.map.title", name=view.say(home.map.name), region=view.say(home.map.region_name))
    drawn = panel(view, title, lambda: map_panel(view, home.map), "map", view.period(home.map.period))
    return html.Div(drawn, className=f"cell home-map map-of-{home.map.kind}")


def _office(view: View, home: HomeFacts) -> list[Any]:
    def targets() -> Children:
        listed = html.Div(target_list(view, home.targets), className="scroll")
        return [target_lights(view, home.targets), listed]

    def warnings() -> Children:
        listed = html.Div(warning_list(view, home.warnings), className="scroll")
        return [warning_lights(view, home.counts), listed]

    by_place = view.t("pages.warning.by_place")
    columns = [
        html.Div(
            panel(view, view.t("pages.target.title"), targets, "target", view.t("pages.target.note")),
            className="cell",
        ),
        _map(view, home),
        html.Div(panel(view, view.t("pages.warning.title"), warnings, "warning", by_place), className="cell"),
    ]
    return [html.Div([_headlines(view, home), html.Div(columns, className="home-row")], className="home")]


def _wall(view: View, home: HomeFacts) -> list[Any]:
    """Headline row above, the map in the middle, three cards a side."""
    quality = facts.quality_page(view.release, view.scope)

    def card(name: str, key: str, build: Any) -> html.Section:
        return panel(view, view.t(key), build, name)

    left = [
        card(
            "target-lights",
            "pages.target.counts",
            lambda: [target_lights(view, home.targets)],
        ),
        card("target", "pages.target.title", lambda: target_list(view, home.targets)),
        card("data", "pages.wall.data", lambda: _data(view, home, quality)),
    ]
    right = [
        card(
            "warning-lights",
            "pages.warning.counts",
            lambda: [warning_lights(view, home.counts)],
        ),
        card("warning", "pages.warning.title", lambda: warning_list(view, home.warnings)),
        card("duty", "pages.wall.duty", lambda: _duty(view, home)),
    ]
    return [
        html.Div(_headlines(view, home), className="wall-figures"),
        html.Div(
            [html.Div(left, className="wall-side"), _map(view, home), html.Div(right, className="wall-side")],
            className="wall-grid",
        ),
    ]


def _data(view: View, home: HomeFacts, quality: QualityFacts) -> Children:
    """How good the data behind the wall are, and how many files came."""
    entries = [(view.t("pages.wall.score"), view.score(home.release.quality))]
    entries += [(view.t(f"outcome.{outcome}"), str(n)) for outcome, n in quality.outcomes]
    return [_pairs(entries)]


def _duty(view: View, home: HomeFacts) -> Children:
    """Departments by the number of warnings they answer for."""
    duties: dict[str, int] = {}
    for warning in home.warnings:
        name = view.say(warning.department)
        duties[name] = duties.get(name, 0) + 1
    if not duties:
        return [empty(view, "warnings")]
    most = sorted(duties.items(), key=lambda item: -item[1])[:4]
    return [_pairs([(name, str(n)) for name, n in most])]


def _pairs(entries: list[tuple[str, str]]) -> html.Dl:
    return html.Dl(
        [html.Div([html.Dt(name), html.Dd(value, className="num")]) for name, value in entries],
        className="score",
    )
