"""Code lists are matched as cells are read."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

import conf
from conf.schema import Code
from jobs.context import Context
from jobs.lake.paths import Lake
from themes.common.types import half_width

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@pytest.mark.parametrize("written", ["总成本（元）", "总成本(元)", "cost"])
def test_a_name_with_full_width_signs_is_found_however_it_was_typed(written: str) -> None:
    loaded = conf.load()
    entry = loaded.codes["series_unit"]["none"].model_copy(
        update={"zh": "总成本（元）", "en": "cost", "aliases": ()}
    )
    codes: dict[str, dict[str, Code]] = {"item": {"total": entry}}
    context = Context(
        cast("SparkSession", None), loaded.model_copy(update={"codes": codes}), (), {}, Lake(Path()), "run",
        date(2026, 1, 1),
    )  # fmt: skip
    assert context.codes["item"][half_width(written)] == "total"
