import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.lights.five import LIGHTS, light_index, lights, lights_a_year, quantile_edges

# Bands as the published index of 2007-08 shows them, thirds of a hundred apart.
BANDS = [63.33, 83.33, 116.67, 136.67]


@pytest.mark.parametrize(
    ("index", "light"),
    [(117.3, "yellow"), (121.3, "yellow"), (113.3, "green"), (110.7, "green"), (113.2, "green")],
)
def test_published_lights_of_2007_and_2008(index: float, light: str) -> None:
    assert LIGHTS[lights([index], BANDS)[0] - 1] == light


def test_an_edge_has_the_upper_light_and_nothing_has_none() -> None:
    assert lights([0.0, 63.33, 83.32, 100.0, 136.67, np.nan], BANDS).tolist() == [1, 2, 2, 3, 5, 0]
    assert lights([0.1 + 0.2], [0.1, 0.2, 0.3, 0.4]).tolist() == [4]


def test_all_green_is_a_hundred() -> None:
    assert light_index(np.full((2, 4), 3), [1, 2, 3, 4]) == pytest.approx([100, 100])
    assert light_index([[5, 5], [1, 1], [5, 1], [5, 0]], [3, 1]) == pytest.approx(
        [500 / 3, 100 / 3, 400 / 3, np.nan], nan_ok=True
    )


@given(scores=st.lists(st.integers(1, 5), min_size=3, max_size=3), at=st.integers(0, 2))
def test_a_warmer_light_never_lowers_the_index(scores: list[int], at: int) -> None:
    warmer = list(scores)
    warmer[at] = min(warmer[at] + 1, 5)
    low, high = light_index([scores, warmer], [2, 3, 5])
    assert 100 / 3 - 1e-9 <= low <= high <= 500 / 3 + 1e-9


def test_limits_from_the_past_do_not_know_the_present() -> None:
    values = np.random.default_rng(0).normal(size=40)
    edges = quantile_edges(values, [0.05, 0.2, 0.8, 0.95], 24)
    assert np.isnan(edges[:24]).all()
    assert edges[30] == pytest.approx(np.quantile(values[6:30], [0.05, 0.2, 0.8, 0.95]))
    changed = values.copy()
    changed[30:] += 9
    assert quantile_edges(changed, [0.05, 0.2, 0.8, 0.95], 24)[30] == pytest.approx(edges[30])
    assert lights(changed, quantile_edges(changed, [0.05, 0.2, 0.8, 0.95], 24))[[23, 30]].tolist() == [0, 5]


def test_lights_a_year() -> None:
    shown = lights_a_year([0, 3, 3, 4, 5], 12)
    assert shown.tolist() == [0, 0, 6, 3, 3]


def test_bad_input_is_refused() -> None:
    with pytest.raises(ValueError, match="must rise"):
        lights([1.0], [1, 2, 2, 3])
    with pytest.raises(ValueError, match=r"at 1$"):
        lights([1.0, 1.0], [[1, 2, 3, 4], [4, 3, 2, 1]])
    with pytest.raises(ValueError, match="without infinities"):
        lights([np.inf], BANDS)
    with pytest.raises(ValueError, match="2 indicators have 3 weights"):
        light_index([[3, 3]], [1, 1, 1])
    with pytest.raises(ValueError, match="whole numbers"):
        light_index([[3, 6]], [1, 1])
    with pytest.raises(ValueError, match="not be negative"):
        light_index([[3, 3]], [1, -1])
    with pytest.raises(ValueError, match="four rising"):
        quantile_edges(np.arange(9.0), [0.5], 3)
    with pytest.raises(ValueError, match="at least 10"):
        quantile_edges(np.arange(9.0), [0.1, 0.2, 0.3, 0.4], 9)
    with pytest.raises(ValueError, match="window"):
        quantile_edges(np.arange(9.0), [0.1, 0.2, 0.3, 0.4], 0)
    with pytest.raises(ValueError, match="no period"):
        lights_a_year([0, 0], 12)
