from __future__ import annotations

import json
from pathlib import Path

import pytest
import shapely

import conf
from jobs import boundaries
from jobs.lake.paths import Lake


@pytest.fixture(scope="module")
def geo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("lake")
    assert boundaries.run(["--lake", str(root)]) == 0
    return Lake(root).geo


def _shapes(path: Path) -> dict[str, shapely.Geometry]:
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return {item["id"]: shapely.from_geojson(json.dumps(item["geometry"])) for item in features}


def test_every_city_and_county_in_force_has_a_border(geo: Path) -> None:
    regions = conf.load().regions
    for province in conf.load().settings.provinces:
        assert list(_shapes(geo / f"{province}_city.geojson")) == list(regions.children(province))
        counties = _shapes(geo / f"{province}_county.geojson")
        for city in regions.children(province):
            parts = [code for code in regions.children(city) if regions.get(code).level == "county"]
            assert set(parts or [city]) <= counties.keys()


def test_files_are_small_and_outer_rings_run_clockwise(geo: Path) -> None:
    for path in geo.glob("*.geojson"):
        assert path.stat().st_size <= 300 * 1024
        for shape in _shapes(path).values():
            assert shape.is_valid
            assert not any(part.exterior.is_ccw for part in shapely.get_parts(shape))


def test_the_dongsha_islands_belong_to_shanwei(geo: Path) -> None:
    shanwei = _shapes(geo / "440000_city.geojson")["441500"]
    atoll = shapely.box(116.6, 20.5, 117.0, 20.8)
    assert any(atoll.contains(part) for part in shapely.get_parts(shanwei))


def test_label_points_lie_inside_their_place(geo: Path) -> None:
    path = geo / "370000_city.geojson"
    shapes = _shapes(path)
    for item in json.loads(path.read_text(encoding="utf-8"))["features"]:
        point = shapely.Point(item["properties"]["lon"], item["properties"]["lat"])
        assert shapes[item["id"]].contains(point)


def test_places_that_conf_does_not_know_are_refused() -> None:
    places = boundaries.cities("440000") | {"999999": shapely.box(0, 0, 1, 1)}
    with pytest.raises(boundaries.BoundaryError, match="999999"):
        boundaries.collection(places, "440000", "city")
