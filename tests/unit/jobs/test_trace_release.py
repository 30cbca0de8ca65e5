"""Which release is traced, what is told when it cannot be, and what is hidden of the rows; without Spark."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

import polars as pl
import pytest
from deltalake import DeltaTable, write_deltalake

import conf
from conf.source_files import Source, load_sources
from jobs import trace
from jobs.lake.paths import Lake
from jobs.lake.trace_figures import TraceError, find_figure, open_release
from jobs.lake.trace_rows import records, safe_cells
from jobs.lake.trace_walk import SourceRows
from themes.common.contract import Table, find_table

PEOPLE = "public_security_person"
FIGURE = {
    "indicator": "population.register_sample",
    "region": "440100",
    "breakdown": "",
    "period": "2025",
}
ID = "11010519491231002X"


def figure(value: float) -> dict[str, Any]:
    return FIGURE | {"value": value, "published_at": date(2026, 1, 10)}


def row_of_bronze(name: str) -> dict[str, Any]:
    record = {"公民身份号码": ID, "姓名": name, "性别": "1", "备注": f"{name}的邻居"}
    return {
        "delivery": "public_security/person/2026-01-10", "source": PEOPLE, "file": "people.csv",
        "sheet": None, "row": 2, "record": json.dumps(record, ensure_ascii=False), "problem": None,
    }  # fmt: skip


def write(path: Path, *rows: dict[str, Any], mode: Literal["overwrite", "append"] = "overwrite") -> None:
    write_deltalake(
        str(path),
        pl.DataFrame(list(rows), schema_overrides={"problem": pl.String, "sheet": pl.String}),
        mode=mode,
    )


def write_release(lake: Lake, number: int, **versions: int) -> None:
    named = {"indicator": number - 1, "forecast": 0, "quality": 0, **versions}
    row = {
        "release_id": f"R{number}", "released_at": datetime(2026, 1, number, tzinfo=UTC), "as_of": date(2026, 1, 31),
        "profile": "demo", "code_version": "old", "tables": json.dumps(named),
    }  # fmt: skip
    write(lake.gold("release"), row, mode="append")


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """Two releases: R1 saw value 1 and 张三丰 in bronze, R2 value 2 and 李小四."""
    made = Lake(tmp_path / "lake")
    write(made.gold("forecast"), figure(0) | {"champion": True, "as_of": date(2026, 1, 1), "period": "2031"})
    quality = {"table": PEOPLE, "source": PEOPLE, "file": "people.csv", "outcome": "accepted"}
    write(made.gold("quality"), quality, quality | {"file": "refused.csv", "outcome": "refused"})
    for number, name in ((1, "张三丰"), (2, "李小四")):
        write(made.gold("indicator"), figure(number))
        write(made.bronze(PEOPLE), row_of_bronze(name))
        write_release(made, number, **{f"bronze.{PEOPLE}": number - 1})
    return made


def options(lake: Lake, *more: str, **changed: str) -> list[str]:
    return [f"--lake={lake.root}", *(f"--{k}={v}" for k, v in (FIGURE | changed).items()), *more]


def vacuum(path: Path, version: int) -> None:
    """Take away the files of a version that later ones do not hold."""
    for file in DeltaTable(str(path), version=version).file_uris():
        Path(file).unlink()


@pytest.mark.parametrize(
    ("asked", "value", "person"), [("R1", 1.0, "张"), ("R2", 2.0, "李"), (None, 2.0, "李")]
)
def test_a_release_is_read_at_its_own_versions(
    lake: Lake, asked: str | None, value: float, person: str
) -> None:
    release = open_release(lake, asked)
    found, _ = find_figure(release, conf.load(), *(FIGURE[k] for k in ("indicator", "region", "period")), "")
    assert found["value"] == value
    part = SourceRows(PEOPLE, "public_security/person/2026-01-10", "people.csv", (2,))
    ((number, record),) = records(release, part, load_sources("demo")[PEOPLE], 3)
    assert number == 2
    assert json.loads(record)["姓名"] == f"{person}**"


def test_only_files_that_were_read_count(lake: Lake) -> None:
    assert open_release(lake).files(PEOPLE) == ["people.csv"]


def one_line(lake: Lake, capsys: pytest.CaptureFixture[str], *more: str, **changed: str) -> str:
    """What the job complains of; it must end before a JVM starts."""
    assert trace.run(options(lake, *more, **changed)) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    return printed.err


@pytest.fixture(autouse=True)
def no_jvm(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(*_: object) -> None:
        raise AssertionError("a JVM was started")

    monkeypatch.setattr("jobs.lake.session.start", start)


def test_the_newest_five_are_named_when_a_release_is_unknown(
    lake: Lake, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(3, 8):
        write_release(lake, number)
    assert one_line(lake, capsys, "--release=R9") == (
        "trace: no release 'R9' in lake/: the newest are R7, R6, R5, R4, R3\n"
    )


@pytest.mark.parametrize("table", ["gold/indicator", "gold/quality", f"bronze/{PEOPLE}"])
def test_a_version_that_has_been_vacuumed_away_is_told(
    lake: Lake, capsys: pytest.CaptureFixture[str], table: str
) -> None:
    vacuum(lake.root / table, 0)
    name = table.removeprefix("gold/").replace("/", ".")
    told = f"release R1 can no longer be traced: version 0 of {name} has been vacuumed away"
    assert told in one_line(lake, capsys, "--release=R1")


def test_a_version_whose_log_is_gone_is_told(lake: Lake, capsys: pytest.CaptureFixture[str]) -> None:
    (lake.bronze(PEOPLE) / "_delta_log" / f"{0:020}.json").unlink()
    assert "vacuumed away" in one_line(lake, capsys, "--release=R1")


def test_a_release_that_does_not_name_its_rows_is_told(
    lake: Lake, capsys: pytest.CaptureFixture[str]
) -> None:
    write_release(lake, 3, indicator=1)
    assert f"does not say which version of bronze.{PEOPLE}" in one_line(lake, capsys, "--release=R3")


def test_a_source_that_conf_no_longer_has_is_told(lake: Lake) -> None:
    with pytest.raises(TraceError, match=f"conf has no source {PEOPLE} any more"):
        open_release(lake).check_rows([PEOPLE], {"another"})


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"indicator": "population.happiness"}, "unknown indicator 'population.happiness'"),
        ({"indicator": ""}, "unknown indicator ''"),
        ({"region": "4401"}, "unknown region '4401'"),
        ({"region": "广州"}, "unknown region '广州'"),
        ({"region": "440300"}, "no figure of population.register_sample for region 440300"),
        ({"period": "2025-13"}, "2025-13"),
        ({"period": "soon"}, "soon"),
        ({"period": "1066"}, "no period '1066'"),
        ({"breakdown": "sex=x"}, "no breakdown 'sex=x'"),
    ],
)
def test_wrong_options_are_told_in_one_line(
    lake: Lake, capsys: pytest.CaptureFixture[str], changed: dict[str, str], told: str
) -> None:
    assert told in one_line(lake, capsys, **changed)


def test_a_folder_that_is_no_lake_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "no release in nowhere/" in one_line(Lake(tmp_path / "nowhere"), capsys)


@pytest.mark.parametrize("rows", ["-1", "many", "1.5", ""])
def test_a_wrong_number_of_rows_is_told(lake: Lake, capsys: pytest.CaptureFixture[str], rows: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        trace.run(options(lake, f"--rows={rows}"))
    assert stopped.value.code == 2
    told = capsys.readouterr().err
    assert f"{rows!r} is not a number of rows" in told
    assert told.count("\n") == 1


# -- what is hidden ------------------------------------------------------------------------------------------


def people() -> tuple[Source, Table]:
    return load_sources("demo")[PEOPLE], find_table(PEOPLE)[1]


def test_columns_are_masked_by_their_grade_and_unknown_ones_whole() -> None:
    cells = {"公民身份号码": ID, "姓名": "王伟", "性别": "1", "备注": "住在三楼", "邮箱": ""}
    assert safe_cells(cells, *people()) == {
        "公民身份号码": "11" + "*" * 16, "姓名": "**", "性别": "1", "备注": "***", "邮箱": "",
    }  # fmt: skip


def test_cells_of_a_ragged_row_are_hidden() -> None:
    assert safe_cells({"_1": ID, "_2": "王伟"}, *people()) == {"_1": "***", "_2": "***"}


def test_a_header_that_a_formula_reads_has_the_grade_of_the_formulas_column() -> None:
    source, table = people()
    formula = {"columns": {"person_id": {"sql": "trim(`证件`)"}, "sex": {"sql": "substring(`证件`, 17, 1)"}}}
    source = Source.model_validate(source.model_dump() | formula)
    assert safe_cells({"证件": ID, "公民身份号码": ID}, source, table) == {
        "证件": "11" + "*" * 16, "公民身份号码": "***",
    }  # fmt: skip


def test_a_header_that_becomes_rows_has_the_grade_of_their_value() -> None:
    source, table = people()
    unpivot = {"pattern": "(?P<sex>男|女)证件", "value": "person_id"}
    source = Source.model_validate(source.model_dump() | {"unpivot": unpivot})
    assert safe_cells({"男证件": ID}, source, table) == {"男证件": "11" + "*" * 16}


@pytest.mark.parametrize("profile", ["demo", "real"])
def test_no_personal_column_of_any_source_is_shown_whole(profile: str) -> None:
    seen = 0
    for source in load_sources(profile).values():
        table = find_table(source.table)[1]
        for name, column in table.columns.items():
            given = source.columns.get(name, column.zh)
            if column.grade >= 3 and isinstance(given, str):
                seen += 1
                assert ID not in safe_cells({given: ID}, source, table).values()
    assert seen or profile == "real"
