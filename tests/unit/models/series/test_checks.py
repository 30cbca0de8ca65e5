"""How often the rules, with the limits of conf, accuse honest series and find planted faults."""

from collections.abc import Callable
from datetime import date
from inspect import signature
from time import process_time
from timeit import repeat
from typing import Any

import numpy as np
import pandas as pd
import pytest

import conf
from conf.series_checks import RULES as CONFIGURED
from models.series import faults
from models.series.checks import RULES, suspicions
from tests.unit.models.series import samples

AS_OF = date(2026, 6, 30)
LIMITS = {rule: check.parameters for rule, check in conf.load().series_checks.items()}
#: Rules of series that are no index.
LIMITS_LEVEL = {rule: limits for rule, limits in LIMITS.items() if rule != "new_base"}
#: Rules of series that are known to be sums of the year to date.
LIMITS_TO_DATE = {rule: limits for rule, limits in LIMITS_LEVEL.items() if rule != "cumulative"}
SEEDS = range(101)

Sample = Callable[[np.random.Generator], pd.Series]
SAMPLES: dict[str, tuple[Sample, dict[str, Any]]] = {
    "monthly": (samples.monthly, LIMITS_LEVEL),
    "quarterly": (samples.quarterly, LIMITS_LEVEL),
    "yearly": (samples.yearly, LIMITS_LEVEL),
    "price": (samples.price, LIMITS_LEVEL),
    "count": (samples.count, LIMITS_LEVEL),
    "rounded": (samples.rounded, LIMITS_LEVEL),
    "clustered": (samples.clustered, LIMITS_LEVEL),
    "balance": (samples.balance, LIMITS_LEVEL),
    "index": (samples.index, LIMITS),
    "to_date": (lambda rng: samples.to_date(samples.monthly(rng)), LIMITS_TO_DATE),
}
STEADY = ["monthly", "quarterly", "yearly", "index", "to_date"]


def found(series: pd.Series, limits: dict[str, Any]) -> list[tuple[str, int]]:
    return [(s.rule, s.position) for s in suspicions(series, parameters=limits, as_of=AS_OF)]


def share_found(
    name: str, plant: Callable[[pd.Series, np.random.Generator], tuple[pd.Series, int]], rule: str
) -> float:
    """Share of series in which the planted fault is told at its place, and nothing else."""
    sample, limits = SAMPLES[name]
    hits = 0
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        series, at = plant(sample(rng), rng)
        hits += found(series, limits) == [(rule, at)]
    return hits / len(SEEDS)


@pytest.mark.parametrize("name", SAMPLES)
def test_honest_series_are_left_in_peace(name: str) -> None:
    sample, limits = SAMPLES[name]
    accused = [seed for seed in SEEDS if found(sample(np.random.default_rng(seed)), limits)]
    assert len(accused) < 0.01 * len(SEEDS)


@pytest.mark.parametrize("name", STEADY)
def test_a_slipped_point_is_found(name: str) -> None:
    def plant(series: pd.Series, rng: np.random.Generator) -> tuple[pd.Series, int]:
        at = int(rng.integers(len(series)))
        series.iloc[at] *= rng.choice([0.1, 10, 100])
        return series, at

    assert share_found(name, plant, "decimal_slip") >= 0.95


@pytest.mark.parametrize("name", STEADY)
def test_a_change_of_unit_is_found(name: str) -> None:
    def plant(series: pd.Series, rng: np.random.Generator) -> tuple[pd.Series, int]:
        at = int(rng.integers(3, len(series) - 3))
        series.iloc[at:] *= rng.choice([0.0001, 0.1, 10, 10000])
        return series, at

    assert share_found(name, plant, "unit_change") >= 0.95


def test_a_new_base_is_found() -> None:
    def plant(series: pd.Series, rng: np.random.Generator) -> tuple[pd.Series, int]:
        at = int(rng.integers(3, len(series) - 3))
        series *= rng.uniform(1.15, 1.6) * 100 / series.iloc[at]
        series.iloc[at:] *= 100 / series.iloc[at]
        return series, at

    assert share_found("index", plant, "new_base") >= 0.95


