"""A delivery of another structure is taken as the source says or refused whole; never a silent null."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from conf.source_files import Source
from jobs.lake import inspection, landing
from jobs.lake.landing import LandedFile
from themes.common.contract import Table

TABLE = Table.model_validate(
    {
        "department": "health", "title": {"zh": "表", "en": "Table"}, "share": "unconditional",
        "freshness_days": 30, "key": ["id"],
        "columns": {
            "id": {"zh": "编号", "type": "text", "required": True},
            "sex": {"zh": "性别", "type": "code", "codes": "sex", "required": True},
            "born": {"zh": "出生日期", "type": "date"},
            "weight": {"zh": "体重", "type": "decimal"},
        },
    }
)  # fmt: skip
HEADER = "编号,性别,出生日期,体重"


def rows(born: str = "2024-03-01", weight: str = "3.2", n: int = 10, sex: str = "男") -> list[str]:
    return [f"{i},{sex},{born},{weight}" for i in range(n)]


def handed_in(
    root: Path,
    *deliveries: list[str] | dict[str, list[str]],
    columns: dict[str, object] | None = None,
    **drift: object,
) -> list[LandedFile]:
    """Each delivery's files (name → lines), a day apart, as inspection sees them."""
    for day, delivery in enumerate(deliveries, 1):
        for name, lines in (delivery if isinstance(delivery, dict) else {"f.csv": delivery}).items():
            file = root / f"health/t/2025-01-{day:02}/{name}"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("\n".join([*lines, ""]), encoding="utf-8")
    words = {"zh": "测试", "en": "Test"}
    source = Source.model_validate(
        {
            "id": "s", "table": "t", "landing": "health/t", "files": "*", "status": "simulated",
            "publisher": words, "document": words, "drift": drift, "columns": columns or {},
        }
    )  # fmt: skip
    sources = {"s": source}
    files = landing.scan(root, sources, date(2026, 1, 1))
    return inspection.inspect_all(files, root, sources, {"t": TABLE}, root / "ops/inspected.json", "code")


def codes(files: list[LandedFile]) -> list[str | None]:
    return [file.refusal.code if file.refusal else None for file in files]


FIRST = [HEADER, *rows()]


def test_the_same_structure_is_taken(tmp_path: Path) -> None:
    files = handed_in(tmp_path, FIRST, [HEADER, *rows(weight="3.3")])
    assert codes(files) == [None, None]
    assert [(u.column, u.rows, u.filled, u.mistyped) for u in files[0].uses] == [
        (name, 10, 10, 0) for name in TABLE.columns
    ]


@pytest.mark.parametrize(("on_added", "code"), [("accept", None), ("refuse", "COLUMN_ADDED")])
def test_an_added_column(tmp_path: Path, on_added: str, code: str | None) -> None:
    (file,) = handed_in(tmp_path, [f"{HEADER},备注", "1,男,2024-03-01,3.2,x"], on_added=on_added)
    assert codes([file]) == [code]
    assert code or file.extra == ("备注",)


@pytest.mark.parametrize(("on_moved", "code"), [("accept", None), ("refuse", "HEADER_MOVED")])
def test_a_moved_header(tmp_path: Path, on_moved: str, code: str | None) -> None:
    (file,) = handed_in(tmp_path, ["出生登记表,,,", *FIRST], on_moved=on_moved)
    assert (codes([file]), file.header_row) == ([code], 2)


@pytest.mark.parametrize(("renamed", "code"), [({}, "COLUMN_MISSING"), ({"男女": "sex"}, None)])
def test_a_renamed_column(tmp_path: Path, renamed: dict[str, str], code: str | None) -> None:
    other = [HEADER.replace("性别", "男女"), *rows(weight="3.3")]
    files = handed_in(tmp_path, FIRST, other, renamed=renamed)
    assert codes(files) == [None, code]


def test_a_column_under_its_old_and_its_new_name_is_refused(tmp_path: Path) -> None:
    files = handed_in(tmp_path, [f"{HEADER},男女", "1,男,2024-03-01,3.2,女"], renamed={"男女": "sex"})
    assert codes(files) == ["HEADER_DOUBLED"]


@pytest.mark.parametrize(("allowed", "code"), [((), "COLUMN_DROPPED"), (("weight",), None)])
def test_a_dropped_column(tmp_path: Path, allowed: tuple[str, ...], code: str | None) -> None:
    without = ["编号,性别,出生日期", *[row.rpartition(",")[0] for row in rows(born="2024-04-01")]]
    assert codes(handed_in(tmp_path, FIRST, without, may_be_emptied=allowed)) == [None, code]


