"""All callbacks of the cockpit. What a reader chose is in the URL, so one of them makes the pages."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, html, no_update

import conf
from cockpit import facts, texts
from cockpit.access.reader import Reader
from cockpit.access.secured import Secured
from cockpit.address import Address, parse
from cockpit.components import search
from cockpit.components.attributes import attrs
from cockpit.components.shell import NAVBAR, header, navigation
from cockpit.components.states import failed, guarded, no_right
from cockpit.components.trace import trace_body
from cockpit.components.view import View, open_view
from cockpit.facts_read import parse_trace_key
from cockpit.gold import Lake, NoReleaseError
from cockpit.pages import PAGES, find_page
from cockpit.store import Store

_log = logging.getLogger(__name__)


#: Header, navigation, children of main, and what the document itself needs.
Rendered = tuple[list[Any], list[Any], list[Any], dict[str, str]]


def render(lake: Lake, store: Store, reader: Reader, pathname: str | None, search: str | None) -> Rendered:
    """A page by its address: header, navigation, children of main, and what the document itself needs."""
    address = parse(pathname, search)
    try:
        view = open_view(lake, store, reader, address)
        newest = lake.releases()[0].release_id
    except NoReleaseError:
        return _without_release(address)
    except Exception:
        _log.exception("the lake of %s cannot be read", address.href)
        return _alone(address, "pages.failed.title", texts.get("pages.failed.lake", address.lang))
    title, body = _page(view)
    if not reader.scope.covers(view.region) or not conf.load().regions.has(view.region):
        view = replace(view, address=address.to(region=""))
    meta = {
        "lang": view.lang,
        "dress": address.dress,
        "title": f"{title} · {view.t('pages.name')}",
        "newest": newest,
    }
    head = guarded(view, "header", lambda: header(view))
    return head, guarded(view, "navigation", lambda: navigation(view, PAGES)), body, meta


def _without_release(address: Address) -> Rendered:
    if not address.release:
        return _alone(address, "pages.no_release.title", texts.get("pages.no_release.none", address.lang))
    why = texts.get("pages.no_release.why", address.lang, release=address.release)
    newest = html.A(
        texts.get("pages.no_release.do", address.lang),
        href=address.to(release="").href,
        **attrs(data_nav="page"),
    )
    return _alone(address, "pages.no_release.title", why, newest)


def _alone(address: Address, title_key: str, *content: Any) -> Rendered:
    """A page without header and navigation, which need a release."""
    title = texts.get(title_key, address.lang)
    body = [html.H1(title, tabIndex=-1), *(html.P(part) for part in content)]
    meta = {"lang": address.lang, "dress": address.dress, "title": title, "newest": ""}
    return [], [], [html.Div(body, className="state")], meta


def _page(view: View) -> tuple[str, list[Any]]:
    page = find_page(view.address.path)
    try:
        if page is None:
            return _not_found(view)
        why = view.refusal(page.path)
        if why is not None:
            title = view.t("access.denied")
            return title, [html.H1(title, tabIndex=-1), no_right(view, why)]
        title, body = page.build(view)
        marking = html.P(getattr(page.marking, view.lang), className="marking")
        return title, [html.H1(title, tabIndex=-1), *body, marking]
    except facts.UnknownError:
        return _not_found(view)
    except Exception:
        _log.exception("page %s failed", view.address.href)
        title = view.t("pages.failed.title")
        return title, [html.H1(title, tabIndex=-1), failed(view)]


def _not_found(view: View) -> tuple[str, list[Any]]:
    title = view.t("pages.empty.not_found")
    back = html.A(
        view.t("access.back"),
        href=view.address.page(view.reader.start).to(region="").href,
        **attrs(data_nav="page"),
    )
    body = [html.P(view.t("pages.empty.not_found_do")), back]
    return title, [html.H1(title, tabIndex=-1), html.Div(body, className="state")]


def _here(pathname: str | None, query: str | None, *_: Any) -> Address:
    return parse(pathname, query)


def _traced(wanted: dict[str, Any] | None, pathname: str | None, query: str | None) -> Address:
    """The address that a trace was asked for from, in the region of the value that is to be traced."""
    address = parse(pathname, query)
    try:
        return address.to(region=parse_trace_key(str((wanted or {})["key"]))[2])
    except (KeyError, facts.UnknownError):
        return address


def _polled(_ticks: int | None, _meta: dict[str, str] | None, pathname: str | None) -> Address:
    """The page that waits for a new release, whatever it shows."""
    return parse(pathname, None)


def register(app: Dash, secured: Secured, lake: Lake, store: Store) -> None:
    """Register every callback, each through `secured`; the budget is 12, held by a test."""

    @secured.callback(
        app,
        Output("header", "children"),
        Output("nav", "children"),
        Output("page", "children"),
        Output("meta", "data"),
        Output("mantine", "forceColorScheme"),
        Output("shell", "navbar"),
        Output("skip", "children"),
        Output("burger", "opened"),
        Output("burger", "aria-label"),
        Input("url", "pathname"),
        Input("url", "search"),
        Input("latest", "data"),
        action="view",
        where=_here,
        shows_refusal=True,
    )
    def _route(reader: Reader, pathname: str | None, search: str | None, _latest: str | None) -> Any:
        parts = render(lake, store, reader, pathname, search)
        meta = parts[3]
        wall = meta["dress"] == "wall"
        navbar = {**NAVBAR, "collapsed": {"mobile": True, "desktop": wall}}
        lang = meta["lang"]
        scheme = "dark" if wall else "light"
        return *parts, scheme, navbar, texts.get("pages.skip", lang), False, texts.get("pages.menu", lang)

    @secured.callback(
        app,
        Output("latest", "data"),
        Input("poll", "n_intervals"),
        State("meta", "data"),
        State("url", "pathname"),
        prevent_initial_call=True,
        action="view",
        where=_polled,
        silent=True,
    )
    def _poll(_reader: Reader, _n: int | None, meta: dict[str, str] | None, _path: str | None) -> Any:
        newest = lake.releases()[0].release_id if lake.releases() else ""
        return no_update if not meta or newest == meta.get("newest") else newest

    @secured.callback(
        app,
        Output("trace", "children"),
        Output("trace", "title"),
        Output("trace", "opened"),
        Input("trace-request", "data"),
        State("url", "pathname"),
        State("url", "search"),
        prevent_initial_call=True,
        action="trace",
        where=_traced,
    )
    def _trace(
        reader: Reader, wanted: dict[str, Any] | None, pathname: str | None, search: str | None
    ) -> Any:
        if not wanted:
            return no_update, no_update, False
        try:
            view = open_view(lake, store, reader, parse(pathname, search))
        except NoReleaseError:
            return no_update, no_update, False
        try:
            fact = facts.trace(view.release, view.scope, str(wanted.get("key", "")))
        except Exception:
            _log.exception("trace of %s failed", wanted)
            return [failed(view)], view.t("pages.trace.title"), True
        return trace_body(view, fact), f"{view.t('pages.trace.title')} · {view.say(fact.name)}", True

    @secured.callback(
        app,
        Output("search", "data"),
        Input("search", "searchValue"),
        State("url", "pathname"),
        State("url", "search"),
        prevent_initial_call=True,
        action="search",
        # From whatever page, it finds what the first one leads to.
        where=lambda *_: Address(),
    )
    def _search(reader: Reader, words: str | None, pathname: str | None, query: str | None) -> Any:
        try:
            return search.options(open_view(lake, store, reader, parse(pathname, query)), words or "")
        except NoReleaseError:
            return no_update

    browser = "cockpit"
    app.clientside_callback(ClientsideFunction(browser, "meta"), Input("meta", "data"))
    app.clientside_callback(
        ClientsideFunction(browser, "choose"),
        Input("search", "value"),
        Input({"type": "filter", "name": ALL}, "value"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction(browser, "drill"),
        Input({"type": "graph", "name": ALL}, "clickData"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction(browser, "menu"),
        Output("shell", "navbar", allow_duplicate=True),
        Input("burger", "opened"),
        State("shell", "navbar"),
        prevent_initial_call=True,
    )
