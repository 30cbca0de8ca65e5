"""Bad files are named by file, row, column and rule; good rows go on; the exit code is 2."""

from __future__ import annotations

import io
import json
import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook
from pyspark.sql import SparkSession

from jobs import __main__ as door
from jobs.lake.paths import Lake
from jobs.simulate.identifiers import citizen_check
from tests.spark.tiny import AS_OF, read

pytestmark = pytest.mark.spark

HEADER = "出生证编号,性别,出生日期,出生地区划代码"


def _rows(first: int, n: int = 10) -> list[str]:
    return [f"B{first + i:011},{'男女'[i % 2]},2024-03-{i + 1:02},440103" for i in range(n)]


def _text(*lines: str) -> bytes:
    return "\n".join([*lines, ""]).encode()


def _cells(first: int) -> list[list[str]]:
    return [row.split(",") for row in _rows(first)]


def _workbook(first: int) -> bytes:
    """Two sheets of five rows, the first below a title."""
    book, buffer = Workbook(), io.BytesIO()
    book.active.append(["出生登记表"])
    for sheet, rows in ((book.active, _cells(first)[:5]), (book.create_sheet("二"), _cells(first)[5:])):
        for row in [HEADER.split(","), *rows]:
            sheet.append(row)
    book.save(buffer)
    return buffer.getvalue()


def _parquet(first: int) -> bytes:
    buffer = io.BytesIO()
    columns = zip(*_cells(first), strict=True)
    pq.write_table(pa.table(dict(zip(HEADER.split(","), map(list, columns), strict=True))), buffer)
    return buffer.getvalue()


def _lines(first: int) -> bytes:
    return _text(*[json.dumps(dict(zip(HEADER.split(","), row, strict=True))) for row in _cells(first)])


FILES = {
    "gb18030": "\n".join([HEADER, *_rows(100), ""]).encode("gb18030"),
    "garbage": bytes(range(256)) * 8,
    "missing_column": _text("出生证编号,出生日期,出生地区划代码", "B00000000200,2024-03-01,440103"),
    "extra_column": _text(f"{HEADER},备注", *[f"{row},随手" for row in _rows(300)]),
    "empty": b"",
    "header_only": _text(HEADER),
    "tenth_bad": _text(HEADER, *_rows(400, 9), "B00000000409,男,2024-02-30,440103"),
    "ragged": _text(HEADER, *_rows(500, 9), "B00000000509,男,2024-03-01"),
    "double_header": _text(
        "出生证编号,性别,性别,出生日期,出生地区划代码", "B00000000600,男,男,2024-03-01,440103"
    ),
    "good": _text(HEADER, *_rows(700)),
    "excel.xlsx": _workbook(800),
    "lines.jsonl": _lines(900),
    "columns.parquet": _parquet(1000),
    "retyped": _text(HEADER, *[row.replace("2024-03-", "三月") for row in _rows(1100)]),
    "emptied": _text(HEADER, *[row.replace("440103", "") for row in _rows(1200)]),
    "note.doc": b"x",
    "decided": _text(
        HEADER, *_rows(1300, 8), "B00000001308,男,2024-02-30,440103", "X1309,女,2024-03-10,440103"
    ),
}
DECISIONS = "decision/correction/2025-02-01/decisions.csv"
DECIDED = _text(
    "决定,数据表,主键,列,更正值,决定人,决定时间,理由",
    "更正,health_birth,B00000001308,birth_date,2024-03-01,张,2025-01-31,电话核实",
    "更正,health_birth,B00000001308,birth_date,2024-03-09,张,2025-02-01,再次核实",
    "确认,health_birth,X1309,certificate,,张,2025-02-01,补发证件",
    "更正,health_birth,B00000001308,birth_date,2024-03-02,,2025-02-01,无人负责",
)
REFUSED = {
    "garbage": ("ENCODING_UNKNOWN", "line 1: the encoding is neither UTF-8 nor GB18030"),
    "missing_column": ("COLUMN_MISSING", "line 1: missing columns: 性别"),
    "empty": ("FILE_EMPTY", "line 1 has no header: the file is empty"),
    "header_only": ("FILE_EMPTY", "line 1"),
    "double_header": ("HEADER_DOUBLED", "性别"),
    "retyped": ("COLUMN_RETYPED", "column '出生日期': 10 of 10 values"),
    "emptied": ("COLUMN_EMPTIED", "column '出生地区划代码' is wholly empty"),
    "note.doc": ("FORMAT_UNKNOWN", "'.doc'"),
}


