"""Air quality index 空气质量指数 from concentrations.

Source: Ministry of Environmental Protection, HJ 633-2012, Technical regulation on ambient air quality index. The
tables of break points are arguments, since they are revised.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from models.checks import finite

DIGITS = 9  # what binary fractions add must not be rounded up to a whole point


def sub_indices(concentrations: ArrayLike, points: Sequence[float], indices: Sequence[float]) -> np.ndarray:
    """IAQI of concentrations (n,): linear between break points, rounded up; the last index beyond the last point.

    (IH - IL) / (CH - CL) * (C - CL) + IL, `points` in the unit of the concentrations, both lists rising
    and of one length. ValueError otherwise, and for a concentration below the first point.
    """
    at, values = finite(points, "concentrations", least=2), finite(indices, "indices", least=2)
    if at.size != values.size or (np.diff(at) <= 0).any() or (np.diff(values) <= 0).any():
        raise ValueError("break points must be two rising lists of one length")
    found = finite(concentrations, "concentration")
    if (found < at[0]).any():
        raise ValueError(f"concentration {found.min():g} is below the first point {at[0]:g}")
    return np.ceil(np.round(np.interp(found, at, values), DIGITS)).astype(int)


def sub_index(concentration: float, concentrations: Sequence[float], indices: Sequence[float]) -> int:
    """`sub_indices` of one concentration."""
    return int(sub_indices([concentration], concentrations, indices)[0])


def air_quality_index(sub_indices: Mapping[str, int], above: int) -> tuple[int, tuple[str, ...]]:
    """The largest sub-index, and the primary pollutants 首要污染物: those that have it when it is `above`."""
    if not sub_indices:
        raise ValueError("no sub-index: no air quality index")
    index = max(sub_indices.values())
    primary = sorted(name for name, value in sub_indices.items() if value == index and index > above)
    return index, tuple(primary)
