"""Sign-in through a real identity server: npm's oidc-provider, run by node on loopback."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from flask.testing import FlaskClient

import conf
from cockpit.access import oidc
from cockpit.app import Cockpit, create_app
from cockpit.gold import open_lake
from cockpit.store import Store, open_store, sqlite_url
from conf.access import Oidc, Provision

HERE = Path(__file__).parent
INSTALLED = HERE.parents[1] / "out" / "oidc"
CLIENT, SECRET = "dingpan", "a secret of this test alone"
BACK = "http://localhost/sign-in/oidc/back"
FILES = ("package.json", "package-lock.json", ".npmrc", "server.mjs")


def _installed() -> Path:
    """The server's folder, its packages fetched when they are not there or another version is wanted."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        pytest.skip("no npm and node: the identity server cannot be started")
    lock = INSTALLED / "package-lock.json"
    fresh = lock.is_file() and lock.read_bytes() == (HERE / lock.name).read_bytes()
    INSTALLED.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copy(HERE / name, INSTALLED / name)
    if not fresh or not (INSTALLED / "node_modules").is_dir():
        fetched = subprocess.run(
            ["npm", "ci", "--loglevel=error"], cwd=INSTALLED, capture_output=True, text=True
        )
        if fetched.returncode:
            lock.unlink()
            pytest.skip("npm could not fetch oidc-provider: the identity server cannot be started")
    return INSTALLED


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The address of a running identity server."""
    folder = _installed()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    process = subprocess.Popen(
        ["node", "server.mjs", port, CLIENT, SECRET, BACK],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    assert address.startswith("http://127.0.0.1:"), "the identity server did not start"
    yield address
    process.terminate()
    process.wait(30)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = open_store(sqlite_url(tmp_path / "cockpit.db"))
    for name in ("li", "gone"):
        store.accounts.add(
            name, shown="李", role="planner", regions=["440000"], grade="internal", password=None
        )
    store.accounts.disable("gone")
    return store


def build(monkeypatch: pytest.MonkeyPatch, store: Store, tmp_path: Path, **settings: Any) -> Cockpit:
    """A cockpit whose conf names an identity server."""
    loaded = conf.load()
    named = Oidc(client_id=CLIENT, claim="preferred_username", **settings)
    changed = loaded.model_copy(update={"access": loaded.access.model_copy(update={"oidc": named})})
    monkeypatch.setattr(conf, "load", lambda: changed)
    monkeypatch.setenv(oidc.SECRET_VARIABLE, SECRET)
    return create_app(open_lake(tmp_path), tmp_path, store)


def at_the_provider(url: str, name: str) -> str:
    """What a person does there: say who they are, agree, and be sent back to the address that comes out."""
    browser = requests.Session()
    page = browser.get(url)
    for _ in range(5):
        action = re.search(r'action="([^"]+)"', page.text)
        prompt = re.search(r'name="prompt" value="(\w+)"', page.text)
        assert action is not None and prompt is not None, page.text
        form = {"prompt": prompt[1], "login": name, "password": "any"}
        page = browser.post(action[1], data=form, allow_redirects=False)
        while page.is_redirect:
            if page.headers["Location"].startswith(BACK):
                return page.headers["Location"]
            page = browser.get(
                requests.compat.urljoin(page.url, page.headers["Location"]), allow_redirects=False
            )
    raise AssertionError("never sent back")


def back(client: FlaskClient, url: str) -> Any:
    """The browser follows the provider's redirect."""
    return client.get(url.removeprefix("http://localhost"))


def test_person_with_an_account_comes_in(
    monkeypatch: pytest.MonkeyPatch, store: Store, tmp_path: Path, issuer: str
) -> None:
    client = build(monkeypatch, store, tmp_path, issuer=issuer).server.test_client()
    assert "/sign-in/oidc?" in client.get("/sign-in").text
    out = client.get("/sign-in/oidc?next=%2Ftheme%2Fpopulation")
    assert "code_challenge_method=S256" in out.location and "nonce=" in out.location
    answer = back(client, at_the_provider(out.location, "li"))

    assert answer.status_code == 200 and "url=/theme/population" in answer.text
    assert client.get("/").status_code == 200
    newest = store.audit.newest(1)[0]
    assert (newest.account, newest.role, newest.outcome) == ("li", "planner", "ok")


