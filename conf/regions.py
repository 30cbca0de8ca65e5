"""Regions 行政区划: codes of GB/T 2260 with their validity, parents and successors.

The list is conf/regions.csv; conf/regions.md tells where it comes from and what its dates mean.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Level = Literal["country", "province", "city", "county", "zone", "unspecified"]
Lang = Literal["zh", "en"]

COUNTRY = "100000"
UNSPECIFIED = "000000"

_PARENT_LEVEL: Mapping[str, str | None] = {
    "country": None,
    "unspecified": None,
    "province": "country",
    "city": "province",
    "county": "city",
    "zone": "city",
}


class Region(BaseModel):
    """One code. It holds from `valid_from` (empty: since before 2010) until the day before `valid_to`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(pattern=r"^\d{6}$")
    name_zh: str = Field(min_length=1)
    name_en: str = Field(min_length=1)
    level: Level
    parent: str | None
    valid_from: date | None
    valid_to: date | None
    successor: tuple[str, ...]
    position: int = Field(ge=1)

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        if self.valid_from and self.valid_to and self.valid_to <= self.valid_from:
            raise ValueError("valid_to must come after valid_from")
        return self

    def holds(self, on: date) -> bool:
        """Whether the code is in force on that day."""
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_to is None or on < self.valid_to
        )


class Regions:
    """All regions, in official order."""

    def __init__(self, rows: Iterable[Region]) -> None:
        self._rows = tuple(sorted(rows, key=lambda region: region.position))
        self._by_code = {region.code: region for region in self._rows}
        self._children: dict[str, list[Region]] = {}
        for region in self._rows:
            if region.parent is not None:
                self._children.setdefault(region.parent, []).append(region)

    def get(self, code: str) -> Region:
        """The region of a code; KeyError naming the code when there is none."""
        try:
            return self._by_code[code]
        except KeyError:
            raise KeyError(f"unknown region {code!r}") from None

    def has(self, code: str, on: date | None = None) -> bool:
        """Whether the code is known and, when a day is given, in force on it."""
        region = self._by_code.get(code)
        return region is not None and (on is None or region.holds(on))

    def ancestors(self, code: str) -> tuple[str, ...]:
        """Parents from the nearest up to the province, without the region itself and the country."""
        found = []
        parent = self.get(code).parent
        while parent is not None and parent != COUNTRY:
            found.append(parent)
            parent = self.get(parent).parent
        return tuple(found)

    def children(self, code: str, on: date | None = None) -> tuple[str, ...]:
        """Codes directly below that are in force on the day, or without a day: now (no `valid_to`)."""
        self.get(code)
        return tuple(
            child.code
            for child in self._children.get(code, ())
            if (child.holds(on) if on is not None else child.valid_to is None)
        )

    def is_leaf(self, code: str) -> bool:
        """Whether nothing lies below: a county, a zone, or a city that never had counties (Dongguan 东莞).

        Cities whose counties this list does not carry do not occur in it.
        """
        region = self.get(code)
        return region.level in ("county", "zone") or (region.level == "city" and code not in self._children)

    def name(self, code: str, lang: Lang) -> str:
        """Name in Chinese or in pinyin."""
        region = self.get(code)
        return region.name_zh if lang == "zh" else region.name_en

    def rows(self) -> tuple[Region, ...]:
        """All regions in official order, also those no longer in force."""
        return self._rows


def problems(rows: Iterable[Region]) -> list[tuple[str, str]]:
    """Faults between rows as (code and column, problem): duplicates, wrong parents, unknown successors."""
    found: list[tuple[str, str]] = []
    listed = list(rows)
    by_code = {region.code: region for region in listed}
    codes: set[str] = set()
    positions: set[int] = set()
    for region in listed:
        if region.code in codes:
            found.append((f"{region.code}.code", "occurs twice"))
        if region.position in positions:
            found.append((f"{region.code}.position", f"{region.position} occurs twice"))
        codes.add(region.code)
        positions.add(region.position)
        above = by_code.get(region.parent) if region.parent is not None else None
        expected = _PARENT_LEVEL[region.level]
        if expected != (above.level if above else None) or (region.parent is not None and above is None):
            found.append((f"{region.code}.parent", f"must be a {expected or 'blank'}, is {region.parent!r}"))
        for successor in region.successor:
            if successor not in by_code:
                found.append((f"{region.code}.successor", f"unknown region {successor!r}"))
        if region.successor and region.valid_to is None:
            found.append((f"{region.code}.valid_to", "must be given where there is a successor"))
    return found
