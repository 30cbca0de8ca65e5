"""Source records as a trace shows them: as received, but for what may be personal."""

from __future__ import annotations

import json
from collections.abc import Mapping

import polars as pl

from conf import delta
from conf.source_files import Formula, Source
from jobs.lake.trace_figures import Release
from jobs.lake.trace_walk import SourceRows
from jobs.steps.quality import masked
from themes.common.contract import Column, Table, find_table


def records(release: Release, part: SourceRows, source: Source, shown: int) -> list[tuple[int, str]]:
    """Row number and record (JSON) of the first `shown` of the rows; TraceError when they are gone."""
    path, version = release.bronze(source.table)
    rows = delta.scan(path, version).filter(
        (pl.col("delivery") == part.delivery)
        & (pl.col("file") == part.file)
        & pl.col("row").is_in(list(part.rows[:shown]))
    )
    if part.sheet is not None:
        rows = rows.filter(pl.col("sheet") == part.sheet)
    table = find_table(source.table)[1]
    found = rows.select("row", "record").sort("row").collect().iter_rows()
    return [
        (number, json.dumps(safe_cells(json.loads(record), source, table), ensure_ascii=False))
        for number, record in found
    ]


def safe_cells(cells: Mapping[str, str], source: Source, table: Table) -> dict[str, str | None]:
    """Header → text, masked by the grade of the contract's column; extra columns are hidden whole."""
    return {header: masked(text, strictest(header, source, table)) for header, text in cells.items()}


def strictest(header: str, source: Source, table: Table) -> Column | None:
    """Of the contract columns read from a header the one with the highest grade, None when there is none."""
    read = []
    for name, column in table.columns.items():
        given = source.columns.get(name, column.zh)
        straight = source.headers_of(name, column.zh)
        if header in given.headers if isinstance(given, Formula) else header in straight:
            read.append(column)
    if source.unpivot and source.unpivot.matches(header):
        read.append(table.columns[source.unpivot.value])
    return max(read, key=lambda column: column.grade, default=None)
