"""What every format shares: rows, refusals, the text of a value, and guards against hostile files."""

from __future__ import annotations

import datetime as dt
import gzip
import math
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, NamedTuple

# A header stands within this many first rows of a sheet or text.
SCAN = 20
# Longest cell that is read, in characters.
CELL = 1_000_000
# A packed file may unpack to FREE bytes whatever its own size, then to RATIO times its size, but never to MOST.
FREE, RATIO, MOST = 64 << 20, 200, 64 << 30
# Whole numbers with more digits than these are rounded in a spreadsheet or a float.
_EXACT = 10**15
_LONGEST_EXPONENT = 400

Known = Callable[[str], bool]


@dataclass(frozen=True)
class Refusal:
    """Why a whole file is refused."""

    code: str
    zh: str
    en: str


class RefusedError(Exception):
    """A file that is refused whole."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.refusal = Refusal(code, zh, en)


class Header(NamedTuple):
    """The names of a file's columns; `row` is where they stand, 0 in a format that has no header row."""

    names: tuple[str, ...]
    row: int = 0
    encoding: str | None = None


class Row(NamedTuple):
    """One record: its number as a clerk counts it, its sheet if any, one text a cell, and what is wrong with it."""

    number: int
    sheet: str | None
    cells: Sequence[str]
    problem: str | None = None


def open_bytes(path: Path) -> IO[bytes]:
    """The file's content, unpacked when it is gzip."""
    return gzip.open(path) if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]


def check_unpacking(path: Path) -> None:
    """Refuse a packed file that is damaged or unpacks to far more than such a file holds."""
    size, total, line = path.stat().st_size, 0, 1
    try:
        with open_bytes(path) as stream:
            while chunk := stream.read(1 << 20):
                line += chunk.count(b"\n")
                total += len(chunk)
                check_ratio(size, total)
    except (OSError, EOFError, zlib.error) as error:
        raise RefusedError(
            "FILE_DAMAGED",
            f"压缩文件损坏，第{line}行起无法解压",
            f"the packed file is damaged, it cannot be unpacked from line {line} on",
        ) from error


def check_ratio(packed: int, unpacked: int) -> None:
    """Refuse what grows beyond measure when unpacked."""
    if unpacked > min(MOST, max(FREE, RATIO * packed)):
        raise RefusedError(
            "FILE_BOMB",
            f"文件解压后过大（{packed} 字节解压后超过 {unpacked} 字节），拒绝读取",
            f"the file unpacks to more than is believable ({packed} bytes to over {unpacked})",
        )


def damaged(error: Exception) -> RefusedError:
    """The refusal of a file that its own format's reader cannot read."""
    first = next(iter(str(error).splitlines()), "") or type(error).__name__
    return RefusedError("FILE_DAMAGED", f"文件损坏，无法读取：{first}", f"the file is damaged: {first}")


def text_of(value: Any) -> str:
    """The one text form of a value that its format has typed: no exponent, no fraction that is zero, ISO dates."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return _number(Decimal(repr(value))) if math.isfinite(value) else repr(value)
        case Decimal():
            return _number(value) if value.is_finite() else str(value)
        case dt.datetime():
            midnight = value.tzinfo is None and value.time() == dt.time()
            return value.date().isoformat() if midnight else value.isoformat(sep=" ")
        case dt.date() | dt.time():
            return value.isoformat()
        case dt.timedelta():
            return str(value)
    raise TypeError(f"no text form for {type(value).__name__}")


def _number(value: Decimal) -> str:
    # Spelled out, a number such as 1E9999999 would fill the memory.
    if abs(int(value.as_tuple().exponent)) > _LONGEST_EXPONENT:
        return str(value)
    return f"{value.to_integral_value() if value == value.to_integral_value() else value:f}"


def rounded(value: Any) -> bool:
    """Whether a whole number has more digits than a float keeps: an identity number typed as a number has."""
    return isinstance(value, float) and math.isfinite(value) and value.is_integer() and abs(value) >= _EXACT


def named(cells: Sequence[str]) -> tuple[str, ...]:
    """The names in a header row; empty cells at its end are none, one in between is called by its position."""
    names = [cell.strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    return tuple(name or f"_{n}" for n, name in enumerate(names, 1))


def find_header(rows: Sequence[Sequence[str]], known: Known) -> int:
    """Index of the row with the most known names; the first row that is not empty when no row has any."""
    scores = [sum(map(known, named(cells))) for cells in rows]
    if any(scores):
        return scores.index(max(scores))
    return next((n for n, cells in enumerate(rows) if named(cells)), 0)


def fitted(number: int, sheet: str | None, cells: Sequence[str], width: int) -> Row:
    """The row as wide as its header; ragged when it is not and the cells beyond the header are not empty."""
    if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
        cells = cells[:width]
    check_cells(number, sheet, cells)
    return Row(number, sheet, cells, None if len(cells) == width else "ROW_RAGGED")


def check_cells(number: int, sheet: str | None, cells: Sequence[str]) -> None:
    """Refuse a cell longer than any that is meant."""
    if sum(map(len, cells)) <= CELL:
        return
    for column, cell in enumerate(cells, 1):
        if len(cell) > CELL:
            zh, en = place(number, sheet)
            raise RefusedError(
                "CELL_TOO_LONG",
                f"{zh}第{column}列：单元格超过 {CELL} 个字符",
                f"{en}, column {column}: a cell of more than {CELL} characters",
            )


def place(number: int, sheet: str | None) -> tuple[str, str]:
    """Where a row is, in Chinese and English."""
    if sheet is None:
        return f"第{number}行", f"line {number}"
    return f"工作表“{sheet}”第{number}行", f"sheet {sheet!r}, line {number}"


def aligned(records: Iterator[tuple[int, dict[str, str]]], names: Sequence[str]) -> Iterator[Row]:
    """Rows of records that name their cells; what a record does not name is empty."""
    for number, cells in records:
        row = [cells.get(name, "") for name in names]
        check_cells(number, None, row)
        yield Row(number, None, row)


def names_of(records: Iterator[tuple[int, dict[str, str]]]) -> tuple[str, ...]:
    """The names that any record has, in the order in which they are first met."""
    found: dict[str, None] = {}
    for _, cells in records:
        found.update(dict.fromkeys(cells))
    return tuple(found)
