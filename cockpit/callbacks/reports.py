"""The reports page's callback: an order, and how far the orders have come."""

from __future__ import annotations

import logging
from typing import Any

from dash import Dash, Input, Output, State, ctx, no_update

from cockpit.address import parse
from cockpit.components.view import View, open_view
from cockpit.gold import Lake, NoReleaseError
from cockpit.pages.reports import CHOICES, is_pending, report_list
from cockpit.reports.desk import AT_ONCE, READER, BusyError, Desk
from cockpit.reports.order import Order, OrderError

_log = logging.getLogger(__name__)


def register(app: Dash, lake: Lake, desk: Desk) -> None:
    """Register the page's one callback."""

    @app.callback(
        Output("report-list", "children"),
        Output("report-poll", "disabled"),
        Output("report-answer", "children"),
        Output("report-answer", "hidden"),
        Input("report-make", "n_clicks"),
        Input("report-poll", "n_intervals"),
        *(State(f"report-{name}", "value") for name in CHOICES),
        State("url", "pathname"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def _reports(clicks: int | None, _ticks: int | None, *chosen: Any) -> Any:
        *values, pathname, search = chosen
        try:
            view = open_view(lake, parse(pathname, search))
        except NoReleaseError:
            return no_update, True, no_update, no_update
        if ctx.triggered_id != "report-make":
            entries = desk.list(READER)
            return report_list(view, entries), not is_pending(entries), no_update, no_update
        answer = ordered(view, desk, values) if clicks else ""
        entries = desk.list(READER)
        return report_list(view, entries), not is_pending(entries), answer, not answer


def ordered(view: View, desk: Desk, values: list[Any]) -> str:
    """Order what the form says; gives what to tell the reader, empty when the order was taken."""
    chosen = dict(zip(CHOICES, map(str, values), strict=True))
    until = int(chosen["until"]) if chosen["until"].isdecimal() else 0
    order = Order(chosen["theme"], chosen["region"], until, chosen["format"], chosen["lang"])
    try:
        desk.order(READER, view.scope, view.release, order)
    except OrderError as error:
        _log.warning("report order refused: %s", error)
        return view.t("pages.reports.refused")
    except BusyError:
        return view.t("pages.reports.busy", n=AT_ONCE)
    return ""
