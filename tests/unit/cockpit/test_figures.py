from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from itertools import combinations
from typing import Any

import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit import facts, figures, formats, texts, tokens
from cockpit.facts_types import HomeFacts, MonthScore, SparkPoint, ThemeFacts
from cockpit.figures import labels, maps
from cockpit.gold import Release, Scope
from tests import tiny_gold

GD = tiny_gold.GUANGDONG


@pytest.fixture(scope="module")
def home(release: Release, scope: Scope) -> HomeFacts:
    return facts.home(release, scope, GD)


@pytest.fixture(scope="module")
def pages(release: Release, scope: Scope) -> dict[str, ThemeFacts]:
    indicators = (
        "population.census_total",
        "population.births",
        "population.share_65",
        "economic.gdp_growth",
    )
    return {name: facts.theme_page(release, scope, name.split(".")[0], GD, name) for name in indicators}


def _drawn(home: HomeFacts, pages: dict[str, ThemeFacts], lang: str, dress: str) -> list[dict[str, Any]]:
    found = [figures.choropleth(home.map, "/geo/x.geojson", lang, dress)]
    for page in pages.values():
        assert page.trend and page.map and page.ranking
        found.append(figures.trend(page.trend, lang, dress))
        found.append(figures.choropleth(page.map, "/geo/x.geojson", lang, dress))
        found.append(figures.ranking_bars(page.ranking, lang, dress))
        if page.pyramid:
            found.append(figures.pyramid(page.pyramid, lang, dress))
    return found


