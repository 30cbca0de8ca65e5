import numpy as np
import pytest

from models.series.anomalies import cross_check, from_usual, level_shift, modified_z


def test_outliers_do_not_hide_one_another() -> None:
    values = np.append(np.random.default_rng(0).normal(size=100), [20.0, 25.0, 30.0])
    z = modified_z(values)
    assert (np.abs(z[-3:]) > 10).all() and (np.abs(z[:-3]) < 4.5).all()
    assert modified_z([1.0, 2, 3, 4, 5]).tolist() == pytest.approx([-1.349, -0.6745, 0, 0.6745, 1.349])


def test_growth_is_compared_with_what_went_before_it_alone() -> None:
    growth = [5.0, 7, 6, 6, 9, -4]
    assert from_usual(growth, 3).tolist() == [0, 3, -10]
    assert from_usual([*growth, 50], 3).tolist()[:3] == [0, 3, -10]


def test_a_fall_in_the_newest_month_of_a_wandering_series_is_found() -> None:
    rng = np.random.default_rng(5)
    found = 0
    for _ in range(50):
        growth = np.cumsum(0.3 * rng.standard_normal(80)) + rng.standard_normal(80)
        growth[-1] -= 6
        found += modified_z(from_usual(growth, 12))[-1] < -3
    assert found >= 45


def test_a_shift_is_told_from_a_single_value() -> None:
    z = [0, 5, 0, 0, 3, 2, 2]
    assert level_shift(z, last=3, limit=2).tolist() == [False] * 6 + [True]
    assert not level_shift([9.0], last=3, limit=2).any()


def test_output_beyond_its_electricity_is_seen() -> None:
    rng = np.random.default_rng(1)
    electricity = np.exp(np.cumsum(rng.normal(0, 0.1, 60)))
    output = 50 * electricity**0.7 * np.exp(rng.normal(0, 0.01, 60))
    output[55] *= 1.1
    found = cross_check(output, electricity, learned=48, sigmas=3)
    assert found.elasticity == pytest.approx(0.7, abs=0.03)
    assert np.flatnonzero(found.outside).tolist() == [55]
    assert found.deviation[:48].mean() == pytest.approx(0, abs=1e-9)
    # what is judged does not move the limits
    assert cross_check(output[:48], electricity[:48], learned=48, sigmas=3).upper == found.upper


def test_bad_input_is_refused() -> None:
    with pytest.raises(ValueError, match="more than half"):
        modified_z([1.0, 1, 1, 1, 9])
    with pytest.raises(ValueError, match="12 <= learned"):
        cross_check(np.arange(1, 12.0), np.arange(1, 12.0), learned=11, sigmas=3)
    with pytest.raises(ValueError, match="source does not vary"):
        cross_check(np.arange(1, 21.0), np.ones(20), learned=15, sigmas=3)
    with pytest.raises(ValueError, match="no spread"):
        cross_check(3 * np.arange(1, 21.0) ** 2, np.arange(1, 21.0), learned=15, sigmas=3)
    with pytest.raises(ValueError, match="output is not above zero"):
        cross_check(np.arange(20.0), np.ones(20), learned=15, sigmas=3)
    with pytest.raises(ValueError, match="last"):
        level_shift([1.0], last=0, limit=2)
    with pytest.raises(ValueError, match="at least 13 periods, not 12"):
        from_usual(np.arange(12.0), 12)
    with pytest.raises(ValueError, match="window"):
        from_usual([1.0, 2.0], 0)
