"""Compare the census reference table with the published totals and, where they are at hand, its sources.

    ./spark-submit.sh check-reference --sources DIR

DIR holds `population/` with the digitised county volumes of both censuses and the long table made from them.
"""

import csv
import gzip
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple, TextIO

import conf
from conf.options import Parser

Cell = tuple[int, str, str, str]
"""Census year, region, sex, age band."""

_FULL = {2010: "census2010_county_full.csv.gz", 2020: "census2020_county_full.csv.gz"}
_LONG = "census_age_sex_long_gd_sd.csv.gz"
_SEX = {"女": "f", "男": "m"}
# 1-4岁（女） in the 2010 volume, 女_1到4岁 in that of 2020; the oldest is 85岁及以上 or 85岁以上
_HEADERS = (
    re.compile(r"(?P<low>\d+)(?:-(?P<high>\d+))?岁(?P<open>及以上)?（(?P<sex>[男女])[）)]"),
    re.compile(r"(?P<sex>[男女])_(?P<low>\d+)(?:到(?P<high>\d+))?岁(?P<open>以上)?"),
)


class Finding(NamedTuple):
    """One check: how many cells were compared, how many differ, and the first that does."""

    check: str
    compared: int
    different: int
    first: str


def check(reference_dir: Path, sources: Path | None) -> list[Finding]:
    """Every check of `reference_dir/census_age_sex.csv`, in order.

    Without `sources` the table is held against the regions, the age bands and `province_totals.csv`; with
    them also cell by cell against the files below `sources/population`. Raises OSError on a file that is not
    there and ValueError naming file, row and fault on one that does not read.
    """
    table, repeated = _table(reference_dir / "census_age_sex.csv")
    provinces = conf.load().settings.provinces
    found = [_repeated(table, repeated), _regions(table), _complete(table), *_totals(table, reference_dir)]
    if sources is not None:
        prefixes = tuple(code[:2] for code in provinces)
        population = sources / "population"
        for year, name in _FULL.items():
            source = {cell: n for cell, n in _full(population / name, year) if cell[1].startswith(prefixes)}
            found.append(_compare(name, {c: n for c, n in table.items() if c[0] == year}, source))
        found.append(_compare(_LONG, table, dict(_long(population / _LONG))))
    return found


def run(args: Sequence[str]) -> int:
    """Print the table of checks. 0 when all hold, 1 when a cell differs, 2 when a file cannot be read."""
    parser = Parser(
        prog="check-reference",
        description="Compare the census reference table with the published totals and its sources.",
        epilog="example: ./spark-submit.sh check-reference --sources ../data",
    )
    parser.add_argument(
        "--sources", type=Path, help="folder with population/ (default: published totals only)"
    )
    options = parser.parse_args(args)
    try:
        findings = check(conf.load().root / "reference", options.sources)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{'check':<40} {'compared':>9} {'different':>9}")
    for finding in findings:
        print(f"{finding.check:<40} {finding.compared:>9,} {finding.different:>9,}  {finding.first}".rstrip())
    return int(any(finding.different for finding in findings))


def _table(path: Path) -> tuple[dict[Cell, int], list[Cell]]:
    """The reference table, and the cells that it gives more than once."""
    cells: dict[Cell, int] = {}
    repeated = []
    with path.open(encoding="utf-8", newline="") as stream:
        for number, row in _rows(stream, path, "census_year", "region", "sex", "age", "population"):
            year = _count(row["census_year"], path, number)
            cell = (year, row["region"], row["sex"], row["age"])
            if cell in cells:
                repeated.append(cell)
            cells[cell] = _count(row["population"], path, number)
    return cells, repeated


def _repeated(table: Mapping[Cell, int], repeated: list[Cell]) -> Finding:
    return Finding("no cell twice", len(table), len(repeated), _show(repeated[0]) if repeated else "")


def _regions(table: Mapping[Cell, int]) -> Finding:
    """Every region has nothing below it and is in force on the census day."""
    regions = conf.load().regions
    listed = sorted({(year, region) for year, region, _, _ in table})
    wrong = [
        f"{region} in {year}"
        for year, region in listed
        if not (regions.has(region, date(year, 11, 1)) and regions.is_leaf(region))
    ]
    return Finding("regions in force and without parts", len(listed), len(wrong), wrong[0] if wrong else "")


