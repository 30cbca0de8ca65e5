from __future__ import annotations

import shlex
from dataclasses import fields, is_dataclass, replace
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import polars as pl
import pytest

from cockpit import facts
from cockpit.facts_ops import scores_by_month
from cockpit.facts_read import View, breakdowns_of
from cockpit.facts_types import MapFact, MonthScore
from cockpit.gold import Lake, Release, Scope
from tests import tiny_gold
from tests.tiny_gold.analyses import ANALYSES
from tests.tiny_gold.definitions import INDICATORS

GD = tiny_gold.GUANGDONG


def _walk(value: Any) -> list[Any]:
    if is_dataclass(value) and not isinstance(value, type):
        return [value, *(found for item in fields(value) for found in _walk(getattr(value, item.name)))]
    if isinstance(value, tuple):
        return [found for item in value for found in _walk(item)]
    return []


def test_breakdowns_begin_with_the_one_that_an_indicator_opens_with(release: Release, scope: Scope) -> None:
    name, view = "agriculture.price_weekly", View(release, scope)
    as_listed = breakdowns_of(view, name, GD)
    last = as_listed[-1]
    opened = SimpleNamespace(figures=view.figures, entry=lambda _: {**view.entry(name), "opens_with": last})
    assert breakdowns_of(cast(View, opened), name, GD) == [last, *as_listed[:-1]] != as_listed


# -- home ----------------------------------------------------------------------------------------------------


def test_home_shows_a_card_for_every_headline_indicator_in_order(release: Release, scope: Scope) -> None:
    cards = [card.indicator for card in facts.home(release, scope, GD).headlines]
    assert cards[0] == "population.census_total"
    assert cards[-1] == "economic.gdp_growth"
    assert len(cards) == 8


def test_a_card_is_its_row_of_gold(release: Release, scope: Scope) -> None:
    cards = {card.indicator: card for card in facts.home(release, scope, GD).headlines}
    births = cards["population.births"]
    row = next(
        row
        for row in release.figures_of("population.births", scope).to_dicts()
        if (row["region"], row["breakdown"], row["period"]) == (GD, "", "2026-05")
    )
    assert (births.value, births.unit, births.status) == (row["value"], row["unit"], "simulated")
    assert [change.kind for change in births.changes] == ["yoy", "prev"]
    assert births.changes[0].good is False
    known = [point for point in births.spark if not point.is_forecast]
    assert len(known) == 24
    assert known[-1].value == births.value
    assert len(births.spark) == 30


def test_a_card_below_the_province_is_left_out_when_its_source_does_not_reach_there(
    release: Release, scope: Scope
) -> None:
    cards = [card.indicator for card in facts.home(release, scope, "440100").headlines]
    assert "agriculture.price_weekly" not in cards
    assert "economic.gdp" in cards


def test_warnings_are_ranked_by_light_then_by_age(release: Release, scope: Scope) -> None:
    found = facts.home(release, scope, GD).warnings
    lights = [fact.light.light for fact in found]
    order = ["red", "orange", "yellow", "blue", "grey"]
    assert lights == sorted(lights, key=order.index)
    red = [fact for fact in found if fact.light.light == "red"]
    assert [fact.since for fact in red] == ["2020", "2026-W21"]
    assert "green" not in lights


def test_counts_of_lights_add_up_to_the_current_states(release: Release, scope: Scope) -> None:
    counts = dict(facts.home(release, scope, GD).counts)
    current = release.read("warning", Scope((GD,), "internal")).filter("is_current")
    assert sum(counts.values()) == current.height
    assert counts["green"] == 2


def test_a_message_is_filled_in_both_languages(release: Release, scope: Scope) -> None:
    hog = next(fact for fact in facts.home(release, scope, GD).warnings if fact.rule_id == "hog_corn")
    assert hog.message.zh == "广东省猪粮比价低于 5"
    assert hog.message.en == "Guangdong: the hog–corn ratio is below 5"


def test_the_home_map_shows_the_worst_light_of_each_city(release: Release, scope: Scope) -> None:
    found = facts.home(release, scope, GD).map
    lights = {area.region: area.light.light if area.light else None for area in found.areas}
    assert found.kind == "light"
    assert len(found.areas) == 21
    assert lights["440800"] == "orange"
    assert lights["440300"] == "green"
    assert "440200" in {area.region for area in found.missing}


