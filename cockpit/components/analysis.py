"""Analyses 研判 on a theme's page: the featured ones drawn, all as cards, and one in full."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from dash import html

from cockpit import facts, figures, texts
from cockpit.components.attributes import attrs
from cockpit.components.cards import source_button, status
from cockpit.components.charts import chart, table
from cockpit.components.states import Children
from cockpit.components.static import Static
from cockpit.components.svg import icon
from cockpit.components.view import View
from cockpit.facts_types_analysis import AnalysisFact, AnalysisInput, Doubt
from cockpit.figures.analyses import Drawing, Key, Table

#: Values in doubt that a page carries.
DOUBT_ROWS = 50
#: Signs of a legend that are letters; the other forms are drawn by the style sheet.
_SIGNS = {
    "peak": "▼",
    "trough": "▲",
    "triangle-up": "▲",
    "triangle-down": "▼",
    "diamond": "◆",
    "diamond-open": "◇",
    "dot": "●",
    "ring": "○",
}


def drawn(view: View, fact: AnalysisFact, name: str) -> Children:
    """The chart of an analysis, or why there is none; ``name`` tells it from the other charts of the page."""
    drawing = figures.analyses.draw(fact, view.lang, view.dress)
    if drawing is None:
        return [_state(view, fact)]
    found: Children = [
        chart(
            view,
            drawing.figure,
            (drawing.heading, drawing.caption),
            _table(drawing.numbers),
            name,
            legend=_legend(drawing),
        )
    ]
    if fact.trace:
        label = f"{view.say(fact.name)} {view.amount_text(fact.value, fact.unit, fact.decimals)}"
        words = [
            html.Span([view.t("pages.trace.open"), " ", view.period(fact.period)]),
            status(view, fact.status),
        ]
        found.append(source_button(view, fact.trace, label, [icon("trace"), *words]))
    return found


def whole(view: View, fact: AnalysisFact, doubts: tuple[Doubt, ...]) -> Children:
    """An analysis in full: its chart, what stands beside it, how it is made of what, and what was kept out."""
    drawing = figures.analyses.draw(fact, view.lang, view.dress)
    tables = [drawing.beside, drawing.further] if drawing else []
    found: Children = []
    if fact.shown != fact.region:
        found.append(html.P(view.t("analysis.above", shown=view.say(fact.shown_name)), className="notice"))
    found += drawn(view, fact, "analysis")
    found += [
        html.Div([html.H3(item.title), _table(item)], className="analysis-part") for item in tables if item
    ]
    found.append(html.Div([html.H3(view.t("analysis.about")), _about(view, fact)], className="analysis-part"))
    found.append(
        html.Div(
            [html.H3(view.t("analysis.table.doubts")), *_doubts(view, doubts)], className="analysis-part"
        )
    )
    return found


@dataclass(frozen=True)
class Summary:
    """An analysis as a card shows it: its fact without its series, what it says in one line, and whether it has a
    chart to show."""

    fact: AnalysisFact
    finding: str
    has_chart: bool


def summaries(view: View, theme: str) -> tuple[Summary, ...]:
    """All analyses of a theme. What they say takes all their series to find out, so it is kept with the
    release."""

    def made() -> tuple[Summary, ...]:
        return tuple(
            Summary(
                _short(fact),
                figures.analyses.finding(fact, view.lang),
                figures.analyses.draw(fact, view.lang) is not None,
            )
            for fact in facts.analyses(view.release, view.scope, theme, view.region)
        )

    return view.release.cached(("analyses", view.scope, theme, view.region, view.lang), made)


def _short(fact: AnalysisFact) -> AnalysisFact:
    """The fact with its newest figure and none of its details."""
    return replace(fact, figures=tuple(p for p in fact.own if p.period == fact.period), details=())


def cards(view: View, found: tuple[Summary, ...]) -> Static:
    """All analyses of a theme: name, newest value, what it says, and its state."""
    items = [html.Li(_card(view, item.fact, item.finding)) for item in found]
    return Static(html.Ul(items, className="analyses", **attrs(aria_label=view.t("analysis.listed"))))


def _card(view: View, fact: AnalysisFact, finding: str) -> html.Article:
    waiting = fact.state != "done"
    amount, unit = view.amount(fact.value, fact.unit, fact.decimals)
    name = html.A(
        view.say(fact.name),
        href=_href(view, fact.theme, fact.indicator),
        title=view.t("analysis.open"),
        **attrs(data_nav="page"),
    )
    marks = [
        html.Span(view.t("analysis.trial"), className="mark") if fact.trial else None,
        status(view, fact.status) if not waiting else None,
    ]
    value = None
    if fact.value is not None:
        value = html.P(
            [
                html.Span(amount, className="analysis-value num"),
                html.Span(unit, className="unit"),
                html.Span(view.period(fact.period), className="muted analysis-period"),
            ]
        )
    return html.Article(
        [
            html.Div([html.H3(name), *marks], className="card-head"),
            value,
            _state(view, fact)
            if waiting or not finding
            else html.P(_sentence(finding), className="analysis-says"),
        ],
        className="card analysis-card" + (" is-waiting" if waiting else ""),
    )


def link(view: View, fact: AnalysisFact) -> html.A:
    """The way from a drawing to the analysis in full."""
    return html.A(
        view.t("analysis.open"), href=_href(view, fact.theme, fact.indicator), **attrs(data_nav="page")
    )


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _state(view: View, fact: AnalysisFact) -> html.P:
    """Why an analysis shows nothing: it waits for data, or has none in the region."""
    if fact.state != "done":
        return html.P(view.t("analysis.waiting", reason=view.say(fact.reason)), className="analysis-waits")
    key = "no_chart" if fact.figures or fact.details else "not_here"
    return html.P(view.t(f"analysis.{key}"), className="muted")


def _href(view: View, theme: str, indicator: str, breakdown: str = "") -> str:
    return view.address.to(path=f"/theme/{theme}", indicator=indicator, breakdown=breakdown, period="").href


def _table(found: Table) -> Static:
    return table(found.head, found.rows, found.title, found.numeric)


def _legend(drawing: Drawing) -> html.Ul | None:
    if not drawing.keys:
        return None
    return html.Ul(
        [html.Li([_sign(key), html.Span(key.label)]) for key in drawing.keys], className="legend keys"
    )


def _sign(key: Key) -> html.Span:
    sign = _SIGNS.get(key.form, "")
    return html.Span(
        sign,
        className=f"key key-{'sign' if sign else key.form}",
        style={"color": key.colour},
        **attrs(aria_hidden="true"),
    )


# -- how it is made ----------------------------------------------------------------------------------------


def _about(view: View, fact: AnalysisFact) -> html.Dl:
    version = html.Span(view.t("analysis.version", version=fact.version), className="muted")
    entries: list[tuple[str, Any]] = [
        ("definition", view.say(fact.definition)),
        ("method", [html.Code(fact.method), " ", version]),
        ("reference", view.say(fact.reference)),
        ("parameters", _parameters(view, fact)),
        ("inputs", html.Ul([html.Li(_input(view, fact, item)) for item in fact.inputs])),
    ]
    return html.Dl(
        [node for key, value in entries for node in (html.Dt(view.t(f"analysis.{key}")), html.Dd(value))],
        className="facts",
    )


def _parameters(view: View, fact: AnalysisFact) -> Any:
    if not fact.parameters:
        return view.t("analysis.no_parameters")
    return html.Ul([html.Li(html.Code(f"{name} = {value}")) for name, value in fact.parameters])


def _input(view: View, fact: AnalysisFact, item: AnalysisInput) -> list[Any]:
    """The series, as a link to its page, and the role that the method gives it."""
    one = item.breakdown not in ("", "*")
    href = _href(view, fact.theme, item.indicator, item.breakdown if one else "")
    name = [view.say(item.name)]
    if item.breakdown:
        name.append(view.say(item.breakdown_name))
    if item.change:
        name.append(view.t(f"change.{item.change}"))
    return [
        html.A(" · ".join(name), href=href, **attrs(data_nav="page")),
        " ",
        html.Span(texts.role(item.role, view.lang), className="muted"),
    ]


def _doubts(view: View, doubts: tuple[Doubt, ...]) -> Children:
    if not doubts:
        return [html.P(view.t("analysis.no_doubts"), className="muted")]
    names = ("indicator", "place", "period", "value", "expected", "rule", "evidence", "state")
    head = [view.t(f"analysis.column.{name}") for name in names]
    rows = [_doubt(view, doubt) for doubt in doubts[:DOUBT_ROWS]]
    note = [view.t("analysis.doubts_note")]
    if len(doubts) > DOUBT_ROWS:
        note += [" ", view.t("analysis.more_doubts", shown=DOUBT_ROWS, total=len(doubts))]
    return [html.P(note, className="muted"), table(head, rows, view.t("analysis.table.doubts"), (3, 4))]


def _doubt(view: View, doubt: Doubt) -> tuple[Any, ...]:
    value = view.amount_text(doubt.value, doubt.unit, doubt.decimals)
    where = view.say(doubt.region_name)
    name = f"{view.say(doubt.indicator_name)} · {view.say(doubt.breakdown_name)}"
    return (
        [name, " ", source_button(view, doubt.trace, f"{where} {value}", [icon("trace")], "trace-icon")],
        where,
        view.period(doubt.period),
        value,
        view.amount_text(doubt.expected, doubt.unit, doubt.decimals),
        view.say(doubt.rule_name),
        html.Span(view.say(doubt.evidence), className="reason"),
        html.Span(view.t(f"analysis.doubt_state.{doubt.state}"), className="mark"),
    )
