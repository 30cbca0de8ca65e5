"""Facts of the quality board, the runs and the catalogue."""

from __future__ import annotations

from typing import Any

import polars as pl

import conf
from cockpit.facts_read import Row, View, bilingual, release_fact
from cockpit.facts_types import (
    Balance,
    CatalogueRow,
    DeliveryFact,
    Finding,
    MonthScore,
    Option,
    QualityFacts,
    RunFact,
    RunsFacts,
    StepFact,
    StrayFact,
    Text,
)
from cockpit.gold import Lake, Release, Scope

#: Outcomes of a delivered file.
OUTCOMES = ("accepted", "partial", "refused", "repeated")
#: What parts the names of columns in gold.quality.
_LISTED = "、"
#: The dimensions of GB/T 36344, in the standard's order.
DIMENSIONS = ("normative", "completeness", "accuracy", "consistency", "timeliness", "accessibility")


def quality_page(
    release: Release, scope: Scope, theme: str | None = None, department: str | None = None
) -> QualityFacts:
    """Every delivered file with its balance, its six scores and what the rules found, newest first. A theme
    or a department narrows the files and the counts."""
    view = View(release, scope)
    rows = view.read("quality").sort("delivered_on", "file", descending=[True, False])
    departments = {row["department"]: bilingual(row, "department") for row in rows.iter_rows(named=True)}
    if theme is not None:
        rows = rows.filter(pl.col("theme") == theme)
    if department is not None:
        rows = rows.filter(pl.col("department") == department)
    findings = _findings(view)
    files = [_delivery(view, row, findings.get(row["file"], [])) for row in rows.iter_rows(named=True)]
    outcomes = [file.outcome for file in files]
    return QualityFacts(
        release=release_fact(release),
        outcomes=tuple((outcome, outcomes.count(outcome)) for outcome in OUTCOMES),
        deliveries=tuple(files),
        departments=tuple(Option(key, departments[key]) for key in sorted(departments)),
        by_department=_by_department(rows["department"].to_list(), files),
        scores=scores_by_month(rows),
    )


def scores_by_month(quality: pl.DataFrame) -> dict[str, tuple[MonthScore, ...]]:
    """Department → its scores by month of delivery; a file that was refused counts 0, one repeated not at all."""
    score = pl.when(pl.col("outcome") == "refused").then(0.0).otherwise(pl.col("score"))
    months = (
        quality.select(
            "department", pl.col("delivered_on").dt.strftime("%Y-%m").alias("month"), score.alias("score")
        )
        .drop_nulls("score")
        .group_by("department", "month")
        .agg(pl.col("score").mean(), pl.len().alias("files"))
        .sort("month")
    )
    found: dict[str, list[MonthScore]] = {}
    for department, month, mean, files in months.iter_rows():
        found.setdefault(department, []).append(MonthScore(month, mean, files))
    return {department: tuple(points) for department, points in found.items()}


def strays(lake: Lake, scope: Scope) -> tuple[StrayFact, ...]:
    """The files in landing that no source claims, in order of their paths."""
    return tuple(StrayFact(row["file"], row["code"], bilingual(row, "reason")) for row in lake.strays(scope))


def runs_page(lake: Lake, scope: Scope, limit: int = 50) -> RunsFacts:
    """The newest runs of the ledger with their steps, and all releases."""
    return RunsFacts(
        runs=tuple(_run(row) for row in lake.runs(scope, limit)),
        releases=tuple(release_fact(release) for release in lake.releases()),
    )


