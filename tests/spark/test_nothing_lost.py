"""Received = accepted + quarantined + duplicate + superseded, and every planned defect met its fate."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

import conf
from conf.source_files import load_sources
from jobs.lake.paths import Lake
from tests.spark.tiny import read
from themes.common.contract import find_table

pytestmark = pytest.mark.spark

FATES = ("accepted", "quarantined", "duplicate", "superseded")
TABLES = sorted({s.table for s in load_sources("demo").values()})
_HALF = {code + 0xFEE0: chr(code) for code in range(0x21, 0x7F)} | {0x3000: " "}

RULES = {
    "bad_check_digit": {"ID_CHECK_DIGIT", "USCC_CHECK_DIGIT"},
    "birth_mismatch": {"ID_BIRTH_MISMATCH"},
    "sex_mismatch": {"ID_SEX_MISMATCH"},
    "impossible_date": {"DATE_INVALID"},
    "unknown_region": {"REGION_UNKNOWN"},
    "missing": {"VALUE_MISSING"},
    "unknown_code": {"CODE_UNKNOWN"},
    "out_of_range": {"BELOW_MINIMUM", "ABOVE_MAXIMUM"},
    "exit_before_entry": {"EXIT_BEFORE_ENTRY"},
    "ragged": {"ROW_RAGGED"},
}


@pytest.fixture(scope="module")
def quality(tiny_lake: Lake) -> pl.DataFrame:
    return read(tiny_lake.gold("quality"))


@pytest.fixture(scope="module")
def truth(tiny_lake: Lake) -> pl.DataFrame:
    """What was done to the simulated rows on purpose."""
    files = sorted((tiny_lake.root / "ops" / "truth").glob("*.csv"))
    told = pl.concat([pl.read_csv(f, infer_schema=False) for f in files])
    return told.with_columns(pl.col("row").cast(pl.Int64))


@pytest.fixture(scope="module")
def fates(tiny_lake: Lake) -> pl.DataFrame:
    """Fate, rules broken and table of every row of the lake."""
    none = pl.lit([], dtype=pl.List(pl.String)).alias("codes")
    found = []
    for table in TABLES:
        accepted = read(tiny_lake.silver(table)).select("file", "row", pl.lit("accepted").alias("fate"), none)
        aside = read(tiny_lake.quarantine(table)).select("file", "row", "fate", "codes")
        found.append(pl.concat([accepted, aside]).with_columns(table=pl.lit(table)))
    return pl.concat(found)


def test_every_file_in_landing_is_accounted_for(tiny_lake: Lake, quality: pl.DataFrame) -> None:
    landed = {p.relative_to(tiny_lake.landing).as_posix() for p in tiny_lake.landing.rglob("*.csv")}
    assert sorted(quality["file"]) == sorted(landed)


def test_rows_received_are_the_lines_of_the_file_and_the_sum_of_their_fates(
    tiny_lake: Lake, quality: pl.DataFrame
) -> None:
    for row in quality.iter_rows(named=True):
        lines = 0 if row["outcome"] == "repeated" else len(_lines(tiny_lake.landing / row["file"], row)) - 1
        assert row["received"] == lines == sum(row[fate] for fate in FATES), row["file"]


def test_sums_of_the_measure_add_up(tiny_lake: Lake, quality: pl.DataFrame) -> None:
    measured = quality.filter(pl.col("measure").is_not_null())
    assert len(measured) > 5
    for row in measured.iter_rows(named=True):
        column = find_table(row["table"])[1].columns[row["measure"]].zh
        header, *lines = _lines(tiny_lake.landing / row["file"], row)
        cells = [line[header.index(column)] for line in lines if len(line) == len(header)]
        handed_in = sum(_number(cell) for cell in cells)
        parts = sum(row[f"measure_{fate}"] or 0.0 for fate in FATES)
        assert handed_in == pytest.approx(row["measure_received"]) == pytest.approx(parts), row["file"]
        silver = read(tiny_lake.silver(row["table"])).filter(pl.col("file") == row["file"])
        assert silver[row["measure"]].sum() == pytest.approx(row["measure_accepted"] or 0.0), row["file"]


@pytest.mark.parametrize("table", TABLES)
def test_every_received_row_is_accepted_or_set_aside_once(
    tiny_lake: Lake, fates: pl.DataFrame, table: str
) -> None:
    bronze = read(tiny_lake.bronze(table))
    received = Counter(zip(bronze["file"], bronze["row"], strict=True))
    own = fates.filter(pl.col("table") == table)
    kept = Counter(zip(own["file"], own["row"], strict=True))
    assert received == kept
    assert set(received.values()) == {1}


@pytest.mark.parametrize("table", TABLES)
def test_an_accepted_row_is_the_received_one(tiny_lake: Lake, table: str) -> None:
    names = ["file", "row", "hash"]
    silver, bronze = read(tiny_lake.silver(table)).select(names), read(tiny_lake.bronze(table)).select(names)
    assert len(silver) > 0
    assert silver.join(bronze, on=names, how="anti").is_empty()


def test_exactly_the_planned_defects_were_set_aside(truth: pl.DataFrame, fates: pl.DataFrame) -> None:
    planned = truth.filter(pl.col("expected").is_in(FATES)).select(
        "file", "row", pl.col("expected").alias("fate")
    )
    found = fates.filter(pl.col("fate") != "accepted").select("file", "row", "fate")
    assert len(planned) > 100
    assert set(found.iter_rows()) ^ set(planned.iter_rows()) == set()


def test_a_bad_row_is_set_aside_by_the_rule_it_breaks(truth: pl.DataFrame, fates: pl.DataFrame) -> None:
    bad = truth.filter(pl.col("expected") == "quarantined").join(fates, on=["file", "row"], how="left")
    assert set(bad["kind"]) <= set(RULES)
    assert [r for r in bad.iter_rows(named=True) if not RULES[r["kind"]] & set(r["codes"])] == []


def test_a_mended_cell_holds_what_it_should_have_held(tiny_lake: Lake, truth: pl.DataFrame) -> None:
    sources = load_sources("demo").values()
    mended = truth.filter(pl.col("expected") == "mended")
    assert set(mended["kind"]) == {"full_width", "stray_blank"}
    for row in mended.iter_rows(named=True):
        (source,) = (s for s in sources if row["delivery"].startswith(f"{s.landing}/"))
        at = (pl.col("file") == row["file"]) & (pl.col("row") == row["row"])
        kept = read(tiny_lake.silver(source.table)).filter(at)[row["column"]].item()
        assert str(kept) == str(_typed(row["original"], source.table, row["column"])), row


def test_a_file_handed_in_twice_counts_once(truth: pl.DataFrame, quality: pl.DataFrame) -> None:
    (again,) = truth.filter(pl.col("expected") == "repeated").iter_rows(named=True)
    (row,) = quality.filter(pl.col("file") == again["file"]).iter_rows(named=True)
    assert (row["outcome"], row["received"]) == ("repeated", 0)
    assert again["original"] in row["reason_en"]


def _lines(file: Path, row: dict[str, str]) -> list[list[str]]:
    with file.open(encoding=row["encoding"], newline="") as stream:
        return list(csv.reader(stream))


def _number(cell: str) -> float:
    try:
        return float(cell.translate(_HALF).strip())
    except ValueError:
        return 0.0


def _typed(text: str, table: str, name: str) -> object:
    column = find_table(table)[1].columns[name]
    if column.codes:
        return {entry.zh: code for code, entry in conf.load().codes[column.codes].items()}[text]
    return float(text) if column.type == "decimal" else text
