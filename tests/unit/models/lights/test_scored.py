from typing import Any

import numpy as np
import pytest

from models.lights.scored import scored_index


def index(growth: Any, **changes: Any) -> np.ndarray:
    return scored_index(growth, **({"window": 4, "points": 10, "most": 3} | changes))


def test_by_hand() -> None:
    """Of -1, 1, -1, 1 the mean is 0 and the standard deviation the root of 4/3."""
    found = index([-1.0, 1, -1, 1, 0, 1.0])
    assert np.isnan(found[:4]).all() and found[4] == 50
    assert index([-1.0, 1, -1, 1, 1.0])[4] == pytest.approx(50 + 10 / np.sqrt(4 / 3))
    assert [index([-1.0, 1, -1, 1, x])[4] for x in (99, -99)] == [80, 20]


def test_what_comes_later_and_the_unit_do_not_count() -> None:
    growth = np.random.default_rng(0).normal(size=60)
    whole = index(growth, window=36)
    assert index(growth[:50] * 8, window=36) == pytest.approx(whole[:50], nan_ok=True)
    assert np.nanmin(whole) >= 20 and np.nanmax(whole) <= 80


def test_without_variation_there_is_no_scale() -> None:
    assert np.isnan(index([1.0, 1, 1, 1, 5])).all()


def test_bad_input_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 5"):
        index([1.0, 2, 3, 4])
    with pytest.raises(ValueError, match="points"):
        index(np.arange(9.0), points=20)
    with pytest.raises(ValueError, match="growth is not finite at position 1"):
        index([1.0, np.nan, 3, 4, 5])
