"""What a map needs to know of its boundaries: where labels go, and how far the areas reach."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import hypot
from typing import Any

from cockpit import texts
from cockpit.facts_read import View

#: Longitude and latitude; west, south, east and north ends.
Point = tuple[float, float]
Box = tuple[float, float, float, float]

#: Degrees from an area's label beyond which a part of it, an island, is named by itself.
_FAR = 1.5


@dataclass(frozen=True)
class Shape:
    """Where an area's label goes, and the box of each of its parts."""

    point: Point
    parts: tuple[Box, ...]


def shapes_of(view: View, name: str) -> dict[str, Shape]:
    """The areas of a boundary file; empty when the file has not been made."""

    def load() -> dict[str, Shape]:
        path = view.release.root / "geo" / name
        if not name or not path.is_file():
            return {}
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        return {item["id"]: _shape(item) for item in features}

    return view.release.cached(("shapes", name), load)


def _shape(feature: dict[str, Any]) -> Shape:
    geometry, words = feature["geometry"], feature["properties"]
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return Shape((words["lon"], words["lat"]), tuple(_box(polygon[0]) for polygon in polygons))


def _box(ring: Sequence[Sequence[float]]) -> Box:
    xs, ys = [point[0] for point in ring], [point[1] for point in ring]
    return min(xs), min(ys), max(xs), max(ys)


def bounds(shapes: Mapping[str, Shape], codes: Iterable[str]) -> Box:
    """The box around areas; of no size where there are none."""
    boxes = [box for code in codes if code in shapes for box in shapes[code].parts]
    if not boxes:
        return 0.0, 0.0, 0.0, 0.0
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


def places(shapes: Mapping[str, Shape], codes: Iterable[str]) -> tuple[tuple[str, Point], ...]:
    """Below each area's outlying islands that the texts have a name for: the area's code and a point."""
    found = []
    for code in codes:
        city = f"{code[:4]}00"
        if code not in shapes or not texts.has(f"map.place.{city}"):
            continue
        x, y = shapes[code].point
        far = [
            box
            for box in shapes[code].parts
            if hypot((box[0] + box[2]) / 2 - x, (box[1] + box[3]) / 2 - y) > _FAR
        ]
        if far:
            last = min(far, key=lambda box: box[1])
            found.append((city, ((last[0] + last[2]) / 2, last[1])))
    return tuple(found)
