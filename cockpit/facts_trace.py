"""From a value back to the files and rows it came from 溯源."""

from __future__ import annotations

import shlex
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

import conf
from cockpit.facts_read import (
    Row,
    UnknownError,
    View,
    bilingual,
    breakdown_name,
    check_region,
    dataset_of,
    files_of,
    forecast_rows,
    parse_trace_key,
    region_name,
    trace_key,
)
from cockpit.facts_types import Revision, Text, TraceFacts
from cockpit.gold import Release, Scope

__all__ = ["trace", "trace_key"]


def trace(release: Release, scope: Scope, key: str) -> TraceFacts:
    """Everything behind one value: definition, source, files, rows, versions, run, and the command that
    lists every source row.

    Raises UnknownError for a key without a value in the release, OutOfScopeError for a region outside the
    scope.
    """
    kind, indicator, region, freq, period, breakdown = parse_trace_key(key)
    check_region(scope, region)
    view = View(release, scope)
    entry = view.entry(indicator)
    revisions = _revisions(view, indicator, region, freq, period, breakdown)
    if kind == "i":
        if not revisions:
            raise UnknownError(f"no figure {key}")
        # A forecast is made from a series; a figure from the rows of its newest publication.
        return _facts(view, key, "indicator", entry, revisions[-1], revisions, None)
    step = next(
        (row for row in forecast_rows(view, indicator, region, breakdown) if row["period"] == period), None
    )
    if step is None:
        raise UnknownError(f"no forecast {key}")
    return _facts(view, key, "forecast", entry, step, [], step)


def _revisions(view: View, indicator: str, region: str, freq: str, period: str, breakdown: str) -> list[Row]:
    """All publications of one figure up to the release's date, oldest first."""
    rows = view.read("indicator").filter(
        (pl.col("indicator") == indicator)
        & (pl.col("region") == region)
        & (pl.col("freq") == freq)
        & (pl.col("period") == period)
        & (pl.col("breakdown") == breakdown)
        & (pl.col("published_at") <= view.release.as_of)
    )
    return rows.sort("published_at").to_dicts()


def _facts(
    view: View, key: str, kind: str, entry: Row, row: Row, revisions: list[Row], step: Row | None
) -> TraceFacts:
    dataset: dict[str, Any] = dataset_of(view, row) or {}
    table = "forecast" if step else "indicator"
    published: date | None = row.get("published_at")
    return TraceFacts(
        key=key,
        kind=kind,
        theme=entry["theme"],
        theme_name=bilingual(entry, "theme"),
        indicator=entry["indicator"],
        name=bilingual(entry, "name"),
        region=row["region"],
        region_name=region_name(row["region"]),
        breakdown=row["breakdown"],
        breakdown_name=breakdown_name(row["breakdown"]),
        period=row["period"],
        freq=row["freq"],
        value=step["mean"] if step else row["value"],
        unit=row["unit"],
        decimals=entry["decimals"],
        interval95=(step["lo95"], step["hi95"]) if step else None,
        model=f"{step['model']} {step['model_version']}" if step else None,
        origin=step["origin"] if step else None,
        definition=bilingual(entry, "definition"),
        formula=entry["formula"] or "",
        department=bilingual(entry, "department"),
        source=bilingual(dataset, "title") if dataset else bilingual(entry, "source"),
        publisher=_words(dataset, "publisher"),
        document=_words(dataset, "document"),
        licence=dataset.get("licence") or "",
        source_table=dataset.get("table") or entry["table"],
        table_versions=((f"gold.{table}", view.release.version(table)),),
        files=files_of(row),
        source_rows=row.get("source_rows"),
        first_row=row.get("first_row"),
        last_row=row.get("last_row"),
        published_at=published,
        revisions=tuple(
            Revision(found["published_at"], found["value"], found["status"]) for found in revisions
        ),
        quality=row["quality"],
        status=row["status"],
        run_id=row["run_id"],
        release_id=view.release.release_id,
        released_at=view.release.released_at,
        command=_command(row, view.release),
    )


def _words(dataset: Row, column: str) -> Text:
    return Text(dataset.get(column) or "", dataset.get(f"{column}_en") or "")


def _command(row: Row, release: Release) -> str:
    words = ["./spark-submit.sh", "trace", "--indicator", row["indicator"], "--region", row["region"]]
    words += ["--period", row.get("origin") or row["period"]]
    if row["breakdown"]:
        words += ["--breakdown", row["breakdown"]]
    words += ["--release", release.release_id]
    if release.root.resolve() != Path(conf.load().settings.lake.path).resolve():
        words += ["--lake", str(release.root)]
    return shlex.join(words)
