"""Warning levels; golden points are published alerts of the national hog plan of 2021."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.warning.levels import band_levels, change_levels, run_lengths, window_change

FALL = [(3, -np.inf, 6.0, 1), (2, 5.0, 6.0, 3), (1, -np.inf, 5.0, 1)]
RISE = [(3, 9.0, np.inf, 1), (2, 10.0, 12.0, 2), (1, 12.0, np.inf, 1)]
LEAN_PORK = [(2, 30.0, 40.0, 1), (1, 40.0, np.inf, 1)]
nan = np.nan


def test_third_week_between_five_and_six_is_level_two() -> None:
    """5.57 in the week of 2022-01-24."""
    found = band_levels(np.array([6.10, 5.90, 5.72, 5.57]), FALL)
    assert found.level.tolist() == [0, 3, 3, 2]
    assert found.run_length.tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize("ratio", [4.90, 4.96])
def test_below_five_is_level_one(ratio: float) -> None:
    """4.90 in the week of 2021-06-21, 4.96 around 2023-01-30."""
    assert band_levels(np.array([ratio]), FALL).level.tolist() == [1]


def test_lean_pork_against_a_year_ago() -> None:
    year = np.full(52, 20.0)
    found = change_levels(np.append(year, [26.0, 28.0, 28.02, 25.9]), 52, LEAN_PORK)
    assert found.level[-4:].tolist() == [2, 2, 1, 0]
    assert found.measure[-4:] == pytest.approx([30, 40, 40.1, 29.5])
    assert found.level[:52].tolist() == [0] * 52


def test_a_missing_week_breaks_the_run() -> None:
    found = band_levels(np.array([5.5, 5.5, nan, 5.5, 5.5, 5.5]), FALL)
    assert found.level.tolist() == [3, 3, 0, 3, 3, 2]
    assert found.run_length.tolist() == [1, 2, 0, 1, 2, 3]
    assert np.isnan(found.distance_to_next[2])


def test_a_week_outside_the_band_breaks_the_run() -> None:
    found = band_levels(np.array([5.5, 5.5, 4.9, 5.5, 5.5, 6.2, 5.5]), FALL)
    assert found.level.tolist() == [3, 3, 1, 3, 3, 0, 3]


def test_limits_one_sided_are_strict_two_sided_inclusive() -> None:
    assert band_levels(np.array([6.0, 5.0]), FALL).level.tolist() == [0, 3]
    assert band_levels(np.array([5.0, 5.0, 5.0]), FALL).level[-1] == 2
    assert band_levels(np.array([9.0, 12.0, 12.0, 12.01]), RISE).level.tolist() == [0, 3, 2, 1]


def test_a_ratio_of_prices_at_the_limit_is_not_moved_by_binary_fractions() -> None:
    assert 0.3 / 0.1 < 3  # what the float says
    assert band_levels(np.array([0.3 / 0.1]), [(1, -np.inf, 3.0, 1)]).level.tolist() == [0]


def test_distance_to_the_next_level() -> None:
    found = band_levels(np.array([6.4, 5.7, 5.7, 5.7, 4.5, 6.4]), FALL)
    assert found.distance_to_next[:4] == pytest.approx([0.4, 0.0, 0.0, 0.7])
    assert np.isnan(found.distance_to_next[4])
    assert found.distance_to_next[5] == pytest.approx(0.4)


def test_ten_day_rise_with_inclusive_thresholds() -> None:
    """Pork of the Guangdong price lights: yellow 5 %, red 10 %."""
    found = window_change(np.array([20.0, 21.0, 21.0, 23.1, 20.0, nan, 30.0]), 5, 10)
    assert found.level.tolist() == [0, 3, 0, 1, 0, 0, 0]
    assert found.measure[1:5] == pytest.approx([5, 0, 10, -13.4199], abs=1e-4)
    assert found.distance_to_next[1:3] == pytest.approx([5, 5])
    assert np.isnan(found.distance_to_next[[0, 3, 5, 6]]).all()


@pytest.mark.parametrize(("before", "after", "percent"), [(2.0, 2.04, 2), (3.0, 3.15, 5), (1.1, 1.21, 10)])
def test_a_rise_at_the_threshold_counts(before: float, after: float, percent: float) -> None:
    assert window_change(np.array([before, after]), percent, 50).level[-1] == 3
    assert window_change(np.array([before, after - 1e-4]), percent, 50).level[-1] == 0


def test_grain_where_yellow_and_red_are_close() -> None:
    assert window_change(np.array([100.0, 102.0, 107.1, 113.0]), 2, 5).run_length.tolist() == [0, 1, 1, 2]


ratios = st.lists(
    st.one_of(st.just(nan), st.floats(3, 14).map(lambda x: round(x, 2))), min_size=1, max_size=40
)


@given(values=ratios)
def test_live_equals_replay(values: list[float]) -> None:
    """What is said at a week does not depend on what came after."""
    series = np.array(values)
    for function in (lambda v: band_levels(v, FALL), lambda v: window_change(v, 5, 10)):
        replay = function(series)
        for end in range(1, len(values) + 1):
            live = function(series[:end])
            assert live.level[-1] == replay.level[end - 1]
            assert live.run_length[-1] == replay.run_length[end - 1]


@given(values=ratios)
def test_bands_may_come_in_any_order(values: list[float]) -> None:
    one, other = (band_levels(np.array(values), bands) for bands in (FALL, FALL[::-1]))
    assert one.level.tolist() == other.level.tolist()
    assert (one.level > 0).tolist() == (one.run_length > 0).tolist()
    assert ((one.level > 0) == (np.round(values, 9) < 6)).all() or (np.array(values) == 6).any()


def test_run_lengths() -> None:
    holds = np.array([False, True, True, False, True])
    assert run_lengths(holds).tolist() == [0, 1, 2, 0, 1]
    assert run_lengths(holds[:0]).tolist() == []


@pytest.mark.parametrize("band", [(1, 5.0, 5.0, 1), (1, 5.0, 6.0, 0), (0, 5.0, 6.0, 1), (1, nan, 6.0, 1)])
def test_impossible_bands_are_refused(band: tuple[int, float, float, int]) -> None:
    with pytest.raises(ValueError, match="band"):
        band_levels(np.array([5.0]), [band])


def test_impossible_changes_are_refused() -> None:
    with pytest.raises(ValueError, match="yellow <= red"):
        window_change(np.array([1.0]), 10, 5)
    with pytest.raises(ValueError, match="lag"):
        change_levels(np.array([1.0]), 0, LEAN_PORK)
