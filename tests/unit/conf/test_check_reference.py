import csv
import gzip
from collections.abc import Sequence
from pathlib import Path

import pytest

import conf
from jobs.check_reference import Finding, check, run

REFERENCE = conf.load().root / "reference"
BANDS = list(conf.load().codes["age_band"])


@pytest.fixture
def small(tmp_path: Path) -> tuple[Path, Path]:
    """A reference folder and sources with Dongguan alone: 100 of each sex and age in 2010, 200 in 2020."""
    reference, population = tmp_path / "reference", tmp_path / "sources" / "population"
    reference.mkdir()
    population.mkdir(parents=True)
    people = {2010: 100, 2020: 200}
    cells = [(year, "441900", sex, age, n) for year, n in people.items() for sex in "fm" for age in BANDS]
    write(reference / "census_age_sex.csv", ["census_year", "region", "sex", "age", "population"], cells)
    totals = [(year, "440000", n * 2 * len(BANDS), "test") for year, n in people.items()]
    write(reference / "province_totals.csv", ["census_year", "region", "population", "source"], totals)

    def volume_2010(sex: str, age: str) -> str:
        return f"85岁及以上（{sex}）" if age == "85+" else f"{age}岁（{sex}）"

    def volume_2020(sex: str, age: str) -> str:
        return f"{sex}_85岁以上" if age == "85+" else f"{sex}_{age.replace('-', '到')}岁"

    for year, header in ((2010, volume_2010), (2020, volume_2020)):
        columns = [header(sex, age) for sex in "男女" for age in BANDS]
        # the province's row and a row without a code must be passed over
        rows = [[code, *[people[year]] * len(columns)] for code in ("440000", "441900", "", "110101")]
        write(population / f"census{year}_county_full.csv.gz", ["区划代码", *columns], rows)
    long = [
        (year, code, sex.upper(), age, float(n))
        for year, _, sex, age, n in cells
        for code in ("441900", "440000")
    ]
    write(population / "census_age_sex_long_gd_sd.csv.gz", ["year", "code", "sex", "age", "pop"], long)
    return reference, population.parent


def write(path: Path, header: list[str], rows: Sequence[Sequence[object]]) -> None:
    if path.suffix == ".gz":
        with gzip.open(path, "wt", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([header, *rows])
    else:
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([header, *rows])


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def failed(findings: list[Finding]) -> list[str]:
    return [finding.check for finding in findings if finding.different]


def test_the_reference_table_adds_up_to_the_published_totals() -> None:
    findings = check(REFERENCE, None)
    assert failed(findings) == []
    assert sum(finding.check.startswith("total of") for finding in findings) == 4


def test_the_published_totals_stand_in_the_table() -> None:
    with (REFERENCE / "province_totals.csv").open(encoding="utf-8", newline="") as stream:
        totals = {
            (row["census_year"], row["region"]): int(row["population"]) for row in csv.DictReader(stream)
        }
    assert totals["2020", "440000"] == 126_012_510
    assert totals["2020", "370000"] == 101_527_453


def test_sources_that_agree_pass_cell_by_cell(small: tuple[Path, Path]) -> None:
    findings = check(*small)
    assert failed(findings) == []
    assert [finding.compared for finding in findings][-3:] == [38, 38, 76]


def test_an_altered_cell_is_found(small: tuple[Path, Path]) -> None:
    reference, sources = small
    replace(reference / "census_age_sex.csv", "2010,441900,f,5-9,100", "2010,441900,f,5-9,101")
    replace(reference / "census_age_sex.csv", "2010,441900,f,1-4,100", "2010,441900,f,1-4,99")
    findings = check(reference, sources)
    volume = "census2010_county_full.csv.gz"
    assert failed(findings) == [volume, "census_age_sex_long_gd_sd.csv.gz"]
    found = next(finding for finding in findings if finding.check == volume)
    assert (found.different, found.first) == (2, "2010 441900 f 1-4: source 100, table 99")


def test_a_wrong_total_is_found_without_sources(small: tuple[Path, Path]) -> None:
    reference, _ = small
    replace(reference / "census_age_sex.csv", "2020,441900,m,85+,200", "2020,441900,m,85+,201")
    assert failed(check(reference, None)) == ["total of 440000 in 2020"]


def test_a_cell_that_is_missing_or_twice_is_found(small: tuple[Path, Path]) -> None:
    reference, sources = small
    table = reference / "census_age_sex.csv"
    replace(table, "2020,441900,m,85+,200", "2020,441900,f,0,200")
    assert failed(check(reference, sources)) == [
        "no cell twice",
        "every sex and age band",
        "total of 440000 in 2020",
        "census2020_county_full.csv.gz",
        "census_age_sex_long_gd_sd.csv.gz",
    ]


def test_a_region_with_parts_is_found(small: tuple[Path, Path]) -> None:
    reference, _ = small
    table = reference / "census_age_sex.csv"
    table.write_text(
        table.read_text(encoding="utf-8").replace("2010,441900", "2010,440100"), encoding="utf-8"
    )
    findings = check(reference, None)
    assert failed(findings) == ["regions in force and without parts"]
    assert findings[1].first == "440100 in 2010"


@pytest.mark.parametrize("text", ["many", "-1", "1.5"])
def test_what_is_no_count_is_named_by_file_and_row(small: tuple[Path, Path], text: str) -> None:
    reference, _ = small
    replace(reference / "census_age_sex.csv", "2010,441900,f,0,100", f"2010,441900,f,0,{text}")
    with pytest.raises(ValueError, match=rf"census_age_sex.csv: row 2: '{text}' is no"):
        check(reference, None)


def test_run_prints_a_table_and_returns_its_exit_code(
    small: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([]) == 0
    assert "every sex and age band" in capsys.readouterr().out
    # the small sources know Dongguan only
    assert run(["--sources", str(small[1])]) == 1
    assert "census2020_county_full.csv.gz" in capsys.readouterr().out
    assert run(["--sources", str(tmp_path / "nowhere")]) == 2
    assert "census2010_county_full.csv.gz" in capsys.readouterr().err
