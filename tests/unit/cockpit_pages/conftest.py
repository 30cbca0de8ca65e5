"""One tiny lake and one application for the tests of pages and server."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from cockpit.access import demo
from cockpit.access.reader import Reader, reader_of
from cockpit.app import Cockpit, create_app
from cockpit.gold import Lake
from cockpit.store import Store, open_store, sqlite_url
from tests.signed_in import demo_sign_in

BUNDLE = b'window.Plotly={version:"4.1.1"};'


@pytest.fixture(scope="session")
def web(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("web")
    (folder / "fonts").mkdir()
    (folder / "fonts" / "noto-sans-sc.css").write_text("@font-face{}", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return open_store(sqlite_url(tmp_path_factory.mktemp("store") / "cockpit.db"))


@pytest.fixture(scope="session")
def reader(store: Store) -> Reader:
    """An analyst, who sees every province and every grade."""
    return next(reader_of(account) for account in demo.accounts(store) if account.role == "analyst")


@pytest.fixture(scope="session")
def app(lake: Lake, web: Path, store: Store) -> Cockpit:
    return create_app(lake, web, store, demo.accounts(store))


@pytest.fixture(scope="session")
def client(app: Cockpit) -> FlaskClient:
    """The browser of the analyst."""
    return demo_sign_in(app, "analyst")
