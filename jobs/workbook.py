"""Workbooks for people: every cell a text or a number, never a formula, whatever a department has written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

# What a sheet and a cell can hold.
MOST_ROWS, _LONGEST = 1_000_000, 32_000
Cell = str | int | float | date | None
_FONT = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "top"}


class Book:
    """An .xlsx file that appears whole when it is closed."""

    def __init__(self, file: Path, title: str, made: datetime) -> None:
        self.file = file
        file.parent.mkdir(parents=True, exist_ok=True)
        self._part = file.with_name(file.name + ".part")
        self._book = xlsxwriter.Workbook(
            str(self._part),
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        # The release's time, not today's: the same release makes the same bytes.
        self._book.set_properties({"title": title, "created": made})
        more: dict[str, dict[str, Any]] = {
            "plain": {"text_wrap": True},
            # As an apostrophe typed before it: the text stays one when somebody edits the cell.
            "given": {"text_wrap": True, "quote_prefix": True, "num_format": "@"},
            "day": {"num_format": "yyyy-mm-dd", "align": "left"},
            "head": {"bold": True, "bg_color": "#E8EDF3", "bottom": 1, "text_wrap": True},
            "number_head": {
                "bold": True,
                "bg_color": "#E8EDF3",
                "bottom": 1,
                "text_wrap": True,
                "align": "right",
            },
            # Runs on over the empty cells to its right.
            "note": {},
            "title": {"bold": True, "font_size": 15},
        }
        self._formats = {name: self._book.add_format(_FONT | how) for name, how in more.items()}

    def sheet(self, name: str, widths: Sequence[float]) -> Sheet:
        """A new sheet with columns of these widths (characters)."""
        made = self._book.add_worksheet(name)
        for column, width in enumerate(widths):
            made.set_column(column, column, width)
        made.set_landscape()
        made.fit_to_pages(1, 0)
        return Sheet(made, self._formats)

    def close(self) -> Path:
        """Write the file."""
        self._book.close()
        return self._part.replace(self.file)


class Sheet:
    """A sheet that is written row by row from the top."""

    def __init__(self, sheet: Any, formats: dict[str, Any]) -> None:
        self._sheet, self._formats, self._at = sheet, formats, 0

    def line(self, *cells: Cell, style: str = "plain") -> None:
        """One row."""
        for column, cell in enumerate(cells):
            self._cell(column, cell, style)
        self._at += 1

    def table(
        self,
        head: Sequence[str],
        rows: Iterable[Sequence[Cell]],
        numbers: Sequence[int] = (),
        *,
        freeze: bool = True,
    ) -> None:
        """A table, with filters when it is the one of its sheet; it ends at what a sheet can hold.

        `numbers` are the columns of numbers.
        """
        top = self._at
        for column, text in enumerate(head):
            self._cell(column, text, "number_head" if column in numbers else "head")
        self._at += 1
        for row in rows:
            if self._at >= MOST_ROWS:
                break
            self.line(*row, style="given")
        if freeze:
            self._sheet.freeze_panes(top + 1, 0)
            self._sheet.autofilter(top, 0, max(top, self._at - 1), len(head) - 1)

    def _cell(self, column: int, cell: Cell, style: str) -> None:
        if cell is None:
            return
        if isinstance(cell, str):
            text = cell if len(cell) <= _LONGEST else cell[:_LONGEST] + "…"
            self._sheet.write_string(self._at, column, text, self._formats[style])
        elif isinstance(cell, date):
            day = datetime(cell.year, cell.month, cell.day)
            self._sheet.write_datetime(self._at, column, day, self._formats["day"])
        else:
            plain = "plain" if style == "given" else style
            self._sheet.write_number(self._at, column, cell, self._formats[plain])
