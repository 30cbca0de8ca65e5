"""Human decisions are read from landing like any delivery; one that cannot be applied is told and left out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from jobs.lake import decisions, landing
from jobs.lake.paths import Lake
from jobs.plan import make_plan
from themes.common.contract import discover

TABLES = {name: table for theme in discover() for name, table in theme.contract.tables.items()}
HEADER = ",".join(decisions.HEADERS.values())
GOOD = "更正,health_birth,B00000001308,birth_date,2024-03-09,张,2025-02-01,核实"
DAY = "decision/correction/2025-02-01/d.csv"


def hand_in(root: Path, *lines: str, path: str = DAY, header: str = HEADER) -> None:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join([header, *lines, ""]), encoding="utf-8")


def load(root: Path) -> tuple[list[decisions.Decision], list[str]]:
    return decisions.load(root, date(2026, 1, 31), TABLES, {"economic.gdp"})


def test_a_correction_says_all_that_it_must(tmp_path: Path) -> None:
    hand_in(tmp_path, GOOD)
    ((found,), problems) = load(tmp_path)
    assert (found.kind, found.table, found.key, found.column) == (
        "correct", "health_birth", ("B00000001308",), "birth_date",
    )  # fmt: skip
    assert (found.value, found.who, found.decided_at, found.why) == ("2024-03-09", "张", "2025-02-01", "核实")
    assert (found.decided_on, found.place, problems) == (date(2025, 2, 1), f"{DAY}#2", [])


def test_a_key_of_several_columns_is_a_list(tmp_path: Path) -> None:
    key = '"[""440100"",2024,1,""primary""]"'
    hand_in(tmp_path, f"更正,statistics_gdp_quarterly,{key},value,12.5,张,2025-02-01,核实")
    ((found,), _) = load(tmp_path)
    assert found.key == ("440100", "2024", "1", "primary")


def test_they_come_in_order_and_a_file_sent_twice_counts_once(tmp_path: Path) -> None:
    hand_in(tmp_path, GOOD)
    hand_in(tmp_path, GOOD, path="decision/correction/2025-02-03/again.csv")
    hand_in(tmp_path, GOOD.replace("03-09", "03-08"), path="decision/correction/2025-01-31/z.csv")
    hand_in(tmp_path, GOOD.replace("03-09", "03-07"), path="decision/correction/2026-02-01/late.csv")
    assert [found.value for found in load(tmp_path)[0]] == ["2024-03-08", "2024-03-09"]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (("更正", "删除"), "column 决定: '删除' is none of 更正, 确认"),
        (("health_birth", "health_x"), "column 数据表: no table 'health_x'"),
        (("birth_date", "born"), "column 列: health_birth has no column 'born'"),
        (("B00000001308", '"[""a"",""b""]"'), "column 主键: must give certificate"),
        (("B00000001308", '"["'), "column 主键: must give certificate"),
        (("B00000001308", '"[""""]"'), "column 主键: must give certificate"),
        (("张", ""), "column 决定人: a required value is missing"),
        (("核实", " "), "column 理由: a required value is missing"),
        (("2024-03-09", ""), "column 更正值: a required value is missing"),
    ],
)
def test_a_decision_that_says_nothing_usable_is_told(
    tmp_path: Path, changed: tuple[str, str], told: str
) -> None:
    hand_in(tmp_path, GOOD.replace(*changed), GOOD)
    found, problems = load(tmp_path)
    assert [one.place for one in found] == [f"{DAY}#3"]
    assert problems == [f"{DAY}: row 2, {told}"]


def test_a_confirmation_needs_no_value(tmp_path: Path) -> None:
    hand_in(tmp_path, GOOD.replace("更正", "确认").replace("2024-03-09", ""))
    assert [found.kind for found in load(tmp_path)[0]] == ["confirm"]


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    hand_in(tmp_path, header="决定,数据表")
    hand_in(tmp_path, GOOD + ",more", path="decision/correction/2025-02-02/wide.csv")
    assert load(tmp_path)[1] == [
        f"{DAY}: COLUMN_MISSING: missing columns: 主键、列、更正值、决定人、决定时间、理由",
        "decision/correction/2025-02-02/wide.csv: ROW_RAGGED: line 2",
    ]


def test_a_decision_is_work_for_its_table_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lake = Lake(tmp_path)
    (lake.landing / "health/birth/2025-01-01").mkdir(parents=True)
    before = make_plan(lake, "demo", date(2026, 1, 31)).fingerprints
    hand_in(lake.landing, GOOD, GOOD.replace("张", ""))
    after = make_plan(lake, "demo", date(2026, 1, 31)).fingerprints
    assert {table for table, print_ in after.items() if print_ != before[table]} == {"health_birth"}
    assert "row 3, column 决定人" in capsys.readouterr().err
    assert landing.stray_files(lake.landing, {}) == []


def test_a_figure_under_suspicion_is_confirmed_by_its_indicator(tmp_path: Path) -> None:
    key = '"[""440100"","""",""2020-Q1""]"'
    hand_in(tmp_path, f"确认,economic.gdp,{key},SERIES_UNIT_CHANGE,,张,2025-02-01,疫情")
    ((found,), problems) = load(tmp_path)
    assert (found.kind, found.table, found.key) == ("confirm", "economic.gdp", ("440100", "", "2020-Q1"))
    assert (found.column, problems) == ("SERIES_UNIT_CHANGE", [])


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('更正,economic.gdp,"[""440100"","""",""2020-Q1""]",X,1,张,2025-02-01,疫情', "a figure is confirmed"),
        ("确认,economic.gdp,440100,X,,张,2025-02-01,疫情", "must give region, breakdown, period"),
    ],
)
def test_a_figure_is_confirmed_whole_and_never_corrected(line: str, told: str, tmp_path: Path) -> None:
    hand_in(tmp_path, line)
    (_, (problem,)) = load(tmp_path)
    assert told in problem
