"""Maps and rankings: one indicator, one period, the children of a region."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

import conf
from cockpit import classes, texts
from cockpit.facts_read import (
    Row,
    View,
    bilingual,
    breakdown_name,
    measured_in,
    region_name,
    row_trace,
    source_of,
    worst_status,
)
from cockpit.facts_shapes import Point, bounds, places, shapes_of
from cockpit.facts_types import Light, MapArea, MapClass, MapFact, Ranking, RankRow
from cockpit.facts_warnings import LIGHTS, light_of, worst_light
from conf import periods
from conf.regions import COUNTRY

#: Kinds of unit where zero parts good from bad, so that values on both sides of it take two colours.
_SIGNED = ("percent", "percentage_point")


def map_region(region: str) -> str:
    """The region whose children a map shows: the region itself, or its parent when nothing lies below it."""
    regions = conf.load().regions
    return regions.ancestors(region)[0] if regions.is_leaf(region) else region


def map_children(region: str) -> tuple[str, ...]:
    """Codes drawn on the map of a region: cities of a province, counties of a city (development zones lie
    inside counties and are not drawn). The country has none: its map may not be drawn in part."""
    regions = conf.load().regions
    if region == COUNTRY:
        return ()
    return tuple(code for code in regions.children(region) if regions.get(code).level != "zone")


def shown_region(view: View, indicator: str, region: str) -> str:
    """The region whose children a map of an indicator shows: one step up where its source does not reach
    below the region, so that a city is seen among the cities."""
    parent = map_region(region)
    above = conf.load().regions.ancestors(parent) if parent != COUNTRY else ()
    rows = view.figures(indicator).filter(pl.col("region").is_in(list(map_children(parent))))
    return parent if rows.height or not above else above[0]


def value_map(view: View, indicator: str, region: str, breakdown: str, period: str) -> MapFact:
    """The map of an indicator's values in the children of a region (see `shown_region`)."""
    entry, parent = view.entry(indicator), shown_region(view, indicator, region)
    codes = map_children(parent)
    rows = {row["region"]: row for row in _rows(view, indicator, codes, breakdown, period)}
    values = [row["value"] for row in rows.values() if row["value"] is not None]
    unit, decimals = measured_in(entry, breakdown, list(rows.values()))
    signed = conf.load().units[unit].kind in _SIGNED and bool(values) and min(values) < 0 < max(values)
    limits = classes.diverging(values, 0.0) if signed else classes.sequential(values)
    lights = _lights(view, codes, indicator, breakdown)
    shapes = shapes_of(view, _geojson(parent))
    points = {code: shapes[code].point for code in codes if code in shapes}
    areas = tuple(_area(code, points.get(code), rows.get(code), limits, lights.get(code)) for code in codes)
    held = classes.counts(values, limits) if limits else []
    return MapFact(
        kind="diverging" if signed else "sequential",
        indicator=indicator,
        name=bilingual(entry, "name"),
        breakdown=breakdown,
        breakdown_name=breakdown_name(breakdown),
        unit=unit,
        decimals=decimals,
        freq=entry["freq"],
        period=period,
        region=parent,
        region_name=region_name(parent),
        level=_level(parent),
        selected=region,
        geojson=_geojson(parent),
        bounds=bounds(shapes, codes),
        places=places(shapes, codes),
        midpoint=0.0 if signed else None,
        classes=tuple(MapClass(limits[n], limits[n + 1], count) for n, count in enumerate(held)),
        lights=(),
        areas=areas,
        status=worst_status((row["status"] for row in rows.values()), entry["status"]),
        source=source_of(view, entry, list(rows.values())),
        published_at=max((row["published_at"] for row in rows.values()), default=None),
        reason=_reason(view, indicator, parent, codes, points, bool(values)),
    )


def light_map(view: View, region: str, current: pl.DataFrame) -> MapFact:
    """The worst light in force in each child of a region, over the given current states."""
    parent = map_region(region)
    codes = map_children(parent)
    by_region: dict[str, list[Row]] = {}
    for row in current.iter_rows(named=True):
        by_region.setdefault(row["region"], []).append(row)
    areas = []
    shapes = shapes_of(view, _geojson(parent))
    points = {code: shapes[code].point for code in codes if code in shapes}
    for code in codes:
        rows = by_region.get(code, [])
        areas.append(
            MapArea(
                region=code,
                name=region_name(code),
                point=points.get(code),
                value=None,
                class_index=None,
                light=worst_light(light_of(row) for row in rows),
                status=worst_status((row["status"] for row in rows), "real"),
                is_leaf=conf.load().regions.is_leaf(code),
                trace="",
            )
        )
    shown = [area.light for area in areas if area.light]
    rows = [row for code in codes for row in by_region.get(code, [])]
    ends = [row["period"] for row in sorted(rows, key=lambda row: row["period_end"])]
    return MapFact(
        kind="light",
        indicator="",
        name=texts.both("map.lights"),
        breakdown="",
        breakdown_name=breakdown_name(""),
        unit="",
        decimals=0,
        freq="",
        period=ends[-1] if ends else "",
        region=parent,
        region_name=region_name(parent),
        level=_level(parent),
        selected=region,
        geojson=_geojson(parent),
        bounds=bounds(shapes, codes),
        places=places(shapes, codes),
        midpoint=None,
        classes=(),
        lights=tuple(_light_counts(shown)),
        areas=tuple(areas),
        status=worst_status((row["status"] for row in rows), "real"),
        source=texts.both("map.lights_source"),
        published_at=view.release.as_of,
        reason=_missing_map(parent, points) or (None if shown else "no_rows"),
    )


