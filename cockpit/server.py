"""What the web server adds around the pages: who may ask, what the browser may do, and local files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request, send_file
from flask.typing import ResponseReturnValue

from cockpit.access.reader import Reader
from cockpit.access.secured import Secured
from conf.access import LOOPBACK

_PLOTLY = re.compile(r"/_dash-component-suites/plotly/package_data/plotly(\.v[\w]+m\d+)?\.min\.js")
_GEO = re.compile(r"\d{6}_(city|county)\.geojson")
_FONT = re.compile(r"[\w-]+\.(woff2|css)")
_YEAR = 31_536_000
#: The longest request of a page of ours is a form or a callback of a few kilobytes.
_MOST_BYTES = 256 * 1024


def guard(server: Flask, public_origin: str | None) -> None:
    """Refuse requests that do not come from a page of this very server.

    A foreign ``Host`` is a DNS-rebinding attempt (400); a POST whose ``Origin`` is another site is
    cross-site forgery (403). Only loopback names and the host of the public origin are accepted.
    """
    # A name that is none has no host name: `None` must not be among those that are answered.
    hosts = LOOPBACK | ({urlsplit(public_origin).hostname} if public_origin else set())
    server.config["MAX_CONTENT_LENGTH"] = _MOST_BYTES

    @server.before_request
    def _refuse() -> ResponseReturnValue | None:
        if urlsplit(f"//{request.host}").hostname not in hosts:
            abort(400, "this cockpit does not answer to that name")
        if request.method == "POST":
            origin = request.headers.get("Origin")
            site = request.headers.get("Sec-Fetch-Site", "same-origin")
            if (origin is not None and origin != request.host_url.rstrip("/")) or site != "same-origin":
                abort(403, "cross-site request refused")
        return None


def content_security_policy(script_hashes: Sequence[str]) -> str:
    """The policy text: own files only; inline scripts by hash; inline styles, which the charts need."""
    return "; ".join(
        (
            "default-src 'self'",
            " ".join(["script-src 'self'", *(f"'{h.strip(chr(39))}'" for h in script_hashes)]),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def add_headers(server: Flask, policy: str, public_origin: str | None) -> None:
    """Set the strict headers on every answer; behind a proxy with TLS also that it shall stay so."""

    @server.after_request
    def _headers(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        # With `no-referrer` a form of our own would be sent with `Origin: null`, as if from anywhere.
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        if public_origin is not None:
            response.headers["Strict-Transport-Security"] = f"max-age={_YEAR}"
        if request.path.startswith("/_dash-update") or response.mimetype == "text/html":
            response.headers["Cache-Control"] = "no-store"
        return response


def _precompressed(path: Path, mimetype: str) -> Response:
    """A file with a year's cache, as its ``.br`` neighbour when there is one and the browser takes it."""
    packed = path.with_name(path.name + ".br")
    use_packed = packed.is_file() and "br" in request.headers.get("Accept-Encoding", "")
    response = send_file(packed if use_packed else path, mimetype=mimetype, conditional=True, max_age=_YEAR)
    if use_packed:
        response.headers["Content-Encoding"] = "br"
    response.headers["Vary"] = "Accept-Encoding"
    return response


def serve_bundle(server: Flask, bundle: Path) -> None:
    """Answer the address of the full plotly.js with our smaller build.

    The component that draws charts asks for one fixed address; answering it here keeps the load lazy.
    """

    @server.before_request
    def _bundle() -> ResponseReturnValue | None:
        if _PLOTLY.fullmatch(request.path):
            return _precompressed(bundle, "text/javascript")
        return None


def serve_files(server: Flask, secured: Secured, geo: Path, fonts: Path) -> None:
    """Boundaries at ``/geo/<province>_<grade>.geojson`` (with ETag), web fonts at ``/fonts/<file>``."""

    @secured.get("/geo/<name>", action="view")
    def _geo(reader: Reader, name: str) -> ResponseReturnValue:
        if not _GEO.fullmatch(name) or not (geo / name).is_file():
            abort(404)
        # A city is drawn from its province's file.
        if not any(region[:2] == name[:2] for region in reader.scope.regions):
            abort(403, "no right: region")
        return send_file((geo / name).resolve(), mimetype="application/json", conditional=True, max_age=0)

    @server.get("/fonts/<name>", endpoint="fonts")
    def _font(name: str) -> ResponseReturnValue:
        if not _FONT.fullmatch(name) or not (fonts / name).is_file():
            abort(404)
        return send_file((fonts / name).resolve(), conditional=True, max_age=_YEAR)