@pytest.mark.parametrize(("allowed", "code"), [((), "COLUMN_EMPTIED"), (("weight",), None)])
def test_an_emptied_column(tmp_path: Path, allowed: tuple[str, ...], code: str | None) -> None:
    files = handed_in(tmp_path, FIRST, [HEADER, *rows(weight=" ")], may_be_emptied=allowed)
    assert codes(files) == [None, code]
    if files[1].refusal:
        assert files[1].refusal.en.startswith("column '体重' is wholly empty")


@pytest.mark.parametrize(("allowed", "code"), [((), "COLUMN_EMPTIED"), (("地址",), None)])
def test_a_header_that_a_formula_reads_may_not_be_emptied_either(
    tmp_path: Path, allowed: tuple[str, ...], code: str | None
) -> None:
    first, second = ([f"{HEADER},地址", *[f"{row},{text}" for row in rows()]] for text in ("广州市", ""))
    columns = {"weight": {"sql": "length(`地址`)"}}
    assert codes(handed_in(tmp_path, first, second, columns=columns, may_be_emptied=allowed)) == [None, code]


def test_a_column_that_few_rows_fill_may_be_empty_in_a_small_delivery(tmp_path: Path) -> None:
    sparse = [HEADER, *rows(weight="", n=99), "99,男,2024-03-01,3.2"]
    assert codes(handed_in(tmp_path, sparse, [HEADER, *rows(weight="", n=10)])) == [None, None]
    assert codes(handed_in(tmp_path / "b", sparse, [HEADER, *rows(weight="", n=900)])) == [
        None, "COLUMN_EMPTIED",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({"born": "三月一日"}, "出生日期"),
        ({"weight": "3.2kg"}, "体重"),
        ({"sex": "未填报"}, "性别"),
    ],
)
def test_a_retyped_column(tmp_path: Path, changed: dict[str, str], column: str) -> None:
    files = handed_in(tmp_path, FIRST, [HEADER, *rows(**changed)])
    assert codes(files) == [None, "COLUMN_RETYPED"]
    assert files[1].refusal is not None
    assert f"column '{column}': 10 of 10 values are not of type" in files[1].refusal.en


def test_a_few_wrong_values_are_faults_of_rows(tmp_path: Path) -> None:
    mixed = [HEADER, *rows(n=6), *rows(weight="不详", n=4)]
    assert codes(handed_in(tmp_path, mixed)) == [None]
    assert codes(handed_in(tmp_path / "b", mixed, mistyped_limit=0.3)) == ["COLUMN_RETYPED"]


def test_full_width_figures_are_figures(tmp_path: Path) -> None:
    assert codes(handed_in(tmp_path, [HEADER, *rows(weight="３．２", born="２０２４-３-１")])) == [None]


def test_the_delivery_is_refused_whole_and_the_next_is_compared_with_the_last_good_one(
    tmp_path: Path,
) -> None:
    emptied = {"a.csv": [HEADER, *rows(weight="")], "b.csv": [HEADER, *rows(weight="", n=5)]}
    third = [HEADER, *rows(weight="", n=8)]
    files = handed_in(tmp_path, FIRST, emptied, third, [HEADER, *rows(n=7)])
    assert codes(files) == [None, *["COLUMN_EMPTIED"] * 3, None]


def test_a_column_that_another_file_of_the_delivery_fills_is_not_empty(tmp_path: Path) -> None:
    both = {"a.csv": [HEADER, *rows(weight="")], "b.csv": [HEADER, *rows(n=5)]}
    assert codes(handed_in(tmp_path, FIRST, both)) == [None, None, None]


def test_what_was_inspected_is_not_read_again_unless_the_code_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = ([HEADER, *rows(), "late,男,2024-03-01"], [HEADER, *rows(weight="")], ["编号", "1"])
    first = handed_in(tmp_path, *given)
    read: list[str] = []
    again = inspection.inspect

    def noted(file: LandedFile, *more: Any) -> LandedFile:
        read.append(file.path)
        return again(file, *more)

    monkeypatch.setattr(inspection, "inspect", noted)
    assert handed_in(tmp_path, *given) == first
    assert (codes(first), read) == ([None, "COLUMN_EMPTIED", "COLUMN_MISSING"], [])
    files = handed_in(tmp_path, *given, [HEADER, *rows(n=3)])
    assert (files[:3], read) == (first, ["health/t/2025-01-04/f.csv"])
    (tmp_path / "ops/inspected.json").write_text("{half")
    assert handed_in(tmp_path, *given)[:3] == first
    assert len(read) == 1 + 4
