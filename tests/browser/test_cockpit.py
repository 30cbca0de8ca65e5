"""The cockpit as its readers meet it: in a browser, by pointer and by keyboard."""

from __future__ import annotations

import os
import re
import shutil
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from cockpit.components.cards import CARDS_PER_ROW
from tests.browser.conftest import CHROMIUM, WEB, Opener

pytestmark = pytest.mark.browser

if CHROMIUM is None:
    if os.environ.get("DINGPAN_REQUIRE_BROWSER") == "1":
        pytest.fail("no Chromium on the PATH, and DINGPAN_REQUIRE_BROWSER=1 asks for it", pytrace=False)
    pytest.skip("no Chromium on the PATH", allow_module_level=True)

#: What set-up builds with npm; a machine without npm serves the full bundle and has no checker.
needs_npm = pytest.mark.skipif(shutil.which("npm") is None, reason="no npm: out/web is not built")
PAGES = [
    "/",
    "/theme/population",
    "/theme/agriculture",
    "/theme/economic",
    "/theme/plan",
    "/quality",
    "/reports",
    "/runs",
]
#: Latin words that a Chinese page may carry outside of codes and file names.
LATIN = {"English", "Esc", "CGCS", "ETS", "ets", "DOCX", "XLSX"}
TURN_MS = 15_000
#: Bytes of all scripts of the first page as they cross the wire.
MOST_SCRIPT_BYTES = 1_200_000


def _text(page: Page) -> str:
    """What a reader sees, without codes, file names and links to the other language."""
    return str(
        page.evaluate(
            """() => {
              const copy = document.body.cloneNode(true);
              const hidden = 'code, pre, script, style, noscript, svg, [lang], .release';
              copy.querySelectorAll(hidden).forEach(n => n.remove());
              return copy.innerText || copy.textContent;
            }"""
        )
    )


def _query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


@pytest.mark.parametrize("path", [*PAGES, "/?dress=wall", "/?region=440100"])
def test_nothing_is_asked_of_another_machine_and_no_script_fails(
    open_page: Opener, server: str, path: str
) -> None:
    asked: list[str] = []
    faults: list[str] = []

    def watch(page: Page) -> None:
        def note(request: Request) -> None:
            asked.append(request.url)

        page.on("request", note)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)

    page = open_page(path, before=watch)
    if page.locator(".graph").count():
        page.wait_for_selector(".js-plotly-plot .main-svg", state="attached")

    assert asked
    assert not [url for url in asked if not url.startswith((server, "data:", "blob:"))]
    assert not faults


def test_map_is_drawn_from_own_boundaries(open_page: Opener) -> None:
    page = open_page("/")

    expect(page.locator('.figures[data-ready="figures"]')).to_be_visible()
    page.wait_for_selector('.map-panel[data-ready="map"]')
    assert page.locator(".choroplethlayer path").count() > 5


def test_no_chart_offers_to_send_itself_away(open_page: Opener) -> None:
    page = open_page("/theme/population")
    page.wait_for_selector(".js-plotly-plot .main-svg")
    contexts = page.eval_on_selector_all(
        ".js-plotly-plot",
        "plots => plots.map(({_context: c}) => [c.showSendToCloud, c.plotlyServerURL, c.displaylogo])",
    )

    assert len(contexts) >= 3
    assert all(context == [False, "", False] for context in contexts)


def test_keyboard_drills_down_to_a_county_and_up_again(open_page: Opener) -> None:
    page = open_page("/")
    for region in ("440100", "440103"):
        page.locator(f'.region-list a[data-region="{region}"]').focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**region={region}**")
        expect(page.locator(".breadcrumb [aria-current='page']")).to_have_attribute("data-region", region)
    for region in ("440100", "440000"):
        page.keyboard.press("Escape")
        page.wait_for_url(f"**region={region}**")
        expect(page.locator(".breadcrumb [aria-current='page']")).to_have_attribute("data-region", region)

    page.wait_for_function("document.activeElement.closest('.map-side') !== null")


def test_focus_survives_two_quick_steps(open_page: Opener) -> None:
    page = open_page("/?region=440103")
    page.wait_for_selector("[data-up][href*='440100']")
    page.keyboard.press("Escape")
    page.wait_for_selector("[data-up][href*='440000']")
    page.keyboard.press("Escape")
    expect(page.locator(".breadcrumb [aria-current='page']")).to_have_attribute("data-region", "440000")
    page.wait_for_function("document.activeElement.closest('.map-side') !== null")


