"""The business cycle 景气循环 that is planted into simulated series, so that its turning points are known."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Months = NDArray[np.datetime64]


def planted_cycle(months: Months, turns: Sequence[Mapping[str, object]]) -> NDArray[np.float64]:
    """Cycle at `months` (n,): half a cosine from each turn (month, height) to the next.

    Flat before the first and after the last turn, where nothing is known.
    """
    at = np.array([turn["month"] for turn in turns], dtype="datetime64[M]").astype(float)
    height = np.array([turn["height"] for turn in turns], dtype=float)
    position = np.interp(months.astype("datetime64[M]").astype(float), at, np.arange(len(at)))
    before = np.minimum(position.astype(int), len(at) - 2)
    share = (1 - np.cos(np.pi * (position - before))) / 2
    return np.asarray(height[before] + (height[before + 1] - height[before]) * share)