@pytest.mark.parametrize("name", ["monthly", "quarterly"])
def test_sums_taken_for_flows_are_found(name: str) -> None:
    def plant(series: pd.Series, rng: np.random.Generator) -> tuple[pd.Series, int]:
        return samples.to_date(series), len(series) - 1

    assert share_found(name, plant, "cumulative") >= 0.95


@pytest.mark.parametrize("name", ["monthly", "quarterly", "yearly", "index"])
def test_lost_periods_are_found(name: str) -> None:
    def plant(series: pd.Series, rng: np.random.Generator) -> tuple[pd.Series, int]:
        at = int(rng.integers(1, len(series) - 1))
        return series.drop(series.index[at]), at

    assert share_found(name, plant, "missing_periods") >= 0.95


def test_a_slip_in_sums_of_the_year_unsorted_as_they_were_handed_in() -> None:
    flows = {2018: (74, 73, 77, 113), 2019: (81, 79, 83, 127), 2020: (74, 72, 97, 141), 2021: (85, 101, 99, 160),
             2022: (87, 96, 122, 152), 2023: (91, 96, 147, 148)}  # fmt: skip
    sums = {f"{year}-Q{q + 1}": float(sum(of[: q + 1])) for year, of in flows.items() for q in range(4)}
    series = pd.Series(sums)
    series["2019-Q2"] /= 10
    series = series.sample(frac=1, random_state=3)
    at = list(series.index).index("2019-Q2")
    (slip,) = suspicions(series, parameters=LIMITS_TO_DATE, as_of=AS_OF)
    assert (slip.rule, slip.position, slip.value) == ("decimal_slip", at, 16.0)
    assert slip.evidence["factor"] == 0.1
    assert slip.expected == pytest.approx(160, rel=0.15)
    # read as single quarters, it is also told what it is
    both = suspicions(series, parameters=LIMITS_LEVEL, as_of=AS_OF)
    assert [s.rule for s in both] == ["cumulative", "decimal_slip"]


def test_a_change_of_unit_explains_what_comes_after_it_but_not_a_slip_beside_it() -> None:
    series = samples.monthly(np.random.default_rng(5))
    series.iloc[80:] *= 10000
    series.iloc[100] /= 10
    assert found(series, LIMITS_LEVEL) == [("unit_change", 80), ("decimal_slip", 100)]


def test_two_slips_in_a_row_are_two_slips() -> None:
    series = samples.yearly(np.random.default_rng(5))
    series.iloc[8:10] *= 100
    assert found(series, LIMITS_LEVEL) == [("decimal_slip", 8), ("decimal_slip", 9)]


def test_the_future_is_told_and_left_out_of_the_rest() -> None:
    series = pd.Series([10.0, 11, 12, 13, 14, 15, 16, 1700], index=[str(year) for year in range(2019, 2027)])
    (told,) = suspicions(series, parameters=LIMITS_LEVEL, as_of=date(2026, 3, 31))
    assert (told.rule, told.position, told.value) == ("future_date", 7, 1700.0)
    assert told.evidence == {"days": 275}
    # the last week may be handed in before its Sunday
    weeks = pd.Series([1.0, 1.1], index=["2026-W13", "2026-W14"])
    assert found(weeks, LIMITS_LEVEL) == []


def test_a_closed_year_that_was_changed() -> None:
    years = [str(year) for year in range(2015, 2026)]
    before = pd.Series(np.arange(100.0, 111.0), index=years)
    now = before.copy()
    now[["2018", "2024"]] *= 1.2
    now["2020"] *= 1.04
    (told,) = suspicions(now, parameters=LIMITS_LEVEL, as_of=AS_OF, earlier=before)
    assert (told.rule, told.position, told.expected) == ("closed_revision", 3, 103.0)
    assert told.evidence["change"] == pytest.approx(20)
    assert suspicions(now, parameters=LIMITS_LEVEL, as_of=AS_OF, earlier=before[:0]) == []
    with pytest.raises(ValueError, match="differ in frequency: Y and M"):
        suspicions(now, parameters=LIMITS, as_of=AS_OF, earlier=samples.index(np.random.default_rng(1)))


