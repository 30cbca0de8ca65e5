"""What a method is given, what it gives back, and the register of all methods."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict

from conf.regions import Regions
from models.checks import LackingError

# One row a figure that is published under the analysis' own name.
FIGURES = ("region", "breakdown", "period", "value")
# One row a number (or a word) that belongs to the figures and is drawn or told beside them.
DETAILS = ("region", "breakdown", "period", "item", "measure", "value", "text")


class Parameters(BaseModel):
    """Parameters of a method, as indicators.yaml gives them; a method without any takes this."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True)
class Surroundings:
    """What a method may know beside its inputs: places, which of them are neighbours, and the calendar.

    `neighbours` maps a region to those that it shares a border with, `festivals` are the first days of Spring
    Festivals 春节, in order.
    """

    regions: Regions
    neighbours: Mapping[str, frozenset[str]]
    festivals: Sequence[date]
    as_of: date


@dataclass(frozen=True)
class Given:
    """Inputs of a method, by role.

    Each frame has one row a figure and publication, in order of region, item and period:
    item (`indicator` or `indicator|breakdown`, without the theme), indicator, region, breakdown, period,
    period_end, value, unit, published_at. Values under suspicion are not among them.
    """

    vintages: Mapping[str, pd.DataFrame]
    parameters: Any
    around: Surroundings

    def rows(self, role: str, known_on: date | None = None) -> pd.DataFrame:
        """Of each figure the newest publication, or the newest there was on a day; ValueError when none is there.

        A figure whose newest value is no finite number is not known.
        """
        found = self.vintages[role]
        if known_on is not None:
            found = found[found["published_at"] <= known_on]
        found = found.drop_duplicates(["region", "item", "period"], keep="last")
        found = found[np.isfinite(found["value"].astype(float))]
        if found.empty:
            raise LackingError("no_input", f"no figures for {role}", role=role)
        return found

    def by_region(self, role: str) -> Iterator[tuple[str, pd.DataFrame]]:
        """The rows of a role region by region."""
        for region, rows in self.rows(role).groupby("region", sort=True):
            yield str(region), rows


def wide(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of one region as a table of periods (PeriodIndex without holes) by items, NaN where nothing is known.

    For periods that pandas knows: years, quarters, months, days. ValueError when there is no row.
    """
    if rows.empty:
        raise LackingError("nothing_known", "there are no figures")
    table = rows.pivot(index="period", columns="item", values="value").sort_index()
    table.index = pd.PeriodIndex(table.index.str.replace("-Q", "Q"), freq=_frequency(table.index[0]))
    return table.reindex(pd.period_range(table.index.min(), table.index.max(), name="period"))


def _frequency(label: str) -> str:
    return {4: "Y", 7: "Q" if "Q" in label else "M", 10: "D"}[len(label)]


def label(period: pd.Period) -> str:
    """Our label of a pandas period."""
    return str(period).replace("Q", "-Q")


@dataclass
class Found:
    """What a method found; rows are added one by one or many at once."""

    figures: list[pd.DataFrame] = field(default_factory=list)
    details: list[pd.DataFrame] = field(default_factory=list)
    notes: list[tuple[Any, ...]] = field(default_factory=list)

    def add(self, region: str, values: pd.Series, breakdown: str = "") -> None:
        """Figures of one region and breakdown: values by period; those not known are left out."""
        self.figures.append(_rows(values, FIGURES, region=region, breakdown=breakdown))

    def detail(
        self, region: str, measure: str, values: pd.Series, *, item: str = "", breakdown: str = ""
    ) -> None:
        """Numbers of one measure by period."""
        labels = {"region": region, "breakdown": breakdown, "item": item, "measure": measure, "text": ""}
        self.details.append(_rows(values, DETAILS, **labels))

    def note(
        self, region: str, period: str, measure: str, *, value: float | None = None, text: str = "",
        item: str = "", breakdown: str = "",
    ) -> None:  # fmt: skip
        """One number or word: `text` is a code that conf/texts words, never a sentence."""
        # A frame each would take longer than what is noted took to find.
        self.notes.append((region, breakdown, period, item, measure, value, text))

    def join(self, other: Found) -> None:
        """Take in all that another found."""
        self.figures += other.figures
        self.details += other.details
        self.notes += other.notes

    def frames(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """All figures (columns FIGURES) and details (columns DETAILS)."""
        noted = pd.DataFrame(self.notes, columns=list(DETAILS)).astype({"value": float})
        return _joined(self.figures, FIGURES), _joined([*self.details, noted], DETAILS)


def _rows(values: pd.Series, columns: Sequence[str], **labels: str) -> pd.DataFrame:
    """One row a known value, with its period and the labels."""
    known = values[values.notna()]
    made = {"period": _labels(known.index), "value": known.to_numpy(dtype=float), **labels}
    return pd.DataFrame({name: made[name] for name in columns}, index=range(len(known)))


def _labels(index: pd.Index) -> list[str]:
    return [label(p) if isinstance(p, pd.Period) else str(p) for p in index]


def _joined(frames: list[pd.DataFrame], columns: tuple[str, ...]) -> pd.DataFrame:
    whole = [frame[list(columns)] for frame in frames if len(frame)]
    return pd.concat(whole, ignore_index=True) if whole else pd.DataFrame(columns=list(columns))


@dataclass(frozen=True)
class Method:
    """A method of the register.

    `roles` are those it must be given. `two_sided` says that a figure also depends on what was published
    later than its period; `estimates` that its figures are estimates even of what is known for certain.
    """

    name: str
    version: str
    roles: frozenset[str]
    parameters: type[Parameters]
    two_sided: bool
    estimates: bool
    work: Callable[[Given], Found]


_METHODS: dict[str, Method] = {}
_Work = TypeVar("_Work", bound=Callable[[Given], Found])


def method(
    name: str, version: str, *roles: str, parameters: type[Parameters] = Parameters,
    two_sided: bool = False, estimates: bool = False,
) -> Callable[[_Work], _Work]:  # fmt: skip
    """Function decorator that enters a method; ValueError when the name is taken."""

    def enter(work: _Work) -> _Work:
        if name in _METHODS:
            raise ValueError(f"method {name!r} is registered twice")
        _METHODS[name] = Method(name, version, frozenset(roles), parameters, two_sided, estimates, work)
        return work

    return enter


def methods() -> Mapping[str, Method]:
    """All methods by name."""
    return _METHODS
