"""Reading a delivered file, whatever its format: its header, then its rows as text.

Each format is a module with `header(path, how, known)` and `rows(path, how, header)`; the file's extension says
which. `known` tells whether a name is one that the contract or the source expects.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from conf.source_files import Format
from jobs.lake.formats import jsonl, parquet, text, xlsx, xml
from jobs.lake.formats.base import Header, Known, RefusedError, Row, check_unpacking


class _Reader(Protocol):
    def header(self, path: Path, how: Format, known: Known) -> Header: ...
    def rows(self, path: Path, how: Format, header: Header) -> Iterator[Row]: ...


_READERS: dict[str, _Reader] = {
    ".csv": text, ".tsv": text, ".txt": text, ".jsonl": jsonl, ".parquet": parquet, ".xlsx": xlsx, ".xml": xml,
}  # fmt: skip
# Those that are packed already are not packed once more.
_PACKABLE = {".csv", ".tsv", ".txt", ".jsonl", ".xml"}


def header(path: Path, how: Format, known: Known) -> Header:
    """The header of a file; RefusedError when it cannot be read."""
    reader, how = _reader(path, how)
    if path.suffix == ".gz":
        check_unpacking(path)
    return reader.header(path, how, known)


def rows(path: Path, how: Format, header: Header) -> Iterator[Row]:
    """The rows of a file with the header found in it; RefusedError from the row on that cannot be read."""
    reader, how = _reader(path, how)
    return reader.rows(path, how, header)


def _reader(path: Path, how: Format) -> tuple[_Reader, Format]:
    packed = path.suffix == ".gz"
    kind = (Path(path.stem).suffix if packed else path.suffix).lower()
    if kind not in _READERS or (packed and kind not in _PACKABLE):
        known = "、".join(_READERS)
        raise RefusedError(
            "FORMAT_UNKNOWN",
            f"不支持的文件格式“{''.join(path.suffixes)}”，可用：{known}",
            f"format {''.join(path.suffixes)!r} is not known, one of {known} is",
        )
    return _READERS[kind], how.model_copy(update={"delimiter": "\t"}) if kind == ".tsv" else how
