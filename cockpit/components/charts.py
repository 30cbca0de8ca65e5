"""Charts in a captioned figure, each with its numbers as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from cockpit import figures
from cockpit.components.cards import light, source_button, status
from cockpit.components.states import empty
from cockpit.components.svg import icon
from cockpit.components.view import View
from cockpit.facts_types import MapArea, MapFact, ModelScore, PyramidFact, Ranking, TrendFact

Cell = Any


def table(head: Sequence[str], rows: Sequence[Sequence[Cell]], label: str, numeric: Sequence[int] = ()) -> html.Div:
    """An HTML table in a box that scrolls by itself; ``numeric`` are the columns set to the right."""

    def tone(column: int) -> str:
        return "num" if column in numeric else ""

    titles = [html.Th(title, scope="col", className=tone(i)) for i, title in enumerate(head)]
    lines = [html.Tr([html.Td(cell, className=tone(i)) for i, cell in enumerate(row)]) for row in rows]
    return html.Div(
        html.Table([html.Caption(label, className="sr-only"), html.Thead(html.Tr(titles)), html.Tbody(lines)]),
        className="table-box",
        tabIndex=0,
        role="region",
        **{"aria-label": label},
    )


def chart(view: View, figure: dict[str, Any], caption: str, numbers: html.Div | None, name: str) -> html.Figure:
    """A Plotly figure with a caption that a screen reader reads instead of the drawing."""
    drawing = dcc.Graph(
        id={"type": "graph", "name": name},
        figure=figure,
        config=figures.graph_config(view.lang),
        responsive=True,
        className="graph",
    )
    return html.Figure(
        [
            html.Div(drawing, className="plot", role="img", **{"aria-label": caption}),
            html.Figcaption(caption, className="caption"),
            html.Details([html.Summary(view.t("pages.as_table")), numbers]) if numbers else None,
        ],
        className=f"chart chart-{name}",
    )


def trend_panel(view: View, fact: TrendFact | None) -> list[Any]:
    """A series with its forecast, past forecasts faint, and the model's record beside it."""
    if fact is None or not fact.actual:
        return [empty(view, "trend")]
    head = [view.t(f"pages.column.{name}") for name in ("period", "value", "lower80", "upper80", "status")]

    def amount(value: float | None) -> str:
        return view.amount_text(value, fact.unit, fact.decimals)

    rows = [(view.period(p.period), amount(p.value), "", "", view.status(p.status)) for p in fact.actual]
    rows += [
        (view.period(p.period), amount(p.mean), amount(p.lo80), amount(p.hi80), view.status("forecast"))
        for p in fact.forecast
    ]
    numbers = table(head, rows, view.say(fact.name), (1, 2, 3))
    drawing = figures.trend(fact, view.lang, view.dress)
    caption = figures.trend_caption(fact, view.lang)
    return [chart(view, drawing, caption, numbers, "trend"), *([_score(view, fact.score)] if fact.score else [])]


def _score(view: View, score: ModelScore) -> html.Div:
    entries = (
        ("model", score.model),
        ("mape", view.percent(score.mape)),
        ("coverage80", view.share(score.coverage80)),
        ("coverage95", view.share(score.coverage95)),
        ("fva", view.percent(score.fva)),
        ("n", view.t("pages.score.n_of", origins=score.n_origins, errors=score.n_errors)),
    )
    return html.Dl(
        [html.Div([html.Dt(view.t(f"pages.score.{key}")), html.Dd(value, className="num")]) for key, value in entries],
        className="score",
    )


def map_panel(view: View, fact: MapFact | None) -> list[Any]:
    """A heat map of a region's children beside a list of them that the keyboard can walk.

    Enter on a row drills down, Esc goes up; on a phone the drawing waits behind a button.
    """
    if fact is None or (fact.reason is not None and not fact.areas):
        return [empty(view, "map", why=view.t(f"map.reason.{fact.reason}") if fact and fact.reason else ""), _up(view)]
    drawing = figures.choropleth(fact, f"/geo/{fact.geojson}", view.lang, view.dress)
    caption = figures.map_caption(fact, view.lang)
    return [
        html.Button(
            view.t("pages.map.show"),
            className="only-phone",
            **{"data-toggle": "map-drawing", "aria-expanded": "false", "aria-controls": "map-drawing"},
        ),
        html.Div(
            [
                html.Div(
                    [chart(view, drawing, caption, None, "map"), _legend(view, fact)],
                    id="map-drawing",
                    className="map-drawing",
                ),
                html.Div([_up(view), _regions(view, fact)], className="map-side"),
            ],
            className="map-grid",
        ),
    ]


