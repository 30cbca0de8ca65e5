"""Reading Delta tables without a JVM, also below a folder whose name has blanks or Chinese characters.

delta-rs names the folder of a table percent-encoded; Polars' own reader and the file system know its plain name.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import polars as pl
from deltalake import DeltaTable


def scan(path: Path, version: int | None = None) -> pl.LazyFrame:
    """The rows of a table at a version, or of the newest; what is not there raises as delta-rs does."""
    name = str(path)
    return pl.scan_delta(name, version=version, use_pyarrow=quote(name) != name)


def files(path: Path, version: int | None = None) -> list[Path]:
    """The data files of a version, or of the newest."""
    table = DeltaTable(str(path), version=version)
    # Below the table's folder the names are those on disk, where Spark has encoded partition values itself.
    root = len(quote(str(path))) + 1
    return [path / uri[root:] for uri in table.file_uris()]
