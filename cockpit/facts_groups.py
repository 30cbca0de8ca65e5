"""Warnings of one rule and level in many places, told as one."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.facts_types import Light, Text, WarningFact
from cockpit.facts_warnings import LIGHTS
from conf import periods


@dataclass(frozen=True)
class WarningGroup:
    """A rule at one level, with every place where it stands there: those of the newest period first, in them
    the worst first.

    `whole` is the warning of the region that the page is about, where it is one of the places.
    """

    rule_id: str
    rule_name: Text
    light: Light
    places: tuple[WarningFact, ...]
    whole: WarningFact | None

    @property
    def worst(self) -> WarningFact:
        """The place of the newest period whose measure lies furthest in the direction that the rule watches."""
        return self.places[0]

    def is_older(self, fact: WarningFact) -> bool:
        """Whether a place's figure is of an earlier period than the newest of the group."""
        return _start(fact) < _start(self.worst)

    @property
    def n_below(self) -> int:
        """How many of the places lie in the region that the page is about."""
        return len(self.places) - (self.whole is not None)


def groups(warnings: tuple[WarningFact, ...], region: str) -> tuple[WarningGroup, ...]:
    """Warnings by rule and light: the worst light first, then the most places, then the longest run."""
    found: dict[tuple[str, str], list[WarningFact]] = {}
    for fact in warnings:
        found.setdefault((fact.rule_id, fact.light.light), []).append(fact)
    made = [
        WarningGroup(
            rule_id=rule_id,
            rule_name=facts[0].rule_name,
            light=facts[0].light,
            places=tuple(sorted(facts, key=_urgency)),
            whole=next((fact for fact in facts if fact.region == region), None),
        )
        for (rule_id, _), facts in found.items()
    ]

    def rank(group: WarningGroup) -> tuple[object, ...]:
        since = min(periods.start(fact.since) for fact in group.places)
        return LIGHTS.index(group.light.light), -len(group.places), since, group.rule_id

    return tuple(sorted(made, key=rank))


def _urgency(fact: WarningFact) -> tuple[int, bool, float]:
    value = fact.value or 0.0
    return -_start(fact), fact.value is None, -value if fact.direction == "rise" else value


def _start(fact: WarningFact) -> int:
    return periods.start(fact.period).toordinal()