def _up(view: View) -> html.A | None:
    if len(view.ancestry) < 2:
        return None
    above = view.ancestry[-2]
    return html.A(
        [icon("up"), view.t("pages.map.up", region=view.region_name(above))],
        href=view.address.to(region=above).href,
        className="up",
        **{"data-nav": "drill", "data-up": "1"},
    )


def _regions(view: View, fact: MapFact) -> html.Ul:
    return html.Ul(
        [_region(view, fact, area) for area in fact.areas],
        className="region-list",
        **{"aria-label": view.t("pages.map.list", region=view.say(fact.region_name))},
    )


def _absent(view: View, fact: MapFact) -> str:
    """What an area without a figure is called: not watched on a map of lights, else without data."""
    return view.t("map.unmonitored" if fact.kind == "light" else "map.missing")


def _region(view: View, fact: MapFact, area: MapArea) -> html.Li:
    name = view.say(area.name)
    shown: Any
    if area.light is not None:
        value, shown = view.light(area.light), light(view, area.light)
    else:
        value = _absent(view, fact) if area.value is None else view.amount_text(area.value, fact.unit, fact.decimals)
        shown = html.Span(value, className="num" if area.value is not None else "muted")
    here = area.region == view.region
    link = html.A(
        [html.Span(name), shown],
        href=view.address.to(region=area.region).href,
        className="is-current" if here else "",
        **{"data-nav": "drill", "data-region": area.region, **({"aria-current": "true"} if here else {})},
    )
    traced = source_button(view, area.trace, f"{name} {value}", [icon("trace")], "trace-icon") if area.trace else None
    return html.Li([link, traced])


def _legend(view: View, fact: MapFact) -> html.Div:
    parts = [view.say(fact.name), view.unit(fact.unit) if fact.unit else "", view.period(fact.period) if fact.period else ""]
    items: list[Any] = [
        html.Li(
            [
                html.Span(className="swatch", style={"background": colour}),
                html.Span(label, className="num"),
                html.Span(f"({n})", className="muted"),
            ]
        )
        for colour, label, n in figures.legend(fact, view.lang, view.dress)
    ]
    if fact.missing:
        n = html.Span(f"({len(fact.missing)})", className="muted")
        items.append(html.Li([html.Span(className="swatch swatch-missing"), _absent(view, fact), n]))
    return html.Div(
        [
            html.P([" · ".join(part for part in parts if part), " ", status(view, fact.status)], className="caption"),
            html.Ul(items, className="legend"),
            html.P(view.map_note, className="caption"),
        ]
    )


def ranking_panel(view: View, fact: Ranking | None) -> list[Any]:
    """Children of a region by value, with the change of rank where a prior period exists."""
    if fact is None or not fact.rows:
        return [empty(view, "ranking")]
    head = [view.t(f"pages.column.{name}") for name in ("rank", "region", "value", "rank_change", "trace")]
    rows = []
    for row in fact.rows:
        name, value = view.say(row.region_name), view.amount_text(row.value, fact.unit, fact.decimals)
        rows.append(
            (
                str(row.rank),
                html.A(name, href=view.address.to(region=row.region).href, **{"data-nav": "drill"}),
                [value, " ", status(view, row.status)],
                view.places(row.rank_change),
                source_button(view, row.trace, f"{name} {value}", [icon("trace")], "trace-icon"),
            )
        )
    numbers = table(head, rows, view.say(fact.name), (0, 2, 3))
    drawing = figures.ranking_bars(fact, view.lang, view.dress)
    return [chart(view, drawing, figures.ranking_caption(fact, view.lang), numbers, "ranking")]


def pyramid_panel(view: View, fact: PyramidFact) -> list[Any]:
    """Population by age and sex."""
    head = [view.t(f"pages.column.{name}") for name in ("age", "male", "female")]
    rows = [
        (band.age, *(view.amount_text(value, fact.unit, fact.decimals) for value in (band.male, band.female)))
        for band in fact.bands
    ]
    numbers = table(head, rows, view.say(fact.name), (1, 2))
    drawing = figures.pyramid(fact, view.lang, view.dress)
    return [chart(view, drawing, figures.pyramid_caption(fact, view.lang), numbers, "pyramid")]
