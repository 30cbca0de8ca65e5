"""Series out of the rows of a role, as long as they go back without a hole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pandas as pd

from conf import periods
from jobs.methods.base import Found, Given
from models.checks import LackingError

#: Why a series is refused: the reason alone, and with the series named.
Refusal = tuple[ValueError, ValueError]


def each(rows: pd.DataFrame, bridge: int = 0) -> Iterator[tuple[str, str, pd.Series]]:
    """(region, breakdown, values by period) of every series, each as `unbroken` leaves it."""
    for (region, breakdown), part in rows.groupby(["region", "breakdown"], sort=True):
        yield str(region), str(breakdown), unbroken(part.set_index("period")["value"], bridge)


def unbroken(values: pd.Series, bridge: int = 0) -> pd.Series:
    """The newest stretch of values (by period label, in order) without a hole of more than `bridge` periods.

    Periods in shorter holes are there, as NaN: a market that is shut for a holiday week.
    """
    known = {str(label) for label in values.index}
    label = str(values.index[-1])
    stretch, hole = [label], 0
    while hole <= bridge and len(known) > 1:
        label = periods.shift(label, -1)
        hole = 0 if label in known else hole + 1
        stretch.append(label)
    while stretch[-1] not in known:
        stretch.pop()
    return values.astype(float).reindex(stretch[::-1]).rename_axis("period")


def dated(values: pd.Series) -> pd.Series:
    """Values by period label on a PeriodIndex; for years, quarters, months and days."""
    freq = periods.freq_of(str(values.index[0]))
    return values.set_axis(pd.PeriodIndex(values.index.str.replace("-Q", "Q"), freq=freq))


def attempt(rows: pd.DataFrame, work: Callable[[str, str, pd.Series], None], bridge: int = 0) -> None:
    """`work` on each series; a series it refuses (ValueError) is passed over.

    Raises the reason when every series is refused (see `_of_all`), and ValueError when there is none.
    """
    reasons: list[Refusal] = []
    done = False
    for region, breakdown, values in each(rows, bridge):
        try:
            work(region, breakdown, values)
            done = True
        except ValueError as reason:
            reasons.append((reason, at(region, reason, breakdown)))
    if not done:
        raise _of_all(reasons) if reasons else LackingError("nothing_known", "there is no series")


def by_region(given: Given, role: str, look: Callable[[Found, str, pd.DataFrame], None]) -> Found:
    """What `look` finds in the rows of each region; of a region that it refuses (ValueError) nothing is kept.

    Raises the reason when every region is refused (see `_of_all`).
    """
    found, reasons, done = Found(), list[Refusal](), False
    for region, rows in given.by_region(role):
        own = Found()
        try:
            look(own, region, rows)
        except ValueError as reason:
            reasons.append((reason, at(region, reason)))
            continue
        found.join(own)
        done = True
    if not done:
        raise _of_all(reasons)
    return found


def _of_all(reasons: Sequence[Refusal]) -> ValueError:
    """The first reason with the series it is of; alone where it is that of all of several."""
    alone, placed = reasons[0]
    is_shared = len(reasons) > 1 and len({str(reason) for reason, _ in reasons}) == 1
    return alone if is_shared else placed


def at(region: str, reason: ValueError, breakdown: str = "") -> ValueError:
    """The reason with the series that it is the reason of."""
    where = f"{region} {breakdown}".rstrip()
    if isinstance(reason, LackingError):
        return reason.at(where, region=region)
    return ValueError(f"{where}: {reason}")


def parts(breakdown: str) -> dict[str, str]:
    """The values of a breakdown text by name; empty for the total."""
    return dict(part.split("=", 1) for part in breakdown.split("|")) if breakdown else {}
