"""Prices beside the same time of earlier years 同期价格带 and beside their season 季节偏离."""

from __future__ import annotations

import pandas as pd

from conf import periods
from jobs.methods.base import Found, Given, Parameters, method
from jobs.methods.runs import attempt
from models.agriculture.bands import seasonal_band, seasonal_deviation


class BandParameters(Parameters):
    """Years the band is made of, and its quantiles (0-1)."""

    years: int
    lower: float
    upper: float


class DeviationParameters(Parameters):
    """Limits of an unusual deviation: robust standard deviations, and percent. Holes of at most `bridge` periods
    are bridged by a line; nothing is told of what was not quoted."""

    deviations: float
    least: float
    bridge: int


@method("price_band", "1.0", "prices", parameters=BandParameters)
def band(given: Given) -> Found:
    """Figure: the price. Details: low, middle and high of the same period in the years before."""
    found, p = Found(), given.parameters

    def judge(region: str, breakdown: str, values: pd.Series) -> None:
        season = periods.season(periods.freq_of(str(values.index[0])))
        made = seasonal_band(values, season, years=p.years, lower=p.lower, upper=p.upper)
        found.add(region, values, breakdown)
        for measure, edge in {"low": made.lower, "middle": made.middle, "high": made.upper}.items():
            found.detail(region, measure, pd.Series(edge, values.index), breakdown=breakdown)

    attempt(given.rows("prices"), judge)
    return found


@method("season_deviation", "1.0", "prices", parameters=DeviationParameters, two_sided=True, estimates=True)
def deviation(given: Given) -> Found:
    """Figure: deviation from trend and season in percent. Details: what was expected, and unusual periods."""
    found, p = Found(), given.parameters

    def judge(region: str, breakdown: str, values: pd.Series) -> None:
        season = periods.season(periods.freq_of(str(values.index[0])))
        whole = values.interpolate()
        made = seasonal_deviation(whole, season, deviations=p.deviations, least=p.least / 100)
        share = pd.Series(100 * made.share, values.index).where(values.notna())
        found.add(region, share, breakdown)
        found.detail(region, "expected_price", pd.Series(made.expected, values.index), breakdown=breakdown)
        for period, value in share[made.unusual].dropna().items():
            text = "unusually_high" if value > 0 else "unusually_low"
            found.note(region, str(period), "state", value=value, text=text, breakdown=breakdown)

    attempt(given.rows("prices"), judge, p.bridge)
    return found
