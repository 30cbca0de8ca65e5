"""The audit page: the newest rows of the trail, and the hash to note down."""

from __future__ import annotations

from typing import Any

from dash import html

from cockpit import texts
from cockpit.access.reader import role_name
from cockpit.components.charts import table
from cockpit.components.states import Children, panel
from cockpit.components.view import View
from cockpit.store.audit import Entry

#: How many of the newest rows the page shows; `python -m cockpit audit list` shows any number.
ROWS = 200


def build(view: View) -> tuple[str, list[Any]]:
    """Heading and children of the page."""
    return view.t("access.audit.title"), [
        panel(view, view.t("access.audit.newest", n=ROWS), lambda: _rows(view), "audit")
    ]


def _rows(view: View) -> Children:
    newest = view.store.audit.newest(ROWS)
    if not newest:
        return [html.P(view.t("access.audit.none"), className="muted")]
    head_line: Children = [
        view.t("access.audit.head", row=newest[0].id),
        " ",
        html.Code(newest[0].hash, className="digest"),
        html.Br(),
        view.t("access.audit.command"),
        " ",
        html.Code("python -m cockpit audit verify"),
    ]
    columns = ("id", "at", "account", "role", "address", "action", "object", "outcome")
    head = [view.t(f"access.audit.column.{name}") for name in columns]
    rows = [_row(view, entry) for entry in newest]
    return [html.P(head_line, className="muted"), table(head, rows, view.t("access.audit.title"), (0,))]


def _row(view: View, entry: Entry) -> tuple[Any, ...]:
    return (
        str(entry.id),
        view.moment(entry.at),
        html.Code(entry.account),
        role_name(entry.role, view.lang),
        html.Code(entry.address),
        _word(view, "action", entry.action),
        html.Code(entry.about),
        _word(view, "outcome", entry.outcome),
    )


def _word(view: View, kind: str, code: str) -> str:
    key = f"access.audit.{kind}.{code}"
    return view.t(key) if texts.has(key) else code
