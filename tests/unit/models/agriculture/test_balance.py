import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from models.agriculture.balance import (
    ITEMS,
    balance_constraints,
    reconcile,
    reconcile_sheets,
    self_sufficiency,
    stock_to_use,
)

GIVEN = [100.0, 800, 120, 500, 300, 20, 60, 40, 10, 70]


def test_the_gap_is_shared_by_variance() -> None:
    """Supply 1020 against use 1000: production, four times the variance of food, takes four fifths."""
    deviations = np.zeros(10)
    deviations[[ITEMS.index("production"), ITEMS.index("food")]] = 2, 1
    found = reconcile(GIVEN, deviations, balance_constraints(1))
    assert found.residual == pytest.approx([20])
    assert found.values[1] == pytest.approx(784) and found.values[3] == pytest.approx(504)
    assert np.count_nonzero(np.abs(found.adjustment) > 1e-9) == 2


@settings(max_examples=30)
@given(
    values=arrays(float, 30, elements=st.floats(0, 1e6)),
    deviations=arrays(float, 30, elements=st.floats(0.1, 1e3)),
)
def test_identities_hold_and_no_nearer_point_does(values: np.ndarray, deviations: np.ndarray) -> None:
    a = balance_constraints(3)
    assert a.shape == (5, 30)
    found = reconcile(values, deviations, a)
    size = values.max() + 1
    assert a @ found.values / size == pytest.approx(np.zeros(5), abs=1e-8)
    again = reconcile(found.values, deviations, a)
    assert again.adjustment / size == pytest.approx(np.zeros(30), abs=1e-8)
    # at the minimum, the adjustment over the variance lies in the row space of A
    scaled = found.adjustment / deviations**2
    multipliers = np.linalg.lstsq(a.T, scaled, rcond=None)[0]
    assert a.T @ multipliers == pytest.approx(scaled, abs=1e-6 * (np.abs(scaled).max() + 1e-12))


def test_closing_is_the_next_opening() -> None:
    two = np.array(GIVEN * 2)
    found = reconcile(two, np.ones(20), balance_constraints(2)).values.reshape(2, 10)
    assert found[0, ITEMS.index("closing")] == pytest.approx(found[1, ITEMS.index("opening")])


def test_ratios() -> None:
    assert stock_to_use(70, 700) == pytest.approx(0.1)
    assert self_sufficiency(800, 240, 40) == pytest.approx(0.8)
    with pytest.raises(ValueError, match="use must be above 0"):
        stock_to_use(70, 0)
    with pytest.raises(ValueError, match="not finite"):
        self_sufficiency(np.nan, 1, 1)


def test_bad_input_is_refused() -> None:
    a = balance_constraints(1)
    with pytest.raises(ValueError, match="break a constraint by 20"):
        reconcile(GIVEN, np.zeros(10), a)
    with pytest.raises(ValueError, match="10 values have 9 deviations"):
        reconcile(GIVEN, np.ones(9), a)
    with pytest.raises(ValueError, match="values is not finite at position 0"):
        reconcile([np.nan, *GIVEN[1:]], np.ones(10), a)
    with pytest.raises(ValueError, match="periods"):
        balance_constraints(0)


def test_sheets_on_end_are_those_of_the_dense_solution() -> None:
    rng = np.random.default_rng(5)
    values = rng.uniform(1, 10, (7, len(ITEMS)))
    errors = rng.uniform(0.1, 1, values.shape)
    errors[:, 5] = 0
    found = reconcile_sheets(values, errors)
    dense = reconcile(values.ravel(), errors.ravel(), balance_constraints(7))
    assert found.values.ravel() == pytest.approx(dense.values)
    assert np.abs(balance_constraints(7) @ found.values.ravel()).max() < 1e-9
    assert found.values[:, 5] == pytest.approx(values[:, 5])
    assert found.residual[::2] == pytest.approx(dense.residual[:7])
    assert found.residual[1::2] == pytest.approx(dense.residual[7:])


def test_sheets_that_add_up_stay() -> None:
    sheet = np.array([[4.0, 5, 1, 3, 1, 0.5, 0.5, 1, 0, 4]] * 3)
    assert reconcile_sheets(sheet, sheet * 0.1).adjustment == pytest.approx(np.zeros(sheet.shape), abs=1e-12)


def test_sheets_that_may_not_change_are_refused() -> None:
    sheet = np.ones((2, len(ITEMS)))
    with pytest.raises(ValueError, match="nothing that may change"):
        reconcile_sheets(sheet, 0 * sheet)
    with pytest.raises(ValueError, match="deviations"):
        reconcile_sheets(sheet, sheet[:1])
