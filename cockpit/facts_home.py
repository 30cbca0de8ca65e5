"""Facts of the home page, the warning and target pages, the navigation and the search."""

from __future__ import annotations

import conf
from cockpit.facts_figure import figure
from cockpit.facts_map import light_map, map_children, map_region, value_map
from cockpit.facts_read import (
    View,
    bilingual,
    breakdowns_of,
    check_region,
    region_name,
    release_fact,
    series,
    worst_status,
)
from cockpit.facts_types import (
    Figure,
    HomeFacts,
    MapFact,
    SearchHit,
    TargetsFacts,
    Text,
    ThemeNav,
    WarningsFacts,
)
from cockpit.facts_warnings import LIGHTS, current_warnings, light_counts, targets, warnings
from cockpit.gold import Release, Scope


def navigation(release: Release, scope: Scope, region: str) -> tuple[ThemeNav, ...]:
    """The themes of a release in their order, each with its warnings in force in a region."""
    check_region(scope, region)
    view = View(release, scope)
    current = current_warnings(view, region)
    found: dict[str, ThemeNav] = {}
    for entry in view.catalogue.values():
        theme = entry["theme"]
        if theme in found:
            continue
        own = [row for row in view.catalogue.values() if row["theme"] == theme and not row["derived_from"]]
        lights = [row["light"] for row in current.iter_rows(named=True) if row["theme"] == theme]
        urgent = [light for light in lights if light in LIGHTS[:4]]
        found[theme] = ThemeNav(
            theme=theme,
            name=bilingual(entry, "theme"),
            icon=entry["icon"],
            n_indicators=len(own),
            n_warnings=len(urgent),
            worst=min(urgent, key=LIGHTS.index, default=None),
            status=worst_status(
                (row["status"] for row in own if row["status"] not in (None, "forecast")), "real"
            ),
        )
    return tuple(found.values())


def home(release: Release, scope: Scope, region: str) -> HomeFacts:
    """The first page: headline figures, targets, warnings and a map of a region."""
    check_region(scope, region)
    view = View(release, scope)
    current = current_warnings(view, region)
    goals = targets(view, region)
    return HomeFacts(
        release=release_fact(release),
        region=region,
        region_name=region_name(region),
        headlines=_headlines(view, region),
        targets=goals,
        counts=light_counts(current["light"].to_list()),
        warnings=warnings(view, current),
        map=_home_map(view, region),
    )


def warnings_page(
    release: Release, scope: Scope, region: str, light: str | None = None, theme: str | None = None
) -> WarningsFacts:
    """All warnings in force in a region and below it; a light or a theme narrows the list, not the counts."""
    check_region(scope, region)
    view = View(release, scope)
    current = current_warnings(view, region)
    listed = [
        fact
        for fact in warnings(view, current)
        if light in (None, fact.light.light) and theme in (None, fact.theme)
    ]
    return WarningsFacts(
        release=release_fact(release),
        region=region,
        region_name=region_name(region),
        counts=light_counts(current["light"].to_list()),
        warnings=tuple(listed),
        map=light_map(view, region, current_warnings(view, map_region(region))),
    )


def targets_page(release: Release, scope: Scope, region: str) -> TargetsFacts:
    """The plan targets of a region."""
    check_region(scope, region)
    goals = targets(View(release, scope), region)
    return TargetsFacts(
        release=release_fact(release),
        region=region,
        region_name=region_name(region),
        counts=light_counts(goal.light.light for goal in goals),
        targets=goals,
    )


def search(release: Release, scope: Scope, words: str, limit: int = 12) -> tuple[SearchHit, ...]:
    """Indicators and regions whose name in either language holds the words, those that begin with them
    first."""
    wanted = words.strip().lower()
    if not wanted:
        return ()
    view = View(release, scope)
    hits = [
        SearchHit(
            "indicator", bilingual(row, "name"), row["theme"], row["indicator"], None, bilingual(row, "theme")
        )
        for row in view.catalogue.values()
        if not row["derived_from"]
    ]
    regions = conf.load().regions
    for place in regions.rows():
        if scope.covers(place.code) and place.valid_to is None:
            above = [region_name(code) for code in regions.ancestors(place.code)]
            detail = Text("".join(name.zh for name in reversed(above)), ", ".join(name.en for name in above))
            hits.append(SearchHit("region", region_name(place.code), None, None, place.code, detail))

    def place_of(hit: SearchHit) -> int:
        found = [text.find(wanted) for text in (hit.name.zh.lower(), hit.name.en.lower()) if wanted in text]
        return min(found, default=-1)

    return tuple(sorted((hit for hit in hits if place_of(hit) >= 0), key=place_of)[:limit])


def _headlines(view: View, region: str) -> tuple[Figure, ...]:
    """One card a headline indicator. Below the province, an indicator without any figure there is left out:
    its source does not reach so far down; for a province its card says that the value is missing."""
    regions = conf.load().regions
    is_province = regions.get(region).level == "province"
    cards = []
    for indicator, entry in view.catalogue.items():
        if entry["headline"]:
            breakdowns = breakdowns_of(view, indicator, region)
            if breakdowns or is_province:
                cards.append(figure(view, indicator, region, breakdowns[0] if breakdowns else ""))
    return tuple(cards)


def _home_map(view: View, region: str) -> MapFact:
    """Lights where rules watch the places of the map; else the first headline indicator that has a map."""
    parent = map_region(region)
    current = current_warnings(view, parent)
    watched = set(current["region"].to_list())
    if watched.intersection(map_children(parent)):
        return light_map(view, region, current)
    for indicator, entry in view.catalogue.items():
        if entry["headline"] and entry["map"]:
            for code in map_children(parent):
                rows = series(view, indicator, code, "")
                if rows:
                    return value_map(view, indicator, region, "", rows[-1]["period"])
    return light_map(view, region, current)