def test_click_on_the_map_drills_down_and_back_returns(open_page: Opener) -> None:
    page = open_page("/")
    page.wait_for_selector('.map-panel[data-ready="map"]')
    area = page.locator(".choroplethlayer path").first
    area.scroll_into_view_if_needed()
    box = area.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_url("**region=44*")
    page.go_back()
    page.wait_for_function("!location.search.includes('region')")

    expect(page.locator("main h1")).to_contain_text("广东")


@pytest.mark.parametrize("path", PAGES)
def test_language_switch_leaves_nothing_behind(open_page: Opener, path: str) -> None:
    page = open_page(path)
    chinese = _text(page)
    page.locator("[data-tool=lang]").click()
    page.wait_for_selector("html[lang=en]")
    english = _text(page)

    assert not set(re.findall(r"[A-Za-z]{3,}", chinese)) - LATIN
    assert not re.findall(r"[\u4e00-\u9fff]+", english)
    for text in (chinese, english):
        assert not re.findall(r"\b(?:pages|format|figure|map|trend|status)\.[a-z_]+", text)


def test_address_restores_the_page(open_page: Opener) -> None:
    link = (
        "/theme/population?region=440100&indicator=population.births&breakdown=sex%3Df&period=2026-04"
        "&release=r-20260531-01&lang=en&dress=wall"
    )
    page = open_page(link)

    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("html")).to_have_attribute("data-dress", "wall")
    expect(page.locator("[data-release]")).to_have_attribute("data-release", "r-20260531-01")
    expect(page.locator("main h1")).to_contain_text("Guangzhou")
    expect(page.locator(".filters input").first).to_have_value("Births")
    asked = _query(page)
    page.locator(".nav-item, .brand").first.click()
    page.wait_for_url("**/?**")
    kept = _query(page)
    assert {name: kept[name] for name in ("region", "release", "lang", "dress")} == {
        name: asked[name] for name in ("region", "release", "lang", "dress")
    }


def test_filter_goes_into_the_address(open_page: Opener) -> None:
    page = open_page("/theme/population")
    page.locator(".filters input").first.click()
    page.get_by_role("option", name="出生人数").click()
    page.wait_for_url("**indicator=population.births**")

    expect(page.locator(".trend-panel h2")).to_contain_text("出生人数")


def test_slash_opens_the_search_and_a_hit_leads_there(open_page: Opener) -> None:
    page = open_page("/")
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("births")
    page.get_by_role("option", name=re.compile("出生人数")).click()
    page.wait_for_url("**/theme/population?indicator=population.births**")


@pytest.mark.parametrize("path", PAGES)
def test_phone_never_scrolls_sideways(open_page: Opener, path: str) -> None:
    page = open_page(path, "phone")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("[data-tool=lang]").click()
    page.wait_for_selector("html[lang=en]")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_periods_under_a_drawing_lie_flat_on_a_phone(open_page: Opener, lang: str) -> None:
    page = open_page(f"/theme/agriculture?lang={lang}", "phone")
    page.wait_for_selector(".chart-trend .xtick text")
    turned = page.eval_on_selector_all(
        ".chart-trend .xtick text",
        "nodes => nodes.filter(n => /rotate\\((?!0)/.test(n.getAttribute('transform')))",
    )
    assert turned == []


def test_a_phone_scrolls_the_page_and_no_list_in_it(open_page: Opener) -> None:
    page = open_page("/?lang=en", "phone")
    held = page.eval_on_selector_all(".scroll", "nodes => nodes.map(n => n.scrollHeight - n.clientHeight)")
    assert held and max(held) <= 0


def test_map_is_one_tap_away_on_a_phone(open_page: Opener) -> None:
    page = open_page("/", "phone")
    expect(page.locator("#map-drawing")).to_be_hidden()
    page.locator("[data-toggle=map-drawing]").click()
    page.wait_for_selector(".choroplethlayer path")

    box = page.locator(".choroplethlayer").bounding_box()
    assert box is not None and box["width"] > 100


