import numpy as np
import pytest

from models.nowcast.benchmark import autoregression, contest, learned_weights


def test_a_perfect_autoregression_goes_on() -> None:
    values = [10.0]
    for _ in range(11):
        values.append(1 + 0.5 * values[-1])
    assert autoregression(values[:9], 3) == pytest.approx(values[9:12])
    assert autoregression(np.full(9, 4.0), 2).tolist() == [4, 4]


def test_contest_by_hand() -> None:
    found = contest([1.0, 2.0], [3.0, 4.0], [1.0, 4.0], least=2)
    assert (found.nowcast_error, found.benchmark_error) == pytest.approx((2**0.5, 2**0.5))
    assert found.ratio == pytest.approx(1) and found.quarters == 2


def test_bad_input_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 8"):
        autoregression(np.arange(7.0), 1)
    with pytest.raises(ValueError, match="steps"):
        autoregression(np.arange(9.0), 0)
    with pytest.raises(ValueError, match="lengths differ: 8, 9, 8"):
        contest(np.ones(8), np.ones(9), np.ones(8), least=8)
    with pytest.raises(ValueError, match="at least 8"):
        contest(np.ones(7), np.ones(7), np.ones(7), least=8)


def test_weights_follow_past_errors_and_are_drawn_to_equal_ones() -> None:
    errors = np.column_stack([np.full(8, 1.0), np.full(8, -2.0)])
    assert learned_weights(errors, shrink=0, least=8).tolist() == pytest.approx([0.8, 0.2])
    assert learned_weights(errors, shrink=0.5, least=8).tolist() == pytest.approx([0.65, 0.35])
    assert learned_weights(errors, shrink=1, least=8).tolist() == [0.5, 0.5]
    assert learned_weights(errors[:7], shrink=0, least=8).tolist() == [0.5, 0.5]
    assert learned_weights(np.zeros((8, 2)), shrink=0, least=8).tolist() == [0.5, 0.5]
    assert learned_weights(errors[:0], shrink=0, least=1).tolist() == [0.5, 0.5]
    with pytest.raises(ValueError, match="shrink"):
        learned_weights(errors, shrink=2, least=8)
    with pytest.raises(ValueError, match="finite errors"):
        learned_weights([[np.nan, 1.0]], shrink=0, least=1)
