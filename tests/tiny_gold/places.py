"""Dates, ids and places of the tiny lake."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Any

Row = dict[str, Any]

AS_OF = date(2026, 6, 30)
RUN, RELEASE = "run-20260630-01", "r-20260630-01"
OLD_AS_OF, OLD_RUN, OLD_RELEASE = date(2026, 5, 31), "run-20260531-01", "r-20260531-01"
GUANGDONG, SHANDONG = "440000", "370000"
#: A city with a row but no value, and a city without a row, on every map of Guangdong.
NULL_CITY, ABSENT_CITY = "445200", "445300"
COUNTY_CITIES = ("440100", "440800", "371700")
_ROOT = Path(__file__).resolve().parents[2]


def regions() -> list[dict[str, str]]:
    """Both provinces, all their cities and the counties of three cities, from conf/regions.csv."""
    with (_ROOT / "conf" / "regions.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if not row["valid_to"]]
    kept = [row for row in rows if row["code"] in (GUANGDONG, SHANDONG)]
    kept += [row for row in rows if row["level"] == "city" and row["parent"] in (GUANGDONG, SHANDONG)]
    return kept + [row for row in rows if row["level"] == "county" and row["parent"] in COUNTY_CITIES]


def month_end(year: int, month: int) -> date:
    """Last day of a month."""
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
