"""Specialisation 区位商, shift-share 偏离-份额 and concentration 集中度.

Sources: Isard, Methods of regional analysis (1960) for the location quotient; Dunn, A statistical and analytical
technique for regional analysis (1960) for shift-share in Esteban's notation; Hirschman (1964) and Herfindahl
(1950) for the index that bears their names.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from models.checks import finite, shares


@dataclass(frozen=True)
class ShiftShare:
    """Change of each industry in each region (r, i), in the unit of the tables; the three add up to it.

    national: what growth of the whole alone gives. mix: that the industry grew otherwise than the whole.
    regional: that the region's industry grew otherwise than the industry.
    """

    national: np.ndarray
    mix: np.ndarray
    regional: np.ndarray


def location_quotient(table: ArrayLike) -> np.ndarray:
    """LQ (r, i) = (e_ri / e_r) / (e_i / e), of a table of not negative values (r, i); above 1 = specialised.

    Weighted by the whole's shares, the mean over a region's industries is 1. ValueError for a region or
    industry without anything.
    """
    array = _table(table, "table")
    total, regions, industries = array.sum(), array.sum(axis=1), array.sum(axis=0)
    if (regions == 0).any() or (industries == 0).any():
        raise ValueError("a region or an industry is all zero: no location quotient")
    return np.asarray(array / regions[:, None] / (industries / total))


def shift_share(before: ArrayLike, after: ArrayLike) -> ShiftShare:
    """Change from `before` to `after` (r, i), both not negative, taken apart.

    With g the growth of the whole and g_i of an industry over all regions: national = e g,
    mix = e (g_i - g), regional = e_after - e (1 + g_i). This form of the last is e (g_ri - g_i), and holds
    where e is zero too. ValueError for an industry that was nowhere before, or unequal shapes.
    """
    first, last = _table(before, "before"), _table(after, "after")
    if first.shape != last.shape:
        raise ValueError(f"before and after differ in shape: {first.shape} and {last.shape}")
    base = first.sum(axis=0)
    if (base == 0).any():
        raise ValueError(f"industry {int(np.argmin(base))} was nowhere before: its growth is undefined")
    growth = last.sum() / first.sum() - 1
    industry = last.sum(axis=0) / base - 1
    return ShiftShare(first * growth, first * (industry - growth), last - first * (1 + industry))


def herfindahl(values: ArrayLike) -> float:
    """Herfindahl-Hirschman index, 1/n to 1: the sum of squared shares of values (n,), not negative."""
    share = shares(values, "values")
    return float(share @ share)


def concentration_ratio(values: ArrayLike, largest: int) -> float:
    """Share (0-1) of the `largest` units in the sum of values (n,); CR4 with four."""
    if largest < 1:
        raise ValueError(f"largest must be at least 1, not {largest}")
    return float(np.sort(shares(values, "values"))[::-1][:largest].sum())


def _table(values: ArrayLike, name: str) -> np.ndarray:
    array = finite(values, name, ndim=2)
    if (array < 0).any() or array.sum() == 0:
        raise ValueError(f"{name} must not be negative nor all zero")
    return array
