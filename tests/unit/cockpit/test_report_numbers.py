"""Screen, document and workbook show the same numbers, and every formula gives what the document prints."""

import re
from pathlib import Path
from typing import Any

import docx as word
import openpyxl
import pytest

from cockpit import facts, formats
from cockpit.facts_types import ReportFacts
from cockpit.gold import Release, Scope
from cockpit.reports import docx, grids, words, xlsx
from cockpit.reports.docx_table import printed
from cockpit.reports.grid import Column, Grid
from tests import tiny_gold

THEMES = ("population", "economic")

CELL = re.compile(r"(?:'([^']+)'!)?\$?([A-Z]+)\$?(\d+)")


def kept(value: float) -> float:
    """A number to the digits that survive the way through a workbook."""
    return float(f"{value:.12g}")


def evaluated(formula: str, sheet: Any, book: Any) -> float:
    """What a formula of a report gives: sums, quotients and differences of cells, nothing else."""

    def summed(found: re.Match[str]) -> str:
        cells: list[Any] = []
        for part in found[1].split(","):
            area = sheet[part.replace("$", "")]
            cells += [cell for row in area for cell in row] if isinstance(area, tuple) else [area]
        return repr(sum(number(cell, sheet) for cell in cells if cell.value is not None))

    def number(cell: Any, home: Any) -> float:
        return evaluated(cell.value, home, book) if isinstance(cell.value, str) else float(cell.value)

    def value(found: re.Match[str]) -> str:
        home = book[found[1]] if found[1] else sheet
        return repr(number(home[f"{found[2]}{found[3]}"], home))

    plain = re.sub(r"SUM\(([^)]*)\)", summed, formula.removeprefix("="))
    return float(eval(CELL.sub(value, plain), {"__builtins__": {}}))


@pytest.fixture(scope="module")
def written(reports: dict[str, ReportFacts], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("written")
    for theme, report in reports.items():
        xlsx.write(report, "zh", folder / f"{theme}.xlsx")
        docx.write(report, "zh", folder / f"{theme}.docx")
    return folder


@pytest.mark.parametrize("theme", THEMES)
def test_sections_are_the_pages_of_the_screen(
    reports: dict[str, ReportFacts], release: Release, scope: Scope, theme: str
) -> None:
    for section in reports[theme].sections:
        page = section.page
        shown = facts.theme_page(
            release, scope, theme, tiny_gold.GUANGDONG, page.indicator, page.breakdown, page.period
        )

        assert page == shown
        assert section.trend.actual == shown.trend.actual if shown.trend else False


@pytest.mark.parametrize("theme", THEMES)
def test_workbook_holds_the_values_of_the_facts(
    reports: dict[str, ReportFacts], written: Path, theme: str
) -> None:
    book = openpyxl.load_workbook(written / f"{theme}.xlsx", data_only=True)
    for n, section in enumerate(reports[theme].sections):
        cells = {
            kept(cell.value)
            for row in book.worksheets[n + 1]
            for cell in row
            if isinstance(cell.value, int | float)
        }
        trend, page = section.trend, section.page
        wanted = [point.value for point in trend.actual]
        wanted += [edge for step in trend.forecast for edge in (step.mean, step.lo80, step.hi95)]
        wanted += [row.value for row in page.ranking.rows] if page.ranking else []
        if page.pyramid:
            wanted += [value for band in page.pyramid.bands for value in (band.male, band.female)]
        wanted += [row.figure.value for group in section.groups for row in group.rows]

        assert [value for value in wanted if value is not None and kept(value) not in cells] == []


@pytest.mark.parametrize("theme", THEMES)
def test_document_prints_the_values_of_the_facts(
    reports: dict[str, ReportFacts], written: Path, theme: str
) -> None:
    document = word.Document(str(written / f"{theme}.docx"))
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]
    for section in reports[theme].sections:
        wanted = [
            (grids.history(section.trend, "zh"), docx.TAIL),
            (grids.forecast(section.trend, "zh"), None),
        ]
        wanted += [(grids.places(section, "zh"), None)]
        wanted += [(grids.groups(group, "zh"), None) for group in section.groups]
        for grid, last in wanted:
            if grid is not None:
                tail = last if last and len(grid.rows) > last else None
                assert [[column.title for column in grid.columns], *printed(grid, "zh", tail)] in tables


def test_document_and_screen_say_a_figure_in_the_same_words(
    reports: dict[str, ReportFacts], written: Path
) -> None:
    lines = "".join(p.text for p in word.Document(str(written / "economic.docx")).paragraphs)
    figure = reports["economic"].sections[0].page.selected
    assert figure is not None

    assert formats.number(figure.value, figure.unit, "zh", figure.decimals) in lines


