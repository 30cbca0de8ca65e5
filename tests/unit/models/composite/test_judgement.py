import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from models.composite.judgement import closeness, hierarchy_weights, reciprocal_matrix


@given(weights=arrays(float, 5, elements=st.floats(0.1, 1)))
def test_consistent_judgements_give_their_weights(weights: np.ndarray) -> None:
    found = hierarchy_weights(weights[:, None] / weights)
    assert found.weights == pytest.approx(weights / weights.sum())
    assert found.consistency_index == pytest.approx(0, abs=1e-9)


def test_inconsistent_judgements_by_the_characteristic_equation() -> None:
    """For three items lambda = 1 + c + 1/c with c the cube root of a_13 / (a_12 a_23)."""
    found = hierarchy_weights([[1, 2, 1 / 3], [1 / 2, 1, 2], [3, 1 / 2, 1]])
    c = (1 / 3 / (2 * 2)) ** (1 / 3)
    expected = (1 + c + 1 / c - 3) / 2
    assert found.consistency_index == pytest.approx(expected)
    assert found.consistency_ratio == pytest.approx(expected / 0.58)
    assert found.consistency_ratio > 0.1


def test_two_items_cannot_contradict() -> None:
    assert hierarchy_weights([[1, 3], [1 / 3, 1]]).weights == pytest.approx([0.75, 0.25])
    assert hierarchy_weights([[1.0]]).consistency_ratio == 0


def test_best_and_worst_of_all() -> None:
    found = closeness([[9.0, 1], [1, 9], [5, 5]], [1, 1], [True, False])
    assert found[:2].tolist() == [1, 0] and 0 < found[2] < 1


@settings(max_examples=25)
@given(
    values=arrays(float, (5, 3), elements=st.floats(1, 100)),
    scale=arrays(float, 3, elements=st.floats(0.1, 9)),
)
def test_units_of_measure_do_not_count(values: np.ndarray, scale: np.ndarray) -> None:
    values[0], values[1] = 0.5, 200.0
    found = closeness(values, [1, 2, 3], [True] * 3)
    assert closeness(values * scale, [1, 2, 3], [True] * 3) == pytest.approx(found)
    assert (found.argmin(), found.argmax()) == (0, 1)


def test_bad_input_is_refused() -> None:
    with pytest.raises(ValueError, match="a_ij = 1 / a_ji"):
        hierarchy_weights([[1.0, 2], [2, 1]])
    with pytest.raises(ValueError, match="not above zero"):
        hierarchy_weights([[1.0, 0], [2, 1]])
    with pytest.raises(ValueError, match="more than 10"):
        hierarchy_weights(np.ones((11, 11)))
    with pytest.raises(ValueError, match="all zero"):
        closeness([[0.0, 1], [0, 2]], [1, 1], [True, True])
    with pytest.raises(ValueError, match="alike"):
        closeness([[1.0], [1.0]], [1], [True])
    with pytest.raises(ValueError, match="2 columns have 1 weights"):
        closeness([[0.0, 1], [0, 2]], [1], [True])


def test_each_pair_is_judged_once_either_way_round() -> None:
    found = reciprocal_matrix(["a", "b", "c"], {"a": {"b": 2, "c": 4}, "c": {"b": 0.5}})
    assert found.tolist() == [[1, 2, 4], [0.5, 1, 2], [0.25, 0.5, 1]]


@pytest.mark.parametrize(
    ("judged", "told"),
    [
        ({"a": {"b": 2}}, "a against c is not judged"),
        ({"a": {"b": 2, "c": 4}, "b": {"a": 2}}, "b against a is judged twice"),
        ({"a": {"b": 2, "d": 4}}, "a against d .* no pair of a, b, c"),
        ({"a": {"a": 2}}, "a against a"),
    ],
)
def test_a_pair_that_is_not_judged_once_is_named(judged: dict[str, dict[str, float]], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        reciprocal_matrix(["a", "b", "c"], judged)
