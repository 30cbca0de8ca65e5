import numpy as np
import pandas as pd
import pytest

from models.agriculture.anomaly import anomaly_states, compound_growth, price_anomaly, steadied_growth

WEIGHT = 0.4


def prices(years: int = 8) -> pd.Series:
    rng = np.random.default_rng(6)
    month = np.arange(12 * years)
    log = 0.1 * np.sin(2 * np.pi * month / 12) + np.cumsum(rng.normal(0, 0.01, month.size))
    return pd.Series(np.exp(log), index=pd.period_range("2012-01", periods=month.size, freq="M"))


def test_growth_is_over_all_its_months() -> None:
    """Three months at 2 % are 2 % a month; a window of three values would see two months only."""
    values = pd.Series(1.02 ** np.arange(6), index=pd.period_range("2020-01", periods=6, freq="M"))
    assert compound_growth(values, 3).tolist()[3:] == pytest.approx([0.02] * 3)
    assert compound_growth(values, 3).isna().tolist() == [True] * 3 + [False] * 3
    assert steadied_growth(values, 3).tolist()[3:] == pytest.approx([0.02] * 3)


def test_anomaly_by_hand() -> None:
    """Of the last month, from the definition."""
    values = prices(6)
    found = price_anomaly(values, quarterly_weight=WEIGHT)
    growth = steadied_growth(values, 3)[values.index.month == 12].to_numpy()
    weight = np.arange(1, 6)
    mean = (weight * growth[:-1]).sum() / 15
    deviation = np.sqrt((weight * (growth[:-1] - mean) ** 2).sum() / (15 * 4 / 5))
    assert found.quarterly.iloc[-1] == pytest.approx((growth[-1] - mean) / deviation)
    assert found.combined.iloc[-1] == pytest.approx(
        WEIGHT * found.quarterly.iloc[-1] + (1 - WEIGHT) * found.annual.iloc[-1]
    )


def test_a_jump_is_an_alert_and_a_season_is_none() -> None:
    values = prices()
    values.iloc[-1] *= 1.5
    found = price_anomaly(values, quarterly_weight=WEIGHT).combined
    assert anomaly_states(found, watch=0.5, alert=1)[-1] == "alert"
    falling = price_anomaly(1 / values, quarterly_weight=WEIGHT).combined
    assert anomaly_states(falling, watch=0.5, alert=1)[-1] == "alert_low"
    # in February the season alone lifts prices by 12 % in three months, every year
    assert abs(price_anomaly(prices(), quarterly_weight=1.0).combined).median() < 1.5


def test_what_was_said_stands_and_units_do_not_count() -> None:
    values = prices()
    whole = price_anomaly(values, quarterly_weight=WEIGHT).combined
    for end in (60, 75, 90):
        then = price_anomaly(values[:end] * 7, quarterly_weight=WEIGHT).combined
        assert then.to_numpy() == pytest.approx(whole[:end].to_numpy(), nan_ok=True)


def test_limits_are_inclusive() -> None:
    said = anomaly_states(pd.Series([0.49, 0.5, 1.0, -0.5, -1.0, np.nan]), watch=0.5, alert=1)
    assert said == ["none", "watch", "alert", "watch_low", "alert_low", "none"]


def test_bad_input_is_refused() -> None:
    with pytest.raises(ValueError, match="prices lacks 2013-06"):
        price_anomaly(prices().drop(pd.Period("2013-06", "M")), quarterly_weight=WEIGHT)
    with pytest.raises(ValueError, match="at least 49"):
        price_anomaly(prices(4), quarterly_weight=WEIGHT)
    with pytest.raises(ValueError, match="not above zero at position 0"):
        compound_growth(prices() - prices().iloc[0], 3)
    with pytest.raises(ValueError, match="months"):
        compound_growth(prices(), 0)
    with pytest.raises(ValueError, match="weight"):
        price_anomaly(prices(), quarterly_weight=40)
    with pytest.raises(ValueError, match="watch < alert"):
        anomaly_states(prices(), watch=1, alert=0.5)