def ranking(view: View, indicator: str, region: str, breakdown: str, period: str) -> Ranking:
    """Children of a region by value, highest first, equal values sharing a rank; with the change of rank
    since the same period a year ago, or else since the last period before."""
    entry, parent = view.entry(indicator), shown_region(view, indicator, region)
    codes = map_children(parent)
    ranked = _ranked(_rows(view, indicator, codes, breakdown, period))
    unit, decimals = measured_in(entry, breakdown, [row for _, row in ranked])
    prior = _prior_period(view, indicator, codes, breakdown, period)
    before = {row["region"]: rank for rank, row in _ranked(_rows(view, indicator, codes, breakdown, prior))}
    lights = _lights(view, codes, indicator, breakdown)
    return Ranking(
        indicator=indicator,
        name=bilingual(entry, "name"),
        breakdown_name=breakdown_name(breakdown),
        unit=unit,
        decimals=decimals,
        freq=entry["freq"],
        period=period,
        prior_period=prior or None,
        region=parent,
        region_name=region_name(parent),
        rows=tuple(
            RankRow(
                rank=rank,
                region=row["region"],
                region_name=region_name(row["region"]),
                value=row["value"],
                rank_change=before[row["region"]] - rank if row["region"] in before else None,
                light=lights.get(row["region"]),
                status=row["status"],
                trace=row_trace(row),
            )
            for rank, row in ranked
        ),
        selected=region,
        status=worst_status((row["status"] for _, row in ranked), entry["status"]),
        source=source_of(view, entry, [row for _, row in ranked]),
        published_at=max((row["published_at"] for _, row in ranked), default=None),
    )


def _rows(view: View, indicator: str, codes: Iterable[str], breakdown: str, period: str) -> list[Row]:
    rows = view.figures(indicator).filter(
        (pl.col("breakdown") == breakdown)
        & (pl.col("period") == period)
        & pl.col("region").is_in(list(codes))
    )
    return rows.to_dicts()


def _ranked(rows: list[Row]) -> list[tuple[int, Row]]:
    held = sorted(
        (row for row in rows if row["value"] is not None), key=lambda row: (-row["value"], row["region"])
    )
    values = [row["value"] for row in held]
    return [(values.index(row["value"]) + 1, row) for row in held]


def _prior_period(view: View, indicator: str, codes: Iterable[str], breakdown: str, period: str) -> str:
    rows = view.figures(indicator).filter(
        (pl.col("breakdown") == breakdown)
        & (pl.col("freq") == periods.freq_of(period))
        & (pl.col("period") < period)
        & pl.col("region").is_in(list(codes))
    )
    earlier: set[str] = set(rows["period"].to_list())
    year_ago = periods.year_ago(period)
    return year_ago if year_ago in earlier else max(earlier, default="")


def _area(
    code: str,
    point: tuple[float, float] | None,
    row: Row | None,
    limits: tuple[float, ...],
    light: Light | None,
) -> MapArea:
    value = row["value"] if row else None
    return MapArea(
        region=code,
        name=region_name(code),
        point=point,
        value=value,
        class_index=None if value is None else classes.class_of(value, limits),
        light=light,
        status=row["status"] if row else "real",
        is_leaf=conf.load().regions.is_leaf(code),
        trace=row_trace(row) if row else "",
    )


def _lights(view: View, codes: Iterable[str], indicator: str, breakdown: str) -> dict[str, Light]:
    rows = view.read("warning").filter(
        (pl.col("indicator") == indicator)
        & (pl.col("breakdown") == breakdown)
        & pl.col("is_current")
        & pl.col("region").is_in(list(codes))
    )
    found: dict[str, Light] = {}
    for row in rows.iter_rows(named=True):
        worst = worst_light([light_of(row), *([found[row["region"]]] if row["region"] in found else [])])
        if worst:
            found[row["region"]] = worst
    return found


def _light_counts(lights: list[Light]) -> Iterable[tuple[Light, int]]:
    for light in sorted(
        set(lights), key=lambda light: (LIGHTS.index(light.light), light.level or "", light.scheme)
    ):
        yield light, lights.count(light)


def _reason(
    view: View, indicator: str, parent: str, codes: Iterable[str], points: dict[str, Point], has_values: bool
) -> str | None:
    if has_values or parent == COUNTRY:
        return _missing_map(parent, points)
    rows = view.figures(indicator).filter(pl.col("region").is_in(list(codes)))
    return "no_rows" if rows.height else "province_only"


def _missing_map(parent: str, points: dict[str, Point]) -> str | None:
    if parent == COUNTRY:
        return "country"
    return None if points else "no_boundaries"


def _level(region: str) -> str:
    return "city" if conf.load().regions.get(region).level == "province" else "county"


def _geojson(region: str) -> str:
    regions = conf.load().regions
    if region == COUNTRY:
        return ""
    province = region if regions.get(region).level == "province" else regions.ancestors(region)[-1]
    return f"{province}_{_level(region)}.geojson"
