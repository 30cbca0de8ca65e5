"""What holds of every figure in gold, and how the text of a cell is judged."""

from __future__ import annotations

import csv
import json

import polars as pl
import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

import conf
from conf.source_files import load_sources
from jobs.context import Context
from jobs.lake.paths import Lake
from jobs.lake.silver import checks_of
from jobs.steps import publish
from tests.spark.tiny import read
from themes.common.contract import Column, discover, find_table
from themes.common.types import cast_sql, clean, column_checks

pytestmark = pytest.mark.spark


@pytest.fixture(scope="module")
def indicator(tiny_lake: Lake) -> pl.DataFrame:
    return read(tiny_lake.gold("indicator")).with_columns(
        files=pl.col("source").str.json_decode(pl.List(pl.String))
    )


def test_a_figure_is_published_once_a_day(indicator: pl.DataFrame) -> None:
    key = ["indicator", "region", "breakdown", "period", "freq", "published_at"]
    assert indicator.filter(indicator.select(key).is_duplicated()).is_empty()


def test_simulated_stays_simulated(indicator: pl.DataFrame) -> None:
    statuses = {s.landing: s.status for s in load_sources("demo").values()}
    assert set(statuses.values()) == {"real", "simulated"}
    for status, files in indicator.select("status", "files").unique().iter_rows():
        origins = {statuses[file.rsplit("/", 2)[0]] for file in files}
        assert status == ("simulated" if "simulated" in origins else "real"), files


@pytest.mark.parametrize("table", ["forecast", "backtest", "warning"])
def test_what_is_derived_from_simulated_figures_is_simulated(
    tiny_lake: Lake, indicator: pl.DataFrame, table: str
) -> None:
    simulated = set(indicator.filter(pl.col("status") == "simulated")["indicator"])
    derived = read(tiny_lake.gold(table)).filter(pl.col("indicator").is_in(simulated))
    assert set(derived["status"]) == {"simulated"}


def test_census_totals_of_provinces_are_the_published_ones(indicator: pl.DataFrame) -> None:
    census = indicator.filter(
        (pl.col("indicator") == "population.census_total") & (pl.col("breakdown") == "")
    )
    values = {(r, p): v for r, p, v in census.select("region", "period", "value").iter_rows()}
    with (conf.load().root / "reference/province_totals.csv").open(encoding="utf-8") as stream:
        published = list(csv.DictReader(stream))
    assert len(published) == 4
    for row in published:
        assert values[row["region"], row["census_year"]] == float(row["population"])


def test_register_samples_and_census_share_no_indicator(indicator: pl.DataFrame) -> None:
    datasets = (
        indicator.explode("files")
        .select("indicator", pl.col("files").str.extract(r"^([^/]+/[^/]+)/").alias("dataset"))
        .unique()
        .group_by("indicator")
        .agg("dataset")
    )
    census = datasets.filter(pl.col("dataset").list.contains("statistics/census_age_sex"))
    assert len(census) > 1
    assert set(census["dataset"].list.len()) == {1}


def test_everything_in_gold_is_released_and_catalogued(tiny_lake: Lake, indicator: pl.DataFrame) -> None:
    (release,) = read(tiny_lake.gold("release")).iter_rows(named=True)
    versions = json.loads(release["tables"])
    assert all(version >= 0 for version in versions.values())
    assert set(indicator["indicator"]) <= set(read(tiny_lake.gold("catalogue"))["indicator"])
    assert set(indicator["run_id"]) == {release["run_id"]}


def test_a_run_killed_after_its_release_makes_no_second_one(spark: SparkSession, tiny_lake: Lake) -> None:
    (release,) = read(tiny_lake.gold("release")).iter_rows(named=True)
    sources = load_sources("demo")
    again = Context(spark, conf.load(), discover(), sources, tiny_lake, "run-again", release["as_of"])
    made = publish.write_release(again, "demo", release["code_version"], release["fingerprint"])
    assert made == release["release_id"]
    assert len(read(tiny_lake.gold("release"))) == 1


