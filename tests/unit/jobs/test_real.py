"""The real profile: what is collected, what stops it, and whether its sources fit contracts and headers."""

from __future__ import annotations

import csv
import gzip
import re
from datetime import date
from pathlib import Path

import pytest

import conf
from conf.source_files import Formula, Source, load_sources
from jobs import real
from jobs.lake.inspection import inspect
from jobs.lake.landing import LandedFile
from themes.common.contract import find_table

SOURCES = load_sources("real")
CODES = conf.load().codes
AGES_2010 = [f"{text}（男）" for text in ("0岁", "1-4岁", "80-84岁", "85岁及以上")]
AGES_2020 = [f"男_{text}" for text in ("0岁", "1到4岁", "80到84岁", "85岁以上")]
ENTERPRISE = ["name", "uscc", "reg_date", "city", "capital_raw", "capital_value", "capital_currency"]
CITY = [
    "year", "city", "adcode", "gdp_100m_yuan", "primary_pct", "secondary_pct", "tertiary_pct", "gdp_per_capita_yuan",
    "total_population", "employed", "emp_primary_pct", "emp_secondary_pct", "emp_tertiary_pct",
]  # fmt: skip


def fill(folder: Path) -> None:
    """A made-up file for each that the sources collect."""
    for source in SOURCES.values():
        for wanted in source.collect:
            path = folder / wanted.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(f"made up for {wanted.file}".encode())


