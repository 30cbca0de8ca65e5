"""Who may ask, what the browser may do, and which files are served."""

from pathlib import Path

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient
from plotly.offline import get_plotlyjs_version

from cockpit.__main__ import main
from cockpit.app import Cockpit, bundle_of
from cockpit.server import serve_bundle

PLOTLY = "/_dash-component-suites/plotly/package_data/plotly.min.js"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8050", "[::1]:8050"])
def test_loopback_host_is_answered(client: FlaskClient, host: str) -> None:
    assert client.get("/health", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.5:8050"])
@pytest.mark.parametrize("path", ["/", "/_dash-layout", "/geo/440000_city.geojson"])
def test_foreign_host_is_refused(client: FlaskClient, host: str, path: str) -> None:
    assert client.get(path, headers={"Host": host}).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:9999"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_post_from_another_site_is_refused(client: FlaskClient, headers: dict[str, str]) -> None:
    answer = client.post("/_dash-update-component", json={}, headers={"Host": "localhost", **headers})

    assert answer.status_code == 403


def test_post_from_own_page_is_let_through(client: FlaskClient) -> None:
    body = {
        "output": "latest.data",
        "outputs": {"id": "latest", "property": "data"},
        "inputs": [{"id": "poll", "property": "n_intervals", "value": 1}],
        "state": [
            {"id": "meta", "property": "data", "value": None},
            {"id": "url", "property": "pathname", "value": "/"},
        ],
        "changedPropIds": ["poll.n_intervals"],
    }
    answer = client.post(
        "/_dash-update-component", json=body, headers={"Host": "localhost", "Origin": "http://localhost"}
    )

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "path", ["/", "/quality", "/_dash-layout", "/nothing/here", "/geo/440000_city.geojson"]
)
def test_every_answer_has_the_strict_headers(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers

    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["style-src"] == "'self' 'unsafe-inline'"
    assert policy["script-src"].startswith("'self' 'sha256-")
    assert "unsafe" not in policy["script-src"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_callbacks_stay_within_budget(app: Cockpit, client: FlaskClient) -> None:
    assert 0 < len(client.get("/_dash-dependencies").get_json()) <= 12


@pytest.mark.parametrize(
    ("query", "lang", "dress"), [("", "zh", "office"), ("?lang=en&dress=wall", "en", "wall")]
)
def test_first_document_has_language_and_dress(
    client: FlaskClient, query: str, lang: str, dress: str
) -> None:
    page = client.get(f"/{query}").get_data(as_text=True)

    assert f'<html lang="{lang}" data-dress="{dress}">' in page
    assert "https://" not in page


def test_boundaries_are_revalidated_by_etag(client: FlaskClient) -> None:
    first = client.get("/geo/440000_city.geojson")
    again = client.get("/geo/440000_city.geojson", headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, again.status_code) == (200, 304)


@pytest.mark.parametrize("name", ["440000_town.geojson", "999999_city.geojson", "x.json"])
def test_only_named_boundaries_are_served(client: FlaskClient, name: str) -> None:
    assert client.get(f"/geo/{name}").status_code == 404


@pytest.mark.parametrize(
    "path", ["/geo/..%2Fops%2Fledger.db", "/geo/../ops/ledger.db", "/fonts/..%2F..%2Fetc%2Fpasswd"]
)
def test_no_path_leads_out_of_a_folder(client: FlaskClient, path: str) -> None:
    # A path of another shape is the pages' own: it gives the empty frame, never a file.
    answer = client.get(path)

    assert answer.status_code == 404 or answer.data.startswith(b"<!DOCTYPE html>")


def test_fonts_are_served_and_nothing_else(client: FlaskClient) -> None:
    assert client.get("/fonts/noto-sans-sc.css").status_code == 200
    assert client.get("/fonts/noto-sans-sc.txt").status_code == 404


@pytest.mark.parametrize("path", [PLOTLY, PLOTLY.replace("plotly.min", "plotly.v7_1_0m1700000000.min")])
def test_small_bundle_answers_for_plotly(tmp_path: Path, path: str) -> None:
    script = b'window.Plotly={version:"x"}'
    (tmp_path / "plotly.min.js").write_bytes(script)
    (tmp_path / "plotly.min.js.br").write_bytes(brotli.compress(script))
    server = Flask("bundle")
    serve_bundle(server, tmp_path / "plotly.min.js")
    client = server.test_client()

    plain = client.get(path)
    packed = client.get(path, headers={"Accept-Encoding": "gzip, br"})

    assert plain.data == script and "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "br" and brotli.decompress(packed.data) == script
    assert packed.mimetype == "text/javascript"


def test_bundle_of_another_version_is_not_used(tmp_path: Path) -> None:
    bundle = tmp_path / "plotly.min.js"
    assert bundle_of(tmp_path) is None
    bundle.write_text('version="0.0.1"', encoding="utf-8")
    assert bundle_of(tmp_path) is None
    bundle.write_text(f'version="{get_plotlyjs_version()}"', encoding="utf-8")
    assert bundle_of(tmp_path) == bundle


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["--host", "0.0.0.0"], ["0.0.0.0", "public_origin"]),
        (["--demo", "--host", "0.0.0.0"], ["0.0.0.0", "--demo", "loopback"]),
        (["--lake", "no/such/lake"], ["no/such/lake", "make daily"]),
    ],
)
def test_bad_input_is_one_line_and_exit_2(
    argv: list[str], words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(argv) == 2
    error = capsys.readouterr().err.strip()
    assert "\n" not in error and all(word in error for word in words)
