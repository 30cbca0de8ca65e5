"""Class limits of a map: few, round, and chosen so that the classes tell places apart."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence

from cockpit.formats import nice_step

#: Share of all values in one class of equal width, and empty classes, beyond which quantiles tell more.
_CROWDED = 0.45
_EMPTY = 1


def sequential(values: Sequence[float]) -> tuple[float, ...]:
    """Limits of at most 7 classes from the least to the greatest value, strictly rising.

    Equal widths at round limits; where those leave classes crowded or empty, quantiles with limits rounded to
    three digits. One value alone (or none) gives two limits (or none).
    """
    if not values:
        return ()
    low, high = min(values), max(values)
    if low == high:
        return (low, high)
    wanted = 5 if len(values) < 30 else 6
    equal = _pretty(low, high, wanted)
    held = counts(values, equal)
    if max(held) <= _CROWDED * len(values) and held.count(0) <= _EMPTY:
        return equal
    return _quantiles(sorted(values), wanted)


def diverging(values: Sequence[float], midpoint: float) -> tuple[float, ...]:
    """Limits of at most 8 equal classes, one limit at the midpoint, that cover all values; none without
    values."""
    if not values:
        return ()
    reach = max(abs(value - midpoint) for value in values)
    step = nice_step(reach / 3)
    first = math.floor((min(values) - midpoint) / step + 1e-9)
    last = math.ceil((max(values) - midpoint) / step - 1e-9)
    return tuple(midpoint + n * step for n in range(min(first, -1), max(last, 1) + 1))


def class_of(value: float, limits: Sequence[float]) -> int:
    """Index of a value's class; the last class holds its upper limit, and values beyond the ends join the
    ends."""
    return min(max(bisect_right(limits, value) - 1, 0), len(limits) - 2)


def counts(values: Sequence[float], limits: Sequence[float]) -> list[int]:
    """How many values each class holds."""
    found = [0] * (len(limits) - 1)
    for value in values:
        found[class_of(value, limits)] += 1
    return found


def _pretty(low: float, high: float, wanted: int) -> tuple[float, ...]:
    """Round limits of equal width, 5 to 7 classes where a round step gives as many, else about `wanted`."""
    choices = [_even(low, high, nice_step((high - low) / n)) for n in (wanted, *range(4, 10))]
    return next((limits for limits in choices if 6 <= len(limits) <= 8), choices[0])


def _even(low: float, high: float, step: float) -> tuple[float, ...]:
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return tuple(n * step for n in range(first, last + 1))


def _quantiles(ordered: Sequence[float], wanted: int) -> tuple[float, ...]:
    inner = (_rounded(ordered[len(ordered) * n // wanted]) for n in range(1, wanted))
    between = sorted({limit for limit in inner if ordered[0] < limit < ordered[-1]})
    return (ordered[0], *between, ordered[-1])


def _rounded(value: float) -> float:
    return 0.0 if value == 0 else round(value, 2 - math.floor(math.log10(abs(value))))
