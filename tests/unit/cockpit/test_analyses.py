"""Analyses as facts and as charts."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import plotly.graph_objects as go
import pytest

from cockpit import facts, texts
from cockpit.facts_analysis import _item_names
from cockpit.facts_read import View
from cockpit.facts_types_analysis import AnalysisFact
from cockpit.figures import analyses as charts
from cockpit.figures.analyses.base import placed
from cockpit.figures.analyses.cells import folded
from cockpit.gold import Lake, Release, Scope
from tests import tiny_gold
from tests.tiny_gold.analyses import ANALYSES

GD = tiny_gold.GUANGDONG
_HAN = re.compile(r"[\u4e00-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]{2,}")


@pytest.fixture(scope="module")
def found(release: Release, scope: Scope) -> dict[str, AnalysisFact]:
    """All analyses of the province, by the name of their chart."""
    listed = [
        fact for theme in ("economic", "agriculture") for fact in facts.analyses(release, scope, theme, GD)
    ]
    assert [fact.indicator for fact in listed] == list(ANALYSES)
    return {fact.chart or "": fact for fact in listed}


def _drawn(fact: AnalysisFact, lang: str = "zh", dress: str = "office") -> charts.Drawing:
    drawing = charts.draw(fact, lang, dress)
    assert drawing is not None, fact.indicator
    return drawing


def _notes(drawing: charts.Drawing) -> list[str]:
    return [note["text"] for note in drawing.figure["layout"]["annotations"]]


# -- facts -------------------------------------------------------------------------------------------------


def test_every_chart_of_the_register_has_an_analysis_in_the_tiny_lake(found: dict[str, AnalysisFact]) -> None:
    assert set(charts.CHARTS) == set(found) - {""}


def test_analysis_says_how_it_is_made(found: dict[str, AnalysisFact]) -> None:
    fact = found["turning_points"]

    assert (fact.method, fact.version, fact.state) == ("turning_points", "1.0", "done")
    assert dict(fact.parameters) == {"window": "60", "edges": "[50, 62, 78, 90]"}
    level, change = fact.inputs
    assert (level.indicator, level.name.zh, level.change, level.unit) == (
        "economic.gdp",
        "地区生产总值",
        None,
        "hundred_million_yuan",
    )
    assert (change.indicator, change.change, change.unit) == (
        "economic.gdp_growth",
        "yoy",
        "percentage_point",
    )
    assert fact.trace.startswith("i~economic.leading_index~440000~M~2026-05~")
    assert (fact.source.zh, fact.status) == ("季度核算", "real")


def test_analysis_that_waits_says_for_what(release: Release, scope: Scope) -> None:
    fact = facts.analysis(release, scope, "economic.waiting", GD)

    assert (fact.state, fact.reason.zh, fact.value) == ("waiting", "没有税收月度数据", None)
    assert charts.draw(fact, "zh") is None and charts.finding(fact, "zh") == ""


def test_items_of_one_indicator_go_by_their_breakdowns(found: dict[str, AnalysisFact]) -> None:
    names = {point.item: point.item_name.zh for point in found["diffusion"].of("part")}

    assert names == {
        "gdp|sector=primary": "第一产业",
        "gdp|sector=secondary": "第二产业",
        "gdp|sector=tertiary": "第三产业",
    }


def test_series_of_several_indicators_go_by_their_own_names(release: Release, scope: Scope) -> None:
    items = ["gdp|series=PMI", "gdp_growth|series=M2", "gdp|sector=primary"]
    names = _item_names(View(release, scope), "economic", items)

    assert [names[item].zh for item in items] == ["PMI", "M2", "地区生产总值（第一产业）"]


def test_county_sees_the_analysis_of_the_nearest_place_above_it(release: Release, scope: Scope) -> None:
    fact = facts.analysis(release, scope, "economic.leading_index", "440103")

    assert (fact.region, fact.shown) == ("440103", GD)
    assert fact.value is not None


def test_chart_that_compares_takes_places_from_the_province_and_breakdowns_from_a_city(
    release: Release, scope: Scope
) -> None:
    province = facts.analysis(release, scope, "economic.specialisation", GD, "section=C")
    city = facts.analysis(release, scope, "economic.specialisation", "440103")

    assert {p.breakdown for p in province.figures} == {"section=C"}
    assert len({p.region for p in province.figures}) > 20
    assert {p.region for p in city.figures} > {city.shown} or {p.breakdown for p in city.figures} >= {
        "section=A"
    }


def test_breakdown_and_period_that_are_not_there_take_the_default(release: Release, scope: Scope) -> None:
    fact = facts.analysis(release, scope, "agriculture.five_years", GD, "product=none", "1990-W01")
    chosen = facts.analysis(release, scope, "agriculture.five_years", GD, "product=pork", "2025-W10")

    assert fact.breakdown in ("product=hog", "product=pork") and fact.period == "2026-W19"
    assert (chosen.breakdown, chosen.period, chosen.trace[-14:]) == (
        "product=pork",
        "2025-W10",
        "product!3Dpork",
    )


def test_nothing_outside_the_scope_is_told(release: Release) -> None:
    city = Scope(("440100",), "internal")
    listed = facts.analyses(release, city, "economic", "440100")

    assert {p.region for fact in listed for p in (*fact.figures, *fact.details)} <= {"440100"}
    with pytest.raises(facts.OutOfScopeError):
        facts.analysis(release, city, "economic.ranking", GD)
    with pytest.raises(facts.OutOfScopeError):
        facts.doubts(release, city, "economic", GD)


def test_what_is_no_analysis_is_unknown(release: Release, scope: Scope) -> None:
    with pytest.raises(facts.UnknownError):
        facts.analysis(release, scope, "economic.gdp", GD)


def test_release_from_before_there_were_analyses_has_none(lake: Lake, scope: Scope) -> None:
    old = lake.releases()[-1]

    assert old.release_id == tiny_gold.OLD_RELEASE
    assert facts.analyses(old, scope, "economic", GD) == ()
    assert facts.doubts(old, scope, "economic", GD) == ()


def test_doubts_are_those_of_the_inputs_in_the_region_and_below(release: Release, scope: Scope) -> None:
    index = facts.analysis(release, scope, "economic.leading_index", GD)
    (doubt,) = facts.doubts(release, scope, "economic", GD, index)

    assert (doubt.indicator, doubt.region, doubt.rule_name.zh, doubt.state) == (
        "economic.gdp",
        "440100",
        "累计数当作当期数",
        "confirmed",
    )
    assert (doubt.value, doubt.expected, doubt.unit) == (4200.0, 1100.0, "hundred_million_yuan")
    assert facts.doubts(release, scope, "economic", "440300", index) == ()
    assert facts.doubts(release, scope, "economic", GD, replace(index, inputs=())) == ()


def test_page_of_a_theme_keeps_analyses_out_of_its_cards_but_lists_them(
    release: Release, scope: Scope
) -> None:
    page = facts.theme_page(release, scope, "economic", GD)

    assert page.indicator == "economic.gdp"
    assert {figure.indicator for figure in page.figures} == {"economic.gdp", "economic.gdp_growth"}
    assert set(page.analyses) == {key for key in ANALYSES if key.startswith("economic.")}
    assert set(page.analyses) < {option.key for option in page.indicators}


def test_indicator_of_cities_alone_offers_their_breakdowns_on_the_page_of_the_province(
    release: Release, scope: Scope
) -> None:
    page = facts.theme_page(release, scope, "economic", GD, "economic.specialisation")

    assert [option.key for option in page.breakdowns] == [f"section={code}" for code in "ACFI"]
    assert (page.breakdown, page.period) == ("section=A", "2025")


# -- charts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("chart", sorted(charts.CHARTS))
def test_chart_is_valid_plotly_has_a_table_and_says_what_when_and_where(
    found: dict[str, AnalysisFact], chart: str
) -> None:
    for lang in ("zh", "en"):
        drawing = _drawn(found[chart], lang, "wall")
        go.Figure(drawing.figure)

        assert json.loads(json.dumps(drawing.figure)) == drawing.figure
        assert drawing.figure["layout"]["height"] > 0
        assert drawing.numbers.rows and all(
            len(row) == len(drawing.numbers.head) for row in drawing.numbers.rows
        )
        assert found[chart].shown_name.get(lang) in drawing.heading.subtitle
        assert found[chart].name.get(lang) in drawing.heading.title
        assert drawing.heading.source


@pytest.mark.parametrize("chart", sorted(charts.CHARTS))
def test_chart_in_chinese_has_no_english_and_the_other_way_round(
    found: dict[str, AnalysisFact], chart: str
) -> None:
    def words(lang: str) -> list[str]:
        drawing = _drawn(found[chart], lang)
        tables = [table for table in (drawing.numbers, drawing.beside, drawing.further) if table]
        cells = [cell for table in tables for row in (table.head, *table.rows) for cell in row]
        return [drawing.caption, *(key.label for key in drawing.keys), *_notes(drawing), *cells]

    assert not [text for text in words("zh") if _LATIN.search(text.replace("<br>", ""))]
    assert not [text for text in words("en") if _HAN.search(text.replace("测试发布单位", ""))]


@pytest.mark.parametrize("chart", sorted(charts.CHARTS))
def test_chart_of_too_little_is_none_and_never_fails(found: dict[str, AnalysisFact], chart: str) -> None:
    fact = found[chart]
    bare = replace(fact, figures=(), details=())
    single = replace(fact, figures=fact.figures[-1:], details=())

    assert charts.draw(bare, "zh") is None
    charts.draw(single, "zh")
    charts.draw(replace(fact, details=()), "zh")
    charts.draw(replace(fact, inputs=(), period=fact.figures[0].period), "zh")


def test_simulated_and_trial_figures_are_marked_inside_the_drawing(found: dict[str, AnalysisFact]) -> None:
    trial, real = _drawn(replace(found["diffusion"], status="simulated")), _drawn(found["light_grid"])

    assert "模拟 · 试算" in _notes(trial)
    assert "试算" in trial.heading.title
    assert "模拟" in _notes(_drawn(found["season_band"]))
    assert not [text for text in _notes(real) if "模拟" in text or "试算" in text]


def test_turning_points_tell_the_last_turn_the_lead_and_what_was_missed(
    found: dict[str, AnalysisFact],
) -> None:
    drawing = _drawn(found["turning_points"])

    assert drawing.heading.title == "先行指数转折：最近一次转折为2025年7月见峰，历次转折一般领先基准4个月"
    assert drawing.beside is not None
    assert drawing.beside.rows[0] == ("2026年1月", "", "未发现")
    assert drawing.beside.rows[1][2] == "领先4个月"
    assert [shape["type"] for shape in drawing.figure["layout"]["shapes"]] == ["rect"] * 3


def test_light_grid_tells_lights_apart_without_colour(found: dict[str, AnalysisFact]) -> None:
    grid = next(trace for trace in _drawn(found["light_grid"]).figure["data"] if trace["type"] == "heatmap")
    marks = {
        (level, mark)
        for line, texted in zip(grid["z"], grid["text"], strict=True)
        for level, mark in zip(line, texted, strict=True)
    }

    assert marks == {(1, "▼"), (2, "▽"), (3, ""), (4, "△"), (5, "▲")}
    assert len(grid["z"]) == 6 and len(grid["z"][0]) == 24


def test_waterfall_goes_from_the_estimate_before_to_the_one_after(found: dict[str, AnalysisFact]) -> None:
    drawing = _drawn(found["waterfall"])
    bars = drawing.figure["data"][0]
    fact = found["waterfall"]
    before, after = fact.single("before"), fact.single("after")

    assert bars["base"][0] == before
    assert bars["base"][-1] + bars["x"][-1] == pytest.approx(after)
    # a digit more than the figure itself has, and an axis that the steps fill, not the interval
    assert "第二产业（−0.210个百分点）" in drawing.heading.title
    assert drawing.numbers.rows[1][1] == "−0.030个百分点"
    low, high = drawing.figure["layout"]["xaxis"]["range"]
    assert high - low < fact.single("upper") - fact.single("lower")
    assert any("可能范围" in key.label for key in drawing.keys)


def test_balance_flows_in_what_flows_out(found: dict[str, AnalysisFact]) -> None:
    link = _drawn(found["sankey"]).figure["data"][0]["link"]
    middle = max(link["source"])
    into = sum(v for v, target in zip(link["value"], link["target"], strict=True) if target == middle)
    out = sum(v for v, source in zip(link["value"], link["source"], strict=True) if source == middle)

    assert into == pytest.approx(out)


def test_waterfall_adds_up_small_news(found: dict[str, AnalysisFact]) -> None:
    fact = found["waterfall"]
    point = fact.now("impact")[0]
    many = tuple(replace(point, item=f"x{n}", value=0.01 * (n + 1)) for n in range(12))
    others = [
        row for row in _drawn(replace(fact, details=(*fact.details, *many))).numbers.rows if row[0] == "其他"
    ]

    # 16 releases, 8 of them named: the sums of those from 0.01 to 0.06 twice over, but for the weightiest.
    assert len(others) == 1


def test_parts_of_a_stack_beyond_five_are_summed(found: dict[str, AnalysisFact]) -> None:
    fact = found["stack"]
    point = fact.of("part")[0]
    more = tuple(replace(point, item=f"x{n}", value=1.0 + n) for n in range(4))
    drawing = _drawn(replace(fact, details=(*fact.details, *more)))
    others = drawing.figure["data"][5]

    assert [key.label for key in drawing.keys][5] == "其他"
    assert sum(others["y"]) == pytest.approx(1.0 + 2.0)


def test_control_chart_counts_what_lies_outside(found: dict[str, AnalysisFact]) -> None:
    assert "2期超出控制限" in _drawn(found["control"]).heading.title


@pytest.mark.parametrize(
    ("value", "says"), [(1.0, "低于近五年同期"), (15.0, "在近五年同期范围内"), (99.0, "高于近五年同期")]
)
def test_price_is_told_against_five_years(found: dict[str, AnalysisFact], value: float, says: str) -> None:
    fact = found["season_band"]
    newest = replace(fact.figures[-1], value=value)

    assert says in _drawn(replace(fact, figures=(*fact.figures[:-1], newest))).heading.title


def test_calendar_has_a_year_of_days_each_in_its_week_and_weekday(found: dict[str, AnalysisFact]) -> None:
    grid = _drawn(found["calendar"]).figure["data"][0]
    known = [value for line in grid["z"] for value in line if value is not None]

    assert len(grid["z"]) == 7 and len(known) == 364
    # Tuesday the 23rd of June 2026 is the newest day.
    assert grid["hovertext"][1][52].startswith("2026年6月23日")
    assert grid["z"][2][52] is None


def test_calendar_of_values_on_both_sides_of_zero_has_two_colours(found: dict[str, AnalysisFact]) -> None:
    fact = found["calendar"]
    signed = tuple(replace(p, value=v) for p, v in zip(fact.own[:3], (-20.0, 5.0, 10.0), strict=True))
    one = _drawn(fact).figure["data"][0]
    two = _drawn(replace(fact, figures=signed)).figure["data"][0]

    assert len(one["colorscale"]) == 2 and "zmin" not in one
    assert [at for at, _ in two["colorscale"]] == [0, 0.5, 1] and (two["zmin"], two["zmax"]) == (-20.0, 20.0)


def test_calendar_of_ten_day_periods_has_a_row_a_year(found: dict[str, AnalysisFact]) -> None:
    days = found["calendar"].own[:3]
    labels = ("2025-12-T3", "2026-01-T1", "2026-02-T2")
    figures = tuple(replace(point, period=label) for point, label in zip(days, labels, strict=True))
    grid = _drawn(replace(found["calendar"], freq="T", figures=figures, period=labels[-1])).figure["data"][0]
    places = [
        (row, n) for row, line in enumerate(grid["z"]) for n, value in enumerate(line) if value is not None
    ]

    assert (len(grid["z"]), len(grid["z"][0])) == (2, 36)
    assert places == [(0, 0), (0, 4), (1, 35)]


def test_measure_that_a_chart_leaves_out_stands_in_a_table(found: dict[str, AnalysisFact]) -> None:
    further = _drawn(found["moran"]).further

    assert further is not None
    assert {row[0] for row in further.rows} == {"p值", "期望值"}


def test_labels_of_points_never_meet() -> None:
    names = [f"地区{n}" for n in range(30)]
    xs, ys = [n % 6 * 0.1 for n in range(30)], [n // 6 * 0.1 for n in range(30)]
    shown = placed(names, [x / 50 for x in xs], [y / 50 for y in ys], [8.0] * 30)
    crowded = placed(names, [0.5] * 30, [0.5 + n / 1000 for n in range(30)], [8.0] * 30)

    assert [name for name in shown if name]
    assert len([name for name in crowded if name]) < 15


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("工业用电量", "工业用电量"),
        ("规模以上工业增加值当月同比增速", "规模以上工业增加值当<br>月同比增速"),
        ("Value added of industry above designated size", "Value added of<br>industry above desi…"),
    ],
)
def test_long_names_fold_to_two_lines(name: str, expected: str) -> None:
    assert folded(name) == expected


def test_codes_of_methods_that_have_no_word_are_shown_as_they_are(found: dict[str, AnalysisFact]) -> None:
    fact = found["anomaly"]
    odd = tuple(replace(p, text="strange") if p.measure == "state" else p for p in fact.details)

    assert "“strange”" in _drawn(replace(fact, details=odd)).heading.title


def test_every_measure_of_the_contract_is_worded() -> None:
    def words(lang: str) -> set[str]:
        return {key for key in texts.keys(lang) if key.startswith("analysis.")}

    assert words("zh") == words("en")
    shown: set[Any] = {point for point in words("zh") if point.startswith("analysis.measure.")}
    assert len(shown) > 50
