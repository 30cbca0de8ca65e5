"""The Dash application: one page frame, its callbacks, and the server's guards."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dash import Dash
from flask import Flask, request
from plotly.offline import get_plotlyjs_version
from werkzeug.middleware.proxy_fix import ProxyFix

import conf
from cockpit import callbacks, texts, tokens
from cockpit.access import gate, oidc, sign_in
from cockpit.access.secured import Secured
from cockpit.address import parse
from cockpit.callbacks import reports
from cockpit.components.shell import frame
from cockpit.components.svg import sprite
from cockpit.downloads import serve_reports
from cockpit.gold import Lake
from cockpit.pages import PAGES
from cockpit.reports.desk import Desk
from cockpit.server import add_headers, content_security_policy, guard, serve_bundle, serve_files
from cockpit.store import Store
from cockpit.store.accounts import Account
from conf.errors import ConfError

_INDEX = """<!DOCTYPE html>
<html lang="{lang}" data-dress="{dress}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:,">
{fonts}{css}
<style>{tokens}</style>
</head>
<body>
{sprite}
{app_entry}
<noscript>{noscript}</noscript>
<footer class="scripts">{config}{scripts}{renderer}</footer>
</body>
</html>"""


class Cockpit(Dash):
    """Dash with a page of its own: the language and dress of the address are there before any script runs."""

    fonts = ""

    def interpolate_index(self, **parts: Any) -> str:  # type: ignore[override]
        """The first document of a visit."""
        address = parse(request.path, request.query_string.decode("ascii", "replace"))
        return _INDEX.format(
            lang=address.lang,
            dress=address.dress,
            title=texts.get("pages.name", address.lang),
            noscript=texts.get("pages.noscript", address.lang),
            fonts=self.fonts,
            tokens=tokens.css(),
            sprite=sprite(),
            **{name: parts[name] for name in ("css", "app_entry", "config", "scripts", "renderer")},
        )


def bundle_of(web: Path) -> Path | None:
    """Our plotly.js build, if it is there and of the version that the Python package expects."""
    bundle = web / "plotly.min.js"
    wanted = f'"{get_plotlyjs_version()}"'
    if bundle.is_file() and wanted in bundle.read_text(encoding="utf-8"):
        return bundle
    return None


def check_pages() -> None:
    """Raise ConfError unless conf/access.yaml names every page, and no other."""
    named, made = set(conf.load().access.pages), {page.path for page in PAGES}
    problems = [f"access.yaml: pages: {path} is missing" for path in sorted(made - named)]
    problems += [f"access.yaml: pages: there is no page {path}" for path in sorted(named - made)]
    if problems:
        raise ConfError(problems)


def create_app(lake: Lake, web: Path, store: Store, demo: Sequence[Account] = ()) -> Cockpit:
    """The cockpit over a lake. ``web`` holds the built bundle and fonts; without them the packages' own
    serve. ``demo`` are accounts that the sign-in page offers without a password.

    The order of the guards matters: whose page asks, who asks, how often, and only then whether the way is
    open.
    """
    check_pages()
    access = conf.load().access
    server = Flask("cockpit", static_folder=None)
    if access.public_origin is not None:
        server.wsgi_app = ProxyFix(server.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    server.config["COMPRESS_MIMETYPES"] = [
        "text/html",
        "text/css",
        "text/javascript",
        "application/javascript",
        "application/json",
        "image/svg+xml",
    ]
    secured = Secured(server, store)
    guard(server, access.public_origin)
    gate.identify(server, store)
    limiter = gate.limit(server, access.rate.requests)
    gate.shut(server, store, secured)
    signing = sign_in.SignIn(store, demo)
    sign_in.register(server, limiter, signing)
    if access.oidc is not None:
        oidc.register(server, limiter, signing, access.oidc)
    bundle = bundle_of(web)
    if bundle is not None:
        serve_bundle(server, bundle)
    app = Cockpit(
        "cockpit",
        server=server,  # type: ignore[arg-type]
        assets_folder=str(Path(__file__).parent / "assets"),
        compress=True,
        update_title="",
        suppress_callback_exceptions=True,
        health_endpoint="health",
        enable_mcp=False,
    )
    if (web / "fonts" / "noto-sans-sc.css").is_file():
        app.fonts = '<link rel="stylesheet" href="/fonts/noto-sans-sc.css">'
    app.layout = frame
    callbacks.register(app, secured, lake, store)
    reports.register(app, secured, lake, store, Desk(lake, store))
    serve_reports(secured, store, lake.root)
    serve_files(server, secured, lake.root / "geo", web / "fonts")
    add_headers(server, content_security_policy(app.csp_hashes()), access.public_origin)
    return app
