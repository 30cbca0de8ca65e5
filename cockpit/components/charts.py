"""Charts in a captioned figure, each with its numbers as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from cockpit import figures, texts
from cockpit.components.attributes import attrs
from cockpit.components.cards import light, source_button, status
from cockpit.components.states import empty
from cockpit.components.static import Static
from cockpit.components.svg import icon
from cockpit.components.view import View
from cockpit.facts_types import MapArea, MapFact, ModelScore, PyramidFact, Ranking, TrendFact

Cell = Any

#: Known periods in the table of a series, the newest; the whole series is in the drawing.
TREND_ROWS = 104


def table(
    head: Sequence[str], rows: Sequence[Sequence[Cell]], label: str, numeric: Sequence[int] = ()
) -> Static:
    """An HTML table in a box that scrolls by itself; ``numeric`` are the columns set to the right."""

    def tone(column: int) -> str:
        return "num" if column in numeric else ""

    titles = [html.Th(title, scope="col", className=tone(i)) for i, title in enumerate(head)]
    lines = [html.Tr([html.Td(cell, className=tone(i)) for i, cell in enumerate(row)]) for row in rows]
    return Static(
        html.Div(
            html.Table(
                [html.Caption(label, className="sr-only"), html.Thead(html.Tr(titles)), html.Tbody(lines)]
            ),
            className="table-box",
            tabIndex=0,
            role="region",
            **attrs(aria_label=label),
        )
    )


def titled(heading: figures.Heading) -> list[Any]:
    """The words around a figure: its finding, then its measure with unit, region and period."""
    # The drawing carries the mark of simulated data for the eye and on exports, the words for the ear.
    mark = html.Span(f" {heading.mark}", className="sr-only") if heading.mark else None
    return [
        html.P([heading.title, mark], className="finding"),
        html.P(heading.subtitle, className="caption"),
    ]


def chart(
    view: View,
    figure: dict[str, Any],
    words: tuple[figures.Heading, str],
    numbers: Static | None,
    name: str,
    aspect: float | None = None,
    legend: html.Ul | None = None,
) -> html.Figure:
    """A Plotly figure with its source; ``words`` are its heading and what a screen reader says. ``aspect`` is
    the width over the height of a figure that has a shape of its own, ``legend`` stands above the drawing."""
    heading, caption = words
    height = figure["layout"].get("height")
    size: dict[str, Any] = {"height": f"calc({height}px * var(--scale))"} if height else {}
    drawing = dcc.Graph(
        id={"type": "graph", "name": name},
        figure=figure,
        config=figures.graph_config(view.lang),  # type: ignore[arg-type]
        responsive=True,
        className="graph",
    )
    return html.Figure(
        [
            html.Figcaption(titled(heading)),
            legend,
            html.Div(
                drawing,
                className="plot",
                style=size | ({"--aspect": round(aspect, 3)} if aspect else {}),
                role="img",
                **attrs(aria_label=caption),
            ),
            html.P(heading.source, className="caption source"),
            html.Details([html.Summary(view.t("pages.as_table")), numbers]) if numbers else None,
        ],
        className=f"chart chart-{name}",
    )


def trend_panel(view: View, fact: TrendFact | None) -> list[Any]:
    """A series with its forecast, past forecasts faint, and the model's record beside it."""
    if fact is None or not fact.actual:
        return [empty(view, "trend")]
    columns = ("period", "value", "lower80", "upper80", "lower95", "upper95", "status")
    head = [view.t(f"pages.column.{name}") for name in columns]

    def amount(value: float | None) -> str:
        return view.amount_text(value, fact.unit, fact.decimals)

    whole = view.address.span == "all"
    bounds = ("mean", "lo80", "hi80", "lo95", "hi95")
    rows = [
        (view.period(p.period), *(amount(getattr(p, name)) for name in bounds), view.status("forecast"))
        for p in reversed(fact.forecast)
    ]
    known = fact.actual if whole else fact.actual[-TREND_ROWS:]
    rows += [
        (view.period(p.period), amount(p.value), "", "", "", "", view.status(p.status))
        for p in reversed(known)
    ]
    numbers = table(head, rows, view.say(fact.name), range(1, 6))
    drawing = figures.trend(fact, view.lang, view.dress, whole)
    words = (figures.trend_heading(fact, view.lang, whole), figures.trend_caption(fact, view.lang))
    notes = [html.P(view.say(note), className="caption") for note in fact.notes]
    return [
        *([_span_links(view, whole)] if figures.is_long(fact) else []),
        chart(view, drawing, words, numbers, "trend"),
        *notes,
        *([_score(view, fact.score)] if fact.score else []),
    ]


def _span_links(view: View, whole: bool) -> html.P:
    """The two spans a trend may show; the one shown is no link."""
    choices = ((view.t("theme.recent"), "", not whole), (view.t("theme.whole"), "all", whole))
    return html.P(
        [
            html.Span(name, className="is-current")
            if chosen
            else html.A(name, href=view.address.to(span=span).href, **attrs(data_nav="filter"))
            for name, span, chosen in choices
        ],
        className="spans",
        **attrs(aria_label=view.t("theme.span"), role="group"),
    )


def _score(view: View, score: ModelScore) -> html.Dl:
    entries = (
        ("model", model_name(view, score.model)),
        ("mape", view.percent(score.mape)),
        ("coverage80", view.share(score.coverage80)),
        ("coverage95", view.share(score.coverage95)),
        ("fva", view.percent(score.fva)),
        ("n", view.t("pages.score.n_of", origins=score.n_origins, errors=score.n_errors)),
    )
    return html.Dl(
        [
            html.Div([html.Dt(view.t(f"pages.score.{key}")), html.Dd(value, className="num")])
            for key, value in entries
        ],
        className="score",
    )


