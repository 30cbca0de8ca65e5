import numpy as np
import pytest

from models.series.faults import decimal_slips, unit_change

FACTORS = [0.001, 0.01, 0.1, 10.0, 100.0, 1000.0]


def walk() -> np.ndarray:
    return np.exp(np.cumsum(np.random.default_rng(5).normal(0, 0.03, 40)) + 3)


def test_one_value_with_a_slipped_point() -> None:
    values = walk()
    values[[3, 20]] *= [10, 0.01]
    found = decimal_slips(values, FACTORS, reach=3, tolerance=0.3)
    assert [(s.position, s.factor) for s in found] == [(3, 10.0), (20, 0.01)]
    assert unit_change(values, FACTORS, reach=5, tolerance=0.3) == []


def test_the_neighbour_of_a_slip_is_not_accused() -> None:
    for position in range(4):
        values = np.array([147.3, 163.4, 146.5, 183.1])
        values[position] /= 10
        found = decimal_slips(values, FACTORS, reach=1, tolerance=0.35)
        assert [(s.position, s.factor) for s in found] == [(position, 0.1)]


def test_another_unit_from_a_position_on() -> None:
    values = walk()
    values[25:] *= 100
    found = unit_change(values, FACTORS, reach=5, tolerance=0.3)
    assert [(s.position, s.factor) for s in found] == [(25, 100.0)]


def test_an_honest_series_is_not_suspected() -> None:
    assert decimal_slips(walk(), FACTORS, reach=3, tolerance=0.3) == []
    assert unit_change(walk(), FACTORS, reach=5, tolerance=0.3) == []


def test_bad_input_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 7"):
        decimal_slips(walk()[:6], FACTORS, reach=3, tolerance=0.3)
    with pytest.raises(ValueError, match="not above zero at position 0"):
        unit_change(walk() - walk()[0], FACTORS, reach=3, tolerance=0.3)
    with pytest.raises(ValueError, match="reach"):
        unit_change(walk(), FACTORS, reach=1, tolerance=0.3)
    with pytest.raises(ValueError, match="reach"):
        decimal_slips(walk(), FACTORS, reach=0, tolerance=0.3)
