"""Signing in, staying in, and being turned away."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from flask.testing import FlaskClient

import conf
from cockpit.address import LANGUAGES
from tests.signed_in import form_token
from tests.unit.cockpit_access.conftest import PASSWORD, House

WRONG = "not the password"


def test_password_opens_a_session_with_a_strict_cookie(house: House) -> None:
    client = house.client()
    answer = house.sign_in(client, account="li", password=PASSWORD)
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("dingpan="))

    assert answer.status_code == 200 and 'content="0;url=/"' in answer.text
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Path=/" in cookie
    assert client.get("/").status_code == 200
    assert house.store.audit.newest(1)[0].action == "sign_in"


@pytest.mark.parametrize(
    "fields",
    [
        {"account": "li", "password": WRONG},
        {"account": "nobody", "password": PASSWORD},
        {"account": "", "password": PASSWORD},
        {"account": "li"},
        {"account": "li", "password": PASSWORD * 100},
        {"account": "analyst", "password": ""},
        {"demo": "li"},
        {"demo": "nobody"},
    ],
)
def test_anything_else_is_turned_away_in_the_same_words(house: House, fields: dict[str, str]) -> None:
    client = house.client()
    answer = house.sign_in(client, **fields)

    assert answer.status_code == 403
    assert "账号或密码不正确" in answer.text
    assert client.get("/").status_code == 302


def test_form_of_another_browser_is_refused(house: House) -> None:
    stolen = form_token(house.client())
    client = house.client()
    for token in (stolen, "", "0" * 64):
        client.get("/sign-in")
        answer = client.post("/sign-in", data={"token": token, "account": "li", "password": PASSWORD})
        assert answer.status_code == 400 and "已过期" in answer.text
        client.delete_cookie("dingpan-form")
    assert client.get("/").status_code == 302


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:1"])
def test_form_sent_from_another_site_is_refused(house: House, origin: str) -> None:
    client = house.client()
    data = {"token": form_token(client), "account": "li", "password": PASSWORD}
    assert client.post("/sign-in", data=data, headers={"Origin": origin}).status_code == 403


def test_account_is_locked_after_failures_and_opens_again(house: House) -> None:
    client, failures = house.client(), conf.load().access.lock_out.failures
    for _ in range(failures):
        assert house.sign_in(client, account="li", password=WRONG).status_code == 403
    locked = house.sign_in(client, account="li", password=PASSWORD)

    assert locked.status_code == 429 and "1 分钟" in locked.text
    assert house.sign_in(client, account="wang", password=PASSWORD).status_code == 200
    house.clock.pass_(seconds=conf.load().access.lock_out.first_seconds)
    assert house.sign_in(house.client(), account="li", password=PASSWORD).status_code == 200


def test_guesses_sent_all_at_once_are_counted_before_they_are_checked(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = conf.load().access.lock_out.failures
    # Nobody's password is checked before all have been asked for: as slow as argon2 is meant to be.
    asked, checked = threading.Barrier(2 * failures), []

    def check(_name: str, password: str) -> None:
        checked.append(password)
        with suppress(threading.BrokenBarrierError):
            asked.wait(1)

    monkeypatch.setattr(house.store.accounts, "check", check)
    clients = [house.client() for _ in range(2 * failures)]
    forms = [{"token": form_token(client), "account": "li", "password": WRONG} for client in clients]
    with ThreadPoolExecutor(len(clients)) as pool:
        sent = [pool.submit(c.post, "/sign-in", data=f) for c, f in zip(clients, forms, strict=True)]
    statuses = [each.result().status_code for each in sent]

    assert len(checked) == failures
    assert sorted(statuses) == [403] * failures + [429] * failures


def test_unknown_name_is_locked_as_a_known_one(house: House) -> None:
    client = house.client()
    for _ in range(conf.load().access.lock_out.failures):
        house.sign_in(client, account="nobody", password=WRONG)
    assert house.sign_in(client, account="nobody", password=WRONG).status_code == 429


def test_too_many_sign_ins_from_one_address_are_refused(house: House) -> None:
    client = house.client()
    token, most = form_token(client), conf.load().access.rate.sign_in
    answers = [client.post("/sign-in", data={"token": token, "demo": "x"}) for _ in range(most + 1)]
    assert [answer.status_code for answer in answers] == [403] * most + [429]
    assert f"最多 {most} 次" in answers[-1].text


def _session(client: FlaskClient) -> str:
    cookie = client.get_cookie("dingpan")
    assert cookie is not None
    return str(cookie.value)


def test_session_is_a_new_one_at_each_sign_in(house: House) -> None:
    client = house.client()
    client.set_cookie("dingpan", "chosen-by-somebody-else")
    house.sign_in(client, demo="leader")
    first = _session(client)
    house.sign_in(house.client(), demo="leader")
    client.post("/sign-out")
    house.sign_in(client, demo="leader")

    assert len({"chosen-by-somebody-else", first, _session(client)}) == 3
    old = house.client()
    for token in (first, "chosen-by-somebody-else"):
        old.set_cookie("dingpan", token)
        assert old.get("/").status_code == 302


def test_second_sign_in_of_a_browser_ends_its_first_session(house: House) -> None:
    client = house.client()
    token = form_token(client)
    client.post("/sign-in", data={"token": token, "demo": "leader"})
    first = _session(client)
    other = house.client()
    other.set_cookie("dingpan", first)
    assert other.get("/").status_code == 200
    house.clock.pass_(hours=9)
    house.sign_in(client, demo="analyst")
    assert other.get("/").status_code == 302


def test_sign_out_ends_the_session_on_the_server(house: House) -> None:
    client = house.client_of("li")
    token = _session(client)
    assert client.get("/sign-in").status_code == 302
    answer = client.post("/sign-out?lang=en")

    assert (answer.status_code, answer.location) == (303, "/sign-in?lang=en")
    replayed = house.client()
    replayed.set_cookie("dingpan", token)
    assert replayed.get("/").status_code == 302
    assert house.client().post("/sign-out").status_code == 401


@pytest.mark.parametrize(("idle", "status"), [(29, 200), (30, 302)])
def test_session_ends_after_the_idle_time(house: House, idle: int, status: int) -> None:
    client = house.client_of("li")
    house.clock.pass_(minutes=idle)
    assert client.get("/").status_code == status


def test_session_ends_after_the_absolute_time(house: House) -> None:
    client = house.client_of("li")
    for _ in range(23):
        house.clock.pass_(minutes=20)
        assert client.get("/").status_code == 200
    house.clock.pass_(minutes=20)
    assert client.get("/").status_code == 302


@pytest.mark.parametrize(
    ("wanted", "onward"),
    [
        ("/theme/population?region=440100", "/theme/population?region=440100"),
        ("/quality?lang=en", "/quality?lang=en"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/theme/population", "/"),
        ("javascript:alert(1)", "/"),
        ("/geo/440000_city.geojson", "/"),
        ('/"><script>', "/"),
    ],
)
def test_way_on_is_an_address_of_this_cockpit(house: House, wanted: str, onward: str) -> None:
    answer = house.sign_in(house.client(), demo="leader", next=wanted)
    assert re.search(r'content="0;url=([^"]*)"', answer.text)[1] == onward  # type: ignore[index]


def test_who_is_signed_in_already_goes_on_in_the_language_asked_for(house: House) -> None:
    answer = house.client_of("li").get("/sign-in?next=%2Fquality%3Flang%3Den")
    assert (answer.status_code, answer.location) == (302, "/quality?lang=en")


def test_language_of_the_form_stays_when_it_leads_nowhere_else(house: House) -> None:
    client = house.client()
    token = form_token(client)
    assert 'name="next" value="/?lang=en"' in client.get("/sign-in?lang=en").text
    answer = client.post("/sign-in", data={"token": token, "demo": "auditor", "lang": "en"})
    assert 'content="0;url=/audit?lang=en"' in answer.text


def test_role_without_the_home_page_begins_at_its_first(house: House) -> None:
    assert "url=/audit" in house.sign_in(house.client(), demo="auditor").text


@pytest.mark.parametrize("path", ["/", "/theme/population?region=440100&lang=en", "/nowhere"])
def test_who_has_not_signed_in_is_led_to_the_form_and_back(house: House, path: str) -> None:
    answer = house.client().get(path)
    assert answer.status_code == 302
    page = house.client().get(answer.location).text

    wanted = re.search(r'name="next" value="([^"]*)"', page)
    assert wanted is not None
    assert wanted[1].replace("&amp;", "&") == (path if path != "/nowhere" else "/")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_form_is_whole_in_both_languages(house: House, lang: str) -> None:
    page = house.client().get(f"/sign-in?lang={lang}&next=%2Ftheme%2Fpopulation").text

    assert f'<html lang="{lang}"' in page
    assert len(re.findall(r'name="demo"', page)) == len(conf.load().access.roles)
    assert "<script" not in page and "http" not in page.replace("http-equiv", "")
    assert ("Sign in" in page) == (lang == "en")


def test_nobody_is_offered_a_demo_account_when_it_is_no_demo(house: House) -> None:
    from cockpit.app import create_app
    from cockpit.gold import open_lake

    app = create_app(open_lake(house.lake), house.lake / "none", house.store)
    client = app.server.test_client()
    assert 'name="demo"' not in client.get("/sign-in").text
    answer = client.post("/sign-in", data={"token": form_token(client), "demo": "leader"})
    assert answer.status_code == 403
