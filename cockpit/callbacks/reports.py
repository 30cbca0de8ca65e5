"""The reports page's callbacks: an order, and how far the orders have come."""

from __future__ import annotations

import logging
import re
from typing import Any

from dash import Dash, Input, Output, State, no_update

import conf
from cockpit.access.reader import Reader
from cockpit.access.secured import Secured
from cockpit.address import Address, parse
from cockpit.components.view import View, open_view
from cockpit.gold import Lake, NoReleaseError
from cockpit.pages.reports import CHOICES, is_pending, report_list
from cockpit.reports.desk import AT_ONCE, BusyError, Desk
from cockpit.reports.order import Order, OrderError
from cockpit.store import Store

_log = logging.getLogger(__name__)
_PAGE = "/reports"


def register(app: Dash, secured: Secured, lake: Lake, store: Store, desk: Desk) -> None:
    """Register the page's callbacks."""

    @secured.callback(
        app,
        Output("report-list", "children"),
        Output("report-poll", "disabled"),
        Output("report-answer", "children"),
        Output("report-answer", "hidden"),
        Input("report-make", "n_clicks"),
        *(State(f"report-{name}", "value") for name in CHOICES),
        State("url", "search"),
        prevent_initial_call=True,
        action="export",
        where=_ordered_of,
    )
    def _order(reader: Reader, clicks: int | None, *chosen: Any) -> Any:
        *values, search = chosen
        try:
            view = open_view(lake, store, reader, parse(_PAGE, search))
        except NoReleaseError:
            return no_update, True, no_update, no_update
        answer = ordered(view, desk, values) if clicks else ""
        if answer:
            secured.audit(reader, "export", _PAGE, "refused")
        reports = desk.list(reader.account)
        return report_list(view, reports), not is_pending(reports), answer, not answer

    @secured.callback(
        app,
        Output("report-list", "children", allow_duplicate=True),
        Output("report-poll", "disabled", allow_duplicate=True),
        Input("report-poll", "n_intervals"),
        State("url", "search"),
        prevent_initial_call=True,
        action="export",
        where=lambda *_: Address(_PAGE),
        silent=True,
    )
    def _progress(reader: Reader, _ticks: int | None, search: str | None) -> Any:
        try:
            view = open_view(lake, store, reader, parse(_PAGE, search).to(region=""))
        except NoReleaseError:
            return no_update, True
        reports = desk.list(reader.account)
        return report_list(view, reports), not is_pending(reports)


def _ordered_of(_clicks: int | None, *chosen: Any) -> Address:
    """The reports page in the region that the form names; what is no region is left to the order's check."""
    *values, search = chosen
    region = str(dict(zip(CHOICES, values, strict=True))["region"])
    address = parse(_PAGE, search)
    return address.to(region=region) if conf.load().regions.has(region) else address


def ordered(view: View, desk: Desk, values: list[Any]) -> str:
    """Order what the form says; gives what to tell the reader, empty when the order was taken."""
    chosen = dict(zip(CHOICES, map(str, values), strict=True))
    until = int(chosen["until"]) if re.fullmatch(r"\d{4}", chosen["until"]) else 0
    order = Order(chosen["theme"], chosen["region"], until, chosen["format"], chosen["lang"])
    try:
        desk.order(view.reader.account, view.scope, view.release, order)
    except OrderError as error:
        _log.warning("report order refused: %s", error)
        return view.t("pages.reports.refused")
    except BusyError:
        return view.t("pages.reports.busy", n=AT_ONCE)
    return ""
