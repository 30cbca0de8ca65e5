import numpy as np
import pytest
from scipy.stats import f
from statsmodels.tsa.stattools import grangercausalitytests

from models.agriculture.integration import price_leads


def markets() -> np.ndarray:
    """The first leads the second by a week; the third has nothing to do with them."""
    change = np.random.default_rng(3).normal(0, 0.03, (300, 3))
    change[1:, 1] += 0.6 * change[:-1, 0]
    return np.exp(np.cumsum(change, axis=0))


def test_who_leads_whom() -> None:
    found = price_leads(markets(), 2, discovery_rate=0.05)
    assert np.argwhere(found.holds).tolist() == [[0, 1]]
    assert np.isnan(np.diag(found.p_value)).all()


def test_p_value_by_hand() -> None:
    """F of one lag more: (SSR0 - SSR1) / (SSR1 / (n - 3))."""
    change = np.diff(np.log(markets()), axis=0)
    y, own, other = change[1:, 2], change[:-1, 2], change[:-1, 0]
    squares = []
    for columns in ([own], [own, other]):
        design = np.column_stack([np.ones(y.size), *columns])
        squares.append(np.linalg.lstsq(design, y, rcond=None)[1][0])
    statistic = (squares[0] - squares[1]) / (squares[1] / (y.size - 3))
    found = price_leads(markets(), 1, discovery_rate=0.05)
    assert found.p_value[0, 2] == pytest.approx(f.sf(statistic, 1, y.size - 3))


def test_bad_input_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 53"):
        price_leads(markets()[:52], 2, discovery_rate=0.05)
    with pytest.raises(ValueError, match="two markets"):
        price_leads(markets()[:, :1], 2, discovery_rate=0.05)
    with pytest.raises(ValueError, match="market 2 does not vary"):
        price_leads(markets() ** [1, 1, 0], 2, discovery_rate=0.05)
    with pytest.raises(ValueError, match="lags"):
        price_leads(markets(), 0, discovery_rate=0.05)


def test_p_values_are_those_of_statsmodels() -> None:
    rng = np.random.default_rng(9)
    prices = np.exp(np.cumsum(rng.normal(0, 0.02, (120, 3)), axis=0))
    change = np.diff(np.log(prices), axis=0)
    expected = grangercausalitytests(change[:, [1, 0]], [2])[2][0]["ssr_ftest"][1]
    assert price_leads(prices, 2, discovery_rate=0.1).p_value[0, 1] == pytest.approx(expected)
