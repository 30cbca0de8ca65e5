"""The section of analyses as readers meet it, in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import CHROMIUM, Opener

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the PATH"),
]

#: One of each family of charts.
SHOWN = (
    "economic.five_lights",
    "economic.nowcast",
    "economic.moran",
    "agriculture.balance",
    "agriculture.calendar",
)
_SIZE = {"desk": (1366, "office"), "wall": (1920, "wall"), "phone": (390, "office")}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", ["desk", "wall", "phone"])
@pytest.mark.parametrize("indicator", SHOWN)
def test_chart_of_an_analysis_is_drawn_within_the_page_and_nothing_of_it_is_cut(
    open_page: Opener, indicator: str, size: str, lang: str
) -> None:
    width, dress = _SIZE[size]
    theme = indicator.split(".")[0]
    page = open_page(f"/theme/{theme}?indicator={indicator}&lang={lang}&dress={dress}", size)
    page.wait_for_selector(".chart-analysis .main-svg")

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    cut = page.evaluate(
        """() => {
          const plot = document.querySelector('.chart-analysis .plot');
          const box = plot.getBoundingClientRect();
          return [...plot.querySelectorAll('.annotation-text, .xtick text, .ytick text, .node-label')]
            .filter((node) => {
              const own = node.getBoundingClientRect();
              return own.left < box.left - 2 || own.right > box.right + 2 || own.bottom > box.bottom + 2;
            })
            .map((node) => node.textContent);
        }"""
    )
    assert not cut


def test_card_leads_to_the_analysis_and_its_input_to_the_indicator(open_page: Opener) -> None:
    page = open_page("/theme/economic")
    page.locator(".analysis-card a", has_text="产出与用电互证").click()
    page.wait_for_url("**indicator=economic.crosscheck**")
    expect(page.locator(".analysis-panel h2")).to_have_text("产出与用电互证")
    page.locator(".analysis-panel .facts a", has_text="地区生产总值").first.click()
    page.wait_for_url("**indicator=economic.gdp")

    expect(page.locator(".trend-panel h2")).to_contain_text("地区生产总值")


def test_figure_of_an_analysis_can_be_traced(open_page: Opener) -> None:
    page = open_page("/theme/economic?indicator=economic.nowcast")
    page.locator(".analysis-panel [data-trace]").first.click()

    expect(page.locator("[role=dialog]")).to_contain_text("economic.nowcast")
