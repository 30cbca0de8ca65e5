"""The frame around every page: header, navigation, search, drawer."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from cockpit.access.reader import role_name
from cockpit.components.attributes import attrs
from cockpit.components.states import skeleton
from cockpit.components.svg import icon
from cockpit.components.view import View
from cockpit.facts_types import Light
from cockpit.pages.spec import Page
from cockpit.tokens import SHAPES

#: How often the browser asks whether there is a newer release, in milliseconds.
RELEASE_POLL_MS = 30_000

NAVBAR = {"width": 208, "breakpoint": "sm", "collapsed": {"mobile": True, "desktop": False}}


def frame() -> dmc.MantineProvider:
    """What never changes while the reader moves about: places for the parts, and the browser's stores."""
    return dmc.MantineProvider(
        [
            dcc.Location(id="url", refresh="callback-nav"),
            dcc.Store(id="meta"),
            dcc.Store(id="latest"),
            dcc.Store(id="trace-request"),
            dcc.Interval(id="poll", interval=RELEASE_POLL_MS),
            html.A(id="skip", href="#main", className="skip-link"),
            dmc.AppShell(
                [
                    dmc.AppShellHeader(
                        [
                            dmc.Burger(id="burger", opened=False, hiddenFrom="sm", size="sm"),
                            html.Div(id="header", className="header"),
                        ],
                        className="header-bar",
                    ),
                    dmc.AppShellNavbar(html.Div(id="nav", className="nav")),
                    dmc.AppShellMain(html.Div(skeleton(), id="page"), id="main", tabIndex=-1),
                ],
                id="shell",
                header={"height": {"base": 96, "sm": 56}},
                navbar=NAVBAR,
                padding=0,
            ),
            dmc.Drawer(id="trace", position="right", size="min(480px, 100vw)", opened=False, children=[]),
        ],
        id="mantine",
        forceColorScheme="light",
        theme={
            "fontFamily": "var(--font)",
            "defaultRadius": 8,
            "primaryColor": "blue",
        },
    )


def header(view: View) -> list[Any]:
    """Name, province switch, breadcrumb, search, release, language and dress."""
    here = view.address
    other_lang = "en" if view.lang == "zh" else "zh"
    other_dress = "office" if here.dress == "wall" else "wall"
    return [
        html.A(
            [view.t("pages.name"), html.Span(f" · {view.t('pages.subtitle')}", className="wide-only")],
            href=here.page(view.reader.start).href,
            className="brand",
            **attrs(data_nav="page"),
        ),
        _breadcrumb(view),
        *([_search(view)] if view.reader.may("search") else []),
        html.Div(
            [
                _release(view),
                html.A(
                    view.t(f"pages.language.{other_lang}"),
                    href=here.to(lang=other_lang).href,
                    lang=other_lang,
                    className="tool",
                    **attrs(data_nav="stay", data_tool="lang"),
                ),
                html.A(
                    [
                        icon("desk" if other_dress == "office" else "wall"),
                        html.Span(view.t(f"pages.dress.{other_dress}"), className="tool-name"),
                    ],
                    href=here.to(dress=other_dress).href,
                    className="tool wide-only",
                    title=view.t(f"pages.dress.{other_dress}"),
                    **attrs(data_nav="stay", data_tool="dress"),
                ),
            ],
            className="tools",
        ),
    ]


def _search(view: View) -> dmc.Select:
    return dmc.Select(
        id="search",
        data=[],
        filter={"function": "keepAll"},
        placeholder=view.t("pages.search.placeholder"),
        # The key that the script listens to; a phone has none.
        rightSection=dmc.Kbd("/", size="xs", className="wide-only"),
        rightSectionPointerEvents="none",
        nothingFoundMessage=view.t("pages.search.nothing"),
        searchable=True,
        size="xs",
        className="search",
        **attrs(aria_label=view.t("pages.search.label"), aria_keyshortcuts="/"),
    )


def _breadcrumb(view: View) -> html.Nav:
    """Province switch and the way down to the region; the last part is where the reader is."""
    top = view.ancestry[0]
    provinces = [
        _place(view, code, "stay", "province" + (" is-current" if code == top else ""))
        for code in view.scope.regions
    ]
    below = [
        part
        for code in view.ancestry[1:]
        for part in (
            html.Span("›", className="muted", **attrs(aria_hidden="true")),
            _place(view, code, "drill", ""),
        )
    ]
    return html.Nav([*provinces, *below], className="breadcrumb", **attrs(aria_label=view.t("pages.region")))


def _place(view: View, code: str, move: str, name: str) -> html.A:
    here = "page" if code == view.ancestry[-1] else None
    return html.A(
        view.region_name(code),
        href=view.address.to(region=code).href,
        className=name,
        **attrs(data_nav=move, data_region=code, aria_current=here),
    )


def _release(view: View) -> html.Span:
    """As of when the page is, and a button that copies its address with the release in it."""
    day = view.day(view.release.as_of)
    pinned = view.address.to(release=view.release.release_id).href
    parts: list[Any] = [html.Span(view.t("pages.release.as_of", day=day), title=view.release.release_id)]
    if view.is_superseded:
        parts.append(
            html.A(
                view.t("pages.release.newer"), href=view.address.to(release="").href, **attrs(data_nav="stay")
            )
        )
    parts.append(
        html.Button(
            icon("pin"),
            className="tool-icon",
            title=view.t("pages.release.copy"),
            **attrs(data_copy=pinned, aria_label=view.t("pages.release.copy")),
        )
    )
    return html.Span(parts, className="release", **attrs(data_release=view.release.release_id))


def navigation(view: View, pages: tuple[Page, ...]) -> list[Any]:
    """Home, the themes of the release's catalogue in their order, the pages about the data, and who is
    signed in; only what the reader's role opens."""
    opens = view.reader.opens
    themes = [
        _nav_item(view, f"/theme/{item.theme}", view.say(item.name), item.icon, item.worst, item.n_warnings)
        for item in (view.themes if opens("/theme/") else ())
    ]
    about = [
        _nav_item(view, page.path, view.t(page.title), page.icon, None, 0)
        for page in pages
        if page.path[-1] != "/" and opens(page.path)
    ]
    home = [_nav_item(view, "/", view.t("pages.home.nav"), "home", None, 0)] if opens("/") else []
    return [html.Ul([*home, *themes]), html.Div([html.Ul(about), _signed_in(view)])]


def _signed_in(view: View) -> html.Div:
    """Who is signed in, as what, and the way out: a form, which works without any script."""
    words = " · ".join(filter(None, (view.reader.name, role_name(view.reader.role, view.lang))))
    button = html.Button(view.t("access.sign_out"), type="submit")
    out = html.Form(button, action=f"/sign-out?lang={view.lang}", method="POST")
    return html.Div([html.Span(words, className="muted"), out], className="signed-in")


def _nav_item(view: View, path: str, name: str, icon_name: str, worst: str | None, n: int) -> html.Li:
    current = view.address.path == path
    badge = None
    if worst:
        meaning = view.t("pages.warning.in_force", n=n, light=view.light(Light(worst, None, "emergency")))
        badge = html.Span(
            [
                html.Span([SHAPES[worst], str(n)], **attrs(aria_hidden="true")),
                html.Span(meaning, className="sr-only"),
            ],
            className=f"badge light-{worst}",
            title=meaning,
        )
    return html.Li(
        html.A(
            [icon(icon_name), html.Span(name, className="nav-name"), badge],
            href=view.address.page(path).href,
            className="nav-item" + (" is-current" if current else ""),
            **attrs(data_nav="page", aria_current="page" if current else None),
        )
    )
