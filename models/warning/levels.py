"""Warning levels 预警等级 of a series, period by period.

Levels are the numbers of China's emergency law: 1 = I red, 2 = II orange, 3 = III yellow, 4 = IV blue; 0 =
none. Every result at a period depends on that period and earlier ones only, so the live state is the last
element of the replay. A missing value (NaN) has level 0 and breaks every run: consecutive means consecutive
published periods.

Sources: Emergency Response Law of China 突发事件应对法 for the four levels; the plans and circulars that the
examples name for the shape of their bands. The bands themselves are conf's, with their dates.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

YELLOW, RED = 3, 1
DIGITS = 9  # comparisons ignore what binary fractions add: 2.04 / 2.00 is a rise of exactly 2 %


class Band(NamedTuple):
    """A level is reached when values have been in the band for `weeks` consecutive periods.

    An infinite bound makes a one-sided band, strict as in "below 5:1" or "above 40 %"; a band with two
    finite bounds contains both, as in "5:1 to 6:1" or "30-40 %".
    """

    level: int
    lower: float
    upper: float
    weeks: int


@dataclass(frozen=True)
class Levels:
    """One element a period, all of shape (n,).

    level: the most severe level reached, 0 none. measure: what was compared with the thresholds (the value,
    or its change in percent). run_length: consecutive periods up to this one within the band of that level,
    0 without a level. distance_to_next: how far the measure is from the nearest more severe band, 0 when it
    lies in that band but not yet long enough, NaN at the most severe level or without a measure.
    """

    level: np.ndarray
    measure: np.ndarray
    run_length: np.ndarray
    distance_to_next: np.ndarray


def band_levels(values: np.ndarray, bands: Sequence[tuple[int, float, float, int]]) -> Levels:
    """Levels of `values` (n,) by bands (level, lower, upper, weeks); the most severe that holds counts.

    Example, falling hog-corn price ratio 猪粮比价 by the national plan of 2021: (3, -inf, 6, 1), (2, 5, 6,
    3), (1, -inf, 5, 1). ValueError for a band without room or with less than one week.
    """
    measure = np.asarray(values, dtype=float)
    compared = np.round(measure, DIGITS)
    level, run_length = np.zeros(compared.shape, dtype=int), np.zeros(compared.shape, dtype=int)
    checked = [_checked(Band(*band)) for band in bands]
    for band in sorted(checked, reverse=True):
        runs = run_lengths(_inside(compared, band))
        reached = runs >= band.weeks
        level[reached], run_length[reached] = band.level, runs[reached]
    distance = np.full(compared.shape, np.nan)
    for band in checked:
        away = np.maximum(np.maximum(band.lower - compared, compared - band.upper), 0.0)
        more_severe = (level == 0) | (band.level < level)
        distance = np.where(more_severe, np.fmin(distance, away), distance)
    return Levels(level, measure, run_length, distance)


def change_levels(values: np.ndarray, lag: int, bands: Sequence[tuple[int, float, float, int]]) -> Levels:
    """Levels of the change in percent against `lag` periods before, by bands in percent.

    Example, lean pork against the same week a year ago: lag 52, (2, 30, 40, 1), (1, 40, inf, 1).
    """
    return band_levels(percent_change(values, lag), bands)


def window_change(values: np.ndarray, yellow: float, red: float) -> Levels:
    """Levels of the rise of a ten-day mean (旬均价) over that of the ten days before.

    `values` (n,) ten-day means in order; `yellow` and `red` are rises in percent and inclusive, as in the
    price lights of Guangdong (2013). Falls never warn. ValueError unless 0 < yellow <= red.
    """
    if not 0 < yellow <= red:
        raise ValueError(f"window change needs 0 < yellow <= red, not {yellow:g} and {red:g}")
    change = percent_change(values, 1)
    compared = np.round(change, DIGITS)
    is_red, is_yellow = compared >= red, compared >= yellow
    level = np.where(is_red, RED, np.where(is_yellow, YELLOW, 0))
    run_length = np.where(is_red, run_lengths(is_red), run_lengths(is_yellow))
    distance = np.where(is_red, np.nan, np.where(is_yellow, red, yellow) - compared)
    return Levels(level, change, run_length, distance)


def percent_change(values: np.ndarray, lag: int) -> np.ndarray:
    """Change in percent against `lag` periods before; NaN where one is missing or the earlier not above 0."""
    values = np.asarray(values, dtype=float)
    if lag < 1:
        raise ValueError(f"lag must be at least 1, not {lag}")
    change = np.full(values.shape, np.nan)
    earlier = np.where(values[:-lag] > 0, values[:-lag], np.nan)
    change[lag:] = 100 * (values[lag:] - earlier) / earlier
    return change


def run_lengths(holds: np.ndarray) -> np.ndarray:
    """For how many consecutive periods, up to each one, `holds` (n,) has been true; 0 where false."""
    position = np.arange(1, holds.size + 1)
    return position - np.maximum.accumulate(np.where(holds, 0, position)) if holds.size else position


def _inside(compared: np.ndarray, band: Band) -> np.ndarray:
    if np.isfinite(band.lower) and np.isfinite(band.upper):
        return np.asarray((compared >= band.lower) & (compared <= band.upper))
    return np.asarray((compared > band.lower) & (compared < band.upper))


def _checked(band: Band) -> Band:
    if not band.lower < band.upper or band.weeks < 1 or band.level < 1:
        raise ValueError(f"band {tuple(band)}: needs level >= 1, lower < upper and weeks >= 1")
    return band
