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
from models.series import faults, faults_level, faults_percent, faults_sums
from models.series.checks import RULES, suspicions
from tests.unit.models.series import samples

AS_OF = date(2026, 6, 30)
CHECKS = conf.load().series_checks
LIMITS = {
    rule: check.parameters for rule, check in CHECKS.items() if rule not in ("percent_slip", "sudden_change")
}
#: Rules of series that are no index.
LIMITS_LEVEL = {rule: limits for rule, limits in LIMITS.items() if not rule.endswith("_base")}
#: Rules of series that are known to be sums of the year to date.
LIMITS_TO_DATE = {rule: limits for rule, limits in LIMITS_LEVEL.items() if not rule.startswith("cumulative")}
#: Rules of rates.
LIMITS_PERCENT = {rule: check.parameters for rule, check in CHECKS.items() if "percent" in check.kinds}
SEEDS = range(101)

Sample = Callable[[np.random.Generator], pd.Series]
SAMPLES: dict[str, tuple[Sample, dict[str, Any]]] = {
    "monthly": (samples.monthly, LIMITS_LEVEL),
    "quarterly": (samples.quarterly, LIMITS_LEVEL),
    "yearly": (samples.yearly, LIMITS_LEVEL),
    "price": (samples.price, LIMITS_LEVEL),
    "count": (samples.count, LIMITS_LEVEL),
    "few": (samples.few, LIMITS_LEVEL),
    "rounded": (samples.rounded, LIMITS_LEVEL),
    "clustered": (samples.clustered, LIMITS_LEVEL),
    "balance": (samples.balance, LIMITS_LEVEL),
    "index": (samples.index, LIMITS),
    "growth": (samples.growth, LIMITS_PERCENT),
    "part": (samples.part, LIMITS_PERCENT),
    "to_date": (lambda rng: samples.to_date(samples.monthly(rng)), LIMITS_TO_DATE),
}
STEADY = ["monthly", "quarterly", "yearly", "index", "to_date"]


def found(series: pd.Series, limits: dict[str, Any], until: date | None = None) -> list[tuple[str, int]]:
    """What is told of a series that is expected to go on until a day, or else as far as it goes."""
    if until is None and isinstance(series.index, pd.PeriodIndex):
        until = series.index.max().end_time.date()
    told = suspicions(series, parameters=limits, as_of=AS_OF, until=until)
    return [(s.rule, s.position) for s in told]


def share_found(
    name: str, plant: Callable[[pd.Series, np.random.Generator], tuple[pd.Series, int]], rule: str
) -> float:
    """Share of series in which the planted fault is told at its place, and nothing else."""
    sample, limits = SAMPLES[name]
    hits = 0
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        honest = sample(rng)
        until = honest.index.max().end_time.date()
        series, at = plant(honest, rng)
        hits += found(series, limits, until) == [(rule, at)]
    return hits / len(SEEDS)


@pytest.mark.parametrize("name", SAMPLES)
def test_honest_series_are_left_in_peace(name: str) -> None:
    sample, limits = SAMPLES[name]
    accused = [seed for seed in SEEDS if found(sample(np.random.default_rng(seed)), limits)]
    assert len(accused) < 0.01 * len(SEEDS)


@pytest.mark.parametrize("name", STEADY)
def test_a_slipped_point_is_found(name: str) -> None:
    def plant(series: pd.Series, rng: np.random.Generator) -> tuple[pd.Series, int]:
        at = int(rng.integers(len(series) - 2))  # of the newest two nobody can tell it from a change of unit
        series.iloc[at] *= rng.choice([0.1, 10, 100])
        return series, at

    assert share_found(name, plant, "decimal_slip") >= 0.95


@pytest.mark.parametrize("name", STEADY)
@pytest.mark.parametrize("values", [1, 2])
def test_a_slip_or_a_change_of_unit_in_the_newest_values_is_found_as_either(name: str, values: int) -> None:
    def plant(series: pd.Series, rng: np.random.Generator) -> tuple[pd.Series, int]:
        series.iloc[-values:] *= rng.choice([0.0001, 0.1, 10, 15, 100, 1e8])
        return series, len(series) - values

    assert share_found(name, plant, "newest_factor") >= 0.95


@pytest.mark.parametrize("factor", [10, 100])
@pytest.mark.parametrize("name", ["growth", "part"])
def test_a_slip_of_percents_is_found(name: str, factor: float) -> None:
    def plant(series: pd.Series, rng: np.random.Generator) -> tuple[pd.Series, int]:
        at = int(rng.integers(len(series) - 30, len(series)))  # after the crisis, where nothing is in order
        series.iloc[at] = round(series.iloc[at] * factor, 1)
        return series, at

    assert share_found(name, plant, "percent_slip") >= 0.9


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


@pytest.mark.parametrize("values", [1, 2])
def test_a_new_base_in_the_newest_values_is_found(values: int) -> None:
    def plant(series: pd.Series, rng: np.random.Generator) -> tuple[pd.Series, int]:
        at = len(series) - values
        series *= rng.uniform(1.15, 1.6) * 100 / series.iloc[at]
        series.iloc[at:] *= 100 / series.iloc[at]
        return series, at

    assert share_found("index", plant, "newest_base") >= 0.95


