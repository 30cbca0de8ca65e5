import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from models.regional.inequality import gini, theil, variation

incomes = arrays(float, 6, elements=st.floats(0.1, 1e5))
people = arrays(float, 6, elements=st.floats(0.1, 1e4))


@given(income=incomes, population=people, groups=st.lists(st.sampled_from("abc"), min_size=6, max_size=6))
def test_theil_is_within_plus_between(income: np.ndarray, population: np.ndarray, groups: list[str]) -> None:
    found = theil(income, population, groups)
    assert found.total == pytest.approx(found.within + found.between, abs=1e-9)
    assert found.total >= -1e-12 and found.between >= -1e-12
    assert sum(share for _, share in found.groups.values()) == pytest.approx(1)


def test_theil_at_its_ends() -> None:
    alike = theil([2.0, 4, 6], [1, 2, 3], ["a", "a", "b"])
    assert (alike.total, alike.within, alike.between) == pytest.approx((0, 0, 0))
    one_has_all = theil([0.0, 0, 0, 8], [1, 1, 1, 1], ["a", "a", "b", "b"])
    assert one_has_all.total == pytest.approx(np.log(4))
    assert one_has_all.groups["a"] == (0, 0)


@given(n=st.integers(1, 200))
def test_one_that_has_all(n: int) -> None:
    income = np.zeros(n)
    income[-1] = 5
    assert gini(income, np.ones(n)) == pytest.approx((n - 1) / n, abs=1e-9)


@given(income=incomes, population=people)
def test_gini_is_the_mean_difference(income: np.ndarray, population: np.ndarray) -> None:
    head, share = income / population, population / population.sum()
    differences = share @ np.abs(head[:, None] - head) @ share
    assert gini(income, population) == pytest.approx(differences / (2 * share @ head), abs=1e-9)


@given(income=incomes, population=people)
def test_a_region_cut_in_two_changes_nothing(income: np.ndarray, population: np.ndarray) -> None:
    halves = [np.repeat(x / 2, 2) for x in (income, population)]
    for measure in (gini, variation, lambda y, p: theil(y, p, ["a"] * len(y)).total):
        assert measure(*halves) == pytest.approx(measure(income, population), abs=1e-9)


def test_variation_by_hand() -> None:
    assert variation([1.0, 3.0], [1, 1]) == pytest.approx(0.5)


def test_bad_input_is_refused() -> None:
    with pytest.raises(ValueError, match="3 regions have 2 groups"):
        theil([1.0, 2, 3], [1, 1, 1], ["a", "b"])
    with pytest.raises(ValueError, match="2 incomes have 1"):
        gini([1.0, 2], [1])
    with pytest.raises(ValueError, match="population is not above zero at position 1"):
        gini([1.0, 2], [1, 0])
    with pytest.raises(ValueError, match="all zero"):
        variation([0.0, 0], [1, 1])
