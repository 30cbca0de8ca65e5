"""The landing zone: which files are there, whether they can be read, and what their header says."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import IO

from conf.source_files import Formula, Source
from themes.common.contract import Table

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
# Longest cell that is read; a longer one is a quote that nobody closed.
csv.field_size_limit(1_000_000)
_ENCODINGS = ("utf-8-sig", "gb18030")
# Characters that no text table holds; many of them mean that the bytes are not text at all.
_CONTROL = set(map(chr, range(32))) - set("\t\n\r")


@dataclass(frozen=True)
class Refusal:
    """Why a whole file is refused."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True)
class LandedFile:
    """One file of a delivery. `path` is below landing; `encoding` and `header` are known once inspected."""

    path: str
    source: str
    table: str
    delivery: str
    delivered_on: date
    bytes: int
    hash: str
    repeats: str | None = None
    encoding: str | None = None
    header: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    refusal: Refusal | None = None

    @property
    def readable(self) -> bool:
        """Whether its rows are to be read: not refused and not the repetition of another file."""
        return self.refusal is None and self.repeats is None


def open_bytes(path: Path) -> IO[bytes]:
    """The file's content, unpacked when it is gzip."""
    return gzip.open(path) if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]


def _date_of(folder: str) -> date | None:
    try:
        return date.fromisoformat(folder) if _DATE.fullmatch(folder) else None
    except ValueError:
        return None


def scan(landing: Path, sources: Mapping[str, Source], as_of: date) -> list[LandedFile]:
    """Every file of every source handed in by `as_of`, in order of delivery, hashed.

    A file whose content was handed in before (same source, same bytes) names the file it repeats.
    Hidden files and files that are being written (`.part`) are no deliveries yet.
    """
    found: list[LandedFile] = []
    for source in sources.values():
        for path in sorted((landing / source.landing).glob(f"*/{source.files}")):
            on = _date_of(path.parent.name)
            if on is None or on > as_of or path.name.startswith(".") or path.suffix == ".part":
                continue
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
            relative = path.relative_to(landing).as_posix()
            delivery = f"{source.landing}/{path.parent.name}"
            found.append(
                LandedFile(relative, source.id, source.table, delivery, on, path.stat().st_size, digest)
            )
    return _mark_repeats(sorted(found, key=lambda f: (f.delivered_on, f.path)))


def _mark_repeats(files: Iterable[LandedFile]) -> list[LandedFile]:
    first: dict[tuple[str, str], str] = {}
    marked = []
    for file in files:
        key = (file.source, file.hash)
        marked.append(replace(file, repeats=first[key]) if key in first else file)
        first.setdefault(key, file.path)
    return marked


def stray_files(landing: Path, sources: Mapping[str, Source]) -> list[str]:
    """Files in landing that no source claims: nobody would ever read them."""
    claimed = {
        path
        for s in sources.values()
        for path in (landing / s.landing).glob(f"*/{s.files}")
        if _date_of(path.parent.name)
    }
    return sorted(
        p.relative_to(landing).as_posix()
        for p in landing.rglob("*")
        if p.is_file() and p not in claimed and not p.name.startswith(".") and p.suffix != ".part"
    )


def detect_encoding(path: Path) -> str | None:
    """`utf-8-sig` or `gb18030`, whichever decodes the whole file into text; None when neither does."""
    for encoding in _ENCODINGS:
        try:
            with open_bytes(path) as stream, io.TextIOWrapper(stream, encoding=encoding) as text:
                controls = total = 0
                while chunk := text.read(1 << 20):
                    controls += sum(map(chunk.count, _CONTROL))
                    total += len(chunk)
        except UnicodeDecodeError:
            continue
        except (OSError, EOFError, zlib.error):
            return None
        return encoding if controls * 1000 <= total else None
    return None


