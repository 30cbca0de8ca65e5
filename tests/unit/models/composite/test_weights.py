import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from models.composite.weights import entropy_weights, min_max, principal_weights, winsorise


def test_entropy_by_hand() -> None:
    """One indicator is alike everywhere, one belongs to a single unit of four."""
    weights = entropy_weights([[0.5, 1], [0.5, 0], [0.5, 0], [0.5, 0]], floor=1e-4)
    assert weights == pytest.approx([0, 1], abs=1e-9)
    scores = np.array([[0.9, 0.7], [0.1, 0.3]])
    e = [-(p * np.log(p) + (1 - p) * np.log(1 - p)) / np.log(2) for p in (0.9, 0.7)]
    expected = (1 - np.array(e)) / (2 - sum(e))
    assert entropy_weights(scores, floor=1e-12) == pytest.approx(expected, rel=1e-6)


@settings(max_examples=25)
@given(scores=arrays(float, (6, 3), elements=st.floats(0, 1)), order=st.permutations(range(6)))
def test_entropy_weights_are_weights_and_know_no_order(scores: np.ndarray, order: list[int]) -> None:
    assume((np.ptp(scores, axis=0) > 0.01).any())
    weights = entropy_weights(scores, floor=1e-4)
    assert weights.sum() == pytest.approx(1) and (weights >= 0).all()
    assert entropy_weights(scores[order], floor=1e-4) == pytest.approx(weights)


def test_first_component_of_one_hidden_cause() -> None:
    rng = np.random.default_rng(0)
    cause = rng.normal(size=(200, 1))
    found = principal_weights(cause + rng.normal(0, 0.3, (200, 3)), least_explained=0.6)
    assert found.usable and found.explained > 0.9
    assert found.weights == pytest.approx([1 / 3] * 3, abs=0.02)
    turned = principal_weights(cause * [1, 1, -1] + rng.normal(0, 0.3, (200, 3)), least_explained=0.6)
    assert not turned.usable and not turned.one_sign
    apart = principal_weights(rng.normal(size=(200, 4)), least_explained=0.6)
    assert not apart.usable and apart.explained < 0.4


def test_scaling_and_cutting() -> None:
    values = np.array([[1.0, 10], [2, 20], [5, 90]])
    assert min_max(values, [True, False]).tolist() == [[0, 1], [0.25, 0.875], [1, 0]]
    cut = winsorise(np.column_stack([np.arange(101.0)]), 0.01, 0.99)
    assert (cut.min(), cut.max()) == (1, 99)


def test_bad_input_is_refused() -> None:
    with pytest.raises(ValueError, match="column 1 does not vary"):
        min_max([[1.0, 2], [2, 2]], [True, True])
    with pytest.raises(ValueError, match="2 columns have 1 directions"):
        min_max([[1.0, 2], [2, 3]], [True])
    with pytest.raises(ValueError, match="within 0 and 1"):
        entropy_weights([[1.0, 2], [2, 2]], floor=1e-4)
    with pytest.raises(ValueError, match="no indicator varies"):
        entropy_weights(np.full((4, 2), 0.3), floor=1e-4)
    with pytest.raises(ValueError, match="column 0 does not vary"):
        principal_weights(np.full((4, 2), 0.1), least_explained=0.6)
    with pytest.raises(ValueError, match="quantiles"):
        winsorise(np.ones((3, 1)), 0.9, 0.1)
    with pytest.raises(ValueError, match="not finite at position 0, 1"):
        min_max([[1.0, np.nan], [2, 2]], [True, True])
