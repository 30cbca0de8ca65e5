import numpy as np
import pytest

from models.nowcast.benchmark import autoregression, contest, equal_mean


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


def test_equal_weights() -> None:
    assert equal_mean([[1.0, 2.0], [3.0, 6.0], [5.0, 1.0]]).tolist() == [3.0, 3.0]
    with pytest.raises(ValueError, match="one length"):
        equal_mean([[1.0, 2.0], [3.0]])
    with pytest.raises(ValueError, match="one length"):
        equal_mean([])
    with pytest.raises(ValueError, match="forecast 2 is not finite"):
        equal_mean([[1.0], [np.nan]])
