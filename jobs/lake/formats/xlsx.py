"""Excel workbooks (.xlsx): values as the cells hold them; every visible sheet has the same columns."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from conf.source_files import Format
from jobs.lake.formats.base import (
    SCAN,
    Header,
    Known,
    RefusedError,
    Row,
    check_ratio,
    damaged,
    find_header,
    fitted,
    named,
    place,
    rounded,
    text_of,
)
from jobs.lake.formats.xml import check_prolog, elements, local_name

# Old .xls files, and .xlsx files with a password, begin with these bytes.
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_MARKUP = re.compile(r"\.(xml|rels|vml)$", re.IGNORECASE)


class _Sheet(NamedTuple):
    """A sheet that is read; `row` is the last one of its header."""

    sheet: ReadOnlyWorksheet
    names: tuple[str, ...]
    row: int


def header(path: Path, how: Format, known: Known) -> Header:
    """The columns of the sheets; refuses the file when they differ or a formula was never computed."""
    _check_archive(path)
    with _sheets(path, how, known) as found:
        if not found:
            return Header((), 1)
        for one in found:
            _check_same(one, found[0])
            _check_formulas(one.sheet)
        return Header(found[0].names, found[0].row)


def rows(path: Path, how: Format, header: Header) -> Iterator[Row]:
    """The rows below the header of each sheet that are not empty, numbered as the sheet does."""
    with _sheets(path, how, set(header.names).__contains__) as found:
        for one in found:
            title, width = one.sheet.title, len(header.names)
            for number, values in enumerate(_values(one.sheet), 1):
                if number > one.row and any(value is not None for value in values):
                    lost = any(map(rounded, values))
                    cells = [text_of(value) for value in values] + [""] * (width - len(values))
                    row = fitted(number, title, cells, width)
                    yield row._replace(problem=row.problem or ("DIGITS_LOST" if lost else None))


@contextmanager
def _sheets(path: Path, how: Format, known: Known) -> Iterator[list[_Sheet]]:
    """The sheets to read: the one that the source names, or all that are visible and not empty."""
    try:
        with warnings.catch_warnings():
            # What is said of styles and drop-down lists does not concern values.
            warnings.simplefilter("ignore", UserWarning)
            book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
    # A broken workbook fails in as many ways as there are parts in it.
    except Exception as error:
        raise damaged(error) from error
    try:
        if how.sheet is not None and how.sheet not in book.sheetnames:
            raise RefusedError(
                "SHEET_MISSING", f"没有工作表“{how.sheet}”", f"there is no sheet {how.sheet!r}"
            )
        wanted = [
            sheet
            for sheet in book.worksheets
            if (sheet.sheet_state == "visible" if how.sheet is None else sheet.title == how.sheet)
        ]
        found = [_headed(sheet, how, known) for sheet in wanted if isinstance(sheet, ReadOnlyWorksheet)]
        yield [one for one in found if one.names]
    finally:
        book.close()


def _values(sheet: ReadOnlyWorksheet) -> Iterator[tuple[Any, ...]]:
    # What a sheet says of its own size is often wrong.
    sheet.reset_dimensions()
    try:
        yield from sheet.iter_rows(values_only=True)  # type: ignore[misc]
    except RefusedError:
        raise
    except Exception as error:
        raise damaged(error) from error


def _headed(sheet: ReadOnlyWorksheet, how: Format, known: Known) -> _Sheet:
    first = [[text_of(v) for v in values] for values in islice(_values(sheet), SCAN + how.header_rows)]
    for left, top, right, bottom in _merged(sheet):
        _fill(first, (left, top, right, bottom))
    names = [_joined(first[max(0, n - how.header_rows + 1) : n + 1]) for n in range(min(SCAN, len(first)))]
    at = find_header(names, known)
    return _Sheet(sheet, named(names[at]) if names else (), at + 1)


def _joined(levels: Sequence[Sequence[str]]) -> list[str]:
    """The texts of several header rows, each column's joined from the top, a text that repeats taken once."""
    width = max(map(len, levels), default=0)
    columns = [[row[n].strip() if n < len(row) else "" for row in levels] for n in range(width)]
    return ["/".join(dict.fromkeys(text for text in column if text)) for column in columns]


def _fill(first: list[list[str]], area: tuple[int, int, int, int]) -> None:
    """Write the text of a merged area into each of its cells."""
    left, top, right, bottom = area
    text = first[top - 1][left - 1] if left <= len(first[top - 1]) else ""
    for row in first[top - 1 : bottom]:
        row += [""] * (right - len(row))
        row[left - 1 : right] = [text] * (right - left + 1)


def _merged(sheet: ReadOnlyWorksheet) -> list[tuple[int, int, int, int]]:
    """The merged areas among the first rows as (left, top, right, bottom)."""
    areas = []
    with _part(sheet) as stream:
        for element in elements(stream, "row", "mergeCell"):
            if local_name(element.tag) == "mergeCell":
                left, top, right, bottom = range_boundaries(str(element.get("ref")))
                if left and top and right and bottom and top <= SCAN:
                    areas.append((left, top, right, bottom))
    return areas


def _check_formulas(sheet: ReadOnlyWorksheet) -> None:
    """Refuse formulas whose value was never saved: their cells look empty and are not."""
    with _part(sheet) as stream:
        for row in elements(stream, "row"):
            for formula in row.iterfind(".//{*}f"):
                cell = formula.getparent()
                # A text may be computed to be empty; nothing else may.
                if cell is not None and cell.get("t") != "str" and not cell.findtext("{*}v"):
                    where = cell.get("r") or row.get("r")
                    raise RefusedError(
                        "FORMULA_UNCOMPUTED",
                        f"工作表“{sheet.title}”单元格{where}：公式没有保存计算结果，请用表格软件打开并保存后重交",
                        f"sheet {sheet.title!r}, cell {where}: the formula was saved without its value",
                    )


def _check_same(one: _Sheet, first: _Sheet) -> None:
    if one.names == first.names:
        return
    zh, en = place(one.row, one.sheet.title)
    differing = "、".join(sorted(set(one.names) ^ set(first.names))) or "、".join(one.names)
    raise RefusedError(
        "SHEET_DIFFERS",
        f"{zh}：列与工作表“{first.sheet.title}”不同：{differing}",
        f"{en}: columns differ from those of sheet {first.sheet.title!r}: {differing}",
    )


def _check_archive(path: Path) -> None:
    """Refuse what is no workbook, has a password, unpacks beyond measure or declares entities."""
    with path.open("rb") as stream:
        if stream.read(len(_OLE)) == _OLE:
            raise RefusedError(
                "FILE_LOCKED",
                "文件有密码或为旧版 .xls，请去除密码并另存为 .xlsx",
                "the workbook has a password or is an old .xls: save it as a plain .xlsx",
            )
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            check_ratio(path.stat().st_size, sum(entry.file_size for entry in entries))
            for entry in entries:
                if _MARKUP.search(entry.filename):
                    with archive.open(entry) as part:
                        check_prolog(part)
    # zipfile raises NotImplementedError for a compression that it does not know, RuntimeError for a password.
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise damaged(error) from error


def _part(sheet: ReadOnlyWorksheet) -> Any:
    """The sheet's own XML, in which read-only mode does not look for merged areas and formulas."""
    return sheet.parent._archive.open(sheet._worksheet_path)  # type: ignore[attr-defined]
