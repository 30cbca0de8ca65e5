from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.series.track import PHASES, last_day, number_of, track

DAYS = st.dates(date(1949, 10, 1), date(2100, 12, 31))
FREQS = st.sampled_from(sorted(PHASES))


@given(DAYS, FREQS)
def test_a_day_lies_in_the_period_of_its_number(day: date, freq: str) -> None:
    number = number_of(day, freq)
    assert last_day(number - 1, freq) < day <= last_day(number, freq)
    assert number_of(last_day(number, freq) + timedelta(days=1), freq) == number + 1


@pytest.mark.parametrize(
    ("label", "day", "freq"),
    [
        ("2020", date(2020, 7, 1), "Y"),
        ("2020-Q4", date(2020, 12, 1), "Q"),
        ("2020-12", date(2020, 12, 31), "M"),
        ("2020-02-T3", date(2020, 2, 29), "T"),
        ("2020-W53", date(2021, 1, 3), "W"),
        ("2020-02-29", date(2020, 2, 29), "D"),
    ],
)
def test_labels_are_read(label: str, day: date, freq: str) -> None:
    found = track(pd.Series([1.0], index=[label]))
    assert found.freq == freq
    assert found.number.tolist() == [number_of(day, freq)]
    assert found.year.tolist() == [2020]


@pytest.mark.parametrize("freq", ["Y", "Q", "M", "W-SUN", "D"])
def test_a_period_index_says_the_same_as_labels(freq: str) -> None:
    index = pd.period_range("2019-12-20", periods=30, freq=freq)
    found = track(pd.Series(1.0, index=index))
    assert found.number.tolist() == [number_of(p.end_time.date(), found.freq) for p in index]


def test_values_stand_in_order_of_time_and_know_where_they_stood() -> None:
    found = track(pd.Series([3.0, np.nan, 1.0], index=["2020-03", "2020-02", "2020-01"]))
    assert found.values.tolist() == [1.0, 3.0]
    assert found.at.tolist() == [2, 0]
    assert found.phase.tolist() == [0, 2]
    assert found.first(1).values.tolist() == [1.0]


@pytest.mark.parametrize(
    ("index", "said"),
    [
        (["2020-03", "2020-03"], "2020-03 twice"),
        (["2020-03", "2020"], "'2020' is no label of frequency M"),
        (["March"], "'March' is no label of a period"),
        (pd.period_range("2020-01", periods=2, freq="h"), "frequency h"),
    ],
)
def test_bad_periods_are_named(index: list[str], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        track(pd.Series(1.0, index=index))


@pytest.mark.parametrize(
    ("values", "decimals", "step"),
    [([1.0, 10, 9], None, 1.0), ([0.3, 0.03], None, 0.01), ([12000.0, 7000], None, 1000.0),
     ([1e7, 0.1], None, 0.1), ([1 / 3, 0.5], None, 0.0), ([1 / 3, 0.5], 2, 0.01), ([12000.0, 7000], 2, 1000.0),
     ([5.12, 0.512], 1, 0.001)],
)  # fmt: skip
def test_the_rounding_step_is_the_coarsest_that_all_values_keep_to(
    values: list[float], decimals: int | None, step: float
) -> None:
    series = pd.Series(values, index=[str(2000 + n) for n in range(len(values))])
    finest = 0.0 if decimals is None else 10.0**-decimals
    assert track(series, finest).step == pytest.approx(step)