@pytest.mark.parametrize(("name", "last"), [("monthly", 1), ("monthly", 0.5), ("quarterly", 1)])
@pytest.mark.parametrize("years", [1, 2, 4])
def test_sums_from_some_year_on_are_found_and_nothing_else_is_blamed(
    name: str, last: float, years: int
) -> None:
    def plant(series: pd.Series, rng: np.random.Generator) -> tuple[pd.Series, int]:
        year = pd.PeriodIndex(series.index).year
        first = year[-1] - years + 1
        turned = samples.to_date(series).where(year >= first, series)
        phases = int((year == first).sum())
        return turned.iloc[: len(series) - round(phases * (1 - last))], int((year < first).sum()) + 1

    assert share_found(name, plant, "cumulative_from") >= 0.95


@pytest.mark.parametrize("name", ["monthly", "quarterly", "yearly"])
def test_one_wrong_sign_does_not_hide_a_slip(name: str) -> None:
    def plant(series: pd.Series, rng: np.random.Generator) -> tuple[pd.Series, int]:
        at, wrong = rng.choice(len(series) - 2, 2, replace=False)
        series.iloc[at] *= 10
        series.iloc[wrong] *= -1
        return series, int(at)

    assert share_found(name, plant, "decimal_slip") >= 0.9


@pytest.mark.parametrize("name", ["monthly", "quarterly", "yearly", "index", "growth"])
def test_a_series_that_stopped_is_told(name: str) -> None:
    def plant(series: pd.Series, rng: np.random.Generator) -> tuple[pd.Series, int]:
        stopped = series.iloc[: len(series) // 2]
        return stopped, len(stopped) - 1

    assert share_found(name, plant, "stopped") >= 0.95


def test_a_series_goes_on_at_its_own_rhythm() -> None:
    censuses = pd.Series([5.0, 6, 7, 8], index=["1990", "2000", "2010", "2020"])
    assert found(censuses, LIMITS) == []
    assert found(censuses.iloc[:1], LIMITS) == []
    summers = pd.Series(50.5, index=[f"{y}-{m:02}" for y in range(2021, 2026) for m in range(4, 10)])
    assert not suspicions(summers, parameters={"stopped": LIMITS["stopped"]}, as_of=date(2026, 4, 20))
    (told,) = suspicions(summers, parameters={"stopped": LIMITS["stopped"]}, as_of=date(2026, 12, 20))
    assert told.evidence == {"missing": 14}
    until = date(2026, 1, 31)  # a region's code ended
    assert not suspicions(summers, parameters={"stopped": LIMITS["stopped"]}, as_of=AS_OF, until=until)


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
    (slip,) = suspicions(series, parameters=LIMITS_TO_DATE, as_of=date(2024, 3, 31))
    assert (slip.rule, slip.position, slip.value) == ("decimal_slip", at, 16.0)
    assert slip.evidence["factor"] == 0.1
    assert slip.expected == pytest.approx(160, rel=0.15)
    # read as single quarters, it is also told what it is
    both = suspicions(series, parameters=LIMITS_LEVEL, as_of=date(2024, 3, 31))
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
    until = date(2019, 12, 31)
    years = [str(year) for year in range(2008, 2020)]
    small = pd.Series([0.42, 0.4, 0.39, 0.4, 0.38, 0.36, 0.37, 0.35, 0.34, 0.33, 0.32, 0.03], index=years)
    assert found(small, LIMITS_LEVEL, until) == []
    # the same by computation, with digits that nobody measured, of an indicator of two decimals
    computed = small * 1.0001234567
    assert found(computed, LIMITS_LEVEL, until) == [("newest_factor", 11)]
    assert suspicions(computed, parameters=LIMITS_LEVEL, as_of=until, decimals=2) == []
    # ten times as fine, it is told
    assert found(small.replace(0.03, 0.032), LIMITS_LEVEL, until) == [("newest_factor", 11)]
    # a step that leaves a few units is no change of unit, in thousands as in ones
    fallen = pd.Series([94.0, 91, 95, 93, 90, 92, 9, 9, 8, 9, 9, 9], index=years)
    assert found(fallen, LIMITS_LEVEL, until) == found(fallen * 1000, LIMITS_LEVEL, until) == []
    assert found(fallen * 1000 + 17, LIMITS_LEVEL, until) == [("unit_change", 6)]


def test_an_unknown_rule_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown rule guess"):
        suspicions(samples.index(np.random.default_rng(1)), parameters={"guess": {}}, as_of=AS_OF)


def test_conf_names_the_parameters_and_numbers_of_every_rule() -> None:
    functions = {
        "future_date": faults.future_dates, "closed_revision": faults.closed_revisions,
        "missing_periods": faults.missing_periods, "stopped": faults.stopped,
        "cumulative": faults_sums.taken_for_flow, "cumulative_from": faults_sums.turned_to_sums,
        "percent_slip": faults_percent.percent_slips, "unit_change": faults_level.unit_changes,
        "new_base": faults_level.new_bases, "newest_factor": faults_level.newest_factors,
        "newest_base": faults_level.newest_bases, "decimal_slip": faults_level.decimal_slips,
        "sudden_change": faults_level.sudden_changes,
    }  # fmt: skip
    assert tuple(functions) == RULES and set(RULES) == set(CONFIGURED)
    for rule, function in functions.items():
        named = {p.name for p in signature(function).parameters.values() if p.kind is p.KEYWORD_ONLY}
        # The limit of a sudden change is each indicator's own.
        taken = named - {"as_of", "limit"}
        assert taken == set(CHECKS[rule].parameters), rule


def test_a_series_of_120_takes_no_more_than_two_milliseconds() -> None:
    series = samples.monthly(np.random.default_rng(1))
    series.index = series.index.astype(str)
    times = repeat(
        lambda: suspicions(series, parameters=LIMITS, as_of=AS_OF), timer=process_time, number=20, repeat=5
    )
    assert min(times) / 20 < 0.002
