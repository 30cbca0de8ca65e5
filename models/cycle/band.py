"""Band-pass by two Hodrick-Prescott filters, as the OECD takes cycles from its leading indicators.

Sources: Hodrick and Prescott, Postwar U.S. business cycles (1997); OECD System of composite leading
indicators (2012), where cycles of 12 to 120 months are kept.
"""

import numpy as np
from numpy.typing import ArrayLike
from statsmodels.tsa.filters.hp_filter import hpfilter

from models.checks import finite


def hp_lambda(period: float) -> float:
    """Smoothing parameter whose filter halves a wave of `period` observations: 1 / (4 (1 - cos(2 pi / p))^2).

    ValueError for a period of at most 2 observations, which sampling cannot show.
    """
    if not period > 2:
        raise ValueError(f"period must be above 2 observations, not {period:g}")
    return float(1 / (4 * (1 - np.cos(2 * np.pi / period)) ** 2))


def band_pass(values: ArrayLike, shortest: float, longest: float) -> np.ndarray:
    """Cycle (n,) with waves of `shortest` to `longest` observations, in the unit of `values` (n,).

    c = trend_s(x - trend_l(x)), trend_p the Hodrick-Prescott trend with `hp_lambda(p)`: the first takes out
    what is slower than `longest`, the second what is faster than `shortest`. Ends are revised as data come in:
    show them with a revision band. ValueError for a band without room, or a series shorter than its slowest
    wave.
    """
    if not shortest < longest:
        raise ValueError(f"the band needs shortest < longest, not {shortest:g} and {longest:g}")
    array = finite(values, "values", least=int(np.ceil(longest)))
    _, slow = hpfilter(array, hp_lambda(longest))
    _, cycle = hpfilter(array - slow, hp_lambda(shortest))
    return np.asarray(cycle)
