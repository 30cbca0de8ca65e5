import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from models.regional.structure import concentration_ratio, herfindahl, location_quotient, shift_share

tables = arrays(float, (4, 3), elements=st.floats(0.1, 1e5))


@given(table=tables)
def test_quotients_average_to_one(table: np.ndarray) -> None:
    reference = table.sum(axis=0) / table.sum()
    assert location_quotient(table) @ reference == pytest.approx(np.ones(4), abs=1e-9)


def test_quotient_by_hand() -> None:
    """Half of the region's jobs, a quarter of all."""
    assert location_quotient([[50.0, 50], [0, 100]])[0, 0] == pytest.approx(2)


@given(before=tables, after=arrays(float, (4, 3), elements=st.floats(0, 1e5)))
def test_shift_and_share_add_up_to_the_change(before: np.ndarray, after: np.ndarray) -> None:
    assume(after.sum() > 0)
    parts = shift_share(before, after)
    change = after - before
    assert parts.national + parts.mix + parts.regional == pytest.approx(change, rel=1e-9, abs=1e-9)
    scale = before.sum() + after.sum()
    assert parts.regional.sum(axis=0) / scale == pytest.approx(np.zeros(3), abs=1e-9)
    assert parts.mix.sum() / scale == pytest.approx(0, abs=1e-9)


def test_shift_share_by_hand() -> None:
    """The whole grows by 10 %, the first industry by 20 %, the first region's by 40 %."""
    parts = shift_share([[50.0, 50], [50, 50]], [[70.0, 50], [50, 50]])
    assert [float(p[0, 0]) for p in (parts.national, parts.mix, parts.regional)] == pytest.approx([5, 5, 10])


@given(n=st.integers(1, 500), level=st.floats(0.01, 1e6))
def test_equal_firms(n: int, level: float) -> None:
    assert herfindahl(np.full(n, level)) == pytest.approx(1 / n, abs=1e-9)
    assert concentration_ratio(np.full(n, level), 4) == pytest.approx(min(4 / n, 1), abs=1e-9)


def test_concentration_by_hand() -> None:
    assert herfindahl([3, 1]) == pytest.approx(0.625)
    assert concentration_ratio([1, 5, 2, 1, 1], 2) == pytest.approx(0.7)


def test_bad_input_is_refused() -> None:
    with pytest.raises(ValueError, match="no location quotient"):
        location_quotient([[0.0, 0], [1, 1]])
    with pytest.raises(ValueError, match="table must not be negative"):
        location_quotient([[-1.0, 2], [1, 1]])
    with pytest.raises(ValueError, match="differ in shape"):
        shift_share(np.ones((2, 2)), np.ones((2, 3)))
    with pytest.raises(ValueError, match="industry 1 was nowhere"):
        shift_share([[1.0, 0]], [[1.0, 1]])
    with pytest.raises(ValueError, match="not be negative nor all zero"):
        herfindahl([0, 0])
    with pytest.raises(ValueError, match="largest"):
        concentration_ratio([1], 0)
    with pytest.raises(ValueError, match="not finite"):
        herfindahl([1, np.nan])