def test_periods_that_are_never_published_are_not_missed() -> None:
    sums = samples.to_date(samples.monthly(np.random.default_rng(2)))
    joint = sums[pd.PeriodIndex(sums.index).month > 1]
    assert found(joint, LIMITS_TO_DATE) == []
    censuses = pd.Series([5.0, 6, 7, 8, 9], index=["1982", "1990", "2000", "2010", "2020"])
    assert found(censuses, LIMITS) == []
    seldom = pd.Series([1.0, 1, 2, 1, 1, 1, 1, 1], index=[f"2020-{m:02}" for m in (1, 2, 3, 4, 6, 7, 8, 9)])
    assert found(seldom, LIMITS) == []


def test_short_and_empty_series_say_nothing() -> None:
    assert found(pd.Series(dtype=float), LIMITS) == []
    assert found(pd.Series([np.nan], index=["2020"]), LIMITS) == []
    for length in range(1, 8):
        series = pd.Series(np.full(length, 5.0), index=[str(2000 + year) for year in range(length)])
        assert found(series, LIMITS) == []
    zeros = pd.Series(0.0, index=pd.period_range("2015-01", periods=60, freq="M"))
    assert found(zeros, LIMITS) == []


def test_a_few_units_of_the_last_digit_prove_no_factor() -> None:
    years = [str(year) for year in range(2008, 2020)]
    small = pd.Series([0.42, 0.4, 0.39, 0.4, 0.38, 0.36, 0.37, 0.35, 0.34, 0.33, 0.32, 0.03], index=years)
    assert found(small, LIMITS_LEVEL) == []
    # the same by computation, with digits that nobody measured, of an indicator of two decimals
    computed = small * 1.0001234567
    assert found(computed, LIMITS_LEVEL) == [("decimal_slip", 11)]
    assert suspicions(computed, parameters=LIMITS_LEVEL, as_of=AS_OF, decimals=2) == []
    # ten times as fine, it is told
    assert found(small.replace(0.03, 0.032), LIMITS_LEVEL) == [("decimal_slip", 11)]
    # a step that leaves a few units is no change of unit, in thousands as in ones
    fallen = pd.Series([94.0, 91, 95, 93, 90, 92, 9, 9, 8, 9, 9, 9], index=years)
    assert found(fallen, LIMITS_LEVEL) == found(fallen * 1000, LIMITS_LEVEL) == []
    assert found(fallen * 1000 + 17, LIMITS_LEVEL) == [("unit_change", 6)]


def test_an_unknown_rule_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown rule guess"):
        suspicions(samples.index(np.random.default_rng(1)), parameters={"guess": {}}, as_of=AS_OF)


def test_conf_names_the_parameters_and_numbers_of_every_rule() -> None:
    functions = {
        "future_date": faults.future_dates, "closed_revision": faults.closed_revisions,
        "missing_periods": faults.missing_periods, "cumulative": faults.taken_for_flow,
        "unit_change": faults.unit_changes, "new_base": faults.new_bases, "decimal_slip": faults.decimal_slips,
    }  # fmt: skip
    assert tuple(functions) == RULES and set(RULES) == set(CONFIGURED)
    for rule, function in functions.items():
        taken = {p.name for p in signature(function).parameters.values() if p.kind is p.KEYWORD_ONLY} - {
            "as_of"
        }
        assert taken == set(LIMITS[rule]), rule


def test_a_series_of_120_takes_no_more_than_two_milliseconds() -> None:
    series = samples.monthly(np.random.default_rng(1))
    series.index = series.index.astype(str)
    times = repeat(
        lambda: suspicions(series, parameters=LIMITS, as_of=AS_OF), timer=process_time, number=20, repeat=5
    )
    assert min(times) / 20 < 0.002
