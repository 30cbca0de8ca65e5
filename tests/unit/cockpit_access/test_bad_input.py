"""Requests that no page of ours would send: each is refused with 4xx or answered as usual, none breaks."""

from __future__ import annotations

from typing import Any

import pytest

from cockpit.access.gate import CALLBACKS
from cockpit.reports.order import FORMATS
from tests.signed_in import form_token
from tests.unit.cockpit_access import forged
from tests.unit.cockpit_access.conftest import PASSWORD, House

WRONG_KINDS = (5, True, ["x"], {"a": "x"}, "x")
HALF = "\ud800"


def _sent(house: House, body: dict[str, Any]) -> int:
    return house.client_of("li").post(CALLBACKS, json=body).status_code


def test_value_of_a_wrong_kind_is_refused_in_every_part_of_every_callback(house: House) -> None:
    on_server = [body for body in forged.callbacks(house) if _sent(house, body) == 200]
    refused = 0
    for body in on_server:
        for kind in ("inputs", "state"):
            for i in range(len(body[kind])):
                for wrong in WRONG_KINDS:
                    sent = {**body, kind: [dict(part) for part in body[kind]]}
                    sent[kind][i]["value"] = wrong
                    status = _sent(house, sent)
                    assert status in (200, 400, 403), (body["output"], kind, i, wrong)
                    refused += status == 400
    assert len(on_server) > 3
    assert refused > 3 * len(on_server)


@pytest.mark.parametrize("changed", [5, "url.pathname", [5], [["url.pathname"]]])
def test_what_changed_is_a_list_of_names(house: House, changed: object) -> None:
    body = forged.callbacks(house)[0]
    assert _sent(house, {**body, "changedPropIds": changed}) == 400


def test_list_in_place_of_one_part_is_refused(house: House) -> None:
    body = forged.callbacks(house)[0]
    first, *others = body["inputs"]
    assert _sent(house, {**body, "inputs": [[first, first], *others]}) == 400


@pytest.mark.parametrize(
    ("pathname", "search"),
    [
        (f"/{HALF}", ""),
        ("/", f"?breakdown=sex={HALF}"),
        ("/x\x00", ""),
        ("/" + "x" * 100_000, ""),
        ("/x\n/audit", ""),
    ],
)
def test_address_that_no_browser_sends_is_no_page_and_short_in_the_audit(
    house: House, pathname: str, search: str
) -> None:
    route = next(body for body in forged.callbacks(house) if "page.children" in body["output"])
    route["inputs"][0]["value"], route["inputs"][1]["value"] = pathname, search

    assert _sent(house, route) == 200
    newest = house.store.audit.newest(1)[0]
    assert newest.action == "view" and newest.object in ("/", "/-")


@pytest.mark.parametrize("until", ["9" * 5000, "²", "٢٠٣٠", "-1", ""])
def test_year_of_an_order_that_is_none_is_refused_in_words(house: House, until: str) -> None:
    order = next(body for body in forged.callbacks(house) if "report-answer" in body["output"])
    given = {"report-theme": "population", "report-region": "440100", "report-until": until}
    given |= {"report-lang": "zh", "report-format": next(iter(FORMATS))}
    order["inputs"][0]["value"] = 1
    for part in order["state"]:
        part["value"] = given.get(part["id"], "")
    answer = house.client_of("li").post(CALLBACKS, json=order)

    assert answer.status_code == 200
    assert answer.get_json()["response"]["report-answer"]["hidden"] is False
    newest = house.store.audit.newest(1)[0]
    assert (newest.action, newest.outcome) == ("export", "refused")


def test_form_token_in_another_script_is_only_a_wrong_one(house: House) -> None:
    client = house.client()
    form_token(client)
    assert client.post("/sign-in", data={"token": "é", "account": "li"}).status_code == 400


@pytest.mark.parametrize("name", ["x" * 65, "li\x00", "", "li\nwang"])
def test_name_that_no_account_can_have_is_turned_away_and_reaches_no_table(
    house: House, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def reached(*_: object, **__: object) -> None:
        raise AssertionError("PostgreSQL refuses such a name")

    for part in ("begin", "note"):
        monkeypatch.setattr(house.store.attempts, part, reached)
    answer = house.sign_in(house.client(), account=name, password=PASSWORD)

    assert answer.status_code == 403 and "账号或密码不正确" in answer.text
    newest = house.store.audit.newest(1)[0]
    assert (newest.action, newest.account, newest.outcome) == ("sign_in", "", "wrong")


@pytest.mark.parametrize(
    "host", ["[", "evil.example[", "a b", "evil.example", ":80", "@localhost:x@evil.example"]
)
def test_name_of_another_host_or_of_none_is_refused(house: House, host: str) -> None:
    answer = house.client().get("/sign-in", headers={"Host": host})
    assert answer.status_code == 400


def test_long_request_is_refused_unread(house: House) -> None:
    long = b'{"output": "' + b"x" * 300_000 + b'"}'
    callback = house.client_of("li").post(CALLBACKS, data=long, content_type="application/json")
    file = house.client().post(
        "/sign-in", data=b"x" * 300_000, content_type="multipart/form-data; boundary=b"
    )

    assert (callback.status_code, file.status_code) == (413, 413)
