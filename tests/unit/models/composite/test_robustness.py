from typing import Any

import numpy as np
import pytest

from models.composite.robustness import rank_robustness

SCORES = np.array([[0.9, 0.9, 0.9], [0.1, 0.8, 0.5], [0.8, 0.1, 0.5], [0.05, 0.05, 0.05]])


def ranks(scores: np.ndarray = SCORES, weights: Any = (1, 1, 1), **changes: Any) -> Any:
    chosen = {"k": 2, "concentration": 50, "coverage": 0.9, "draws": 1000} | changes
    return rank_robustness(scores, weights, rng=np.random.default_rng(0), **chosen)


def test_first_and_last_stand_and_the_middle_depends() -> None:
    found = ranks()
    assert found.rank.tolist() == [1, 2, 2, 4]
    assert found.lower.tolist() == [1, 2, 2, 4] and found.upper.tolist() == [1, 3, 3, 4]
    assert found.top[[0, 3]].tolist() == [1, 0]
    assert found.top[1:3].sum() == pytest.approx(1, abs=0.01)
    assert found.top[1] == pytest.approx(0.5, abs=0.06)


def test_firmer_weights_narrow_the_ranks() -> None:
    loose = ranks(weights=[2, 3, 1], concentration=5).top[1]
    firm = ranks(weights=[2, 3, 1], concentration=5000).top[1]
    assert loose < 0.8 and firm == 1


def test_a_weight_of_zero_stays_zero() -> None:
    found = ranks(weights=[1, 0, 0])
    assert found.rank.tolist() == found.lower.tolist() == found.upper.tolist() == [1, 3, 2, 4]


@pytest.mark.parametrize("change", [{"k": 5}, {"concentration": 0}, {"coverage": 90}, {"draws": 0}])
def test_bad_parameters_are_refused(change: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="needs 1 <= k"):
        ranks(**change)


def test_weights_must_fit() -> None:
    with pytest.raises(ValueError, match="3 columns have 2 weights"):
        ranks(weights=[1, 1])
