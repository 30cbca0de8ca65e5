"""The data-quality page: what departments handed in, and what the rules found in it."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from dash import html

from cockpit import facts
from cockpit.components.charts import table
from cockpit.components.states import Children, empty, panel
from cockpit.components.view import View
from cockpit.facts_types import Balance, DeliveryFact, QualityFacts


def build(view: View) -> tuple[str, list[Any]]:
    """Heading and children of the page."""
    page = facts.quality_page(view.release, view.scope)
    title = view.t("pages.quality.title")
    if not page.deliveries:
        return title, [empty(view, "quality")]
    by_department = sorted(page.deliveries, key=lambda fact: view.say(fact.department))
    panels = [
        _department(view, name, list(group), number)
        for number, (name, group) in enumerate(
            groupby(by_department, key=lambda fact: view.say(fact.department))
        )
    ]
    return title, [_summary(view, page), *panels]


def _summary(view: View, page: QualityFacts) -> html.Section:
    def body() -> Children:
        entries = [(view.t("pages.wall.score"), view.score(page.release.quality))]
        entries += [(view.t(f"outcome.{outcome}"), str(n)) for outcome, n in page.outcomes]
        pairs = [html.Div([html.Dt(name), html.Dd(value, className="num")]) for name, value in entries]
        return [
            html.Dl(pairs, className="score"),
            html.P(view.t("pages.quality.invariant"), className="muted"),
        ]

    return panel(view, view.t("pages.quality.summary"), body, "summary")


def _department(view: View, name: str, deliveries: list[DeliveryFact], number: int) -> html.Section:
    def body() -> Children:
        return [
            _scores(view, name, deliveries),
            _balances(view, name, deliveries),
            *[_findings(view, fact) for fact in deliveries if fact.findings],
        ]

    return panel(view, name, body, f"department-{number}", view.t("pages.quality.files", n=len(deliveries)))


def _file(fact: DeliveryFact) -> html.Code:
    return html.Code(fact.file.rsplit("/", 1)[-1], title=fact.file)


def _scores(view: View, name: str, deliveries: list[DeliveryFact]) -> html.Div:
    dimensions = [dimension for dimension, _ in deliveries[0].dimensions]
    head = [view.t(f"pages.column.{key}") for key in ("delivered", "dataset", "file", "outcome")]
    head += [view.t(f"dimension.{key}") for key in dimensions] + [view.t("pages.column.score")]
    rows = [
        (
            view.day(fact.delivered_on),
            view.say(fact.title),
            _file(fact),
            html.Span(view.t(f"outcome.{fact.outcome}"), title=view.say(fact.reason)),
            *[view.score(value) for _, value in fact.dimensions],
            view.score(fact.score),
        )
        for fact in deliveries
    ]
    return table(head, rows, view.t("pages.quality.scores", department=name), range(4, len(head)))


def _balances(view: View, name: str, deliveries: list[DeliveryFact]) -> html.Details:
    keys = ("received", "accepted", "quarantined", "duplicate", "superseded")
    head = [view.t(f"pages.column.{key}") for key in ("file", "counted", *keys, "holds")]

    def line(fact: DeliveryFact, balance: Balance) -> tuple[Any, ...]:
        counted = html.Code(balance.measure) if balance.measure else view.t("pages.quality.rows")
        numbers = [f"{getattr(balance, key):,.10g}" for key in keys]
        return (
            _file(fact),
            counted,
            *numbers,
            view.t("pages.quality.holds" if balance.holds else "pages.quality.broken"),
        )

    rows = [
        line(fact, balance)
        for fact in deliveries
        for balance in (fact.rows, fact.sums)
        if balance is not None
    ]
    label = view.t("pages.quality.balance", department=name)
    return html.Details(
        [html.Summary(view.t("pages.quality.balance_short")), table(head, rows, label, range(2, 7))]
    )


def _findings(view: View, fact: DeliveryFact) -> html.Details:
    head = [
        view.t(f"pages.column.{key}")
        for key in ("rule", "dimension", "column", "message", "rows", "first_row", "example")
    ]
    rows = [
        (
            html.Code(item.code),
            view.t(f"dimension.{item.dimension}"),
            item.column_name if view.lang == "zh" else item.column,
            view.say(item.message),
            f"{item.rows:,}",
            "—" if item.first_row is None else str(item.first_row),
            html.Code(item.example) if item.example else "—",
        )
        for item in fact.findings
    ]
    label = view.t("pages.quality.findings", n=len(rows))
    return html.Details([html.Summary([html.Code(fact.file), " ", label]), table(head, rows, label, (4, 5))])