@pytest.mark.parametrize("name", ["stranger", "gone"])
def test_person_without_an_account_is_told_so(
    monkeypatch: pytest.MonkeyPatch, store: Store, tmp_path: Path, issuer: str, name: str
) -> None:
    client = build(monkeypatch, store, tmp_path, issuer=issuer).server.test_client()
    answer = back(client, at_the_provider(client.get("/sign-in/oidc").location, name))

    assert answer.status_code == 403 and "没有您的账号" in answer.text
    assert client.get("/").status_code == 302
    assert store.accounts.find("stranger") is None
    assert store.audit.newest(1)[0].outcome == "unknown"


def test_local_account_with_a_password_is_not_taken_over(
    monkeypatch: pytest.MonkeyPatch, store: Store, tmp_path: Path, issuer: str
) -> None:
    store.accounts.add(
        "chief",
        shown="",
        role="administrator",
        regions=["440000"],
        grade="internal",
        password="its own password",
    )
    client = build(monkeypatch, store, tmp_path, issuer=issuer).server.test_client()
    answer = back(client, at_the_provider(client.get("/sign-in/oidc").location, "chief"))

    assert answer.status_code == 403 and "没有您的账号" in answer.text
    assert client.get("/").status_code == 302


def test_account_is_made_only_where_conf_says_so(
    monkeypatch: pytest.MonkeyPatch, store: Store, tmp_path: Path, issuer: str
) -> None:
    rights = Provision(role="analyst", regions=("370000",), grade="public")
    client = build(monkeypatch, store, tmp_path, issuer=issuer, provision=rights).server.test_client()
    assert back(client, at_the_provider(client.get("/sign-in/oidc").location, "wang")).status_code == 200
    made = store.accounts.find("wang")

    assert made is not None
    assert (made.name, made.role, made.regions, made.grade) == ("WANG", "analyst", ("370000",), "public")
    assert not made.has_password


def test_answer_is_good_once_and_for_the_browser_that_asked(
    monkeypatch: pytest.MonkeyPatch, store: Store, tmp_path: Path, issuer: str
) -> None:
    app = build(monkeypatch, store, tmp_path, issuer=issuer)
    client, other, third = (app.server.test_client() for _ in range(3))
    url = at_the_provider(client.get("/sign-in/oidc").location, "li")
    third.get("/sign-in/oidc")
    for stranger in (other, third):
        assert back(stranger, url).status_code == 403
        assert stranger.get("/").status_code == 302
    assert back(client, url.replace("code=", "code=x")).status_code == 403
    assert back(client, url.replace("state=", "state=x")).status_code == 403
    assert back(client, url.split("?")[0] + "?error=access_denied").status_code == 403
    assert back(client, url).status_code == 200
    assert back(client, url).status_code == 403


@pytest.mark.parametrize("changed", ["nonce", "verifier"])
def test_token_that_is_not_for_this_request_is_refused(issuer: str, changed: str) -> None:
    settings = Oidc(issuer=issuer, client_id=CLIENT, claim="sub")
    provider = oidc.Provider(settings, SECRET)
    url, kept = provider.start(BACK)
    answer = at_the_provider(url, "li")
    with pytest.raises(oidc.OidcError):
        provider.finish(BACK, answer, {**kept, changed: "x" * 64})


def test_wrong_secret_is_refused(issuer: str) -> None:
    settings = Oidc(issuer=issuer, client_id=CLIENT, claim="sub")
    url, kept = oidc.Provider(settings, SECRET).start(BACK)
    answer = at_the_provider(url, "li")
    with pytest.raises(oidc.OidcError):
        oidc.Provider(settings, "another").finish(BACK, answer, kept)


def test_provider_that_does_not_answer_is_said_so(
    monkeypatch: pytest.MonkeyPatch, store: Store, tmp_path: Path
) -> None:
    client = build(monkeypatch, store, tmp_path, issuer="http://127.0.0.1:1").server.test_client()
    answer = client.get("/sign-in/oidc")

    assert answer.status_code == 403 and "统一身份认证没有成功" in answer.text


def test_ways_through_the_provider_are_counted_as_sign_ins(
    monkeypatch: pytest.MonkeyPatch, store: Store, tmp_path: Path
) -> None:
    client = build(monkeypatch, store, tmp_path, issuer="http://127.0.0.1:1").server.test_client()
    most = conf.load().access.rate.sign_in
    for path in ("/sign-in/oidc", "/sign-in/oidc/back"):
        assert [client.get(path).status_code for _ in range(most + 1)] == [403] * most + [429]


def test_issuer_on_a_network_must_have_tls() -> None:
    with pytest.raises(ValueError, match="https"):
        Oidc(issuer="http://id.example", client_id=CLIENT, claim="sub")