def _undecodable(path: Path) -> Refusal:
    """Why the file is no text, and up to which line the better of the encodings could read it."""
    line, broken = 0, dict[str, int]()
    try:
        with open_bytes(path) as stream:
            for line, content in enumerate(stream, 1):
                for encoding in _ENCODINGS:
                    if encoding not in broken and not _is_text(content, encoding):
                        broken[encoding] = line
    except (OSError, EOFError, zlib.error):
        return Refusal(
            "FILE_DAMAGED",
            f"压缩文件损坏，第{line + 1}行起无法解压",
            f"the packed file is damaged, it cannot be unpacked from line {line + 1} on",
        )
    line = max(broken.values())
    return Refusal(
        "ENCODING_UNKNOWN",
        f"第{line}行：无法识别编码，既不是 UTF-8 也不是 GB18030 文本",
        f"line {line}: the encoding is neither UTF-8 nor GB18030 text",
    )


def _is_text(content: bytes, encoding: str) -> bool:
    try:
        return _CONTROL.isdisjoint(content.decode(encoding))
    except UnicodeDecodeError:
        return False


def expected_headers(source: Source, table: Table) -> dict[str, str]:
    """Contract column → header of the file, for the columns read straight from one header."""
    headers = {}
    for name, column in table.columns.items():
        given = source.columns.get(name, column.zh)
        if not isinstance(given, Formula):
            headers[name] = given
    return headers


def inspect(file: LandedFile, landing: Path, source: Source, table: Table) -> LandedFile:
    """The file with encoding and header, or with the reason why it is refused."""
    path = landing / file.path
    if file.bytes == 0:
        reason = Refusal("FILE_EMPTY", "第1行没有表头：文件为空", "line 1 has no header: the file is empty")
        return replace(file, refusal=reason)
    encoding = detect_encoding(path)
    if encoding is None:
        return replace(file, refusal=_undecodable(path))
    with open_bytes(path) as stream, io.TextIOWrapper(stream, encoding=encoding, newline="") as text:
        rows = csv.reader(text, delimiter=source.delimiter, strict=True)
        try:
            header = tuple(cell.strip() for cell in next(rows, []))
            # All of it, not the first rows: what cannot be parsed must not stop the run later.
            has_rows = sum(map(bool, rows)) > 0
        except csv.Error as error:
            line = rows.line_num
            reason = Refusal(
                "FILE_UNREADABLE",
                f"第{line}行起无法解析（引号未闭合或单元格过长）：{error}",
                f"cannot be parsed from line {line} on (an open quote or too long a cell): {error}",
            )
            return replace(file, encoding=encoding, refusal=reason)
    file = replace(file, encoding=encoding, header=header)
    return _judged(file, has_rows, source, table)


def _judged(file: LandedFile, has_rows: bool, source: Source, table: Table) -> LandedFile:
    """The file with its extra columns, or refused for what its header lacks or doubles."""
    header = file.header
    folded = [name.casefold() for name in header]
    doubled = sorted({name for name in header if folded.count(name.casefold()) > 1})
    if doubled:
        listed = "、".join(doubled)
        reason = Refusal(
            "HEADER_DOUBLED", f"第1行：表头重复：{listed}", f"line 1: columns given twice: {listed}"
        )
        return replace(file, refusal=reason)
    wanted = expected_headers(source, table)
    read_by_formulas = {h for f in source.columns.values() if isinstance(f, Formula) for h in f.headers}
    unpivot = source.unpivot
    from_unpivot = unpivot.fills if unpivot else frozenset()
    needed = [
        given
        for name, given in wanted.items()
        if name not in from_unpivot and (table.columns[name].required or name in source.columns)
    ]
    missing = [h for h in (*needed, *sorted(read_by_formulas)) if h not in header]
    if unpivot and not any(unpivot.matches(h) for h in header):
        missing.append(unpivot.pattern)
    if missing:
        listed = "、".join(missing)
        reason = Refusal("COLUMN_MISSING", f"第1行：缺少列：{listed}", f"line 1: missing columns: {listed}")
        return replace(file, refusal=reason)
    if not has_rows:
        reason = Refusal("FILE_EMPTY", "第1行之后没有数据行", "no rows after the header in line 1")
        return replace(file, refusal=reason)
    known = {*wanted.values(), *read_by_formulas}
    extra = tuple(h for h in header if h not in known and not (unpivot and unpivot.matches(h)))
    return replace(file, extra=extra)
