"""Series out of the rows of a role, as long as they go back without a hole."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pandas as pd

from conf import periods


def each(rows: pd.DataFrame) -> Iterator[tuple[str, str, pd.Series]]:
    """(region, breakdown, values by period) of every series, each the newest stretch without a missing period."""
    for (region, breakdown), part in rows.groupby(["region", "breakdown"], sort=True):
        yield str(region), str(breakdown), unbroken(part.set_index("period")["value"])


def unbroken(values: pd.Series) -> pd.Series:
    """The newest stretch of values (by period label, in order) in which no period is missing."""
    labels = [str(label) for label in values.index]
    first = len(labels) - 1
    while first > 0 and periods.shift(labels[first], -1) == labels[first - 1]:
        first -= 1
    return values.iloc[first:].astype(float)


def dated(values: pd.Series) -> pd.Series:
    """Values by period label on a PeriodIndex; for years, quarters, months and days."""
    freq = periods.freq_of(str(values.index[0]))
    return values.set_axis(pd.PeriodIndex(values.index.str.replace("-Q", "Q"), freq=freq))


def attempt(rows: pd.DataFrame, work: Callable[[str, str, pd.Series], None]) -> None:
    """`work` on each series; a series it refuses (ValueError) is passed over.

    Raises the reason of the first when every series is refused.
    """
    reasons, done = [], False
    for region, breakdown, values in each(rows):
        try:
            work(region, breakdown, values)
            done = True
        except ValueError as reason:
            reasons.append(f"{region} {breakdown}: {reason}".replace(" :", ":"))
    if not done:
        raise ValueError(reasons[0])


def parts(breakdown: str) -> dict[str, str]:
    """The values of a breakdown text by name; empty for the total."""
    return dict(part.split("=", 1) for part in breakdown.split("|")) if breakdown else {}
