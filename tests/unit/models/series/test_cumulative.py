import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.series.cumulative import cumulate, flows, january_share, monthly


def series(values: list[float], start: str = "2020-01") -> pd.Series:
    return pd.Series(values, index=pd.period_range(start, periods=len(values), freq="M"), dtype=float)


def without(values: pd.Series, *periods: str) -> pd.Series:
    return values.drop([pd.Period(p, "M") for p in periods])


def test_joint_cell_is_told_and_split() -> None:
    cumulative = without(cumulate(series([10.0, 20.0, 5.0] + [1.0] * 9)), "2020-01")
    found = flows(cumulative)
    assert found["flow"].tolist()[:3] == [30, 5, 1]
    assert found["months"].tolist()[:3] == [2, 1, 1]
    assert monthly(found, 0.4).tolist()[:3] == pytest.approx([12, 18, 5])
    assert monthly(found, 0.4).index[0] == pd.Period("2020-01", "M")


def test_january_share_is_that_of_the_last_years() -> None:
    months = series(([10.0, 30.0] + [5.0] * 10) + ([20.0, 20.0] + [5.0] * 10) + [30.0, 10.0, 5.0])
    found = flows(cumulate(months))
    assert january_share(found, 1) == pytest.approx(0.75)
    assert january_share(found, 3) == pytest.approx(0.5)
    with pytest.raises(ValueError, match="4 years with January and February are wanted, 3"):
        january_share(found, 4)


@settings(max_examples=40, deadline=None)
@given(values=st.lists(st.floats(0, 1e6), min_size=2, max_size=40))
def test_flows_undo_cumulation_and_splitting_keeps_the_sum(values: list[float]) -> None:
    months = series(values)
    cumulative = cumulate(months)
    assert flows(cumulative)["flow"].to_numpy() == pytest.approx(months.to_numpy(), abs=1e-6)
    januaries = [p for p in months.index if p.month == 1 and p + 1 in months.index]
    split = monthly(flows(cumulative.drop(januaries)), 0.4)
    assert split.sum() == pytest.approx(months.sum(), abs=1e-5)
    assert split.index.equals(months.index)


@pytest.mark.parametrize(
    ("cumulative", "said"),
    [
        (without(series([1.0, 2, 3, 4, 5]), "2020-03"), "lacks 2020-03"),
        (series([1.0, 2.0], "2020-03"), "starts in 2020-03"),
        (series([1.0, np.nan]), "no finite value at 2020-02"),
        (pd.concat([series([1.0]), series([1.0])]), "2020-01 twice"),
        (series([1.0, 2.0])[::-1], "order"),
        (pd.Series([1.0, 2.0]), "PeriodIndex"),
        (series([]), "empty"),
    ],
)
def test_bad_cumulative_series_are_refused(cumulative: pd.Series, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        flows(cumulative)
