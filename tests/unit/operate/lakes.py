"""Lakes of a few rows, written with delta-rs: releases of as many versions as a test needs."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
from deltalake import write_deltalake

from jobs.lake import releases, tables
from jobs.lake.paths import Lake

Figures = dict[str, float | None]
BRONZE = "health_birth"


def figure_rows(figures: Figures, published: date) -> pl.DataFrame:
    """Rows of gold.indicator: `figures` are values by period (years) of one series."""
    return pl.DataFrame(
        [
            {
                "indicator": "population.births", "region": "440000", "breakdown": "", "period": period, "freq": "Y",
                "period_end": date(int(period), 12, 31), "value": value, "unit": "person", "published_at": published,
            }
            for period, value in figures.items()
        ],
        schema_overrides={"value": pl.Float64},
    )  # fmt: skip


def add_release(lake: Lake, as_of: date, figures: Figures, released: datetime | None = None) -> str:
    """One more version of every table, and a release that names them."""
    write_deltalake(str(lake.gold("indicator")), figure_rows(figures, as_of), mode="overwrite")
    for name, rows in _others(as_of).items():
        write_deltalake(str(lake.gold(name)), rows, mode="overwrite")
    received = pl.DataFrame(
        {"delivery": [f"health/birth/{as_of}"], "record": [json.dumps({"n": str(as_of)})]}
    )
    write_deltalake(str(lake.bronze(BRONZE)), received, mode="overwrite", partition_by=["delivery"])
    versions = {name: tables.version(lake.gold(name)) for name in ("indicator", *_others(as_of))}
    versions[f"bronze.{BRONZE}"] = tables.version(lake.bronze(BRONZE))
    number = releases.next_number(lake)
    row = {
        "release_id": f"R{as_of:%Y%m%d}-{number}", "released_at": released or datetime.now(UTC), "as_of": as_of,
        "run_id": "r", "profile": "demo", "tables": json.dumps(versions), "models": "{}", "quality": 99.0,
        "code_version": "c", "fingerprint": f"f{number}", "number": number, "restores": None,
    }  # fmt: skip
    frame = pl.DataFrame(
        [row], schema_overrides={"restores": pl.String, "released_at": pl.Datetime("us", "UTC")}
    )
    write_deltalake(str(lake.gold("release")), frame, mode="append")
    return str(row["release_id"])


def _others(as_of: date) -> dict[str, pl.DataFrame]:
    words = {
        "title_zh": "出生登记",
        "title_en": "Births",
        "department_zh": "卫健委",
        "department_en": "Health",
    }
    refused = {"table": BRONZE, "delivered_on": as_of, "outcome": "refused"}
    return {
        "quality": pl.DataFrame(
            [{"table": BRONZE, "delivered_on": date(2025, 1, 10), "outcome": "accepted"}, refused]
        ),
        "dataset": pl.DataFrame([{"table": BRONZE, "freshness_days": 45, **words}]),
        "catalogue": pl.DataFrame(
            [{"indicator": "population.births", "derived_from": None}],
            schema_overrides={"derived_from": pl.String},
        ),
    }


def values(lake: Lake, release_id: str) -> list[float | None]:
    """The figures of a release, read at the version that it names."""
    row = next(r for r in releases.newest_first(lake) if r["release_id"] == release_id)
    found = pl.read_delta(str(lake.gold("indicator")), version=row["tables"]["indicator"])
    return found["value"].to_list()


def new(folder: Path) -> Lake:
    """A lake without anything."""
    return Lake(folder / "lake")
