"""A map of a region's children: values in classes, or the lights in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import conf
from cockpit import formats, texts, tokens
from cockpit.facts_types import Light, MapArea, MapFact
from cockpit.figures.base import FigureDict, Heading, heading, layout, measure
from cockpit.figures.labels import Box, Frame, Label, Placed, aspect, padded, place

_LIGHTS = ("red", "orange", "yellow", "blue", "green")
#: Share of the accent in the lightest class: enough to part it from the card.
_LIGHTEST = 0.14
#: Widths in px at which labels are kept apart, by dress: of a map on a narrow screen, where the labels that find
#: no room are left out, and on a wide one, which shows some more (charts.css hides those on narrow screens).
LABEL_WIDTHS = {"office": (400.0, 600.0), "wall": (480.0, 490.0)}
#: The same of a map of lights, which the home page shows smaller.
LABEL_WIDTHS_LIGHTS = {"office": (280.0, 430.0), "wall": (480.0, 660.0)}
#: Heights in px that a map has on a narrow screen and on a wide one: a tall map is narrower than its place.
_LABEL_HEIGHTS = {"office": (260.0, 400.0), "wall": (440.0, 440.0)}
#: Offsets in px of a label's halo: a ring, so that letters keep sharp edges.
_RING = tuple((x, y) for x in (-1.2, 0, 1.2) for y in (-1.2, 0, 1.2) if (x, y) != (0, 0))
#: Share of the longer side left free around a map.
_PAD = 0.02


@dataclass(frozen=True)
class LegendRow:
    """One row of a legend: its colour, whether it is hatched (missing), its mark, its words and its count."""

    colour: str
    hatched: bool
    shape: str
    label: str
    n: int


def choropleth(fact: MapFact, geojson_url: str, lang: str, dress: str = "office") -> FigureDict:
    """The figure of a map. `geojson_url` is a file of ours; its features carry region codes as `id`. Areas
    without a value are grey and carry a dash; labels are set in order of importance and left out where they
    would overlap."""
    west, south, east, north = _ends(fact)
    shades = _shades(fact, dress)
    shown = [area for area in fact.areas if _index(area, fact) is not None]
    traces = []
    if shown:
        traces.append(
            _areas(shown, [_index(area, fact) or 0 for area in shown], shades, geojson_url, fact, lang, dress)
        )
    if fact.missing:
        traces.append(
            _areas(fact.missing, [0] * len(fact.missing), [_blank(dress)], geojson_url, fact, lang, dress)
        )
    selected = [area for area in fact.areas if area.region == fact.selected]
    if selected:
        traces.append(_outline(selected[0], geojson_url, dress))
    traces += _labels(fact, lang, dress)
    return {
        "data": traces,
        "layout": layout(
            dress,
            fact.status,
            lang,
            margin={"l": 0, "r": 0, "t": 0, "b": 0},
            geo={
                "lonaxis": {"range": [west, east]},
                "lataxis": {"range": [south, north]},
                "visible": False,
                "bgcolor": "rgba(0,0,0,0)",
                "projection": {"type": "mercator"},
            },
        ),
    }


def map_aspect(fact: MapFact) -> float:
    """Width over height of the map, so that its place on the page can have the same shape."""
    return aspect(_ends(fact))


def legend(fact: MapFact, lang: str, dress: str = "office") -> tuple[LegendRow, ...]:
    """The legend's rows: classes from high to low, or lights from red to green, then areas without a
    value."""
    shades = _shades(fact, dress)
    if fact.kind == "light":
        rows = [_light_row(light, n, lang, dress) for light, n in fact.lights if light.light in _LIGHTS]
        missing = texts.get("map.unmonitored", lang)
    else:
        rows, _ = _class_rows(fact, shades, lang)
        missing = texts.get("map.missing", lang)
    return (*rows, LegendRow(_blank(dress), True, "—", missing, len(fact.missing)))


def legend_unit(fact: MapFact, lang: str) -> str:
    """The unit in which the legend's limits stand; empty for lights."""
    return "" if fact.kind == "light" else _limits(fact, lang)[1]


def map_heading(fact: MapFact, lang: str) -> Heading:
    """The words around a map: which place is highest and which lowest, or how many are at red and orange."""
    name = measure(fact.name, fact.breakdown, fact.breakdown_name, lang)
    if fact.kind == "light":
        counts = {
            level: sum(n for light, n in fact.lights if light.light == level) for level in ("red", "orange")
        }
        key = "title_lights" if counts["red"] else "title_orange" if counts["orange"] else "title_calm"
        title = texts.get(f"map.{key}", lang, **counts)
        unit = ""
    else:
        title = _values_title(fact, name, lang)
        unit = legend_unit(fact, lang)
    period = formats.period(fact.period, lang)
    return heading(
        title, name, unit, fact.region_name, period, fact.source, fact.published_at, fact.status, lang
    )


