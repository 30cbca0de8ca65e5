"""Sums of the year to date 累计值 that were handed in as values of single periods."""

from dataclasses import dataclass

import numpy as np

from models.series.faults import Suspicion, about, few_counted, suspicion
from models.series.track import Track


@dataclass(frozen=True)
class _Years:
    """The years of a track, (m,) arrays: positions of first and last values; whether none falls within the year;
    ln(last / first) over the logarithm of what it is for sums of equal parts, NaN where that cannot be told."""

    start: np.ndarray
    end: np.ndarray
    rising: np.ndarray
    rise: np.ndarray


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
    by_year = _years(track)
    first, last = track.values[by_year.start], track.values[by_year.end]
    long = by_year.end - by_year.start >= 2
    chosen = long & by_year.rising & (first > 0) & np.append(True, first[1:] < last[:-1])
    if long.sum() < years or chosen.sum() < share * long.sum():
        return []
    risen = float(np.median(by_year.rise[chosen]))
    if risen < rise:
        return []
    newest = track.values.size - 1
    if newest == by_year.start[-1]:  # a year's first value is itself a single period's
        newest -= 1
    single = about(track.values[newest] - track.values[newest - 1])
    return [suspicion(track, "cumulative", newest, single, years=int(chosen.sum()), rise=about(risen))]


def turned_to_sums(
    track: Track, *, values: int, rise: float, apart: float, least_count: float
) -> list[Suspicion]:
    """A series of single periods that goes on as year-to-date sums, told at the first value that is a sum.

    The newest years of at least `values` values never fall and rise at least `rise` times as sums do (see
    `taken_for_flow`). What proves it: in the first of them, differences go on from the values of the year before,
    period by period (in the median within `apart`, in logarithms), where the values themselves are further off by at
    least as much. Counts whose median lies below `least_count` look like anything.
    """
    if track.phases == 1 or not track.values.size or few_counted(track, least_count):
        return []
    by_year = _years(track)
    long = by_year.end - by_year.start >= values - 1
    alike = by_year.rising & (by_year.rise >= rise)
    newest = by_year.start.size - 1
    if not long[newest]:  # a year just begun tells nothing yet
        newest -= 1
    turn = newest
    while turn > 0 and long[turn] and alike[turn]:
        start = by_year.start[turn]
        if _goes_on(track, slice(by_year.start[turn - 1], start), slice(start, by_year.end[turn] + 1), apart):
            at = start if track.phase[start] else start + 1  # of a year's first period the sum is the value
            shared = track.values[at] / (track.phase[at] + 1)
            single = about(shared if at == start else track.values[at] - track.values[start])
            risen = about(float(np.median(by_year.rise[turn : newest + 1])))
            evidence = {"years": newest - turn + 1, "rise": risen}
            return [suspicion(track, "cumulative_from", at, single, **evidence)]
        turn -= 1
    return []


def _goes_on(track: Track, before: slice, year: slice, apart: float) -> bool:
    """Whether the differences of a year, rather than its values, go on from the values of the year before."""
    _, here, there = np.intersect1d(track.phase[year][1:], track.phase[before], return_indices=True)
    singles, sums = np.diff(track.values[year])[here], track.values[year][1:][here]
    base = track.values[before][there]
    usable = (singles > 0) & (base > 0)
    if 2 * usable.sum() <= year.stop - year.start - 1:
        return False
    off = abs(float(np.median(np.log(singles[usable] / base[usable]))))
    return off <= apart and abs(float(np.median(np.log(sums[usable] / base[usable])))) >= off + apart


def _years(track: Track) -> _Years:
    start = np.flatnonzero(np.diff(track.year, prepend=track.year[0] - 1))
    end = np.append(start[1:], track.values.size) - 1
    falls = np.append(0, np.cumsum((np.diff(track.values) < 0) & (np.diff(track.year) == 0)))
    told = (track.values[start] > 0) & (track.values[end] > 0) & (end > start)
    rise = np.full(start.size, np.nan)
    since, until = start[told], end[told]
    parts = np.log((track.phase[until] + 1) / (track.phase[since] + 1))
    rise[told] = np.log(track.values[until] / track.values[since]) / parts
    return _Years(start, end, falls[end] == falls[start], rise)
