"""Forged requests, generated: what somebody without the right might send to the cockpit."""

from __future__ import annotations

import copy
import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cockpit.access.gate import CALLBACKS
from cockpit.access.reader import Reader, reader_of
from cockpit.reports.files import ADDRESS, report_path
from tests.unit.cockpit_access.conftest import House

Body = dict[str, Any]

#: Values that a browser would send, by what they are the value of.
VALUES = {
    "pathname": "/theme/population",
    "search": "?region=440100",
    "searchValue": "人口",
    "n_intervals": 1,
}
TRACE = "i~population.births~{region}~M~2026-05~"
THEMES = ("population", "agriculture", "economic", "plan")
#: What must stand in no answer: keys of figures, rows of the run log, of the audit, of files.
FIGURE = re.compile(r"[if]~[a-z_.]+~(\d{6})~")
SECRETS = re.compile(r"run-2026|SQLite format|FeatureCollection|\$argon2|root:x:|secret report")


@dataclass(frozen=True)
class Attempt:
    """One request, and who sends it; `reader` is None for somebody without a session."""

    name: str
    reader: Reader | None
    send: Callable[[], TestResponse]


def succeeded(attempt: Attempt, answer: TestResponse) -> bool:
    """Whether the answer tells anything that the sender has no right to."""
    if answer.status_code >= 400 or (answer.location or "").startswith("/sign-in"):
        return bool(FIGURE.search(answer.text) or SECRETS.search(answer.text))
    if attempt.reader is None:
        # The sign-in page, fonts and health are open to everybody.
        return 'name="token"' not in answer.text and answer.text not in ("", "OK", '{"status":"ok"}')
    scope = attempt.reader.scope
    return bool(SECRETS.search(answer.text)) or any(
        not scope.covers(region) or not attempt.reader.opens("/theme/")
        for region in FIGURE.findall(answer.text)
    )


def callbacks(house: House) -> list[Body]:
    """The request of every callback that the application names, with values that a browser would send."""
    return [_body(entry) for entry in house.client_of("li").get("/_dash-dependencies").get_json()]


def _body(entry: Body) -> Body:
    names = entry["output"].strip(".").split("...")
    outputs = [dict(zip(("id", "property"), name.rpartition(".")[::2], strict=True)) for name in names]
    return {
        "output": entry["output"],
        "outputs": outputs if entry["output"].startswith("..") else outputs[0],
        "inputs": [_valued(part) for part in entry["inputs"]],
        "state": [_valued(part) for part in entry["state"]],
        "changedPropIds": [f"{part['id']}.{part['property']}" for part in entry["inputs"]],
    }


def _valued(part: Body) -> Body:
    value = VALUES.get(part["property"])
    if part["id"] == "trace-request":
        value = {"key": TRACE.format(region="440100")}
    return {"id": part["id"], "property": part["property"], "value": value}


def relabelled(body: Body) -> Iterator[tuple[str, Body]]:
    """The same request with its parts called something else, which fools a gate that trusts them."""

    def changed(name: str, change: Callable[[Body], None]) -> tuple[str, Body]:
        forged = copy.deepcopy(body)
        change(forged)
        return name, forged

    def call_inputs(property_: str, value: str) -> Callable[[Body], None]:
        def change(forged: Body) -> None:
            for part in forged["inputs"]:
                part.update(property=property_, value=value)

        return change

    yield "as sent", body
    yield changed("inputs called pathname /sign-in", call_inputs("pathname", "/sign-in"))
    yield changed("inputs called pathname /health", call_inputs("pathname", "/health"))
    path = {"id": "url", "property": "pathname", "value": "/sign-in"}
    yield changed("one input more", lambda f: f["inputs"].append(path))
    reader = {"id": "reader", "property": "data", "value": {"role": "administrator"}}
    yield changed("a reader of its own", lambda f: f["inputs"].insert(0, reader))
    yield changed("without inputs", lambda f: f.update(inputs=[], changedPropIds=[]))
    page = {"id": "page", "property": "children"}
    yield changed("only its page", lambda f: f.update(output="page.children", outputs=page))