@pytest.mark.parametrize(
    ("column", "text", "value", "codes"),
    [
        ({"type": "citizen_id"}, "11010519491231002X", "11010519491231002X", []),
        ({"type": "citizen_id"}, "11010519491231002x", "11010519491231002X", []),
        ({"type": "citizen_id"}, "440524188001010014", "440524188001010014", []),
        ({"type": "citizen_id"}, "110105194912310021", "110105194912310021", ["ID_CHECK_DIGIT"]),
        ({"type": "citizen_id"}, "110105194902310026", "110105194902310026", ["ID_CHECK_DIGIT"]),
        ({"type": "citizen_id"}, "11010549123100", "11010549123100", ["ID_CHECK_DIGIT"]),
        ({"type": "uscc"}, "91350100M000100Y43", "91350100M000100Y43", []),
        ({"type": "uscc"}, "11320000MB151840XJ", "11320000MB151840XJ", []),
        ({"type": "uscc"}, "91350100M000100Y4Z", "91350100M000100Y4Z", ["USCC_CHECK_DIGIT"]),
        ({"type": "uscc"}, "91350100M000100Y34", "91350100M000100Y34", ["USCC_CHECK_DIGIT"]),
        ({"type": "mobile"}, "13800138000", "13800138000", []),
        ({"type": "mobile"}, "1380013800", "1380013800", ["MOBILE_INVALID"]),
        ({"type": "date"}, "2020年2月29日", "2020-02-29", []),
        ({"type": "date"}, "20200229", "2020-02-29", []),
        ({"type": "date"}, "2021-02-29", None, ["DATE_INVALID"]),
        ({"type": "date", "min": "1990-01-01"}, "1989-12-31", "1989-12-31", ["BELOW_MINIMUM"]),
        ({"type": "integer"}, "１２", "12", []),
        ({"type": "integer"}, "12.0", "12", []),
        ({"type": "integer"}, "twelve", None, ["NUMBER_INVALID"]),
        ({"type": "decimal", "max": 1000}, "1,234.5", "1234.5", ["ABOVE_MAXIMUM"]),
        ({"type": "decimal", "min": 0}, "-1", "-1.0", ["BELOW_MINIMUM"]),
        ({"type": "code", "codes": "sex"}, "男", "m", []),
        ({"type": "code", "codes": "sex"}, "待查", None, ["CODE_UNKNOWN"]),
        ({"type": "text", "required": True}, "　", None, ["VALUE_MISSING"]),
        ({"type": "text", "pattern": "^B[0-9]{2}$"}, " B12 ", "B12", []),
        ({"type": "text", "pattern": "^B[0-9]{2}$"}, "B123", "B123", ["PATTERN_BROKEN"]),
    ],
)
def test_text_becomes_a_value_or_a_finding(
    spark: SparkSession, column: dict[str, object], text: str, value: str | None, codes: list[str]
) -> None:
    declared = Column.model_validate({"zh": "列", **column})
    lists = {"sex": {"男": "m", "女": "f", "m": "m", "f": "f"}}
    row = spark.range(1).select(F.expr(clean("'" + text + "'")).alias("_clean_x"))
    row = row.withColumn("x", F.expr(cast_sql(declared, "`_clean_x`", lists)))
    checks = column_checks("x", declared)
    broken = [F.expr(check.broken).alias(f"b{n}") for n, check in enumerate(checks)]
    got = row.select(F.col("x").cast("string"), *broken).first()
    assert got is not None
    assert got["x"] == value
    assert [check.code for check, is_broken in zip(checks, got[1:], strict=True) if is_broken] == codes


@pytest.mark.parametrize(
    ("table", "period"),
    [
        ("statistics_population_yearly", "cast({} as bigint) as year"),
        ("statistics_gdp_quarterly", "cast({} as bigint) as year, 1L as quarter"),
        ("agriculture_sow_stock", "cast({} as bigint) as year, 2L as month"),
        ("statistics_economy_monthly", "to_date('{}-02-01') as month"),
        ("environment_air_daily", "to_date('{}-02-01') as date"),
        ("agriculture_trace_batch", "to_date('{}-02-01') as inspected_on"),
    ],
)
def test_a_region_that_no_longer_exists_is_a_finding(spark: SparkSession, table: str, period: str) -> None:
    (check,) = (c for c in checks_of(find_table(table)[1]) if c.code == "REGION_NOT_VALID")
    validity = "cast(null as date) as _region_region_from, to_date('2019-01-06') as _region_region_to"
    rows = [
        spark.sql(f"select {period.format(year)}, {validity}").select(F.expr(check.broken)).first()
        for year in (2018, 2020)
    ]
    assert [row[0] for row in rows if row is not None] == [None, True]
