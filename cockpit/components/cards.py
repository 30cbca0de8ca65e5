"""The figure card, its light, its changes and its foot: the atom of every page."""

from __future__ import annotations

from functools import partial
from typing import Any

from dash import html

from cockpit.components.attributes import attrs
from cockpit.components.states import Children, doubted, guarded, stale
from cockpit.components.static import Static
from cockpit.components.svg import Svg
from cockpit.components.view import View
from cockpit.facts_types import Change, Figure, Light, TargetFact
from cockpit.tokens import SHAPES

#: Most cards side by side on a desk.
CARDS_PER_ROW = 6
#: Most cards in the row above a wall's map.
WALL_CARDS = 7


def light(view: View, lamp: Light, word: str = "") -> html.Span:
    """A light by shape, word and level; colour comes last. ``word`` says more than the colour's own name."""
    shape = html.Span(SHAPES[lamp.light], className="shape", **attrs(aria_hidden="true"))
    return html.Span([shape, word or view.light(lamp)], className=f"light light-{lamp.light}")


def status(view: View, code: str) -> html.Span | None:
    """The mark of a figure that is not measured: simulated 模拟, estimated, forecast; None for a real one."""
    if code == "real":
        return None
    return html.Span(view.status(code), className=f"mark mark-{code}")


def change(view: View, fact: Change) -> html.Span:
    """A change 同比 or 环比 with its arrow; coloured only where the indicator says which way is good."""
    tone = "" if fact.good is None else (" good" if fact.good else " bad")
    return html.Span(view.change(fact), className="change num" + tone)


def source_button(view: View, trace: str, label: str, children: list[Any], name: str = "foot") -> html.Button:
    """A button that opens the trace panel 溯源 of a value, shut to who may not trace; ``label`` names the value for a
    screen reader."""
    named = html.Span(f"{view.t('pages.trace.open')}: {label} ", className="sr-only")
    return html.Button(
        [named, *children],
        className=name,
        title=view.t("pages.trace.open"),
        disabled=not view.reader.may("trace"),
        **attrs(data_trace=trace, aria_haspopup="dialog"),
    )


def quality_dot(view: View, quality: float | None) -> html.Span:
    """Quality of the deliveries behind a figure, 0–100."""
    grade = "none" if quality is None else "high" if quality >= 99 else "mid" if quality >= 95 else "low"
    return html.Span(view.score(quality), className=f"quality quality-{grade}")


def bar(view: View, target: TargetFact) -> html.Div:
    """Attainment as a bar with a mark at the time elapsed 序时进度; both are shares of one."""
    filled = min(max(target.attainment or 0.0, 0.0), 1.0)
    elapsed = min(max(target.time_elapsed or 0.0, 0.0), 1.0)
    label = view.t(
        "pages.target.bar",
        attainment=view.share(target.attainment),
        elapsed=view.elapsed(target.time_elapsed),
    )
    return html.Div(
        [
            html.Div(className=f"bar-fill bar-{target.light.light}", style={"width": f"{filled:.1%}"}),
            html.Div(className="bar-mark", style={"left": f"{elapsed:.1%}"}),
        ],
        className="bar",
        role="img",
        **attrs(aria_label=label),
    )


def figure_card(view: View, fact: Figure) -> html.Article:
    """One indicator: name, value, changes, target, light, sparkline, and a foot that opens its trace."""
    amount, unit = view.amount(fact.value, fact.unit, fact.decimals)
    name = view.say(fact.name)
    if fact.breakdown and view.say(fact.breakdown_name) != view.t("breakdown.total"):
        name = f"{name} · {view.say(fact.breakdown_name)}"
    href = view.address.to(
        path=f"/theme/{fact.theme}", indicator=fact.indicator, breakdown=fact.breakdown, period=""
    ).href
    shown = f"{name} {amount}{unit}"
    lamp = fact.light or (fact.target.light if fact.target else None)
    return html.Article(
        [
            html.Div(
                [
                    html.H3(
                        html.A(name, href=href, title=view.say(fact.definition), **attrs(data_nav="page"))
                    ),
                    light(view, lamp) if lamp else None,
                ],
                className="card-head",
            ),
            html.P([html.Span(amount, className="headline num"), html.Span(unit, className="unit")]),
            html.P(view.t("pages.empty.card"), className="caption") if fact.value is None else None,
            html.Div(
                [
                    html.Div([change(view, item) for item in fact.changes], className="changes"),
                    Svg(view.sparkline(fact), label=view.t("pages.spark", name=name), className="spark"),
                ],
                className="card-body",
            ),
            bar(view, fact.target) if fact.target and fact.target.attainment is not None else None,
            source_button(
                view,
                fact.trace,
                shown,
                [
                    html.Span(
                        [
                            html.Span(view.period(fact.period)),
                            status(view, fact.status),
                            doubted(view, fact.doubt),
                        ],
                        className="foot-line",
                    ),
                    html.Span(
                        [
                            html.Span(view.say(fact.department), className="department"),
                            quality_dot(view, fact.quality),
                            stale(view, fact.stale_days),
                        ],
                        className="foot-line",
                    ),
                ],
            ),
        ],
        className="card figure-card",
    )


def _one_card(view: View, fact: Figure) -> Children:
    return [Static(figure_card(view, fact))]


def figure_row(view: View, figures: tuple[Figure, ...]) -> html.Div:
    """The first row of a page; tests and benchmarks wait for its mark."""
    cards = [
        part for fact in figures for part in guarded(view, fact.indicator, partial(_one_card, view, fact))
    ]
    # Rows of equal length read better than a full row and a rest; a wall has one row, which turns its page.
    most = WALL_CARDS if view.dress == "wall" else CARDS_PER_ROW
    rows = -(-len(cards) // most)
    columns = -(-len(cards) // max(rows, 1))
    turning = view.dress == "wall" and rows > 1
    return html.Div(
        cards,
        className="figures",
        style={"--columns": columns},
        **attrs(
            data_ready="figures",
            data_paged="" if turning else None,
            data_size=str(columns) if turning else None,
        ),
    )
