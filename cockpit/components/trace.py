"""The trace panel 溯源: where a number comes from."""

from __future__ import annotations

from typing import Any

from dash import html

from cockpit.components.cards import quality_dot, status
from cockpit.components.charts import model_name, table
from cockpit.components.view import View
from cockpit.facts_types import TraceFacts


def trace_body(view: View, fact: TraceFacts) -> list[Any]:
    """Everything behind one value, from its meaning down to the rows of the files."""
    amount, unit = view.amount(fact.value, fact.unit, fact.decimals)
    entries: list[tuple[str, Any]] = [
        ("period", view.period(fact.period)),
        ("status", [view.status(fact.status), " ", quality_dot(view, fact.quality)]),
        ("definition", view.say(fact.definition)),
        ("formula", html.Code(fact.formula)),
        ("department", view.say(fact.department)),
        (
            "source",
            " · ".join(
                part
                for part in (view.say(fact.source), view.say(fact.publisher), view.say(fact.document))
                if part
            ),
        ),
        ("licence", fact.licence),
        ("table", html.Code(fact.source_table)),
        (
            "versions",
            html.Ul([html.Li(html.Code(f"{name} @ v{version}")) for name, version in fact.table_versions]),
        ),
        ("files", html.Ul([html.Li(html.Code(name)) for name in fact.files])),
        ("rows", _rows(view, fact)),
        ("published_at", view.day(fact.published_at)),
        ("model", _model(view, fact)),
        ("run", html.Code(fact.run_id)),
        ("release", [html.Code(fact.release_id), " ", view.moment(fact.released_at)]),
    ]
    where = " · ".join(
        part
        for part in (view.say(fact.region_name), view.say(fact.breakdown_name) if fact.breakdown else "")
        if part
    )
    return [
        html.P(where, className="muted"),
        html.P(
            [
                html.Span(amount, className="headline num"),
                html.Span(unit, className="unit"),
                status(view, fact.status),
            ]
        ),
        html.Dl(
            [
                node
                for key, value in entries
                if value
                for node in (html.Dt(view.t(f"pages.trace.{key}")), html.Dd(value))
            ],
            className="facts",
        ),
        _revisions(view, fact),
        html.H3(view.t("pages.trace.command")),
        html.P(view.t("pages.trace.command_note"), className="muted"),
        html.Pre(fact.command, tabIndex=0),
    ]


def _rows(view: View, fact: TraceFacts) -> str | None:
    if fact.source_rows is None:
        return None
    return view.t(
        "pages.trace.row_range", n=f"{fact.source_rows:,}", first=fact.first_row, last=fact.last_row
    )


def _model(view: View, fact: TraceFacts) -> list[Any] | None:
    if fact.model is None:
        return None
    name, _, version = fact.model.partition(" ")
    origin = view.t("trace.model_origin", version=version, origin=view.period(fact.origin))
    return [*model_name(view, name), " ", origin]


def _revisions(view: View, fact: TraceFacts) -> html.Div | None:
    if len(fact.revisions) < 2:
        return None
    rows = [
        (
            view.day(item.published_at),
            view.amount_text(item.value, fact.unit, fact.decimals),
            view.status(item.status),
        )
        for item in fact.revisions
    ]
    head = [view.t("pages.trace.published_at"), view.t("pages.column.value"), view.t("pages.trace.status")]
    return html.Div(
        [html.H3(view.t("pages.trace.revisions")), table(head, rows, view.t("pages.trace.revisions"), (1,))]
    )
