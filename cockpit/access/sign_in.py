"""Signing in and out: the form, demo accounts, lock-out, and the session's cookie."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import timedelta
from math import ceil

from flask import Flask, Response, g, make_response, redirect, request
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter, RouteLimit

import conf
from cockpit.access import sign_in_page
from cockpit.access.gate import cookie_name, session_limits
from cockpit.access.reader import Reader, reader_of
from cockpit.address import LANGUAGES, Address, parse
from cockpit.store import Store
from cockpit.store.accounts import Account, is_name
from cockpit.store.attempts import LockOut

_FORM_SECONDS = 3600
#: Longer input is no password of ours; argon2 need not see it.
_MOST_CHARACTERS = 256


class SignIn:
    """What the form and the identity provider share: opening a session and refusing one."""

    def __init__(self, store: Store, demo: Sequence[Account]) -> None:
        self.store, self.demo = store, demo
        # A form of before a restart is simply shown again.
        self._key = secrets.token_bytes(32)

    def form(self, message: str = "", status: int = 200, **values: object) -> Response:
        """The sign-in page, with a token that only its own form sends back."""
        lang = _lang()
        seed = request.cookies.get(_form_cookie()) or secrets.token_urlsafe(32)
        page = sign_in_page.render(
            lang=lang,
            wanted=way_on(_wanted()).href,
            token=self._token(seed),
            message=sign_in_page.text(message, lang, **values) if message else "",
            demo=self.demo,
            oidc=conf.load().access.oidc is not None,
        )
        answer = make_response(page, status)
        self._cookie(answer, _form_cookie(), seed, _FORM_SECONDS)
        return answer

    def is_own_form(self) -> bool:
        """Whether the form sent is one that this server made for this very browser."""
        expected = self._token(request.cookies.get(_form_cookie(), ""))
        return hmac.compare_digest(expected.encode(), request.form.get("token", "").encode())

    def welcome(self, account: Account, wanted: str) -> Response:
        """A new session, whatever session there was before, and the way on."""
        if g.token:
            self.store.sessions.close(g.token)
        self.store.sessions.sweep(session_limits)
        token = self.store.sessions.open(account.account)
        self.audit("sign_in", account.account, "ok", account.role)
        address = _goal(reader_of(account), wanted)
        # A page that goes on by itself, not a redirect: one that began at another site (an identity provider)
        # would be asked for without the cookie.
        answer = make_response(sign_in_page.onward(address.href, address.lang))
        lasts = session_limits(account.role).absolute
        self._cookie(answer, cookie_name(), token, int(lasts.total_seconds()))
        forget(answer, _form_cookie())
        return answer

    def audit(self, action: str, account: str, outcome: str, role: str = "") -> None:
        """Write who came, went, or was turned away."""
        self.store.audit.write(
            action, account=account, role=role, address=request.remote_addr or "", outcome=outcome
        )

    def _token(self, seed: str) -> str:
        return hmac.new(self._key, seed.encode(), hashlib.sha256).hexdigest()

    def _cookie(self, answer: Response, name: str, value: str, seconds: int) -> None:
        answer.set_cookie(
            name,
            value,
            max_age=seconds,
            httponly=True,
            samesite="Strict",
            secure=conf.load().access.public_origin is not None,
            path="/",
        )


def register(server: Flask, limiter: Limiter, sign_in: SignIn) -> None:
    """The routes of the form. Its POST is counted by address, whoever it says it is."""
    access = conf.load().access
    rule = LockOut(
        access.lock_out.failures,
        timedelta(seconds=access.lock_out.first_seconds),
        timedelta(seconds=access.lock_out.longest_seconds),
    )

    @server.get("/sign-in", endpoint="sign_in_form")
    def _form() -> ResponseReturnValue:
        return redirect(_goal(g.reader, _wanted()).href) if g.reader else sign_in.form()

    @server.post("/sign-in", endpoint="sign_in")
    @by_address(limiter)
    def _sign_in() -> ResponseReturnValue:
        if not sign_in.is_own_form():
            return sign_in.form("expired", 400)
        if "demo" in request.form:
            return _as_demo(request.form["demo"])
        return _by_password(request.form.get("account", "").strip(), request.form.get("password", ""))

    def _as_demo(name: str) -> ResponseReturnValue:
        account = next((each for each in sign_in.demo if each.account == name), None)
        return sign_in.welcome(account, _wanted()) if account else sign_in.form("wrong", 403)

    def _by_password(name: str, password: str) -> ResponseReturnValue:
        if not is_name(name) or len(password) > _MOST_CHARACTERS:
            sign_in.audit("sign_in", name if is_name(name) else "", "wrong")
            return sign_in.form("wrong", 403)
        attempts = sign_in.store.attempts
        wait = attempts.begin(name, request.remote_addr or "", rule)
        if wait:
            sign_in.audit("sign_in", name, "locked")
            return sign_in.form("locked", 429, minutes=ceil(wait / timedelta(minutes=1)))
        account = sign_in.store.accounts.check(name, password)
        if account is None:
            sign_in.audit("sign_in", name, "wrong")
            return sign_in.form("wrong", 403)
        attempts.note(name, request.remote_addr or "", passed=True)
        return sign_in.welcome(account, _wanted())

    @server.post("/sign-out", endpoint="sign_out")
    def _sign_out() -> ResponseReturnValue:
        sign_in.store.sessions.close(g.token)
        sign_in.audit("sign_out", g.reader.account, "ok", g.reader.role)
        answer = make_response(redirect(f"/sign-in?lang={_lang()}", 303))
        forget(answer, cookie_name())
        return answer


def by_address(limiter: Limiter) -> RouteLimit:
    """Counts the requests of a way to sign in by address, besides all others."""
    return limiter.limit(
        f"{conf.load().access.rate.sign_in} per minute",
        key_func=lambda: f"sign-in {request.remote_addr}",
        override_defaults=False,
    )


def forget(answer: Response, name: str, path: str = "/") -> None:
    """Take a cookie of ours back."""
    answer.delete_cookie(name, path, secure=conf.load().access.public_origin is not None)


def _form_cookie() -> str:
    return cookie_name("-form")


def _lang() -> str:
    lang = request.values.get("lang", "")
    return lang if lang in LANGUAGES else LANGUAGES[0]


def _wanted() -> str:
    return request.values.get("next") or Address(lang=_lang()).href


def _goal(reader: Reader, wanted: str) -> Address:
    address = way_on(wanted)
    return address.to(path=reader.start) if address.path == "/" and not reader.opens("/") else address


def way_on(wanted: str) -> Address:
    """Where a reader was going: an address of this cockpit, and nothing else."""
    path, _, query = wanted.partition("?")
    address = parse(path, query)
    return address if address.known else Address(lang=address.lang)
