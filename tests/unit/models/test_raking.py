import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from models.projection.raking import ipf, rake


def odds(table: np.ndarray) -> np.ndarray:
    return table[:-1, :-1] * table[1:, 1:] / (table[:-1, 1:] * table[1:, :-1])


@settings(max_examples=50, deadline=None)
@given(
    seed=arrays(float, (4, 3), elements=st.floats(0.1, 100)),
    target=arrays(float, (4, 3), elements=st.floats(0.1, 100)),
)
def test_margins_are_met_and_odds_ratios_kept(seed: np.ndarray, target: np.ndarray) -> None:
    table = ipf(seed, target.sum(axis=1), target.sum(axis=0))
    assert table.sum(axis=1) == pytest.approx(target.sum(axis=1), rel=1e-6)
    assert table.sum(axis=0) == pytest.approx(target.sum(axis=0), rel=1e-6)
    assert odds(table) == pytest.approx(odds(seed), rel=1e-6)


def test_a_seed_of_very_uneven_cells_is_met_too() -> None:
    seed = np.full((4, 3), 0.125)
    seed[[0, 1, 3], [1, 0, 1]] = 54.0
    rows, columns = np.array([100.25, 100.25, 0.375, 0.375]), np.array([100.375, 100.375, 0.5])
    with pytest.raises(ValueError, match="margins not met within 1000"):
        ipf(seed, rows, columns, rounds=1000)
    assert ipf(seed, rows, columns).sum(axis=1) == pytest.approx(rows, rel=1e-6)


def test_rows_are_trusted_when_margins_disagree() -> None:
    table = ipf(np.ones((2, 2)), np.array([30.0, 10.0]), np.array([1.0, 1.0]))
    assert table == pytest.approx(np.array([[15, 15], [5, 5]]))


def test_zeros_stay_zero() -> None:
    table = ipf(np.array([[0.0, 1.0], [1.0, 1.0]]), np.array([2.0, 5.0]), np.array([3.0, 4.0]))
    assert table == pytest.approx(np.array([[0, 2], [3, 2]]))


def test_impossible_margins_are_refused() -> None:
    with pytest.raises(ValueError, match="margins not met"):
        ipf(np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([2.0, 5.0]), np.array([3.0, 4.0]), rounds=50)


@pytest.mark.parametrize(
    ("seed", "rows", "columns", "said"),
    [
        (np.ones((2, 2)), [1.0], [1.0, 1.0], "shape"),
        (-np.ones((1, 1)), [1.0], [1.0], "not negative"),
        (np.ones((1, 1)), [np.nan], [1.0], "not negative"),
    ],
)
def test_bad_input_is_refused(seed: np.ndarray, rows: list[float], columns: list[float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        ipf(seed, np.array(rows), np.array(columns))


@given(values=arrays(float, 5, elements=st.floats(0.5, 1e6)), total=st.floats(0, 1e9))
def test_rake_meets_the_total_and_keeps_shares(values: np.ndarray, total: float) -> None:
    raked = rake(values, total)
    assert raked.sum() == pytest.approx(total, rel=1e-12)
    assert raked * values[0] == pytest.approx(raked[0] * values, rel=1e-9)


def test_nothing_cannot_be_raked_to_something() -> None:
    assert rake(np.zeros(3), 0.0).tolist() == [0, 0, 0]
    with pytest.raises(ValueError, match="all zero"):
        rake(np.zeros(3), 5.0)
