"""Reading Delta tables without a JVM, also below a folder whose name has blanks or Chinese characters.

delta-rs names the folder of a table percent-encoded; Polars' own reader and the file system know its plain name.
"""

from __future__ import annotations

import re
import struct
import zlib
from pathlib import Path
from urllib.parse import quote

import polars as pl
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError

_LOG_FILE = re.compile(r"(\d{20})\.(json|checkpoint\.parquet)")


class DamagedLogError(DeltaError):
    """A file of a table's log is not as it was written."""


def scan(path: Path, version: int | None = None) -> pl.LazyFrame:
    """The rows of a table at a version, or of the newest; what is not there raises as delta-rs does.

    Raises DamagedLogError.
    """
    check_log(path, version)
    # A relative path would hide the folders above it, whose names decide which reader can open the files.
    name = str(path.resolve())
    return pl.scan_delta(name, version=version, use_pyarrow=quote(name) != name)


def check_log(path: Path, version: int | None = None) -> None:
    """Compare the files of the log that make up a version with the checksums that Spark wrote beside them.

    delta-rs does not, and passes over what it does not know: an `add` whose name is damaged takes its rows with
    it without a word. What delta-rs itself has written has no checksum. Raises DamagedLogError, naming the file.
    """
    found = [
        (int(m[1]), file) for file in (path / "_delta_log").glob("*") if (m := _LOG_FILE.fullmatch(file.name))
    ]
    wanted = [(number, file) for number, file in found if version is None or number <= version]
    base = max((number for number, file in wanted if file.suffix == ".parquet"), default=0)
    for number, file in wanted:
        if number >= base and not _is_as_written(file):
            raise DamagedLogError(f"{path.parent.name}/{path.name}/_delta_log/{file.name}: is damaged")


def _is_as_written(file: Path) -> bool:
    """By Hadoop's checksum file: `crc`, the length of a part, then the CRC-32 of each part."""
    try:
        told = file.with_name(f".{file.name}.crc").read_bytes()
    except FileNotFoundError:
        return True
    content = file.read_bytes()
    if len(told) < 8 or (len(told) - 8) % 4:
        return False
    (length,) = struct.unpack(">i", told[4:8])
    parts = (content[at : at + length] for at in range(0, len(content), max(1, length)))
    return [zlib.crc32(part) for part in parts] == [crc for (crc,) in struct.iter_unpack(">I", told[8:])]


def files(path: Path, version: int | None = None) -> list[Path]:
    """The data files of a version, or of the newest. Raises DamagedLogError."""
    check_log(path, version)
    whole = path.resolve()
    table = DeltaTable(str(whole), version=version)
    # Below the table's folder the names are those on disk, where Spark has encoded partition values itself.
    root = len(quote(str(whole))) + 1
    return [path / uri[root:] for uri in table.file_uris()]
