"""Yield 单产: its trend, what the weather did, and the usual yield of recent years.

Sources: Cleveland, Robust locally weighted regression and smoothing scatterplots (1979), for the trend; the
Olympic mean (five years without the highest and the lowest) as in crop insurance of the United States.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from statsmodels.nonparametric.smoothers_lowess import lowess

from models.checks import dated, finite, positive

FEWEST_YEARS = 8


@dataclass(frozen=True)
class YieldParts:
    """By year: `trend` in the unit of the yield; `anomaly` = (yield - trend) / trend, a share; `loss` years."""

    trend: pd.Series
    anomaly: pd.Series
    loss: pd.Series


def yield_parts(yields: pd.Series, *, span: float, loss: float) -> YieldParts:
    """Trend by lowess over a share `span` (0-1) of the years, and relative weather yield 相对气象产量.

    `yields` on a yearly PeriodIndex without gaps, at least eight years, above zero; a year counts as loss
    year at an anomaly of `loss` (a negative share) or below. The trend knows all years. ValueError otherwise.
    """
    if not 0 < span <= 1 or not loss < 0:
        raise ValueError(f"needs 0 < span <= 1 and loss < 0, not {span:g} and {loss:g}")
    values = dated(yields, "yields", freq="Y", least=FEWEST_YEARS)
    array = positive(values, "yields")
    smooth = lowess(array, np.arange(array.size, dtype=float), frac=span, return_sorted=False)
    trend = pd.Series(positive(smooth, "trend"), index=values.index)
    anomaly = values / trend - 1
    return YieldParts(trend, anomaly, anomaly <= loss)


def olympic_mean(values: ArrayLike) -> float:
    """Mean of at least three values without the highest and the lowest: what is usual."""
    array = np.sort(finite(values, "values", least=3))
    return float(array[1:-1].mean())
