"""What came of earlier chances stands below the targets."""

from collections.abc import Iterator
from typing import Any

import pytest
from dash.development.base_component import Component

from cockpit import facts
from cockpit.access.reader import Reader
from cockpit.address import Address
from cockpit.callbacks import render
from cockpit.components.chance_record import chance_record
from cockpit.components.static import Static
from cockpit.components.view import View, open_view
from cockpit.facts import OutOfScopeError
from cockpit.gold import Lake, Scope
from cockpit.store import Store
from tests.tiny_gold import GUANGDONG, OLD_RELEASE, SHANDONG


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, Component):
        yield from _texts(node.content if isinstance(node, Static) else getattr(node, "children", None))
    elif isinstance(node, list | tuple):
        for child in node:
            yield from _texts(child)
    elif node is not None:
        yield str(node)


@pytest.fixture
def view(lake: Lake, store: Store, reader: Reader) -> View:
    return open_view(lake, store, reader, Address())


def test_scores_and_counts_by_the_word_that_was_told(view: View) -> None:
    told = list(_texts(chance_record(view, GUANGDONG)))
    assert (
        "2025年6月30日至2026年5月31日，布里尔分0.13（越低越好），一律按实际比例判断为0.24，技巧得分0.46。"
        in told
    )
    assert told[told.index("较有把握") :][:6] == ["较有把握", "28", "4", "22", "85%", "79%"]
    assert told.index("合计") < told.index("较有把握") < told.index("较难")


def test_too_few_cases_are_said_to_be_too_few(view: View) -> None:
    told = list(_texts(chance_record(view, SHANDONG)))
    assert "2025年6月30日至2026年5月31日可核对的仅5次，不足30次，只列次数，不评分。" in told
    assert not any("布里尔" in text for text in told)


def test_it_stands_on_the_page_of_the_plan(lake: Lake, store: Store, reader: Reader) -> None:
    title = "达成概率既往检验"
    assert title in set(_texts(render(lake, store, reader, "/theme/plan", "")[2]))
    # the older release has no record
    old = render(lake, store, reader, "/theme/plan", f"?release={OLD_RELEASE}")[2]
    assert title not in set(_texts(old))


def test_no_record_is_shown_outside_the_scope(view: View) -> None:
    with pytest.raises(OutOfScopeError):
        facts.chance_record(view.release, Scope((GUANGDONG,), "internal"), SHANDONG)
