"""Faults of a deliverer that numbers alone betray. Each is a suspicion with its evidence, for a person to confirm.

Nothing is corrected here. Rules of the level (decimal slip, change of unit, new base of an index) look at
logarithms less their trend and season: a slip stands alone among its neighbours, a change of unit or of base is a
step that stays. Steps and spreads are judged against the series' own, by medians, so that volatile series are not
accused of what is usual with them. Sources: Iglewicz and Hoaglin, How to detect and handle outliers (1993), for the
deviation from the median; International Monetary Fund, Consumer Price Index Manual (2020), chapter on calculation,
for what a new base changes and what it leaves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np

from models.series.track import Track, last_day, number_of

TO_SIGMA = 1.4826  # standard deviation over median absolute deviation, of a normal
FEWEST_SEASONS = 3  # years from which a season or a habit can be told from a fault
HUNDRED = float(np.log(100.0))


@dataclass(frozen=True)
class Suspicion:
    """At `position` of the series, `value` is not what `expected` says (NaN where nothing can be expected).

    `rule` is its code; `evidence` are the numbers that the rule went by, by name.
    """

    rule: str
    position: int
    value: float
    expected: float
    evidence: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Level:
    """Logarithms of the values above zero, and what is left of them without trend and season: (m,) arrays.

    at: index in the track; slope: trend a period; share: values above zero of all, ratios say nothing without it;
    0 for a balance 差额, told by a value below zero: it comes near zero of itself.
    """

    log: np.ndarray
    rest: np.ndarray
    at: np.ndarray
    slope: float
    share: float


# --- periods ------------------------------------------------------------------------------------------------


def future_dates(track: Track, *, as_of: date, days: int) -> list[Suspicion]:
    """Values for periods that end more than `days` days after `as_of`, when nobody can have measured them."""
    first = number_of(as_of + timedelta(days=days + 1), track.freq)
    return [
        _of(
            track,
            "future_date",
            k,
            float("nan"),
            days=(last_day(int(track.number[k]), track.freq) - as_of).days,
        )
        for k in np.flatnonzero(track.number >= first)
    ]


def missing_periods(
    track: Track, *, longest: Mapping[str, int], coverage: float, habit: float, least_count: float
) -> list[Suspicion]:
    """Gaps of more than `longest` periods (by frequency), told at the value after the gap.

    No fault are series that cover less than `coverage` of their span (censuses), periods of the year that are
    missing in at least `habit` of the years (January of cumulative series is not published), and gaps of counts
    whose median lies below `least_count`, where nothing to count may mean no row.
    """
    steps = np.diff(track.number)
    gaps = np.flatnonzero(steps > longest[track.freq] + 1)
    if not gaps.size or track.number.size < coverage * (track.number[-1] - track.number[0] + 1):
        return []
    if _counts(track) and np.median(track.values) < least_count:
        return []
    years = track.year[-1] - track.year[0] + 1
    if track.phases > 1 and track.freq != "W" and years >= FEWEST_SEASONS:
        seldom = np.bincount(track.phase, minlength=track.phases) <= (1 - habit) * years
    else:
        seldom = np.zeros(track.phases, dtype=bool)
    found = []
    for gap in gaps:
        lost = np.arange(track.number[gap] + 1, track.number[gap + 1])
        missing = int((~seldom[lost % track.phases]).sum())
        if missing > longest[track.freq]:
            found.append(_of(track, "missing_periods", int(gap) + 1, float("nan"), missing=missing))
    return found


def taken_for_flow(track: Track, *, years: int, share: float, rise: float) -> list[Suspicion]:
    """A year-to-date series 累计值 that was handed in as one of single periods.

    It is told at its newest value that is not a year's first, beside what that period alone would be.
    In at least `share` of at least `years` years of three values or more it never falls within the year, starts
    below the end of the year before, and rises from its first to its last period as sums do: ln(last / first) is
    in the median at least `rise` times ln(number of the last / number of the first period of the year).
    Strong seasons that end a year high rise too, but less than sums.
    """
    if track.phases == 1 or track.values.size < 3 * years:
        return []
    starts = np.flatnonzero(np.diff(track.year, prepend=track.year[0] - 1))
    ends = np.append(starts[1:], track.values.size) - 1
    first, last = track.values[starts], track.values[ends]
    falls = np.append(0, np.cumsum((np.diff(track.values) < 0) & (np.diff(track.year) == 0)))
    fallen = falls[ends] - falls[starts]
    sums = (fallen == 0) & (first > 0) & np.append(True, first[1:] < last[:-1])
    long = ends - starts >= 2
    if long.sum() < years or (sums & long).sum() < share * long.sum():
        return []
    chosen = sums & long
    periods = np.log((track.phase[ends] + 1) / (track.phase[starts] + 1))[chosen]
    risen = float(np.median(np.log(last / np.where(first > 0, first, 1.0))[chosen] / periods))
    if risen < rise:
        return []
    newest = track.values.size - 1
    if newest == starts[-1]:  # a year's first value is itself a single period's
        newest -= 1
    single = _about(track.values[newest] - track.values[newest - 1])
    return [_of(track, "cumulative", newest, single, years=int(chosen.sum()), rise=_about(risen))]


def closed_revisions(
    track: Track, earlier: Track, *, as_of: date, years: int, tolerance: float
) -> list[Suspicion]:
    """Values of long closed periods that differ from what was known `earlier` by more than `tolerance`.

    A period is closed `years` years after its end, counted to `as_of`; `tolerance` is relative (0.05 = 5 %).
    ValueError when the two are not of one frequency.
    """
    if track.freq != earlier.freq:
        raise ValueError(f"vintages differ in frequency: {track.freq} and {earlier.freq}")
    _, now, then = np.intersect1d(track.number, earlier.number, assume_unique=True, return_indices=True)
    closed = track.number[now] < number_of(date(as_of.year - years, as_of.month, 1), track.freq)
    new, old = track.values[now], earlier.values[then]
    changed = closed & (np.abs(new - old) > tolerance * np.abs(old))
    return [
        _of(
            track, "closed_revision", int(now[k]), float(old[k]),
            change=100 * float(new[k] / old[k] - 1) if old[k] else float("nan"),
        )
        for k in np.flatnonzero(changed)
    ]  # fmt: skip


# --- level --------------------------------------------------------------------------------------------------


def level(track: Track) -> Level:
    """What the rules of the level look at.

    The trend is the median growth over a year, the season the median distance of each period of the year from
    a moving median, taken from three years on.
    """
    at = np.flatnonzero(track.values > 0)
    log, number, phases = np.log(track.values[at]), track.number[at], track.phases
    share = at.size / track.values.size if (track.values >= 0).all() else 0.0
    if at.size < 2:
        return Level(log, log, at, 0.0, share)
    lag = phases if at.size > 2 * phases else 1
    slope = float(np.median((log[lag:] - log[:-lag]) / (number[lag:] - number[:-lag])))
    rest = log - slope * (number - number[0])
    if phases > 1 and at.size >= FEWEST_SEASONS * phases:
        apart = rest - _moving_median(rest, phases)
        rest = rest - _phase_medians(apart, track.phase[at], phases)[track.phase[at]]
    return Level(log, rest, at, slope, share)


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
) -> list[Suspicion]:
    """Steps about as high as a known factor between units (10, 10000, 15 mu a hectare, …), or down by one.

    `tolerance` is the largest distance from the factor in logarithms; for `least_steps` see `_is_told`; `reach` and
    `sigmas` tell a step (see `_steps`); series with fewer than `above_zero` (share) values above zero are passed over.
    """
    said = []
    for at in _steps(found, reach, sigmas, above_zero):
        size = _jump(found, at)
        factor = min(factors, key=lambda known: abs(np.log(known) - abs(size)))
        if abs(np.log(factor) - abs(size)) > tolerance or not _is_told(track, found, at, size, least_steps):
            continue
        evidence = {"factor": factor if size > 0 else 1 / factor, "ratio": _about(np.exp(size))}
        said.append(_of(track, "unit_change", found.at[at], _about(np.exp(found.log[at] - size)), **evidence))
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
) -> list[Suspicion]:
    """Steps of an index to about 100 that leave its growth as it was: another base year 基期.

    The step is at least `least` in logarithms and leads from further off to within `near` of 100; the median
    changes of the `reach` periods on both sides differ by no more than `growth_sigmas` usual ones. The rest as in
    `unit_changes`.
    """
    change = np.diff(found.rest)
    said = []
    for at in _steps(found, reach, sigmas, above_zero):
        size, before, after = _jump(found, at), found.log[at - 1] - HUNDRED, found.log[at] - HUNDRED
        if abs(size) < least or abs(after) > near or abs(before) < abs(after) + least / 2:
            continue
        left, right = (
            float(np.median(part)) for part in (change[at - reach : at - 1], change[at : at + reach - 1])
        )
        if abs(left - right) > growth_sigmas * _usual(change):
            continue
        evidence = {
            "ratio": _about(np.exp(size)),
            "growth_before": 100 * float(np.expm1(left + found.slope)),
            "growth_after": 100 * float(np.expm1(right + found.slope)),
        }
        said.append(_of(track, "new_base", found.at[at], _about(np.exp(found.log[at] - size)), **evidence))
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
) -> list[Suspicion]:
    """Values about `factors` times (or a part of) the median of the 2 * `reach` values around them.

    `tolerance` is the largest distance from the factor in logarithms; for `least_steps` see `_is_told`. The factor
    must be at least `sigmas` usual deviations away, and the values beside must be in order or have slipped alike: a
    fall that eases off is no slip.
    """
    rest, n = found.rest, found.rest.size
    if n < 2 * reach + 1 or found.share < above_zero:
        return []
    position = np.arange(n)
    # near an end the window is moved, not cut: a lone neighbour with a slip would accuse an honest value
    around = np.clip(position - reach, 0, n - 2 * reach - 1)[:, None] + np.arange(2 * reach)
    around += around >= position[:, None]
    apart = rest - np.median(rest[around], axis=1)
    listed = np.asarray(factors, dtype=float)
    factor = listed[np.argmin(np.abs(np.log(listed) - np.abs(apart)[:, None]), axis=1)]
    far = np.log(factor)
    slipped = (np.abs(np.abs(apart) - far) <= tolerance) & (far >= sigmas * _usual(apart))
    signed = np.where(slipped, np.where(apart > 0, factor, 1 / factor), 1.0)
    said = []
    for k in np.flatnonzero(slipped):
        if not _is_told(track, found, int(k), apart[k], least_steps):
            continue
        beside = [j for j in (k - 1, k + 1) if 0 <= j < n]
        if all(abs(apart[j]) < far[k] / 2 or signed[j] == signed[k] for j in beside):
            evidence = {"factor": float(signed[k]), "ratio": _about(np.exp(apart[k]))}
            expected = _about(np.exp(found.log[k] - apart[k]))
            said.append(_of(track, "decimal_slip", found.at[k], expected, **evidence))
    return said


def _is_told(track: Track, found: Level, at: int, size: float, least_steps: float) -> bool:
    """Whether the smaller of a value and of what it was to be is at least `least_steps` rounding steps.

    A few steps prove no factor: 0.3 falls to 0.03 by rounding and chance, as a count of 9 falls to 1.
    """
    return bool(np.exp(found.log[at] - max(size, 0.0)) >= least_steps * track.step)


def _steps(found: Level, reach: int, sigmas: float, above_zero: float) -> list[int]:
    """Places of a Level where a jump parts the `reach` values before from those after.

    A jump is at least `sigmas` usual changes high, and no value on either side is beyond its middle: what comes
    back, as after a month of closed works, is no step.
    """
    rest = found.rest
    if rest.size < 2 * reach or found.share < above_zero:
        return []
    change = np.diff(rest)
    windows = np.lib.stride_tricks.sliding_window_view(rest, reach)
    low, high = windows.min(axis=1), windows.max(axis=1)
    jump = change[reach - 1 : rest.size - reach]  # into each place that has `reach` values on both sides
    middle = rest[reach - 1 : rest.size - reach] + jump / 2
    n = jump.size
    risen = (high[:n] < middle) & (low[reach : reach + n] > middle)
    fallen = (low[:n] > middle) & (high[reach : reach + n] < middle)
    strong = (risen | fallen) & (np.abs(jump) >= sigmas * _usual(change))
    return [int(k) + reach for k in np.flatnonzero(strong)]


def _jump(found: Level, at: int) -> float:
    return float(found.rest[at] - found.rest[at - 1])


def _usual(changes: np.ndarray) -> float:
    """Standard deviation as told by the median of what is usual, whatever the outliers."""
    return TO_SIGMA * float(np.median(np.abs(changes)))


def _about(value: float) -> float:
    """Four digits: an estimate has no more."""
    return float(f"{value:.4g}")


def _counts(track: Track) -> bool:
    return not (track.values % 1).any()


def _of(track: Track, rule: str, k: int | np.integer, expected: float, **evidence: float) -> Suspicion:
    return Suspicion(rule, int(track.at[k]), float(track.values[k]), expected, evidence)


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
