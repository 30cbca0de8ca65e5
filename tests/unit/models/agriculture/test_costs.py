from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.agriculture.costs import cost_return
from models.agriculture.fertiliser import fertiliser_need

PEANUT: dict[str, float] = {
    **{"target_yield": 300, "uptake": 0.05, "soil_test": 60, "correction": 0.55},
    **{"content": 0.46, "use_rate": 0.5, "most": 100},
}
money = st.floats(0, 1e5)


@given(output=money, materials=money, family=money, hired=money, rent=money, own=money)
def test_sums_and_identities(
    output: float, materials: float, family: float, hired: float, rent: float, own: float
) -> None:
    found = cost_return(
        output=output,
        quantity=400,
        materials=materials + 1,
        family_labour=family,
        hired_labour=hired,
        land_rent=rent,
        own_land=own,
    )
    assert found.total == pytest.approx(found.materials + found.labour + found.land)
    assert found.net == pytest.approx(output - found.total, abs=1e-6)
    assert found.cash - found.net == pytest.approx(family + own, abs=1e-6)
    assert found.break_even * 400 == pytest.approx(found.total)
    assert found.profit_ratio * found.total == pytest.approx(found.net, abs=1e-6)


def test_worked_example_of_peanut() -> None:
    """Soil supplies 60 * 0.15 * 0.55 = 4.95 kg nitrogen; (15 - 4.95) / (0.46 * 0.5) kg urea a mu."""
    assert round(fertiliser_need(**PEANUT), 1) == 43.7


def test_need_stays_within_its_bounds() -> None:
    assert fertiliser_need(**PEANUT | {"soil_test": 300}) == 0
    assert fertiliser_need(**PEANUT | {"most": 30}) == 30


@pytest.mark.parametrize("change", [{"content": 46}, {"use_rate": 0}, {"uptake": -1}, {"soil_test": np.nan}])
def test_bad_need_is_refused(change: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"must be above 0|must not be negative|not finite"):
        fertiliser_need(**PEANUT | change)


@pytest.mark.parametrize("change", [{"quantity": 0}, {"materials": -1}, {"output": np.inf}])
def test_bad_costs_are_refused(change: dict[str, float]) -> None:
    items: dict[str, Any] = {
        **{"output": 1, "quantity": 1, "materials": 1, "family_labour": 1, "hired_labour": 1},
        **{"land_rent": 1, "own_land": 1},
    }
    with pytest.raises(ValueError, match=r"must not be negative|not finite"):
        cost_return(**items | change)
