"""Lights, warnings in force and plan targets as records."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import polars as pl

import conf
from cockpit import formats
from cockpit.facts_read import (
    Row,
    View,
    bilingual,
    department_name,
    region_name,
    row_trace,
    trace_key,
)
from cockpit.facts_types import Light, TargetFact, Text, WarningFact
from conf import periods

#: Lights from the most to the least urgent.
LIGHTS = ("red", "orange", "yellow", "blue", "grey", "green")
#: Lights of a target in the order in which they are listed.
TARGET_LIGHTS = ("red", "yellow", "green", "grey")
#: Lights that ask for attention, and so are listed.
LISTED = LIGHTS[:5]


def light_of(row: Row) -> Light:
    """The light of a row of gold.warning."""
    return Light(row["light"], row["level"], row["scheme"])


def worst_light(lights: Iterable[Light]) -> Light | None:
    """The most urgent of several lights."""
    return min(lights, key=lambda light: LIGHTS.index(light.light), default=None)


def light_at(view: View, indicator: str, region: str, breakdown: str) -> Light | None:
    """The worst light in force on one series."""
    rows = view.read("warning").filter(
        (pl.col("indicator") == indicator)
        & (pl.col("region") == region)
        & (pl.col("breakdown") == breakdown)
        & pl.col("is_current")
    )
    return worst_light(light_of(row) for row in rows.iter_rows(named=True))


def below(region: str) -> pl.Expr:
    """Rows of a region and of everything that lies in it."""
    regions = conf.load().regions
    within = [
        row.code for row in regions.rows() if region == row.code or region in regions.ancestors(row.code)
    ]
    return pl.col("region").is_in(within)


def current_warnings(view: View, region: str) -> pl.DataFrame:
    """The current state of every rule in a region and below it."""
    return view.read("warning").filter(pl.col("is_current") & below(region))


def light_counts(lights: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """How many of each light, from red to green; every light is named, also at 0."""
    listed = list(lights)
    return tuple((light, listed.count(light)) for light in LIGHTS)


def warnings(view: View, rows: pl.DataFrame) -> tuple[WarningFact, ...]:
    """Warnings as records: worst first, then the one that began first, then official order of regions."""
    regions = conf.load().regions
    rules = view.rules
    found = [_warning(view, rules, row) for row in rows.iter_rows(named=True) if row["light"] in LISTED]

    def rank(fact: WarningFact) -> tuple[int, date, int, str]:
        position = regions.get(fact.region).position if regions.has(fact.region) else 0
        return LIGHTS.index(fact.light.light), periods.start(fact.since), position, fact.rule_id

    return tuple(sorted(found, key=rank))


def _warning(view: View, rules: dict[tuple[str, str], Row], row: Row) -> WarningFact:
    entry = view.entry(row["indicator"])
    rule = rules.get((row["rule_id"], row["rule_version"]))
    name = region_name(row["region"])
    # A rule may judge a change, which is in percent while the indicator is not.
    same_unit = row["unit"] == entry["unit"]
    decimals = entry["decimals"] if same_unit else conf.load().units[row["unit"]].decimals
    return WarningFact(
        theme=row["theme"],
        theme_name=bilingual(entry, "theme"),
        rule_id=row["rule_id"],
        rule_version=row["rule_version"],
        rule_name=bilingual(rule, "name") if rule else Text(row["rule_id"], row["rule_id"]),
        message=_message(rule, row, name, decimals) if rule else bilingual(entry, "name"),
        rule_source=bilingual(rule, "source") if rule else Text("", ""),
        verified=bool(rule and rule["verified"]),
        indicator=row["indicator"],
        indicator_name=bilingual(entry, "name"),
        region=row["region"],
        region_name=name,
        period=row["period"],
        freq=row["freq"],
        period_end=row["period_end"],
        since=row["since"],
        run_length=row["run_length"],
        light=light_of(row),
        direction=row["direction"],
        value=row["value"],
        unit=row["unit"],
        decimals=decimals,
        compared=row["compared"],
        threshold=row["threshold"],
        distance_to_next=row["distance_to_next"],
        department=department_name(row["department"]),
        status=row["status"],
        quality=row["quality"],
        trace=row_trace(row),
    )


def _message(rule: Row, row: Row, name: Text, decimals: int) -> Text:
    def filled(lang: str) -> str:
        template: str = rule[f"message_{lang}"]
        return template.format(
            region=name.get(lang),
            period=formats.period(row["period"], lang),
            value=formats.plain(row["value"], decimals, lang),
            threshold=formats.bare(row["threshold"], lang),
            run_length=row["run_length"],
        )

    return Text(filled("zh"), filled("en"))


def targets(view: View, region: str) -> tuple[TargetFact, ...]:
    """Plan targets of a region: red, yellow, green, grey; the one furthest behind first, no value last."""
    rows = view.read("target").filter(pl.col("region") == region)
    facts = [_target(view, row) for row in rows.iter_rows(named=True)]

    def rank(fact: TargetFact) -> tuple[int, bool, float, str]:
        pace = fact.pace if fact.pace is not None else 0.0
        return TARGET_LIGHTS.index(fact.light.light), fact.value is None, pace, fact.target_id

    return tuple(sorted(facts, key=rank))


def target_of(view: View, indicator: str, region: str, breakdown: str) -> TargetFact | None:
    """The plan target that one figure serves, if there is one."""
    own = (
        target
        for target in targets(view, region)
        if (target.indicator, target.breakdown) == (indicator, breakdown)
    )
    return next(own, None)


def _target(view: View, row: Row) -> TargetFact:
    breakdown = row["breakdown"] or ""
    trace = None
    if row["indicator"] in view.catalogue and row["period"]:
        freq = periods.freq_of(row["period"])
        trace = trace_key("i", row["indicator"], row["region"], freq, row["period"], breakdown)
    return TargetFact(
        target_id=row["target_id"],
        clause=bilingual(row, "clause"),
        name=bilingual(row, "name"),
        region=row["region"],
        region_name=region_name(row["region"]),
        unit=row["unit"],
        decimals=conf.load().units[row["unit"]].decimals,
        direction=row["direction"],
        base=row["base"],
        base_date=row["base_date"],
        goal=row["goal"],
        due=row["due"],
        department=bilingual(row, "department"),
        indicator=row["indicator"],
        breakdown=breakdown,
        value=row["value"],
        period=row["period"],
        published_at=row["published_at"],
        attainment=row["attainment"],
        time_elapsed=row["time_elapsed"],
        pace=row["pace"],
        light=Light(row["light"], None, "progress"),
        # Releases made before chances were have none of the four.
        chance=row.get("chance"),
        chance_reason=row.get("chance_reason"),
        required_rate=row.get("required_rate"),
        recent_rate=row.get("recent_rate"),
        months_late=row.get("months_late"),
        reached=row.get("reached"),
        evidence=row["evidence"],
        status=row["status"] or "real",
        quality=row["quality"],
        trace=trace,
    )
