"""Facts of analyses 研判: what methods made of a theme's indicators, and the values kept out of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import polars as pl

import conf
from cockpit import texts
from cockpit.facts_map import map_children, shown_region
from cockpit.facts_read import (
    Row,
    UnknownError,
    View,
    bilingual,
    breakdown_name,
    breakdown_order,
    check_region,
    region_name,
    row_trace,
    source_of,
    trace_key,
    worst_status,
)
from cockpit.facts_types import Text
from cockpit.facts_types_analysis import AnalysisFact, AnalysisInput, AnalysisPoint, Doubt
from cockpit.gold import PLACELESS, Release, Scope

#: Charts that set the places below a region side by side.
COMPARES = ("quadrant", "shift_share", "rank_intervals", "moran")
#: Charts that set the breakdowns of one region side by side where it has no places below it.
_COMPARES_BREAKDOWNS = ("quadrant",)
#: All breakdowns of an input.
_ALL = "*"
#: How a breakdown begins that is the name of a series.
_BY_NAME = "series="


def methods(view: View) -> dict[str, Row]:
    """How each analysis is made, by its indicator; empty for a release from before there were analyses."""
    if not view.release.names("method"):
        return {}
    return view.release.cached(
        ("methods", view.scope),
        lambda: {row["indicator"]: row for row in view.read("method").iter_rows(named=True)},
    )


def analyses(release: Release, scope: Scope, theme: str, region: str) -> tuple[AnalysisFact, ...]:
    """All analyses of a theme as they stand in a region, in the order of the catalogue.

    Raises OutOfScopeError for a region outside the scope.
    """
    check_region(scope, region)
    view = View(release, scope)
    known = methods(view)
    own = [key for key, row in view.catalogue.items() if row["theme"] == theme and key in known]
    return tuple(_fact(view, key, region, None, None) for key in own)


def analysis(
    release: Release,
    scope: Scope,
    indicator: str,
    region: str,
    breakdown: str | None = None,
    period: str | None = None,
) -> AnalysisFact:
    """One analysis in a region; a breakdown or period that it lacks there takes the default, the total (or the
    first breakdown there is) and the newest.

    Raises UnknownError for an indicator that is no analysis, OutOfScopeError for a region outside the scope.
    """
    check_region(scope, region)
    view = View(release, scope)
    if indicator not in methods(view):
        raise UnknownError(f"no analysis {indicator}")
    return _fact(view, indicator, region, breakdown, period)


def doubts(
    release: Release, scope: Scope, theme: str, region: str, fact: AnalysisFact | None = None
) -> tuple[Doubt, ...]:
    """Values of a theme under suspicion in a region and below it, those not yet settled first, then the newest;
    only of the inputs of one analysis where that is given.

    Raises OutOfScopeError for a region outside the scope.
    """
    check_region(scope, region)
    view = View(release, scope)
    if not release.names("doubt"):
        return ()
    within = Scope((region,), scope.grade)
    inputs = {item.indicator for item in fact.inputs} if fact else None
    rows = [
        row
        for row in view.read("doubt").filter(pl.col("theme") == theme).iter_rows(named=True)
        if within.covers(row["region"]) and (inputs is None or row["indicator"] in inputs)
    ]
    rows.sort(key=lambda row: (row["period_end"], row["indicator"], row["region"]), reverse=True)
    rows.sort(key=lambda row: row["state"] != "open")
    return tuple(_doubt(view, row) for row in rows)


def _fact(view: View, indicator: str, region: str, breakdown: str | None, period: str | None) -> AnalysisFact:
    entry, how = view.entry(indicator), methods(view)[indicator]
    figures = view.figures(indicator).filter(pl.col("freq") == entry["freq"])
    details = view.read("analysis").filter(pl.col("indicator") == indicator)
    shown = _shown(region, {*figures["region"].unique(), *details["region"].unique()})
    regions = [shown]
    if how["chart"] in COMPARES:
        regions += map_children(shown_region(view, indicator, shown))
    figures, details = (rows.filter(pl.col("region").is_in(regions)) for rows in (figures, details))
    found = sorted({*figures["breakdown"].unique(), *details["breakdown"].unique()}, key=breakdown_order)
    chosen: str = breakdown if breakdown is not None and breakdown in found else (found or [""])[0]
    below = any(code != shown for code in figures["region"].unique())
    if not (how["chart"] in _COMPARES_BREAKDOWNS and not below):
        figures, details = (rows.filter(pl.col("breakdown") == chosen) for rows in (figures, details))
    rows, beside = (_ordered(part) for part in (figures, details))
    labels = [row["period"] for row in (rows or beside)]
    newest = max(labels, default="")
    told: str = period if period is not None and period in labels else newest
    own = [row for row in rows if row["region"] == shown and row["period"] == told]
    names = _item_names(view, entry["theme"], {row["item"] or "" for row in beside})
    return AnalysisFact(
        theme=entry["theme"],
        indicator=indicator,
        name=bilingual(entry, "name"),
        definition=bilingual(entry, "definition"),
        department=bilingual(entry, "department"),
        method=how["method"],
        version=how["version"] or "",
        reference=bilingual(how, "reference"),
        parameters=tuple(_parameters(how["parameters"])),
        inputs=tuple(_inputs(view, entry["theme"], how["inputs"])),
        chart=how["chart"],
        trial=bool(how["trial"]),
        featured=bool(how["featured"]),
        state=how["state"],
        reason=bilingual(how, "reason"),
        region=region,
        shown=shown,
        shown_name=region_name(shown),
        breakdown=chosen,
        breakdown_name=breakdown_name(chosen),
        period=told,
        freq=entry["freq"],
        unit=rows[-1]["unit"] if rows else entry["unit"],
        decimals=entry["decimals"],
        figures=tuple(_point(row, names) for row in rows),
        details=tuple(_point(row, names) for row in beside),
        status=worst_status((row["status"] for row in [*rows, *beside]), entry["status"]),
        source=source_of(view, entry, rows),
        published_at=max((row["published_at"] for row in rows), default=None),
        trace=row_trace(own[0]) if own else "",
    )


def _shown(region: str, present: set[str]) -> str:
    """The region, or the nearest one above it (at last the country) that an analysis has anything of."""
    above = (*conf.load().regions.ancestors(region), *PLACELESS)
    return next((code for code in (region, *above) if code in present), region)


def _ordered(rows: pl.DataFrame) -> list[Row]:
    order = [name for name in ("period_end", "period", "region", "breakdown", "item") if name in rows.columns]
    return rows.sort(order, nulls_last=True).to_dicts()


def _point(row: Row, names: dict[str, Text]) -> AnalysisPoint:
    item = row.get("item") or ""
    return AnalysisPoint(
        region=row["region"],
        region_name=region_name(row["region"]),
        breakdown=row["breakdown"],
        breakdown_name=breakdown_name(row["breakdown"]),
        period=row["period"],
        period_end=row["period_end"],
        item=item,
        item_name=names.get(item, Text("", "")),
        measure=row.get("measure") or "",
        value=row["value"],
        text=row.get("text") or "",
    )


# -- names -------------------------------------------------------------------------------------------------


def _item_names(view: View, theme: str, items: Iterable[str]) -> dict[str, Text]:
    """Items in words. Series of one indicator go by their breakdowns alone, since the rest would be the same; so do
    those whose breakdown is the name of a series, with many of which an indicator is a mere folder."""
    pairs = {item: item.split(">") for item in items if item}
    series = {part for parts in pairs.values() for part in parts if "|" in part}
    is_one = len({part.partition("|")[0] for part in series}) == 1 and len(series) > 1
    named = {
        part: _item_name(view, theme, part, is_one or part.partition("|")[2].startswith(_BY_NAME))
        for parts in pairs.values()
        for part in parts
    }
    return {item: _leading([named[part] for part in parts]) for item, parts in pairs.items()}


def _leading(names: Sequence[Text]) -> Text:
    """`A>B` as A→B."""
    return Text(" → ".join(name.zh for name in names), " → ".join(name.en for name in names))


def _item_name(view: View, theme: str, item: str, by_breakdown: bool) -> Text:
    if texts.has(f"analysis.item.{item}"):
        return texts.both(f"analysis.item.{item}")
    indicator, _, breakdown = item.partition("|")
    entry = view.catalogue.get(_full(view, theme, indicator))
    if entry is None:
        return region_name(item)
    name = bilingual(entry, "name")
    if not breakdown:
        return name
    part = breakdown_name(breakdown)
    if by_breakdown:
        return part
    return Text(
        texts.get("figure.measure", "zh", name=name.zh, breakdown=part.zh),
        texts.get("figure.measure", "en", name=name.en, breakdown=part.en),
    )


def _full(view: View, theme: str, indicator: str) -> str:
    """An indicator's id with its theme, which those of the same theme may leave out."""
    return indicator if indicator in view.catalogue else f"{theme}.{indicator}"


