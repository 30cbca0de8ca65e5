"""A plan target with and without a reported value."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pandas as pd
import pytest

import conf
from conf.schema import Target
from jobs.context import Context
from jobs.lake.paths import Lake
from jobs.steps.chances import BACKTEST, FORECAST, chance, relative_errors
from jobs.steps.targets import target_row

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

CONTEXT = Context(cast("SparkSession", None), conf.load(), (), {}, Lake(Path()), "run", date(2020, 12, 31))
TARGET = next(t for t in conf.load().targets if t.target_id == "GD-01")


COLUMNS = ["value", "period", "period_end", "published_at", "breakdown", "status", "quality", "source"]
NO_FORECAST = pd.DataFrame(columns=FORECAST)
NO_ERRORS = relative_errors(pd.DataFrame(columns=BACKTEST))


def reported(*values: float) -> pd.DataFrame:
    """Monthly reports of GD-01, the last one for June 2020."""
    figures = [
        (value, f"2020-{month:02}", date(2020, month, 28 if month != 6 else 30), date(2021, 1, 10),
         "evidence=self_reported|target_id=GD-01", "simulated", 98.0, "[]")
        for month, value in zip(range(7 - len(values), 7), values, strict=True)
    ]  # fmt: skip
    return pd.DataFrame(figures, columns=COLUMNS)


def row_of(target: Target, figures: pd.DataFrame) -> dict[str, Any]:
    return target_row(target, figures, NO_FORECAST, NO_ERRORS, CONTEXT)


def test_without_a_report_it_is_grey_and_nothing_is_made_up() -> None:
    row = row_of(TARGET, reported())
    assert (row["light"], row["evidence"]) == ("grey", "missing")
    assert [
        row[name] for name in ("value", "period", "attainment", "pace", "status", "quality", "source")
    ] == [None] * 7
    assert row["goal"] == TARGET.goal


def test_a_target_without_a_base_is_grey_but_shows_its_value() -> None:
    row = row_of(TARGET.model_copy(update={"base": None}), reported(40.0))
    assert (row["light"], row["value"], row["pace"]) == ("grey", 40.0, None)


def test_how_late_it_is_reached_is_told_once_it_is() -> None:
    due = TARGET.model_copy(update={"due": date(2020, 2, 29)})
    assert row_of(TARGET, reported())["months_late"] is None
    assert (row_of(due, reported(49.0))["months_late"], row_of(due, reported(49.0))["reached"]) == (4, None)
    reached = row_of(due, reported(49.0, 50.0, 51.0))
    assert (reached["months_late"], reached["reached"]) == (3, date(2020, 5, 28))


@pytest.mark.parametrize(
    ("value", "light"), [(50.0, "green"), (42.0, "green"), (38.0, "yellow"), (20.0, "red"), (0.0, "red")]
)
def test_the_light_follows_the_pace(value: float, light: str) -> None:
    row = row_of(TARGET, reported(value))
    assert row["light"] == light
    assert row["attainment"] == pytest.approx(value / 50)
    assert row["pace"] == pytest.approx(row["attainment"] / row["time_elapsed"])
    assert (row["evidence"], row["status"], row["period"]) == ("self_reported", "simulated", "2020-06")


def test_the_rate_it_takes_stands_beside_the_recent_one() -> None:
    figures = pd.concat([reported(20.0, 21, 22, 23, 24, 25)])
    figures.loc[0, ["period", "period_end"]] = ["2019-12", date(2019, 12, 31)]
    row = row_of(TARGET, figures)
    assert row["recent_rate"] == pytest.approx(5 / (182 / 365.25))
    assert row["required_rate"] == pytest.approx(25 / (184 / 365.25))
    late = row_of(TARGET, reported(25.0))
    assert (late["recent_rate"], row_of(TARGET, reported(50.0))["required_rate"]) == (None, 0.0)
    assert (
        row_of(TARGET.model_copy(update={"due": date(2020, 6, 1)}), reported(25.0))["required_rate"] is None
    )


def foretold(mean: float, due: date = date(2020, 12, 31)) -> pd.DataFrame:
    return pd.DataFrame([("440000", "b", 6, due, mean)], columns=FORECAST)


def errors(*relative: float, step: int = 6) -> pd.DataFrame:
    """Past errors of all series over their scale; of this one only that its scale is 2."""
    past = [("440000", "other", step, error, 7.0) for error in relative]
    return pd.DataFrame([*past, ("440000", "b", 1, 0.0, 2.0)], columns=NO_ERRORS.columns)


WIDE = (-2.0, -1.5, -1, -0.5, 0, 0.5, 1, 1.5)
JUNE = date(2020, 6, 30)


@pytest.mark.parametrize(
    ("mean", "met"),
    # errors of -4 to +3, goal 50
    [(60.0, 8), (50.0, 4), (49.0, 3), (47.0, 1), (40.0, 0)],
)
def test_the_chance_counts_past_errors_in_the_scale_of_the_series(mean: float, met: int) -> None:
    found = chance(TARGET, 40.0, JUNE, foretold(mean), errors(*WIDE))
    assert (found.value, found.reason) == (pytest.approx((met + 1) / 10), None)


def test_a_falling_target_is_met_from_above_and_no_value_passes_its_bound() -> None:
    falling = next(t for t in conf.load().targets if t.target_id == "GD-09")
    assert chance(falling, 3.0, JUNE, foretold(0.5), errors(*WIDE)).value == pytest.approx(5 / 10)
    assert chance(falling, 3.0, JUNE, foretold(9.0), errors(*WIDE)).value == pytest.approx(1 / 10)


@pytest.mark.parametrize(
    ("value", "now", "forecast", "backtest", "reason"),
    [
        (40.0, date(2020, 12, 31), foretold(50), errors(*WIDE), "past_due"),
        (None, JUNE, foretold(50), errors(*WIDE), "no_value"),
        (40.0, JUNE, NO_FORECAST, errors(*WIDE), "no_forecast"),
        (40.0, JUNE, foretold(50, date(2020, 11, 30)), errors(*WIDE), "beyond_horizon"),
        (40.0, JUNE, foretold(50), errors(*WIDE[:7]), "few_errors"),
        (40.0, JUNE, foretold(50), errors(*WIDE, step=5), "few_errors"),
        (40.0, JUNE, foretold(50), errors(*WIDE)[:-1], "few_errors"),
    ],
)
def test_without_a_chance_there_is_a_reason(
    value: float | None, now: date, forecast: pd.DataFrame, backtest: pd.DataFrame, reason: str
) -> None:
    found = chance(TARGET, value, now, forecast, backtest)
    assert (found.value, found.reason) == (None, reason)


def test_errors_are_relative_to_the_naive_forecast_of_their_series() -> None:
    backtest = pd.DataFrame(
        [("r", "a", 1, 10.0, 12.0, 8.0), ("r", "a", 2, 10.0, 9.0, 9.0), ("r", "a", 2, 10.0, None, 9.0),
         ("r", "exact", 1, 5.0, 5.0, 5.0)],
        columns=BACKTEST,
    )  # fmt: skip
    found = relative_errors(backtest)
    assert found[["breakdown", "step", "error", "scale"]].to_numpy().tolist() == [
        ["a", 1, 1.0, 2.0],
        ["a", 2, -0.5, 2.0],
    ]


def test_a_milestone_has_no_reference_class() -> None:
    milestone = next(t for t in conf.load().targets if t.trajectory == "milestone")
    assert (
        chance(milestone, 0.0, date(2016, 1, 31), foretold(1), errors(*WIDE)).reason == "no_reference_class"
    )


def test_every_reason_is_worded() -> None:
    reasons = {
        "past_due", "no_value", "no_reference_class", "no_forecast", "beyond_horizon", "few_errors", "few_months",
    }  # fmt: skip
    for words in conf.load().words.values():
        assert {key.split(".")[1] for key in words if key.startswith("chance_reason.")} == reasons
