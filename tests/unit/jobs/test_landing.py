"""Which files are there, whether they can be read, and what their header says."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import pytest

from conf.source_files import Source
from jobs.lake import inspection, landing
from themes.common.contract import Table

AS_OF = date(2026, 1, 31)
TABLE = Table.model_validate(
    {
        "department": "health", "title": {"zh": "表", "en": "Table"}, "share": "unconditional",
        "freshness_days": 30, "key": ["region"],
        "columns": {
            "region": {"zh": "区划", "type": "region", "required": True},
            "sex": {"zh": "性别", "type": "text", "required": True},
            "note": {"zh": "备注", "type": "text"},
        },
    }
)  # fmt: skip


def a_source(**more: object) -> Source:
    words = {"zh": "测试", "en": "Test"}
    given = {"id": "s", "table": "health_t", "landing": "health/t", "status": "simulated"}
    return Source.model_validate({**given, "publisher": words, "document": words, **more})


def put(root: Path, path: str, content: bytes = b"x\n") -> Path:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


def inspected(root: Path, content: bytes, name: str = "f.csv", **source: object) -> landing.LandedFile:
    put(root, f"health/t/2025-01-01/{name}", content)
    made = a_source(files="*", **source)
    (file,) = landing.scan(root, {"s": made}, AS_OF)
    return inspection.inspect(file, root, made, TABLE)


def refusal(file: landing.LandedFile) -> str:
    assert file.refusal is not None
    assert not file.readable
    return file.refusal.code


def test_files_are_found_in_order_of_delivery(tmp_path: Path) -> None:
    put(tmp_path, "health/t/2025-02-01/a.csv", b"later\n")
    put(tmp_path, "health/t/2025-01-01/b.csv", b"earlier\n")
    found = landing.scan(tmp_path, {"s": a_source()}, AS_OF)
    assert [f.path for f in found] == ["health/t/2025-01-01/b.csv", "health/t/2025-02-01/a.csv"]
    assert [f.delivery for f in found] == ["health/t/2025-01-01", "health/t/2025-02-01"]
    assert (found[0].delivered_on, found[0].bytes, found[0].table) == (date(2025, 1, 1), 8, "health_t")


def test_what_was_handed_in_after_the_day_is_not_seen(tmp_path: Path) -> None:
    put(tmp_path, "health/t/2026-01-31/a.csv", b"1\n")
    put(tmp_path, "health/t/2026-02-01/a.csv", b"2\n")
    assert [f.delivered_on for f in landing.scan(tmp_path, {"s": a_source()}, AS_OF)] == [AS_OF]


@pytest.mark.parametrize(
    "path",
    [
        "2025-01-01/.a.csv",
        "2025-01-01/~$a.csv",
        "2025-01-01/a.csv.part",
        "2025-1-1x/a.csv",
        "2025-01-01/a.txt",
        "2025-01-01/a.csv/b.csv",
    ],
)
def test_what_is_no_delivery_is_not_seen(tmp_path: Path, path: str) -> None:
    put(tmp_path, f"health/t/{path}")
    assert landing.scan(tmp_path, {"s": a_source()}, AS_OF) == []


def test_the_same_bytes_again_name_the_file_they_repeat(tmp_path: Path) -> None:
    put(tmp_path, "health/t/2025-01-01/a.csv")
    put(tmp_path, "health/t/2025-02-01/b.csv")
    put(tmp_path, "health/t/2025-03-01/c.csv", b"other\n")
    found = landing.scan(tmp_path, {"s": a_source()}, AS_OF)
    assert [f.repeats for f in found] == [None, "health/t/2025-01-01/a.csv", None]
    assert [f.readable for f in found] == [True, False, True]


def test_the_same_bytes_of_another_source_are_no_repetition(tmp_path: Path) -> None:
    put(tmp_path, "health/t/2025-01-01/a.csv")
    put(tmp_path, "health/u/2025-01-01/a.csv")
    sources = {"s": a_source(), "u": a_source(id="u", landing="health/u")}
    assert [f.repeats for f in landing.scan(tmp_path, sources, AS_OF)] == [None, None]


def test_files_that_no_source_claims_are_strays(tmp_path: Path) -> None:
    put(tmp_path, "health/t/2025-01-01/a.csv")
    put(tmp_path, "health/t/2025-01-01/a.doc")
    put(tmp_path, "health/other/2025-01-01/a.csv")
    strays = landing.stray_files(tmp_path, {"s": a_source()})
    assert [(s.path, s.reason.code) for s in strays] == [
        ("health/other/2025-01-01/a.csv", "NO_SOURCE"),
        ("health/t/2025-01-01/a.doc", "NAME_NOT_EXPECTED"),
    ]


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("区划,性别\n440000,男\n".encode(), "utf-8-sig"),
        ("\ufeff区划,性别\n440000,男\n".encode(), "utf-8-sig"),
        ("区划,性别\n440000,男\n".encode("gb18030"), "gb18030"),
    ],
)
def test_the_encoding_is_found_and_the_header_read(tmp_path: Path, content: bytes, encoding: str) -> None:
    file = inspected(tmp_path, content)
    assert (file.encoding, file.header, file.refusal) == (encoding, ("区划", "性别"), None)


def test_a_packed_file_is_read_like_a_bare_one(tmp_path: Path) -> None:
    file = inspected(tmp_path, gzip.compress("区划,性别\n440000,男\n".encode()), "f.csv.gz")
    assert (file.header, file.readable) == (("区划", "性别"), True)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (bytes(range(256)) * 4, 1),
        (b"\x81", 1),
        (b"\x00\x01\x02" * 99, 1),
        ("区划,性别\n1,男\n".encode() + b"2,\x81\n" + "3,女\n".encode(), 3),
    ],
)
def test_bytes_that_are_no_text_are_refused_from_their_line_on(
    tmp_path: Path, content: bytes, line: int
) -> None:
    file = inspected(tmp_path, content)
    assert refusal(file) == "ENCODING_UNKNOWN"
    assert file.refusal is not None
    assert file.refusal.en.startswith(f"line {line}: ")


@pytest.mark.parametrize(("before", "line"), [("", 2), ('3,"两\n行"\n' * 2, 6)])
def test_an_open_quote_is_told_by_the_line_that_opened_it(tmp_path: Path, before: str, line: int) -> None:
    content = f'区划,性别\n{before}1,"男\n' + "2,女\n" * 20
    file = inspected(tmp_path, content.encode())
    assert file.refusal is not None
    assert file.refusal.code == "FILE_UNREADABLE"
    assert f"from line {line} on" in file.refusal.en


def test_a_damaged_packed_file_is_refused(tmp_path: Path) -> None:
    packed = gzip.compress("区划,性别\n440000,男\n".encode())
    assert refusal(inspected(tmp_path, b"no gzip", "f.csv.gz")) == "FILE_DAMAGED"
    assert refusal(inspected(tmp_path, packed[:-9], "f.csv.gz")) == "FILE_DAMAGED"


@pytest.mark.parametrize("content", ["", "区划,性别\n"])
def test_a_file_without_rows_is_refused(tmp_path: Path, content: str) -> None:
    assert refusal(inspected(tmp_path, content.encode())) == "FILE_EMPTY"


def test_missing_columns_are_named(tmp_path: Path) -> None:
    file = inspected(tmp_path, "备注\nx\n".encode())
    assert refusal(file) == "COLUMN_MISSING"
    assert file.refusal is not None
    assert file.refusal.en == "line 1: missing columns: 区划、性别"


def test_doubled_columns_are_named(tmp_path: Path) -> None:
    file = inspected(tmp_path, "区划,性别,性别\n1,2,3\n".encode())
    assert refusal(file) == "HEADER_DOUBLED"
    assert file.refusal is not None
    assert "性别" in file.refusal.zh


def test_columns_nobody_asked_for_are_named_and_do_no_harm(tmp_path: Path) -> None:
    file = inspected(tmp_path, "区划,性别,电话\n1,2,3\n".encode())
    assert (file.extra, file.readable) == (("电话",), True)


def test_a_source_may_rename_a_column(tmp_path: Path) -> None:
    assert inspected(tmp_path, "code,性别\n1,2\n".encode(), columns={"region": "code"}).readable
    assert (
        refusal(inspected(tmp_path / "b", "区划,性别\n1,2\n".encode(), columns={"region": "code"}))
        == "COLUMN_MISSING"
    )


def test_a_column_made_by_a_formula_needs_no_header_of_its_own(tmp_path: Path) -> None:
    file = inspected(
        tmp_path, "地址,性别\n1,2\n".encode(), columns={"region": {"sql": "substring(`地址`, 1, 6)"}}
    )
    assert (file.readable, file.extra) == (True, ())


def test_unpivoted_headers_fill_columns(tmp_path: Path) -> None:
    file = inspected(
        tmp_path, "区划,男,女\n1,2,3\n".encode(), unpivot={"pattern": "(?P<sex>男|女)", "value": "note"}
    )
    assert (file.readable, file.extra) == (True, ())


def test_the_delimiter_is_the_source_s(tmp_path: Path) -> None:
    assert inspected(tmp_path, "区划;性别\n1;2\n".encode(), format={"delimiter": ";"}).header == (
        "区划",
        "性别",
    )


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('a,b\n1,"2\n3,4\n', "FILE_UNREADABLE"),
        ("a,b\n1," + "x" * 1_000_001 + "\n", "FILE_UNREADABLE"),
        ("a,A\n1,2\n", "HEADER_DOUBLED"),
        ("a,b\n\n\n", "FILE_EMPTY"),
    ],
)
def test_what_would_stop_the_run_later_is_refused_now(tmp_path: Path, body: str, code: str) -> None:
    folder = tmp_path / "x" / "y" / "2025-01-01"
    folder.mkdir(parents=True)
    (folder / "f.csv").write_text(body, encoding="utf-8")
    words = {"zh": "甲", "en": "a"}
    source = Source(
        id="s", table="x_y", landing="x/y", status="simulated", publisher=words, document=words,
        columns={"a": "a", "b": "b"},
    )  # fmt: skip
    columns = {name: {"zh": name, "type": "text"} for name in "ab"}
    table = Table(
        department="x", title=words, share="unconditional", freshness_days=1, key=["a"], columns=columns
    )
    (file,) = landing.scan(tmp_path, {"s": source}, date(2025, 1, 1))
    found = inspection.inspect(file, tmp_path, source, table).refusal
    assert found is not None
    assert found.code == code


def test_a_folder_that_is_no_date_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "x" / "y" / "2025-1-1"
    folder.mkdir(parents=True)
    (folder / "f.csv").write_text("a\n1\n", encoding="utf-8")
    words = {"zh": "甲", "en": "a"}
    source = Source(id="s", table="x_y", landing="x/y", status="simulated", publisher=words, document=words)
    assert landing.scan(tmp_path, {"s": source}, date(2025, 1, 1)) == []
    (stray,) = landing.stray_files(tmp_path, {"s": source})
    assert (stray.path, stray.reason.code) == ("x/y/2025-1-1/f.csv", "FOLDER_NO_DATE")
