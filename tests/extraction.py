"""A source that is extracted from a database of births, and what one extraction of it hands in."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import pytest

from conf.source_files import Extract, Source
from jobs import extract
from jobs.lake import formats
from jobs.lake.paths import Lake

ZONE = ZoneInfo("Asia/Shanghai")


def add(database: psycopg.Connection, ids: range, changed: str = "2026-01-01 08:00+08") -> None:
    for n in ids:
        database.execute(
            "insert into birth values (%s, '婴儿', 3.20, '2025-12-31', %s::timestamptz + %s * interval '1 minute')",
            [110105194912310000 + n, changed, n],
        )


def a_source(overlap: timedelta | int = timedelta(minutes=3), **more: str) -> Source:
    words = {"zh": "测试", "en": "Test"}
    how = {"connection": "health", "table": "birth", "watermark": "changed", "overlap": overlap, **more}
    return Source.model_validate(
        {
            "id": "s", "table": "t", "landing": "health/t", "files": "*", "status": "real",
            "publisher": words, "document": words, "extract": how,
        }
    )  # fmt: skip


def read(lake: Lake, source: Source) -> list[str] | None:
    """The ids that one extraction hands in, as landing's own reader sees them; None when it hands in nothing."""
    assert isinstance(source.extract, Extract)
    found = extract.extract(lake, source, source.extract, ZONE)
    if found is None:
        return None
    file, count = found
    header = formats.header(file, source.format, lambda _: True)
    rows = list(formats.rows(file, source.format, header))
    assert len(rows) == count
    return [row.cells[0][-2:] for row in rows]


def extents_of(lake: Lake, source: Source) -> dict[Path, extract.Extent]:
    assert source.extract is not None
    return extract.extents(lake.landing / source.landing, source.extract.origin)


def given(monkeypatch: pytest.MonkeyPatch, source: Source) -> None:
    monkeypatch.setattr(extract, "load_sources", lambda _: {"s": source})
