"""The data-quality page: what departments handed in, and what the rules found in it."""

from __future__ import annotations

import re
from typing import Any

from dash import html

from cockpit import facts, figures
from cockpit.components.charts import table
from cockpit.components.states import Children, empty, panel
from cockpit.components.static import Static
from cockpit.components.svg import Svg
from cockpit.components.view import View
from cockpit.facts_types import Balance, DeliveryFact, MonthScore, QualityFacts

#: How many files of a department are listed: those refused, then the newest. Counts and balance are of all.
FILES = 60
#: A run of Chinese characters: in an English sentence the name of a header, as the file has it.
_HAN = re.compile("([\u4e00-\u9fff]+)")


def build(view: View) -> tuple[str, list[Any]]:
    """Heading and children of the page: the departments with the worst deliveries come first."""
    page = facts.quality_page(view.release, view.scope)
    title = view.t("quality.title")
    if not page.deliveries:
        return title, [empty(view, "quality")]
    names = {option.key: view.say(option.name) for option in page.departments}
    panels = [
        _department(view, names[department], deliveries, page.scores.get(department, ()), number)
        for number, (department, deliveries) in enumerate(page.by_department)
    ]
    return title, [_summary(view, page), *_strays(view), *panels]


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


def _strays(view: View) -> list[html.Section]:
    """A panel of the files that nobody reads, where there are any."""
    found = facts.strays(view.lake, view.scope)
    if not found:
        return []

    def body() -> Children:
        head = [view.t(f"pages.column.{key}") for key in ("file", "message", "rule")]
        rows = [
            (html.Code(fact.file), html.Span(_told(view, view.say(fact.reason))), html.Code(fact.code))
            for fact in found
        ]
        return [table(head, rows, view.t("quality.strays"))]

    return [
        panel(view, view.t("quality.strays"), body, "strays", view.t("quality.strays_note", n=len(found)))
    ]


def _department(
    view: View,
    name: str,
    deliveries: tuple[DeliveryFact, ...],
    months: tuple[MonthScore, ...],
    number: int,
) -> html.Section:
    def body() -> Children:
        listed = deliveries[:FILES]
        found = [fact for fact in listed if fact.findings or fact.extra_columns]
        rest = view.t("quality.listed", n=len(listed), total=len(deliveries))
        return [
            _balanced(view, deliveries),
            _over_time(view, name, months),
            html.P(rest, className="muted") if len(listed) < len(deliveries) else None,
            _scores(view, name, listed),
            _balances(view, name, listed),
            html.Details(
                [
                    html.Summary(view.t("quality.findings", n=len(found))),
                    *[_findings(view, fact) for fact in found],
                ]
            )
            if found
            else None,
        ]

    scores = [fact.score for fact in deliveries if fact.score is not None]
    note = view.t("quality.note", n=len(deliveries), score=view.score(min(scores, default=None)))
    return panel(view, name, body, f"department-{number}", note)


def _balanced(view: View, deliveries: tuple[DeliveryFact, ...]) -> html.P:
    """Whether received = accepted + quarantined + duplicate + superseded in every file."""
    broken = sum(1 for fact in deliveries if not fact.balances)
    key, tone, sign = ("broken", "bad", "▲") if broken else ("holds", "good", "✓")
    return html.P(
        [
            html.Span(f"{sign} ", className=tone),
            view.t(f"quality.{key}", n=len(deliveries), broken=broken),
        ],
        className="balance",
    )


def _over_time(view: View, name: str, months: tuple[MonthScore, ...]) -> html.Figure | None:
    """The department's mean score by month, drawn and as a table; nothing before the second month."""
    drawing = figures.scores_svg(months, view.lang, view.dress)
    if not drawing:
        return None
    label = view.t("pages.quality.over_time", department=name)
    head = [view.t(f"pages.column.{key}") for key in ("period", "score", "files")]
    rows = [(view.period(p.month), view.score(p.score), str(p.files)) for p in reversed(months)]
    return html.Figure(
        [
            html.Figcaption(label, className="caption"),
            Svg(drawing, label=label, className="score-line"),
            html.Details([html.Summary(view.t("pages.as_table")), table(head, rows, label, (1, 2))]),
        ],
        className="chart",
    )


def _file(fact: DeliveryFact) -> html.Code:
    return html.Code(fact.file.rsplit("/", 1)[-1], title=fact.file)


def _outcome(view: View, fact: DeliveryFact) -> list[Any]:
    """What became of a file; for one that was not taken, why."""
    word = html.Span(view.t(f"outcome.{fact.outcome}"), className="bad" if fact.outcome == "refused" else "")
    reason = view.say(fact.reason)
    why = (
        html.Div([*_told(view, reason), " ", html.Small(html.Code(fact.reason_code))], className="reason")
        if reason
        else None
    )
    return [word, why]


def _told(view: View, sentence: str) -> list[Any]:
    """A sentence whose words from a file are marked as Chinese where the page is not."""
    if view.lang == "zh":
        return [sentence]
    parts = _HAN.split(sentence)
    return [html.Span(part, lang="zh") if n % 2 else part for n, part in enumerate(parts) if part]


def _scores(view: View, name: str, deliveries: tuple[DeliveryFact, ...]) -> Static:
    dimensions = [dimension for dimension, _ in deliveries[0].dimensions]
    head = [view.t(f"pages.column.{key}") for key in ("delivered", "dataset", "file", "outcome")]
    head += [view.t(f"dimension.{key}") for key in dimensions] + [view.t("pages.column.score")]
    rows = [
        (
            html.Span(view.day(fact.delivered_on), className="num"),
            html.Span(view.say(fact.title), className="num"),
            _file(fact),
            _outcome(view, fact),
            *[view.score(value) for _, value in fact.dimensions],
            view.score(fact.score),
        )
        for fact in deliveries
    ]
    return table(head, rows, view.t("pages.quality.scores", department=name), range(4, len(head)))


def _balances(view: View, name: str, deliveries: tuple[DeliveryFact, ...]) -> html.Details:
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


def _findings(view: View, fact: DeliveryFact) -> html.Div:
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
    extra = view.t("quality.extra", n=len(fact.extra_columns))
    return html.Div(
        [
            html.P([html.Code(fact.file), " ", label if rows else ""]),
            html.Details(
                [
                    html.Summary(extra),
                    html.P(html.Code(view.t("format.joint").join(fact.extra_columns)), className="caption"),
                ]
            )
            if fact.extra_columns
            else None,
            table(head, rows, label, (4, 5)) if rows else None,
        ],
        className="findings",
    )
