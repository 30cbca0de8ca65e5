import numpy as np
import pytest

from models.regional.neighbours import local_moran, moran, row_standardised

SIDE = 8


def grid() -> np.ndarray:
    """Rook neighbours of a square of 64 regions."""
    rows, columns = np.divmod(np.arange(SIDE**2), SIDE)
    apart = np.abs(rows[:, None] - rows) + np.abs(columns[:, None] - columns)
    return row_standardised(apart == 1)


def rng() -> np.random.Generator:
    return np.random.default_rng(4)


def test_expectation_over_permutations() -> None:
    values = rng().normal(size=SIDE**2)
    found = moran(values, grid(), permutations=99, rng=rng())
    assert found.expected == pytest.approx(-1 / (SIDE**2 - 1), abs=1e-9)
    # three regions have few enough permutations to take them all: their mean is the expectation
    w = row_standardised([[0, 1, 1], [1, 0, 0], [1, 0, 0]])
    z = np.array([1.0, 2, 6])
    orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
    indices = [moran(z[order], w, permutations=1, rng=rng()).index for order in orders]
    assert np.mean(indices) == pytest.approx(-1 / 2, abs=1e-9)


def test_a_slope_is_found_a_chessboard_too_and_noise_not() -> None:
    slope = np.repeat(np.arange(SIDE), SIDE).astype(float)
    chess = np.indices((SIDE, SIDE)).sum(axis=0).ravel() % 2
    assert moran(slope, grid(), permutations=199, rng=rng()).p_value == 1 / 200
    turned = moran(chess, grid(), permutations=199, rng=rng())
    assert turned.index == pytest.approx(-1) and turned.p_value == 1 / 200
    p_values = [
        moran(np.random.default_rng(seed).normal(size=SIDE**2), grid(), permutations=99, rng=rng()).p_value
        for seed in range(20)
    ]
    assert sum(p <= 0.05 for p in p_values) <= 4


def test_local_indices_sum_to_the_global_one() -> None:
    values = rng().normal(size=SIDE**2)
    found = local_moran(values, grid(), permutations=19, discovery_rate=0.1, rng=rng())
    whole = moran(values, grid(), permutations=1, rng=rng())
    assert found.index.sum() == pytest.approx(SIDE**2 * whole.index)


def test_a_cluster_is_located() -> None:
    values = rng().normal(0, 0.3, SIDE**2).reshape(SIDE, SIDE)
    values[:3, :3] += 5
    found = local_moran(values.ravel(), grid(), permutations=1999, discovery_rate=0.1, rng=rng())
    kinds = found.kind.reshape(SIDE, SIDE)
    assert kinds[1, 1] == "high_high"
    assert (kinds[3:, 3:] != "high_high").all()
    assert ((found.kind != "none") <= found.significant).all()


def test_bad_input_is_refused() -> None:
    with pytest.raises(ValueError, match="region 2 has no neighbours"):
        row_standardised([[0, 1, 0], [1, 0, 0], [0, 0, 0]])
    with pytest.raises(ValueError, match="zero diagonal"):
        row_standardised(np.ones((3, 3)))
    with pytest.raises(ValueError, match="63 regions need weights"):
        moran(np.arange(63.0), grid(), permutations=9, rng=rng())
    with pytest.raises(ValueError, match="do not vary"):
        moran(np.full(64, 0.1), grid(), permutations=9, rng=rng())
    with pytest.raises(ValueError, match="permutations"):
        moran(np.arange(64.0), grid(), permutations=0, rng=rng())
    with pytest.raises(ValueError, match="discovery rate"):
        local_moran(np.arange(64.0), grid(), permutations=9, discovery_rate=10, rng=rng())