def test_targets_come_red_first_and_keep_their_evidence(release: Release, scope: Scope) -> None:
    goals = facts.targets_page(release, scope, GD).targets
    assert [goal.light.light for goal in goals] == ["red", "yellow", "green", "grey"]
    grey = goals[3]
    assert (grey.value, grey.trace, grey.evidence) == (None, None, "missing")


def test_warnings_page_narrows_the_list_but_not_the_counts(release: Release, scope: Scope) -> None:
    whole, red = facts.warnings_page(release, scope, GD), facts.warnings_page(release, scope, GD, light="red")
    assert red.counts == whole.counts
    assert {fact.light.light for fact in red.warnings} == {"red"}
    economy = facts.warnings_page(release, scope, GD, theme="economic").warnings
    assert {fact.theme for fact in economy} == {"economic"}


# -- theme ---------------------------------------------------------------------------------------------------


def test_a_theme_opens_with_its_first_indicator_total_and_newest_period(
    release: Release, scope: Scope
) -> None:
    page = facts.theme_page(release, scope, "population", GD)
    assert (page.indicator, page.breakdown, page.period) == ("population.census_total", "", "2020")
    assert [item.period for item in page.periods] == ["2020", "2010"]
    assert page.selected is not None
    assert page.pyramid is not None
    assert len(page.pyramid.bands) == 19
    assert page.pyramid.bands[0].age == "0"


def test_what_does_not_exist_falls_back_to_the_default(release: Release, scope: Scope) -> None:
    page = facts.theme_page(release, scope, "population", GD, breakdown="sex=x", period="1999")
    assert (page.breakdown, page.period) == ("", "2020")


def test_a_chosen_breakdown_and_period_are_shown(release: Release, scope: Scope) -> None:
    page = facts.theme_page(release, scope, "population", GD, breakdown="sex=f", period="2010")
    assert page.selected is not None
    assert (page.selected.breakdown_name.zh, page.selected.period) == ("女", "2010")
    assert page.map is not None
    assert page.map.period == "2010"


def test_a_map_of_values_counts_its_classes_and_lists_what_is_missing(release: Release, scope: Scope) -> None:
    page = facts.theme_page(release, scope, "population", GD, "population.share_65")
    assert page.map is not None
    assert sum(item.n for item in page.map.classes) == 19
    assert {area.region for area in page.map.missing} == {tiny_gold.NULL_CITY, tiny_gold.ABSENT_CITY}
    assert 5 <= len(page.map.classes) <= 7
    for area in page.map.areas:
        if area.value is not None and area.class_index is not None:
            limits = page.map.classes[area.class_index]
            assert limits.lower <= area.value <= limits.upper


def test_an_indicator_that_is_not_mapped_has_neither_map_nor_ranking(release: Release, scope: Scope) -> None:
    page = facts.theme_page(release, scope, "agriculture", GD)
    assert (page.map, page.ranking) == (None, None)


def test_a_place_without_parts_is_marked_on_the_map_of_its_parent(release: Release, scope: Scope) -> None:
    page = facts.theme_page(release, scope, "economic", "441900")
    assert page.map is not None
    assert (page.map.region, page.map.selected, page.map.geojson) == (GD, "441900", "440000_city.geojson")
    county = facts.theme_page(release, scope, "population", "440106")
    assert county.map is not None
    assert (county.map.region, county.map.geojson) == ("440100", "440000_county.geojson")


def test_the_country_has_no_map(release: Release, scope: Scope) -> None:
    assert facts.warnings_page(release, scope, "100000").map.reason == "country"


def test_without_boundaries_the_map_says_which_job_makes_them(
    lake: Lake, scope: Scope, tmp_path: Any
) -> None:
    from cockpit.gold import open_lake

    bare = tiny_gold.write(tmp_path / "bare")
    for path in (bare / "geo").iterdir():
        path.unlink()
    found = facts.home(open_lake(bare).release(), scope, GD).map
    assert found.reason == "no_boundaries"


def test_the_ranking_falls_and_gives_equal_values_the_same_rank(release: Release, scope: Scope) -> None:
    ranking = facts.theme_page(release, scope, "economic", GD, "economic.gdp").ranking
    assert ranking is not None
    values = [row.value for row in ranking.rows]
    assert values == sorted(values, reverse=True)
    for before, after in zip(ranking.rows, ranking.rows[1:], strict=False):
        assert (before.value == after.value) == (before.rank == after.rank)
    assert ranking.prior_period == "2025-Q1"


