"""Every format gives the same header and the same texts, and hostile files are refused by place and rule."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from conf.source_files import Format
from jobs.lake import formats
from jobs.lake.formats import base
from jobs.lake.formats.base import RefusedError, text_of

NAMES = ("编号", "性别", "日期", "人数")
ROWS = [["110105194912310021", "男", "2024-03-01", "1200.5"], ["2", "", "2024-03-02", "7"]]
KNOWN = set(NAMES).__contains__
XML = Format(record="记录")


def texts(delimiter: str, encoding: str = "utf-8") -> bytes:
    return "\n".join(delimiter.join(row) for row in [NAMES, *ROWS]).encode(encoding)


def jsonl() -> bytes:
    first = {"编号": 110105194912310021, "性别": "男", "日期": "2024-03-01", "人数": 1200.5}
    second = {"编号": "2", "性别": None, "日期": "2024-03-02", "人数": 7.0}
    return "\n".join(json.dumps(r, ensure_ascii=False) for r in (first, second)).encode()


def parquet() -> bytes:
    table = pa.table(
        {
            "编号": pa.array([110105194912310021, 2], pa.int64()),
            "性别": pa.array(["男", None]).dictionary_encode(),
            "日期": pa.array([dt.date(2024, 3, 1), dt.date(2024, 3, 2)]),
            "人数": pa.array([1200.5, 7.0]),
        }
    )
    buffer = io.BytesIO()
    pq.write_table(table, buffer)
    return buffer.getvalue()


def xml() -> bytes:
    rows = "".join(
        f'<r:记录 编号="{a}"><性别>{b}</性别><日期>{c}</日期><人数>{d}</人数></r:记录>' for a, b, c, d in ROWS
    )
    return f'<?xml version="1.0" encoding="gb18030"?><r:全部 xmlns:r="urn:x">{rows}</r:全部>'.encode(
        "gb18030"
    )


def saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def sheet_of(*rows: list[object], merged: tuple[str, ...] = ()) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for area in merged:
        book.active.merge_cells(area)
    return saved(book)


def xlsx() -> bytes:
    return sheet_of(
        list(NAMES),
        ["110105194912310021", "男", dt.date(2024, 3, 1), 1200.5],
        [2, None, dt.datetime(2024, 3, 2), 7.0],
    )


def read(path: Path, content: bytes, how: Format = XML) -> tuple[base.Header, list[base.Row]]:
    path.write_bytes(content)
    header = formats.header(path, how, KNOWN)
    return header, list(formats.rows(path, how, header))


def refused(path: Path, content: bytes, how: Format = XML) -> base.Refusal:
    with pytest.raises(RefusedError) as caught:
        read(path, content, how)
    assert caught.value.refusal.zh
    return caught.value.refusal


@pytest.mark.parametrize(
    ("name", "content", "first_row"),
    [
        ("f.csv", lambda: texts(","), 2),
        ("f.csv", lambda: texts(",", "gb18030"), 2),
        ("f.tsv", lambda: texts("\t"), 2),
        ("f.tsv.gz", lambda: gzip.compress(texts("\t")), 2),
        ("f.jsonl", jsonl, 1),
        ("f.jsonl.gz", lambda: gzip.compress(jsonl()), 1),
        ("f.parquet", parquet, 1),
        ("f.xml", xml, 1),
        ("f.xml.gz", lambda: gzip.compress(xml()), 1),
        ("f.xlsx", xlsx, 2),
    ],
)
def test_every_format_gives_the_same_texts(
    tmp_path: Path, name: str, content: Callable[[], bytes], first_row: int
) -> None:
    header, rows = read(tmp_path / name, content())
    assert header.names == NAMES
    assert [list(row.cells) for row in rows] == ROWS
    assert [row.number for row in rows] == [first_row, first_row + 1]
    assert {row.problem for row in rows} == {None}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (110105194912310021, "110105194912310021"),
        (1.1e17, "110000000000000000"),
        (3.0, "3"),
        (0.1, "0.1"),
        (1e-7, "0.0000001"),
        (Decimal("12.50"), "12.50"),
        (Decimal("1E+3"), "1000"),
        (Decimal("1E+999999"), "1E+999999"),
        (dt.datetime(2024, 3, 1), "2024-03-01"),
        (dt.datetime(2024, 3, 1, 8, 30), "2024-03-01 08:30:00"),
        (dt.time(8, 30), "08:30:00"),
    ],
)
def test_a_value_has_one_text(value: object, text: str) -> None:
    assert text_of(value) == text


@given(st.integers(-(10**18), 10**18) | st.floats(-1e15, 1e15))
def test_the_text_of_a_number_is_that_number_without_exponent(value: float) -> None:
    assert "e" not in text_of(value).lower()
    assert type(value)(text_of(value)) == value


def test_a_moved_header_is_found_by_its_names(tmp_path: Path) -> None:
    lines = ["2024年报表,,,", "填报单位：某市,,,", ",".join(NAMES), *[",".join(row) for row in ROWS]]
    header, rows = read(tmp_path / "f.csv", "\n".join(lines).encode())
    assert (header.names, header.row) == (NAMES, 3)
    assert [row.number for row in rows] == [4, 5]


def test_ragged_and_over_wide_rows_are_marked(tmp_path: Path) -> None:
    lines = [",".join(NAMES), "1,男", "1,男,2024-03-01,1,多出", "1,男,2024-03-01,1,,"]
    _, rows = read(tmp_path / "f.csv", "\n".join(lines).encode())
    assert [(len(row.cells), row.problem) for row in rows] == [
        (2, "ROW_RAGGED"), (5, "ROW_RAGGED"), (4, None),
    ]  # fmt: skip


def test_a_workbook_s_sheets_are_read_one_after_the_other(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "一月"
    other, empty, hidden = (book.create_sheet(title) for title in ("二月", "空", "代码"))
    hidden.sheet_state = "hidden"
    hidden.append(["别的"])
    assert empty is not None
    for sheet, before, row in ((book.active, [], ROWS[0]), (other, [["二月报表"]], ROWS[1])):
        for line in [*before, list(NAMES), row]:
            sheet.append(line)
    header, rows = read(tmp_path / "f.xlsx", saved(book))
    assert header.names == NAMES
    assert [(row.sheet, row.number, row.cells[0]) for row in rows] == [
        ("一月", 2, "110105194912310021"), ("二月", 3, "2"),
    ]  # fmt: skip
    _, one = read(tmp_path / "f.xlsx", saved(book), Format(sheet="二月"))
    assert [row.sheet for row in one] == ["二月"]
    assert refused(tmp_path / "f.xlsx", saved(book), Format(sheet="三月")).code == "SHEET_MISSING"


def test_sheets_of_other_columns_are_refused(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(list(NAMES))
    book.create_sheet("二月").append([*NAMES[:3], "人口"])
    found = refused(tmp_path / "f.xlsx", saved(book))
    assert found.code == "SHEET_DIFFERS"
    assert "sheet '二月', line 1" in found.en
    assert "人口" in found.en


def test_a_header_merged_over_two_rows_is_read(tmp_path: Path) -> None:
    content = sheet_of(
        ["人口报表", None, None], ["编号", "人数", None], [None, "男", "女"], ["1", 3, 4],
        merged=("A1:C1", "A2:A3", "B2:C2"),
    )  # fmt: skip
    known = {"编号", "男", "女"}.__contains__
    path = tmp_path / "f.xlsx"
    path.write_bytes(content)
    header = formats.header(path, Format(), known)
    assert (header.names, header.row) == (("编号", "男", "女"), 3)
    joined = formats.header(path, Format(header_rows=2), {"编号", "人数/男", "人数/女"}.__contains__)
    assert (joined.names, joined.row) == (("编号", "人数/男", "人数/女"), 3)
    assert [(r.number, list(r.cells)) for r in formats.rows(path, Format(header_rows=2), joined)] == [
        (4, ["1", "3", "4"])
    ]


def test_a_number_that_lost_digits_is_marked(tmp_path: Path) -> None:
    _, rows = read(tmp_path / "f.xlsx", sheet_of(list(NAMES), [1.10105194912310021e17, "男", None, 1]))
    assert [(row.cells[0], row.problem) for row in rows] == [("110105194912310000", "DIGITS_LOST")]


def test_a_formula_without_its_value_is_refused(tmp_path: Path) -> None:
    found = refused(tmp_path / "f.xlsx", sheet_of(list(NAMES), ["1", "男", "2024-03-01", "=1+1"]))
    assert (found.code, "cell D2" in found.en) == ("FORMULA_UNCOMPUTED", True)


def with_part(name: str, content: bytes) -> bytes:
    """A workbook one of whose parts is another."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx())) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.namelist():
            new.writestr(entry, content if entry == name else old.read(entry))
    return buffer.getvalue()


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><x><r><c>&b;</c></r></x>'
)
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x><r><c>&a;</c></r></x>'
SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("f.doc", b"x", "FORMAT_UNKNOWN"),
        ("f.parquet.gz", b"x", "FORMAT_UNKNOWN"),
        ("f.jsonl", b'{"a": 1}\n[1]\n', "FILE_UNREADABLE"),
        ("f.jsonl", b'{"a": 1, "a": 2}\n', "FILE_UNREADABLE"),
        ("f.jsonl", b'{"a": NaN}\n', "FILE_UNREADABLE"),
        ("f.jsonl", b'{"a": ' + b"[" * 100_000, "FILE_UNREADABLE"),
        ("f.jsonl", b'{"a": {"b": 1}}\n', "VALUE_NESTED"),
        ("f.jsonl", b'{"a": "' + b"x" * (base.CELL + 1) + b'"}\n', "CELL_TOO_LONG"),
        ("f.parquet", b"PAR1 and no more", "FILE_DAMAGED"),
        ("f.parquet", parquet()[:-20], "FILE_DAMAGED"),
        ("f.xlsx", b"PK no archive", "FILE_DAMAGED"),
        ("f.xlsx", xlsx()[:-40], "FILE_DAMAGED"),
        ("f.xlsx", bytes.fromhex("D0CF11E0A1B11AE1") + b"x" * 99, "FILE_LOCKED"),
        ("f.xlsx", with_part(SHEET, LAUGHS), "XML_DOCTYPE"),
        ("f.xlsx", with_part(SHEET, b"<worksheet>"), "FILE_DAMAGED"),
        ("f.xml", LAUGHS, "XML_DOCTYPE"),
        ("f.xml", OUTSIDE, "XML_DOCTYPE"),
        ("f.xml", "<a><记录><x>1</x></记录><记录>".encode(), "FILE_UNREADABLE"),
        ("f.xml", "<a><记录><x>1</x><x>2</x></记录></a>".encode(), "VALUE_NESTED"),
        ("f.xml", "<a><记录><x><y>1</y></x></记录></a>".encode(), "VALUE_NESTED"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_or_is_hostile_is_refused(
    tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    assert refused(tmp_path / name, content).code == code


def test_xml_whose_source_names_no_record_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / "f.xml", xml(), Format()).code == "RECORD_UNNAMED"


def test_a_refusal_names_line_and_column(tmp_path: Path) -> None:
    found = refused(tmp_path / "f.jsonl", b'{"a": 1}\n\n{"b": []}\n')
    assert found.en == "line 3, column 'b': a value must not be an object or a list"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("f.csv.gz", gzip.compress(b"a,b\n" + b"0" * 400_000)),
        ("f.xlsx", with_part("docProps/app.xml", b"<a>" + b" " * 900_000 + b"</a>")),
    ],
)
def test_what_unpacks_beyond_measure_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes
) -> None:
    monkeypatch.setattr(base, "FREE", 100_000)
    monkeypatch.setattr(base, "RATIO", 20)
    assert refused(tmp_path / name, content).code == "FILE_BOMB"


def test_columns_that_are_no_plain_values_are_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    pq.write_table(pa.table({"a": [1], "b": [[1, 2]]}), buffer)
    found = refused(tmp_path / "f.parquet", buffer.getvalue())
    assert (found.code, "'b'" in found.en) == ("TYPE_UNSUPPORTED", True)
