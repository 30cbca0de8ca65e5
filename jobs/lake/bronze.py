"""Bronze: rows exactly as received, all text, each with its file, row number and hash."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from conf.source_files import Source
from jobs.lake.landing import LandedFile, open_bytes
from jobs.lake.schemas import names

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

SCHEMA = "delivery string, delivered_on date, source string, file string, row long, record string, hash string, problem string"  # noqa: E501
_CHUNK = 20_000


def _records(path: Path, encoding: str, delimiter: str) -> Iterator[tuple[int, str, str, str | None]]:
    """(row, record as JSON, hash, problem) of every data row; the header is row 1, blank lines are skipped.

    A row with more or fewer cells than the header keeps its cells under their position (`_1`, `_2`, …),
    since which header they belong to cannot be known.
    """
    with open_bytes(path) as stream, io.TextIOWrapper(stream, encoding=encoding, newline="") as text:
        rows = csv.reader(text, delimiter=delimiter, strict=True)
        header = [cell.strip() for cell in next(rows)]
        for number, cells in enumerate(rows, 2):
            if not cells:
                continue
            ragged = len(cells) != len(header)
            names = [f"_{i}" for i in range(1, len(cells) + 1)] if ragged else header
            record = json.dumps(
                dict(zip(names, cells, strict=True)), ensure_ascii=False, separators=(",", ":")
            )
            digest = hashlib.sha256(record.encode()).hexdigest()
            yield number, record, digest, "ROW_RAGGED" if ragged else None


def read(
    spark: SparkSession, landing: Path, files: list[LandedFile], sources: dict[str, Source]
) -> DataFrame:
    """The rows of the files as a frame of `SCHEMA`; each file is read by one task."""
    listing = pd.DataFrame(
        [
            {
                "path": str(landing / f.path), "encoding": f.encoding, "delimiter": sources[f.source].delimiter,
                "delivery": f.delivery, "delivered_on": f.delivered_on, "source": f.source, "file": f.path,
            }
            for f in files
        ]
    )  # fmt: skip

    def rows_of(batches: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        for batch in batches:
            for info in batch.to_dict("records"):
                records = _records(Path(info["path"]), info["encoding"], info["delimiter"])
                while chunk := list(islice(records, _CHUNK)):
                    frame = pd.DataFrame(chunk, columns=["row", "record", "hash", "problem"])
                    origin = {name: info[name] for name in ("delivery", "delivered_on", "source", "file")}
                    yield frame.assign(**origin)[names(SCHEMA)]

    tasks = spark.createDataFrame(
        listing,
        "path string, encoding string, delimiter string, delivery string, delivered_on date, source string,"
        " file string",
    )
    return tasks.repartition(max(1, min(len(files), 64)), "path").mapInPandas(rows_of, SCHEMA)
