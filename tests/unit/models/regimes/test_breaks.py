from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.regimes.breaks import mean_breaks, mean_is_stable, unit_root_or_break


def steps(sizes: list[int], levels: list[float], noise: float) -> np.ndarray:
    return np.repeat(levels, sizes) + np.random.default_rng(2).normal(0, noise, sum(sizes))


def test_breaks_are_found_and_counted() -> None:
    found = mean_breaks(steps([40, 30, 30], [0, 3, 1], 0.5), most=4, trim=0.15)
    assert found.positions == (40, 70)
    assert found.means == pytest.approx([0, 3, 1], abs=0.25)
    assert int(found.criterion.argmin()) == 2
    assert mean_breaks(steps([100], [1], 0.5), most=4, trim=0.15).positions == ()
    assert mean_breaks(np.repeat([1.0, 2.0], 20), most=2, trim=0.15).positions == (20,)
    assert mean_breaks(np.ones(20), most=2, trim=0.15).positions == ()


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_the_programme_finds_the_best_of_all_partitions(seed: int) -> None:
    values = np.random.default_rng(seed).normal(size=16)

    def squares(cuts: tuple[int, ...]) -> float:
        return sum(((part - part.mean()) ** 2).sum() for part in np.split(values, cuts))

    found = mean_breaks(values, most=2, trim=0.2)
    for number in (1, 2):
        best = min(
            squares(cuts) for cuts in combinations(range(4, 13), number) if min(np.diff((0, *cuts, 16))) >= 4
        )
        said = np.log(best / 16) + (2 * number + 1) * np.log(16) / 16
        assert found.criterion[number] == pytest.approx(said)
    assert found.criterion[len(found.positions)] == found.criterion.min()


def test_a_moved_mean_is_not_stable() -> None:
    assert mean_is_stable(steps([50, 50], [0, 1], 0.5))[1] < 0.01
    assert mean_is_stable(steps([100], [0], 0.5))[1] > 0.05


def test_bad_input_is_refused() -> None:
    with pytest.raises(ValueError, match="no room for 9 breaks"):
        mean_breaks(np.arange(20.0), most=9, trim=0.15)
    with pytest.raises(ValueError, match="trim"):
        mean_breaks(np.arange(20.0), most=1, trim=15)
    with pytest.raises(ValueError, match="not finite"):
        mean_breaks(np.full(20, np.inf), most=1, trim=0.15)
    with pytest.raises(ValueError, match="do not vary"):
        mean_is_stable(np.ones(20))
    with pytest.raises(ValueError, match="at least 8"):
        mean_is_stable(np.arange(7.0))


def test_a_step_of_a_stationary_series_is_no_unit_root() -> None:
    accused = 0
    for seed in range(12):
        noise = np.random.default_rng(seed).normal(0, 1, 100)
        found = unit_root_or_break(noise + np.repeat([0.0, 6.0], [60, 40]), breaking="level", trim=0.15)
        assert found.position == 60
        assert found.statistic < found.critical[1] < found.critical[5] and found.p_value < 0.01
        accused += unit_root_or_break(np.cumsum(noise), breaking="level", trim=0.15).p_value < 0.05
    assert accused <= 2  # one in twenty is expected


@pytest.mark.parametrize(
    ("values", "trim", "said"),
    [
        (np.arange(29.0), 0.15, "at least 30"),
        (np.ones(40), 0.15, "do not vary"),
        (np.arange(40.0), 0.5, "trim"),
    ],
)
def test_a_unit_root_needs_something_to_test(values: np.ndarray, trim: float, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        unit_root_or_break(values, breaking="both", trim=trim)
