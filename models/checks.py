"""Checks of what a method is handed: a number that is missing or not finite is named, never worked around."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike


class LackingError(ValueError):
    """What a method needs of its data and has not got.

    `code` is a key of `waiting` in conf/texts and `values` fill its sentence; the message itself is for analysts.
    """

    def __init__(self, code: str, told: str, **values: object) -> None:
        super().__init__(told)
        self.code = code
        self.values = values

    def at(self, where: str, **values: object) -> "LackingError":
        """The same of a place or series that is named before it."""
        return LackingError(self.code, f"{where}: {self}", **{**values, **self.values})


def finite(values: ArrayLike, name: str, *, least: int = 1, ndim: int = 1) -> np.ndarray:
    """`values` as a float array of `ndim` dimensions, all finite and with at least `least` rows.

    ValueError naming `name` and the first position that fails.
    """
    array = np.asarray(values, dtype=float)
    if array.ndim != ndim:
        raise ValueError(f"{name} must have {ndim} dimension(s), not shape {array.shape}")
    if array.shape[0] < least:
        told = f"{name} needs at least {least} values, not {array.shape[0]}"
        raise LackingError("too_few_values", told, need=least, have=array.shape[0])
    wrong = np.argwhere(~np.isfinite(array))
    if wrong.size:
        raise LackingError(
            "unknown_value", f"{name} is not finite at position {', '.join(map(str, wrong[0]))}"
        )
    return array


def positive(values: ArrayLike, name: str, *, least: int = 1, ndim: int = 1) -> np.ndarray:
    """As `finite`, and all values above zero."""
    array = finite(values, name, least=least, ndim=ndim)
    wrong = np.argwhere(array <= 0)
    if wrong.size:
        raise LackingError(
            "not_positive", f"{name} is not above zero at position {', '.join(map(str, wrong[0]))}"
        )
    return array


def shares(values: ArrayLike, name: str, *, least: int = 1) -> np.ndarray:
    """Weights (n,) that are not negative, brought to the sum 1; ValueError when they are all zero."""
    array = finite(values, name, least=least)
    if (array < 0).any() or array.sum() <= 0:
        raise ValueError(f"{name} must not be negative nor all zero")
    return np.asarray(array / array.sum())


def dated(series: pd.Series, name: str, *, freq: str = "M", least: int = 1) -> pd.Series:
    """`series` as floats when its PeriodIndex of `freq` has every period once and in order, all finite.

    ValueError naming the first period that is missing, stands twice or has no finite value.
    """
    index = series.index
    if not isinstance(index, pd.PeriodIndex) or not str(index.freqstr).startswith(freq):
        raise ValueError(f"{name} needs a PeriodIndex of frequency {freq}")
    in_order(index, name)
    if len(index) < least:
        told = f"{name} needs at least {least} periods, not {len(index)}"
        raise LackingError("too_few_periods", told, need=least, have=len(index))
    missing = pd.period_range(index[0], index[-1], freq=index.freq).difference(index)
    if len(missing):
        raise LackingError("gap", f"{name} lacks {missing[0]}", period=missing[0])
    return finite_dated(series, name)


def in_order(index: pd.PeriodIndex, name: str) -> None:
    """ValueError when a period stands twice or before an earlier one, or when there is none."""
    if not len(index):
        raise LackingError("nothing_known", f"{name} is empty")
    if index.has_duplicates:
        raise ValueError(f"{name} has {index[index.duplicated()][0]} twice")
    if not index.is_monotonic_increasing:
        raise ValueError(f"{name} is not in order of time")


def finite_dated(series: pd.Series, name: str) -> pd.Series:
    """`series` as floats; ValueError naming the first period without a finite value."""
    values = series.astype(float)
    wrong = values.index[~np.isfinite(values.to_numpy())]
    if len(wrong):
        raise LackingError("gap", f"{name} has no finite value at {wrong[0]}", period=wrong[0])
    return values
