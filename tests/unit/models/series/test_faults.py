"""What each rule's evidence says."""

import numpy as np
import pandas as pd
import pytest

from models.series import faults, faults_level, faults_sums
from models.series.faults import Suspicion
from models.series.track import Track, track

STEP = {"reach": 3, "sigmas": 8.0, "above_zero": 0.9, "below_zero": 0.01}


def walk() -> np.ndarray:
    return np.exp(np.cumsum(np.random.default_rng(5).normal(0, 0.03, 40)) + 3)


def years(values: np.ndarray) -> Track:
    return track(pd.Series(values, index=[str(1980 + n) for n in range(len(values))]))


def slips(values: np.ndarray, sigmas: float = 5.0) -> list[Suspicion]:
    of = years(values)
    return faults_level.decimal_slips(
        of, faults_level.level(of), factors=[10, 100, 1000], tolerance=0.3, least_steps=10, reach=3, sigmas=sigmas,
        above_zero=0.9, below_zero=0.01,
    )  # fmt: skip


def units(values: np.ndarray) -> list[Suspicion]:
    of = years(values)
    return faults_level.unit_changes(
        of, faults_level.level(of), factors=[10, 15, 100], tolerance=0.3, least_steps=10, **STEP
    )


def test_a_slip_names_its_factor_and_what_was_to_be_expected() -> None:
    values = walk()
    honest = values[20]
    values[[3, 20]] *= [10, 0.01]
    first, second = slips(values)
    assert (first.position, first.evidence["factor"]) == (3, 10.0)
    assert (second.position, second.evidence["factor"]) == (20, 0.01)
    assert second.expected == pytest.approx(honest, rel=0.1)
    assert second.evidence["ratio"] == pytest.approx(0.01, rel=0.1)
    assert units(values) == []


@pytest.mark.parametrize("position", [0, 1, 38, 39])
def test_the_neighbour_of_a_slip_at_the_end_is_not_accused(position: int) -> None:
    values = walk()
    values[position] /= 10
    assert [(s.position, s.evidence["factor"]) for s in slips(values)] == [(position, 0.1)]


def test_a_fall_that_eases_off_is_no_slip() -> None:
    values = walk()
    values[20:24] *= [0.1, 0.25, 0.5, 0.8]
    assert slips(values) == []


def test_what_is_usual_with_a_series_is_no_slip() -> None:
    wild = np.exp(np.random.default_rng(3).normal(0, 1.0, 40) + 3)
    assert slips(wild) == []
    assert slips(wild, sigmas=0.1) != []


def test_small_counts_vary_by_chance() -> None:
    # tenfold, but with eight to be expected one is no wonder; as prices they would be
    values = np.tile([8.0, 9, 8, 7, 8, 8, 9], 5)
    values[17] = 1.0
    assert slips(values) == []
    assert [s.position for s in slips(values + 0.001)] == [17]


def test_a_change_of_unit_is_told_at_its_first_value() -> None:
    values = walk()
    honest = values[25]
    values[25:] *= 15
    (told,) = units(values)
    assert (told.position, told.evidence["factor"]) == (25, 15)
    assert told.expected == pytest.approx(honest, rel=0.1)
    values[30:] /= 15
    assert [s.evidence["factor"] for s in units(values)] == [15, 1 / 15]


def test_a_jump_that_does_not_stay_is_no_change_of_unit() -> None:
    values = walk()
    values[25:27] *= 10
    assert units(values) == []


def test_ratios_say_nothing_of_series_that_go_below_zero() -> None:
    values = walk()
    values[25:] *= 15
    values[:6] *= -1
    assert units(values) == [] and slips(values) == []


def rebased(factor: float, growth_after: float = 0.02) -> list[Suspicion]:
    noise = np.random.default_rng(1).normal(0, 0.003, 40)
    log = np.cumsum(np.append(np.full(20, 0.02), np.full(20, growth_after)) + noise)
    values = np.exp(log - log[20]) * 100
    values[:20] *= factor
    of = years(values)
    return faults_level.new_bases(
        of, faults_level.level(of), least=0.08, near=0.15, growth_sigmas=3.0, **STEP
    )


