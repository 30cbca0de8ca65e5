"""Regressors of the Spring Festival 春节, which moves between January and February.

Source: Lin and Liu, Modeling lunar calendar effects in Taiwan (2002), as carried on by the holiday generator
of X-13ARIMA-SEATS, there with three intervals and centring by calendar month.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd

COLUMNS = ("before", "during", "after")


def festival_regressors(
    periods: pd.PeriodIndex, festivals: Sequence[date], *, before: int, during: int, after: int
) -> pd.DataFrame:
    """Shares (0-1) of the festival's days that fall in each month, less each calendar month's mean.

    Rows are `periods` (monthly), columns `before` (that many days up to the eve), `during` (days from the
    festival on) and `after`. Means are over all `festivals`, not over `periods`, so that a longer series
    does not change the regressors of earlier months; centred, they hold no season of their own. ValueError
    for a year of `periods` without exactly one festival, or an interval shorter than one day.
    """
    spans = {"before": before, "during": during, "after": after}
    if min(spans.values()) < 1:
        raise ValueError(f"intervals need at least one day, not {before}, {during}, {after}")
    years = [day.year for day in festivals]
    twice = {year for year in years if years.count(year) > 1}
    lacking = sorted(set(periods.year) - set(years))
    if twice or lacking:
        raise ValueError(
            f"two festivals in {min(twice)}" if twice else f"no date of the festival in {lacking[0]}"
        )
    starts = {"before": -before, "during": 0, "after": during}
    columns = {
        name: _centred_shares(periods, festivals, starts[name], length) for name, length in spans.items()
    }
    return pd.DataFrame(columns, index=periods)


def _centred_shares(
    periods: pd.PeriodIndex, festivals: Sequence[date], start: int, length: int
) -> np.ndarray:
    found: dict[tuple[int, int], float] = {}
    means = np.zeros(13)
    for festival in festivals:
        for offset in range(start, start + length):
            day = festival + timedelta(days=offset)
            key = (day.year, day.month)
            found[key] = found.get(key, 0.0) + 1 / length
            means[day.month] += 1 / length / len(festivals)
    raw = np.array([found.get((period.year, period.month), 0.0) for period in periods])
    return np.asarray(raw - means[periods.month])