def _persons(n: int) -> list[str]:
    bodies = np.array([f"11010519491231{i:03}" for i in range(n)])
    return [
        f"{body}{check},张三,{'女男'[i % 2]},1949-12-31,440103,,正常"
        for i, (body, check) in enumerate(zip(bodies, citizen_check(bodies), strict=True))
    ]


PERSON = "公民身份号码,姓名,性别,出生日期,居住地区划代码,联系电话,登记状态"
PRODUCT = "行政区划代码,年份,季度,产业,当季现价总量（亿元）,可比价同比增速（%）"
# Cells that a formula of a rule or a sum cannot make anything of.
UNTHINKABLE = {
    "public_security/person/2025-01-20/ids.csv": _text(
        PERSON,
        *_persons(36),
        *[f"{number},李四,男,1990-01-01,440103,,正常" for number in ("12345", "ABCDEFGHIJKLMNOPQR", "")],
        PERSON,
    ),
    "statistics/gdp_quarterly/2025-01-20/huge.csv": _text(
        PRODUCT,
        "440100,2024,1,total,8000.5,5.1",
        *[f"440300,2024,1,total,{value},5.1" for value in ("1e308", "1" * 40, "-1e400")],
        "440300,99999,1,total,8000.5,5.1",
        "440300,2024,99999999999999999999,total,8000.5,5.1",
    ),
}


def _file(name: str) -> str:
    return f"health/birth/2025-01-{[*FILES].index(name) + 1:02}/{name if '.' in name else f'{name}.csv'}"


class Run:
    """What one run over the bad files left behind."""

    def __init__(self, lake: Lake, code: int, printed: str) -> None:
        self.lake, self.code, self.printed = lake, code, printed.splitlines()
        self.quality = {row["file"]: row for row in read(lake.gold("quality")).iter_rows(named=True)}
        self.rules = {row["file"]: row for row in read(lake.gold("quality_rule")).iter_rows(named=True)}

    def ledger(self, query: str) -> list[Any]:
        with sqlite3.connect(self.lake.ledger) as db:
            return db.execute(query).fetchall()


