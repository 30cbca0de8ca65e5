import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from models.cycle.composite import (
    composite_index,
    normalise,
    standardisation_factors,
    symmetric_change,
    symmetric_index,
)


def test_worked_example_of_the_conference_board() -> None:
    """Average weekly hours 41.8 to 41.4, factor 0.189; contributions of +0.06 bring 105.2 to 105.3."""
    change = symmetric_change([41.8, 41.4])[0]
    assert round(change, 2) == -0.96
    assert round(0.189 * change, 2) == -0.18
    assert round(symmetric_index([0.06], 105.2)[-1], 1) == 105.3


@given(levels=st.lists(st.floats(0.01, 1e4), min_size=2, max_size=20))
def test_index_of_symmetric_changes_is_the_series(levels: list[float]) -> None:
    changes = np.clip(symmetric_change(levels), -199.99, 199.99)
    if (np.abs(changes) < 199.9).all():
        assert symmetric_index(changes, levels[0]) == pytest.approx(levels, rel=1e-6)


def test_a_rise_and_the_fall_back_cancel() -> None:
    up, down = symmetric_change([80.0, 100.0, 80.0])
    assert up == -down


def test_factors_give_all_components_one_volatility() -> None:
    changes = np.random.default_rng(0).normal(0, [1.0, 2.0, 5.0], (60, 3))
    factors = standardisation_factors(changes)
    assert factors.sum() == pytest.approx(1)
    spread = (changes * factors).std(axis=0)
    assert spread == pytest.approx(np.full(3, spread[0]))


def cycles() -> np.ndarray:
    t = np.arange(200)[:, None]
    return np.sin(2 * np.pi * (t + np.array([4.0, 6.0, 8.0])) / 50) * [1.0, 10.0, 0.1]


def test_composite_takes_the_amplitude_of_its_reference() -> None:
    reference = 3 * np.sin(2 * np.pi * np.arange(200) / 50)
    index = composite_index(cycles(), reference)
    assert index.std() == pytest.approx(reference.std())
    assert index.mean() == pytest.approx(100)
    assert np.corrcoef(index[:-6], reference[6:])[0, 1] > 0.999


@given(
    scale=arrays(float, 3, elements=st.floats(0.1, 100)), shift=arrays(float, 3, elements=st.floats(-50, 50))
)
def test_units_of_components_do_not_count(scale: np.ndarray, shift: np.ndarray) -> None:
    reference = np.arange(9.0)
    moved = composite_index(cycles() * scale + shift, reference, "sd")
    assert moved == pytest.approx(composite_index(cycles(), reference, "sd"))


def test_normalised_cycles() -> None:
    z = normalise(np.array([[1.0], [3.0], [1.0], [3.0]]))
    assert z[:, 0].tolist() == [99, 101, 99, 101]
    skewed = np.array([[0.0], [0.0], [0.0], [4.0]])
    assert normalise(skewed)[3, 0] == pytest.approx(102)
    assert normalise(skewed, "sd")[3, 0] == pytest.approx(100 + 3 / np.sqrt(3))


def test_bad_input_is_refused() -> None:
    with pytest.raises(ValueError, match="cycle 1 does not vary"):
        normalise(np.column_stack([np.arange(5.0), np.full(5, 0.1)]))
    with pytest.raises(ValueError, match="no amplitude"):
        composite_index(cycles(), np.ones(5))
    with pytest.raises(ValueError, match="not above zero at position 1"):
        symmetric_change([1.0, 0.0])
    with pytest.raises(ValueError, match="200 or more"):
        symmetric_index([200.0], 100)
    with pytest.raises(ValueError, match="change 0 does not vary"):
        standardisation_factors(np.ones((5, 2)))
    with pytest.raises(ValueError, match="not finite at position 0, 1"):
        standardisation_factors(np.array([[1.0, np.inf], [2.0, 1.0], [3.0, 1.0]]))
