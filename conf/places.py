"""What methods know beside figures: first days of Spring Festivals 春节, and which regions are neighbours."""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Literal

from conf.files import Reader
from conf.regions import Regions
from conf.schema import Frozen

FESTIVALS = "festivals.yaml"
NEIGHBOURS = "reference/neighbours.csv"
_COLUMNS = ("region", "neighbour", "reason")


class Pair(Frozen):
    """Two regions that share a border, or that a bridge joins where one is an island."""

    region: str
    neighbour: str
    reason: Literal["border", "bridge"]


def festivals(reader: Reader) -> tuple[date, ...]:
    """First days in order, one a year without a gap; faults are noted."""
    data = reader.yaml(FESTIVALS)
    if not isinstance(data, list) or not all(type(day) is date for day in data) or not data:
        reader.note(FESTIVALS, "-", "must be a list of dates")
        return ()
    for before, after in pairwise(data):
        if after.year != before.year + 1:
            reader.note(FESTIVALS, str(after), f"must be in the year after {before}")
    return tuple(data)


def neighbours(reader: Reader, regions: Regions) -> Mapping[str, frozenset[str]]:
    """Neighbours of every region that has one, both ways; faults are noted."""
    found: dict[str, set[str]] = {}
    for row in reader.csv(NEIGHBOURS, _COLUMNS):
        key = f"{row['region']}.{row['neighbour']}"
        if (pair := reader.model(NEIGHBOURS, key, Pair, row)) is None:
            continue
        for code in (pair.region, pair.neighbour):
            if not regions.has(code):
                reader.note(NEIGHBOURS, key, f"unknown region {code!r}")
        if pair.region == pair.neighbour or pair.neighbour in found.get(pair.region, ()):
            reader.note(NEIGHBOURS, key, "must be two regions, and stand once")
        found.setdefault(pair.region, set()).add(pair.neighbour)
        found.setdefault(pair.neighbour, set()).add(pair.region)
    return {code: frozenset(others) for code, others in found.items()}
