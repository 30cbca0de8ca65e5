"""Bronze: rows exactly as received, all text, each with its file, row number and hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from conf.source_files import Format, Source
from jobs.lake import formats
from jobs.lake.formats.base import Header
from jobs.lake.landing import LandedFile
from jobs.lake.schemas import names

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

SCHEMA = "delivery string, delivered_on date, source string, file string, sheet string, row long, record string, hash string, problem string"  # noqa: E501
_CHUNK = 20_000


def _records(
    path: Path, how: Format, header: Header
) -> Iterator[tuple[int, str | None, str, str, str | None]]:
    """(row, sheet, record as JSON, hash, problem) of every data row.

    A row with more or fewer cells than the header keeps its cells under their position (`_1`, `_2`, …),
    since which header they belong to cannot be known.
    """
    for number, sheet, cells, problem in formats.rows(path, how, header):
        ragged = len(cells) != len(header.names)
        names = [f"_{i}" for i in range(1, len(cells) + 1)] if ragged else header.names
        record = json.dumps(dict(zip(names, cells, strict=True)), ensure_ascii=False, separators=(",", ":"))
        yield number, sheet, record, hashlib.sha256(record.encode()).hexdigest(), problem


def read(
    spark: SparkSession, landing: Path, files: list[LandedFile], sources: dict[str, Source]
) -> DataFrame:
    """The rows of the files as a frame of `SCHEMA`; each file is read by one task."""
    listing = pd.DataFrame(
        [
            {
                "path": str(landing / f.path), "encoding": f.encoding, "header": list(f.header),
                "header_row": f.header_row, "format": sources[f.source].format.model_dump_json(),
                "delivery": f.delivery, "delivered_on": f.delivered_on, "source": f.source, "file": f.path,
            }
            for f in files
        ]
    )  # fmt: skip

    def rows_of(batches: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        for batch in batches:
            for info in batch.to_dict("records"):
                header = Header(tuple(info["header"]), info["header_row"], info["encoding"])
                how = Format.model_validate_json(info["format"])
                records = _records(Path(info["path"]), how, header)
                while chunk := list(islice(records, _CHUNK)):
                    frame = pd.DataFrame(chunk, columns=["row", "sheet", "record", "hash", "problem"])
                    origin = {name: info[name] for name in ("delivery", "delivered_on", "source", "file")}
                    yield frame.assign(**origin)[names(SCHEMA)]

    tasks = spark.createDataFrame(
        listing,
        "path string, encoding string, header array<string>, header_row int, format string, delivery string,"
        " delivered_on date, source string, file string",
    )
    return tasks.repartition(max(1, min(len(files), 64)), "path").mapInPandas(rows_of, SCHEMA)
