"""Delimited text (CSV, TSV) in UTF-8 or GB18030, read strictly."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from conf.source_files import Format
from jobs.lake.formats.base import (
    CELL,
    SCAN,
    Header,
    Known,
    RefusedError,
    Row,
    find_header,
    fitted,
    named,
    open_bytes,
)

# A longer cell is a quote that nobody closed.
csv.field_size_limit(CELL)
_ENCODINGS = ("utf-8-sig", "gb18030")
# Characters that no text table holds; many of them mean that the bytes are not text at all.
_CONTROL = set(map(chr, range(32))) - set("\t\n\r")


def header(path: Path, how: Format, known: Known) -> Header:
    """The header among the first rows."""
    encoding = detect_encoding(path)
    with _records(path, how, encoding) as rows:
        first = list(islice(rows, SCAN))
    at = find_header(first, known)
    return Header(named(first[at]) if first else (), at + 1, encoding)


def rows(path: Path, how: Format, header: Header) -> Iterator[Row]:
    """The records after the header that are not blank; the file's first record is row 1."""
    with _records(path, how, str(header.encoding)) as records:
        for number, cells in enumerate(records, 1):
            if cells and number > header.row:
                yield fitted(number, None, cells, len(header.names))


@contextmanager
def _records(path: Path, how: Format, encoding: str) -> Iterator[Iterator[list[str]]]:
    with open_bytes(path) as stream, io.TextIOWrapper(stream, encoding=encoding, newline="") as text:
        reader, began = csv.reader(text, delimiter=how.delimiter, strict=True), 1

        def records() -> Iterator[list[str]]:
            nonlocal began
            for cells in reader:
                yield cells
                began = reader.line_num + 1

        try:
            yield records()
        except csv.Error as error:
            # An open quote takes in all that follows: the parser gives up far from where it was opened.
            raise RefusedError(
                "FILE_UNREADABLE",
                f"第{began}行起无法解析（引号未闭合或单元格过长）：{error}",
                f"cannot be parsed from line {began} on (an open quote or too long a cell): {error}",
            ) from error


def detect_encoding(path: Path) -> str:
    """`utf-8-sig` or `gb18030`, whichever decodes the whole file into text; refused when neither does."""
    for encoding in _ENCODINGS:
        try:
            with open_bytes(path) as stream, io.TextIOWrapper(stream, encoding=encoding) as text:
                controls = total = 0
                while chunk := text.read(1 << 20):
                    controls += sum(map(chunk.count, _CONTROL))
                    total += len(chunk)
        except UnicodeDecodeError:
            continue
        if controls * 1000 <= total:
            return encoding
        break
    line = _first_undecodable(path)
    raise RefusedError(
        "ENCODING_UNKNOWN",
        f"第{line}行：无法识别编码，既不是 UTF-8 也不是 GB18030 文本",
        f"line {line}: the encoding is neither UTF-8 nor GB18030 text",
    )


def _first_undecodable(path: Path) -> int:
    """The line up to which the better of the encodings could read the file."""
    broken: dict[str, int] = {}
    with open_bytes(path) as stream:
        for line, content in enumerate(stream, 1):
            for encoding in _ENCODINGS:
                if encoding not in broken and not _is_text(content, encoding):
                    broken[encoding] = line
    return max(broken.values())


def _is_text(content: bytes, encoding: str) -> bool:
    try:
        return _CONTROL.isdisjoint(content.decode(encoding))
    except UnicodeDecodeError:
        return False