def _complete(table: Mapping[Cell, int]) -> Finding:
    """Every region has every sex and age band of the code lists."""
    codes = conf.load().codes
    listed = sorted({(year, region) for year, region, _, _ in table})
    expected = {(*pair, sex, age) for pair in listed for sex in codes["sex"] for age in codes["age_band"]}
    wrong = sorted(expected ^ table.keys())
    return Finding("every sex and age band", len(expected), len(wrong), _show(wrong[0]) if wrong else "")


def _totals(table: Mapping[Cell, int], reference_dir: Path) -> Iterator[Finding]:
    sums: Counter[tuple[int, str]] = Counter()
    for (year, region, _, _), population in table.items():
        sums[year, f"{region[:2]}0000"] += population
    path = reference_dir / "province_totals.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        for number, row in _rows(stream, path, "census_year", "region", "population"):
            year, province = _count(row["census_year"], path, number), row["region"]
            published = _count(row["population"], path, number)
            found = sums[year, province]
            first = "" if found == published else f"published {published:,}, table {found:,}"
            yield Finding(f"total of {province} in {year}", 1, int(found != published), first)


def _compare(name: str, table: Mapping[Cell, int], source: Mapping[Cell, int]) -> Finding:
    cells = sorted(table.keys() | source.keys())
    wrong = [cell for cell in cells if table.get(cell) != source.get(cell)]
    first = f"{_show(wrong[0])}: source {source.get(wrong[0])}, table {table.get(wrong[0])}" if wrong else ""
    return Finding(name, len(cells), len(wrong), first)


def _full(path: Path, year: int) -> Iterator[tuple[Cell, int]]:
    """Age-sex cells of a county volume, of regions that have nothing below them."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        for number, row in _rows(stream, path, "区划代码"):
            for header, text in row.items():
                if _is_part(row["区划代码"]) and (found := _header(header)):
                    yield (year, row["区划代码"], *found), _count(text, path, number)


def _long(path: Path) -> Iterator[tuple[Cell, int]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        for number, row in _rows(stream, path, "year", "code", "sex", "age", "pop"):
            if _is_part(row["code"]):
                year = _count(row["year"], path, number)
                yield (year, row["code"], row["sex"].lower(), row["age"]), _count(row["pop"], path, number)


@cache
def _header(header: str) -> tuple[str, str] | None:
    """Sex and age band of a column of a county volume, or None for other columns."""
    found = next((match for form in _HEADERS if (match := form.fullmatch(header))), None)
    if found is None:
        return None
    high = f"-{found['high']}" if found["high"] else "+" if found["open"] else ""
    return _SEX[found["sex"]], f"{found['low']}{high}"


@cache
def _is_part(code: str) -> bool:
    """Whether a source row is a region we keep: not a sum over regions and not a row without a code."""
    regions = conf.load().regions
    return (regions.is_leaf(code) if regions.has(code) else not code.endswith("00")) if code else False


def _rows(stream: TextIO, path: Path, *columns: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and record of a CSV file that has these columns, among others."""
    rows = csv.DictReader(stream)
    missing = [column for column in columns if column not in (rows.fieldnames or ())]
    if missing:
        raise ValueError(f"{path.name}: row 1: column {missing[0]} is missing")
    for row in rows:
        if None in row or None in row.values():
            raise ValueError(f"{path.name}: row {rows.line_num}: has not as many fields as the header")
        yield rows.line_num, row


def _count(text: str, path: Path, number: int) -> int:
    """A whole number; a blank cell of a source is 0."""
    try:
        value = float(text or 0)
    except ValueError:
        raise ValueError(f"{path.name}: row {number}: {text!r} is no number") from None
    if value < 0 or not value.is_integer():
        raise ValueError(f"{path.name}: row {number}: {text!r} is no count")
    return int(value)


def _show(cell: Cell) -> str:
    return " ".join(map(str, cell))
