"""Human decisions 人工决定: corrections and confirmations, handed in like any delivery and applied in silver.

They lie in `landing/decision/correction/<day>/`, so a lake rebuilt from landing applies them again. A correction
puts another value into one column of the rows with a key; a confirmation says that the value is right although a
rule doubts it. A confirmation may also speak of a figure: its table is then the id of an indicator, its key
(region, breakdown, period) and its column the rule that doubts it. All speak of what was handed in up to their
own day: what a department sends later is its new word.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from conf.source_files import Format, Source, Words
from jobs.lake import formats
from jobs.lake.formats.base import RefusedError
from jobs.lake.landing import DECISIONS, LandedFile, scan
from themes.common.contract import Table

HEADERS = {
    "kind": "决定", "table": "数据表", "key": "主键", "column": "列", "value": "更正值", "who": "决定人",
    "decided_at": "决定时间", "why": "理由",
}  # fmt: skip
# What names a figure of an indicator; an empty breakdown is its total.
FIGURE_KEY = ("region", "breakdown", "period")
KINDS = {"更正": "correct", "确认": "confirm"}
_WORDS = Words(zh="人工决定", en="Human decisions")
_SOURCE = Source(
    id="decision", table="-", landing=DECISIONS, files="*", status="real", publisher=_WORDS, document=_WORDS
)


@dataclass(frozen=True)
class Decision:
    """One decision on the rows of a table with a key; `value` of a confirmation is empty.

    `key` holds the texts of the contract's key columns in their order, `place` is its file and row in landing.
    """

    kind: str
    table: str
    key: tuple[str, ...]
    column: str
    value: str
    who: str
    decided_at: str
    why: str
    decided_on: date
    place: str


def load(
    landing: Path, as_of: date, tables: Mapping[str, Table], indicators: Container[str]
) -> tuple[list[Decision], list[str]]:
    """Every decision handed in by a day, the newest last, and one line `FILE: row, column: rule` for each that is
    not applied."""
    found: list[Decision] = []
    problems: list[str] = []
    for file in scan(landing, {_SOURCE.id: _SOURCE}, as_of):
        if file.repeats:
            continue
        try:
            for number, cells in _records(landing / file.path):
                decision = _decision(file, number, cells)
                if (problem := _problem(decision, cells, tables, indicators)) is None:
                    found.append(decision)
                else:
                    problems.append(f"{file.path}: row {number}, {problem}")
        except RefusedError as refused:
            problems.append(f"{file.path}: {refused.refusal.code}: {refused.refusal.en}")
    return found, problems


def _records(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    how = Format()
    header = formats.header(path, how, set(HEADERS.values()).__contains__)
    missing = [h for h in HEADERS.values() if h not in header.names]
    if missing:
        listed = "、".join(missing)
        raise RefusedError("COLUMN_MISSING", f"缺少列：{listed}", f"missing columns: {listed}")
    for row in formats.rows(path, how, header):
        if row.problem is not None:
            raise RefusedError(row.problem, f"第{row.number}行", f"line {row.number}")
        cells = dict(zip(header.names, row.cells, strict=True))
        yield row.number, {name: cells[given].strip() for name, given in HEADERS.items()}


def _decision(file: LandedFile, number: int, cells: Mapping[str, str]) -> Decision:
    texts = {name: text for name, text in cells.items() if name not in ("kind", "key")}
    kind = KINDS.get(cells["kind"], cells["kind"])
    return Decision(
        kind=kind,
        key=_key(cells["key"]),
        decided_on=file.delivered_on,
        place=f"{file.path}#{number}",
        **texts,
    )


def _key(text: str) -> tuple[str, ...]:
    """The parts of a key: a JSON list of texts, or the one text that it is."""
    try:
        parts = json.loads(text) if text.startswith("[") else [text]
    except ValueError:
        return ()
    return tuple(str(part) for part in parts)


def _problem(
    decision: Decision, cells: Mapping[str, str], tables: Mapping[str, Table], indicators: Container[str]
) -> str | None:
    """Why a decision cannot be applied, as `column X: rule`."""
    for name, header in HEADERS.items():
        if not cells[name] and not (name == "value" and decision.kind == "confirm"):
            return f"column {header}: a required value is missing"
    if decision.kind not in KINDS.values():
        return f"column {HEADERS['kind']}: {decision.kind!r} is none of {', '.join(KINDS)}"
    if decision.table in indicators:
        return _problem_of_figure(decision)
    table = tables.get(decision.table)
    if table is None:
        return f"column {HEADERS['table']}: no table {decision.table!r}"
    if decision.column not in table.columns:
        return f"column {HEADERS['column']}: {decision.table} has no column {decision.column!r}"
    if len(decision.key) != len(table.key) or not any(decision.key):
        return f"column {HEADERS['key']}: must give {', '.join(table.key)}"
    return None


def _problem_of_figure(decision: Decision) -> str | None:
    if decision.kind != "confirm":
        return f"column {HEADERS['kind']}: a figure is confirmed, or its rows are corrected"
    if len(decision.key) != len(FIGURE_KEY):
        return f"column {HEADERS['key']}: must give {', '.join(FIGURE_KEY)}"
    return None