@pytest.fixture
def daily_runs(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Arguments of every daily run asked for; none is made."""
    asked: list[list[str]] = []

    def run(argv: list[str]) -> int:
        asked.append(argv)
        return 0

    monkeypatch.setattr("jobs.daily.run", run)
    return asked


def test_files_are_landed_under_their_day_and_the_daily_run_is_asked_for(
    tmp_path: Path, daily_runs: list[list[str]]
) -> None:
    fill(tmp_path / "given")
    lake = tmp_path / "lake"
    assert real.run(["--sources", str(tmp_path / "given"), "--lake", str(lake)]) == 0
    assert daily_runs == [["--profile", "real", "--lake", str(lake)]]
    files = [p for p in lake.rglob("*") if p.is_file()]
    landed = {p.relative_to(lake / "landing").as_posix(): p.read_bytes() for p in files}
    expected = {
        f"{s.landing}/{c.delivered_on}/{Path(c.file).name}": f"made up for {c.file}".encode()
        for s in SOURCES.values()
        for c in s.collect
    }
    assert landed == expected
    assert not list(lake.rglob("*.part"))


def test_missing_files_are_all_named_before_anything_is_copied(
    tmp_path: Path, daily_runs: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    fill(tmp_path / "given")
    gone = [
        tmp_path / "given" / wanted.file
        for source in ("statistics_census_2010", "agriculture_price_hog")
        for wanted in SOURCES[source].collect
    ]
    for path in gone:
        path.unlink()
    assert real.run(["--sources", str(tmp_path / "given"), "--lake", str(tmp_path / "lake")]) == 2
    told = capsys.readouterr().err.splitlines()
    assert sorted(line.split(":")[0] for line in told) == sorted(map(str, gone))
    assert daily_runs == []
    assert not (tmp_path / "lake").exists()


def test_a_lake_of_another_profile_is_left_alone(
    tmp_path: Path, daily_runs: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    fill(tmp_path / "given")
    other = tmp_path / "lake/landing/health/birth/2022-01-10/birth.csv"
    other.parent.mkdir(parents=True)
    other.write_text("made up")
    assert real.run(["--sources", str(tmp_path / "given"), "--lake", str(tmp_path / "lake")]) == 2
    assert str(other) in capsys.readouterr().err
    assert daily_runs == []
    assert [p for p in (tmp_path / "lake").rglob("*") if p.is_file()] == [other]


def test_what_landing_holds_is_neither_copied_again_nor_replaced(
    tmp_path: Path, daily_runs: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    fill(tmp_path / "given")
    argv = ["--sources", str(tmp_path / "given"), "--lake", str(tmp_path / "lake")]
    assert real.run(argv) == 0
    landed = {path: path.stat().st_mtime_ns for path in (tmp_path / "lake").rglob("*.gz")}
    assert real.run(argv) == 0
    assert {path: path.stat().st_mtime_ns for path in landed} == landed
    changed = tmp_path / "given" / SOURCES["agriculture_price_hog"].collect[0].file
    changed.write_bytes(b"other")
    assert real.run(argv) == 2
    assert f"{changed}: landing never changes" in capsys.readouterr().err
    assert {path: path.stat().st_mtime_ns for path in landed} == landed
    assert len(daily_runs) == 2


@pytest.mark.parametrize("source", SOURCES.values(), ids=list(SOURCES))
def test_a_source_fills_every_required_column_of_its_contract_and_no_other(source: Source) -> None:
    _, table = find_table(source.table)
    filled = set(source.columns) | (source.unpivot.fills if source.unpivot else set())
    assert filled <= set(table.columns)
    assert {name for name, column in table.columns.items() if column.required} <= filled
    # a sample whose years are missing is no count of what there is; means of sparse days are too low
    estimated = {"market_regulation_enterprise", "environment_air_daily"}
    assert source.status == ("estimated" if source.table in estimated else "real")
    assert source.collect


@pytest.mark.parametrize("source", SOURCES.values(), ids=list(SOURCES))
def test_code_columns_made_by_a_formula_give_known_codes(source: Source) -> None:
    _, table = find_table(source.table)
    for name, given in source.columns.items():
        column = table.columns[name]
        if column.codes and isinstance(given, Formula) and "regexp_extract" not in given.sql:
            # A blank and the product are compared with; every other text is given.
            texts = set(re.findall(r"'([^']*)'", given.sql)) - {"", "pork"}
            assert texts
            assert texts <= CODES[column.codes].keys()


def test_no_two_files_land_in_one_place() -> None:
    places = [h.landed for h in real.handovers(Path("given"), Path("landing"), SOURCES)]
    assert len(places) == len(set(places)) == 23


@pytest.mark.parametrize(
    ("source", "headers", "others"),
    [
        (
            "statistics_census_2010",
            AGES_2010,
            ["0-14岁（%）", "65岁及以上（%）", "男", "小学-男", "16岁及以上人口"],
        ),
        (
            "statistics_census_2020",
            AGES_2020,
            ["人口数_男", "人口比重_0-14岁", "小学_男", "15岁及以上文盲人口_男"],
        ),
    ],
)
def test_census_headers_give_ages_and_sexes_of_the_code_lists(
    source: str, headers: list[str], others: list[str]
) -> None:
    unpivot = SOURCES[source].unpivot
    assert unpivot is not None
    for header, band in zip(headers, ("0", "1-4", "80-84", "85+"), strict=True):
        found = unpivot.matches(header)
        assert found is not None
        entry = CODES["age_band"][band]
        assert found["age"] in {entry.zh, *entry.aliases}
        assert found["sex"] == CODES["sex"]["m"].zh
    assert [name for name in others if unpivot.matches(name)] == []


def test_a_half_width_closing_bracket_is_an_age_column_too() -> None:
    unpivot = SOURCES["statistics_census_2010"].unpivot
    assert unpivot is not None
    found = unpivot.matches("45-49岁（女)")
    assert found is not None
    assert found.groupdict() == {"age": "45-49岁", "sex": "女"}


def landed(tmp_path: Path, source: Source, header: list[str]) -> LandedFile:
    """What landing says of a made-up file with this header and one row."""
    path = tmp_path / "made_up.csv.gz"
    with gzip.open(path, "wt", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, ["1"] * len(header)])
    day = date(2020, 1, 1)
    file = LandedFile(path.name, source.id, source.table, "made/up", day, path.stat().st_size, "hash")
    return inspect(file, tmp_path, source, find_table(source.table)[1])


@pytest.mark.parametrize(
    ("source", "header"),
    [
        ("statistics_census_2010", ["地区", "区划代码", "0岁（男）", "45-49岁（女)"]),
        ("statistics_census_2020", ["区划代码", "省", "男_0岁", "女_85岁以上"]),
        ("market_regulation_enterprise", ENTERPRISE),
        ("statistics_macro_series", ["series", "series_id", "freq", "unit", "date", "value"]),
        ("agriculture_price_hog", ["product", "adcode", "province", "year", "week", "price"]),
        ("agriculture_price_vegetable", ["date", "item_code", "wholesale_price", "item_name", "category"]),
        ("agriculture_crop", ["indicator", "region", "year", "value"]),
        ("development_cost_return", ["indicator", "region", "crop", "year", "value"]),
        ("environment_air_daily", ["city", "date", "AQI", "CO", "NO2", "O3", "PM10", "PM2.5", "SO2"]),
        ("statistics_city_yearly", CITY),
        ("statistics_marine_quarterly", ["年份/季度", "环翠区（亿元）", "南海新区（亿元）", "备注"]),
    ],
)
def test_files_laid_out_like_the_real_ones_can_be_read(
    tmp_path: Path, source: str, header: list[str]
) -> None:
    assert landed(tmp_path, SOURCES[source], header).readable


@pytest.mark.parametrize(
    ("source", "header", "named"),
    [
        ("agriculture_price_hog", ["product", "adcode", "year", "price"], "week"),
        ("market_regulation_enterprise", [h for h in ENTERPRISE if h != "capital_raw"], "capital_raw"),
        ("statistics_census_2020", ["区划代码", "男", "女"], "(?P<sex>"),
        ("statistics_city_yearly", [h for h in CITY if h != "adcode"], "adcode"),
        ("statistics_marine_quarterly", ["年份/季度", "环翠区（亿元）"], "备注"),
        ("agriculture_crop", ["region", "crop", "year", "value"], "indicator"),
    ],
)
def test_a_file_without_what_a_formula_or_the_pattern_needs_is_refused_and_named(
    tmp_path: Path, source: str, header: list[str], named: str
) -> None:
    refusal = landed(tmp_path, SOURCES[source], header).refusal
    assert refusal is not None
    assert refusal.code == "COLUMN_MISSING"
    assert named in refusal.en


def test_a_header_that_a_formula_reads_is_not_judged_as_the_column_of_its_name(tmp_path: Path) -> None:
    source = SOURCES["development_cost_return"]
    path = tmp_path / "made_up.csv.gz"
    with gzip.open(path, "wt", encoding="utf-8", newline="") as stream:
        rows = [["主产品产量（千克）", "山东", "小麦", str(2001 + k % 20), "400"] for k in range(100)]
        csv.writer(stream).writerows([["indicator", "region", "crop", "year", "value"], *rows])
    day = date(2020, 1, 1)
    file = LandedFile(path.name, source.id, source.table, "made/up", day, path.stat().st_size, "hash")
    found = inspect(file, tmp_path, source, find_table(source.table)[1])
    assert {use.column: use.mistyped for use in found.uses or ()} == dict.fromkeys(
        ["region", "crop", "year", "cost_item", "value"], 0
    )


def named(codes: str, text: str) -> list[str]:
    return [code for code, entry in CODES[codes].items() if text in {code, entry.zh, *entry.aliases}]


def pattern(source: str, column: str) -> re.Pattern[str]:
    """The expression by which a formula takes a column out of a text; Spark's and Python's agree on these."""
    given = SOURCES[source].columns[column]
    assert isinstance(given, Formula)
    found = re.search(r"regexp_extract\(.+, '([^']+)', 1\)", given.sql)
    assert found is not None
    return re.compile(found[1])


@pytest.mark.parametrize(
    ("text", "crop", "item"),
    [
        ("大豆单位面积产量（千克/公顷）", "soybean", "yield"),
        ("玉米产量（万吨）", "corn", "output"),
        ("春小麦播种面积（千公顷）", "spring_wheat", "area"),
        ("农作物总播种面积（千公顷）", "all_crops", "area"),
        ("玉米产品进口数量（吨）", "corn", "imports"),
        ("玉米生产价格指数（上年=100）", "corn", "price_index"),
    ],
)
def test_crop_and_measure_are_parted(text: str, crop: str, item: str) -> None:
    found = [pattern("agriculture_crop", column).search(text) for column in ("crop", "crop_item")]
    assert all(found)
    assert named("crop", found[0][1] if found[0] else "") == [crop]
    assert named("crop_item", found[1][1] if found[1] else "") == [item]


def test_land_is_no_crop() -> None:
    assert pattern("agriculture_crop", "crop").search("耕地面积（千公顷）") is None


@pytest.mark.parametrize(
    ("period", "remark", "quarter"),
    [
        ("2021年第二季度", "", "二"),
        ("2022年4季度", "全年累计数", "4"),
        ("2023", "2023年第四季度", "四"),
        ("2023", "", None),
    ],
)
def test_a_quarter_is_found_in_the_period_or_the_remark(
    period: str, remark: str, quarter: str | None
) -> None:
    found = pattern("statistics_marine_quarterly", "quarter").search(f"{period} {remark}")
    assert (found[1] if found else None) == quarter
    year = pattern("statistics_marine_quarterly", "year").search(period)
    assert year is not None
    assert year[1] == period[:4]


@pytest.mark.parametrize(
    "name", ["环翠区", "文登区", "荣成市", "乳山市", "高技区", "经技区", "临港区", "南海新区"]
)
def test_districts_of_the_marine_file_are_codes(name: str) -> None:
    unpivot = SOURCES["statistics_marine_quarterly"].unpivot
    assert unpivot is not None
    found = unpivot.matches(f"{name}（亿元）")
    assert found is not None
    assert len(named("marine_district", found["district"])) == 1
