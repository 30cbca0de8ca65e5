"""Series with many zeros: Croston's method, its unbiased form, and the one that lets demand die out.

Sources: Croston, Operational Research Quarterly 23 (1972); Syntetos and Boylan, International Journal of
Forecasting 21 (2005); Teunter, Syntetos and Babai, European Journal of Operational Research 214 (2011).
"""

import numpy as np

from models.forecasting.batch import Batch

ZEROS = 0.3  # share of zeros beyond which a series without negatives counts as intermittent
SMOOTHING = 0.1  # of sizes, intervals and probabilities alike


def is_intermittent(values: np.ndarray) -> bool:
    """Whether more than 30 % of the values are zero, and none is negative, and not all are zero."""
    return bool((values == 0).mean() > ZEROS and values.min() >= 0 and values.max() > 0)


def means(batch: Batch) -> dict[str, np.ndarray]:
    """Mean demand a period by method, each (n_series,), for series with a demand and no negative.

    Sizes and intervals start at the first demand, the probability at whether the first period had one.
    """
    rows = batch.length.size
    size, interval, since = np.zeros(rows), np.zeros(rows), np.zeros(rows)
    tsb_size, chance = np.zeros(rows), np.zeros(rows)
    for t in range(batch.values.shape[1]):
        value = np.nan_to_num(batch.values[:, t])
        running = t < batch.length
        demand = running & (value > 0)
        since += running
        first = demand & (interval == 0)
        size = np.where(demand, size + SMOOTHING * (value - size), size)
        interval = np.where(demand, interval + SMOOTHING * (since - interval), interval)
        size, interval = np.where(first, value, size), np.where(first, since, interval)
        since = np.where(demand, 0.0, since)
        tsb_size = np.where(
            first, value, np.where(demand, tsb_size + SMOOTHING * (value - tsb_size), tsb_size)
        )
        step = SMOOTHING if t else 1.0
        chance = np.where(running, chance + step * (demand - chance), chance)
    croston = size / interval
    return {"croston": croston, "sba": (1 - SMOOTHING / 2) * croston, "tsb": chance * tsb_size}
