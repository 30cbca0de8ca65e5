import numpy as np
import pytest

from models.regimes.markov import regime_signal, regimes


def test_states_are_found_lowest_first() -> None:
    rng = np.random.default_rng(0)
    state = np.repeat([1, 0, 1, 0, 1], [30, 10, 30, 12, 18])
    growth = np.where(state == 1, 6.0, 1.0) + rng.normal(0, np.where(state == 1, 0.5, 1.0))
    found = regimes(growth, 2, searches=3, rng=np.random.default_rng(1))
    assert found.converged
    assert found.mean == pytest.approx([1, 6], abs=0.5)
    assert found.deviation == pytest.approx([1, 0.5], abs=0.3)
    assert found.transition.sum(axis=1) == pytest.approx([1, 1])
    assert np.diag(found.transition).min() > 0.7
    assert found.filtered.sum(axis=1) == pytest.approx(np.ones(100))
    assert ((found.filtered[:, 1] > 0.5) == (state == 1)).mean() > 0.95


def test_a_signal_needs_periods_in_a_row() -> None:
    probability = [0.7, 0.2, 0.7, 0.7, 0.9, 0.65]
    assert regime_signal(probability, above=0.65, periods=2).tolist() == [
        *[False, False, False, True, True, False]
    ]


def test_bad_input_is_refused() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="at least 40"):
        regimes(np.arange(39.0), 2, searches=1, rng=rng)
    with pytest.raises(ValueError, match="do not vary"):
        regimes(np.ones(40), 2, searches=1, rng=rng)
    with pytest.raises(ValueError, match="states"):
        regimes(np.ones(40), 1, searches=1, rng=rng)
    with pytest.raises(ValueError, match="probability"):
        regime_signal([1.2], above=0.5, periods=2)
