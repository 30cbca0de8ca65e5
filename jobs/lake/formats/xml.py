"""XML: one element a record, its attributes and children being the cells. No entity is ever resolved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO

from lxml import etree

from conf.source_files import Format
from jobs.lake.formats.base import Header, Known, RefusedError, Row, aligned, names_of, open_bytes


def header(path: Path, how: Format, known: Known) -> Header:
    """Every attribute or child that any record has."""
    with open_bytes(path) as stream:
        check_prolog(stream)
    return Header(names_of(_records(path, how)))


def rows(path: Path, how: Format, header: Header) -> Iterator[Row]:
    """The records, the first being row 1."""
    return aligned(_records(path, how), header.names)


def check_prolog(stream: IO[bytes]) -> None:
    """Refuse a document that declares a type: entities, the stuff of attacks, can be declared nowhere else."""
    try:
        _, root = next(etree.iterparse(stream, ("start",), resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise _unreadable(error) from error
    if root.getroottree().docinfo.doctype:
        line = root.sourceline
        raise RefusedError(
            "XML_DOCTYPE",
            f"第{line}行之前：不允许文档类型声明（DOCTYPE、实体）",
            f"before line {line}: a document type (DOCTYPE, entities) is not allowed",
        )


def elements(stream: IO[bytes], *names: str) -> Iterator[etree._Element]:
    """The elements of these names, whatever their namespace, each forgotten once the next is asked for."""
    tags = tuple(f"{{*}}{name}" for name in names)
    try:
        for _, element in etree.iterparse(
            stream, ("end",), tag=tags, resolve_entities=False, no_network=True
        ):
            yield element
            parent = element.getparent()
            element.clear()
            while parent is not None and parent[0] is not element:
                del parent[0]
    except etree.XMLSyntaxError as error:
        raise _unreadable(error) from error


def local_name(tag: object) -> str:
    """A name without its namespace."""
    return str(tag).rpartition("}")[2]


def _records(path: Path, how: Format) -> Iterator[tuple[int, dict[str, str]]]:
    if how.record is None:
        raise RefusedError(
            "RECORD_UNNAMED",
            "来源未说明 XML 的记录元素（format.record）",
            "the source does not name the element of a record (format.record)",
        )
    with open_bytes(path) as stream:
        for number, element in enumerate(elements(stream, how.record), 1):
            yield number, _cells(number, element)


def _cells(number: int, record: etree._Element) -> dict[str, str]:
    cells = {local_name(name): str(value) for name, value in record.attrib.items()}
    for child in record.iterchildren(tag=etree.Element):
        name = local_name(child.tag)
        if name in cells or len(child):
            zh, en = (
                ("出现两次", "is given twice")
                if name in cells
                else ("含有下级元素", "holds further elements")
            )
            raise RefusedError(
                "VALUE_NESTED",
                f"第{number}条记录，列“{name}”：{zh}",
                f"record {number}, column {name!r}: {en}",
            )
        cells[name] = child.text or ""
    return cells


def _unreadable(error: etree.XMLSyntaxError) -> RefusedError:
    return RefusedError(
        "FILE_UNREADABLE",
        f"第{error.lineno}行：XML 无法解析：{error.msg}",
        f"line {error.lineno}: XML cannot be parsed: {error.msg}",
    )
