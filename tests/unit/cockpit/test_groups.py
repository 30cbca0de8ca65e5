"""Warnings told as one: which place is named as the worst, and which figures are older than the others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cockpit import facts
from cockpit.facts_groups import groups
from cockpit.facts_types import WarningFact
from cockpit.gold import Release, Scope
from tests import tiny_gold


@pytest.fixture(scope="module")
def warning(release: Release, scope: Scope) -> WarningFact:
    return facts.warnings_page(release, scope, tiny_gold.GUANGDONG).warnings[0]


def test_worst_place_is_one_of_the_newest_period(warning: WarningFact) -> None:
    fact = replace(warning, direction="fall")
    old = replace(fact, region="440300", period="2026-W07", value=5.1)
    mild = replace(fact, region="440400", period="2026-W09", value=5.8)
    hard = replace(fact, region="440500", period="2026-W09", value=5.4)
    (group,) = groups((old, mild, hard), "440000")

    assert group.places == (hard, mild, old)
    assert group.worst is hard
    assert [group.is_older(place) for place in group.places] == [False, False, True]


def test_worst_place_follows_the_direction_of_the_rule(warning: WarningFact) -> None:
    low, high = (
        replace(warning, direction="rise", region=code, value=value)
        for code, value in (("440300", 2.0), ("440400", 3.0))
    )
    (group,) = groups((low, high), "440000")

    assert group.worst is high
