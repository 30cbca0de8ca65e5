"""Chances as they would have been told at past origins, and what came of them."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

import conf
from conf import periods
from jobs.steps.chance_record import TOLD, record_rows
from jobs.steps.chances import clearance

LOADED = conf.load()
RISING = next(t for t in LOADED.targets if t.target_id == "GD-01")  # 0 to 50 by the end of 2020
COUNT = next(t for t in LOADED.targets if t.target_id == "GD-09")  # 37 to 0 by the end of 2020
KEY, COUNT_KEY = ("440000", "GD-01"), ("440000", "GD-09")
LOW = LOADED.settings.model_copy(update={"chance_record_least": 2})


def told(origin: str, step: int, mean: float, actual: float, breakdown: str = "b") -> tuple[object, ...]:
    period = periods.shift(origin, step)
    return ("440000", breakdown, step, mean, actual, actual - 1, origin, period, periods.end(period))


def frame(*rows: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=TOLD)


def reports(values: dict[str, float]) -> pd.DataFrame:
    rows = [(periods.end(p), v, "simulated", '["b.csv", "a.csv"]') for p, v in values.items()]
    return pd.DataFrame(rows, columns=["period_end", "value", "status", "source"])


#: Eight forecasts of other series one month ahead, known by June 2020, with errors of -4 to 3.
OTHERS = [told("2020-05", 1, 50, 50 + e, f"other{e}") for e in range(-4, 4)]
OWN = [told("2020-05", 1, 40, 41)]
FIGURES = reports({"2020-06": 41.0, "2020-12": 51.0})


def rows(*own: tuple[object, ...], targets=(RISING,), settings=LOW, figures=FIGURES, others=OTHERS):  # type: ignore[no-untyped-def]
    keys = {KEY: figures, COUNT_KEY: figures}
    foretold = {KEY: frame(*OWN, *own)} if RISING in targets else {COUNT_KEY: frame(*own)}
    return record_rows(targets, keys, foretold, frame(*others, *OWN, *own), settings)


def test_the_goal_is_judged_when_due_and_the_path_before() -> None:
    due = told("2020-11", 1, 60, 51)
    (whole, likely) = rows(due)
    # the forecast for June has no errors that were known in May: one case
    assert (whole["word"], whole["cases"], whole["met"], whole["targets"]) == ("all", 1, 1, 1)
    assert whole["told"] == pytest.approx(10 / 11)
    assert (whole["since"], whole["until"]) == (date(2020, 11, 30), date(2020, 12, 31))
    assert (likely["word"], likely["cases"]) == ("likely", 1)
    before = rows(due, told("2020-09", 1, 30, 31))
    # at the end of October the path asks for 47 of 50
    assert [(r["word"], r["cases"], r["met"]) for r in before] == [
        ("all", 2, 1), ("likely", 1, 1), ("unlikely", 1, 0)
    ]  # fmt: skip


def test_without_a_base_only_the_end_is_judged() -> None:
    baseless = RISING.model_copy(update={"base": None})
    own = (told("2020-09", 1, 30, 31), told("2020-11", 1, 60, 49))
    keys = {KEY: FIGURES}
    (whole, _) = record_rows((baseless,), keys, {KEY: frame(*own)}, frame(*OTHERS, *OWN, *own), LOW)
    assert (whole["cases"], whole["met"], whole["until"]) == (1, 0, date(2020, 12, 31))


def test_errors_that_were_not_yet_known_are_not_used() -> None:
    due = told("2020-11", 1, 60, 51)
    later = [told("2020-11", 1, 50, 50 + e, f"other{e}") for e in range(-4, 4)]
    assert rows(due, others=later) == []


def test_nothing_is_judged_after_the_due_day() -> None:
    assert rows(told("2020-12", 1, 60, 51)) == []


def test_few_cases_are_counted_but_not_scored() -> None:
    due, before = told("2020-11", 1, 60, 51), told("2020-09", 1, 30, 31)
    whole = rows(due, before)[0]
    assert whole["reason"] is None
    assert whole["brier"] == pytest.approx(((1 - whole_chance(60)) ** 2 + whole_chance(0) ** 2) / 2)
    assert whole["skill"] == pytest.approx(1 - whole["brier"] / 0.25)
    few = rows(due, before, settings=LOADED.settings)[0]
    assert (few["reason"], few["cases"], few["brier"], few["skill"]) == ("few_cases", 2, None, None)
    # nor is there skill where every case came out alike
    assert rows(due, told("2020-10", 1, 60, 51))[0]["skill"] is None


def whole_chance(mean: float) -> float:
    """All nine or ten errors on one side of the goal: the errors known in September are nine, in November ten."""
    return 11 / 12 if mean else 1 / 11


def test_status_and_sources_are_those_of_the_reports() -> None:
    (whole, _) = rows(told("2020-11", 1, 60, 51))
    assert (whole["status"], whole["source"]) == ("simulated", '["a.csv", "b.csv"]')


def test_counts_are_judged_by_what_was_left_at_the_origin() -> None:
    halved = {f"2020-{m:02}": 512.0 / 2**m for m in range(1, 11)} | {"2020-12": 0.0}
    own = (told("2020-10", 2, 0.2, 0.0), told("2020-08", 1, 1, 1))
    (whole, _) = rows(*own, targets=(COUNT,), figures=reports(halved))
    known = [(periods.end(p), v) for p, v in halved.items() if p <= "2020-10"]
    chance = clearance(COUNT, known, date(2020, 10, 31), LOADED.settings.count_survival)
    assert (whole["cases"], whole["met"], whole["told"]) == (1, 1, chance.value)
    # a half left two months before it is due, a half of which goes each month; nine months seen
    assert chance.value == pytest.approx((9 * (1 - 0.25) ** 0.5 + 1) / 11)


@pytest.mark.parametrize(
    ("months", "now", "reason"),
    [(0, "2020-10", "no_value"), (8, "2020-10", "few_months"), (9, "2020-12", "past_due")],
)
def test_without_a_chance_of_clearing_there_is_a_reason(months: int, now: str, reason: str) -> None:
    counts = [(periods.end(f"2020-{m:02}"), 100.0 - m) for m in range(1, months + 1)]
    found = clearance(COUNT, counts, periods.end(now), LOADED.settings.count_survival)
    assert (found.value, found.reason) == (None, reason)
