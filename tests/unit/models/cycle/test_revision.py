import numpy as np
import pytest

from models.cycle.band import band_pass
from models.cycle.revision import expanding, revision_band


def test_what_looks_back_only_is_never_revised() -> None:
    values = np.random.default_rng(0).normal(size=40)
    band = revision_band(expanding(values, np.cumsum, 10), ages=6, coverage=0.8)
    assert band.lower.tolist() == band.upper.tolist() == [0] * 6
    assert band.vintages == 25


def test_known_revisions() -> None:
    """Every vintage understates its newest value by 2 and the one before by 1."""
    vintages = [np.concatenate([np.zeros(n - 2), [-1.0, -2.0]]) for n in range(10, 31)]
    band = revision_band(vintages, ages=4, coverage=0.9)
    assert band.mean.tolist() == [2, 1, 0, 0]
    assert band.lower.tolist() == band.upper.tolist() == [2, 1, 0, 0]


def test_filters_are_revised_most_at_the_end() -> None:
    values = np.cumsum(np.random.default_rng(1).normal(size=120))
    band = revision_band(expanding(values, lambda x: band_pass(x, 6, 30), 60), ages=25, coverage=0.8)
    width = band.upper - band.lower
    assert width[0] > 2 * width[20] > 0


def test_bad_input_is_refused() -> None:
    vintages = expanding(np.arange(20.0), np.cumsum, 5)
    with pytest.raises(ValueError, match="8 settled vintages are wanted, 3"):
        revision_band(vintages[-9:], ages=6, coverage=0.8)
    with pytest.raises(ValueError, match="longer than"):
        revision_band(vintages[::-1], ages=5, coverage=0.8)
    with pytest.raises(ValueError, match="coverage"):
        revision_band(vintages, ages=5, coverage=80)
    with pytest.raises(ValueError, match="8 settled vintages are wanted, 0"):
        revision_band([], ages=5, coverage=0.8)
    with pytest.raises(ValueError, match=r"shape \(4,\) for 5"):
        expanding(np.arange(9.0), np.diff, 5)
