"""Chance of attainment and rates of plan targets in words."""

from dataclasses import replace
from datetime import date

import pytest

from cockpit import facts
from cockpit.facts_types import TargetFact
from cockpit.gold import Release, Scope
from cockpit.outlook import target_chance, target_lateness, target_rates


@pytest.fixture(scope="module")
def targets(release: Release, scope: Scope) -> dict[str, TargetFact]:
    return {fact.target_id: fact for fact in facts.targets_page(release, scope, "440000").targets}


def test_a_chance_is_told_in_percent_and_in_a_word(targets: dict[str, TargetFact]) -> None:
    assert target_chance(targets["GD-01"], "zh") == "71%（较有把握）"
    assert target_chance(targets["GD-03"], "en") == "8% (unlikely)"
    assert target_chance(replace(targets["GD-03"], chance=0.33), "zh") == "33%（未定）"


def test_without_a_chance_the_reason_is_told(targets: dict[str, TargetFact]) -> None:
    assert target_chance(targets["GD-02"], "zh") == "不足以估计（到期日超出预测期）"
    assert target_chance(targets["GD-04"], "en") == "cannot be told (no value reported)"
    # what came of a target that is past due is told by its light
    assert target_chance(replace(targets["GD-04"], chance_reason="past_due"), "zh") == ""
    assert target_chance(replace(targets["GD-04"], chance_reason=None), "zh") == ""


def test_rates_of_percentages_are_in_percentage_points(targets: dict[str, TargetFact]) -> None:
    assert target_rates(targets["GD-03"], "zh") == "每年尚须0.21个百分点，近6个月折合每年0.04个百分点"
    assert target_rates(replace(targets["GD-03"], recent_rate=None), "zh") == "每年尚须0.21个百分点"
    assert target_rates(replace(targets["GD-03"], required_rate=0.0), "zh") == ""
    assert target_rates(targets["GD-04"], "zh") == ""


def test_lateness_is_told_for_what_is_reached_and_for_what_is_not(targets: dict[str, TargetFact]) -> None:
    fact = replace(targets["GD-03"], reached=date(2018, 9, 30), months_late=9)
    assert target_lateness(fact, "zh") == "2018年9月30日达标，比到期日晚9个月"
    assert target_lateness(replace(fact, months_late=-2), "en") == "reached on 2018-09-30 (months early: 2)"
    assert target_lateness(replace(fact, months_late=0), "zh") == "2018年9月30日达标，按期"
    assert target_lateness(replace(fact, reached=None), "zh") == "最近一次填报时仍未达标，已晚9个月"
    assert target_lateness(targets["GD-03"], "zh") == ""


def test_lateness_is_read_from_the_release(release: Release, scope: Scope) -> None:
    (fact,) = facts.targets_page(release, scope, "370000").targets
    assert target_lateness(fact, "en") == "not reached at the newest report (months late by then: 7)"
