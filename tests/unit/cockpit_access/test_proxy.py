"""Behind a reverse proxy with TLS: what changes, and what is still refused."""

from __future__ import annotations

from pathlib import Path
from socket import create_server

import pytest
from flask.testing import FlaskClient

import conf
from cockpit.__main__ import port_taken, why_not_served
from cockpit.app import create_app
from cockpit.gold import Lake
from cockpit.store import open_store, sqlite_url
from tests.signed_in import form_token
from tests.unit.cockpit_access.conftest import PASSWORD, House

HOST = "cockpit.example"
PROXIED = {"X-Forwarded-Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "10.1.2.3"}


@pytest.fixture
def origin(monkeypatch: pytest.MonkeyPatch) -> str:
    loaded = conf.load()
    access = loaded.access.model_copy(update={"public_origin": f"https://{HOST}"})
    changed = loaded.model_copy(update={"access": access})
    monkeypatch.setattr(conf, "load", lambda: changed)
    return f"https://{HOST}"


@pytest.fixture
def client(origin: str, lake: Lake, house: House, tmp_path: Path) -> FlaskClient:
    client: FlaskClient = create_app(lake, tmp_path, house.store).server.test_client()
    client.environ_base.update({f"HTTP_{name.upper().replace('-', '_')}": v for name, v in PROXIED.items()})
    return client


def test_cookies_are_bound_to_host_and_tls(client: FlaskClient, house: House, origin: str) -> None:
    page = client.get("/sign-in", base_url=origin)
    assert page.headers["Strict-Transport-Security"].startswith("max-age=")
    cookie = page.headers["Set-Cookie"]
    assert cookie.startswith("__Host-dingpan-form=") and "Secure" in cookie
    token = page.text.split('name="token" value="')[1].split('"')[0]
    fields = {"token": token, "account": "li", "password": PASSWORD}
    answer = client.post("/sign-in", data=fields, base_url=origin, headers={"Origin": origin})
    session = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("__Host-dingpan="))

    assert answer.status_code == 200
    assert all(part in session for part in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"))
    assert client.get("/", base_url=origin).status_code == 200
    assert house.store.audit.newest(1)[0].address == "10.1.2.3"


def test_other_names_and_origins_are_refused(client: FlaskClient, origin: str) -> None:
    assert client.get("/sign-in", headers={"X-Forwarded-Host": "evil.example"}).status_code == 400
    sent = client.post("/sign-in", base_url=origin, headers={"Origin": f"http://{HOST}"})
    assert sent.status_code == 403


def test_forwarded_headers_are_not_believed_without_a_proxy(house: House) -> None:
    client = house.client()
    data = {"token": form_token(client), "account": "li", "password": PASSWORD}
    client.post("/sign-in", data=data, headers={"X-Forwarded-For": "10.1.2.3"})
    assert house.store.audit.newest(1)[0].address == "127.0.0.1"
    assert client.get("/health", headers={"X-Forwarded-Host": "evil.example"}).status_code == 200


def test_network_address_needs_proxy_and_people(origin: str, house: House, tmp_path: Path) -> None:
    nobody, somebody = (sqlite_url(tmp_path / f"{name}.db") for name in ("nobody", "somebody"))
    open_store(somebody).accounts.add(
        "li", shown="", role="leader", regions=["440000"], grade="public", password=PASSWORD
    )

    assert "user add" in (why_not_served(house.lake, "0.0.0.0", False, nobody) or "")
    assert why_not_served(house.lake, "0.0.0.0", False, somebody) is None
    assert "--demo" in (why_not_served(house.lake, "0.0.0.0", True, somebody) or "")
    assert "public_origin" in (why_not_served(house.lake, "127.0.0.1", True, somebody) or "")


def test_a_port_in_use_is_told_before_anything_starts() -> None:
    with create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"--port {port}: Address already in use (127.0.0.1)" in (port_taken("127.0.0.1", port) or "")
    assert port_taken("127.0.0.1", port) is None