def post(client: FlaskClient, body: Body, **more: Any) -> Callable[[], TestResponse]:
    """Sends a callback's request."""
    return lambda: client.post(CALLBACKS, json=body, **more)


def get(client: FlaskClient, path: str, **more: Any) -> Callable[[], TestResponse]:
    """Asks for a path."""
    return lambda: client.get(path, **more)


def without_session(house: House) -> Iterator[Attempt]:
    """Every callback, in every disguise, from whom has no session, or one no longer."""
    closed, idle, disabled = (house.store.sessions.open(name) for name in ("li", "wang", "gone"))
    house.store.sessions.close(closed)
    house.store.accounts.disable("gone")
    cookies = {
        "anonymous": None,
        "a made-up session": "x" * 43,
        "the hash of a session": hashlib.sha256(idle.encode()).hexdigest(),
        "a session signed out": closed,
        "the session of a disabled account": disabled,
    }
    for who, cookie in cookies.items():
        client = house.client()
        if cookie is not None:
            client.set_cookie("dingpan", cookie)
        for body in callbacks(house):
            for how, forged in relabelled(body):
                yield Attempt(f"{who}: {body['output'][:24]}: {how}", None, post(client, forged))


def disguises(house: House) -> Iterator[Attempt]:
    """Headers, methods and forms of a request that a proxy or a framework might believe."""
    client, body = house.client(), callbacks(house)[0]
    headers = [
        {"X-Original-URL": "/sign-in"},
        {"X-Rewrite-URL": "/health"},
        {"X-Forwarded-User": "li"},
        {"X-Remote-User": "li"},
        {"Remote-User": "li"},
        {"X-Forwarded-For": "127.0.0.1"},
        {"X-Forwarded-Host": "localhost"},
        {"X-Forwarded-Prefix": "/sign-in"},
        {"X-HTTP-Method-Override": "GET"},
        {"Authorization": "Basic bGk6bGk="},
        {"Authorization": "Bearer x"},
        {"Referer": "http://localhost/sign-in"},
        {"Cookie": "dingpan=; dingpan=x"},
        {"Cookie": "__Host-dingpan=x; session=li"},
    ]
    for header in headers:
        yield Attempt(f"header {header}", None, post(client, body, headers=header))
    for method in ("GET", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
        yield Attempt(f"method {method}", None, lambda m=method: client.open(CALLBACKS, method=m, json=body))
    victim = house.client_of("li")
    for header in (
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Host": "evil.example"},
    ):
        yield Attempt(f"from another site {header}", None, post(victim, body, headers=header))


def wrong_region(house: House, account: str) -> Iterator[Attempt]:
    """A reader of one province or city asks for another's pages and figures."""
    reader, client = _reader(house, account), house.client_of(account)
    route, trace = _named(house, "page.children"), _named(house, "trace.children")
    outside = [
        r for r in ("370000", "370100", "440000", "440300", "110000", "999999") if not reader.scope.covers(r)
    ]
    for region in outside:
        for path in ("/", *(f"/theme/{theme}" for theme in THEMES)):
            for search in (f"?region={region}", f"?lang=en&dress=wall&region={region}"):
                body = _with(route, {"pathname": path, "search": search})
                yield Attempt(f"{account}: {path}{search}", reader, post(client, body))
        for theme in THEMES[:2]:
            body = _with(trace, {"pathname": f"/theme/{theme}", "search": ""})
            body["inputs"][0]["value"] = {"key": TRACE.format(region=region)}
            yield Attempt(f"{account}: trace {region}", reader, post(client, body))
    if not reader.scope.covers("370000"):
        for level in ("city", "county"):
            path = f"/geo/370000_{level}.geojson"
            yield Attempt(f"{account}: {path}", reader, get(client, path))


def wrong_role(house: House, account: str) -> Iterator[Attempt]:
    """A reader asks for pages and does things that the role does not have."""
    reader, client = _reader(house, account), house.client_of(account)
    pages = {
        "/": "/",
        "/theme/": "/theme/population",
        "/runs": "/runs",
        "/reports": "/reports",
        "/audit": "/audit",
    }
    for page, path in pages.items():
        if not reader.opens(page):
            body = _with(_named(house, "page.children"), {"pathname": path, "search": ""})
            yield Attempt(f"{account}: {path}", reader, post(client, body))
            for how, forged in relabelled(body):
                yield Attempt(f"{account}: {path}: {how}", reader, post(client, forged))
    if not reader.may("trace"):
        yield Attempt(f"{account}: trace", reader, post(client, _named(house, "trace.children")))
    for body in callbacks(house):
        if (
            body["output"] not in house.app.callback_map
            or "callback" not in house.app.callback_map[body["output"]]
        ):
            yield Attempt(
                f"{account}: in the browser only: {body['output'][:24]}", reader, post(client, body)
            )


def foreign_reports(house: House) -> Iterator[Attempt]:
    """Reports of somebody else, and paths that pretend to be reports."""
    content = b"secret report"
    report = house.store.reports.ask("li", ["370000"], "internal", "docx", {"region": "370000"})
    path = report_path(house.lake, report, "report.docx")
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    house.store.reports.done(report, "report.docx", len(content), hashlib.sha256(content).hexdigest())
    for account in ("wang", "leader", "department_officer", "auditor", "administrator"):
        reader, client = _reader(house, account), house.client_of(account)
        for tail in (report, f"{report}/", f"../report/{report}", f"{report}%00", f"{report}/report.docx"):
            yield Attempt(f"{account}: report {tail[:12]}", reader, get(client, f"{ADDRESS}{tail}"))
    yield Attempt("anonymous: report", None, get(house.client(), f"{ADDRESS}{report}"))


def path_tricks(house: House) -> Iterator[Attempt]:
    """Ways round a path, signed in and not."""
    paths = [
        "/sign-in/../_dash-layout",
        "/sign-in/%2e%2e/_dash-layout",
        "/sign-in;/_dash-dependencies",
        "//_dash-layout",
        "/%2f_dash-layout",
        "/./_dash-dependencies",
        "/health/../geo/370000_city.geojson",
        "/fonts/..%2f..%2fops%2fcockpit.db",
        "/fonts/../geo/370000_city.geojson",
        "/geo/..%2fops%2fledger.db",
        "/geo/....//ops/ledger.db",
        "/geo/370000_city.geojson%00.css",
        "/geo/370000_city.geojson?x=/sign-in",
        "/GEO/370000_city.geojson",
        "/assets/../store/tables.py",
        "/assets/..%2f..%2fconf%2faccess.yaml",
        "/assets/%2e%2e/%2e%2e/etc/passwd",
        "/_dash-component-suites/dash/..%2f..%2fetc%2fpasswd",
        "/_dash-component-suites/cockpit/store/tables.py",
        "/report/..%2f..%2fops%2fcockpit.db",
        "/report/",
        "/_reload-hash",
    ]
    officer = _reader(house, "department_officer")
    for path in paths:
        yield Attempt(f"anonymous: {path}", None, get(house.client(), path))
        yield Attempt(f"officer: {path}", officer, get(house.client_of(officer.account), path))


def attempts(house: House) -> Iterator[Attempt]:
    """All of them."""
    yield from without_session(house)
    yield from disguises(house)
    for account in ("planner", "department_officer"):
        yield from wrong_region(house, account)
    for account in ("leader", "department_officer", "auditor", "administrator"):
        yield from wrong_role(house, account)
    yield from foreign_reports(house)
    yield from path_tricks(house)


def _reader(house: House, account: str) -> Reader:
    found = house.store.accounts.find(account)
    assert found is not None
    return reader_of(found)


def _named(house: House, output: str) -> Body:
    return next(body for body in callbacks(house) if output in body["output"])


def _with(body: Body, values: dict[str, str]) -> Body:
    forged = copy.deepcopy(body)
    for part in (*forged["inputs"], *forged["state"]):
        part["value"] = values.get(part["property"], part["value"])
    return forged
