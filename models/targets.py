"""Standing of a plan target 规划目标: the way gone, the time gone, and a light for the pace.

Sources: the schedule performance index of earned value management (standard ANSI/EIA-748), the way gone over the way
planned by now, for the pace; Hermite's cubic 3t^2 - 2t^3 for the S-curve. The least paces of the lights are conf's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from models.checks import finite

Trajectory = Literal["linear", "s_curve", "milestone"]
Light = Literal["green", "yellow", "red", "grey"]
DIGITS = 9  # what binary fractions add must not turn a light
FEWEST_ERRORS = 8
DAYS_A_YEAR = 365.25


@dataclass(frozen=True)
class Standing:
    """Where a target stands; NaN where not defined.

    attainment: share of the way from base to goal (1 = goal met). time_elapsed: share of the time (1 = due).
    path: share of the way due by now. pace: attainment over path.
    """

    attainment: float
    time_elapsed: float
    path: float
    pace: float
    light: Light


def assess(
    value: float | None,
    base: float | None,
    goal: float,
    *,
    start: date,
    due: date,
    now: date,
    trajectory: Trajectory,
    green: float,
    yellow: float,
    rising: bool,
    milestones: Sequence[tuple[float, float]] = (),
) -> Standing:
    """Standing on the day `now` of a target that goes from `base` at `start` to `goal` at `due`.

    `green` and `yellow` are the least paces for these lights. `milestones` are (share of time, share of way)
    pairs for the milestone trajectory. Without a value the light is grey: not knowing is never green. Without
    a base (or with base equal to goal) the way gone cannot be measured, but the end can: green when the goal
    is reached, red when it is past due and is not, grey before; `rising` says on which side of the goal the end
    lies. Method: attainment = (value - base) / (goal - base), which serves
    rising and falling targets alike. ValueError for due not after start, yellow above green, or missing
    milestones.
    """
    if not 0 < yellow <= green:
        raise ValueError(f"lights need 0 < yellow <= green, not {yellow:g} and {green:g}")
    elapsed = time_elapsed(start, due, now)
    path = path_share(min(elapsed, 1.0), trajectory, milestones)
    done = attainment(value, base, goal)
    pace = done / path if path > 0 else np.nan
    if np.isnan(done):
        light = _light_without_way(value, goal, rising, elapsed)
    else:
        light = _light(done, elapsed, path, green, yellow)
    return Standing(done, elapsed, path, pace, light)


@dataclass(frozen=True)
class Lateness:
    """Months that a target was reached after its due date (+ late, - early). Not reached yet (`reached` None): those
    that it was late by at the newest report."""

    months: int
    reached: date | None


def lateness(
    values: Sequence[tuple[date, float]], goal: float, *, rising: bool, due: date
) -> Lateness | None:
    """How late a target is reached, by calendar months, from its reported values (day, value).

    It is reached on the first day from which on it is never again short of its goal. None while it is neither reached
    nor past due by the newest report: of what nobody reported on nothing is known.
    """
    ordered = sorted(values)
    if not ordered:
        return None
    reached = None
    for day, value in reversed(ordered):
        if value < goal if rising else value > goal:
            break
        reached = day
    day = reached or ordered[-1][0]
    months = 12 * (day.year - due.year) + day.month - due.month
    if reached is None and months <= 0:
        return None
    return Lateness(months, reached)


def attainment_chance(
    forecast: float, errors: np.ndarray, goal: float, *, rising: bool, lower: float, upper: float
) -> float:
    """Chance (0-1) that a target is met at its due date, from simulated ends.

    An end is the `forecast` for the due date plus one of the past `errors` (n,) of forecasts as far ahead,
    actual less forecast, in the target's unit, cut to what is possible (`lower`..`upper`, e.g. a count is not
    below 0). The chance is (ends on the right side of the goal + 1) / (n + 2): never certain, and the less so
    the fewer errors there are. Source: Laplace's rule of succession on the residual bootstrap of Efron (1979).
    ValueError for fewer than eight errors, values that are not finite, or no room between the bounds.
    """
    past = finite(errors, "errors", least=FEWEST_ERRORS)
    finite([forecast, goal], "forecast and goal")
    if not lower < upper:
        raise ValueError(f"bounds need lower < upper, not {lower:g} and {upper:g}")
    ends = np.round(np.clip(forecast + past, lower, upper), DIGITS)
    settled = round(goal, DIGITS)
    met = ends >= settled if rising else ends <= settled
    return (int(met.sum()) + 1) / (past.size + 2)


def required_rate(value: float, goal: float, *, rising: bool, now: date, due: date) -> float | None:
    """Change a year (365.25 days) that is still needed to be at the goal when due; 0 when it is reached, None when due.

    Negative for a target that falls.
    """
    if now >= due:
        return None
    if value >= goal if rising else value <= goal:
        return 0.0
    return (goal - value) / _years(now, due)


def recent_rate(values: Sequence[tuple[date, float]], *, since: date) -> float | None:
    """Change a year of the newest of (day, value) against the last one known by `since`; None without one."""
    ordered = sorted(values)
    before = [known for known in ordered if known[0] <= since]
    if not before or ordered[-1][0] <= before[-1][0]:
        return None
    (start, first), (end, last) = before[-1], ordered[-1]
    return (last - first) / _years(start, end)


def attainment(value: float | None, base: float | None, goal: float) -> float:
    """(value - base) / (goal - base); above 1 past the goal, negative when moving away.

    NaN without value or base, and when base equals goal: then there is no way to measure along.
    """
    if value is None or base is None or base == goal:
        return float("nan")
    return (value - base) / (goal - base)


def time_elapsed(start: date, due: date, now: date) -> float:
    """Share of the time from `start` to `due` gone by `now`: 0 before the start, above 1 when past due."""
    if due <= start:
        raise ValueError(f"due {due} is not after start {start}")
    return max((now - start).days / (due - start).days, 0.0)


def path_share(time: float, trajectory: Trajectory, milestones: Sequence[tuple[float, float]] = ()) -> float:
    """Share of the way due at a share of the time (0-1), shape of the declared trajectory.

    linear: t. s_curve: 3t^2 - 2t^3, slow at both ends as roll-outs are. milestone: that of the last milestone
    passed, 0 before the first, and the whole way at the end.
    """
    if trajectory == "linear":
        return time
    if trajectory == "s_curve":
        return 3 * time**2 - 2 * time**3
    if trajectory != "milestone":
        raise ValueError(f"unknown trajectory {trajectory}")
    if not milestones:
        raise ValueError("a milestone trajectory needs milestones")
    if time >= 1:
        return 1.0
    return max((share for at, share in milestones if at <= time), default=0.0)


def _years(start: date, end: date) -> float:
    return (end - start).days / DAYS_A_YEAR


def _light_without_way(value: float | None, goal: float, rising: bool, elapsed: float) -> Light:
    if value is None:
        return "grey"
    if value >= goal if rising else value <= goal:
        return "green"
    return "red" if elapsed > 1 else "grey"


def _light(done: float, elapsed: float, path: float, green: float, yellow: float) -> Light:
    settled = round(done, DIGITS)
    if settled >= 1:
        return "green"
    if elapsed > 1:
        return "red"
    # compared as products: at the start nothing is due, pace is undefined, and standing still is in order
    if settled >= round(green * path, DIGITS):
        return "green"
    return "yellow" if settled >= round(yellow * path, DIGITS) else "red"
