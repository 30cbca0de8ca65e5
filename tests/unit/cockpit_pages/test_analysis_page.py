"""The section of analyses on a theme's page, as a tree of components."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from dash.development.base_component import Component

from cockpit import figures, texts
from cockpit.access.reader import Reader
from cockpit.callbacks import render
from cockpit.components import analysis
from cockpit.components.static import Static
from cockpit.components.view import View
from cockpit.gold import Lake
from cockpit.store import Store
from tests import tiny_gold
from tests.tiny_gold.analyses import ANALYSES


def _walk(node: Any) -> Iterator[Any]:
    if isinstance(node, Component):
        yield node
        yield from _walk(node.content if isinstance(node, Static) else getattr(node, "children", None))
    elif isinstance(node, list | tuple):
        for child in node:
            yield from _walk(child)
    elif isinstance(node, str):
        yield node


def _classes(body: list[Any]) -> list[str]:
    return [getattr(node, "className", "") or "" for node in _walk(body)]


def _words(body: Any) -> str:
    return " ".join(node for node in _walk(body) if isinstance(node, str))


@pytest.mark.parametrize(
    ("indicator", "query"),
    [
        ("economic.five_lights", "?lang=en"),
        ("economic.specialisation", "?region=440100"),
        ("economic.waiting", "?lang=en"),
        ("economic.ranking", "?region=440103"),
        ("agriculture.balance", "?dress=wall"),
    ],
)
def test_page_of_an_analysis_shows_its_chart_first_and_how_it_is_made(
    lake: Lake, store: Store, reader: Reader, indicator: str, query: str
) -> None:
    theme = indicator.split(".")[0]
    body = render(lake, store, reader, f"/theme/{theme}", f"{query}&indicator={indicator}")[2]
    panels = [name for name in _classes(body) if name.startswith("panel ")]
    lang = "en" if "en" in query else "zh"
    words = _words(body)

    assert not [name for name in _classes(body) if "state-failed" in name]
    assert panels[0] == "panel analysis-panel"
    assert texts.get("analysis.about", lang) in words
    assert "Test handbook of methods, 2026" in words if lang == "en" else "测试方法手册，2026年" in words
    assert ("chart chart-analysis" in _classes(body)) == (ANALYSES[indicator].make is not None)


def test_theme_opens_with_its_featured_analyses_and_a_card_of_each(
    lake: Lake, store: Store, reader: Reader
) -> None:
    body = render(lake, store, reader, "/theme/economic", "")[2]
    classes = _classes(body)
    own = [key for key in ANALYSES if key.startswith("economic.")]
    links = [getattr(node, "href", "") for node in _walk(body) if type(node).__name__ == "A"]

    assert [name for name in classes if name.startswith("chart chart-featured")] == [
        f"chart chart-featured-{n}" for n in (1, 2, 3)
    ]
    assert sum(name.startswith("card analysis-card") for name in classes) == len(own)
    assert all(f"/theme/economic?indicator={key}" in links for key in own)
    assert texts.get("analysis.waiting", "zh", reason="没有税收月度数据") in _words(body)


def test_featured_analysis_that_is_chosen_is_not_drawn_twice(
    lake: Lake, store: Store, reader: Reader
) -> None:
    body = render(lake, store, reader, "/theme/economic", "?indicator=economic.five_lights")[2]

    assert sum(name.startswith("chart chart-featured") for name in _classes(body)) == 2


def test_featured_analysis_without_a_chart_is_a_card_alone(
    lake: Lake, store: Store, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = analysis.summaries

    def without_lights(view: View, theme: str) -> tuple[analysis.Summary, ...]:
        return tuple(
            replace(one, has_chart=one.has_chart and one.fact.indicator != "economic.five_lights")
            for one in whole(view, theme)
        )

    before = _classes(render(lake, store, reader, "/theme/economic", "")[2])
    monkeypatch.setattr(analysis, "summaries", without_lights)
    after = _classes(render(lake, store, reader, "/theme/economic", "")[2])

    count = [
        sum(name.startswith(kind) for name in after)
        for kind in ("chart chart-featured", "card analysis-card")
    ]
    assert count == [2, sum(name.startswith("card analysis-card") for name in before)]


def test_analysis_links_to_its_inputs_and_shows_values_in_doubt(
    lake: Lake, store: Store, reader: Reader
) -> None:
    body = render(lake, store, reader, "/theme/agriculture", "?indicator=agriculture.anomaly")[2]
    links = [getattr(node, "href", "") for node in _walk(body) if type(node).__name__ == "A"]
    words = _words(body)

    assert "/theme/agriculture?indicator=agriculture.price_weekly" in links
    assert "小数点错位" in words and "为前后各四周中位数15.2的10倍" in words and "待核实" in words
    traced = [getattr(node, "data-trace", "") for node in _walk(body)]
    assert "i~agriculture.price_weekly~440000~W~2026-W20~product!3Dhog!7Cstage!3Dfarm_gate" in traced


def test_release_without_analyses_has_no_section(lake: Lake, store: Store, reader: Reader) -> None:
    body = render(lake, store, reader, "/theme/economic", f"?release={tiny_gold.OLD_RELEASE}")[2]

    assert not [name for name in _classes(body) if "analysis-card" in name or "analyses-panel" in name]


def test_fault_in_a_chart_leaves_the_page(
    lake: Lake, store: Store, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("no such thing")

    monkeypatch.setattr(figures.analyses, "draw", broken)
    body = render(lake, store, reader, "/theme/economic", "")[2]

    assert sum("state-failed" in name for name in _classes(body)) == 3
    assert [name for name in _classes(body) if name.startswith("card analysis-card")]
