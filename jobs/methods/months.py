"""What methods share on monthly series: joint January–February, series that come late, and adjustment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from jobs.methods.base import wide
from models.checks import LackingError
from models.series.adjust import Adjusted, seasonally_adjust
from models.series.festival import festival_regressors

JANUARY = 1


class Season(BaseModel):
    """How a series is adjusted: days of the festival's three intervals, fits that resist outliers or not, and the
    confidence of the test for a season left."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    before: int = Field(ge=1)
    during: int = Field(ge=1)
    after: int = Field(ge=1)
    robust: bool
    confidence: float = Field(gt=0, lt=1)


def short(item: str) -> str:
    """Name of an input series without its indicator: `monthly|series=loans` is `loans`."""
    return item.rpartition("=")[2]


def items(rows: pd.DataFrame) -> dict[str, str]:
    """Input series by their short names."""
    return {short(str(item)): str(item) for item in rows["item"].unique()}


def rates(rows: pd.DataFrame, carry: int = 0) -> pd.DataFrame:
    """Growth rates or index points of one region as a table of months by series.

    January takes February's rate where both are published together. A series that is not published every
    month stays what it was for up to `carry` months. Everything else that is not known stays so.
    """
    table = wide(rows).rename(columns=short)
    months = pd.PeriodIndex(table.index)
    january = (months.month == JANUARY)[:, None] & table.isna()
    table = table.where(~january, table.shift(-1))
    return table.ffill(limit=carry) if carry else table


def monthly(table: pd.DataFrame) -> pd.DataFrame:
    """Quarterly rates as monthly ones: each stands in its quarter's middle month, with a line between."""
    index = pd.PeriodIndex(table.index)
    if not str(index.freqstr).startswith("Q"):
        return table
    middle = index.asfreq("M", how="S").shift(1)
    months = pd.period_range(middle[0], middle[-1], freq="M")
    return table.set_axis(middle).reindex(months).interpolate(limit_area="inside")


def whole(table: pd.DataFrame) -> pd.DataFrame:
    """The longest run of months, up to the newest one possible, in which every series is known.

    ValueError naming the series that is missing when there is none.
    """
    known = table.notna().all(axis=1)
    if not known.any():
        empty = [name for name in table if table[name].isna().all()]
        told = f"no month has every series{': none of ' + ', '.join(map(str, empty)) if empty else ''}"
        raise LackingError("incomplete", told)
    last = known[known].index[-1]
    gaps = known[:last][~known[:last]].index
    return table[gaps[-1] + 1 if len(gaps) else table.index[0] : last]


def adjust(series: pd.Series, festivals: Sequence[date], season: Season) -> Adjusted:
    """One monthly series of levels, from its first to its last known month, adjusted for festival and season."""
    known = series[series.first_valid_index() : series.last_valid_index()]
    effect = festival_regressors(
        pd.PeriodIndex(known.index), festivals, before=season.before, during=season.during, after=season.after
    )
    return seasonally_adjust(known, effect, confidence=season.confidence, robust=season.robust)
