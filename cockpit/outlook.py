"""A plan target's chance of attainment 达成概率 and its rates in words, for pages and reports alike."""

from __future__ import annotations

import conf
from cockpit import formats, texts
from cockpit.facts_types import TargetFact

PAST_DUE = "past_due"


def target_chance(fact: TargetFact, lang: str) -> str:
    """The chance in percent and in a word, or why it cannot be told; empty when the target is past due."""
    if fact.chance is not None:
        word = texts.get(f"chance.{conf.load().settings.chance_words.of(fact.chance)}", lang)
        return texts.get("pages.target.chance", lang, chance=formats.percent(fact.chance, lang), word=word)
    if fact.chance_reason in (None, PAST_DUE):
        return ""
    reason = texts.get(f"chance_reason.{fact.chance_reason}", lang)
    return texts.get("pages.target.no_chance", lang, reason=reason)


def target_rates(fact: TargetFact, lang: str) -> str:
    """The change a year that is still needed beside that of the last months; empty when none is needed."""
    if not fact.required_rate:
        return ""
    required = _rate(fact, fact.required_rate, lang)
    if fact.recent_rate is None:
        return texts.get("pages.target.required", lang, required=required)
    months, recent = conf.load().settings.recent_months, _rate(fact, fact.recent_rate, lang)
    return texts.get("pages.target.rates", lang, required=required, recent=recent, months=months)


def target_lateness(fact: TargetFact, lang: str) -> str:
    """How long before or after its due date a target was reached, or by how much it was late at the newest report;
    empty while neither can be told."""
    if fact.months_late is None:
        return ""
    months = abs(fact.months_late)
    if fact.reached is None:
        return texts.get("pages.target.still_late", lang, months=months)
    when = "late" if fact.months_late > 0 else "early" if fact.months_late < 0 else "in_time"
    return texts.get(f"pages.target.{when}", lang, months=months, reached=formats.day(fact.reached, lang))


def _rate(fact: TargetFact, rate: float, lang: str) -> str:
    """A rate in the target's unit; the change of a percentage is in percentage points."""
    is_percent = conf.load().units[fact.unit].kind == "percent"
    return formats.number(rate, "percentage_point" if is_percent else fact.unit, lang, fact.decimals + 1)
