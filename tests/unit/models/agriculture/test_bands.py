import numpy as np
import pytest

from models.agriculture.bands import seasonal_band


def test_band_of_the_same_ten_days() -> None:
    season = np.tile([1.0, 2.0, 3.0], 6)
    values = season + np.repeat([0.0, 0.1, 0.2, 0.3, 0.4, 9.0], 3)
    band = seasonal_band(values, 3, years=5, lower=0.1, upper=0.9)
    assert np.isnan(band.middle[:15]).all()
    assert band.middle[15:] == pytest.approx([1.2, 2.2, 3.2])
    assert band.lower[15:] == pytest.approx([1.04, 2.04, 3.04])
    assert band.upper[15:] == pytest.approx([1.36, 2.36, 3.36])


def test_bad_input_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 16"):
        seasonal_band(np.ones(15), 3, years=5, lower=0.1, upper=0.9)
    with pytest.raises(ValueError, match="years >= 2"):
        seasonal_band(np.ones(30), 3, years=5, lower=0.9, upper=0.1)
