"""Cumulative series 累计值 and their months.

Chinese monthly statistics are published from the start of the year to date, and January and February
together, since the Spring Festival moves between them. A joint cell stays one cell of two months until a
share is given to split it by. Source: definition of year-to-date reporting, National Bureau of Statistics.
"""

import numpy as np
import pandas as pd

from models.checks import dated, finite_dated, in_order

JANUARY, FEBRUARY = 1, 2


def flows(cumulative: pd.Series) -> pd.DataFrame:
    """Flows of a year-to-date series, in its unit: columns `flow` and `months` (2 for January-February).

    x_m = C_m - C_{m-1} within a year, x_1 = C_1; where a year has no January, February's row is the joint
    cell. `cumulative` has a monthly PeriodIndex; its first year starts in January or February, and no other
    month may be missing. ValueError naming the month otherwise.
    """
    index = cumulative.index
    if not isinstance(index, pd.PeriodIndex) or index.freqstr != "M":
        raise ValueError("a cumulative series needs a monthly PeriodIndex")
    in_order(index, "cumulative series")
    values = finite_dated(cumulative, "cumulative series")
    wanted = pd.period_range(index[0], index[-1], freq="M")
    missing = [p for p in wanted.difference(index) if p.month != JANUARY]
    if index[0].month > FEBRUARY:
        raise ValueError(f"cumulative series starts in {index[0]}: its first year lacks the months before")
    if missing:
        raise ValueError(f"cumulative series lacks {missing[0]}")
    before = values.groupby(index.year).shift(1)
    joint = (index.month == FEBRUARY) & before.isna().to_numpy()
    return pd.DataFrame({"flow": values - before.fillna(0.0), "months": np.where(joint, 2, 1)}, index=index)


def january_share(found: pd.DataFrame, years: int) -> float:
    """January's mean share in January-February over the last `years` years that have both months.

    `found` is what `flows` gives. ValueError when fewer years have both, or a year's sum is not above zero.
    """
    index = pd.PeriodIndex(found.index)
    single = found["months"].to_numpy() == 1
    both = [
        (found["flow"][p], found["flow"][p + 1])
        for p in index[(index.month == JANUARY) & single]
        if p + 1 in index
    ][-years:]
    if years < 1 or len(both) < years:
        raise ValueError(f"{years} years with January and February are wanted, {len(both)} are there")
    if any(first + second <= 0 for first, second in both):
        raise ValueError("January and February add up to nothing in a year: no share")
    return float(np.mean([first / (first + second) for first, second in both]))


def monthly(found: pd.DataFrame, january: float) -> pd.Series:
    """A month a row: joint cells of `flows` split, `january` (0-1) of them to January. Sums are kept."""
    if not 0 <= january <= 1:
        raise ValueError(f"January's share must be within 0 and 1, not {january:g}")
    index = pd.PeriodIndex(found.index)
    joint = found["months"].to_numpy() == 2
    flow = found["flow"].where(~joint, found["flow"] * (1 - january))
    added = pd.Series(found["flow"][joint].to_numpy() * january, index=index[joint] - 1)
    return pd.concat([flow, added]).sort_index().rename("flow")


def cumulate(flow: pd.Series) -> pd.Series:
    """Year-to-date sums of a monthly series that has every month; the inverse of `flows`."""
    values = dated(flow, "monthly series")
    return values.groupby(pd.PeriodIndex(values.index).year).cumsum()
