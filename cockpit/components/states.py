"""The states of a panel that are not data: loading, empty, failed, stale."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from dash import html

from cockpit.access.reader import Refusal, role_name
from cockpit.components.attributes import attrs
from cockpit.components.view import View
from cockpit.facts_types import Text

_log = logging.getLogger(__name__)

Children = list[Any]


def empty(view: View, reason: str, **values: object) -> html.Div:
    """Why there is nothing to show and what to do; ``reason`` is a key below ``pages.empty``."""
    return html.Div(
        [
            html.P(view.t(f"pages.empty.{reason}", **values), className="state-why"),
            html.P(view.t(f"pages.empty.{reason}_do", **values), className="state-do"),
        ],
        className="state state-empty",
    )


def failed(view: View) -> html.Div:
    """What a reader sees where a panel could not be made. The cause is in the server's log."""
    return html.Div(
        [
            html.P(view.t("pages.failed.why"), className="state-why"),
            html.P(view.t("pages.failed.do", release=view.release.release_id), className="state-do"),
        ],
        className="state state-failed",
        role="alert",
    )


def no_right(view: View, why: Refusal) -> html.Div:
    """Why a page stays shut, whom to ask, and the way to a page that is open."""
    reader = view.reader
    named = role_name(reader.role, view.lang)
    return html.Div(
        [
            html.P(view.t(f"access.why.{why}", role=named), className="state-why"),
            html.P(view.t("access.whom", account=reader.account), className="state-do"),
            html.A(
                view.t("access.back"),
                href=view.address.page(reader.start).to(region="").href,
                **attrs(data_nav="page"),
            ),
        ],
        className="state state-no-right",
    )


def stale(view: View, days: int) -> html.Span | None:
    """A mark on a figure whose table is later than its freshness allows; None when it is in time."""
    if not days:
        return None
    return html.Span(view.t("pages.stale", days=days), className="mark mark-stale")


def doubted(view: View, evidence: Text | None) -> html.Span | None:
    """A mark on a figure under suspicion 存疑, the evidence behind it; None when nothing is said against it."""
    if evidence is None:
        return None
    return html.Span(view.t("pages.doubted"), className="mark mark-stale", title=view.say(evidence))


def skeleton() -> html.Div:
    """Grey boxes of the heights that the page will have, so that nothing jumps when it arrives."""
    cards = [html.Div(className="skeleton skeleton-card") for _ in range(5)]
    panels = [html.Div(className="skeleton skeleton-panel") for _ in range(2)]
    return html.Div(
        [html.Div(cards, className="figures"), html.Div(panels, className="row")],
        className="loading",
        **attrs(aria_busy="true"),
    )


def guarded(view: View, name: str, build: Callable[[], Children]) -> Children:
    """What ``build`` makes, or the failed state in its place: one fault never takes the page with it."""
    try:
        return build()
    except Exception:
        _log.exception("panel %s of %s failed", name, view.address.href)
        return [failed(view)]


def panel(view: View, title: str, build: Callable[[], Children], name: str, note: str = "") -> html.Section:
    """One titled card of a page. If ``build`` raises, this card says so and the others stand."""
    head: Children = [html.H2(title, id=f"title-{name}")]
    if note:
        head.append(html.Span(note, className="muted note"))
    return html.Section(
        [html.Div(head, className="panel-head"), *guarded(view, name, build)],
        className=f"panel {name}-panel",
        **attrs(aria_labelledby=f"title-{name}"),
    )