def map_caption(fact: MapFact, lang: str) -> str:
    """The map in words, for screen readers: how many places have a value, and which have none."""
    title = map_heading(fact, lang).title
    n, missing = len(fact.areas) - len(fact.missing), fact.missing
    text = texts.get(
        "map.caption", lang, title=title, period=formats.period(fact.period, lang), n=n, missing=len(missing)
    )
    if not missing:
        return text
    names = texts.get("format.joint", lang).join(area.name.get(lang) for area in missing)
    return text + texts.get("map.caption_missing", lang, names=names)


def map_note(lang: str) -> str:
    """What must stand on every map: whose boundaries they are, and the review number 审图号 or that it lacks
    one."""
    settings = conf.load().settings.map
    source = settings.source.zh if lang == "zh" else settings.source.en
    number = settings.review_number
    review = texts.get("map.review", lang, number=number) if number else texts.get("map.unreviewed", lang)
    return texts.get("map.boundaries", lang, source=source) + texts.get("format.separator", lang) + review


def _index(area: MapArea, fact: MapFact) -> int | None:
    if fact.kind != "light":
        return area.class_index
    return _LIGHTS.index(area.light.light) if area.light and area.light.light in _LIGHTS else None


def _blank(dress: str) -> str:
    """The ground of an area without a value: so pale that the others stand out."""
    colours = tokens.palette(dress)
    return tokens.mix(colours.card, colours.missing, 0.35)


def _shades(fact: MapFact, dress: str) -> list[str]:
    """One colour a class. Diverging classes deepen from the card's colour at the midpoint to both sides."""
    colours = tokens.palette(dress)
    if fact.kind == "light":
        return [colours.light(name) for name in _LIGHTS]
    n = len(fact.classes)
    if fact.kind == "sequential" or fact.midpoint is None:
        return [_shade(colours.page, colours.accent, position, n) for position in range(n)]
    below = sum(1 for item in fact.classes if item.upper <= fact.midpoint)
    widest = max(below, n - below)
    low = [_shade(colours.page, colours.low, below - 1 - position, widest) for position in range(below)]
    return low + [_shade(colours.page, colours.high, position, widest) for position in range(n - below)]


def _shade(start: str, end: str, position: int, n: int) -> str:
    return tokens.mix(start, end, 1.0 if n == 1 else _LIGHTEST + (1 - _LIGHTEST) * position / (n - 1))


def _areas(
    areas: Sequence[MapArea],
    indices: Sequence[int],
    shades: Sequence[str],
    url: str,
    fact: MapFact,
    lang: str,
    dress: str,
) -> dict[str, Any]:
    n = len(shades)
    scale = [
        [edge / n, colour] for position, colour in enumerate(shades) for edge in (position, position + 1)
    ]
    return {
        "type": "choropleth",
        "geojson": url,
        "featureidkey": "id",
        "locationmode": "geojson-id",
        "locations": [area.region for area in areas],
        "z": [index + 0.5 for index in indices],
        "zmin": 0,
        "zmax": n,
        "colorscale": scale,
        "showscale": False,
        "text": [_hover(area, fact, lang) for area in areas],
        "customdata": [area.region for area in areas],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {"line": {"color": tokens.palette(dress).card, "width": 0.8}},
    }


def _outline(area: MapArea, url: str, dress: str) -> dict[str, Any]:
    clear = "rgba(0,0,0,0)"
    return {
        "type": "choropleth",
        "geojson": url,
        "featureidkey": "id",
        "locationmode": "geojson-id",
        "locations": [area.region],
        "z": [0],
        "colorscale": [[0, clear], [1, clear]],
        "showscale": False,
        "hoverinfo": "skip",
        "marker": {"line": {"color": tokens.palette(dress).text, "width": 2.5}},
    }


def _ends(fact: MapFact) -> Box:
    """West, south, east and north ends of the map; a degree square where there are no boundaries."""
    west, _, east, _ = fact.bounds
    return padded(fact.bounds, _PAD) if east > west else (0.0, 0.0, 1.0, 1.0)