def test_trace_names_files_and_versions(open_page: Opener) -> None:
    page = open_page("/")
    page.locator(".figure-card .foot").first.click()
    drawer = page.get_by_role("dialog")

    expect(drawer).to_contain_text("data.csv")
    expect(drawer).to_contain_text("gold.indicator @ v")
    expect(drawer).to_contain_text("./spark-submit.sh trace --indicator population.census_total")
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()


def test_wall_list_turns_its_page_and_waits_under_the_pointer(open_page: Opener) -> None:
    page = open_page("/?dress=wall", "wall", before=lambda page: page.clock.install())
    items = page.locator("ul.warnings > li:not([hidden])")
    page.wait_for_selector("ul.warnings > li[hidden]", state="attached")
    first = items.first.inner_text()
    page.clock.run_for(TURN_MS)
    expect(items.first).not_to_have_text(first)
    second = items.first.inner_text()
    items.first.hover()
    page.clock.run_for(2 * TURN_MS)
    assert items.first.inner_text() == second
    page.mouse.move(5, 5)
    page.clock.run_for(TURN_MS)
    expect(items.first).not_to_have_text(second)


def test_a_wall_lists_all_regions_beside_a_map_of_figures(open_page: Opener) -> None:
    page = open_page("/?dress=wall", "wall")
    limit = page.evaluate(
        """() => {
            document.querySelector(".home-map").classList.remove("map-of-light");
            return getComputedStyle(document.querySelector(".home-map .region-list")).maxHeight;
        }"""
    )
    assert limit == "none"


def test_wall_fits_its_screen(open_page: Opener) -> None:
    page = open_page("/?dress=wall", "wall")
    page.wait_for_selector('.map-panel[data-ready="map"]')

    assert page.evaluate("document.documentElement.scrollHeight") <= 1080
    assert page.locator(".wall-side .panel").count() == 6


def test_panel_that_fails_shows_a_card_and_the_rest_stands(open_page: Opener, broken_server: str) -> None:
    page = open_page("/theme/population", base=broken_server)

    expect(page.locator(".state-failed")).to_have_count(1)
    expect(page.locator(".trend-panel .state-failed")).to_be_visible()
    expect(page.locator(".figure-card").first).to_be_visible()
    page.wait_for_selector('.map-panel[data-ready="map"]')


@pytest.mark.parametrize("path", PAGES)
def test_page_has_language_landmarks_and_one_heading(open_page: Opener, path: str) -> None:
    page = open_page(path)

    assert page.locator("h1").count() == 1
    assert page.locator("main").count() == 1
    assert page.locator("html").get_attribute("lang") == "zh"
    unnamed = page.eval_on_selector_all(
        "button, a[href], input:not([type=hidden])",
        """nodes => nodes
             .filter(n => !(n.textContent.trim() || n.ariaLabel || n.title || n.labels?.length))
             .map(n => n.outerHTML.slice(0, 120))""",
    )
    assert not unnamed
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "skip"


