import csv
from collections import Counter
from datetime import date

import pytest

import conf
from conf.regions import Region, Regions, problems

C = conf.load()
REGIONS = C.regions
CENSUS_DAY = {2010: date(2010, 11, 1), 2020: date(2020, 11, 1)}


def census_leaves() -> set[tuple[int, str]]:
    with (C.root / "reference" / "census_age_sex.csv").open(encoding="utf-8", newline="") as stream:
        return {(int(row["census_year"]), row["region"]) for row in csv.DictReader(stream)}


@pytest.mark.parametrize(
    ("province", "cities", "counties", "zones"), [("440000", 21, 122, 0), ("370000", 16, 136, 17)]
)
def test_number_of_regions_in_force_today(province: str, cities: int, counties: int, zones: int) -> None:
    below = [code for city in REGIONS.children(province) for code in REGIONS.children(city)]
    levels = Counter(REGIONS.get(code).level for code in below)
    assert (len(REGIONS.children(province)), levels["county"], levels["zone"]) == (cities, counties, zones)


def test_thirty_one_provinces() -> None:
    assert len(REGIONS.children("100000")) == 31


def test_every_census_region_is_in_force_on_its_census_day_and_has_no_parts() -> None:
    for year, code in census_leaves():
        assert REGIONS.has(code, CENSUS_DAY[year]), (year, code)
        assert REGIONS.is_leaf(code), (year, code)


def test_every_leaf_in_force_on_a_census_day_was_counted() -> None:
    counted = census_leaves()
    for year, day in CENSUS_DAY.items():
        listed = {
            region.code
            for region in REGIONS.rows()
            if region.holds(day)
            and region.level in ("city", "county", "zone")
            and REGIONS.is_leaf(region.code)
        }
        assert listed == {code for counted_in, code in counted if counted_in == year}


def test_laiwu_went_to_jinan_in_2019() -> None:
    assert REGIONS.has("371200", date(2018, 12, 31))
    assert not REGIONS.has("371200", date(2019, 12, 31))
    assert REGIONS.has("371200")
    assert REGIONS.get("371200").successor == ("370100",)
    assert [REGIONS.get(code).successor for code in ("371202", "371203")] == [("370116",), ("370117",)]
    assert len(REGIONS.children("370000", date(2018, 12, 31))) == 17
    assert "370116" in REGIONS.children("370100")
    assert not REGIONS.has("370116", date(2018, 12, 31))


@pytest.mark.parametrize("code", ["441900", "442000"])
def test_cities_without_counties_are_leaves(code: str) -> None:
    assert REGIONS.is_leaf(code)
    assert REGIONS.ancestors(code) == ("440000",)


def test_a_code_passes_to_its_successors_on_the_day_it_ends() -> None:
    for region in REGIONS.rows():
        for successor in region.successor:
            assert region.valid_to is not None
            assert REGIONS.has(successor, region.valid_to), region.code


def test_ancestors_run_from_the_city_to_the_province() -> None:
    assert REGIONS.ancestors("440106") == ("440100", "440000")
    assert REGIONS.ancestors("440000") == ()
    assert not REGIONS.is_leaf("440100")


def test_names_in_both_languages() -> None:
    assert (REGIONS.name("370114", "zh"), REGIONS.name("370114", "en")) == ("章丘区", "Zhangqiu")


def test_official_order_starts_with_the_country_and_ends_with_the_unknown_place() -> None:
    codes = [region.code for region in REGIONS.rows()]
    assert (codes[0], codes[-1]) == ("100000", "000000")
    assert codes[1:-1] == sorted(codes[1:-1])


def test_an_unknown_code_is_named() -> None:
    assert not REGIONS.has("999999")
    with pytest.raises(KeyError, match="999999"):
        REGIONS.get("999999")


def region(code: str, level: str, parent: str | None, position: int, **other: object) -> Region:
    fields = {"valid_from": None, "valid_to": None, "successor": (), **other}
    return Region.model_validate(
        {"code": code, "name_zh": "某", "name_en": "Mou", "level": level, "parent": parent}
        | {"position": position}
        | fields
    )


def test_faults_between_rows_are_named() -> None:
    rows = [
        region("100000", "country", None, 1),
        region("440000", "province", "100000", 2),
        region("440106", "county", "440000", 2),
        region("440106", "county", "440100", 3, successor=("449999",)),
    ]
    assert {key for key, _ in problems(rows)} == {
        "440106.position",
        "440106.parent",
        "440106.code",
        "440106.successor",
        "440106.valid_to",
    }
    assert problems(REGIONS.rows()) == []


def test_validity_ends_before_valid_to() -> None:
    one = region("440100", "city", "440000", 1, valid_from=date(2011, 1, 1), valid_to=date(2012, 1, 1))
    days = [date(2010, 12, 31), date(2011, 1, 1), date(2011, 12, 31), date(2012, 1, 1)]
    assert [one.holds(day) for day in days] == [False, True, True, False]
    assert [Regions([one]).has("440100", day) for day in days] == [False, True, True, False]


def test_every_census_region_is_in_exactly_one_comparable_unit() -> None:
    pairs = Counter((group.census_year, group.region) for group in C.region_groups)
    assert set(pairs) == census_leaves()
    assert set(pairs.values()) == {1}


def test_every_comparable_unit_occurs_in_both_censuses_within_one_province() -> None:
    units: dict[str, set[tuple[int, str]]] = {}
    for group in C.region_groups:
        units.setdefault(group.unit, set()).add((group.census_year, group.region[:2]))
    for unit, found in units.items():
        assert {year for year, _ in found} == {2010, 2020}, unit
        assert len({province for _, province in found}) == 1, unit


def test_comparable_units_follow_the_successors() -> None:
    unit_of = {(group.census_year, group.region): group.unit for group in C.region_groups}
    for (year, code), unit in unit_of.items():
        if year == 2010:
            for after in REGIONS.get(code).successor or (code,):
                assert unit_of[2020, after] == unit, (code, after)


def test_new_districts_of_shenzhen_are_with_the_districts_they_came_from() -> None:
    unit_of = {(group.census_year, group.region): group.unit for group in C.region_groups}
    assert unit_of[2010, "440306"] == unit_of[2020, "440309"] == unit_of[2020, "440311"]
    assert unit_of[2010, "440307"] == unit_of[2020, "440310"]
