"""Coming in, being turned away, and going out, in a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

import conf
from tests.browser.conftest import CHROMIUM, SIZES, WEB, sign_in
from tests.browser.test_cockpit import needs_npm

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the PATH")]


@pytest.fixture(params=[*SIZES])
def stranger(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page of a browser that has no session, in each size."""
    width, height = SIZES[request.param]
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_form_fits_its_screen_and_has_no_fault(stranger: Page, server: str, lang: str) -> None:
    faults: list[str] = []
    stranger.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    stranger.goto(f"{server}/theme/population?lang={lang}")

    expect(stranger.locator("html")).to_have_attribute("lang", lang)
    assert stranger.locator("button[name=demo]").count() == len(conf.load().access.roles)
    assert stranger.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not faults


@needs_npm
def test_form_has_no_serious_fault_of_accessibility(stranger: Page, server: str) -> None:
    stranger.goto(f"{server}/sign-in")
    stranger.evaluate((WEB / "axe.min.js").read_text(encoding="utf-8"))
    found = stranger.evaluate("axe.run().then(result => result.violations)")
    assert not [rule["id"] for rule in found if rule["impact"] in ("serious", "critical")]


def test_reader_comes_back_to_the_address_asked_for_and_goes_out(browser: Browser, server: str) -> None:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto(f"{server}/theme/population?region=440100")
    page.locator("button[value=planner]").click()
    page.wait_for_url("**/theme/population?region=440100")
    page.wait_for_selector("main h1[tabindex]")
    expect(page.locator("main h1")).to_contain_text("广州")
    page.locator(".signed-in button").click()
    page.wait_for_url("**/sign-in?lang=zh")
    page.goto(server)
    page.wait_for_url("**/sign-in?**")
    context.close()


def test_page_without_right_says_why_and_leads_back(browser: Browser, server: str) -> None:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = sign_in(context, server, "department_officer")
    for path, reason in (("/runs", "角色"), ("/?region=370000", "地区")):
        page.goto(server + path)
        expect(page.locator(".state-no-right")).to_contain_text(reason)
        assert page.locator("[data-trace]").count() == 0
    page.locator(".state-no-right a").click()
    expect(page.locator(".figure-card").first).to_be_visible()
    assert page.locator('.nav-item[href^="/runs"]').count() == 0
    context.close()


def test_session_that_has_ended_leads_to_the_form(browser: Browser, server: str) -> None:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = sign_in(context, server, "analyst")
    context.clear_cookies()
    page.locator(".nav-item").nth(1).click()
    page.wait_for_url("**/sign-in?**")
    context.close()


def test_audit_page_shows_what_was_done(browser: Browser, server: str) -> None:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = sign_in(context, server, "auditor")

    expect(page.locator("main h1")).to_contain_text("审计")
    expect(page.locator("main table")).to_contain_text("审计员")
    assert page.locator("[data-trace]").count() == 0
    context.close()


def test_outcome_in_the_audit_stays_in_sight_however_long_an_address_was(
    browser: Browser, server: str
) -> None:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = sign_in(context, server, "leader")
    page.goto(f"{server}/theme/population?breakdown=sex={'x' * 160}")
    page.wait_for_selector("main h1[tabindex]")
    context.clear_cookies()
    page = sign_in(context, server, "auditor")
    expect(page.locator("main table")).to_contain_text("x" * 160)
    assert page.evaluate(
        "[...document.querySelectorAll('.table-box')].every(box => box.scrollWidth <= box.clientWidth)"
    )
    context.close()