@pytest.fixture(scope="module")
def run(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Run:
    lake = Lake(tmp_path_factory.mktemp("bad") / "lake")
    for name, content in FILES.items():
        file = lake.landing / _file(name)
        file.parent.mkdir(parents=True)
        file.write_bytes(content)
    for path, content in UNTHINKABLE.items():
        (lake.landing / path).parent.mkdir(parents=True)
        (lake.landing / path).write_bytes(content)
    stray = lake.landing / "health/birth/2025-1-1/b.csv"
    stray.parent.mkdir(parents=True)
    stray.write_bytes(FILES["good"])
    (lake.landing / DECISIONS).parent.mkdir(parents=True)
    (lake.landing / DECISIONS).write_bytes(DECIDED)
    with pytest.MonkeyPatch.context() as patch:
        printed: list[str] = []
        patch.setattr("builtins.print", lambda *words, **_: printed.append(" ".join(map(str, words))))
        code = door.main(["daily", "--lake", str(lake.root), "--as-of", AS_OF])
    return Run(lake, code, "\n".join(printed))


def test_the_exit_code_and_the_ledger_say_bad_input(run: Run) -> None:
    assert run.code == 2
    ((outcome, code, message),) = run.ledger("select outcome, exit_code, message from run")
    assert (outcome, code) == ("bad_input", 2)
    assert all(_file(name) in message for name in [*REFUSED, "tenth_bad", "ragged"])
    assert _file("good") not in message
    assert "health/birth/2025-1-1/b.csv" in message


@pytest.mark.parametrize("name", REFUSED)
def test_an_unreadable_file_is_refused_with_its_reason(run: Run, name: str) -> None:
    code, reason = REFUSED[name]
    row = run.quality[_file(name)]
    assert (row["outcome"], row["reason_code"], row["received"], row["score"]) == ("refused", code, 0, 0.0)
    assert reason in row["reason_en"]
    assert row["reason_zh"]
    assert any(_file(name) in line and code in line and reason in line for line in run.printed)


def test_gb18030_is_read_right(run: Run) -> None:
    row = run.quality[_file("gb18030")]
    assert (row["outcome"], row["encoding"], row["accepted"]) == ("accepted", "gb18030", 10)
    silver = read(run.lake.silver("health_birth")).filter(pl.col("file") == _file("gb18030"))
    assert sorted(silver["sex"]) == ["f"] * 5 + ["m"] * 5


@pytest.mark.parametrize("name", ["excel.xlsx", "lines.jsonl", "columns.parquet"])
def test_other_formats_are_read_like_csv(run: Run, name: str) -> None:
    row = run.quality[_file(name)]
    assert (row["outcome"], row["accepted"]) == ("accepted", 10)
    silver = read(run.lake.silver("health_birth")).filter(pl.col("file") == _file(name))
    assert sorted(silver["sex"]) == ["f"] * 5 + ["m"] * 5


def test_rows_of_a_workbook_are_numbered_by_sheet(run: Run) -> None:
    silver = read(run.lake.silver("health_birth")).filter(pl.col("file") == _file("excel.xlsx"))
    assert sorted(silver.select("sheet", "row").rows()) == [
        *[("Sheet", n) for n in range(3, 8)], *[("二", n) for n in range(2, 7)],
    ]  # fmt: skip


def test_human_decisions_are_applied_and_named(run: Run) -> None:
    assert run.quality[_file("decided")]["accepted"] == 10
    silver = read(run.lake.silver("health_birth")).filter(pl.col("file") == _file("decided")).sort("row")
    rows = silver.select("certificate", pl.col("birth_date").cast(pl.String), "row", "decision").rows()
    assert rows[-2:] == [
        ("B00000001308", "2024-03-09", 10, f"{DECISIONS}#3"),
        ("X1309", "2024-03-10", 11, f"{DECISIONS}#4"),
    ]
    assert silver["decision"].null_count() == 8
    assert f"not applied: {DECISIONS}: row 5, column 决定人: a required value is missing" in run.printed


def test_what_was_set_aside_has_its_key_unless_that_is_the_fault(run: Run) -> None:
    aside = read(run.lake.quarantine("health_birth"))
    keys = dict(aside.select("file", "key").rows())
    assert keys == {_file("tenth_bad"): ["B00000000409"], _file("ragged"): None}


def test_an_extra_column_is_named_and_does_no_harm(run: Run) -> None:
    row = run.quality[_file("extra_column")]
    assert (row["outcome"], row["extra_columns"], row["accepted"]) == ("accepted", "备注", 10)


@pytest.mark.parametrize(
    ("name", "rule", "column", "example"),
    [("tenth_bad", "DATE_INVALID", "birth_date", "2024-02-30"), ("ragged", "ROW_RAGGED", None, None)],
)
def test_bad_rows_are_named_and_the_good_ones_go_on(
    run: Run, name: str, rule: str, column: str | None, example: str | None
) -> None:
    found = run.rules[_file(name)]
    assert (found["code"], found["column"], found["rows"], found["first_row"]) == (rule, column, 1, 11)
    assert found["example"] == example
    row = run.quality[_file(name)]
    assert (row["outcome"], row["accepted"], row["quarantined"]) == ("partial", 9, 1)
    wanted = f"bad rows {_file(name)}: row 11, column {column or '-'}: {rule} (1 rows)"
    assert wanted in run.printed


@pytest.mark.parametrize(("path", "bad"), list(zip(UNTHINKABLE, (4, 5), strict=True)))
def test_no_cell_ends_the_run(run: Run, path: str, bad: int) -> None:
    row = run.quality[path]
    assert (row["received"], row["quarantined"]) == (len(UNTHINKABLE[path].splitlines()) - 1, bad)
    assert row["accepted"] == row["received"] - bad


def test_good_rows_make_figures(run: Run) -> None:
    births = read(run.lake.gold("indicator")).filter(
        (pl.col("indicator") == "population.births") & (pl.col("breakdown") == "")
    )
    province = births.filter(pl.col("region") == "440000")
    assert province.select("period", "value").rows() == [("2024-03", 88.0)]
    assert read(run.lake.gold("release")).height == 1


def test_every_file_is_in_the_ledger(run: Run) -> None:
    told = dict(run.ledger("select file, outcome from delivery"))
    wanted = {_file(name): "refused" if name in REFUSED else "read" for name in FILES}
    assert told == wanted | dict.fromkeys(UNTHINKABLE, "read")


@pytest.mark.parametrize(
    "words",
    [
        ["daily", "--profile", "dream"],
        ["daily", "--as-of", "someday"],
        ["daily", "--lake"],
        ["trace", "--region", "440000"],
        ["deliver", "--persons", "none"],
        ["dally"],
    ],
)
def test_a_wrong_option_ends_with_code_2_and_a_line_that_names_it(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code = door.main(words)
    except SystemExit as stopped:
        code = stopped.code
    printed = capsys.readouterr()
    assert (code, printed.out) == (2, "")
    wrong = {"trace": "--indicator"}.get(words[0], words[1] if len(words) > 1 else words[0])
    assert wrong in printed.err.splitlines()[-1]


def test_a_lake_without_landing_is_told_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert door.main(["daily", "--lake", str(tmp_path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
