"""Quality of deliveries by the six dimensions of GB/T 36344 → gold.quality and gold.quality_rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jobs.context import Context
from jobs.lake import tables
from jobs.lake.landing import LandedFile
from jobs.lake.schemas import QUALITY, QUALITY_RULE
from jobs.lake.silver import checks_of
from jobs.steps.ingest import FATES, Tally
from themes.common.contract import Column, Table
from themes.common.types import Check

DIMENSIONS = ("normative", "completeness", "accuracy", "consistency", "timeliness", "accessibility")
_HIDDEN = "***"

# Faults of a whole row, found when its file was read.
_ROW_CHECKS = {
    check.code: check
    for check in (
        Check(
            "ROW_RAGGED", "", "accessibility", "quarantine", "",
            "行的单元格数与表头不一致", "the row has not as many cells as the header",
        ),
        Check(
            "DIGITS_LOST", "", "accuracy", "quarantine", "",
            "号码以数值保存，末尾数字已丢失，请以文本保存后重交",
            "a long number was saved as a numeric value and has lost its last digits: save it as text",
        ),
    )
}  # fmt: skip


def file_row(context: Context, file: LandedFile, tally: Tally | None) -> dict[str, Any]:
    """One row of gold.quality. Each dimension is the share of rows no finding of it touched, 0–100; null where no
    rule looks at it."""
    theme, table = context.tables[file.table]
    department = context.conf.departments[table.department]
    fates = tally.fates if tally else {}
    counts = {fate: fates.get(fate, (0, None))[0] for fate in FATES}
    sums = {f"measure_{fate}": fates[fate][1] if fate in fates else None for fate in FATES}
    received = sum(counts.values())
    bad = counts["quarantined"]
    outcome = "refused" if file.refusal else "repeated" if file.repeats else "partial" if bad else "accepted"
    scores = dimension_scores(tally, checks_of(table), received) if file.readable else {}
    if file.refusal:
        scores = dict.fromkeys(DIMENSIONS, 0.0)
    reason = file.refusal
    repeats = file.repeats
    return {
        "theme": theme.id, "table": file.table, "department": table.department,
        "department_zh": department.zh, "department_en": department.en, "delivery": file.delivery,
        "delivered_on": file.delivered_on, "source": file.source, "file": file.path, "file_hash": file.hash,
        "bytes": file.bytes, "encoding": file.encoding, "outcome": outcome,
        "reason_code": reason.code if reason else "REPEATED" if repeats else None,
        "reason_zh": reason.zh if reason else f"与 {repeats} 内容相同" if repeats else None,
        "reason_en": reason.en if reason else f"same content as {repeats}" if repeats else None,
        "extra_columns": "、".join(file.extra) or None, "received": received, **counts,
        "measure": table.measure,
        "measure_received": sum(s for s in sums.values() if s is not None) if table.measure else None,
        **sums, **{d: scores.get(d) for d in DIMENSIONS},
        "score": min(scores.values()) if scores else None, "status": context.sources[file.source].status,
    }  # fmt: skip


def dimension_scores(tally: Tally | None, checks: list[Check], received: int) -> dict[str, float]:
    """Dimension → 100 × the share of rows that kept all its rules; duplicates lower the consistency.

    A dimension that no rule of the table looks at is left out: it is not known to be good. Findings of one
    dimension on the same row are counted once a rule, so the score is a lower bound.
    """
    if not tally or not received:
        return {}
    dimension: dict[tuple[str, str | None], str] = {(c.code, c.column): c.dimension for c in checks}
    dimension |= {(c.code, None): c.dimension for c in _ROW_CHECKS.values()}
    looked_at = {"consistency", *dimension.values()}
    broken = {d: 0 for d in DIMENSIONS if d in looked_at}
    for finding in tally.findings:
        broken[dimension[finding["code"], finding["column"]]] += finding["rows"]
    broken["consistency"] += sum(tally.fates.get(fate, (0, None))[0] for fate in ("duplicate", "superseded"))
    return {d: round(100.0 * max(0, received - n) / received, 2) for d, n in broken.items()}


def rule_rows(file: LandedFile, theme: str, table: Table, tally: Tally) -> list[dict[str, Any]]:
    """Rows of gold.quality_rule for one file."""
    checks = {(c.code, c.column): c for c in checks_of(table)}
    rows = []
    for finding in tally.findings:
        check = checks.get((finding["code"], finding["column"])) or _ROW_CHECKS[finding["code"]]
        column = table.columns.get(check.column)
        rows.append(
            {
                "theme": theme, "table": file.table, "delivery": file.delivery, "file": file.path,
                "code": check.code, "dimension": check.dimension, "severity": check.severity,
                "column": check.column or None, "column_zh": column.zh if column else None,
                "message_zh": check.zh, "message_en": check.en, "rows": finding["rows"],
                "first_row": finding["first_row"], "example": masked(finding["example"], column),
            }
        )  # fmt: skip
    return rows


def masked(value: str | None, column: Column | None) -> str | None:
    """A value as it may be shown; personal data (grade 3 and up) by their first two characters, short ones fewer.

    What no column of a contract names is hidden whole, since nobody has said that it is not personal.
    """
    if not value or (column and column.grade < 3):
        return value
    if column is None:
        return _HIDDEN
    # Two characters may be the whole of a name.
    shown = min(2, len(value) // 3)
    return value[:shown] + "*" * (len(value) - shown)


def write(context: Context, files: list[LandedFile], tallies: Mapping[str, Tally], changed: set[str]) -> None:
    """Write the rows of the files of the changed tables; those of other tables of a source stay as they are."""
    files = [f for f in files if f.table in changed]
    kept = set(context.tables) - changed
    replace = f"not ({tables.one_of('table', kept)})" if kept else None
    rows = [file_row(context, f, tallies.get(f.path)) for f in files]
    tables.write(
        context.stamped(tables.local(context.spark, rows, QUALITY)),
        context.lake.gold("quality"),
        replace=replace,
        partition=["table"],
    )
    found = [
        row
        for f in files
        if f.path in tallies
        for row in rule_rows(f, context.tables[f.table][0].id, context.tables[f.table][1], tallies[f.path])
    ]
    path = context.lake.gold("quality_rule")
    tables.write(tables.local(context.spark, found, QUALITY_RULE), path, replace=replace, partition=["table"])