def _parameters(given: str | None) -> Iterable[tuple[str, str]]:
    for name, value in json.loads(given or "{}").items():
        yield name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _inputs(view: View, theme: str, given: str | None) -> Iterable[AnalysisInput]:
    roles: dict[str, list[dict[str, Any]]] = json.loads(given or "{}")
    for role, inputs in roles.items():
        for item in inputs:
            indicator = _full(view, theme, item["indicator"])
            entry = view.catalogue.get(indicator)
            taken = view.catalogue.get(f"{indicator}.{item['change']}") if item.get("change") else entry
            breakdown = item.get("breakdown") or ""
            whole = breakdown == _ALL
            yield AnalysisInput(
                role=role,
                indicator=indicator,
                name=bilingual(entry, "name") if entry else Text(indicator, indicator),
                breakdown=breakdown,
                breakdown_name=texts.both("analysis.all_breakdowns") if whole else breakdown_name(breakdown),
                change=item.get("change"),
                unit=taken["unit"] if taken else "none",
            )


def _doubt(view: View, row: Row) -> Doubt:
    entry = view.catalogue.get(row["indicator"])
    return Doubt(
        indicator=row["indicator"],
        indicator_name=bilingual(entry, "name") if entry else Text(row["indicator"], row["indicator"]),
        region=row["region"],
        region_name=region_name(row["region"]),
        breakdown_name=breakdown_name(row["breakdown"]),
        period=row["period"],
        rule=row["rule"],
        rule_name=bilingual(row, "rule"),
        value=row["value"],
        expected=row["expected"],
        unit=entry["unit"] if entry else "none",
        decimals=entry["decimals"] if entry else 1,
        evidence=bilingual(row, "evidence"),
        state=row["state"],
        source=row["source"] or "",
        trace=trace_key("i", row["indicator"], row["region"], row["freq"], row["period"], row["breakdown"]),
    )
