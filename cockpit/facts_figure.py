"""The card of one figure: its value with changes, light, target and sparkline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from cockpit.facts_read import (
    Row,
    View,
    bilingual,
    breakdown_name,
    dataset_of,
    forecast_rows,
    region_name,
    row_trace,
    series,
    source_of,
)
from cockpit.facts_types import Change, Figure, SparkPoint, Text
from cockpit.facts_warnings import light_at, target_of

SPARK_PERIODS = 24
SPARK_FORECASTS = 6


def figure(view: View, indicator: str, region: str, breakdown: str, period: str | None = None) -> Figure:
    """The card of one figure, at a period or the newest; its value is None when there is no row.

    Raises UnknownError for an indicator that the release does not define.
    """
    entry = view.entry(indicator)
    rows = series(view, indicator, region, breakdown)
    upto = [row for row in rows if period is None or row["period"] <= period]
    row = upto[-1] if upto and (period is None or upto[-1]["period"] == period) else None
    is_newest = row is not None and row is rows[-1]
    return Figure(
        theme=entry["theme"],
        indicator=indicator,
        breakdown=breakdown,
        breakdown_name=breakdown_name(breakdown),
        name=bilingual(entry, "name"),
        definition=bilingual(entry, "definition"),
        value=row["value"] if row else None,
        unit=row["unit"] if row else entry["unit"],
        decimals=entry["decimals"],
        freq=entry["freq"],
        period=row["period"] if row else period or "",
        period_end=row["period_end"] if row else None,
        region=region,
        region_name=region_name(region),
        department=bilingual(entry, "department"),
        source=source_of(view, entry, [row] if row else []),
        status=row["status"] if row else entry["status"],
        quality=row["quality"] if row else None,
        published_at=row["published_at"] if row else None,
        direction=entry["direction"],
        stale_days=_stale_days(view, row) if row and is_newest else 0,
        doubt=_doubt(view, row) if row else None,
        changes=tuple(_changes(view, entry, row)) if row else (),
        light=light_at(view, indicator, region, breakdown) if is_newest else None,
        target=target_of(view, indicator, region, breakdown),
        spark=tuple(_spark(view, upto, is_newest)),
        trace=row_trace(row) if row else "",
    )


def _stale_days(view: View, row: Row) -> int:
    dataset = dataset_of(view, row)
    if dataset is None or dataset["freshness_days"] is None:
        return 0
    age: int = (view.release.as_of - row["published_at"]).days
    return max(0, age - int(dataset["freshness_days"]))


def _doubt(view: View, row: Row) -> Text | None:
    # Releases made before there were such rows do not name them.
    if not view.release.names("doubt"):
        return None
    same = [pl.col(name) == row[name] for name in ("indicator", "region", "breakdown", "period")]
    found = view.read("doubt").filter(*same, pl.col("state") == "open").rows(named=True)
    return bilingual(found[0], "evidence") if found else None


def _changes(view: View, entry: Row, row: Row) -> Iterable[Change]:
    for change in view.changes_of(entry["indicator"]):
        same = [
            found
            for found in series(view, change["indicator"], row["region"], row["breakdown"])
            if found["period"] == row["period"]
        ]
        if same:
            value = same[0]["value"]
            yield Change(
                kind=change["change"],
                value=value,
                # The row's own: an indicator of many units changes by per cent or by percentage points.
                unit=same[0]["unit"],
                decimals=change["decimals"],
                good=_is_good(value, change["decimals"], entry["direction"]),
                trace=row_trace(same[0]),
            )


def _is_good(value: float | None, decimals: int, direction: str) -> bool | None:
    """None also for what is shown as unchanged."""
    if value is None or not round(value, decimals) or direction == "neutral":
        return None
    return (value > 0) == (direction == "up")


def _spark(view: View, rows: Sequence[Row], is_newest: bool) -> Iterable[SparkPoint]:
    for row in rows[-SPARK_PERIODS:]:
        yield SparkPoint(row["period"], row["value"], row["status"] == "forecast")
    if rows and is_newest:
        last = rows[-1]
        ahead = forecast_rows(view, last["indicator"], last["region"], last["breakdown"])
        for row in [row for row in ahead if row["period_end"] > last["period_end"]][:SPARK_FORECASTS]:
            yield SparkPoint(row["period"], row["mean"], True)