def test_a_trend_carries_forecast_past_forecasts_and_record(release: Release, scope: Scope) -> None:
    trend = facts.theme_page(release, scope, "population", GD, "population.births").trend
    assert trend is not None
    assert trend.origin == "2026-05"
    assert [point.step for point in trend.forecast] == list(range(1, 9))
    assert len(trend.past) == 3
    assert trend.score is not None
    assert trend.score.coverage80 == 0.76


def test_unknown_names_and_places_out_of_scope_are_refused(release: Release) -> None:
    only_shandong = Scope((tiny_gold.SHANDONG,), "internal")
    with pytest.raises(facts.OutOfScopeError):
        facts.home(release, only_shandong, GD)
    with pytest.raises(facts.OutOfScopeError):
        facts.home(release, only_shandong, "999999")
    with pytest.raises(facts.UnknownError):
        facts.theme_page(release, only_shandong, "weather", tiny_gold.SHANDONG)
    with pytest.raises(facts.UnknownError):
        facts.theme_page(release, only_shandong, "population", tiny_gold.SHANDONG, "economic.gdp")


@pytest.mark.parametrize("theme", ["population", "agriculture", "legal_entity", "economic", "plan"])
@pytest.mark.parametrize("region", [GD, "440100", "440106", "441900", "370000"])
def test_nothing_on_a_page_lies_outside_the_readers_scope(release: Release, theme: str, region: str) -> None:
    scope = Scope((f"{region[:2]}0000",), "internal")
    page = facts.theme_page(release, scope, theme, region)
    places = {getattr(item, "region", region) for item in _walk(page)}
    assert {place[:2] for place in places} == {region[:2]}


def test_every_trace_key_on_a_page_leads_somewhere(release: Release, scope: Scope) -> None:
    pages = (
        facts.home(release, scope, GD),
        facts.theme_page(release, scope, "agriculture", GD),
        facts.theme_page(release, scope, "population", GD),
    )
    shown = [
        (item.trace, getattr(item, "value", None))
        for page in pages
        for item in _walk(page)
        if getattr(item, "trace", None)
    ]
    assert len(shown) > 50
    for key, _ in shown:
        assert facts.trace(release, scope, key).key == key


# -- trace ---------------------------------------------------------------------------------------------------


def test_a_trace_names_files_rows_versions_and_the_command(release: Release, scope: Scope) -> None:
    breakdown = "product=hog|stage=farm_gate"
    key = facts.trace_key("i", "agriculture.price_weekly", GD, "W", "2026-W24", breakdown)
    found = facts.trace(release, scope, key)
    assert found.files == ("agriculture/market_price/2026-06-17/data.csv",)
    assert (found.source_rows, found.first_row, found.last_row) == (12, 2, 13)
    assert found.table_versions == (("gold.indicator", 1),)
    assert found.source_table == "agriculture_market_price"
    assert found.publisher.en == "Test publisher"
    assert found.breakdown_name.zh == "生猪、出场价"
    assert found.command == (
        "./spark-submit.sh trace --indicator agriculture.price_weekly --region 440000 --period 2026-W24"
        f" --breakdown 'product=hog|stage=farm_gate' --release {tiny_gold.RELEASE}"
        f" --lake {shlex.quote(str(release.root))}"
    )


def test_a_corrected_figure_lists_its_revisions(release: Release, scope: Scope) -> None:
    found = facts.trace(release, scope, facts.trace_key("i", "population.births", GD, "M", "2023-01", ""))
    assert len(found.revisions) == 2
    assert found.value == found.revisions[-1].value


def test_a_forecast_is_traced_to_model_and_origin(release: Release, scope: Scope) -> None:
    found = facts.trace(release, scope, facts.trace_key("f", "population.births", GD, "M", "2026-06", ""))
    assert (found.kind, found.model, found.origin) == ("forecast", "ets 1", "2026-05")
    assert found.table_versions[0][0] == "gold.forecast"


def test_trace_keys_are_safe_in_a_url_and_bad_ones_are_refused(release: Release, scope: Scope) -> None:
    key = facts.trace_key("i", "population.census_total", GD, "Y", "2020", "age=85+|sex=f")
    assert all(char.isalnum() or char in "._~!-" for char in key)
    assert facts.trace(release, scope, key).breakdown == "age=85+|sex=f"
    for bad in ("", "i~x", "x~a~b~c~d~e", facts.trace_key("i", "population.births", GD, "M", "1900-01", "")):
        with pytest.raises(facts.UnknownError):
            facts.trace(release, scope, bad)


