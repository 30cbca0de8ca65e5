import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.environment.air import air_quality_index, sub_index

INDICES = [0, 50, 100, 150, 200, 300, 400, 500]
PM25_2012 = [0, 35, 75, 115, 150, 250, 350, 500]
PM25_2026 = [0, 30, 60, 115, 150, 250, 350, 500]


def test_tables_of_2012_and_2026() -> None:
    assert sub_index(75, PM25_2012, INDICES) == 100
    assert sub_index(60, PM25_2026, INDICES) == 100
    assert sub_index(75, PM25_2026, INDICES) == 114


@given(one=st.floats(0, 700), more=st.floats(0, 100))
def test_dirtier_air_has_no_lower_index(one: float, more: float) -> None:
    assert 0 <= sub_index(one, PM25_2026, INDICES) <= sub_index(one + more, PM25_2026, INDICES) <= 500


def test_binary_fractions_add_no_point() -> None:
    assert sub_index(0.1 + 0.2, [0.0, 0.3, 1.0], [0, 50, 100]) == 50


def test_the_worst_pollutant_names_the_index() -> None:
    assert air_quality_index({"PM2.5": 80, "O3": 80, "NO2": 20}, 50) == (80, ("O3", "PM2.5"))
    assert air_quality_index({"PM2.5": 50}, 50) == (50, ())


def test_bad_input_is_refused() -> None:
    with pytest.raises(ValueError, match="rising lists"):
        sub_index(1, [0, 1], [0, 50, 100])
    with pytest.raises(ValueError, match="below the first"):
        sub_index(-1, PM25_2012, INDICES)
    with pytest.raises(ValueError, match="not finite"):
        sub_index(float("nan"), PM25_2012, INDICES)
    with pytest.raises(ValueError, match="no sub-index"):
        air_quality_index({}, 50)