def catalogue_page(release: Release, scope: Scope, theme: str | None = None) -> tuple[CatalogueRow, ...]:
    """Definitions of all indicators, or of a theme's, without their changes."""
    return tuple(
        CatalogueRow(
            theme=row["theme"],
            theme_name=bilingual(row, "theme"),
            indicator=row["indicator"],
            name=bilingual(row, "name"),
            unit=row["unit"],
            freq=row["freq"],
            definition=bilingual(row, "definition"),
            formula=row["formula"] or "",
            department=bilingual(row, "department"),
            source=bilingual(row, "source"),
            table=row["table"],
            direction=row["direction"],
            light_scheme=row["light_scheme"],
            status=row["status"],
        )
        for row in View(release, scope).catalogue.values()
        if not row["derived_from"] and theme in (None, row["theme"])
    )


def _by_department(
    names: list[str], files: list[DeliveryFact]
) -> tuple[tuple[str, tuple[DeliveryFact, ...]], ...]:
    found: dict[str, list[DeliveryFact]] = {}
    for name, file in zip(names, files, strict=True):
        found.setdefault(name, []).append(file)

    def urgency(name: str) -> tuple[bool, float, str]:
        own = found[name]
        refused = any(file.outcome == "refused" for file in own)
        return (not refused, min((file.score for file in own if file.score is not None), default=100.0), name)

    return tuple(
        (name, tuple(sorted(found[name], key=lambda file: file.outcome != "refused")))
        for name in sorted(found, key=urgency)
    )


def _findings(view: View) -> dict[str, list[Finding]]:
    is_whole = all(map(view.scope.covers, conf.load().settings.provinces))
    found: dict[str, list[Finding]] = {}
    for row in view.read("quality_rule").sort("rows", descending=True).iter_rows(named=True):
        found.setdefault(row["file"], []).append(
            Finding(
                code=row["code"],
                dimension=row["dimension"],
                severity=row["severity"],
                column=row["column"] or "",
                column_name=row["column_zh"] or row["column"] or "",
                message=bilingual(row, "message"),
                rows=row["rows"],
                first_row=row["first_row"],
                # A row of quality tells no region: only who may see all of them sees what a row held.
                example=row["example"] if is_whole else None,
            )
        )
    return found


def _delivery(view: View, row: Row, findings: list[Finding]) -> DeliveryFact:
    dataset = view.datasets.get(row["table"])
    return DeliveryFact(
        theme=row["theme"],
        table=row["table"],
        title=bilingual(dataset, "title") if dataset else Text(row["table"], row["table"]),
        department=bilingual(row, "department"),
        delivery=row["delivery"],
        delivered_on=row["delivered_on"],
        file=row["file"],
        bytes=row["bytes"],
        encoding=row["encoding"],
        outcome=row["outcome"],
        reason=bilingual(row, "reason"),
        reason_code=row["reason_code"] or "",
        extra_columns=tuple((row["extra_columns"] or "").split(_LISTED)) if row["extra_columns"] else (),
        rows=_balance(row, "", None),
        sums=_balance(row, "measure_", row["measure"]) if row["measure"] else None,
        dimensions=tuple((dimension, row[dimension]) for dimension in DIMENSIONS),
        score=row["score"],
        status=row["status"],
        run_id=row["run_id"],
        findings=tuple(findings),
    )


def _balance(row: dict[str, Any], prefix: str, measure: str | None) -> Balance:
    names = ("received", "accepted", "quarantined", "duplicate", "superseded")
    return Balance(measure, *(row[f"{prefix}{name}"] or 0 for name in names))


def _run(row: dict[str, Any]) -> RunFact:
    steps = tuple(
        StepFact(step["name"], step["started"], step["ended"], step["outcome"], step["detail"] or "")
        for step in row["steps"]
    )
    return RunFact(
        run_id=row["run_id"],
        job=row["job"],
        profile=row["profile"] or "",
        as_of=row["as_of"] or "",
        started=row["started"],
        ended=row["ended"],
        outcome=row["outcome"] or "",
        exit_code=row["exit_code"],
        rows=_balance(row, "", None),
        commits=row["commits"] or 0,
        release_id=row["release_id"],
        code_version=row["code_version"] or "",
        message=row["message"] or "",
        steps=steps,
    )
