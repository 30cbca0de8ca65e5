"""One tiny lake and one application for the tests of pages and server."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from cockpit.app import Cockpit, create_app
from cockpit.gold import Lake, open_lake
from tests import tiny_gold

BUNDLE = b'window.Plotly={version:"4.1.1"};'


@pytest.fixture(scope="session")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    return open_lake(tiny_gold.write(tmp_path_factory.mktemp("gold") / "lake"))


@pytest.fixture(scope="session")
def web(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("web")
    (folder / "fonts").mkdir()
    (folder / "fonts" / "noto-sans-sc.css").write_text("@font-face{}", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def app(lake: Lake, web: Path) -> Cockpit:
    return create_app(lake, web)


@pytest.fixture
def client(app: Cockpit) -> FlaskClient:
    return app.server.test_client()