@pytest.mark.parametrize("dress", ["office", "wall"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_figure_is_valid_plotly_and_plain_json(
    home: HomeFacts, pages: dict[str, ThemeFacts], lang: str, dress: str
) -> None:
    for figure in _drawn(home, pages, lang, dress):
        go.Figure(figure)
        assert json.loads(json.dumps(figure)) == figure


def test_no_figure_names_an_outside_host(home: HomeFacts, pages: dict[str, ThemeFacts]) -> None:
    assert "http" not in json.dumps(_drawn(home, pages, "zh", "office"))


def test_no_graph_can_be_sent_to_the_cloud() -> None:
    config = figures.graph_config("zh")
    assert (config["showSendToCloud"], config["plotlyServerURL"], config["displaylogo"]) == (False, "", False)


def test_simulated_data_is_marked_inside_the_figure_and_real_data_is_not(
    pages: dict[str, ThemeFacts],
) -> None:
    def marks(name: str) -> list[str]:
        trend = pages[name].trend
        assert trend
        notes = figures.trend(trend, "zh")["layout"]["annotations"]
        return [item["text"] for item in notes if item["text"] == "模拟"]

    assert marks("population.births") == ["模拟"]
    assert marks("population.census_total") == []


def test_a_forecast_is_dashed_and_its_80_percent_band_is_stronger(pages: dict[str, ThemeFacts]) -> None:
    trend = pages["population.births"].trend
    assert trend
    traces = {item["name"]: item for item in figures.trend(trend, "zh")["data"]}
    assert traces["预测"]["line"]["dash"] == "dash"
    assert traces["实际"]["line"]["dash"] == "solid"
    alpha = {
        name: float(re.findall(r"[\d.]+", traces[name]["fillcolor"])[-1]) for name in ("80%区间", "95%区间")
    }
    assert alpha["80%区间"] > alpha["95%区间"]
    assert traces["预测"]["y"][1:] == [point.mean for point in trend.forecast]


def test_chinese_ticks_are_in_wan_not_in_k(pages: dict[str, ThemeFacts]) -> None:
    trend = pages["population.births"].trend
    assert trend
    axis = figures.trend(trend, "zh")["layout"]["yaxis"]
    assert axis["ticktext"] == ["0.8", "1.0", "1.2", "1.4"]


@given(
    st.floats(-1e9, 1e9),
    st.floats(1e-3, 1e9),
    st.sampled_from(["person", "percent", "yuan_per_kg", "ratio", "hundred_million_yuan"]),
    st.sampled_from(["zh", "en"]),
)
def test_a_tick_says_exactly_where_it_stands(low: float, width: float, unit: str, lang: str) -> None:
    positions, said, _ = formats.ticks(low, low + width, unit, lang)
    scale = formats.scale_of(max(abs(low), abs(low + width)), unit, lang)
    factor = scale.factor if scale else 1.0
    step = (positions[1] - positions[0]) / factor
    for position, text in zip(positions, said, strict=True):
        shown = float(text.replace(",", "").replace("−", "-"))
        assert shown == pytest.approx(position / factor, rel=1e-12, abs=step * 1e-6)


def test_quarter_steps_keep_both_their_decimals() -> None:
    assert formats.ticks(1.04e8, 1.9e8, "person", "zh")[1] == ["1.00", "1.25", "1.50", "1.75", "2.00"]


def test_a_long_series_opens_with_its_last_years_and_can_show_all(
    release: Release, scope: Scope, pages: dict[str, ThemeFacts]
) -> None:
    fact = pages["population.births"].trend
    assert fact
    known = [
        replace(fact.actual[0], period=f"{1950 + n}-01", period_end=date(1950 + n, 1, 31)) for n in range(70)
    ]
    long = replace(fact, actual=tuple(known), forecast=(), past=())
    recent, whole = figures.trend(long, "zh"), figures.trend(long, "zh", whole=True)
    assert (figures.is_long(fact), figures.is_long(long)) == (False, True)
    assert (len(recent["data"][0]["x"]), len(whole["data"][0]["x"])) == (60, 70)


def test_a_wide_95_percent_interval_does_not_flatten_the_series(pages: dict[str, ThemeFacts]) -> None:
    fact = pages["population.births"].trend
    assert fact
    wide = replace(fact, forecast=tuple(replace(point, hi95=point.mean * 50) for point in fact.forecast))
    drawn = figures.trend(wide, "zh")["layout"]
    assert drawn["yaxis"]["range"][1] < max(point.mean for point in fact.forecast) * 3
    assert texts.get("trend.clipped", "zh") in {item["text"] for item in drawn["annotations"]}
    assert texts.get("trend.clipped", "zh") not in {
        item["text"] for item in figures.trend(fact, "zh")["layout"]["annotations"]
    }


def test_bars_start_at_zero_and_mark_the_pages_own_region(release: Release, scope: Scope) -> None:
    ranking = facts.theme_page(release, scope, "economic", "441900", "economic.gdp").ranking
    assert ranking
    figure = figures.ranking_bars(ranking, "zh")
    assert figure["layout"]["xaxis"]["range"][0] == 0
    colours = figure["data"][0]["marker"]["color"]
    assert [
        row.region for row, c in zip(ranking.rows, colours, strict=True) if c == tokens.OFFICE.accent
    ] == ["441900"]
    assert "东莞市在" in figures.ranking_heading(ranking, "zh").title


def test_a_pyramid_mirrors_both_sides_on_one_scale(pages: dict[str, ThemeFacts]) -> None:
    fact = pages["population.census_total"].pyramid
    assert fact
    figure = figures.pyramid(fact, "zh")
    male, female = figure["data"]
    assert all(value <= 0 for value in male["x"]) and all(value >= 0 for value in female["x"])
    low, high = figure["layout"]["xaxis"]["range"]
    assert low == -high
    assert not any("-" in label or "−" in label for label in figure["layout"]["xaxis"]["ticktext"])


def test_the_maps_legend_counts_every_place_once(home: HomeFacts, pages: dict[str, ThemeFacts]) -> None:
    share = pages["population.share_65"].map
    assert share
    for fact in (home.map, share):
        rows = figures.legend(fact, "zh")
        assert sum(row.n for row in rows) == len(fact.areas)
        assert [row.hatched for row in rows] == [False] * (len(rows) - 1) + [True]
    shapes = [row.shape for row in figures.legend(home.map, "zh")]
    assert all(shapes)


@pytest.mark.parametrize("dress", ["office", "wall"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_labels_of_a_map_do_not_overlap(
    home: HomeFacts, pages: dict[str, ThemeFacts], lang: str, dress: str
) -> None:
    share = pages["population.share_65"].map
    assert share
    size = tokens.size("small", dress)
    for fact, widths in ((home.map, maps.LABEL_WIDTHS_LIGHTS), (share, maps.LABEL_WIDTHS)):
        for width, layers in zip(widths[dress], (1, 2), strict=True):
            frame = labels.Frame(labels.padded(fact.bounds, 0.02), width)
            drawn = figures.choropleth(fact, "/geo/x.geojson", lang, dress)["data"]
            boxes = [
                (*frame.to_px((lon, lat)), labels.text_width(text) * size)
                for layer in [item for item in drawn if item["type"] == "scattergeo"][:layers]
                for lon, lat, text in zip(layer["lon"], layer["lat"], layer["text"], strict=True)
            ]
            assert len(boxes) >= 5
            for (x1, y1, wide1), (x2, y2, wide2) in combinations(boxes, 2):
                assert abs(x1 - x2) >= (wide1 + wide2) / 2 or abs(y1 - y2) >= size


def test_mark_of_simulated_data_stands_below_the_last_bar(pages: dict[str, ThemeFacts]) -> None:
    ranking = pages["population.share_65"].ranking
    assert ranking
    real, simulated = (
        figures.ranking_bars(replace(ranking, status=status), "zh")["layout"]
        for status in ("real", "simulated")
    )

    assert real["yaxis"]["range"][0] == len(ranking.rows) - 0.5
    assert simulated["yaxis"]["range"][0] == len(ranking.rows) + 0.5
    assert simulated["height"] > real["height"]


@pytest.mark.parametrize(("before", "last", "side"), [(4.0, 5.0, "bottom"), (5.0, 4.0, "top")])
def test_the_newest_value_stands_where_its_line_does_not_come_from(
    pages: dict[str, ThemeFacts], before: float, last: float, side: str
) -> None:
    trend = pages["population.births"].trend
    assert trend
    points = [replace(p, value=v) for p, v in zip(trend.actual[-2:], (before, last), strict=True)]
    drawn = figures.trend(replace(trend, actual=tuple(points), forecast=(), goal=None), "zh")

    labels = [note for note in drawn["layout"]["annotations"] if note.get("y") == last]
    assert [label["yanchor"] for label in labels] == [side]


def test_unit_of_a_trend_stands_above_the_words_of_its_goal(pages: dict[str, ThemeFacts]) -> None:
    trend = pages["population.births"].trend
    assert trend
    bare = replace(trend, forecast=(), goal=None)
    shifts = [
        note["yshift"]
        for fact in (bare, replace(bare, goal=5.0, goal_due=date(2027, 12, 31)))
        for note in figures.trend(fact, "zh")["layout"]["annotations"]
        if note["text"].startswith("单位：")
    ]

    assert len(shifts) == 2 and shifts[1] >= shifts[0] + tokens.size("small", "office")


def test_the_map_lists_its_missing_places_in_words(pages: dict[str, ThemeFacts]) -> None:
    share = pages["population.share_65"].map
    assert share
    assert "揭阳市、云浮市" in figures.map_caption(share, "zh")


def test_a_map_without_review_number_says_so() -> None:
    assert texts.get("map.unreviewed", "zh") in figures.map_note("zh")


def test_captions_and_headings_hold_no_raw_key(home: HomeFacts, pages: dict[str, ThemeFacts]) -> None:
    for lang in ("zh", "en"):
        said = [figures.map_caption(home.map, lang)]
        for page in pages.values():
            assert page.trend and page.ranking
            said += [figures.trend_caption(page.trend, lang), figures.ranking_caption(page.ranking, lang)]
            said += [figures.trend_heading(page.trend, lang).subtitle, figures.score_line(page.trend, lang)]
        assert not [text for text in said if re.search(r"\{|None|\b(map|trend|figure)\.", text)]


def test_a_heading_names_measure_unit_region_period_source_and_mark(pages: dict[str, ThemeFacts]) -> None:
    trend = pages["population.births"].trend
    assert trend
    heading = figures.trend_heading(trend, "zh")
    assert heading.title.startswith("出生人数：预计2027年1月为")
    assert heading.subtitle == "出生人数（万人），广东省，2023年1月至2026年5月"
    assert "单位：万人" in [note["text"] for note in figures.trend(trend, "zh")["layout"]["annotations"]]
    assert heading.source == "来源：测试文件，2026年6月12日发布"
    assert heading.mark == "模拟"


def test_a_sparkline_dashes_the_forecast_and_leaves_gaps_open() -> None:
    points = [SparkPoint("a", 1.0, False), SparkPoint("b", None, False), SparkPoint("c", 2.0, False)]
    points += [SparkPoint("d", 3.0, False), SparkPoint("e", 4.0, True)]
    svg = figures.sparkline_svg(points)
    solid, dashed = re.findall(r'<path d="([^"]*)"', svg)
    assert solid.count("M") == 1
    assert dashed.count("M") == 1
    assert figures.sparkline_svg(points[:2]) == ""


@pytest.mark.parametrize("dress", ["office", "wall"])
def test_text_and_lights_read_well_on_card_and_page(dress: str) -> None:
    colours = tokens.palette(dress)
    inks = [colours.text, colours.muted, colours.accent, *colours.series]
    inks += [colours.light(name) for name in ("red", "orange", "yellow", "blue", "green")]
    for ink in inks:
        assert min(tokens.contrast(ink, colours.card), tokens.contrast(ink, colours.page)) >= 4.5
    # A fill, not text: 3 is what WCAG asks of graphics.
    assert tokens.contrast(colours.missing, colours.card) >= 3


@pytest.mark.parametrize("dress", ["office", "wall"])
def test_map_classes_keep_their_order_without_red_green_sight(
    dress: str, pages: dict[str, ThemeFacts]
) -> None:
    """Deuteranopia after Machado, Oliveira and Fernandes (2009), severity 1: brightness runs one way."""
    matrix = (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    )
    share = pages["population.share_65"].map
    assert share
    rows = [row for row in figures.legend(share, "zh", dress) if not row.hatched]
    seen = []
    for row in rows:
        rgb = [int(row.colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        red, green, blue = (sum(k * c for k, c in zip(line, rgb, strict=True)) for line in matrix)
        seen.append(0.2126 * red + 0.7152 * green + 0.0722 * blue)
    assert seen == sorted(seen, reverse=dress == "wall")


def test_css_holds_every_token_for_both_dresses() -> None:
    css = tokens.css()
    assert css.count("--accent:") == 2
    assert '[data-dress="wall"]' in css
    assert tokens.size("headline", "wall") == 60


def test_formats_and_figures_agree_on_the_missing_dash() -> None:
    assert formats.plain(None, 1, "zh") == "—"


# -- scores of deliveries ------------------------------------------------------------------------------------


def test_scores_stand_at_their_true_distance_and_height() -> None:
    points = tuple(
        MonthScore(month, score, 1)
        for month, score in (("2025-12", 100.0), ("2026-01", 80.0), ("2026-04", 90.0))
    )
    svg = figures.scores_svg(points, "zh", "wall")
    (x0, y0), (x1, y1), (x2, y2) = [
        (float(x), float(y)) for x, y in re.findall(r'<circle cx="([0-9.]+)" cy="([0-9.]+)"', svg)
    ]
    assert x1 - x0 == pytest.approx((x2 - x0) / 4, abs=0.2)
    assert y2 - y0 == pytest.approx((y1 - y0) / 2, abs=0.2)
    assert all(
        text in svg for text in ("2025年12月", "2026年4月", "90.0", ">80<", ">100<", tokens.WALL.accent)
    )


def test_one_month_is_no_line() -> None:
    assert figures.scores_svg((MonthScore("2026-01", 90.0, 1),), "zh") == ""