def test_a_new_base_leaves_growth_as_it_was() -> None:
    (told,) = rebased(1.3)
    assert told.position == 20
    assert told.evidence["ratio"] == pytest.approx(1 / 1.3, rel=0.02)
    assert told.evidence["growth_before"] == pytest.approx(2, abs=0.5)
    assert told.evidence["growth_after"] == pytest.approx(2, abs=0.5)
    assert rebased(0.7) != []
    assert rebased(1.3, growth_after=0.08) == []
    assert rebased(1.02) == []


def test_an_index_that_jumps_away_from_100_is_not_on_a_new_base() -> None:
    log = np.cumsum(np.random.default_rng(1).normal(0, 0.003, 40))
    values = np.exp(log - log[0]) * 100
    values[20:] *= 0.7
    of = years(values)
    assert (
        faults_level.new_bases(of, faults_level.level(of), least=0.08, near=0.15, growth_sigmas=3.0, **STEP)
        == []
    )


def test_season_and_trend_are_taken_out_of_the_level() -> None:
    t = np.arange(48)
    values = np.exp(2 + 0.01 * t + np.sin(2 * np.pi * t / 12))
    found = faults_level.level(
        track(pd.Series(values, index=pd.period_range("2020-01", periods=48, freq="M")))
    )
    assert found.slope == pytest.approx(0.01)
    assert np.ptp(found.rest) == pytest.approx(0, abs=1e-9)


def test_missing_periods_are_counted() -> None:
    labels = ["2020-01", "2020-02", "2020-05", "2020-06", "2020-07", "2020-08", "2020-09"]
    of = track(pd.Series([50.0, 51, 52, 51, 50, 49, 50], index=labels))
    (told,) = faults.missing_periods(of, longest={"M": 0}, coverage=0.7, habit=0.5, least_count=10)
    assert (told.position, told.evidence) == (2, {"missing": 2})
    assert faults.missing_periods(of, longest={"M": 2}, coverage=0.7, habit=0.5, least_count=10) == []
    assert faults.missing_periods(of, longest={"M": 0}, coverage=0.9, habit=0.5, least_count=10) == []
    assert faults.missing_periods(of, longest={"M": 0}, coverage=0.7, habit=0.5, least_count=60) == []


def test_sums_tell_what_the_newest_period_alone_is() -> None:
    flow = pd.Series(np.tile([10.0, 12, 11, 13], 3), index=pd.period_range("2020Q1", periods=12, freq="Q"))
    sums = flow.groupby(pd.PeriodIndex(flow.index).year).cumsum()
    (told,) = faults_sums.taken_for_flow(track(sums), years=2, share=0.8, rise=0.9)
    assert (told.position, told.value, told.expected) == (11, 46.0, 13.0)
    assert told.evidence["years"] == 3
    # a year's first value is the same either way: the one before it is told
    (told,) = faults_sums.taken_for_flow(track(sums[:9]), years=2, share=0.8, rise=0.9)
    assert told.position == 7
    assert faults_sums.taken_for_flow(track(flow), years=2, share=0.8, rise=0.9) == []
    assert faults_sums.taken_for_flow(track(sums[:4]), years=2, share=0.8, rise=0.9) == []


def sudden(values: list[float], labels: list[int] | None = None) -> list[tuple[int, float]]:
    at = labels or [2000 + n for n in range(len(values))]
    of = track(pd.Series(values, index=[str(year) for year in at]))
    return [(s.position, round(s.evidence["change"], 1)) for s in faults_level.sudden_changes(of, limit=0.2)]


def test_a_jump_that_no_later_value_bears_out_is_told_and_its_neighbours_are_not() -> None:
    assert sudden([100, 101, 102, 150]) == [(3, 47.1)]
    assert sudden([100, 101, 60, 102, 103]) == [(2, -40.6)]
    assert sudden([100, 101, 150, 102, 60]) == [(2, 48.5), (4, -41.2)]


def test_a_step_that_stays_is_believed() -> None:
    assert sudden([100, 101, 140, 141, 143]) == []


def test_a_change_over_several_periods_may_be_larger() -> None:
    assert sudden([100, 140], [2000, 2001]) == [(1, 40.0)]
    assert sudden([100, 140], [2000, 2002]) == []


def test_a_sudden_change_is_looked_for_among_values_above_zero_only() -> None:
    assert sudden([100, 0, -3, 101]) == []
    assert sudden([0, 0]) == sudden([100]) == []
