"""Facts of a findings document: every analysis of every theme in the country, a region and the places below it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import polars as pl

from cockpit import texts
from cockpit.facts_analysis import COMPARES, analysis, doubts, methods
from cockpit.facts_map import map_children
from cockpit.facts_read import (
    Row,
    View,
    bilingual,
    breakdown_name,
    breakdown_order,
    check_region,
    region_name,
    release_fact,
    source_of,
    worst_status,
)
from cockpit.facts_types import Text
from cockpit.facts_types_analysis import AnalysisFact, AnalysisInput, Doubt
from cockpit.facts_types_findings import (
    DoubtGroup,
    Finding,
    FindingsFacts,
    InputData,
    Latest,
    LightYear,
    ThemeFindings,
)
from cockpit.facts_warnings import LIGHTS
from cockpit.gold import PLACELESS, Release, Scope

_ALL = "*"


def findings(release: Release, scope: Scope, region: str) -> FindingsFacts:
    """Every analysis of a release in the country, in a region and in the places below it.

    Raises OutOfScopeError for a region outside the scope.
    """
    check_region(scope, region)
    view, below = View(release, scope), Scope((region,), scope.grade)
    known = methods(view)
    themes: dict[str, list[str]] = {}
    for key, entry in view.catalogue.items():
        if key in known:
            themes.setdefault(entry["theme"], []).append(key)
    lights, unlit, unfed = _lights(view, region, below)
    return FindingsFacts(
        release=release_fact(release),
        region=region,
        region_name=region_name(region),
        themes=tuple(
            ThemeFindings(
                theme,
                bilingual(view.entry(keys[0]), "theme"),
                tuple(_finding(release, scope, key, region, below) for key in keys),
            )
            for theme, keys in themes.items()
        ),
        lights=lights,
        unlit=unlit,
        unfed=unfed,
    )


def _finding(release: Release, scope: Scope, indicator: str, region: str, below: Scope) -> Finding:
    view = View(release, scope)
    entry = view.entry(indicator)
    rows = view.figures(indicator).filter(pl.col("freq") == entry["freq"])
    rows = rows.filter(pl.col("region").map_elements(below.covers, return_dtype=pl.Boolean))
    details = view.read("analysis").filter(pl.col("indicator") == indicator)
    present = {*rows["region"].unique(), *details["region"].unique()}
    facts = tuple(
        analysis(release, scope, indicator, code)
        for code in _drawn(region, present, methods(view)[indicator]["chart"])
    )
    return Finding(
        facts=facts,
        inputs=tuple(_input(view, item, below) for item in facts[0].inputs),
        others=tuple(_others(rows, facts)),
        doubts=_doubts(doubts(release, scope, entry["theme"], region, facts[0]), facts[0]),
    )


def _drawn(region: str, present: set[str], chart: str | None) -> list[str]:
    """The regions that get a chart: the country, places not told and the region itself where an analysis has
    anything of them; else the places below it in one chart, or the first of them; else the region, in vain."""
    own = [code for code in (*PLACELESS, region) if code in present]
    children = [code for code in map_children(region) if code in present]
    if region not in present and children:
        own.append(region if chart in COMPARES else children[0])
    return own or [region]


def _input(view: View, item: AnalysisInput, below: Scope) -> InputData:
    key = f"{item.indicator}.{item.change}" if item.change else item.indicator
    rows = view.figures(key)
    if item.breakdown != _ALL:
        rows = rows.filter(pl.col("breakdown") == item.breakdown)
    rows = rows.filter(pl.col("region").map_elements(below.covers, return_dtype=pl.Boolean)).sort(
        "period_end"
    )
    entry = view.catalogue.get(key)
    files = rows.unique("source", maintain_order=True).to_dicts()
    name = Text(*(_input_name(item, lang) for lang in ("zh", "en")))
    return InputData(
        name=name,
        role=item.role,
        statuses=tuple(sorted(rows["status"].unique())),
        first=rows["period"][0] if len(rows) else "",
        last=rows["period"][-1] if len(rows) else "",
        places=rows["region"].n_unique(),
        source=source_of(view, entry, files) if entry is not None and files else Text("", ""),
    )


def _input_name(item: AnalysisInput, lang: str) -> str:
    name = item.name.get(lang)
    return f"{name} · {item.breakdown_name.get(lang)}" if item.breakdown else name


def _doubts(found: Iterable[Doubt], fact: AnalysisFact) -> tuple[DoubtGroup, ...]:
    """Doubts about the very series that an analysis is made of, those of one suspicion together."""
    series = {(item.indicator, item.breakdown_name) for item in fact.inputs if item.breakdown != _ALL}
    whole = {item.indicator for item in fact.inputs if item.breakdown == _ALL}
    groups: dict[tuple[str, str, Text, str, Text], list[Doubt]] = {}
    for one in found:
        if one.indicator in whole or (one.indicator, one.breakdown_name) in series:
            key = (one.indicator, one.region, one.breakdown_name, one.rule, one.evidence)
            groups.setdefault(key, []).append(one)
    return tuple(
        DoubtGroup(next((one for one in group if one.expected is not None), group[0]), len(group))
        for group in groups.values()
    )


def _others(rows: pl.DataFrame, facts: Iterable[AnalysisFact]) -> Iterable[Latest]:
    """The newest figure of each region and breakdown that no fact shows."""
    shown = {(point.region, point.breakdown) for fact in facts for point in fact.figures}
    parts = rows.sort("period_end").group_by("region", "breakdown")
    newest = {key: part.tail(2)["value"].to_list() for key, part in parts}
    periods = {key: part["period"][-1] for key, part in parts}
    for region, breakdown in sorted(newest, key=lambda key: (str(key[0]), breakdown_order(str(key[1])))):
        if (region, breakdown) in shown:
            continue
        values = newest[region, breakdown]
        yield Latest(
            region_name=region_name(str(region)),
            breakdown_name=breakdown_name(str(breakdown)),
            period=periods[region, breakdown],
            value=values[-1],
            before=values[0] if len(values) > 1 else None,
        )


# -- warning rules -----------------------------------------------------------------------------------------


def _lights(
    view: View, region: str, below: Scope
) -> tuple[tuple[LightYear, ...], tuple[Text, ...], tuple[Text, ...]]:
    """Periods in which rules were lit by year: in the country, in the region, and below it; the rules that never
    were; and those that nothing was held against."""
    rules = view.rules
    groups: dict[tuple[str, str, str, str], list[Row]] = {}
    held = view.read("warning")
    fed = {
        row[:2]
        for row in held.select("rule_id", "rule_version", "region").iter_rows()
        if below.covers(row[2])
    }
    rows = held.filter(pl.col("level").is_not_null())
    for row in rows.unique(["rule_id", "rule_version", "region", "breakdown", "period"]).iter_rows(
        named=True
    ):
        if below.covers(row["region"]):
            place = row["region"] if row["region"] in (*PLACELESS, region) else "below"
            key = (row["rule_id"], row["rule_version"], place, str(row["period_end"].year))
            groups.setdefault(key, []).append(row)
    lit = {key[:2] for key in groups}
    found = tuple(
        _light_year(rules[key[0], key[1]], key, groups[key], region)
        for key in sorted(groups)
        if key[:2] in rules
    )
    names = {key: bilingual(row, "name") for key, row in rules.items() if key not in lit}
    unlit = tuple(name for key, name in names.items() if key in fed)
    return found, unlit, tuple(name for key, name in names.items() if key not in fed)


def _light_year(rule: Row, key: tuple[str, str, str, str], rows: list[Row], region: str) -> LightYear:
    _, version, place, year = key
    counts = Counter(row["light"] for row in rows)
    around = region_name(region)
    below = texts.both("findings.below")
    name = (
        Text(f"{around.zh}{below.zh}", f"{around.en}{below.en}") if place == "below" else region_name(place)
    )
    return LightYear(
        rule=bilingual(rule, "name"),
        version=version,
        place=name,
        year=year,
        lights=tuple((light, counts[light]) for light in LIGHTS[:4]),
        status=worst_status((row["status"] for row in rows), "real"),
    )
