import numpy as np
import pytest

from models.cycle.band import band_pass, hp_lambda


@pytest.mark.parametrize(("period", "expected"), [(120, 133107.94), (12, 13.93), (6, 1.0)])
def test_smoothing_parameters_of_the_published_band(period: float, expected: float) -> None:
    assert round(hp_lambda(period), 2) == expected


def test_waves_of_the_band_pass_and_others_do_not() -> None:
    t = np.arange(480)
    inner = slice(60, -60)

    def passed(period: float) -> float:
        return float(band_pass(np.sin(2 * np.pi * t / period), 12, 120)[inner].std() * np.sqrt(2))

    assert passed(48) > 0.9
    assert passed(4) < 0.02 and passed(960) < 0.02
    assert passed(12) == pytest.approx(0.5, abs=0.02)


def test_a_straight_line_has_no_cycle() -> None:
    line = 5 + 0.3 * np.arange(200)
    assert band_pass(line, 12, 120) == pytest.approx(np.zeros(200), abs=1e-6)


def test_bad_input_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 120"):
        band_pass(np.zeros(119), 12, 120)
    with pytest.raises(ValueError, match="shortest < longest"):
        band_pass(np.zeros(200), 120, 12)
    with pytest.raises(ValueError, match="not finite at position 3"):
        band_pass(np.array([1.0, 2, 3, np.nan]), 3, 4)
    with pytest.raises(ValueError, match="above 2"):
        hp_lambda(2)