def model_name(view: View, model: str) -> list[Any]:
    """A model's name in words with its id in small; the id alone for one without a name."""
    key = f"model.name.{model}"
    return [view.t(key), " ", html.Small(html.Code(model))] if texts.has(key) else [html.Code(model)]


def map_panel(view: View, fact: MapFact | None) -> list[Any]:
    """A heat map of a region's children beside a list of them that the keyboard can walk.

    Enter on a row drills down, Esc goes up; on a phone the drawing waits behind a button.
    """
    if fact is None:
        return [empty(view, "map", why="")]
    side = html.Div([_up(view), _regions(view, fact)], className="map-side")
    if fact.reason is not None:
        return [empty(view, "map", why=view.t(f"map.reason.{fact.reason}")), side]
    drawing = figures.choropleth(fact, f"/geo/{fact.geojson}", view.lang, view.dress)
    words = (figures.map_heading(fact, view.lang), figures.map_caption(fact, view.lang))
    return [
        html.Button(
            view.t("pages.map.show"),
            className="only-phone",
            **attrs(data_toggle="map-drawing", aria_expanded="false", aria_controls="map-drawing"),
        ),
        html.Div(
            [
                html.Div(
                    [chart(view, drawing, words, None, "map", figures.map_aspect(fact)), _legend(view, fact)],
                    id="map-drawing",
                    className="map-drawing",
                ),
                side,
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
        **attrs(data_nav="drill", data_up="1"),
    )


def _regions(view: View, fact: MapFact) -> Static:
    """The list beside the map, its values in one unit that is named once."""
    values, unit = view.column([area.value for area in fact.areas], fact.unit, fact.decimals)
    rows = [_region(view, fact, area, value) for area, value in zip(fact.areas, values, strict=True)]
    label = view.t("pages.map.list", region=view.say(fact.region_name))
    named = html.P(view.t("figure.unit_axis", unit=unit), className="caption") if unit else None
    listed = html.Ul(rows, className="region-list", **attrs(aria_label=label))
    return Static(html.Div([named, listed], className="region-box"))


def _absent(view: View, fact: MapFact) -> str:
    """What an area without a figure is called: not watched on a map of lights, else without data."""
    return view.t("map.unmonitored" if fact.kind == "light" else "map.missing")


def _region(view: View, fact: MapFact, area: MapArea, digits: str) -> html.Li:
    name = view.say(area.name)
    shown: Any
    if fact.kind == "light" and area.light is not None:
        value, shown = view.light(area.light), light(view, area.light)
    else:
        value = _absent(view, fact) if area.value is None else digits
        shown = html.Span(value, className="num" if area.value is not None else "muted")
    here = area.region == view.region
    link = html.A(
        [html.Span(name), shown],
        href=view.address.to(region=area.region).href,
        className="is-current" if here else "",
        **attrs(data_nav="drill", data_region=area.region, aria_current="true" if here else None),
    )
    traced = (
        source_button(view, area.trace, f"{name} {value}", [icon("trace")], "trace-icon")
        if area.trace
        else None
    )
    return html.Li([link, traced])


def _legend(view: View, fact: MapFact) -> html.Div:
    items = [
        html.Li(
            [
                html.Span(
                    className="swatch" + (" hatched" if row.hatched else ""),
                    style={} if row.hatched else {"background": row.colour},
                ),
                html.Span(f"{row.shape} {row.label}".strip(), className="num"),
                html.Span(f"({row.n})", className="muted"),
            ]
        )
        for row in figures.legend(fact, view.lang, view.dress)
    ]
    unit = figures.legend_unit(fact, view.lang)
    named = [html.Li(view.t("figure.unit_axis", unit=unit), className="muted")] if unit else []
    return html.Div(
        [
            html.Ul([*named, *items], className="legend"),
            html.P(figures.map_note(view.lang), className="caption"),
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
                html.A(name, href=view.address.to(region=row.region).href, **attrs(data_nav="drill")),
                [value, " ", status(view, row.status)],
                view.places(row.rank_change),
                source_button(view, row.trace, f"{name} {value}", [icon("trace")], "trace-icon"),
            )
        )
    numbers = table(head, rows, view.say(fact.name), (0, 2, 3))
    drawing = figures.ranking_bars(fact, view.lang, view.dress)
    return [
        chart(
            view,
            drawing,
            (figures.ranking_heading(fact, view.lang), figures.ranking_caption(fact, view.lang)),
            numbers,
            "ranking",
        )
    ]


def pyramid_panel(view: View, fact: PyramidFact) -> list[Any]:
    """Population by age and sex."""
    head = [view.t(f"pages.column.{name}") for name in ("age", "male", "female")]
    rows = [
        (
            view.say(band.age_name),
            *(view.amount_text(value, fact.unit, fact.decimals) for value in (band.male, band.female)),
        )
        for band in fact.bands
    ]
    numbers = table(head, rows, view.say(fact.name), (1, 2))
    drawing = figures.pyramid(fact, view.lang, view.dress)
    return [
        chart(
            view,
            drawing,
            (figures.pyramid_heading(fact, view.lang), figures.pyramid_caption(fact, view.lang)),
            numbers,
            "pyramid",
        )
    ]
