"""Sign-in through an identity provider: OpenID Connect, authorization code with PKCE, state and nonce.

What must come back is kept in a short-lived signed cookie of the browser that set out, so that an answer
cannot be given to another browser. That cookie is `Lax`: it has to come along from the provider's site.
"""

from __future__ import annotations

import os
import secrets
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from flask import Flask, redirect, request
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from itsdangerous import BadData, URLSafeTimedSerializer
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

import conf
from cockpit.access.sign_in import SignIn, by_address, forget, way_on
from cockpit.store.accounts import LONGEST_SHOWN, Account, is_name
from conf.access import Oidc

SECRET_VARIABLE = "DINGPAN_OIDC_SECRET"
COOKIE = "dingpan-oidc"
_WAY_SECONDS = 600
_NETWORK_SECONDS = 10
#: Signatures by the provider's own key; never `none`, and never by the client's secret.
_ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
_CLOCK_LEEWAY = 60


class OidcError(RuntimeError):
    """The provider's answer does not hold; the reason is for the log, not for the reader."""


class Provider:
    """One identity provider, known by its own description of itself."""

    def __init__(self, settings: Oidc, secret: str) -> None:
        self._settings, self._secret = settings, secret

    def start(self, back: str) -> tuple[str, dict[str, str]]:
        """Where to send the browser, and what must be known when it comes back.

        Raises OidcError.
        """
        kept = {name: secrets.token_urlsafe(48) for name in ("state", "nonce", "verifier")}
        url, _ = self._client(back).create_authorization_url(
            self._described()["authorization_endpoint"],
            state=kept["state"],
            nonce=kept["nonce"],
            code_verifier=kept["verifier"],
        )
        return str(url), kept

    def finish(self, back: str, answer: str, kept: dict[str, str]) -> dict[str, Any]:
        """The claims of the identity token that the provider gives for its answer.

        Raises OidcError for a wrong state, a code that is refused, and a token that is not for us and now.
        """
        described = self._described()
        try:
            token = self._client(back, kept["state"]).fetch_token(
                described["token_endpoint"],
                authorization_response=answer,
                code_verifier=kept["verifier"],
                timeout=_NETWORK_SECONDS,
            )
            published: Any = self._get(described["jwks_uri"])
            keys = KeySet.import_key_set(published)
            claims = jwt.decode(token["id_token"], keys, algorithms=_ALGORITHMS).claims
            jwt.JWTClaimsRegistry(
                leeway=_CLOCK_LEEWAY,
                iss={"essential": True, "value": self._settings.issuer},
                aud={"essential": True, "value": self._settings.client_id},
                exp={"essential": True},
                nonce={"essential": True, "value": kept["nonce"]},
            ).validate(claims)
        except (AuthlibBaseError, JoseError, requests.RequestException, KeyError, ValueError) as error:
            raise OidcError(f"{type(error).__name__}: {error}") from None
        return claims

    def _client(self, back: str, state: str | None = None) -> OAuth2Session:
        return OAuth2Session(
            self._settings.client_id,
            self._secret,
            scope="openid profile",
            redirect_uri=back,
            state=state,
            code_challenge_method="S256",
        )

    def _described(self) -> dict[str, Any]:
        try:
            described = self._get(self._settings.issuer.rstrip("/") + "/.well-known/openid-configuration")
        except (requests.RequestException, ValueError) as error:
            raise OidcError(f"{self._settings.issuer} does not describe itself: {error}") from None
        if described.get("issuer") != self._settings.issuer:
            raise OidcError(f"{self._settings.issuer} calls itself {described.get('issuer')}")
        return described

    @staticmethod
    def _get(url: str) -> dict[str, Any]:
        answer = requests.get(url, timeout=_NETWORK_SECONDS)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found


def register(server: Flask, limiter: Limiter, sign_in: SignIn, settings: Oidc) -> None:
    """The two routes: out to the provider, and back from it. Each makes the server itself ask the provider, so
    both are counted as sign-ins."""
    provider = Provider(settings, os.environ.get(SECRET_VARIABLE, ""))
    sealed = URLSafeTimedSerializer(secrets.token_bytes(32))
    secure = conf.load().access.public_origin is not None

    def back() -> str:
        return request.host_url.rstrip("/") + "/sign-in/oidc/back"

    def failed(error: object) -> ResponseReturnValue:
        server.logger.warning("sign-in through the identity provider failed: %s", error)
        sign_in.audit("sign_in", "", "failed")
        return sign_in.form("provider_failed", 403)

    @server.get("/sign-in/oidc", endpoint="oidc_start")
    @by_address(limiter)
    def _start() -> ResponseReturnValue:
        try:
            url, kept = provider.start(back())
        except OidcError as error:
            return failed(error)
        kept["next"] = way_on(request.args.get("next", "/")).href
        answer = redirect(url)
        answer.set_cookie(
            COOKIE,
            str(sealed.dumps(kept)),
            max_age=_WAY_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=secure,
            path="/sign-in/oidc",
        )
        return answer

    @server.get("/sign-in/oidc/back", endpoint="oidc_back")
    @by_address(limiter)
    def _back() -> ResponseReturnValue:
        try:
            kept = sealed.loads(request.cookies.get(COOKIE, ""), max_age=_WAY_SECONDS)
            claims = provider.finish(back(), request.url, kept)
        except (BadData, OidcError) as error:
            return failed(error)
        claimed = str(claims.get(settings.claim) or "")
        name = claimed if is_name(claimed) else ""
        account = _account(sign_in, settings, name, str(claims.get("name") or name))
        # Who has a password here signs in with it: a name that somebody chose at the provider must not take over
        # a local account, such as the administrator's.
        if account is None or account.disabled or account.has_password:
            sign_in.audit("sign_in", name, "unknown")
            return sign_in.form("unknown", 403)
        answer = sign_in.welcome(account, kept["next"])
        forget(answer, COOKIE, "/sign-in/oidc")
        return answer


def _account(sign_in: SignIn, settings: Oidc, name: str, shown: str) -> Account | None:
    accounts = sign_in.store.accounts
    found = accounts.find(name) if name else None
    if found is None and name and settings.provision is not None:
        rights = settings.provision
        accounts.add(
            name,
            shown=shown[:LONGEST_SHOWN],
            role=rights.role,
            regions=rights.regions,
            grade=rights.grade,
            password=None,
        )
        sign_in.audit("account", name, "ok", rights.role)
        found = accounts.find(name)
    return found
