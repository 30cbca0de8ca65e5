"""Turning points 转折点 of a monthly cycle, and how those of an index lead those of a reference.

Source: Bry and Boschan, Cyclical analysis of time series (1971), in the simplified form that the OECD uses on
smoothed growth cycles: extrema in a window, alternating, with least lengths of phase and cycle.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from models.checks import LackingError, finite

Kind = Literal["peak", "trough"]


class Turn(NamedTuple):
    """A turning point: position in the series, peak or trough, and the value there."""

    position: int
    kind: Kind
    value: float


@dataclass(frozen=True)
class Match:
    """How an index announces the turns of its reference.

    leads: one for each reference turn that is matched, in periods, positive when the index turned first.
    missed: reference turns without one in the index. extra: turns of the index without one in the reference.
    """

    leads: tuple[int, ...]
    missed: tuple[Turn, ...]
    extra: tuple[Turn, ...]


def turning_points(values: ArrayLike, *, window: int, phase: int, cycle: int, ends: int) -> list[Turn]:
    """Alternating peaks and troughs of values (n,), in order of time.

    A candidate is the extremum of the `window` periods on either side, at least `ends` periods from either
    end; of several of one kind in a row the most extreme stays; of turns closer than `phase` (peak to trough)
    or `cycle` (peak to peak, trough to trough) periods, those that mark the least amplitude go. ValueError for
    lengths below one period, a cycle shorter than a phase, or a series that has no room for a window.
    """
    if min(window, phase) < 1 or cycle < phase or ends < 0:
        raise ValueError(
            f"needs window, phase >= 1, cycle >= phase, ends >= 0, not {window}, {phase}, {cycle}, {ends}"
        )
    array = finite(values, "values", least=2 * window + 1)
    turns = _alternating(_candidates(array, window, max(ends, 1)))
    while (excess := _excess(turns, phase, cycle)) is not None:
        turns = _alternating([turn for turn in turns if turn != excess])
    return turns


def match_turns(turns: Sequence[Turn], reference: Sequence[Turn], *, before: int, after: int) -> Match:
    """Turns of an index matched with those of a reference, each at most once.

    A reference turn at r can be matched by a turn of its kind within r - `before` .. r + `after`, the nearest
    pairs first.
    """
    pairs = sorted(
        (abs(r.position - t.position), j, i)
        for j, r in enumerate(reference)
        for i, t in enumerate(turns)
        if t.kind == r.kind and -after <= r.position - t.position <= before
    )
    of_reference: dict[int, int] = {}
    for _, j, i in pairs:
        if j not in of_reference and i not in of_reference.values():
            of_reference[j] = i
    return Match(
        tuple(reference[j].position - turns[of_reference[j]].position for j in sorted(of_reference)),
        tuple(r for j, r in enumerate(reference) if j not in of_reference),
        tuple(t for i, t in enumerate(turns) if i not in of_reference.values()),
    )


def lead_correlation(index: ArrayLike, reference: ArrayLike, longest: int) -> tuple[int, float]:
    """Lead (periods, positive when the index runs ahead) of the largest correlation, and that correlation.

    Leads of -`longest`..`longest` are tried on series (n,) of one length; ValueError when fewer than three
    pairs would be left or a series does not vary.
    """
    x = finite(index, "index", least=longest + 3)
    y = finite(reference, "reference", least=longest + 3)
    if x.size != y.size:
        raise ValueError(f"index and reference differ in length: {x.size} and {y.size}")
    found = []
    for lead in range(-longest, longest + 1):
        a, b = (x[: x.size - lead], y[lead:]) if lead >= 0 else (x[-lead:], y[:lead])
        if np.ptp(a) == 0 or np.ptp(b) == 0:
            raise LackingError("constant", "index or reference does not vary")
        found.append((float(np.corrcoef(a, b)[0, 1]), lead))
    correlation, lead = max(found, key=lambda pair: (pair[0], -abs(pair[1])))
    return lead, correlation


def _candidates(array: np.ndarray, window: int, ends: int) -> list[Turn]:
    found = []
    for at in range(ends, array.size - ends):
        around = array[max(at - window, 0) : at + window + 1]
        if np.ptp(around) == 0:
            continue
        if array[at] == around.max():
            found.append(Turn(at, "peak", float(array[at])))
        elif array[at] == around.min():
            found.append(Turn(at, "trough", float(array[at])))
    return found


def _alternating(turns: Sequence[Turn]) -> list[Turn]:
    kept: list[Turn] = []
    for turn in turns:
        if not kept or kept[-1].kind != turn.kind:
            # a trough above the peak before it is no trough
            if kept and (turn.value >= kept[-1].value) == (turn.kind == "trough"):
                continue
            kept.append(turn)
        elif (turn.value > kept[-1].value) == (turn.kind == "peak") and turn.value != kept[-1].value:
            kept[-1] = turn
    return kept


def _excess(turns: Sequence[Turn], phase: int, cycle: int) -> Turn | None:
    """The turn to drop next: one of the weakest short phase, or the weaker one of the closest short cycle."""
    phases = [
        (abs(b.value - a.value), at)
        for at, (a, b) in enumerate(pairwise(turns))
        if b.position - a.position < phase
    ]
    if phases:
        return _less_needed(turns, min(phases)[1])
    cycles = [
        (b.position - a.position, a, b)
        for a, b in zip(turns, turns[2:], strict=False)
        if b.position - a.position < cycle
    ]
    if not cycles:
        return None
    _, a, b = min(cycles)
    return b if (a.value >= b.value) == (a.kind == "peak") else a


def _less_needed(turns: Sequence[Turn], at: int) -> Turn:
    """Of turns `at` and `at` + 1 the one at an end, else the one a neighbour of its kind replaces better."""
    first, second = turns[at], turns[at + 1]
    if at == 0:
        return first
    if at + 2 == len(turns):
        return second
    sign = 1 if first.kind == "peak" else -1
    loss_of_first = max(sign * (first.value - turns[at + 2].value), 0.0)
    loss_of_second = max(sign * (turns[at - 1].value - second.value), 0.0)
    return first if loss_of_first < loss_of_second else second
