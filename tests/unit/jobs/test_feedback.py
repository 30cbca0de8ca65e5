"""What goes back to departments: workbooks without formulas or names, tickets that close by themselves."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from deltalake import write_deltalake
from openpyxl import load_workbook

from conf import working_days
from jobs import __main__ as door
from jobs.lake.paths import Lake
from jobs.lake.tickets import Ticket, tickets
from jobs.lake.trace_figures import open_release
from jobs.steps.quality import DIMENSIONS
from themes.common.contract import find_table

PEOPLE = "public_security_person"
EVIL = '=HYPERLINK("http://x","y")'
FINDING = pl.Struct({"code": pl.String, "column": pl.String, "value": pl.String})
ASIDE = {
    "delivery": pl.String, "delivered_on": pl.Date, "source": pl.String, "file": pl.String, "sheet": pl.String,
    "row": pl.Int64, "fate": pl.String, "findings": pl.List(FINDING), "key": pl.List(pl.String),
}  # fmt: skip


def name(day: int) -> str:
    return f"public_security/person/2026-01-{day:02}"


def quality(day: int, quarantined: int = 0, outcome: str = "accepted") -> dict[str, Any]:
    return {
        "theme": "population", "table": PEOPLE, "department": "public_security", "department_zh": "公安厅",
        "department_en": "Public Security", "delivery": name(day), "delivered_on": date(2026, 1, day),
        "source": PEOPLE, "file": f"{name(day)}/p.csv", "outcome": outcome,
        "reason_zh": "第1行：缺少列：性别" if outcome == "refused" else None, "reason_en": None, "received": 10,
        "accepted": 10 - quarantined, "quarantined": quarantined, "duplicate": 0, "superseded": 0,
        **dict.fromkeys(DIMENSIONS, 90.0), "score": 90.0, "status": "simulated",
    }  # fmt: skip


def aside(day: int, row: int, key: str | None, *findings: tuple[str, str, str]) -> dict[str, Any]:
    listed = [dict(zip(("code", "column", "value"), f, strict=True)) for f in findings]
    return {
        "delivery": name(day), "delivered_on": date(2026, 1, day), "source": PEOPLE, "file": f"{name(day)}/p.csv",
        "sheet": None, "row": row, "fate": "quarantined", "findings": listed, "key": [key] if key else None,
    }  # fmt: skip


def rule(code: str, column: str, column_zh: str, message: str) -> dict[str, Any]:
    return {
        "theme": "population", "table": PEOPLE, "delivery": name(5), "file": f"{name(5)}/p.csv", "code": code,
        "dimension": "normative", "severity": "quarantine", "column": column, "column_zh": column_zh,
        "message_zh": message, "message_en": message, "rows": 1, "first_row": 3, "example": EVIL,
    }  # fmt: skip


def a_lake(root: Path, accepted: list[tuple[str, int]], *files: dict[str, Any]) -> Lake:
    """A release with two rows set aside on 5 January, and rows accepted as (key, day)."""
    lake = Lake(root)
    rows = [
        aside(5, 3, "A1", ("CODE_UNKNOWN", "sex", EVIL)),
        aside(5, 4, "B2", ("MOBILE_INVALID", "mobile", "13800138"), ("VALUE_MISSING", "name", "")),
    ]
    rules = [
        rule("CODE_UNKNOWN", "sex", "性别", "性别：不在代码表内"),
        rule("MOBILE_INVALID", "mobile", "电话", "不是手机号码"),
    ]
    silver = pl.DataFrame(
        [{"person_id": key, "delivered_on": date(2026, 1, day)} for key, day in accepted],
        schema={"person_id": pl.String, "delivered_on": pl.Date},
    )
    found = {
        lake.quarantine(PEOPLE): pl.DataFrame(rows, schema=ASIDE),
        lake.silver(PEOPLE): silver,
        lake.gold("quality"): pl.DataFrame(
            list(files),
            infer_schema_length=None,
            schema_overrides=dict.fromkeys(("reason_zh", "reason_en"), pl.String),
        ),
        lake.gold("quality_rule"): pl.DataFrame(rules),
    }
    for path, frame in found.items():
        write_deltalake(str(path), frame)
    named = {"quality": 0, "quality_rule": 0, f"quarantine.{PEOPLE}": 0, f"silver.{PEOPLE}": 0}
    release = {
        "release_id": "R1", "released_at": datetime(2026, 1, 31, tzinfo=UTC), "as_of": date(2026, 1, 31),
        "profile": "demo", "code_version": "c", "tables": json.dumps(named),
    }  # fmt: skip
    write_deltalake(str(lake.gold("release")), pl.DataFrame([release]))
    return lake


def found(lake: Lake) -> list[Ticket]:
    return tickets(open_release(lake), {PEOPLE: find_table(PEOPLE)[1]}, 10)


def test_a_ticket_closes_when_every_row_was_accepted_later_by_its_key(tmp_path: Path) -> None:
    part = a_lake(tmp_path / "a", [("A1", 2), ("B2", 12)], quality(5, 2), quality(12))
    (ticket,) = found(part)
    assert (ticket.rows, ticket.corrected, ticket.closed) == (2, 1, None)
    whole = a_lake(tmp_path / "b", [("A1", 9), ("B2", 12), ("C3", 30)], quality(5, 2), quality(12))
    (ticket,) = found(whole)
    assert (ticket.rows, ticket.corrected, ticket.closed) == (2, 2, date(2026, 1, 12))


def test_a_row_whose_key_is_the_fault_stays_open(tmp_path: Path) -> None:
    lake = a_lake(tmp_path, [("A1", 9), ("B2", 9)], quality(5, 3))
    broken = pl.DataFrame([aside(5, 9, None, ("ID_CHECK_DIGIT", "person_id", "A1"))], schema=ASIDE)
    write_deltalake(str(lake.quarantine(PEOPLE)), broken, mode="append")
    write_deltalake(str(lake.gold("release")), pl.read_delta(str(lake.gold("release"))).with_columns(
        tables=pl.col("tables").str.replace(f'"quarantine.{PEOPLE}": 0', f'"quarantine.{PEOPLE}": 1')
    ), mode="overwrite")  # fmt: skip
    (ticket,) = found(lake)
    assert (ticket.rows, ticket.corrected, ticket.closed) == (3, 2, None)


def test_a_refused_file_is_mended_by_the_next_that_is_read(tmp_path: Path) -> None:
    files = [quality(3, outcome="refused"), quality(5, 2), quality(20, outcome="refused")]
    first, _, last = found(a_lake(tmp_path, [], *files))
    assert (first.closed, last.closed) == (date(2026, 1, 5), None)


def test_what_is_due_counts_working_days() -> None:
    # Around the holidays of October 2026: the 1st to the 7th are free.
    assert working_days.after(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert working_days.is_working_day(date(2026, 10, 10)) != working_days.is_working_day(date(2026, 10, 11))
    assert working_days.after(date(2033, 1, 7), 1) == date(2033, 1, 10)


@pytest.mark.parametrize(("today", "state"), [(date(2026, 1, 19), "open"), (date(2026, 1, 20), "overdue")])
def test_a_ticket_is_overdue_the_day_after_it_was_due(today: date, state: str) -> None:
    ticket = Ticket("f", "d", "t", "x", date(2026, 1, 5), date(2026, 1, 19), 1, 0, None)
    assert ticket.state(today) == state


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return a_lake(tmp_path, [("A1", 9)], quality(3, outcome="refused"), quality(5, 2))


def test_the_workbook_tells_the_clerk_what_and_where(lake: Lake, capsys: pytest.CaptureFixture[str]) -> None:
    assert door.main(["feedback", "--lake", str(lake.root)]) == 0
    assert (
        f"overdue  due 2026-01-19 public_security      {name(5)}/p.csv: 1 of 2 rows"
        in capsys.readouterr().out
    )
    book = load_workbook(lake.feedback / "public_security_person_2026-01-05.xlsx")
    assert book.sheetnames == ["概览", "按规则", "逐行"]
    head, *rows = book["逐行"].iter_rows(values_only=True)
    assert head[:4] == ("文件", "工作表", "行", "列")
    assert [(row[2], row[3], row[4], row[6]) for row in rows] == [
        (3, "性别", "CODE_UNKNOWN", EVIL),
        (4, "联系电话", "MOBILE_INVALID", "13******"),
        (4, "姓名", "VALUE_MISSING", ""),
    ]
    summary = [row[2] for row in book["概览"].iter_rows(values_only=True)]
    assert {"公安厅", "模拟", "内部"} <= set(summary)
    assert datetime(2026, 1, 19) in summary


def test_no_cell_is_a_formula(lake: Lake) -> None:
    door.main(["feedback", "--lake", str(lake.root)])
    for file in lake.feedback.glob("*.xlsx"):
        for sheet in load_workbook(file):
            for cell in (cell for row in sheet.iter_rows() for cell in row):
                assert cell.data_type != "f"
                assert cell.hyperlink is None
                if cell.value == EVIL:
                    assert cell.quotePrefix


def test_a_refused_delivery_is_told_its_reason(lake: Lake) -> None:
    assert door.main(["feedback", "--lake", str(lake.root), "--delivery", name(3)]) == 0
    assert sorted(f.name for f in lake.feedback.iterdir()) == [
        "public_security_person_2026-01-03.xlsx",
        "tickets.xlsx",
    ]
    cells = [
        c
        for row in load_workbook(lake.feedback / "public_security_person_2026-01-03.xlsx")["概览"].values
        for c in row
    ]
    assert "第1行：缺少列：性别" in cells


def test_the_same_release_makes_the_same_bytes(lake: Lake) -> None:
    def made() -> dict[str, bytes]:
        assert door.main(["feedback", "--lake", str(lake.root), "--lang", "en"]) == 0
        return {file.name: file.read_bytes() for file in lake.feedback.iterdir()}

    assert made() == made()


def test_the_tickets_are_listed_those_due_first(lake: Lake) -> None:
    door.main(["feedback", "--lake", str(lake.root)])
    rows = list(load_workbook(lake.feedback / "tickets.xlsx").active.values)
    assert [(row[0], row[1], row[6], row[7]) for row in rows[1:]] == [
        ("已逾期", "公安厅", 2, 1),
        ("已更正", "公安厅", 0, 0),
    ]


@pytest.mark.parametrize("more", [[], ["--delivery", "health/birth/2026-01-01"]])
def test_where_there_is_nothing_to_tell_the_job_says_so(
    lake: Lake, tmp_path: Path, more: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    root = lake.root if more else tmp_path / "none"
    assert door.main(["feedback", "--lake", str(root), *more]) == 2
    assert capsys.readouterr().err.startswith("feedback: no ")
