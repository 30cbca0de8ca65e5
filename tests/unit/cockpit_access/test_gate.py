"""Deny by default: every route and every callback, now and when one is added."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from dash import Input, Output
from flask import Flask, g
from sqlalchemy.exc import OperationalError

import conf
from cockpit.access.gate import CALLBACKS, PUBLIC, SIGNED_IN, limit
from cockpit.access.reader import reader_of
from cockpit.app import check_pages, create_app
from cockpit.gold import Lake, Scope
from cockpit.pages import PAGES
from conf.errors import ConfError
from tests.unit.cockpit_access.conftest import House

ROLES = tuple(conf.load().access.roles)


def test_every_callback_that_runs_on_the_server_is_behind_the_wrapper(house: House) -> None:
    house.client_of("li").get("/")
    on_server = {name for name, entry in house.app.callback_map.items() if "callback" in entry}
    secured = _secured(house)

    assert on_server == set(secured) != set()


def _secured(house: House) -> dict[str, object]:
    """Outputs that the gate lets through for a reader who may do everything."""
    client = house.client_of("li")
    return {
        name: answer
        for name in house.app.callback_map
        if (answer := client.post(CALLBACKS, json={"output": name})).status_code != 403
    }


def test_every_route_is_shut_to_who_has_not_signed_in(house: House) -> None:
    client, walked = house.client(), 0
    for rule in house.app.server.url_map.iter_rules():
        path = rule.rule
        for name in rule.arguments:
            path = (
                path.replace(f"<path:{name}>", "x").replace(f"<string:{name}>", "x").replace(f"<{name}>", "x")
            )
        for method in rule.methods - {"HEAD"}:
            answer = client.open(path, method=method)
            shut = answer.status_code == 401 or (
                answer.location is not None and "/sign-in?" in answer.location
            )
            assert shut or rule.endpoint in PUBLIC, (method, path, answer.status_code)
            walked += 1
    assert walked > 20


def test_public_routes_are_the_named_ones_and_hold_no_data(house: House) -> None:
    endpoints = {rule.endpoint for rule in house.app.server.url_map.iter_rules()}
    assert PUBLIC - endpoints == {"oidc_start", "oidc_back"}
    assert endpoints >= SIGNED_IN


def test_route_and_callback_added_without_the_wrapper_are_shut(
    lake: Lake, house: House, tmp_path: Path
) -> None:
    app = create_app(lake, tmp_path, house.store)
    app.server.add_url_rule("/bare", view_func=lambda: "secret", endpoint="bare")
    app.callback(Output("bare", "children"), Input("bare", "n_clicks"))(lambda _n: "secret")
    client = app.server.test_client()
    assert client.get("/bare").status_code == 401
    client.set_cookie("dingpan", house.store.sessions.open("li"))
    body = {
        "output": "bare.children",
        "outputs": {"id": "bare", "property": "children"},
        "inputs": [{"id": "bare", "property": "n_clicks", "value": 1}],
        "changedPropIds": ["bare.n_clicks"],
    }

    assert client.get("/bare").status_code == 403
    assert client.post(CALLBACKS, json=body).status_code == 403


def test_conf_names_every_page_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    check_pages()
    monkeypatch.setattr("cockpit.app.PAGES", PAGES[1:])
    with pytest.raises(ConfError, match=r"access\.yaml: pages: there is no page /"):
        check_pages()


@pytest.mark.parametrize("role", ROLES)
def test_each_role_opens_its_pages_and_no_others(house: House, role: str) -> None:
    account = house.store.accounts.find(role)
    assert account is not None
    reader, open_to_it = reader_of(account), conf.load().access.roles[role].pages
    shown = _pages(house, role)

    assert {page.path for page in PAGES if reader.opens(page.path)} == {
        path
        for path in open_to_it
        if conf.load().access.pages[path] == "public" or account.grade == "internal"
    }
    assert shown == {page.path: reader.opens(page.path) for page in PAGES}


def _pages(house: House, role: str) -> dict[str, bool]:
    client = house.client_of(role)
    shown = {}
    for page in PAGES:
        path = page.path + ("population" if page.path == "/theme/" else "")
        text = client.post(CALLBACKS, json=route(path)).get_data(as_text=True)
        shown[page.path] = "state-no-right" not in text
    return shown


def route(path: str, search: str = "") -> dict[str, object]:
    """What the browser sends for a page."""
    outputs = ["header.children", "nav.children", "page.children", "meta.data", "mantine.forceColorScheme"]
    outputs += ["shell.navbar", "skip.children", "burger.opened", "burger.aria-label"]
    return {
        "output": f"..{'...'.join(outputs)}..",
        "outputs": [dict(zip(("id", "property"), one.split("."), strict=True)) for one in outputs],
        "inputs": [
            {"id": "url", "property": "pathname", "value": path},
            {"id": "url", "property": "search", "value": search},
            {"id": "latest", "property": "data", "value": None},
        ],
        "changedPropIds": ["url.pathname"],
    }


def test_internal_page_needs_the_internal_grade(house: House) -> None:
    account = house.store.accounts.find("analyst")
    assert account is not None
    public = reader_of(type(account)(**{**vars(account), "grade": "public"}))

    assert reader_of(account).refused("/runs") is None
    assert public.refused("/runs") == "grade"
    assert public.refused("/audit") == "role"


def test_role_that_conf_no_longer_names_may_nothing(house: House) -> None:
    account = house.store.accounts.find("analyst")
    assert account is not None
    reader = reader_of(type(account)(**{**vars(account), "role": "gone"}))

    assert not any(reader.opens(page.path) for page in PAGES)
    assert not reader.may("view")


def test_views_and_traces_are_written_to_the_audit(house: House) -> None:
    client = house.client_of("planner")
    client.post(CALLBACKS, json=route("/theme/population", "?region=440100"))
    client.post(CALLBACKS, json=route("/", "?region=370000"))
    newest = house.store.audit.newest(2)

    assert [(e.account, e.role, e.action, e.object, e.outcome) for e in reversed(newest)] == [
        ("planner", "planner", "view", "/theme/population?region=440100", "ok"),
        ("planner", "planner", "view", "/?region=370000", "region"),
    ]
    assert house.store.audit.verify().broken is None


@pytest.mark.parametrize(("lang", "role"), [("zh", "规划人员"), ("en", "Planner")])
def test_audit_page_tells_in_the_reader_s_language_who_took_what_away(
    house: House, lang: str, role: str
) -> None:
    planner = house.store.accounts.find("planner")
    assert planner is not None
    house.store.audit.write(
        "export", account="planner", role=planner.role, object="/report/1", theme="population", until=2040
    )
    answer = house.client_of("auditor").post(CALLBACKS, json=route("/audit", f"?lang={lang}"))
    page = json.dumps(answer.get_json()["response"]["page"], ensure_ascii=False)

    assert role in page and '"planner"' in page
    assert "/report/1 theme=population until=2040" in page


def test_poll_is_no_sign_of_life(house: House) -> None:
    client = house.client_of("li")
    poll = {
        "output": "latest.data",
        "outputs": {"id": "latest", "property": "data"},
        "inputs": [{"id": "poll", "property": "n_intervals", "value": 1}],
        "state": [
            {"id": "meta", "property": "data", "value": None},
            {"id": "url", "property": "pathname", "value": "/"},
        ],
        "changedPropIds": ["poll.n_intervals"],
    }
    for _ in range(3):
        house.clock.pass_(minutes=9)
        assert client.post(CALLBACKS, json=poll).status_code == 200
    house.clock.pass_(minutes=9)
    assert client.post(CALLBACKS, json=poll).status_code == 401
    client = house.client_of("li")
    for _ in range(5):
        house.clock.pass_(minutes=9)
        assert client.get("/").status_code == 200


def test_city_reader_begins_at_the_city_and_sees_nothing_above(house: House) -> None:
    text = house.client_of("department_officer").post(CALLBACKS, json=route("/")).get_data(as_text=True)
    body = json.loads(text)["response"]

    assert "广州市" in json.dumps(body["page"], ensure_ascii=False)
    assert '"440000"' not in json.dumps(body["header"])


@pytest.mark.parametrize(
    ("regions", "inside", "outside"),
    [
        (("440000",), ("440000", "440100", "440103", "100000", "000000"), ("370000", "370100", "")),
        (("440100",), ("440100", "440103", "100000"), ("440000", "440200")),
        (("440103",), ("440103",), ("440100", "440104")),
        ((), ("100000",), ("440000",)),
    ],
)
def test_scope_covers_a_region_and_what_lies_below(
    regions: tuple[str, ...], inside: tuple[str, ...], outside: tuple[str, ...]
) -> None:
    scope = Scope(regions, "internal")
    assert all(scope.covers(region) for region in inside)
    assert not any(scope.covers(region) for region in outside)


def test_rows_are_cut_to_a_city_and_cached_under_its_scope(lake: Lake) -> None:
    release = lake.release()
    city, province = Scope(("440100",), "internal"), Scope(("440000",), "internal")
    seen = set(release.figures(city)["region"])

    assert {"440100", "440103"} <= seen
    assert not {code for code in seen if not code.startswith("4401") and code not in ("100000", "000000")}
    assert release.figures(province).height > release.figures(city).height
    assert release.figures(Scope(("440100",), "public")).height < release.figures(city).height


def test_store_that_does_not_answer_shows_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    client = house.client_of("li")

    def broken(*_: object) -> None:
        raise OperationalError("select", {}, Exception("gone"))

    monkeypatch.setattr(house.store.sessions, "find", broken)
    answer = client.get("/")
    assert answer.status_code == 503 and "没有响应" in answer.text and "does not answer" in answer.text


def test_request_beyond_the_rate_is_refused_and_another_asker_is_not() -> None:
    server, most = Flask("busy"), 5
    server.before_request(lambda: setattr(g, "reader", None))
    limit(server, most)
    server.add_url_rule("/", view_func=lambda: "here")
    client = server.test_client()
    answers = [client.get("/") for _ in range(most + 1)]

    assert [answer.status_code for answer in answers] == [200] * most + [429]
    assert answers[-1].headers["Retry-After"] == "60" and f"最多 {most} 次" in answers[-1].text
    assert f"at most {most} a minute" in answers[-1].text
    assert client.get("/", environ_base={"REMOTE_ADDR": "10.0.0.9"}).status_code == 200


@pytest.mark.verify
def test_ten_thousand_requests_in_a_minute_are_cut_short(house: House) -> None:
    client, most = house.client(), conf.load().access.rate.requests
    answers = [client.get("/theme/population").status_code for _ in range(10_000)]

    assert answers.count(302) == most and set(answers[most:]) == {429}
    assert house.client_of("li").get("/").status_code == 200


def test_every_page_is_open_to_some_role() -> None:
    roles = conf.load().access.roles.values()
    assert all(any(page.path in role.pages for role in roles) for page in PAGES)


def test_searches_of_a_minute_are_one_row_of_the_audit(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    client = house.client_of("wang")
    body = {
        "output": "search.data",
        "outputs": {"id": "search", "property": "data"},
        "inputs": [{"id": "search", "property": "searchValue", "value": "出生"}],
        "state": [
            {"id": "url", "property": "pathname", "value": "/"},
            {"id": "url", "property": "search", "value": ""},
        ],
        "changedPropIds": ["search.searchValue"],
    }

    def searches() -> int:
        rows = house.store.audit.newest(99)
        return sum(1 for row in rows if row.action == "search" and row.account == "wang")

    before = searches()
    for _ in range(3):
        assert client.post(CALLBACKS, json=body).status_code == 200
    assert searches() == before + 1
    monkeypatch.setattr("cockpit.access.secured.SEARCH_SECONDS", 0)
    assert client.post(CALLBACKS, json=body).status_code == 200
    assert searches() == before + 2