def _labels(fact: MapFact, lang: str, dress: str) -> list[dict[str, Any]]:
    """Labels in order of importance: those that fit on a narrow screen, then those that also fit on a wide
    one."""
    size, ends = tokens.size("small", dress), _ends(fact)
    wanted = [
        Label(area.region, _label(area, fact, lang), area.point)
        for area in sorted(fact.areas, key=lambda area: _importance(area, fact))
        if area.point is not None
    ]
    wanted += [Label("", texts.get(f"map.place.{city}", lang), point) for city, point in fact.places]
    widths = LABEL_WIDTHS_LIGHTS if fact.kind == "light" else LABEL_WIDTHS
    narrow, wide = (
        Frame(ends, min(width, height * aspect(ends)))
        for width, height in zip(widths[dress], _LABEL_HEIGHTS[dress], strict=True)
    )
    first = place(wanted, narrow, size)
    done = {item.key for item in first}
    more = place([label for label in wanted if label.key not in done], wide, size, first)
    return [_texts(placed, dress, size) for placed in (first, more)]


def _texts(placed: Sequence[Placed], dress: str, size: int) -> dict[str, Any]:
    """Labels in the text's colour with a halo of the card's, which reads on every ground they may cross."""
    colours = tokens.palette(dress)
    return {
        "type": "scattergeo",
        "mode": "text",
        "lon": [item.point[0] for item in placed],
        "lat": [item.point[1] for item in placed],
        "text": [item.text for item in placed],
        "textfont": {
            "family": tokens.FONT,
            "size": size,
            "color": colours.text,
            "shadow": ",".join(f"{x:g}px {y:g}px 0 {colours.card}" for x, y in _RING),
        },
        "hoverinfo": "skip",
    }


def _importance(area: MapArea, fact: MapFact) -> tuple[int, float]:
    if area.region == fact.selected:
        return (0, 0.0)
    index = _index(area, fact)
    if fact.kind == "light":
        return (1 if index is not None else 2, float(index or 0))
    if area.value is None or not fact.classes:
        return (2, 0.0)
    middle = (fact.classes[0].lower + fact.classes[-1].upper) / 2
    return (1, -abs(area.value - middle))


def _label(area: MapArea, fact: MapFact, lang: str) -> str:
    name = _short(area.name.zh) if lang == "zh" else area.name.en
    if fact.kind == "light":
        mark = tokens.SHAPES[area.light.light] if area.light else tokens.SHAPES["grey"]
        return f"{mark}{name}"
    return name if area.value is not None else f"—{name}"


def _short(name: str) -> str:
    """A Chinese place name without its kind, where two characters or more are left."""
    return name[:-1] if len(name) > 2 and name[-1] in "市县区" else name


def _hover(area: MapArea, fact: MapFact, lang: str) -> str:
    name = area.name.get(lang)
    if fact.kind == "light":
        words = formats.light(area.light, lang) if area.light else texts.get("map.unmonitored", lang)
        return f"{name}<br>{words}"
    missing = texts.get("map.missing", lang)
    value = missing if area.value is None else formats.number(area.value, fact.unit, lang, fact.decimals)
    return f"{name}<br>{value}"


def _limits(fact: MapFact, lang: str) -> tuple[list[str], str]:
    values = [item.lower for item in fact.classes] + [item.upper for item in fact.classes[-1:]]
    return formats.limits(values, fact.unit, lang)


def _class_rows(fact: MapFact, shades: Sequence[str], lang: str) -> tuple[list[LegendRow], str]:
    limits, unit = _limits(fact, lang)
    rows = [
        LegendRow(
            shades[position],
            False,
            "",
            texts.get("map.class", lang, lower=limits[position], upper=limits[position + 1]),
            item.n,
        )
        for position, item in enumerate(fact.classes)
    ]
    return rows[::-1], unit


def _light_row(light: Light, n: int, lang: str, dress: str) -> LegendRow:
    words = f"{formats.light(light, lang)} · {texts.get(f'scheme.{light.scheme}', lang)}"
    return LegendRow(tokens.palette(dress).light(light.light), False, tokens.SHAPES[light.light], words, n)


def _values_title(fact: MapFact, name: str, lang: str) -> str:
    held = [area for area in fact.areas if area.value is not None]
    if not held:
        return texts.get("map.title_none", lang, name=name)
    top = max(held, key=lambda area: area.value or 0.0)
    bottom = min(held, key=lambda area: area.value or 0.0)
    if top.value == bottom.value:
        return texts.get(
            "map.title_even", lang, name=name, value=formats.number(top.value, fact.unit, lang, fact.decimals)
        )
    return texts.get(
        "map.title_values", lang, name=name, top=top.name.get(lang), bottom=bottom.name.get(lang)
    )
