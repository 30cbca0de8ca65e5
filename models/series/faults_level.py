"""Faults that show in the level of a series: a decimal slip, a change of unit, a new base of an index.

The rules look at logarithms less their trend and season: a slip stands alone among its neighbours, a change of unit or
of base is a step that stays. Steps and spreads are judged against the series' own, by medians, so that volatile series
are not accused of what is usual with them. Sources: Iglewicz and Hoaglin, How to detect and handle outliers (1993), for
the deviation from the median; International Monetary Fund, Consumer Price Index Manual (2020), chapter on calculation,
for what a new base changes and what it leaves.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.series.faults import FEWEST_SEASONS, Suspicion, about, around, suspicion, usual
from models.series.track import Track

HUNDRED = float(np.log(100.0))


@dataclass(frozen=True)
class Level:
    """Logarithms of the values above zero, and what is left of them without trend and season: (m,) arrays.

    at: index in the track; slope: trend a period; share: values above zero of all, ratios
    say nothing without it; below: values below zero of all, but for the first, which may be a fault: they tell a
    balance 差额, which comes near zero of itself.
    """

    log: np.ndarray
    rest: np.ndarray
    at: np.ndarray
    slope: float
    share: float
    below: float

    def is_silent(self, above_zero: float, below_zero: float) -> bool:
        """Whether fewer values than `above_zero` (share) are above zero, or more than `below_zero` below it."""
        return self.share < above_zero or self.below > below_zero


def level(track: Track) -> Level:
    """What the rules of the level look at.

    The trend is the median growth over a year, the season the median distance of each period of the year from
    a moving median, taken from three years on.
    """
    at = np.flatnonzero(track.values > 0)
    log, number, phases = np.log(track.values[at]), track.number[at], track.phases
    share = at.size / track.values.size
    below = max(int((track.values < 0).sum()) - 1, 0) / track.values.size
    if at.size < 2:
        return Level(log, log, at, 0.0, share, below)
    lag = phases if at.size > 2 * phases else 1
    slope = float(np.median((log[lag:] - log[:-lag]) / (number[lag:] - number[:-lag])))
    rest = log - slope * (number - number[0])
    if phases > 1 and at.size >= FEWEST_SEASONS * phases:
        apart = rest - _moving_median(rest, phases)
        rest = rest - _phase_medians(apart, track.phase[at], phases)[track.phase[at]]
    return Level(log, rest, at, slope, share, below)


def unit_changes(
    track: Track,
    found: Level,
    *,
    factors: Sequence[float],
    tolerance: float,
    least_steps: float,
    reach: int,
    sigmas: float,
    above_zero: float,
    below_zero: float,
) -> list[Suspicion]:
    """Steps about as high as a known factor between units (10, 10000, 15 mu a hectare, …), or down by one.

    `tolerance` is the largest distance from the factor in logarithms; for `least_steps` see `_is_told`; `reach` and
    `sigmas` tell a step (see `_steps`); for `above_zero` and `below_zero` see
    `Level.is_silent`: such series are passed over.
    """
    said = []
    for at in _steps(found, reach, sigmas, above_zero, below_zero):
        size = _jump(found, at)
        factor = min(factors, key=lambda known: abs(np.log(known) - abs(size)))
        if abs(np.log(factor) - abs(size)) > tolerance or not _is_told(track, found, at, size, least_steps):
            continue
        evidence = {"factor": factor if size > 0 else 1 / factor, "ratio": about(np.exp(size))}
        said.append(
            suspicion(track, "unit_change", found.at[at], about(np.exp(found.log[at] - size)), **evidence)
        )
    return said


def new_bases(
    track: Track,
    found: Level,
    *,
    least: float,
    near: float,
    growth_sigmas: float,
    reach: int,
    sigmas: float,
    above_zero: float,
    below_zero: float,
) -> list[Suspicion]:
    """Steps of an index to about 100 that leave its growth as it was: another base year 基期.

    The step is at least `least` in logarithms and leads from further off to within `near` of 100; the median
    changes of the `reach` periods on both sides differ by no more than `growth_sigmas` usual ones. The rest as in
    `unit_changes`.
    """
    change = np.diff(found.rest)
    said = []
    for at in _steps(found, reach, sigmas, above_zero, below_zero):
        size, before, after = _jump(found, at), found.log[at - 1] - HUNDRED, found.log[at] - HUNDRED
        if abs(size) < least or abs(after) > near or abs(before) < abs(after) + least / 2:
            continue
        left, right = (
            float(np.median(part)) for part in (change[at - reach : at - 1], change[at : at + reach - 1])
        )
        if abs(left - right) > growth_sigmas * usual(change):
            continue
        evidence = {
            "ratio": about(np.exp(size)),
            "growth_before": 100 * float(np.expm1(left + found.slope)),
            "growth_after": 100 * float(np.expm1(right + found.slope)),
        }
        said.append(
            suspicion(track, "new_base", found.at[at], about(np.exp(found.log[at] - size)), **evidence)
        )
    return said


def without(found: Level, jumps: Sequence[Suspicion], track: Track) -> Level:
    """The level as if it had not jumped where these suspicions stand: what is wrong beside them shows then."""
    rest = found.rest.copy()
    positions = {jump.position for jump in jumps}
    for at in range(1, rest.size):
        if int(track.at[found.at[at]]) in positions:
            rest[at:] -= _jump(found, at)
    return replace(found, rest=rest)


def decimal_slips(
    track: Track,
    found: Level,
    *,
    factors: Sequence[float],
    tolerance: float,
    least_steps: float,
    reach: int,
    sigmas: float,
    above_zero: float,
    below_zero: float,
) -> list[Suspicion]:
    """Values about `factors` times (or a part of) the median of the 2 * `reach` values around them.

    `tolerance` is the largest distance from the factor in logarithms; for `least_steps` see `_is_told`. The factor
    must be at least `sigmas` usual deviations away, and the values beside must be in order or have slipped alike: a
    fall that eases off is no slip.
    """
    n = found.rest.size
    if n < 2 * reach + 1 or found.is_silent(above_zero, below_zero):
        return []
    apart = _apart(found, reach)
    listed = np.asarray(factors, dtype=float)
    factor = listed[np.argmin(np.abs(np.log(listed) - np.abs(apart)[:, None]), axis=1)]
    far = np.log(factor)
    slipped = (np.abs(np.abs(apart) - far) <= tolerance) & (far >= sigmas * usual(apart))
    signed = np.where(slipped, np.where(apart > 0, factor, 1 / factor), 1.0)
    said = []
    for k in np.flatnonzero(slipped):
        if not _is_told(track, found, int(k), apart[k], least_steps):
            continue
        beside = [j for j in (k - 1, k + 1) if 0 <= j < n]
        if all(abs(apart[j]) < far[k] / 2 or signed[j] == signed[k] for j in beside):
            evidence = {"factor": float(signed[k]), "ratio": about(np.exp(apart[k]))}
            expected = about(np.exp(found.log[k] - apart[k]))
            said.append(suspicion(track, "decimal_slip", found.at[k], expected, **evidence))
    return said


def newest_factors(
    track: Track,
    found: Level,
    *,
    factors: Sequence[float],
    tolerance: float,
    least_steps: float,
    reach: int,
    sigmas: float,
    above_zero: float,
    below_zero: float,
) -> list[Suspicion]:
    """The newest values, fewer than `reach`, about one of `factors` (or a part) off the 2 * `reach` before them.

    A slip and a change of unit look alike until later values tell which it was. Told at the first of them; the value
    before is in order. The rest as in `decimal_slips`.
    """
    rest, n = found.rest, found.rest.size
    if n < 2 * reach + 1 or found.is_silent(above_zero, below_zero):
        return []
    listed, least = np.asarray(factors, dtype=float), sigmas * usual(_apart(found, reach))
    for at in range(n - 1, max(n - reach, 2 * reach - 1), -1):
        before = rest[at - 2 * reach : at]
        apart = rest[at:] - float(np.median(before))
        factor = listed[np.argmin(np.abs(np.log(listed) - abs(apart[0])))]
        size = float(np.copysign(np.log(factor), apart[0]))
        if abs(size) < least or (np.abs(apart - size) > tolerance).any():
            continue
        if abs(rest[at - 1] - np.median(before)) >= abs(size) / 2:
            continue
        if _is_told(track, found, at, float(apart[0]), least_steps):
            evidence = {"factor": float(np.exp(size)), "ratio": about(np.exp(apart[0])), "values": n - at}
            expected = about(np.exp(found.log[at] - apart[0]))
            return [suspicion(track, "newest_factor", found.at[at], expected, **evidence)]
    return []


def newest_bases(
    track: Track,
    found: Level,
    *,
    least: float,
    near: float,
    reach: int,
    sigmas: float,
    above_zero: float,
    below_zero: float,
) -> list[Suspicion]:
    """A step of an index to about 100 in its newest values, fewer than `reach`: too few to tell growth after it.

    Therefore it leads closer to 100 than in `new_bases`; otherwise parameters are as there.
    """
    rest, n = found.rest, found.rest.size
    if n < 2 * reach + 1 or found.is_silent(above_zero, below_zero):
        return []
    strong = max(least, sigmas * usual(np.diff(rest)))
    for at in range(n - reach + 1, n):
        size, before, after = _jump(found, at), found.log[at - 1] - HUNDRED, found.log[at] - HUNDRED
        if abs(size) < strong or abs(after) > near or abs(before) < abs(after) + least / 2:
            continue
        sides = np.sign(size) * (rest[at - reach :] - rest[at - 1] - size / 2)
        if (sides[:reach] < 0).all() and (sides[reach:] > 0).all():
            evidence = {"ratio": about(np.exp(size)), "values": n - at}
            expected = about(np.exp(found.log[at] - size))
            return [suspicion(track, "newest_base", found.at[at], expected, **evidence)]
    return []


def sudden_changes(track: Track, *, limit: float) -> list[Suspicion]:
    """Values more than `limit` (share of the smaller) a period off the last one believed, and off the one after.

    A step to a level that the next value bears out is believed: a census puts a population right once for all. So the
    newest value is the one that is mostly told; the first is never. Values not above zero are passed over.
    """
    at = np.flatnonzero(track.values > 0)
    log, number = np.log(track.values[at]), track.number[at]

    def is_near(one: int, other: int) -> bool:
        return bool(abs(log[other] - log[one]) <= np.log1p(limit) * (number[other] - number[one]))

    said, believed = [], 0
    for k in range(1, at.size):
        if is_near(believed, k) or (k + 1 < at.size and is_near(k, k + 1)):
            believed = k
            continue
        before = float(np.exp(log[believed]))
        change = 100 * float(np.expm1(log[k] - log[believed]))
        said.append(
            suspicion(track, "sudden_change", at[k], about(before), before=about(before), change=change)
        )
    return said


def _apart(found: Level, reach: int) -> np.ndarray:
    """How far each value is from the median of the 2 * `reach` around it, (m,)."""
    return np.asarray(found.rest - np.median(found.rest[around(found.rest.size, reach)], axis=1))


def _is_told(track: Track, found: Level, at: int, size: float, least_steps: float) -> bool:
    """Whether the smaller of a value and of what it was to be is at least `least_steps` rounding steps.

    A few steps prove no factor: 0.3 falls to 0.03 by rounding and chance, as a count of 9 falls to 1.
    """
    return bool(np.exp(found.log[at] - max(size, 0.0)) >= least_steps * track.step)


def _steps(found: Level, reach: int, sigmas: float, above_zero: float, below_zero: float) -> list[int]:
    """Places of a Level where a jump parts the `reach` values before from those after.

    A jump is at least `sigmas` usual changes high, and no value on either side is beyond its middle: what comes
    back, as after a month of closed works, is no step.
    """
    rest = found.rest
    if rest.size < 2 * reach or found.is_silent(above_zero, below_zero):
        return []
    change = np.diff(rest)
    windows = np.lib.stride_tricks.sliding_window_view(rest, reach)
    low, high = windows.min(axis=1), windows.max(axis=1)
    jump = change[reach - 1 : rest.size - reach]  # into each place that has `reach` values on both sides
    middle = rest[reach - 1 : rest.size - reach] + jump / 2
    n = jump.size
    risen = (high[:n] < middle) & (low[reach : reach + n] > middle)
    fallen = (low[:n] > middle) & (high[reach : reach + n] < middle)
    strong = (risen | fallen) & (np.abs(jump) >= sigmas * usual(change))
    return [int(k) + reach for k in np.flatnonzero(strong)]


def _jump(found: Level, at: int) -> float:
    return float(found.rest[at] - found.rest[at - 1])


def _moving_median(values: np.ndarray, width: int) -> np.ndarray:
    """Median of the `width` values around each; at the ends, of the first and the last such window.

    With a year's width it is the same wherever in the year it lies, so that no season is left in it.
    """
    medians = np.median(np.lib.stride_tricks.sliding_window_view(values, width), axis=1)
    return np.asarray(medians[np.clip(np.arange(values.size) - width // 2, 0, medians.size - 1)])


def _phase_medians(values: np.ndarray, phase: np.ndarray, phases: int) -> np.ndarray:
    """Median of the values of each phase, (phases,); 0 where there is none."""
    order = np.lexsort((values, phase))
    count = np.bincount(phase, minlength=phases)
    start = np.append(0, np.cumsum(count)[:-1])
    top = np.minimum(start + count // 2, values.size - 1)
    low = np.minimum(start + np.maximum(count - 1, 0) // 2, values.size - 1)
    middle = (values[order][low] + values[order][top]) / 2
    return np.where(count > 0, middle, 0.0)
