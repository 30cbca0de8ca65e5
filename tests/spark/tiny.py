"""The tiny lake's landing zone: every demo source, few rows."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from pathlib import Path

import polars as pl

import conf
from jobs import deliver

PERSONS, FIRMS = 2000, 600
AS_OF = "2026-01-31"
# A little over a year of weekly prices, so that a week has its week of the year before.
FIRST_WEEK = "2024-11-18"
FIRST_YEAR_OF_PRODUCT = 2022


def hand_in(lake: Path, tables: Iterable[str] = (), persons: int = PERSONS, firms: int = FIRMS) -> None:
    """The deliveries of the tables (of all when none is named) in landing, and the truth about them."""
    loaded = conf.load()
    params = copy.deepcopy(dict(deliver.read_params(loaded.root)))
    params["prices"]["first_week"] = FIRST_WEEK
    params["economy"]["first_year"] = FIRST_YEAR_OF_PRODUCT
    params["monthly"]["first_year"] = {"province": 2022, "city": 2024}
    params["industry"]["first_year"] = 2022
    params["agriculture"]["crops"]["first_year"] = 2018
    params["agriculture"]["supply"]["first_month"] = "2022-01"
    wanted = set(tables)
    seed = loaded.settings.simulation.seed
    found = deliver.landing_files(loaded, params, persons, firms, seed)
    deliver.write(lake, [file for file in found if not wanted or file.table in wanted])


def read(table: Path) -> pl.DataFrame:
    """A Delta table as it is now, without Spark."""
    return pl.read_delta(str(table))
