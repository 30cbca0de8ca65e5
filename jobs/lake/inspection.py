"""Looking at delivered files before anything is written: can they be read, is their structure the agreed one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import groupby, islice
from pathlib import Path

from conf.source_files import Source
from jobs.lake import drift, formats, inspected
from jobs.lake.drift import ColumnUse
from jobs.lake.formats.base import Header, Known, Refusal, RefusedError
from jobs.lake.landing import LandedFile
from themes.common.contract import Table

_CHUNK = 20_000


def inspect_all(
    files: Iterable[LandedFile],
    landing: Path,
    sources: Mapping[str, Source],
    tables: Mapping[str, Table],
    memory: Path,
    code: str,
) -> list[LandedFile]:
    """The files in their order, each with what was found in it or with the reason why it is refused.

    `memory` keeps what was found for the next run of the same `code`.
    """
    given = list(files)
    known = inspected.recall(memory, code, given)
    seen = [
        f
        if f.repeats
        else known.get(inspected.key(f)) or inspect(f, landing, sources[f.source], tables[f.table])
        for f in given
    ]
    inspected.remember(memory, code, (f for f in seen if not f.repeats))
    refused: dict[str, Refusal] = {}
    for source, own in groupby(sorted(seen, key=lambda f: f.source), key=lambda f: f.source):
        refused |= _drifted([f for f in own if f.readable], sources[source], tables[sources[source].table])
    return [replace(f, refusal=refused[f.path]) if f.path in refused else f for f in seen]


def _drifted(files: list[LandedFile], source: Source, table: Table) -> dict[str, Refusal]:
    """Path → reason for the files of every delivery that is not like the last one of the source accepted before."""
    refused: dict[str, Refusal] = {}
    before: dict[str, ColumnUse] | None = None
    deliveries = sorted(files, key=lambda f: (f.delivered_on, f.delivery))
    for _, group in groupby(deliveries, key=lambda f: f.delivery):
        own = list(group)
        now = drift.total(use for f in own for use in f.uses)
        if (reason := drift.refusal(now, before, table, source.drift)) is not None:
            refused |= dict.fromkeys((f.path for f in own), reason)
        else:
            before = now
    return refused


def inspect(file: LandedFile, landing: Path, source: Source, table: Table) -> LandedFile:
    """One file with its header and what its columns hold, or with the reason why it is refused."""
    path = landing / file.path
    if file.bytes == 0:
        reason = Refusal("FILE_EMPTY", "第1行没有表头：文件为空", "line 1 has no header: the file is empty")
        return replace(file, refusal=reason)
    try:
        header = formats.header(path, source.format, _known(source, table))
        file = replace(file, encoding=header.encoding, header=header.names, header_row=header.row)
        # All of it, not the first rows: what cannot be parsed must not stop the run later.
        count, uses = _uses(path, source, table, header)
        extra = check_header(header, source, table)
        if not count:
            zh, en = _where(header)
            raise RefusedError("FILE_EMPTY", f"{zh}之后没有数据行", f"no rows after the header in {en}")
    except RefusedError as refused:
        return replace(file, refusal=refused.refusal)
    return replace(file, extra=extra, uses=uses)


def _uses(path: Path, source: Source, table: Table, header: Header) -> tuple[int, tuple[ColumnUse, ...]]:
    """How many rows there are, and the use of each column or header that is not unpivoted."""
    places = {
        name: header.names.index(given)
        for name, column in table.columns.items()
        for given in source.headers_of(name, column.zh)
        if given in header.names
    }
    # A header that a formula reads may bear a column's name, and need not hold what the formula makes of it.
    columns = {name: table.columns[name] for name in places}
    read = source.formula_headers - places.keys()
    places |= {h: header.names.index(h) for h in read if h in header.names}
    words = {name: drift.known_words(columns.get(name)) for name in places}
    rows, count = formats.rows(path, source.format, header), 0
    found: list[ColumnUse] = [ColumnUse(name, 0, 0, 0) for name in places]
    while chunk := list(islice(rows, _CHUNK)):
        count += len(chunk)
        whole = [row.cells for row in chunk if row.problem is None]
        found += [
            drift.use(name, columns.get(name), [cells[at] for cells in whole], words[name])
            for name, at in places.items()
        ]
    return count, tuple(drift.total(found).values())


def _known(source: Source, table: Table) -> Known:
    names = set(_asked(source, table))

    def known(name: str) -> bool:
        return name in names or bool(source.unpivot and source.unpivot.matches(name))

    return known


def _asked(source: Source, table: Table) -> list[str]:
    """Every header that the contract or the source reads."""
    straight = [h for name, column in table.columns.items() for h in source.headers_of(name, column.zh)]
    return [*straight, *sorted(source.formula_headers)]


def check_header(header: Header, source: Source, table: Table) -> tuple[str, ...]:
    """The headers nobody asked for; RefusedError for what the header lacks, doubles, adds or where it stands."""
    names = header.names
    zh, en = _where(header)
    folded = [name.casefold() for name in names]
    given = {n: [h for h in source.headers_of(n, c.zh) if h in names] for n, c in table.columns.items()}
    doubled = {name for name in names if folded.count(name.casefold()) > 1}
    doubled |= {header for headers in given.values() if len(headers) > 1 for header in headers}
    if doubled:
        listed = "、".join(sorted(doubled))
        raise RefusedError(
            "HEADER_DOUBLED", f"{zh}：表头重复：{listed}", f"{en}: columns given twice: {listed}"
        )
    missing = _missing(names, given, source, table)
    if missing:
        listed = "、".join(missing)
        raise RefusedError("COLUMN_MISSING", f"{zh}：缺少列：{listed}", f"{en}: missing columns: {listed}")
    if source.drift.on_moved == "refuse" and header.row > source.format.header_rows:
        raise RefusedError("HEADER_MOVED", f"表头移到了{zh}", f"the header has moved to {en}")
    known = _known(source, table)
    extra = tuple(name for name in names if not known(name))
    if extra and source.drift.on_added == "refuse":
        listed = "、".join(extra)
        raise RefusedError(
            "COLUMN_ADDED", f"{zh}：多出的列：{listed}", f"{en}: columns nobody asked for: {listed}"
        )
    return extra


def _missing(
    names: tuple[str, ...], given: Mapping[str, list[str]], source: Source, table: Table
) -> list[str]:
    unpivot = source.unpivot
    from_unpivot = unpivot.fills if unpivot else frozenset()
    missing = [
        source.headers_of(name, column.zh)[0]
        for name, column in table.columns.items()
        if source.headers_of(name, column.zh) and not given[name] and name not in from_unpivot
        and (column.required or name in source.columns)
    ]  # fmt: skip
    missing += sorted(source.formula_headers - set(names))
    if unpivot and not any(map(unpivot.matches, names)):
        missing.append(unpivot.pattern)
    return missing


def _where(header: Header) -> tuple[str, str]:
    return (f"第{header.row}行", f"line {header.row}") if header.row else ("列名", "the columns")
