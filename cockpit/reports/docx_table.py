"""Tables of a Word report: three rules 三线表, the head repeated on each page, numbers to the right."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from xml.sax.saxutils import escape

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from cockpit import formats
from cockpit.reports.docx_style import TEXT_WIDTH
from cockpit.reports.grid import Cell, Column, Grid
from cockpit.reports.words import clean, t
from conf.schema import Scale

_TWIPS = 635
_PERCENT = ("share", "change", "error", "fraction")
#: Width in Chinese characters beyond which a column wraps; the margins of a cell; a character in twips.
_WIDE, _PADDING, _CHARACTER = 30.0, 0.7, 210.0
#: Tables of at most so many rows stay on one page; of longer ones the first rows stay together.
_WHOLE, _KEPT = 14, 2
_WORD = re.compile(r"[^\s\u2e80-\uffff]+|[\u2e80-\uffff]{1,2}")
#: Digits of a scaled number.
_SCALED = 2


def unit_of(grid: Grid, lang: str) -> str:
    """The unit, with its 万 or million, that a grid's numbers are shown in; empty where it has none."""
    return formats.unit_name(grid.unit, lang, _scale(grid, lang)) if grid.unit else ""


def printed(grid: Grid, lang: str, last: int | None = None) -> list[list[str]]:
    """The cells as text, numbers of the grid's unit at one scale; of a long grid the last rows only."""
    rows = grid.values()[-last:] if last else grid.values()
    scale = _scale(grid, lang)
    return [
        [_text(cell, column, grid, scale, lang) for cell, column in zip(row, grid.columns, strict=True)]
        for row in _named(rows, grid, lang)
    ]


def _scale(grid: Grid, lang: str) -> Scale | None:
    """The scale that most of a grid's numbers fill, so that the small ones keep their digits."""
    own = [n for n, column in enumerate(grid.columns) if column.unit and column.unit == grid.unit]
    sizes = [abs(cell) for row in grid.values() for n in own if isinstance(cell := row[n], float)]
    return formats.scale_of(statistics.median(sizes), grid.unit, lang) if sizes else None


def _named(rows: list[list[Cell]], grid: Grid, lang: str) -> list[list[Cell]]:
    """The rows, with its name in the row of sums."""
    if grid.has_total and rows:
        label = next(n for n, column in enumerate(grid.columns) if column.kind == "text")
        rows[-1][label] = t("report.column.total", lang)
    return rows


def _text(cell: Cell, column: Column, grid: Grid, scale: Scale | None, lang: str) -> str:
    if isinstance(cell, str):
        return cell
    if cell is None:
        # The row of sums has nothing to say in the columns that do not add up.
        is_sum_of_none = column.kind == "number" and not column.unit
        return "" if column.kind == "text" or is_sum_of_none else t("format.missing", lang)
    if column.kind in _PERCENT:
        return formats.percent(cell, lang, 1)
    if column.unit and column.unit == grid.unit and scale is not None:
        return formats.plain(cell / scale.factor, _SCALED, lang)
    return formats.plain(cell, column.decimals, lang)


def add_table(
    document: Document, head: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[bool], total: bool
) -> None:
    """A table at the end of the document. `right` says which columns hold numbers, `total` that the last row
    is one of sums."""
    widths = _widths(head, rows)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    body = [_row(head, widths, right, is_head=True, rule=False, kept=True)]
    for n, row in enumerate(rows):
        rule = total and n == len(rows) - 1
        kept = n < _KEPT or (len(rows) <= _WHOLE and n < len(rows) - 1)
        body.append(_row(row, widths, right, is_head=False, rule=rule, kept=kept))
    table = parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        '<w:tblBorders><w:top w:val="single" w:sz="12" w:color="000000"/>'
        '<w:bottom w:val="single" w:sz="12" w:color="000000"/></w:tblBorders>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="70" w:type="dxa"/>'
        '<w:right w:w="70" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(body)}</w:tbl>"
    )
    document.element.body.insert(len(document.element.body) - 1, table)


def _row(
    cells: Sequence[str], widths: Sequence[int], right: Sequence[bool], is_head: bool, rule: bool, kept: bool
) -> str:
    line = '<w:{0} w:val="single" w:sz="6" w:color="000000"/>'
    edges = line.format("bottom") if is_head else line.format("top") if rule else ""
    edges = f"<w:tcBorders>{edges}</w:tcBorders>" if edges else ""
    parts = [
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{edges}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="Cell"/>{"<w:keepNext/>" if kept else ""}'
        f'<w:jc w:val="{"right" if number else "left"}"/></w:pPr>'
        f"<w:r>{'<w:rPr><w:b/></w:rPr>' if is_head else ''}"
        f'<w:t xml:space="preserve">{escape(clean(cell))}</w:t></w:r></w:p></w:tc>'
        for cell, width, number in zip(cells, widths, right, strict=True)
    ]
    repeat = "<w:tblHeader/>" if is_head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeat}</w:trPr>{''.join(parts)}</w:tr>"


def _widths(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """Column widths in twentieths of a point: each at least its longest word, the rest by the longest text."""
    columns = [[row[n] for row in (head, *rows)] for n in range(len(head))]
    least = [max(_longest_word(text) for text in column) for column in columns]
    wanted = [
        max(min(max(_length(text) for text in column), _WIDE), low)
        for column, low in zip(columns, least, strict=True)
    ]
    whole = TEXT_WIDTH / _TWIPS
    spare, asked = max(0.0, whole / _CHARACTER - sum(least)), sum(wanted) - sum(least)
    share = spare / asked if asked else 0.0
    sizes = [low + (want - low) * min(share, 1.0) for low, want in zip(least, wanted, strict=True)]
    return [int(whole * size / sum(sizes)) for size in sizes]


def _longest_word(text: str) -> float:
    """Width of what may not be broken: Latin words and numbers; Chinese breaks anywhere, but not below two
    characters."""
    return max((_length(word) for word in _WORD.findall(text)), default=_PADDING)


def _length(text: str) -> float:
    """Width of a text in Chinese characters."""
    return sum(1.0 if ord(character) > 0x2E7F else 0.56 for character in text) + _PADDING
