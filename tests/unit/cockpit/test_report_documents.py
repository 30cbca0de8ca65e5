"""What a document must be: marked, numbered, safe to open, and in fonts that show Chinese."""

import itertools
import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import docx as word
import openpyxl
import pytest
from docx.oxml.ns import qn
from lxml import etree

from cockpit.facts_types import ReportFacts, Text
from cockpit.reports import docx, words, xlsx
from cockpit.reports.docx import numeral_of
from cockpit.reports.xlsx import unique

HOSTILE = ("=1+1", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1", '=HYPERLINK("x")')

ODD = ("a\x00b\x0bc", "<w:t>&amp;</w:t>", "]]>", "a\ud800", "x" * 400, "[a]:*?/\\'")


def xml_of(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as parts:
        return {
            name: parts.read(name).decode() for name in parts.namelist() if name.endswith((".xml", ".rels"))
        }


@pytest.fixture(scope="module", params=["zh", "en"])
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def paper(reports: dict[str, ReportFacts], lang: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("paper") / "population.docx"
    docx.write(reports["population"], lang, path)
    return path


def test_simulated_is_said_in_title_header_and_file_name(
    reports: dict[str, ReportFacts], paper: Path, lang: str, tmp_path: Path
) -> None:
    mark = {"zh": "模拟", "en": "simulated"}[lang]
    report = reports["population"]
    document = word.Document(str(paper))
    book = tmp_path / "book.xlsx"
    xlsx.write(report, lang, book)
    sheet = openpyxl.load_workbook(book).worksheets[0]

    assert mark in words.file_name(report, "docx", lang)
    assert mark in document.sections[0].header.paragraphs[0].text
    assert mark in next(p.text for p in document.paragraphs if p.style and p.style.name == "Subtitle")
    assert mark in document.core_properties.title
    assert mark in sheet["A1"].value
    assert mark in sheet.oddHeader.left.text


def test_real_figures_carry_no_mark(reports: dict[str, ReportFacts]) -> None:
    assert reports["economic"].statuses == ("real",)
    assert words.full_title(reports["economic"], "zh") == words.title(reports["economic"], "zh")


def test_cover_says_what_the_report_is(reports: dict[str, ReportFacts], paper: Path, lang: str) -> None:
    text = "\n".join(p.text for p in word.Document(str(paper)).paragraphs[:12])
    report = reports["population"]

    assert report.release.release_id in text
    assert report.region_name.get(lang) in text
    assert report.marking.get(lang) in text
    assert str(report.until) in text


def test_figures_and_tables_are_numbered_from_one(paper: Path, lang: str) -> None:
    body = xml_of(paper)["word/document.xml"]
    for word_ in ({"zh": "图", "en": "Figure"}[lang], {"zh": "表", "en": "Table"}[lang]):
        numbers = re.findall(rf'SEQ {word_} [^"]*"><w:r><w:t>(\d+)', body)
        assert numbers == [str(n) for n in range(1, len(numbers) + 1)]
        assert len(numbers) > 3


def test_contents_name_every_heading(paper: Path) -> None:
    document = word.Document(str(paper))
    by_style: dict[str, list[str]] = {}
    for paragraph in document.paragraphs:
        by_style.setdefault(paragraph.style.name if paragraph.style else "", []).append(
            paragraph.text.strip()
        )
    body = xml_of(paper)["word/document.xml"]
    marks = set(re.findall(r'bookmarkStart[^>]*w:name="(\w+)"', body))

    assert by_style["toc 1"] == by_style["Heading 1"]
    assert by_style["toc 2"] == by_style["Heading 2"]
    assert set(re.findall(r"PAGEREF (\w+)", body)) == marks
    assert 'TOC \\o "1-2"' in body


def test_page_is_a4_and_every_style_names_an_east_asian_font(paper: Path) -> None:
    document = word.Document(str(paper))
    page = document.sections[0]
    used = {p.style.name for p in document.paragraphs if p.style} | {"Cell", "Header", "Footer"}

    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    for name in used:
        fonts = document.styles[name].element.rPr.find(qn("w:rFonts"))
        assert fonts.get(qn("w:eastAsia")), name
        assert not [key for key in fonts.attrib if "Theme" in str(key)], name


def test_charts_bring_their_own_data(paper: Path) -> None:
    parts = xml_of(paper)
    charts = [name for name in parts if re.fullmatch(r"word/charts/chart\d+\.xml", name)]
    ids = re.findall(r'<wp:docPr id="(\d+)"', parts["word/document.xml"])

    assert len(charts) == len(ids) == len(set(ids)) > 5
    with zipfile.ZipFile(paper) as held:
        for name in charts:
            n = re.sub(r"\D", "", name.rpartition("/")[2])
            assert f"embeddings/chart{n}.xlsx" in parts[f"word/charts/_rels/chart{n}.xml.rels"]
            assert "externalData" in parts[name]
            assert 'dispBlanksAs val="gap"' in parts[name]
            assert parts[name].count('c:delete val="0"') == 2
            assert parts[name].count("<c:lineChart>") == ("smooth" in parts[name])
            with held.open(f"word/embeddings/chart{n}.xlsx") as book:
                assert openpyxl.load_workbook(book).active.max_row > 1


def test_no_table_is_empty_and_every_figure_has_words_for_screen_readers(paper: Path) -> None:
    document = word.Document(str(paper))
    body = xml_of(paper)["word/document.xml"]

    assert all(len(table.rows) > 1 for table in document.tables)
    assert all(len(alt) > 20 for alt in re.findall(r'<wp:docPr [^>]*descr="([^"]*)"', body))
    assert body.count("<wp:docPr") == body.count("descr=")


def test_no_text_key_or_placeholder_is_left(paper: Path) -> None:
    text = "\n".join(p.text for p in word.Document(str(paper)).paragraphs)

    assert not re.search(r"\{\w+\}|report\.\w+|pages\.\w+", text)


def hostile(report: ReportFacts, words_: Sequence[str]) -> ReportFacts:
    """The report with such texts wherever the words of a department or of conf come through."""
    texts = itertools.cycle(words_)

    def evil() -> Text:
        text = next(texts)
        return Text(text, text)

    sections = []
    for section in report.sections[1:2] * len(words_):
        name, ranking = evil(), section.page.ranking
        assert ranking is not None
        definition = replace(
            section.definition,
            name=name,
            definition=name,
            formula=name.zh,
            department=evil(),
            indicator=name.zh,
        )
        rows = tuple(replace(row, region_name=evil()) for row in ranking.rows)
        page = replace(section.page, ranking=replace(ranking, name=name, rows=rows), indicator=name.zh)
        trend = replace(section.trend, name=name, source=evil(), region_name=evil())
        sections.append(replace(section, definition=definition, trend=trend, page=page))
    warnings = tuple(replace(fact, rule_name=evil(), region_name=evil()) for fact in report.warnings)
    return replace(
        report,
        region_name=evil(),
        theme_name=evil(),
        sections=tuple(sections),
        warnings=warnings,
        absent=(evil(),),
    )


def test_a_text_never_becomes_a_formula_or_a_link(reports: dict[str, ReportFacts], tmp_path: Path) -> None:
    path = tmp_path / "evil.xlsx"
    xlsx.write(hostile(reports["population"], HOSTILE), "zh", path)
    names = sorted(openpyxl.load_workbook(path).sheetnames, key=len, reverse=True)
    sheets = "|".join(re.escape("'" + name.replace("'", "''") + "'!") for name in names)
    ours = re.compile(rf"(?:{sheets}|SUM\([A-Z0-9:,$]+\)|[$A-Z]+\$?\d+|[-+/().\d])+")
    n = 0
    for name, xml in xml_of(path).items():
        if name.startswith("xl/worksheets/sheet"):
            formulas = [node.text or "" for node in etree.fromstring(xml.encode()).iter("{*}f")]
            assert [found for found in formulas if not ours.fullmatch(found)] == []
            n += len(formulas)
        elif name.startswith("xl/charts/chart"):
            ranges = [node.text or "" for node in etree.fromstring(xml.encode()).iter("{*}f")]
            assert all(re.fullmatch(r"图表数据!\$[A-Z]\$\d+(:\$[A-Z]\$\d+)?", found) for found in ranges)
        assert "TargetMode" not in xml
    assert n > 100
    values = {cell.value for sheet in openpyxl.load_workbook(path) for row in sheet for cell in row}
    assert {words.clean(text) for text in HOSTILE} <= {str(value) for value in values}


def test_odd_texts_neither_break_nor_vanish(reports: dict[str, ReportFacts], tmp_path: Path) -> None:
    odd = hostile(reports["population"], (*ODD, *HOSTILE))
    docx.write(odd, "zh", tmp_path / "odd.docx")
    xlsx.write(odd, "zh", tmp_path / "odd.xlsx")
    shown = "\n".join(p.text for p in word.Document(str(tmp_path / "odd.docx")).paragraphs)

    assert all(words.clean(text).strip() in shown for text in ODD)
    assert openpyxl.load_workbook(tmp_path / "odd.xlsx").sheetnames


def test_sheets_are_set_up_for_reading_and_print(reports: dict[str, ReportFacts], tmp_path: Path) -> None:
    xlsx.write(reports["population"], "zh", tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    section = book.worksheets[1]

    assert len(book.sheetnames) == len(reports["population"].sections) + 5
    assert section.freeze_panes == "A7"
    assert (section.page_setup.orientation, section.page_setup.paperSize) == ("landscape", 9)
    assert section.sheet_properties.pageSetUpPr.fitToPage
    assert section.print_title_rows == "$1:$6"
    assert section["B7"].number_format == "#,##0"


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (["a", "A", "a"], ["a", "A 2", "a 3"]),
        (["x" * 40, "x" * 40], ["x" * 31, "x" * 29 + " 2"]),
        (["a/b:c", "'q'", "[]"], ["a b c", "q", "-"]),
    ],
)
def test_sheet_names_are_such_as_excel_takes(names: list[str], wanted: list[str]) -> None:
    assert unique(names) == wanted


@pytest.mark.parametrize(
    ("n", "numeral"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (35, "三十五")]
)
def test_chinese_numerals(n: int, numeral: str) -> None:
    assert numeral_of(n, "zh") == numeral