# -- quality, runs, catalogue, search, navigation ------------------------------------------------------------


def test_every_delivery_balances_in_rows_and_sums(release: Release, scope: Scope) -> None:
    page = facts.quality_page(release, scope)
    assert dict(page.outcomes) == {"accepted": 3, "partial": 3, "refused": 1, "repeated": 1}
    assert all(file.rows.holds and (file.sums is None or file.sums.holds) for file in page.deliveries)
    birth = next(file for file in page.deliveries if file.table == "health_birth")
    assert [finding.rows for finding in birth.findings] == [60, 30, 4]
    assert birth.dimensions[0][0] == "normative"


def test_what_a_row_held_is_shown_to_who_may_see_all_regions_alone(release: Release) -> None:
    def examples(*regions: str) -> set[str | None]:
        page = facts.quality_page(release, Scope(regions, "internal"))
        return {finding.example for file in page.deliveries for finding in file.findings}

    assert examples(tiny_gold.GUANGDONG, tiny_gold.SHANDONG) - {None}
    assert examples(tiny_gold.GUANGDONG) == {None}


def test_the_quality_board_narrows_by_theme(release: Release, scope: Scope) -> None:
    page = facts.quality_page(release, scope, theme="economic")
    assert [file.table for file in page.deliveries] == ["statistics_gdp_quarterly"]


def test_a_department_s_score_is_the_mean_of_its_month(release: Release, scope: Scope) -> None:
    assert facts.quality_page(release, scope).scores["agriculture"] == (MonthScore("2026-06", 99.5, 1),)
    rows = pl.DataFrame(
        [
            ("health", date(2026, 1, 5), "accepted", 90.0),
            ("health", date(2026, 1, 9), "refused", None),
            ("health", date(2026, 1, 9), "repeated", None),
            ("health", date(2026, 3, 1), "partial", 80.0),
        ],
        schema=["department", "delivered_on", "outcome", "score"],
        orient="row",
    )
    assert scores_by_month(rows) == {
        "health": (MonthScore("2026-01", 45.0, 2), MonthScore("2026-03", 80.0, 1))
    }


def test_files_that_no_source_claims_are_told_to_the_house_alone(lake: Lake, scope: Scope) -> None:
    (stray,) = facts.strays(lake, scope)
    assert (stray.file, stray.code) == ("health/birth/2026-6-1/births.csv", "FOLDER_NO_DATE")
    assert facts.strays(lake, replace(scope, grade="public")) == ()


def test_runs_and_catalogue(lake: Lake, release: Release, scope: Scope) -> None:
    runs = facts.runs_page(lake, scope)
    assert runs.runs[0].outcome == "nothing"
    assert len(runs.releases) == 2
    rows = facts.catalogue_page(release, scope)
    assert len(rows) == len({*INDICATORS, *ANALYSES})
    assert not [row for row in rows if row.indicator.endswith((".yoy", ".prev"))]


def test_search_finds_indicators_and_places_in_both_languages(release: Release, scope: Scope) -> None:
    assert [hit.region for hit in facts.search(release, scope, "广州")] == ["440100"]
    assert facts.search(release, scope, "guangz")[0].region == "440100"
    assert facts.search(release, scope, "出生")[0].indicator == "population.births"
    assert facts.search(release, scope, "  ") == ()
    assert facts.search(release, Scope((tiny_gold.SHANDONG,), "internal"), "广州") == ()


def test_navigation_lists_themes_in_order_with_their_worst_light(release: Release, scope: Scope) -> None:
    found = facts.navigation(release, scope, GD)
    assert [theme.theme for theme in found] == [
        "population",
        "agriculture",
        "legal_entity",
        "economic",
        "plan",
    ]
    assert [theme.worst for theme in found] == ["red", "red", None, "blue", None]


def test_map_fact_missing_is_derived_from_its_areas(release: Release, scope: Scope) -> None:
    found: MapFact = facts.home(release, scope, GD).map
    assert len(found.missing) == sum(1 for area in found.areas if area.light is None)


def test_a_city_whose_counties_have_no_figures_is_seen_among_the_cities(
    release: Release, scope: Scope
) -> None:
    page = facts.theme_page(release, scope, "economic", "440100", "economic.gdp")
    assert page.map is not None
    assert page.ranking is not None
    assert (page.map.region, page.map.selected, page.map.reason) == (GD, "440100", None)
    assert "440100" in {row.region for row in page.ranking.rows}
