from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from models.targets import (
    Standing,
    assess,
    attainment,
    attainment_chance,
    lateness,
    path_share,
    recent_rate,
    required_rate,
    time_elapsed,
)

START, DUE = date(2016, 1, 1), date(2020, 12, 31)
MIDDLE = START + (DUE - START) / 2
COMMON: dict[str, Any] = {
    "start": START,
    "due": DUE,
    "trajectory": "linear",
    "green": 1.0,
    "yellow": 0.8,
    "rising": True,
}


def stand(value: float | None, base: float | None = 0.0, goal: float = 100.0, **changes: Any) -> Standing:
    return assess(value, base, goal, **{"now": MIDDLE, **COMMON, **changes})


@pytest.mark.parametrize(
    ("value", "light"),
    [(50, "green"), (49, "yellow"), (40, "yellow"), (39, "red"), (-5, "red"), (120, "green")],
)
def test_lights_half_way(value: float, light: str) -> None:
    found = stand(value)
    assert found.light == light
    assert found.attainment == pytest.approx(value / 100)
    assert found.pace == pytest.approx(value / 100 / found.path)


def test_a_falling_target_works_alike() -> None:
    """Closing 37 isolated networks: 12 are left half way through."""
    found = stand(12, base=37, goal=0)
    assert found.attainment == pytest.approx(25 / 37)
    assert found.light == "green"
    assert stand(37, base=37, goal=0).light == "red"


@pytest.mark.parametrize(("value", "base", "goal"), [(None, 0, 1), (5, None, 9), (2, 3, 3)])
def test_not_knowing_is_grey(value: float | None, base: float | None, goal: float) -> None:
    found = stand(value, base, goal)
    assert found.light == "grey"
    assert np.isnan(found.attainment) and np.isnan(found.pace)


@pytest.mark.parametrize(
    ("value", "rising", "late", "light"),
    [(9, True, False, "green"), (8, True, False, "grey"), (8, True, True, "red"), (0, False, True, "red"),
     (-1, False, False, "green")],
)  # fmt: skip
def test_without_base_the_end_can_still_be_told(value: float, rising: bool, late: bool, light: str) -> None:
    goal = 9 if rising else -1
    now = DUE + timedelta(days=1) if late else MIDDLE
    assert stand(value, None, goal, rising=rising, now=now).light == light


def test_past_due_is_red_unless_done() -> None:
    late = DUE + timedelta(days=1)
    assert stand(99, now=late).light == "red"
    assert stand(100, now=late).light == "green"
    assert stand(99, now=late).time_elapsed > 1
    assert stand(99, now=DUE).light == "yellow"


def test_at_the_start_nothing_is_due() -> None:
    found = stand(0, now=START)
    assert found.light == "green" and np.isnan(found.pace)
    assert stand(-1, now=START).light == "red"
    assert time_elapsed(START, DUE, START - timedelta(days=9)) == 0


def test_thresholds_are_the_callers() -> None:
    assert stand(40, green=0.8, yellow=0.5).light == "green"
    assert stand(30, green=0.8, yellow=0.5).light == "yellow"


def test_s_curve_starts_gently() -> None:
    """A roll-out a quarter through: 15.6 % are due, where the straight line wants 25 %."""
    quarter = START + (DUE - START) / 4
    assert stand(17, now=quarter).light == "red"
    assert stand(17, now=quarter, trajectory="s_curve").light == "green"
    assert path_share(0.25, "s_curve") == pytest.approx(0.15625)


def test_milestones_step() -> None:
    steps = [(0.75, 0.8), (0.4, 0.3)]
    assert [path_share(t, "milestone", steps) for t in (0.0, 0.39, 0.4, 0.7, 0.75, 1.0)] == [
        *[0.0, 0.0, 0.3, 0.3, 0.8, 1.0]
    ]
    assert stand(30, trajectory="milestone", milestones=steps).light == "green"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"due": START}, "not after start"),
        ({"green": 0.5}, "yellow <= green"),
        ({"trajectory": "milestone"}, "needs milestones"),
        ({"trajectory": "zigzag"}, "unknown trajectory"),
    ],
)
def test_bad_targets_are_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        stand(10, **changes)


numbers = st.integers(-1000, 1000).map(float)


@given(value=numbers, base=numbers, goal=numbers, factor=st.sampled_from([-2.0, 0.5, 4.0]), shift=numbers)
def test_attainment_knows_no_unit(
    value: float, base: float, goal: float, factor: float, shift: float
) -> None:
    assume(base != goal)
    moved = attainment(factor * value + shift, factor * base + shift, factor * goal + shift)
    assert moved == pytest.approx(attainment(value, base, goal))
    assert attainment(base, base, goal) == 0 and attainment(goal, base, goal) == 1


@given(days=st.integers(0, 1826), more=st.integers(0, 50), value=st.integers(0, 100))
def test_more_is_never_a_worse_light(days: int, more: int, value: int) -> None:
    order = ["red", "yellow", "green"]
    now = START + timedelta(days=days)
    for trajectory in ("linear", "s_curve"):
        one, other = (stand(v, now=now, trajectory=trajectory).light for v in (value, value + more))
        assert order.index(other) >= order.index(one)


