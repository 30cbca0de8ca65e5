"""What the columns of a delivery hold, compared with their contract and with the delivery before.

A column that was filled and is empty or gone, or whose values no longer fit its type, would become nulls or
quarantine row by row; it means that the file has another structure, so the delivery is refused whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

import conf
from conf.source_files import Drift
from jobs.lake.formats.base import Refusal
from themes.common.contract import Column, Table
from themes.common.types import half_width

# Shapes, not validity: a wrong check character is a fault of one row, a name in a date column is drift.
_SHAPES = {
    "integer": r"[+-]?[0-9,]+([.]0*)?",
    "year": r"[0-9]{4}([.]0*)?",
    "decimal": r"[+-]?[0-9,]*[.]?[0-9]+([eE][+-]?[0-9]{1,3})?[.]?",
    "date": r"[0-9]{4}([-/][0-9]{1,2}[-/][0-9]{1,2}|[0-9]{4}|年[0-9]{1,2}月[0-9]{1,2}日)",
    "citizen_id": r"[0-9]{17}[0-9Xx]",
    "uscc": r"[0-9A-Za-z]{18}",
    "mobile": r"1[0-9]{10}",
}


@dataclass(frozen=True)
class ColumnUse:
    """How many of the rows fill a column, and how many of these values do not fit its type.

    `column` is one of the contract, or a header that formulas read.
    """

    column: str
    rows: int
    filled: int
    mistyped: int

    def __add__(self, other: ColumnUse) -> ColumnUse:
        return ColumnUse(
            self.column, self.rows + other.rows, self.filled + other.filled, self.mistyped + other.mistyped
        )


def use(name: str, column: Column | None, values: Sequence[str], words: frozenset[str]) -> ColumnUse:
    """The use of a column whose cells are `values`; `words` are those its code list or the regions know.

    A header that only formulas read has no column and so no type.
    """
    text = pl.Series(values, dtype=pl.String).str.strip_chars()
    text = text.filter(text != "")
    shape = _shape(column)
    if shape is None and not words:
        return ColumnUse(name, len(values), len(text), 0)
    odd = text.filter(~text.is_in(list(words))) if words else text
    if shape is not None:
        odd = odd.filter(~odd.str.contains(f"^(?:{shape})$"))
    again = [half_width(value).strip() for value in odd]
    mistyped = sum(v not in words and not (shape and re.fullmatch(shape, v)) for v in again)
    return ColumnUse(name, len(values), len(text), mistyped)


def _shape(column: Column | None) -> str | None:
    if column is None:
        return None
    # Regions of other provinces are known by their form only.
    return "[0-9]{6}" if column.type == "region" else _SHAPES.get(column.type)


def known_words(column: Column | None) -> frozenset[str]:
    """What a department may write in a column of codes or regions; empty for other columns."""
    loaded = conf.load()
    if column is None:
        return frozenset()
    if column.type == "region":
        return frozenset(name for r in loaded.regions.rows() for name in (r.code, r.name_zh))
    if column.codes is None:
        return frozenset()
    entries = loaded.codes[column.codes].items()
    return frozenset(text for code, e in entries for text in (code, e.zh, e.en, *e.aliases))


def total(uses: Iterable[ColumnUse]) -> dict[str, ColumnUse]:
    """The uses of several files added up by column."""
    found: dict[str, ColumnUse] = {}
    for one in uses:
        found[one.column] = found[one.column] + one if one.column in found else one
    return found


def refusal(
    now: Mapping[str, ColumnUse], before: Mapping[str, ColumnUse] | None, table: Table, drift: Drift
) -> Refusal | None:
    """Why a delivery is refused whole, None when its columns are what they were and what they must be."""
    settings = conf.load().settings
    limit = settings.mistyped_limit if drift.mistyped_limit is None else drift.mistyped_limit
    for name, found in now.items():
        if found.mistyped >= settings.mistyped_least and found.mistyped > limit * found.filled:
            zh = table.columns[name].zh
            return Refusal(
                "COLUMN_RETYPED",
                f"列“{zh}”：{found.filled} 个值中有 {found.mistyped} 个不是{_TYPES[table.columns[name].type]}",
                f"column {zh!r}: {found.mistyped} of {found.filled} values are not of type"
                f" {table.columns[name].type}",
            )
    for name, earlier in (before or {}).items():
        if not earlier.filled or name in drift.may_be_emptied:
            continue
        zh = table.columns[name].zh if name in table.columns else name
        if name not in now:
            return Refusal(
                "COLUMN_DROPPED",
                f"上次交付有值的列“{zh}”本次没有了",
                f"column {zh!r}, filled in the delivery before, is gone",
            )
        if not now[name].filled and _chance(earlier, now[name].rows) < settings.emptied_chance:
            return Refusal(
                "COLUMN_EMPTIED",
                f"列“{zh}”本次全部为空，上次 {earlier.rows} 行中有 {earlier.filled} 行有值",
                f"column {zh!r} is wholly empty; in the delivery before {earlier.filled} of {earlier.rows}"
                " rows filled it",
            )
    return None


def _chance(earlier: ColumnUse, rows: int) -> float:
    """How likely so many rows are all empty when each is filled as often as before."""
    return float((1 - earlier.filled / earlier.rows) ** rows)


_TYPES = {
    "text": "文本", "integer": "整数", "decimal": "数值", "year": "年份", "date": "日期", "region": "行政区划",
    "code": "代码表内的值", "citizen_id": "公民身份号码", "uscc": "统一社会信用代码", "mobile": "手机号码",
}  # fmt: skip
