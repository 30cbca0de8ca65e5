import numpy as np
import pytest

from models.agriculture.transmission import error_correction, half_life, transmission, unit_roots


def pair(above: float, below: float, n: int = 1500) -> tuple[np.ndarray, np.ndarray]:
    """Retail follows farm prices with elasticity 0.6 and closes gaps by these shares a period."""
    rng = np.random.default_rng(8)
    farm = np.cumsum(rng.normal(0, 0.05, n)) + 2
    retail, long_run = np.empty(n), 1 + 0.6 * farm
    retail[0] = long_run[0]
    for t in range(1, n):
        gap = retail[t - 1] - long_run[t - 1]
        retail[t] = retail[t - 1] + 0.3 * (farm[t] - farm[t - 1]) + rng.normal(0, 0.01)
        retail[t] += (above if gap > 0 else below) * gap
    return np.exp(farm), np.exp(retail)


def test_alike_for_rises_and_falls() -> None:
    found = transmission(*pair(-0.2, -0.2))
    assert found.cointegration < 0.01
    assert found.elasticity == pytest.approx(0.6, abs=0.05)
    assert (found.above, found.below) == pytest.approx((-0.2, -0.2), abs=0.06)
    assert found.symmetry > 0.05
    assert found.half_life == pytest.approx(np.log(0.5) / np.log(0.8), rel=0.3)


def test_rockets_and_feathers() -> None:
    """A squeezed margin is made good at once, a wide one melts slowly."""
    found = transmission(*pair(-0.05, -0.5))
    assert found.symmetry < 0.01 and found.below < found.above - 0.1


def test_strangers_share_no_path() -> None:
    rng = np.random.default_rng(0)
    one, other = np.exp(np.cumsum(rng.normal(0, 0.05, (2, 300)), axis=1))
    assert transmission(one, other).cointegration > 0.1


def test_units_do_not_count() -> None:
    farm, retail = pair(-0.2, -0.2, 100)
    one, other = transmission(farm, retail), transmission(farm * 1000, retail / 2)
    assert other.elasticity == pytest.approx(one.elasticity) and other.above == pytest.approx(one.above)


def test_half_lives() -> None:
    assert half_life(-0.5) == pytest.approx(1)
    assert half_life(0) == half_life(0.1) == np.inf
    assert half_life(-1.2) == 0


def test_bad_input_is_refused() -> None:
    farm, retail = pair(-0.2, -0.2, 50)
    with pytest.raises(ValueError, match="at least 40"):
        transmission(farm[:39], retail[:39])
    with pytest.raises(ValueError, match="differ in length"):
        transmission(farm, retail[1:])
    with pytest.raises(ValueError, match="downstream is not above zero"):
        transmission(farm, retail - retail[0])
    with pytest.raises(ValueError, match="does not vary"):
        transmission(farm, np.ones(50))


def test_a_response_ends_at_the_long_run() -> None:
    found = transmission(*pair(-0.2, -0.2))
    up, down = found.response(0.1, 200), found.response(-0.1, 200)
    assert up[0] == pytest.approx(found.rise * 0.1) and down[0] == pytest.approx(-found.fall * 0.1)
    assert up[-1] == pytest.approx(found.elasticity * 0.1)
    assert down[-1] == pytest.approx(-found.elasticity * 0.1)


def test_the_vector_model_tells_who_follows() -> None:
    found = error_correction(*pair(-0.2, -0.2), lags=1)
    assert found.elasticity == pytest.approx(0.6, abs=0.05)
    assert found.downstream == pytest.approx(-0.2, abs=0.05)
    assert found.upstream == pytest.approx(0, abs=0.1)


def test_roots_of_a_walk_and_of_noise() -> None:
    rng = np.random.default_rng(2)
    assert unit_roots(np.exp(np.cumsum(rng.normal(0, 0.05, 500)))).integrated(0.05)
    assert not unit_roots(np.exp(rng.normal(0, 0.05, 500))).integrated(0.05)
    with pytest.raises(ValueError, match="does not vary"):
        unit_roots(np.ones(50))
