"""Indicator of food price anomalies 粮价异常指标: is a price growing faster than is usual for the season?

Sources: Baquedano, Developing an indicator of price anomalies as an early warning tool: a compound growth
approach, FAO (2015); Food and Agriculture Organization, metadata of sustainable development goal indicator 2.c.1.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from models.checks import dated, positive

QUARTER, YEAR = 3, 12  # months of the two growth rates
FEWEST_YEARS = 3  # reference years of one calendar month that a deviation can be taken from

State = Literal["none", "watch", "alert", "watch_low", "alert_low"]


@dataclass(frozen=True)
class Anomaly:
    """By month, in standard deviations; NaN where the past is too short.

    quarterly, annual: deviation of each growth rate from its usual one. combined: the indicator.
    """

    quarterly: pd.Series
    annual: pd.Series
    combined: pd.Series


def compound_growth(prices: pd.Series, months: int) -> pd.Series:
    """Growth a month, compounded: (P_t / P_{t-k})^(1/k) - 1 over k = `months`; NaN for the first k."""
    values = _prices(prices)
    if months < 1:
        raise ValueError(f"months must be at least 1, not {months}")
    return (values / values.shift(months)) ** (1 / months) - 1


def steadied_growth(prices: pd.Series, months: int) -> pd.Series:
    """Compound growth less for volatile prices: CGR (1 - s), s the sd of the `months` log changes in the span."""
    values = _prices(prices)
    spread = np.log(values).diff().rolling(months).std()
    return compound_growth(values, months) * (1 - spread)


def price_anomaly(prices: pd.Series, *, quarterly_weight: float) -> Anomaly:
    """IPA_t = g z_q + (1 - g) z_a, of monthly real prices (deflated), g = `quarterly_weight` (0-1).

    z = (v - weighted mean) / weighted sd of the steadied growth v over 3 and over 12 months, compared with the
    same calendar month of all earlier years, weights rising linearly with the year. The month that is judged
    and later ones are not in its reference, so the last value is what would have been said at the time.
    Weighted variance sum w (v - m)^2 / (sum w (y - 1) / y) of y years. ValueError for missing or
    duplicated months, prices not above zero, or too few years for any value.
    """
    if not 0 <= quarterly_weight <= 1:
        raise ValueError(f"weight must be within 0 and 1, not {quarterly_weight:g}")
    values = dated(prices, "prices", least=(FEWEST_YEARS + 1) * YEAR + 1)
    quarterly, annual = (_deviation(steadied_growth(values, months)) for months in (QUARTER, YEAR))
    return Anomaly(quarterly, annual, quarterly_weight * quarterly + (1 - quarterly_weight) * annual)


def anomaly_states(combined: pd.Series, *, watch: float, alert: float) -> list[State]:
    """State of each month: from `watch` and from `alert` on (inclusive), and mirrored for falls."""
    if not 0 < watch < alert:
        raise ValueError(f"needs 0 < watch < alert, not {watch:g} and {alert:g}")

    def state(value: float) -> State:
        if abs(value) >= alert:
            return "alert" if value > 0 else "alert_low"
        if abs(value) >= watch:
            return "watch" if value > 0 else "watch_low"
        return "none"

    return [state(float(value)) for value in combined]


def _deviation(growth: pd.Series) -> pd.Series:
    found = pd.Series(np.nan, index=growth.index)
    months = pd.PeriodIndex(growth.index).month
    for month in range(1, 13):
        values = growth[months == month].dropna()
        array = values.to_numpy()
        for at in range(FEWEST_YEARS, array.size):
            past, weight = array[:at], np.arange(1.0, at + 1)
            mean = float(weight @ past / weight.sum())
            variance = float(weight @ (past - mean) ** 2 / (weight.sum() * (at - 1) / at))
            if variance > 0:
                found[values.index[at]] = (array[at] - mean) / np.sqrt(variance)
    return found


def _prices(prices: pd.Series) -> pd.Series:
    values = dated(prices, "prices")
    positive(values, "prices")
    return values
