"""Growth 同比 and 环比, nominal and real, and indices on another base.

Growth is in percent, differences of growth rates in percentage points 百分点. Growth published on a comparable
base is not the ratio of published levels, since the base is revised after it was published: both are kept.
Sources: System of National Accounts 2008, chapter 15 (prices and volumes); International Monetary Fund,
Consumer Price Index Manual (2020), chapter on calculation (linking and rebasing).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from models.checks import LackingError, dated, finite, in_order, positive
from models.series.cumulative import flows

MONTHS = 12


@dataclass(frozen=True)
class Comparison:
    """Published growth beside the ratio of levels, by period from the second year on.

    `published` and `ratio` in percent, `gap` = published - ratio in percentage points, `revised` where the
    gap is beyond the limit: base or scope were changed. `base` is the year-ago level that the published
    growth implies, in the unit of the levels.
    """

    published: pd.Series
    ratio: pd.Series
    gap: pd.Series
    revised: pd.Series
    base: pd.Series


def compare_growth(levels: pd.Series, published: pd.Series, *, limit: float, lag: int = MONTHS) -> Comparison:
    """Growth against `lag` periods before, as published (percent) and as the levels say.

    ratio_t = 100 (x_t / x_{t-lag} - 1); base_t = x_t / (1 + published_t / 100). `limit` in percentage points.
    Both series on one gapless PeriodIndex, levels above zero. ValueError otherwise, or when they share
    no period that has a base.
    """
    freq = str(pd.PeriodIndex(levels.index).freqstr)
    level = dated(levels, "levels", freq=freq, least=lag + 1)
    positive(level, "levels")
    said = dated(published, "published growth", freq=freq)
    if (said <= -100).any():
        raise ValueError("published growth of -100 % or less leaves no base")
    ratio = (100 * (level / level.shift(lag) - 1)).dropna()
    at = ratio.index.intersection(said.index)
    if at.empty:
        raise ValueError("levels and published growth share no period that has a base")
    said, ratio = said[at], ratio[at]
    gap = said - ratio
    return Comparison(said, ratio, gap, gap.abs() > limit, level[at] / (1 + said / 100))


def monthly_growth(cumulative: pd.Series, published: pd.Series) -> pd.Series:
    """Growth of single months, in percent, from year-to-date levels and year-to-date growth.

    The comparable base B_m = C_m / (1 + G_m / 100) is itself year-to-date, so the month grew by
    100 ((C_m - C_{m-1}) / (B_m - B_{m-1}) - 1). January-February stays joint, in February's row. Cumulative
    growth 累计同比 must not be taken for this. Both series on the same periods; ValueError otherwise, and
    where a month's base is not above zero.
    """
    if not cumulative.index.equals(published.index):
        raise ValueError("levels and growth must have the same periods")
    positive(1 + finite(published, "published growth") / 100, "1 + growth")
    now = flows(cumulative)["flow"]
    base = flows(cumulative / (1 + published / 100))["flow"]
    if (base <= 0).any():
        raise ValueError(f"the comparable base of {base.index[base <= 0][0]} is not above zero")
    return 100 * (now / base - 1)


def deflate(nominal: ArrayLike, price: ArrayLike) -> np.ndarray:
    """Real growth in percent: 100 ((1 + nominal/100) / (1 + price/100) - 1), both in percent, shape (n,)."""
    price_factor = positive(1 + finite(price, "price change") / 100, "1 + price change")
    return np.asarray(100 * ((1 + finite(nominal, "nominal growth") / 100) / price_factor - 1))


def chain(growth: ArrayLike, start: float = 100.0) -> np.ndarray:
    """Index (n + 1,) that starts at `start` and grows by `growth` (n,) percent from period to period."""
    factors = positive(1 + finite(growth, "growth") / 100, "1 + growth")
    return np.asarray(start * np.concatenate(([1.0], np.cumprod(factors))))


def rebase(index: pd.Series, base: list[pd.Period]) -> pd.Series:
    """The index with the mean 100 over the `base` periods; growth rates stay as they were.

    ValueError when a base period is missing or the mean is not above zero.
    """
    missing = [p for p in base if p not in index.index]
    if missing or not base:
        if not missing:
            raise ValueError("no base period")
        raise LackingError("no_base", f"base period {missing[0]} is not in the index", period=missing[0])
    mean = float(finite(index.reindex(base), "index in the base periods").mean())
    if mean <= 0:
        raise ValueError("the index must be above zero in its base periods")
    return 100 * index / mean


def splice(old: pd.Series, new: pd.Series, *, spread: float) -> pd.Series:
    """One series on the base of `new`, reaching back by `old` times the mean ratio over their overlap.

    ValueError without overlap, and when ratios in the overlap differ by more than `spread` percent of their
    mean: then the two differ by more than their base and must not be spliced.
    """
    for series, name in ((old, "old series"), (new, "new series")):
        in_order(pd.PeriodIndex(series.index), name)
    common = old.index.intersection(new.index)
    if common.empty:
        raise ValueError("the series share no period to splice at")
    ratios = positive(new[common], "new series") / positive(old[common], "old series")
    link = float(ratios.mean())
    apart = 100 * float(np.ptp(ratios)) / link
    if apart > spread:
        raise ValueError(f"ratios in the overlap differ by {apart:.3g} %, more than {spread:g} %")
    return pd.concat([old[old.index < new.index[0]] * link, new])
