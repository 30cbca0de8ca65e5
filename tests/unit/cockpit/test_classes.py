from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cockpit import classes

VALUES = st.lists(st.floats(-1e9, 1e9).map(lambda value: round(value, 3)), min_size=2, max_size=140)


@given(VALUES)
def test_sequential_limits_rise_cover_all_values_and_are_few(values: list[float]) -> None:
    limits = classes.sequential(values)
    if min(values) == max(values):
        assert limits == (values[0], values[0])
        return
    slack = (max(values) - min(values)) * 1e-6
    assert list(limits) == sorted(set(limits))
    assert limits[0] <= min(values) + slack
    assert limits[-1] >= max(values) - slack
    assert 1 <= len(limits) - 1 <= 8
    assert sum(classes.counts(values, limits)) == len(values)


@given(VALUES)
def test_diverging_limits_hold_the_midpoint(values: list[float]) -> None:
    limits = classes.diverging(values, 0.0)
    assert 0.0 in limits
    assert sum(classes.counts(values, limits)) == len(values)
    for value in values:
        index = classes.class_of(value, limits)
        if abs(value) > 1e-6:
            assert (limits[index] >= 0) == (value > 0)


def test_no_values_have_no_limits() -> None:
    assert classes.sequential([]) == ()
    assert classes.diverging([], 0.0) == ()


def test_one_large_place_does_not_swallow_the_scale() -> None:
    values = [float(n) for n in range(1, 21)] + [1000.0]
    held = classes.counts(values, classes.sequential(values))
    assert max(held) <= 0.5 * len(values)


def test_the_last_class_holds_its_upper_limit() -> None:
    assert classes.class_of(10.0, (0.0, 5.0, 10.0)) == 1
    assert classes.class_of(5.0, (0.0, 5.0, 10.0)) == 1
