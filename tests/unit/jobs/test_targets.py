"""A plan target with and without a reported value."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pandas as pd
import pytest

import conf
from jobs.context import Context
from jobs.lake.paths import Lake
from jobs.steps.targets import target_row

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

CONTEXT = Context(cast("SparkSession", None), conf.load(), (), {}, Lake(Path()), "run", date(2020, 12, 31))
TARGET = next(t for t in conf.load().targets if t.target_id == "GD-01")


def reported(value: float, **more: object) -> pd.Series:
    figure: dict[str, Any] = {
        "value": value, "period": "2020-06", "period_end": date(2020, 6, 30), "published_at": date(2021, 1, 10),
        "breakdown": "evidence=self_reported|target_id=GD-01", "status": "simulated", "quality": 98.0, "source": "[]",
    }  # fmt: skip
    return pd.Series(figure | more)


def test_without_a_report_it_is_grey_and_nothing_is_made_up() -> None:
    row = target_row(TARGET, None, CONTEXT)
    assert (row["light"], row["evidence"]) == ("grey", "missing")
    assert [
        row[name] for name in ("value", "period", "attainment", "pace", "status", "quality", "source")
    ] == [None] * 7
    assert row["goal"] == TARGET.goal


def test_a_target_without_a_base_is_grey_but_shows_its_value() -> None:
    row = target_row(TARGET.model_copy(update={"base": None}), reported(40.0), CONTEXT)
    assert (row["light"], row["value"], row["pace"]) == ("grey", 40.0, None)


@pytest.mark.parametrize(
    ("value", "light"), [(50.0, "green"), (42.0, "green"), (38.0, "yellow"), (20.0, "red"), (0.0, "red")]
)
def test_the_light_follows_the_pace(value: float, light: str) -> None:
    row = target_row(TARGET, reported(value), CONTEXT)
    assert row["light"] == light
    assert row["attainment"] == pytest.approx(value / 50)
    assert row["pace"] == pytest.approx(row["attainment"] / row["time_elapsed"])
    assert (row["evidence"], row["status"], row["period"]) == ("self_reported", "simulated", "2020-06")
