"""A plan target's chance of attainment 达成概率, its record and its rates in words, for pages and reports alike."""

from __future__ import annotations

import conf
from cockpit import formats, texts
from cockpit.facts_types import ChanceRecord, TargetFact

PAST_DUE = "past_due"
SCORE_DECIMALS = 2


def target_chance(fact: TargetFact, lang: str) -> str:
    """The chance in percent and in a word, or why it cannot be told; empty when the target is past due."""
    if fact.chance is not None:
        word = texts.get(f"chance.{conf.load().settings.chance_words.of(fact.chance)}", lang)
        return texts.get("pages.target.chance", lang, chance=formats.percent(fact.chance, lang), word=word)
    if fact.chance_reason in (None, PAST_DUE):
        return ""
    reason = texts.get(f"chance_reason.{fact.chance_reason}", lang)
    return texts.get("pages.target.no_chance", lang, reason=reason)


def chance_scores(whole: ChanceRecord, lang: str) -> str:
    """The scores of all chances told earlier, or why they are only counted."""
    key = "pages.chance_record"
    span = {"since": formats.day(whole.since, lang), "until": formats.day(whole.until, lang)}
    if whole.few:
        least = conf.load().settings.chance_record_least
        return texts.get(f"{key}.few_cases", lang, **span, n=whole.cases, least=least)
    brier = formats.plain(whole.brier, SCORE_DECIMALS, lang)
    if whole.skill is None:
        return texts.get(f"{key}.alike", lang, **span, brier=brier)
    base, skill = (formats.plain(one, SCORE_DECIMALS, lang) for one in (whole.base_brier, whole.skill))
    return texts.get(f"{key}.scored", lang, **span, brier=brier, base=base, skill=skill)


def chance_word(one: ChanceRecord, lang: str) -> str:
    """The word that names these chances, or that they are all."""
    return texts.get("pages.chance_record.all" if one.word == "all" else f"chance.{one.word}", lang)


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
