import numpy as np
import pandas as pd
import pytest

from models.agriculture.yields import olympic_mean, yield_parts


def yields(bad: float = 1.0) -> pd.Series:
    values = (300 + 4.0 * np.arange(25)) * (1 + np.random.default_rng(0).normal(0, 0.01, 25))
    values[12] *= bad
    return pd.Series(values, index=pd.period_range("2000", periods=25, freq="Y"))


def test_a_bad_year_stands_out_of_the_trend() -> None:
    found = yield_parts(yields(0.85), span=0.5, loss=-0.05)
    assert found.loss[found.loss].index.astype(str).tolist() == ["2012"]
    assert found.anomaly.iloc[12] == pytest.approx(-0.15, abs=0.02)
    assert (found.trend * (1 + found.anomaly)).to_numpy() == pytest.approx(yields(0.85).to_numpy())


def test_a_straight_trend_has_no_anomaly() -> None:
    line = pd.Series(300 + 4.0 * np.arange(25), index=yields().index)
    found = yield_parts(line, span=0.5, loss=-0.05)
    assert found.anomaly.abs().max() < 1e-6 and not found.loss.any()


def test_what_is_usual() -> None:
    assert olympic_mean([5.0, 1, 4, 3, 99]) == 4
    with pytest.raises(ValueError, match="at least 3"):
        olympic_mean([1.0, 2.0])


def test_bad_input_is_refused() -> None:
    with pytest.raises(ValueError, match="yields lacks 2003"):
        yield_parts(yields().drop(pd.Period("2003", "Y")), span=0.5, loss=-0.05)
    with pytest.raises(ValueError, match="at least 8"):
        yield_parts(yields()[:7], span=0.5, loss=-0.05)
    with pytest.raises(ValueError, match="not above zero"):
        yield_parts(yields(0.0), span=0.5, loss=-0.05)
    with pytest.raises(ValueError, match="span"):
        yield_parts(yields(), span=5, loss=-0.05)
    with pytest.raises(ValueError, match="loss"):
        yield_parts(yields(), span=0.5, loss=0.05)