@pytest.mark.parametrize("theme", THEMES)
def test_every_formula_gives_its_cached_value(written: Path, theme: str) -> None:
    book = openpyxl.load_workbook(written / f"{theme}.xlsx")
    cached = openpyxl.load_workbook(written / f"{theme}.xlsx", data_only=True)
    n = 0
    for sheet in book.worksheets:
        for row in sheet:
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    n += 1
                    shown = cached[sheet.title][cell.coordinate].value
                    assert evaluated(cell.value, sheet, book) == pytest.approx(shown), (sheet.title, cell)
    assert n > 100


def test_shares_changes_and_sums_of_a_grid() -> None:
    grid = Grid(
        "t",
        "person",
        (
            Column("k"),
            Column("v", "number", "person"),
            Column("s", "share", of=(1,)),
            Column("c", "change", of=(1,)),
            Column("d", "difference", of=(1,)),
        ),
        (("a", 10.0, None, None, None), ("b", 30.0, None, None, None), ("c", None, None, None, None)),
        base="total",
    )

    assert grid.values() == [
        ["a", 10.0, 0.25, None, None],
        ["b", 30.0, 0.75, 2.0, 20.0],
        ["c", None, None, None, None],
        [None, 40.0, 1.0, None, None],
    ]


def test_change_on_nothing_is_no_number() -> None:
    columns = (Column("k"), Column("v", "number", "person"), Column("c", "change", of=(1,)))
    grid = Grid("t", "person", columns, (("a", 0.0, None), ("b", 5.0, None)))

    assert [row[2] for row in grid.values()] == [None, None]


def test_forecast_ends_with_the_year_asked_for(release: Release, scope: Scope) -> None:
    report = facts.report(release, scope, "economic", tiny_gold.GUANGDONG, release.as_of.year)
    whole = facts.report(release, scope, "economic", tiny_gold.GUANGDONG, 2028)
    steps = [section.trend.forecast for section in report.sections]

    assert 0 < len(steps[0]) < len(whole.sections[0].trend.forecast)
    assert all(step.period_end.year <= release.as_of.year for forecast in steps for step in forecast)


def test_findings_name_level_rank_forecast_and_error(reports: dict[str, ReportFacts]) -> None:
    section = reports["economic"].sections[0]
    for lang in ("zh", "en"):
        lines = words.findings(section, lang)
        last, end = section.trend.actual[-1], section.trend.forecast[-1]
        ranking = section.page.ranking
        assert ranking is not None
        said = (
            formats.number(last.value, section.trend.unit, lang, section.trend.decimals),
            ranking.rows[0].region_name.get(lang),
            formats.number(end.mean, section.trend.unit, lang, section.trend.decimals),
            formats.percent(section.trend.score.coverage80, lang) if section.trend.score else "",
        )
        # Few origins are told as few, without rates that would say too much.
        assert [word in line for word, line in zip(said[:3], lines, strict=False)] == [True] * 3


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_record_of_earlier_chances_stands_beside_the_targets(
    release: Release, scope: Scope, lang: str, tmp_path: Path
) -> None:
    report = facts.report(release, scope, "plan", tiny_gold.GUANGDONG, 2026)
    found = facts.chance_record(release, scope, tiny_gold.GUANGDONG)
    assert report.chances == found and found[0].word == "all"
    told = [
        [formats.plain(one.cases, 0, lang), formats.plain(one.met, 0, lang), formats.percent(one.share, lang)]
        for one in found
    ]
    score = formats.plain(found[0].brier, 2, lang)

    docx.write(report, lang, tmp_path / "report.docx")
    document = word.Document(str(tmp_path / "report.docx"))
    heads = {"zh": "当时判断", "en": "Told then"}[lang]
    table = next(t for t in document.tables if t.cell(0, 0).text == heads)
    assert [[r.cells[n].text for n in (1, 3, 5)] for r in list(table.rows)[1:]] == told
    assert any(score in p.text and "2025" in p.text for p in document.paragraphs)

    xlsx.write(report, lang, tmp_path / "report.xlsx")
    rows = [
        [str(cell) for cell in row if cell is not None]
        for sheet in openpyxl.load_workbook(tmp_path / "report.xlsx")
        for row in sheet.iter_rows(values_only=True)
    ]
    at = next(n for n, row in enumerate(rows) if row and row[0] == heads)
    assert [[row[n] for n in (1, 3, 5)] for row in rows[at + 1 : at + 1 + len(found)]] == told
    assert any(score in cell and "2025" in cell for row in rows for cell in row)
