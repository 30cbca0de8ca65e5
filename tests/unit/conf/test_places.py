"""Festivals and neighbours: what stands in conf, and what is told when a row is wrong."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

import conf
from conf.files import Reader
from conf.places import festivals, neighbours

PAIRS = "region,neighbour,reason\n"


def test_festivals_are_new_moons_of_winter_one_a_year() -> None:
    days = conf.load().festivals

    assert [day.year for day in days] == list(range(1990, 2051))
    assert all(date(day.year, 1, 21) <= day <= date(day.year, 2, 21) for day in days)
    # twelve or thirteen months of the moon lie between two of them
    gaps = {(b - a).days for a, b in pairwise(days)}
    assert gaps <= {353, 354, 355, 383, 384, 385}
    assert date(2025, 1, 29) in days


def test_every_city_and_county_of_the_provinces_has_a_neighbour_and_it_goes_both_ways() -> None:
    loaded = conf.load()
    around = loaded.neighbours
    for region in loaded.regions.rows():
        # maps, and so borders, leave out development zones and what is no longer in force
        if region.level in ("city", "county") and region.valid_to is None:
            assert around[region.code], region
    assert all(code in around[other] for code, others in around.items() for other in others)
    assert all(code not in others for code, others in around.items())


def test_cities_and_counties_are_neighbours_of_their_kind() -> None:
    loaded = conf.load()
    for code, others in loaded.neighbours.items():
        for other in others:
            levels = {loaded.regions.get(c).level for c in (code, other)}
            # a city without counties stands among counties as itself
            assert levels in ({"city"}, {"county"}) or any(
                loaded.regions.is_leaf(c) and loaded.regions.get(c).level == "city" for c in (code, other)
            )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (PAIRS + "440100,999999,border\n", "unknown region '999999'"),
        (PAIRS + "440100,440100,border\n", "must be two regions"),
        (PAIRS + "440100,440600,border\n440600,440100,border\n", "stand once"),
        (PAIRS + "440100,440600,river\n", "440100.440600.reason"),
        ("region,neighbour\n440100,440600\n", "header"),
    ],
)
def test_a_wrong_pair_is_told(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference/neighbours.csv").write_text(text, encoding="utf-8")
    reader = Reader(tmp_path)
    neighbours(reader, conf.load().regions)

    assert any(told in problem for problem in reader.problems), reader.problems


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- 2024-02-10\n- 2026-02-17\n", "2026-02-17"),
        ("- spring\n", "list of dates"),
        ("2024-02-10\n", "list of dates"),
    ],
)
def test_a_wrong_festival_is_told(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "festivals.yaml").write_text(text, encoding="utf-8")
    reader = Reader(tmp_path)
    festivals(reader)

    assert any(told in problem for problem in reader.problems), reader.problems
