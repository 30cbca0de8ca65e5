"""Pages as trees of components, without a browser."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from dash.development.base_component import Component

from cockpit import facts, figures, texts
from cockpit.access.reader import Reader
from cockpit.address import Address
from cockpit.callbacks import render
from cockpit.components.cards import figure_card
from cockpit.components.lists import target_lights, target_list, warning_list
from cockpit.components.static import Static
from cockpit.components.svg import icon, icon_names
from cockpit.components.view import open_view
from cockpit.facts_figure import figure
from cockpit.facts_groups import groups
from cockpit.facts_read import View as ReadView
from cockpit.facts_types import WarningFact
from cockpit.gold import Lake, open_lake
from cockpit.pages import PAGES, find_page, quality
from cockpit.store import Store

THEMES = ("population", "agriculture", "legal_entity", "economic", "plan")
PATHS = ["/", *(f"/theme/{theme}" for theme in THEMES), "/quality", "/runs"]


def _walk(node: Any) -> Iterator[Any]:
    if isinstance(node, Component):
        yield node
        yield from _walk(node.content if isinstance(node, Static) else getattr(node, "children", None))
    elif isinstance(node, list | tuple):
        for child in node:
            yield from _walk(child)


def _classes(body: list[Any]) -> list[str]:
    return [getattr(node, "className", "") or "" for node in _walk(body)]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "query", ["", "?lang=en", "?dress=wall", "?region=440100", "?region=440103", "?region=370000"]
)
def test_no_panel_fails(lake: Lake, store: Store, reader: Reader, path: str, query: str) -> None:
    _, _, body, meta = render(lake, store, reader, path, query)

    assert not [name for name in _classes(body) if "state-failed" in name]
    assert meta["title"]
    assert [node for node in _walk(body) if type(node).__name__ == "H1"]


@pytest.mark.parametrize("path", PATHS)
def test_every_graph_keeps_its_chart_to_itself(lake: Lake, store: Store, reader: Reader, path: str) -> None:
    graphs = [
        node for node in _walk(render(lake, store, reader, path, "")[2]) if type(node).__name__ == "Graph"
    ]

    for graph in graphs:
        assert graph.config["showSendToCloud"] is False
        assert graph.config["plotlyServerURL"] == ""
        assert graph.config["displaylogo"] is False
    assert graphs or path in ("/quality", "/runs", "/theme/plan")


def test_fault_in_one_panel_leaves_the_others(
    lake: Lake, store: Store, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("no such thing")

    monkeypatch.setattr(figures, "trend", broken)
    _, _, body, _ = render(lake, store, reader, "/theme/population", "")

    assert sum("state-failed" in name for name in _classes(body)) == 1
    assert "figures" in _classes(body)
    assert "no such thing" not in json.dumps([str(node) for node in _walk(body)])


def test_lake_without_release_and_unreadable_lake_give_a_page(
    store: Store, reader: Reader, tmp_path: Path
) -> None:
    empty = render(open_lake(tmp_path / "none"), store, reader, "/", "")[3]
    assert empty["title"] == texts.get("pages.no_release.title", "zh")

    log = tmp_path / "bad" / "gold" / "release" / "_delta_log"
    log.mkdir(parents=True)
    (log / "00000000000000000000.json").write_text("not a log", encoding="utf-8")
    bad = render(open_lake(tmp_path / "bad"), store, reader, "/", "")[3]
    assert bad["title"] == texts.get("pages.failed.title", "zh")


@pytest.mark.parametrize(
    ("path", "query", "key"),
    [
        ("/nowhere", "", "pages.empty.not_found"),
        ("/theme/nowhere", "", "pages.empty.not_found"),
        ("/", "?region=110000", "access.denied"),
        ("/", "?region=999999", "access.denied"),
        ("/", "?release=r-19990101-01", "pages.no_release.title"),
    ],
)
def test_what_cannot_be_shown_says_why(
    lake: Lake, store: Store, reader: Reader, path: str, query: str, key: str
) -> None:
    meta = render(lake, store, reader, path, query)[3]

    assert meta["title"].startswith(texts.get(key, "zh"))


def test_link_of_an_old_release_shows_that_release(lake: Lake, store: Store, reader: Reader) -> None:
    newest, oldest = lake.releases()[0].release_id, lake.releases()[-1].release_id

    assert newest != oldest
    assert _release(lake, store, reader, "") == newest
    assert _release(lake, store, reader, f"?release={oldest}") == oldest


def _release(lake: Lake, store: Store, reader: Reader, query: str) -> str:
    header = render(lake, store, reader, "/", query)[0]
    return next(found for node in _walk(header) if (found := getattr(node, "data-release", None)))


def test_warnings_of_one_rule_and_level_are_one_group(lake: Lake, store: Store, reader: Reader) -> None:
    view = open_view(lake, store, reader, Address())
    warnings = facts.home(view.release, view.scope, view.region).warnings
    found = groups(warnings, view.region)

    assert len({(group.rule_id, group.light.light) for group in found}) == len(found) < len(warnings)
    assert sum(len(group.places) for group in found) == len(warnings)
    assert all(group.n_below + (group.whole is not None) == len(group.places) for group in found)
    ageing = next(g for g in found if g.rule_id == "ageing" and g.light.light == "orange")
    assert (ageing.worst.region, len(ageing.places), ageing.whole) == ("440800", 2, None)
    hog = next(g for g in found if g.rule_id == "hog_corn")
    assert hog.whole is not None and hog.whole.region == view.region
    colours = [group.light.light for group in found]
    assert colours == sorted(colours, key=("red", "orange", "yellow", "blue", "grey").index)


def test_target_with_a_value_but_no_base_says_so(lake: Lake, store: Store, reader: Reader) -> None:
    view = open_view(lake, store, reader, Address())
    known = facts.targets_page(view.release, view.scope, view.region).targets[0]
    grey = replace(known, light=replace(known.light, light="grey"), attainment=None)
    words = [texts.get(key, "zh") for key in ("pages.target.no_base", "light.grey")]

    def said(value: float | None) -> str:
        nodes = _walk(
            [
                target_lights(view, (replace(grey, value=value),)),
                *target_list(view, (replace(grey, value=value),)),
            ]
        )
        return "".join(str(getattr(node, "children", "")) for node in nodes)

    assert words[0] in said(12.0)
    assert words[0] not in said(None) and words[1] in said(None)
    assert "bar-fill" not in said(12.0)


def test_targets_tell_their_chance_and_what_their_value_rests_on(
    lake: Lake, store: Store, reader: Reader
) -> None:
    view = open_view(lake, store, reader, Address())
    listed = facts.targets_page(view.release, view.scope, view.region).targets
    said = {
        fact.target_id: "".join(
            str(getattr(node, "children", "")) for node in _walk(target_list(view, (fact,)))
        )
        for fact in listed
    }
    assert "达成概率：71%（较有把握）" in said["GD-01"]
    assert "达成概率：不足以估计（没有填报值）" in said["GD-04"]
    for target, evidence in (("GD-01", "measured"), ("GD-03", "self_reported"), ("GD-04", "missing")):
        assert texts.get(f"evidence.{evidence}", "zh") in said[target]


def test_place_with_an_older_figure_says_of_when_it_is(lake: Lake, store: Store, reader: Reader) -> None:
    view = open_view(lake, store, reader, Address())
    fact = replace(facts.home(view.release, view.scope, view.region).warnings[0], period="2026-W20")
    old = replace(fact, region="440300", period="2026-W07")

    def said(*warnings: WarningFact) -> str:
        return "".join(str(getattr(node, "children", "")) for node in _walk(warning_list(view, warnings)))

    assert "（2026年第7周）" in said(fact, old)
    assert "（2026年第20周）" not in said(fact, old)
    assert "（2026年第7周）" not in said(old, replace(old, region="440400"))


@pytest.mark.parametrize("value", [None, 12.0])
def test_a_card_without_a_value_says_why(
    lake: Lake, store: Store, reader: Reader, value: float | None
) -> None:
    view = open_view(lake, store, reader, Address())
    card = facts.home(view.release, view.scope, view.region).headlines[0]
    said = [getattr(node, "children", None) for node in _walk(figure_card(view, replace(card, value=value)))]
    assert (texts.get("pages.empty.card", "zh") in said) == (value is None)


def test_card_of_a_target_shows_its_light_and_a_bar_only_where_there_is_a_way(
    lake: Lake, store: Store, reader: Reader
) -> None:
    view = open_view(lake, store, reader, Address())
    target = facts.targets_page(view.release, view.scope, view.region).targets[0]
    card = replace(facts.home(view.release, view.scope, view.region).headlines[0], light=None)

    def classes(attainment: float | None) -> list[str]:
        return _classes([figure_card(view, replace(card, target=replace(target, attainment=attainment)))])

    assert "bar" in classes(0.4) and "bar" not in classes(None)
    assert f"light light-{target.light.light}" in classes(None)


def test_card_of_a_figure_in_doubt_says_so_with_the_evidence(
    lake: Lake, store: Store, reader: Reader
) -> None:
    view = open_view(lake, store, reader, Address())
    of = ("agriculture.price_weekly", "440000", "product=hog|stage=farm_gate")
    doubted, sound = (
        figure(ReadView(view.release, view.scope), *of, week) for week in ("2026-W20", "2026-W19")
    )

    marks = [node for node in _walk(figure_card(view, doubted)) if getattr(node, "children", None) == "存疑"]
    assert [mark.title for mark in marks] == ["为前后各四周中位数15.2的10倍"]
    assert "存疑" not in [getattr(node, "children", None) for node in _walk(figure_card(view, sound))]


def test_every_address_is_answered_by_one_page_at_most() -> None:
    for path in PATHS:
        assert sum(page.answers(path) for page in PAGES) == 1
    assert find_page("/themes") is None


def test_unknown_icon_falls_back() -> None:
    assert "#icon-theme" in icon("no-such-icon").markup
    assert {"people", "wheat", "building", "chart", "target"} <= icon_names()


@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_few_components_to_dash(lake: Lake, store: Store, reader: Reader, path: str) -> None:
    # It looks at each whenever anything changes: 4,000 of them held up the browser for half a minute.
    _, _, body, _ = render(lake, store, reader, path, "")
    seen = sum(1 for part in body for _ in (part._traverse() if isinstance(part, Component) else ()))
    assert seen < 250


def test_the_quality_page_lists_some_files_and_says_of_how_many(
    lake: Lake, store: Store, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quality, "FILES", 1)
    _, _, body, _ = render(lake, store, reader, "/quality", "")
    said = [getattr(node, "children", None) for node in _walk(body)]
    view = open_view(lake, store, reader, Address("/quality"))
    page = facts.quality_page(view.release, view.scope)
    for name, files in page.by_department:
        sentence = texts.get("quality.listed", "zh", n=1, total=len(files))
        assert (sentence in said) == (len(files) > 1), name
    assert max(len(files) for _, files in page.by_department) > 1


@pytest.mark.parametrize("role", ["leader", "wall"])
def test_who_may_not_trace_finds_the_way_to_the_source_shut(
    lake: Lake, store: Store, reader: Reader, role: str
) -> None:
    _, _, body, _ = render(lake, store, replace(reader, role=role), "/", "")
    buttons = [node for node in _walk(body) if getattr(node, "data-trace", None)]
    assert buttons
    assert {node.disabled for node in buttons} == {role == "wall"}
