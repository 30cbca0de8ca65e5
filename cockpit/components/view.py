"""What a page is made with: a release, a reader's scope and address, words and formats of a language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

import conf
from cockpit import facts, figures, formats, texts
from cockpit.access.reader import Reader, Refusal, refusal
from cockpit.address import Address
from cockpit.facts_types import Change, Figure, Light, Text, ThemeNav
from cockpit.gold import Lake, Release, Scope
from cockpit.store import Store


@dataclass(frozen=True)
class View:
    """One reader's look at one release. Everything a component shows passes through here."""

    lake: Lake
    store: Store
    release: Release
    reader: Reader
    address: Address

    @property
    def scope(self) -> Scope:
        """What of the data the reader may see."""
        return self.reader.scope

    @property
    def lang(self) -> str:
        """`zh` or `en`."""
        return self.address.lang

    @property
    def dress(self) -> str:
        """`office` or `wall`."""
        return self.address.dress

    @property
    def region(self) -> str:
        """The region of the address, or the reader's home region."""
        return self.address.region or self.reader.home

    # -- words and formats -----------------------------------------------------------------------

    def t(self, key: str, **values: object) -> str:
        """A text of the cockpit in the reader's language."""
        return texts.get(key, self.lang, **values)

    def say(self, text: Text) -> str:
        """A text of the data in the reader's language."""
        return text.get(self.lang)

    def amount(self, value: float | None, unit: str, decimals: int) -> tuple[str, str]:
        """A value as digits and unit."""
        return formats.parts(value, unit, self.lang, decimals)

    def amount_text(self, value: float | None, unit: str, decimals: int) -> str:
        """A value with its unit in one text."""
        return formats.number(value, unit, self.lang, decimals)

    def column(self, values: list[float | None], unit: str, decimals: int) -> tuple[list[str], str]:
        """Values of one column as digits at one scale, a missing one empty, and the unit they are in; no
        unit for lights."""
        if not unit:
            return [""] * len(values), ""
        digits, name = formats.column(
            [value for value in values if value is not None], unit, self.lang, decimals
        )
        left = iter(digits)
        return ["" if value is None else next(left) for value in values], name

    def change(self, fact: Change) -> str:
        """A change with its kind and arrow."""
        return formats.change(fact, self.lang)

    def share(self, value: float | None) -> str:
        """A share of one as percent."""
        return formats.percent(value, self.lang)

    def elapsed(self, value: float | None) -> str:
        """Time elapsed 序时进度 as percent; a target past its due date stands at 100."""
        return self.share(None if value is None else min(value, 1.0))

    def percent(self, value: float | None) -> str:
        """A number that already is in percent."""
        return formats.number(value, "percent", self.lang, 1)

    def score(self, value: float | None) -> str:
        """A score from 0 to 100."""
        return formats.plain(value, 1, self.lang)

    def unit(self, code: str) -> str:
        """A unit's name."""
        return formats.unit_name(code, self.lang)

    def period(self, label: str | None) -> str:
        """A period in words."""
        return formats.period(label, self.lang)

    def day(self, value: date | None) -> str:
        """A date."""
        return formats.day(value, self.lang)

    def moment(self, value: datetime) -> str:
        """A moment, to the minute."""
        return formats.moment(value, self.lang)

    def logged(self, value: str | None) -> str:
        """A moment as the ledger writes it."""
        return self.moment(datetime.fromisoformat(value)) if value else self.t("format.missing")

    def places(self, change: int | None) -> str:
        """A change of rank."""
        return formats.places(change, self.lang)

    def light(self, fact: Light) -> str:
        """A light in words."""
        return formats.light(fact, self.lang)

    def status(self, code: str) -> str:
        """A status in words."""
        return formats.status(code, self.lang)

    def sparkline(self, fact: Figure) -> str:
        """A figure's sparkline as SVG text."""
        return figures.sparkline_svg(fact.spark, self.dress)

    # -- where the reader is ---------------------------------------------------------------------

    def region_name(self, code: str) -> str:
        """Name of a region."""
        return conf.load().regions.name(code, "zh" if self.lang == "zh" else "en")

    def refusal(self, page: str) -> Refusal | None:
        """Why the reader may not see this address of a page, or None."""
        return refusal(self.reader, self.address, page)

    @cached_property
    def ancestry(self) -> tuple[str, ...]:
        """Codes from the uppermost in the reader's scope down to the region itself."""
        way = (*reversed(conf.load().regions.ancestors(self.region)), self.region)
        return tuple(code for code in way if self.scope.covers(code))

    @cached_property
    def themes(self) -> tuple[ThemeNav, ...]:
        """Themes of the release's catalogue, in its order."""
        return facts.navigation(self.release, self.scope, self.region)

    @property
    def is_superseded(self) -> bool:
        """Whether there is a newer release than the one shown."""
        return self.lake.releases()[0].release_id != self.release.release_id


def open_view(lake: Lake, store: Store, reader: Reader, address: Address) -> View:
    """A view of the address's release, or of the newest.

    Raises NoReleaseError when there is no such release.
    """
    return View(lake, store, lake.release(address.release or None), reader, address)
