"""A series as numbers: its periods counted through, so that gaps, years and seasons are arithmetic.

Periods are those of a PeriodIndex (Y, Q, M, W ending on Sunday, D) or labels: `2020`, `2020-Q1`, `2020-03`,
`2020-03-T2` (ten days 旬), `2020-W07` (ISO week), `2020-03-08`.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import pandas as pd

PHASES = {"Y": 1, "Q": 4, "M": 12, "T": 36, "W": 52, "D": 1}
UNIX_DAY = date(1970, 1, 1).toordinal()
_SHAPES = {
    "Y": re.compile(r"\d{4}"),
    "Q": re.compile(r"\d{4}-Q[1-4]"),
    "M": re.compile(r"\d{4}-(0[1-9]|1[0-2])"),
    "T": re.compile(r"\d{4}-(0[1-9]|1[0-2])-T[1-3]"),
    "W": re.compile(r"\d{4}-W\d\d"),
    "D": re.compile(r"\d{4}-\d\d-\d\d"),
}
_NUMBERS: dict[str, Callable[[str], int]] = {
    "Y": int,
    "Q": lambda label: int(label[:4]) * 4 + int(label[6]) - 1,
    "M": lambda label: int(label[:4]) * 12 + int(label[5:]) - 1,
    "T": lambda label: (int(label[:4]) * 12 + int(label[5:7]) - 1) * 3 + int(label[9]) - 1,
    "W": lambda label: (date.fromisocalendar(int(label[:4]), int(label[6:]), 1).toordinal() - 1) // 7,
    "D": lambda label: date.fromisoformat(label).toordinal(),
}
#: Number of the period that holds 1 January 1970, where pandas counts from.
_PANDAS = {"Y": 1970, "Q": 1970 * 4, "M": 1970 * 12, "W": (UNIX_DAY - 1) // 7 - 1, "D": UNIX_DAY}
_PANDAS_FREQS = {"YE-DEC": "Y", "Y-DEC": "Y", "A-DEC": "Y", "QE-DEC": "Q", "Q-DEC": "Q", "ME": "M", "M": "M",
                 "W-SUN": "W", "D": "D"}  # fmt: skip
#: Powers of ten that values are looked upon as rounded to, coarsest first; finer digits come of arithmetic.
_STEPS = 10.0 ** np.arange(9, -5, -1)


@dataclass(frozen=True)
class Track:
    """Finite values in order of time. All arrays (n,); `phases` is the number of periods a year (1: no season).

    number: periods counted through; year, phase (from 0): where in the calendar; at: position in the series
    that was handed in; finest: the rounding step of values that are computed, 0 where it is not known.
    """

    freq: str
    values: np.ndarray
    number: np.ndarray
    year: np.ndarray
    phase: np.ndarray
    at: np.ndarray
    finest: float = 0.0

    @cached_property
    def step(self) -> float:
        """The rounding step 末位单位: the largest power of ten that all values are multiples of, or else `finest`."""
        for step in _STEPS:
            if np.allclose(np.round(self.values / step) * step, self.values, rtol=1e-9, atol=0.0):
                return float(step)
        return self.finest

    @property
    def phases(self) -> int:
        """Periods a year; 1 where there is no season to tell."""
        return PHASES[self.freq]

    def first(self, count: int) -> "Track":
        """The first `count` values."""
        kept = {name: getattr(self, name)[:count] for name in ("values", "number", "year", "phase", "at")}
        return replace(self, **kept)


def track(series: pd.Series, finest: float = 0.0) -> Track:
    """A series as numbers; values that are not finite are left out. `finest` is their rounding step where they are
    computed and show none of their own.

    ValueError for an index that is neither a PeriodIndex nor labels of one frequency, or a period given twice.
    """
    freq, number = _numbered(series.index)
    values = np.asarray(series.to_numpy(dtype=float))
    at = np.argsort(number, kind="stable")
    if at.size > 1:
        twice = np.flatnonzero(np.diff(number[at]) == 0)
        if twice.size:
            raise ValueError(f"series has {series.index[at[twice[0]]]} twice")
    at = at[np.isfinite(values[at])]
    year, phase = _calendar(number[at], freq)
    return Track(freq, values[at], number[at], year, phase, at, finest)


def number_of(day: date, freq: str) -> int:
    """Number of the period of `freq` that holds `day`."""
    if freq == "D":
        return day.toordinal()
    if freq == "W":
        return (day.toordinal() - 1) // 7
    month = day.year * 12 + day.month - 1
    ten_days = month * 3 + min((day.day - 1) // 10, 2)
    return {"Y": day.year, "Q": month // 3, "M": month, "T": ten_days}[freq]


def last_day(number: int, freq: str) -> date:
    """Last day of a period."""
    return _first_day(number + 1, freq) - timedelta(days=1)


def _first_day(number: int, freq: str) -> date:
    if freq == "D":
        return date.fromordinal(number)
    if freq == "W":
        return date.fromordinal(number * 7 + 1)
    year, phase = divmod(number, PHASES[freq])
    if freq == "T":
        return date(year, phase // 3 + 1, phase % 3 * 10 + 1)
    return date(year, phase * (12 // PHASES[freq]) + 1, 1)


def _numbered(index: pd.Index) -> tuple[str, np.ndarray]:
    if isinstance(index, pd.PeriodIndex):
        freq = _PANDAS_FREQS.get(str(index.freqstr))
        if freq is None:
            raise ValueError(f"periods of frequency {index.freqstr} are not known")
        return freq, index.astype("int64").to_numpy() + _PANDAS[freq]
    return _read(index.tolist())


def _read(labels: Iterable[str]) -> tuple[str, np.ndarray]:
    listed = list(labels)
    first = str(listed[0]) if listed else ""
    freq = next((freq for freq, shape in _SHAPES.items() if shape.fullmatch(first)), None)
    if freq is None:
        raise ValueError(f"{first!r} is no label of a period")
    matches, number = _SHAPES[freq].fullmatch, _NUMBERS[freq]
    other = next((label for label in listed if not matches(str(label))), None)
    if other is not None:
        raise ValueError(f"{other!r} is no label of frequency {freq}, as {first!r} is")
    return freq, np.array([number(label) for label in listed], dtype=np.int64)


def _calendar(number: np.ndarray, freq: str) -> tuple[np.ndarray, np.ndarray]:
    if freq not in ("W", "D"):
        return np.divmod(number, PHASES[freq])
    # an ISO week belongs to the year of its Thursday
    day = number * 7 + 4 if freq == "W" else number
    days = (day - UNIX_DAY).astype("datetime64[D]")
    years = days.astype("datetime64[Y]")
    if freq == "D":
        return years.astype(int) + 1970, np.zeros(number.size, dtype=int)
    week = (days - years).astype(int) // 7
    return years.astype(int) + 1970, np.minimum(week, PHASES["W"] - 1)
