"""Parquet: flat columns of plain types."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from conf.source_files import Format
from jobs.lake.formats.base import (
    Header,
    Known,
    RefusedError,
    Row,
    check_cells,
    check_ratio,
    damaged,
    rounded,
    text_of,
)

_BATCH = 10_000


def header(path: Path, how: Format, known: Known) -> Header:
    """The names in the schema; a column of another than a plain type refuses the file."""
    with _opened(path) as file:
        groups = (file.metadata.row_group(n) for n in range(file.metadata.num_row_groups))
        check_ratio(path.stat().st_size, sum(group.total_byte_size for group in groups))
        schema = file.schema_arrow
    for field in schema:
        if not _is_plain(field.type):
            raise RefusedError(
                "TYPE_UNSUPPORTED",
                f"列“{field.name}”：不支持的类型 {field.type}",
                f"column {field.name!r}: type {field.type} is not supported",
            )
    return Header(tuple(name.strip() for name in schema.names))


def rows(path: Path, how: Format, header: Header) -> Iterator[Row]:
    """The records, the first being row 1."""
    number = 0
    try:
        with _opened(path) as file:
            for batch in file.iter_batches(_BATCH):
                columns = [_values(column) for column in batch.columns]
                for values in zip(*columns, strict=True):
                    number += 1
                    cells = [text_of(value) for value in values]
                    check_cells(number, None, cells)
                    yield Row(number, None, cells, "DIGITS_LOST" if any(map(rounded, values)) else None)
    except (pa.ArrowException, OSError) as error:
        raise damaged(error) from error


def _opened(path: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        raise damaged(error) from error


def _values(column: pa.Array) -> list[object]:
    # A float of 32 bits has its own shortest text, which it would lose as one of 64.
    if pa.types.is_float32(column.type) or pa.types.is_float16(column.type):
        return [None if value is None else float(str(np.float32(value))) for value in column.to_pylist()]
    return list(column.to_pylist())


def _is_plain(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        return _is_plain(kind.value_type)
    return (
        pa.types.is_primitive(kind)
        or pa.types.is_decimal(kind)
        or pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_null(kind)
    )
