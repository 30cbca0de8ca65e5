"""Scores of a delivered file."""

from __future__ import annotations

from datetime import date

import pytest

from jobs.lake.landing import LandedFile
from jobs.lake.silver import checks_of
from jobs.steps.ingest import Tally
from jobs.steps.quality import DIMENSIONS, dimension_scores, masked, rule_rows
from themes.common.contract import Column, find_table

CHECKS = checks_of(find_table("public_security_person")[1])


def a_tally(*findings: tuple[str, str | None, int], **fates: int) -> Tally:
    found = tuple({"code": code, "column": column, "rows": rows} for code, column, rows in findings)
    return Tally({fate: (rows, None) for fate, rows in fates.items()}, found)


def test_a_clean_file_scores_full_marks() -> None:
    assert dimension_scores(a_tally(accepted=8), CHECKS, 8) == dict.fromkeys(DIMENSIONS, 100.0)


@pytest.mark.parametrize(
    ("code", "column", "dimension"),
    [
        ("VALUE_MISSING", "name", "completeness"),
        ("ID_CHECK_DIGIT", "person_id", "accuracy"),
        ("REGION_UNKNOWN", "region", "normative"),
        ("ID_SEX_MISMATCH", "person_id", "consistency"),
        ("DATE_IN_FUTURE", "birth_date", "timeliness"),
        ("ROW_RAGGED", None, "accessibility"),
    ],
)
def test_a_finding_lowers_its_dimension_only(code: str, column: str | None, dimension: str) -> None:
    scores = dimension_scores(a_tally((code, column, 2), accepted=6, quarantined=2), CHECKS, 8)
    assert scores == dict.fromkeys(DIMENSIONS, 100.0) | {dimension: 75.0}


def test_a_dimension_that_no_rule_looks_at_has_no_score() -> None:
    checks = [check for check in CHECKS if check.dimension != "timeliness"]
    assert set(DIMENSIONS) - set(dimension_scores(a_tally(accepted=8), checks, 8)) == {"timeliness"}


def test_duplicates_and_superseded_rows_lower_the_consistency() -> None:
    scores = dimension_scores(a_tally(accepted=5, duplicate=2, superseded=1), CHECKS, 8)
    assert scores["consistency"] == 62.5


def test_more_findings_than_rows_score_nothing() -> None:
    tally = a_tally(("VALUE_MISSING", "name", 4), ("VALUE_MISSING", "sex", 4), quarantined=4)
    assert dimension_scores(tally, CHECKS, 4)["completeness"] == 0.0


def test_a_file_without_rows_has_no_scores() -> None:
    assert dimension_scores(None, CHECKS, 0) == {}


@pytest.mark.parametrize(
    ("grade", "shown"), [(1, "13800138000"), (2, "13800138000"), (3, "13*********"), (4, "13*********")]
)
def test_personal_data_are_masked(grade: int, shown: str) -> None:
    column = Column.model_validate({"zh": "电话", "type": "mobile", "grade": grade})
    assert masked("13800138000", column) == shown
    assert masked(None, column) is None


@pytest.mark.parametrize(
    ("name", "shown"), [("王", "*"), ("王伟", "**"), ("欧阳伟", "欧**"), ("欧阳小伟", "欧***")]
)
def test_a_short_name_is_never_shown_whole(name: str, shown: str) -> None:
    assert masked(name, Column.model_validate({"zh": "姓名", "type": "text", "grade": 4})) == shown


@pytest.mark.parametrize(
    ("code", "column", "value", "shown"),
    [
        ("ID_CHECK_DIGIT", "person_id", "110105194912310021", "11" + "*" * 16),
        ("MOBILE_INVALID", "mobile", "1380013800", "13********"),
        ("CODE_UNKNOWN", "sex", "9", "9"),
    ],
)
def test_the_example_of_a_quarantined_row_is_masked(code: str, column: str, value: str, shown: str) -> None:
    theme, table = find_table("public_security_person")
    file = LandedFile("f.csv", "s", "public_security_person", "d", date(2026, 1, 10), 1, "h")
    finding = {"code": code, "column": column, "rows": 1, "first_row": 2, "example": value}
    (row,) = rule_rows(file, theme.id, table, Tally({"quarantined": (1, None)}, (finding,)))
    assert (row["column"], row["example"]) == (column, shown)


def test_a_value_that_no_column_names_is_hidden() -> None:
    assert (masked("13800138000", None), masked("", None), masked(None, None)) == ("***", "", None)
