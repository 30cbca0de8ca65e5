import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.forecasting.reconcile import mint_projection, reconcile, shrunk_covariance

CITIES = np.vstack([np.ones(4), [1, 1, 0, 0], [0, 0, 1, 1], np.eye(4)])


@given(seed=st.integers(0, 1000))
def test_cities_add_up_to_the_province_and_what_adds_up_is_kept(seed: int) -> None:
    rng = np.random.default_rng(seed)
    w = shrunk_covariance(rng.normal(size=(5, 7)) * rng.uniform(1, 9, 7))
    p = mint_projection(CITIES, w)
    assert CITIES @ p @ CITIES == pytest.approx(CITIES, abs=1e-6)
    found = reconcile(rng.normal(10, 3, (7, 3)), CITIES, w)
    assert found[0] == pytest.approx(found[3:].sum(axis=0), abs=1e-6)
    assert found[1] + found[2] == pytest.approx(found[0], abs=1e-6)


def test_the_surer_series_moves_less() -> None:
    total_and_parts = np.array([[1.0, 1], [1, 0], [0, 1]])
    found = reconcile([[10.0], [4], [4]], total_and_parts, np.diag([1e-6, 1, 3]))
    assert found[:, 0] == pytest.approx([10, 4.5, 5.5], abs=1e-4)


def test_covariance_is_shrunk_and_keeps_variances() -> None:
    rng = np.random.default_rng(0)
    errors = rng.normal(size=(6, 20)) * 3
    w = shrunk_covariance(errors)
    assert np.diag(w) == pytest.approx((errors**2).mean(axis=0))
    assert np.linalg.eigvalsh(w).min() > 1e-6
    many = rng.multivariate_normal([0, 0], [[1, 0.8], [0.8, 1]], 5000)
    assert shrunk_covariance(many)[0, 1] == pytest.approx(0.8, abs=0.05)


def test_bad_input_is_refused() -> None:
    with pytest.raises(ValueError, match="singular"):
        mint_projection(CITIES, np.zeros((7, 7)))
    with pytest.raises(ValueError, match="full rank"):
        mint_projection(np.ones((3, 2)), np.eye(3))
    with pytest.raises(ValueError, match="6 forecasts have 7 rows"):
        reconcile(np.ones((6, 1)), CITIES, np.eye(7))
    with pytest.raises(ValueError, match="series 1 has no error"):
        shrunk_covariance(np.column_stack([np.arange(5.0), np.zeros(5)]))