@given(early=st.floats(0, 1), late=st.floats(0, 1))
def test_paths_only_rise_and_end_at_the_goal(early: float, late: float) -> None:
    early, late = sorted((early, late))
    for trajectory in ("linear", "s_curve", "milestone"):
        shares = [path_share(t, trajectory, [(0.3, 0.2), (0.6, 0.9)]) for t in (0.0, early, late, 1.0)]
        assert shares == sorted(shares) and shares[0] == 0 and shares[-1] == 1


def chance(forecast: float, goal: float, **changes: Any) -> float:
    chosen = {"rising": True, "lower": 0.0, "upper": 100.0} | changes
    return attainment_chance(forecast, np.arange(-9.0, 10), goal, **chosen)


def test_chance_is_the_share_of_ends_on_the_right_side() -> None:
    """Nineteen errors from -9 to 9; zero and certainty are never said."""
    assert chance(50, 50) == pytest.approx(11 / 21)
    assert chance(50, 50, rising=False) == pytest.approx(11 / 21)
    assert chance(90, 50) == pytest.approx(20 / 21)
    assert chance(10, 50) == pytest.approx(1 / 21)


def test_what_is_impossible_is_cut() -> None:
    assert chance(3, 0, rising=False) == pytest.approx(8 / 21)  # errors of -3 and less end at nothing left
    assert chance(98, 101) == pytest.approx(1 / 21)


@given(forecast=numbers, goal=numbers, more=st.floats(0, 50))
def test_a_better_forecast_never_lowers_the_chance(forecast: float, goal: float, more: float) -> None:
    bounds = {"lower": -2000.0, "upper": 2000.0}
    assert chance(forecast + more, goal, **bounds) >= chance(forecast, goal, **bounds)


def test_bad_chances_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 8"):
        attainment_chance(1, np.zeros(7), 1, rising=True, lower=0, upper=9)
    with pytest.raises(ValueError, match="lower < upper"):
        chance(1, 1, lower=9.0, upper=1.0)
    with pytest.raises(ValueError, match="not finite"):
        chance(float("nan"), 1)


def test_the_rate_that_is_needed_is_a_change_a_year() -> None:
    half_year = {"now": date(2020, 7, 1), "due": date(2020, 12, 31)}
    assert required_rate(40, 50, rising=True, **half_year) == pytest.approx(10 / (183 / 365.25))
    assert required_rate(40, 0, rising=False, **half_year) == pytest.approx(-40 / (183 / 365.25))
    assert required_rate(50, 50, rising=True, **half_year) == 0
    assert required_rate(40, 50, rising=False, **half_year) == 0
    assert required_rate(40, 50, rising=True, now=DUE, due=DUE) is None


def test_the_recent_rate_is_measured_from_the_last_value_known_by_then() -> None:
    values = [(date(2020, 9, 30), 12.0), (date(2020, 1, 31), 5.0), (date(2020, 3, 31), 6.0)]
    since = date(2020, 4, 30)
    assert recent_rate(values, since=since) == pytest.approx(6 / (183 / 365.25))
    assert recent_rate(values[:1], since=since) is None
    assert recent_rate(values, since=date(2019, 12, 31)) is None
    assert recent_rate(values, since=date(2021, 1, 1)) is None
    assert recent_rate([], since=since) is None


PLANNED = date(2017, 12, 31)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([(date(2017, 12, 31), 0), (date(2018, 9, 30), 1), (date(2018, 12, 31), 1)], (9, date(2018, 9, 30))),
        ([(date(2018, 1, 31), 1), (date(2017, 5, 31), 1)], (-7, date(2017, 5, 31))),
        ([(date(2017, 12, 31), 1)], (0, date(2017, 12, 31))),
        # withdrawn, then reached again
        ([(date(2017, 6, 30), 1), (date(2018, 1, 31), 0), (date(2018, 2, 28), 1)], (2, date(2018, 2, 28))),
        # still open at the newest report
        ([(date(2017, 6, 30), 1), (date(2018, 3, 31), 0)], (3, None)),
    ],
)
def test_lateness_counts_calendar_months_from_the_due_date(
    values: list[tuple[date, float]], told: tuple[int, date | None]
) -> None:
    found = lateness(values, 1, rising=True, due=PLANNED)
    assert found is not None
    assert (found.months, found.reached) == told


def test_lateness_of_what_nobody_has_reported_on_is_not_known() -> None:
    assert lateness([], 1, rising=True, due=PLANNED) is None
    assert lateness([(date(2017, 6, 30), 0)], 1, rising=True, due=PLANNED) is None
    assert lateness([(date(2017, 12, 31), 0)], 1, rising=True, due=PLANNED) is None


def test_a_count_that_has_to_fall_is_late_while_it_is_above_its_goal() -> None:
    values = [(date(2018, 1, 31), 3.0), (date(2018, 4, 30), 0.0)]
    found = lateness(values, 0, rising=False, due=PLANNED)
    assert found is not None and (found.months, found.reached) == (4, date(2018, 4, 30))