@pytest.mark.parametrize("size", ["desk", "wall"])
def test_first_screen_tells_figures_targets_map_and_warnings(open_page: Opener, size: str) -> None:
    page = open_page("/", size)
    tops = page.eval_on_selector_all(".figure-card", "cards => cards.map(c => c.getBoundingClientRect().top)")
    heads = page.eval_on_selector_all(
        ".home-row h2", "heads => heads.map(h => h.getBoundingClientRect().bottom)"
    )

    assert len(set(tops)) == -(-len(tops) // CARDS_PER_ROW)
    assert len(heads) == 3 and max(heads) < page.evaluate("innerHeight")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_places_of_a_warning_open_by_keyboard(open_page: Opener) -> None:
    page = open_page("/")
    group = page.locator(".warnings > li:has(details)").first
    group.locator("summary").focus()
    page.keyboard.press("Enter")

    places = group.locator(".places li")
    expect(places.first).to_be_visible()
    assert places.count() > 1
    assert re.search(rf"{places.count()}", group.locator("summary").inner_text())


@pytest.mark.parametrize(("size", "lang"), [("wall", "zh"), ("desk", "en")])
def test_no_panel_of_the_wall_is_cut(open_page: Opener, size: str, lang: str) -> None:
    page = open_page(f"/?dress=wall&lang={lang}", size)
    page.wait_for_selector('.map-panel[data-ready="map"]')
    cut = page.eval_on_selector_all(
        ".wall-side .panel, .figure-card",
        "boxes => boxes.filter(b => b.scrollHeight > b.clientHeight + 1).map(b => b.innerText)",
    )

    assert not cut


@pytest.mark.parametrize("path", ["/", "/?dress=wall", "/theme/agriculture"])
@pytest.mark.parametrize("size", ["wall", "desk", "phone"])
def test_every_card_names_its_department(open_page: Opener, size: str, path: str) -> None:
    page = open_page(path, size)
    # In one call: on the wall the cards take turns, also between the finding and the reading of a selector.
    named = page.evaluate(
        """[...document.querySelectorAll('.figure-card:not([hidden])')].map(card => {
            const department = card.querySelector('.department');
            return department?.checkVisibility() ? department.innerText : '';
        })"""
    )

    assert named
    assert all(named)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", ["wall", "desk"])
def test_lights_of_the_wall_stay_in_their_panel(open_page: Opener, size: str, lang: str) -> None:
    page = open_page(f"/?dress=wall&lang={lang}", size)
    over = page.eval_on_selector_all(
        ".wall-side .lights li",
        """lights => lights
             .filter(l => l.getBoundingClientRect().right > l.closest('.panel').getBoundingClientRect().right)
             .map(l => l.innerText)""",
    )

    assert not over


def test_type_of_a_drawing_scales_with_the_wall(open_page: Opener) -> None:
    heights, widths = [], []
    for size in ("wall", "desk"):
        page = open_page("/?dress=wall", size)
        label = page.locator(".chart-map .scattergeo text").first
        label.wait_for()
        # The drawing fills its place once the page has settled.
        page.wait_for_function(
            """() => {
              const [place, drawing] = ['.chart-map .plot', '.chart-map .main-svg']
                .map(name => document.querySelector(name).getBoundingClientRect());
              return Math.abs(place.width - drawing.width) <= 2 && Math.abs(place.height - drawing.height) <= 2;
            }"""
        )
        box = label.bounding_box()
        assert box
        heights.append(box["height"])
        widths.append(page.evaluate("innerWidth"))

    assert heights[0] / heights[1] == pytest.approx(widths[0] / widths[1], rel=0.15)


@needs_npm
def test_scripts_of_the_first_page_stay_light(
    browser: Browser, server: str, contexts: dict[str, BrowserContext]
) -> None:
    assert (WEB / "plotly.min.js").is_file(), "build the small bundle first: make web"
    sizes: list[int] = []
    # Signed in, and nothing cached.
    context = browser.new_context(storage_state=contexts["desk"].storage_state())
    page = context.new_page()
    page.on(
        "requestfinished",
        lambda request: (
            sizes.append(request.sizes()["responseBodySize"]) if request.resource_type == "script" else None
        ),
    )
    page.goto(server)
    page.wait_for_selector('.map-panel[data-ready="map"]')
    context.close()

    assert 0 < sum(sizes) <= MOST_SCRIPT_BYTES


@needs_npm
@pytest.mark.parametrize("dress", ["office", "wall"])
@pytest.mark.parametrize("path", ["/", "/theme/population", "/quality"])
def test_checker_finds_no_serious_barrier(open_page: Opener, path: str, dress: str) -> None:
    assert (WEB / "axe.min.js").is_file(), "build the web folder first: make web"
    page = open_page(f"{path}?dress={dress}", "wall")
    if page.locator(".graph").count():
        page.wait_for_selector(".js-plotly-plot .main-svg", state="attached")
    # The page's own policy lets no script in; the checker's is put in by the debugger.
    page.evaluate((WEB / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run().then(result => result.violations)")
    serious = {
        rule["id"]: [node["html"][:160] for node in rule["nodes"][:3]]
        for rule in found
        if rule["impact"] in ("serious", "critical")
    }

    assert not serious


def test_report_is_ordered_watched_and_saved_under_a_chinese_name(open_page: Opener) -> None:
    page = open_page("/reports?region=440100")
    page.locator("#report-make").click()
    link = page.locator("#report-list a").first
    link.wait_for(timeout=60_000)
    with page.expect_download() as saved:
        link.click()

    assert saved.value.suggested_filename == link.inner_text()
    assert saved.value.suggested_filename.startswith("广州市")
    assert saved.value.path().read_bytes()[:2] == b"PK"
