"""The gate before every request: who asks, how often, and whether the way is open at all."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from dash.exceptions import DependencyException
from flask import Flask, Response, abort, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_limiter.errors import RateLimitExceeded
from sqlalchemy.exc import SQLAlchemyError

import conf
from cockpit import texts
from cockpit.access.reader import reader_of
from cockpit.access.secured import Rule, Secured
from cockpit.address import LANGUAGES, parse
from cockpit.store import Store
from cockpit.store.sessions import Limits, token_hash

#: Open to everybody: they hold no data.
PUBLIC = frozenset({"/health", "fonts", "sign_in", "sign_in_form", "oidc_start", "oidc_back"})
#: Open to everybody who is signed in: the frame, its scripts and styles. Data comes by callbacks only.
CALLBACKS = "/_dash-update-component"
SIGNED_IN = frozenset(
    {
        "/",
        "/<path:path>",
        "/_dash-layout",
        "/_dash-dependencies",
        "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>",
        "_dash_assets.static",
        "sign_out",
    }
)


def cookie_name(what: str = "") -> str:
    """The session's cookie, or another one of ours; with TLS its name binds it to this very host."""
    return ("__Host-" if conf.load().access.public_origin else "") + "dingpan" + what


def session_limits(role: str) -> Limits:
    """When sessions of a role end, as conf says."""
    rules = conf.load().access.session_of(role)
    return Limits(timedelta(minutes=rules.idle_minutes), timedelta(minutes=rules.absolute_minutes))


def identify(server: Flask, store: Store) -> None:
    """Find out who asks, from the session's cookie alone."""

    @server.before_request
    def _identify() -> None:
        g.token = request.cookies.get(cookie_name(), "")
        account = store.sessions.find(g.token, session_limits) if g.token else None
        g.reader = reader_of(account) if account else None

    @server.errorhandler(DependencyException)
    def _no_file(_error: DependencyException) -> ResponseReturnValue:
        return "no such file\n", 404

    @server.errorhandler(SQLAlchemyError)
    def _no_store(error: SQLAlchemyError) -> ResponseReturnValue:
        server.logger.error("the operational store failed: %s", error)
        return _said("store"), 503


def limit(server: Flask, per_minute: int) -> Limiter:
    """Count requests: of a session, or of an address that has not signed in."""

    def asker() -> str:
        return f"session {token_hash(g.token)}" if g.reader else f"address {request.remote_addr}"

    @server.errorhandler(RateLimitExceeded)
    def _too_many(error: RateLimitExceeded) -> ResponseReturnValue:
        most = error.limit.limit.amount if error.limit else per_minute
        return _said("too_many", most=most), 429, {"Retry-After": "60"}

    return Limiter(
        asker,
        app=server,
        application_limits=[f"{per_minute} per minute"],
        storage_uri="memory://",
    )


def shut(server: Flask, store: Store, secured: Secured) -> None:
    """Refuse whatever is not open: the address, or a callback that was not registered through `secured`."""

    @server.before_request
    def _shut() -> ResponseReturnValue | None:
        endpoint = request.endpoint
        if endpoint in PUBLIC:
            return None
        if g.reader is None:
            return _sign_in_first(endpoint)
        if endpoint == CALLBACKS:
            if not _rule(secured).silent:
                store.sessions.touch(g.token)
        elif endpoint in SIGNED_IN | secured.endpoints:
            store.sessions.touch(g.token)
        elif endpoint is not None:
            abort(403, "not open")
        return None


def _sign_in_first(endpoint: str | None) -> ResponseReturnValue:
    if request.method == "GET" and endpoint in ("/", "/<path:path>"):
        address = parse(request.path, request.query_string.decode("ascii", "replace"))
        wanted = address.href if address.known else "/"
        return redirect("/sign-in?" + urlencode({"lang": address.lang, "next": wanted}))
    return Response("sign in first\n", 401, mimetype="text/plain")


def _said(key: str, **values: object) -> Response:
    """An answer in both languages: it is given before anybody knows whose it is."""
    lines = (texts.get(f"access.{key}", lang, **values) for lang in LANGUAGES)
    return Response("".join(f"{line}\n" for line in lines), mimetype="text/plain")


def _rule(secured: Secured) -> Rule:
    """The rule of the callback that the request names; 400 or 403 for a request that is none of ours."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not isinstance(body.get("output"), str):
        abort(400, "not a callback's request")
    rule = secured.callbacks.get(body["output"])
    if rule is None:
        abort(403, "no such callback")
    if not rule.fits(body):
        abort(400, "not the parts of that callback")
    return rule
