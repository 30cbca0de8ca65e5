"""Grids on a worksheet: values as numbers, everything computed as a live formula over them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell as cell_name
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from cockpit import formats, tokens
from cockpit.reports.grid import Cell, Column, Grid
from cockpit.reports.words import clean, t

_FONTS = {"zh": "宋体", "en": "Arial"}
_PERCENT = ("share", "change", "error", "fraction")


class Styles:
    """The cell formats of a workbook, each made once."""

    def __init__(self, book: Workbook, lang: str) -> None:
        self._book, self._font = book, {"font_name": _FONTS[lang], "font_size": 10, "valign": "vcenter"}
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def get(self, **given: Any) -> Format:
        """A format in the workbook's font."""
        key = tuple(sorted(given.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({**self._font, **given})
        return self._made[key]

    @property
    def title(self) -> Format:
        """The title of a sheet."""
        return self.get(font_size=14, bold=True)

    @property
    def head(self) -> Format:
        """The head of a table."""
        return self.get(
            bold=True, bottom=1, top=2, align="center", text_wrap=True, bg_color=tokens.OFFICE.page
        )

    def number(self, column: Column, **more: Any) -> Format:
        """The format of a column's numbers."""
        if column.kind in _PERCENT:
            return self.get(num_format="0.0%", **more)
        places = "." + "0" * column.decimals if column.decimals else ""
        return self.get(num_format=f"#,##0{places}", **more)


@dataclass(frozen=True)
class Placed:
    """Where a grid's cells stand: the sheet, its first row of values and first column."""

    sheet: str
    top: int
    left: int

    def cell(self, row: int, column: int) -> str:
        """The absolute reference of a cell of the grid."""
        name = cell_name(self.top + row, self.left + column, row_abs=True, col_abs=True)
        return "'{}'!{}".format(self.sheet.replace("'", "''"), name)


def text(sheet: Worksheet, row: int, column: int, words: str, style: Format) -> None:
    """Write words that stay words, whatever they begin with."""
    sheet.write_string(row, column, clean(words), style)


def put(sheet: Worksheet, styles: Styles, grid: Grid, top: int, left: int, lang: str) -> tuple[Placed, int]:
    """Write a grid with its caption, head and source; gives its place and the next free row."""
    caption = t("report.marked", lang, title=grid.title, mark=grid.mark) if grid.mark else grid.title
    text(sheet, top, left, caption, styles.get(bold=True))
    if grid.unit:
        unit = t("report.unit", lang, unit=formats.unit_name(grid.unit, lang))
        text(sheet, top, left + len(grid.columns) - 1, unit, styles.get(align="right"))
    for n, column in enumerate(grid.columns):
        text(sheet, top + 1, left + n, column.title, styles.head)
    placed = Placed(sheet.get_name(), top + 2, left)
    rows = grid.values()
    for n, row in enumerate(rows):
        is_total = grid.has_total and n == len(rows) - 1
        for k, (value, column) in enumerate(zip(row, grid.columns, strict=True)):
            _cell(sheet, styles, grid, placed, n, k, value, column, is_total, lang)
    end = top + 2 + len(rows)
    if grid.source:
        text(sheet, end, left, grid.source, styles.get(font_size=8, font_color=tokens.OFFICE.muted))
    return placed, end + 2


def _cell(
    sheet: Worksheet,
    styles: Styles,
    grid: Grid,
    placed: Placed,
    row: int,
    n: int,
    value: Cell,
    column: Column,
    is_total: bool,
    lang: str,
) -> None:
    all_words = all(other.kind == "text" for other in grid.columns)
    edge: dict[str, Any] = {"top": 1, "bold": True} if is_total else {}
    where = (placed.top + row, placed.left + n)
    if is_total and column.kind == "text" and n == _label(grid):
        text(sheet, *where, t("report.column.total", lang), styles.get(**edge))
    elif isinstance(value, str):
        text(sheet, *where, value, styles.get(**edge, indent=1, text_wrap=all_words))
    elif value is None:
        sheet.write_blank(*where, None, styles.get(**edge))
    else:
        formula = _formula(grid, placed, row, n, column, is_total)
        style = styles.number(column, **edge)
        if formula:
            sheet.write_formula(*where, formula, style, value)
        else:
            sheet.write_number(*where, value, style)


def _label(grid: Grid) -> int:
    return next(n for n, column in enumerate(grid.columns) if column.kind == "text")


def _formula(grid: Grid, placed: Placed, row: int, n: int, column: Column, is_total: bool) -> str:
    """How a cell is computed; empty for a value of the facts."""

    def at(r: int, k: int, fixed: bool = False) -> str:
        return cell_name(placed.top + r, placed.left + k, row_abs=fixed)

    if column.kind == "share":
        base = 0 if grid.base == "first" else len(grid.rows)
        return f"={at(row, column.of[0])}/{at(base, column.of[0], fixed=True)}"
    if is_total:
        return f"=SUM({at(0, n)}:{at(len(grid.rows) - 1, n)})"
    if column.kind == "sum":
        return f"=SUM({','.join(at(row, k) for k in column.of)})"
    if column.kind == "error":
        return f"={at(row, column.of[0])}/{at(row, column.of[1])}-1"
    before = grid.before(row)
    if column.kind == "change" and before is not None:
        return f"={at(row, column.of[0])}/{at(before, column.of[0])}-1"
    if column.kind == "difference" and before is not None:
        return f"={at(row, column.of[0])}-{at(before, column.of[0])}"
    return ""
