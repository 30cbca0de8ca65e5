from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conf import periods

FREQS = st.sampled_from("YQMTWD")
DAYS = st.dates(date(1900, 1, 1), date(2150, 12, 31))


@given(DAYS, FREQS)
def test_a_day_lies_in_its_period(day: date, freq: str) -> None:
    label = periods.label(day, freq)
    assert periods.freq_of(label) == freq
    assert periods.start(label) <= day <= periods.end(label)


@given(DAYS, FREQS)
def test_first_and_last_day_give_the_label_back(day: date, freq: str) -> None:
    label = periods.label(day, freq)
    assert periods.label(periods.start(label), freq) == label
    assert periods.label(periods.end(label), freq) == label


@given(DAYS, FREQS)
def test_the_next_period_starts_on_the_day_after_the_last(day: date, freq: str) -> None:
    label = periods.label(day, freq)
    assert periods.start(periods.shift(label, 1)) == periods.end(label) + timedelta(days=1)


@given(DAYS, FREQS, st.integers(-80, 80), st.integers(-80, 80))
def test_steps_add_up(day: date, freq: str, first: int, second: int) -> None:
    label = periods.label(day, freq)
    assert periods.shift(periods.shift(label, first), second) == periods.shift(label, first + second)


@given(DAYS, st.sampled_from("YQMT"))
def test_a_season_back_is_a_year_ago(day: date, freq: str) -> None:
    label = periods.label(day, freq)
    assert periods.year_ago(label) == periods.shift(label, -periods.season(freq))


@pytest.mark.parametrize(
    ("label", "freq", "first", "last"),
    [
        ("2020", "Y", "2020-01-01", "2020-12-31"),
        ("2020-Q1", "Q", "2020-01-01", "2020-03-31"),
        ("2020-02", "M", "2020-02-01", "2020-02-29"),
        ("2020-03-T1", "T", "2020-03-01", "2020-03-10"),
        ("2020-03-T2", "T", "2020-03-11", "2020-03-20"),
        ("2021-02-T3", "T", "2021-02-21", "2021-02-28"),
        ("2020-W53", "W", "2020-12-28", "2021-01-03"),
        ("2020-03-08", "D", "2020-03-08", "2020-03-08"),
        ("9999", "Y", "9999-01-01", "9999-12-31"),
    ],
)
def test_first_and_last_day(label: str, freq: str, first: str, last: str) -> None:
    assert periods.freq_of(label) == freq
    assert (periods.start(label).isoformat(), periods.end(label).isoformat()) == (first, last)


@pytest.mark.parametrize(
    ("label", "n", "expected"),
    [
        ("2020", -3, "2017"),
        ("2020-Q4", 1, "2021-Q1"),
        ("2020-01", -1, "2019-12"),
        ("2020-12-T3", 1, "2021-01-T1"),
        ("2020-01-T1", -1, "2019-12-T3"),
        ("2020-W53", 1, "2021-W01"),
        ("2020-02-28", 2, "2020-03-01"),
    ],
)
def test_shift(label: str, n: int, expected: str) -> None:
    assert periods.shift(label, n) == expected


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("2020-W07", "2019-W07"),
        ("2020-W53", None),
        ("2021-W52", "2020-W52"),
        ("2020-02-29", None),
        ("2021-02-28", "2020-02-28"),
        ("2020-Q3", "2019-Q3"),
        ("2020-03-T2", "2019-03-T2"),
    ],
)
def test_year_ago(label: str, expected: str | None) -> None:
    assert periods.year_ago(label) == expected


def test_seasons() -> None:
    assert {freq: periods.season(freq) for freq in "YQMTWD"} == {
        "Y": 1, "Q": 4, "M": 12, "T": 36, "W": 52, "D": 7
    }  # fmt: skip


@pytest.mark.parametrize(
    "label",
    [
        "",
        "20",
        "2020-13",
        "2020-Q5",
        "2020-00",
        "2020-03-T4",
        "2021-W53",
        "2020-W00",
        "2021-02-29",
        "2020-3",
        "0000",
        "２０２０",
        "2020-01 ",
    ],
)
def test_a_wrong_label_is_named(label: str) -> None:
    for function in (periods.freq_of, periods.start, periods.end, periods.year_ago):
        with pytest.raises(ValueError, match=f"'{label}'"):
            function(label)
    with pytest.raises(ValueError, match=f"'{label}'"):
        periods.shift(label, 1)


def test_a_step_out_of_the_calendar_names_the_label() -> None:
    for label in ("9999", "9999-12", "9999-12-T3", "9999-12-31", "9999-W52"):
        with pytest.raises(ValueError, match=label):
            periods.shift(label, 1)


def test_a_wrong_freq_is_named() -> None:
    with pytest.raises(ValueError, match="'X'"):
        periods.label(date(2020, 1, 1), "X")
    with pytest.raises(ValueError, match="'X'"):
        periods.season("X")
