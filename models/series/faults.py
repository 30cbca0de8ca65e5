"""Faults of a deliverer that numbers alone betray. Each is a suspicion with its evidence, for a person to confirm.

Nothing is corrected here. This file has the rules of periods; faults_sums, faults_level and faults_percent have those
of sums of the year to date, of levels and of rates.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from models.series.track import Track, last_day, number_of

TO_SIGMA = 1.4826  # standard deviation over median absolute deviation, of a normal
FEWEST_SEASONS = 3  # years from which a season or a habit can be told from a fault


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


def future_dates(track: Track, *, as_of: date, days: int) -> list[Suspicion]:
    """Values for periods that end more than `days` days after `as_of`, when nobody can have measured them."""
    first = number_of(as_of + timedelta(days=days + 1), track.freq)
    return [
        suspicion(
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
    if few_counted(track, least_count):
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
            found.append(suspicion(track, "missing_periods", int(gap) + 1, float("nan"), missing=missing))
    return found


def stopped(track: Track, *, as_of: date, longest: Mapping[str, int], least_count: float) -> list[Suspicion]:
    """A series whose newest value is too old: since then its usual step has passed more than `longest` (by frequency)
    times, and longer than ever before.

    Its usual step is the median distance of its values: ten years for a census. Counts whose median lies below
    `least_count` may have nothing to count.
    """
    steps = np.diff(track.number)
    if steps.size < 2 or few_counted(track, least_count):
        return []
    silent = number_of(as_of, track.freq) - int(track.number[-1]) - 1  # complete periods without a value
    if silent <= max(longest[track.freq] * float(np.median(steps)), int(steps.max()) - 1):
        return []
    return [suspicion(track, "stopped", track.values.size - 1, float("nan"), missing=silent)]


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
        suspicion(
            track, "closed_revision", int(now[k]), float(old[k]),
            change=100 * float(new[k] / old[k] - 1) if old[k] else float("nan"),
        )
        for k in np.flatnonzero(changed)
    ]  # fmt: skip


def few_counted(track: Track, least_count: float) -> bool:
    """Whether the values are counts whose median lies below `least_count`: chance rules them."""
    return not (track.values % 1).any() and bool(np.median(track.values) < least_count)


def usual(changes: np.ndarray) -> float:
    """Standard deviation as told by the median of what is usual, whatever the outliers."""
    return TO_SIGMA * float(np.median(np.abs(changes)))


def around(count: int, reach: int) -> np.ndarray:
    """Positions of the 2 * `reach` values around each of `count`, itself left out, (count, 2 * reach).

    Near an end the window is moved, not cut: a lone neighbour with a slip would accuse an honest value.
    """
    position = np.arange(count)
    window = np.clip(position - reach, 0, count - 2 * reach - 1)[:, None] + np.arange(2 * reach)
    return np.asarray(window + (window >= position[:, None]))


def about(value: float) -> float:
    """Four digits: an estimate has no more."""
    return float(f"{value:.4g}")


def suspicion(track: Track, rule: str, k: int | np.integer, expected: float, **evidence: float) -> Suspicion:
    """The suspicion of a rule about value `k` of a track."""
    return Suspicion(rule, int(track.at[k]), float(track.values[k]), expected, evidence)
