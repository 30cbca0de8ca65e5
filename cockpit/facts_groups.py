"""Warnings of one rule and level in many places, told as one."""

from __future__ import annotations

from dataclasses import dataclass

import conf
from cockpit.facts_types import Light, Text, WarningFact
from cockpit.facts_warnings import LIGHTS
from conf import periods


@dataclass(frozen=True)
class WarningGroup:
    """A rule at one level, with every place where it stands there, the longest first.

    `whole`: whether the province itself is among the places. `n_below`: places below it.
    """

    rule_id: str
    rule_name: Text
    light: Light
    places: tuple[WarningFact, ...]
    whole: bool
    n_below: int

    @property
    def worst(self) -> WarningFact:
        """The place whose measure lies furthest in the direction that the rule watches."""
        sign = -1.0 if self.places[0].direction == "rise" else 1.0
        known = [fact for fact in self.places if fact.value is not None]
        return min(known or self.places, key=lambda fact: sign * (fact.value or 0.0))

    @property
    def first(self) -> WarningFact:
        """The place that speaks for the group: the province where it is warned of, else the longest run."""
        whole = (fact for fact in self.places if _is_province(fact.region))
        return next(whole, self.places[0])


def _is_province(region: str) -> bool:
    regions = conf.load().regions
    return regions.has(region) and regions.get(region).level == "province"


def groups(warnings: tuple[WarningFact, ...]) -> tuple[WarningGroup, ...]:
    """Warnings by rule and light: the worst light first, then the most places, then the longest run."""
    found: dict[tuple[str, str], list[WarningFact]] = {}
    for fact in warnings:
        found.setdefault((fact.rule_id, fact.light.light), []).append(fact)
    made = []
    for (rule_id, _), facts in found.items():
        places = tuple(sorted(facts, key=lambda fact: periods.start(fact.since)))
        n_whole = sum(_is_province(fact.region) for fact in places)
        made.append(
            WarningGroup(
                rule_id, places[0].rule_name, places[0].light, places, n_whole > 0, len(places) - n_whole
            )
        )
    return tuple(
        sorted(
            made,
            key=lambda g: (LIGHTS.index(g.light.light), -len(g.places), periods.start(g.places[0].since)),
        )
    )
