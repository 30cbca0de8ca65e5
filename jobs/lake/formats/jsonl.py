"""JSON lines: one object a line, its keys being the columns."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from conf.source_files import Format
from jobs.lake.formats.base import (
    CELL,
    Header,
    Known,
    RefusedError,
    Row,
    aligned,
    names_of,
    open_bytes,
    text_of,
)
from jobs.lake.formats.text import detect_encoding

_LINE = 16 * CELL


def header(path: Path, how: Format, known: Known) -> Header:
    """Every key that any object has."""
    encoding = detect_encoding(path)
    return Header(names_of(_records(path, encoding)), encoding=encoding)


def rows(path: Path, how: Format, header: Header) -> Iterator[Row]:
    """The objects; a row's number is its line."""
    return aligned(_records(path, str(header.encoding)), header.names)


def _records(path: Path, encoding: str) -> Iterator[tuple[int, dict[str, str]]]:
    with open_bytes(path) as stream, io.TextIOWrapper(stream, encoding=encoding) as text:
        number = 0
        while line := text.readline(_LINE):
            number += 1
            if not line.endswith("\n") and len(line) == _LINE:
                raise _unreadable(number, "too long a line")
            if line.strip():
                yield number, _cells(number, line)


def _cells(number: int, line: str) -> dict[str, str]:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        cells = dict(pairs)
        if len(cells) != len(pairs):
            raise _unreadable(number, "a key given twice")
        return cells

    def no_number(word: str) -> None:
        raise _unreadable(number, f"{word} is no number")

    try:
        found = json.loads(
            line, object_pairs_hook=unique, parse_int=str, parse_float=Decimal, parse_constant=no_number
        )
    except (ValueError, RecursionError) as error:
        raise _unreadable(number, str(error)) from error
    if not isinstance(found, dict):
        raise _unreadable(number, "not an object")
    for name, value in found.items():
        if isinstance(value, dict | list):
            raise RefusedError(
                "VALUE_NESTED",
                f"第{number}行，列“{name}”：值不能是对象或数组",
                f"line {number}, column {name!r}: a value must not be an object or a list",
            )
    return {name.strip(): text_of(value) for name, value in found.items()}


def _unreadable(number: int, why: str) -> RefusedError:
    return RefusedError(
        "FILE_UNREADABLE", f"第{number}行不是 JSON 对象：{why}", f"line {number} is no JSON object: {why}"
    )
