import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.lights.diffusion import diffusion_index, has_moved, historical_diffusion, weighted_index

PARTS = {"orders": 51.8, "production": 52.6, "employment": 48.2, "delivery": 50.3, "inventory": 47.2}
WEIGHTS = {"orders": 0.30, "production": 0.25, "employment": 0.20, "delivery": 0.15, "inventory": 0.10}
SLOWER_IS_BUSIER = frozenset({"delivery"})


def test_published_index_of_march_2025() -> None:
    index = weighted_index(PARTS, WEIGHTS, SLOWER_IS_BUSIER)[0]
    assert index == pytest.approx(50.505, abs=1e-9)
    assert abs(index - 50.5) < 0.05  # as published, to one digit


@given(level=st.floats(0, 100))
def test_parts_that_agree_give_their_level(level: float) -> None:
    assert weighted_index(dict.fromkeys(PARTS, level), WEIGHTS)[0] == pytest.approx(level)
    neutral = dict.fromkeys(PARTS, 50.0)
    assert weighted_index(neutral, WEIGHTS, SLOWER_IS_BUSIER)[0] == pytest.approx(50)


def test_whole_series_at_once() -> None:
    series = {name: [value, value + 1] for name, value in PARTS.items()}
    assert np.diff(weighted_index(series, WEIGHTS, SLOWER_IS_BUSIER)) == pytest.approx([0.7])


def test_index_and_error_of_a_sample() -> None:
    found = diffusion_index(30, 50, 20)
    assert found.index == 55
    answers = np.repeat([100.0, 50.0, 0.0], [30, 50, 20])
    assert found.error == pytest.approx(answers.std() / np.sqrt(100))
    assert diffusion_index(0, 7, 0).error == diffusion_index(7, 0, 0).error == 0


def test_a_small_move_is_none() -> None:
    before = diffusion_index(30, 50, 20)
    assert not has_moved(diffusion_index(36, 50, 14), before, confidence=0.9)
    assert has_moved(diffusion_index(60, 30, 10), before, confidence=0.9)
    many = [diffusion_index(3600, 5000, 1400), diffusion_index(3000, 5000, 2000)]
    assert has_moved(*many, confidence=0.9)


@given(up=st.integers(0, 50), same=st.integers(0, 50), down=st.integers(1, 50))
def test_up_and_down_mirror_each_other(up: int, same: int, down: int) -> None:
    one, other = diffusion_index(up, same, down), diffusion_index(down, same, up)
    assert one.index + other.index == pytest.approx(100)
    assert one.error == pytest.approx(other.error)


def test_historical_index() -> None:
    panel = np.array([[1.0, 5, 3], [2, 5, 2], [3, 5, 9], [1, 6, 9.05]])
    assert historical_diffusion(panel, 2) == pytest.approx([250 / 3, 200 / 3])
    assert historical_diffusion(panel, 1, tolerance=0.1)[-1] == pytest.approx(50)


def test_bad_input_is_refused() -> None:
    with pytest.raises(ValueError, match="do not fit: orders"):
        weighted_index({k: v for k, v in PARTS.items() if k != "orders"}, WEIGHTS)
    with pytest.raises(ValueError, match="do not fit: prices"):
        weighted_index(PARTS, WEIGHTS, frozenset({"prices"}))
    with pytest.raises(ValueError, match="sum to"):
        weighted_index(PARTS, WEIGHTS | {"orders": 0.4})
    with pytest.raises(ValueError, match="orders is outside"):
        weighted_index(PARTS | {"orders": 518.0}, WEIGHTS)
    with pytest.raises(ValueError, match="orders is not finite"):
        weighted_index(PARTS | {"orders": np.nan}, WEIGHTS)
    with pytest.raises(ValueError, match="needs answers"):
        diffusion_index(0, 0, 0)
    with pytest.raises(ValueError, match="confidence"):
        has_moved(diffusion_index(1, 1, 1), diffusion_index(1, 1, 1), confidence=90)
    with pytest.raises(ValueError, match="span"):
        historical_diffusion(np.ones((3, 2)), 0)
