"""The run page: the ledger of jobs, and the releases they made."""

from __future__ import annotations

from typing import Any

from dash import html

from cockpit import facts
from cockpit.components.attributes import attrs
from cockpit.components.charts import table
from cockpit.components.states import Children, empty, panel
from cockpit.components.view import View
from cockpit.facts_types import RunFact, RunsFacts

#: How many of the newest runs the page shows.
RUNS = 50


def build(view: View) -> tuple[str, list[Any]]:
    """Heading and children of the page."""
    page = facts.runs_page(view.lake, view.scope, RUNS)
    return view.t("pages.runs.title"), [
        panel(view, view.t("pages.runs.releases"), lambda: _releases(view, page), "releases"),
        panel(view, view.t("pages.runs.ledger"), lambda: _runs(view, page), "runs"),
    ]


def _releases(view: View, page: RunsFacts) -> Children:
    head = [
        view.t(f"pages.column.{key}") for key in ("release", "released", "as_of", "quality", "run", "code")
    ]
    rows = [
        (
            html.A(
                fact.release_id, href=view.address.to(release=fact.release_id).href, **attrs(data_nav="stay")
            ),
            view.moment(fact.released_at),
            view.day(fact.as_of),
            view.score(fact.quality),
            html.Code(fact.run_id),
            html.Code(fact.code_version),
        )
        for fact in page.releases
    ]
    return [
        html.P(view.t("pages.runs.pin"), className="muted"),
        table(head, rows, view.t("pages.runs.releases"), (3,)),
    ]


def _runs(view: View, page: RunsFacts) -> Children:
    if not page.runs:
        return [empty(view, "runs")]
    keys = (
        "run",
        "job",
        "started",
        "ended",
        "outcome",
        "received",
        "accepted",
        "quarantined",
        "release",
        "steps",
    )
    head = [view.t(f"pages.column.{key}") for key in keys]
    return [table(head, [_run(view, fact) for fact in page.runs], view.t("pages.runs.ledger"), (5, 6, 7))]


def _run(view: View, fact: RunFact) -> tuple[Any, ...]:
    steps = [
        html.Li([html.Code(step.name), " ", view.t(f"pages.run_outcome.{step.outcome}"), " ", step.detail])
        for step in fact.steps
    ]
    return (
        html.Code(fact.run_id),
        html.Code(fact.job),
        view.logged(fact.started),
        view.logged(fact.ended),
        html.Span(view.t(f"pages.run_outcome.{fact.outcome}"), title=fact.message),
        f"{fact.rows.received:,.0f}",
        f"{fact.rows.accepted:,.0f}",
        f"{fact.rows.quarantined:,.0f}",
        html.Code(fact.release_id) if fact.release_id else "—",
        html.Details([html.Summary(str(len(steps))), html.Ul(steps)]) if steps else "—",
    )
