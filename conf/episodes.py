"""Known episodes 已知事件 of the past, named where an analysis turns, breaks or lights up in them."""

from typing import Self

from pydantic import Field, model_validator

from conf import periods
from conf.files import Reader
from conf.schema import Frozen, Text

FILE = "episodes.yaml"
_MONTH = r"^\d{4}-\d{2}$"


class Episode(Frozen):
    """From the first month to the last; `touched` says what it is known to have touched, without figures."""

    episode: str
    name: Text
    first: str = Field(alias="from", pattern=_MONTH)
    last: str = Field(alias="to", pattern=_MONTH)
    themes: tuple[str, ...]
    touched: Text
    source: Text
    verified: bool

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise ValueError("from must not lie after to")
        return self

    def meets(self, period: str) -> bool:
        """Whether any day of a period lies in the episode."""
        return periods.start(period) <= periods.end(self.last) and periods.end(period) >= periods.start(
            self.first
        )


def read(reader: Reader) -> tuple[Episode, ...]:
    """All episodes in the order in which they began; faults are noted."""
    found = reader.list(FILE, "episode", Episode)
    return tuple(sorted(found, key=lambda one: (one.first, one.last)))
