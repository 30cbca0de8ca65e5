"""Period labels 时期: what freq they have, when they start and end, and how to step between them.

`2020` (Y), `2020-Q1` (Q), `2020-03` (M), `2020-03-T2` (T, ten days 旬: T1 day 1-10, T2 11-20, T3 from 21),
`2020-W07` (W, ISO week), `2020-03-08` (D). Every function raises ValueError naming the label or freq it
refuses.
"""

import re
from calendar import monthrange
from datetime import date, timedelta

_SEASON = {"Y": 1, "Q": 4, "M": 12, "T": 36, "W": 52, "D": 7}
_FORMS = (
    ("Y", re.compile(r"[0-9]{4}")),
    ("Q", re.compile(r"[0-9]{4}-Q[1-4]")),
    ("M", re.compile(r"[0-9]{4}-[0-9]{2}")),
    ("T", re.compile(r"[0-9]{4}-[0-9]{2}-T[1-3]")),
    ("W", re.compile(r"[0-9]{4}-W[0-9]{2}")),
    ("D", re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")),
)


def freq_of(label: str) -> str:
    """Frequency of a label: one of Y Q M T W D."""
    start(label)
    return _form(label)


def start(label: str) -> date:
    """First day of the period."""
    freq = _form(label)
    year = int(label[:4])
    try:
        if freq == "Y":
            return date(year, 1, 1)
        if freq == "Q":
            return date(year, 3 * int(label[6]) - 2, 1)
        if freq == "W":
            return date.fromisocalendar(year, int(label[6:]), 1)
        if freq == "D":
            return date(year, int(label[5:7]), int(label[8:]))
        first = date(year, int(label[5:7]), 1)
        return first if freq == "M" else first.replace(day=10 * int(label[9]) - 9)
    except ValueError:
        raise ValueError(f"no such period: {label!r}") from None


def end(label: str) -> date:
    """Last day of the period."""
    freq = freq_of(label)
    first = start(label)
    if freq == "D":
        return first
    if freq == "W":
        return first + timedelta(days=6)
    if freq == "T" and first.day < 21:
        return first + timedelta(days=9)
    month = first.month + {"Y": 11, "Q": 2}.get(freq, 0)
    return first.replace(month=month, day=monthrange(first.year, month)[1])


def label(day: date, freq: str) -> str:
    """Label of the period of that freq in which the day lies."""
    if freq == "Y":
        return f"{day.year:04d}"
    if freq == "Q":
        return f"{day.year:04d}-Q{(day.month + 2) // 3}"
    if freq == "M":
        return f"{day.year:04d}-{day.month:02d}"
    if freq == "T":
        return f"{day.year:04d}-{day.month:02d}-T{min((day.day + 9) // 10, 3)}"
    if freq == "W":
        year, week, _ = day.isocalendar()
        return f"{year:04d}-W{week:02d}"
    if freq == "D":
        return day.isoformat()
    raise ValueError(f"unknown freq: {freq!r}")


def shift(period: str, n: int) -> str:
    """Label of the period `n` periods on (back when negative)."""
    freq = freq_of(period)
    first = start(period)
    month = first.year * 12 + first.month - 1
    try:
        if freq in ("D", "W"):
            return label(first + timedelta(days=n * (7 if freq == "W" else 1)), freq)
        if freq == "T":
            months, third = divmod(first.day // 10 + n, 3)
            return label(_month(month + months).replace(day=10 * third + 1), "T")
        return label(_month(month + n * {"Y": 12, "Q": 3, "M": 1}[freq]), freq)
    except (ValueError, OverflowError):
        raise ValueError(f"no period {n} on from {period!r}") from None


def year_ago(period: str) -> str | None:
    """Label of the same period of the year before; None where there is none (week 53, 29 February)."""
    freq = freq_of(period)
    if freq == "W" and period.endswith("W53"):
        return None
    if freq == "D" and period.endswith("02-29"):
        return None
    earlier = f"{int(period[:4]) - 1:04d}{period[4:]}"
    start(earlier)
    return earlier


def season(freq: str) -> int:
    """Periods in one season: a year, or a week for days."""
    try:
        return _SEASON[freq]
    except KeyError:
        raise ValueError(f"unknown freq: {freq!r}") from None


def _form(text: str) -> str:
    for freq, form in _FORMS:
        if form.fullmatch(text):
            return freq
    raise ValueError(f"not a period label: {text!r}")


def _month(number: int) -> date:
    """First day of a month counted from year 0."""
    return date(number // 12, number % 12 + 1, 1)
