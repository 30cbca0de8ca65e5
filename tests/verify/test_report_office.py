"""LibreOffice opens the reports, shows their Chinese, and computes what we wrote beside each formula."""

import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from cockpit import facts
from cockpit.facts_types import ReportFacts
from cockpit.gold import Scope, open_lake
from cockpit.reports import FORMATS, words
from cockpit.reports.progress import silent
from tests import tiny_gold

OFFICE, READER = shutil.which("soffice"), shutil.which("pdftotext")
pytestmark = [
    pytest.mark.verify,
    pytest.mark.skipif(
        not (OFFICE and READER),
        reason="needs LibreOffice and poppler: apt-get install libreoffice-writer libreoffice-calc poppler-utils",
    ),
]


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> list[ReportFacts]:
    release = open_lake(tiny_gold.write(tmp_path_factory.mktemp("gold") / "lake")).release()
    scope = Scope((tiny_gold.GUANGDONG, tiny_gold.SHANDONG), "internal")
    until = facts.report_years(release, scope)[-1]
    themes = ("population", "agriculture", "legal_entity", "economic", "plan")
    return [facts.report(release, scope, theme, tiny_gold.GUANGDONG, until) for theme in themes]


def converted(paths: list[Path], kind: str, folder: Path) -> None:
    """Convert files in LibreOffice with a profile of its own; its complaints fail the test."""
    assert OFFICE is not None
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [OFFICE, profile, "--headless", "--convert-to", kind, "--outdir", str(folder), *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    assert "rror" not in done.stdout + done.stderr


def text_of(path: Path) -> str:
    assert READER is not None
    done = subprocess.run([READER, str(path), "-"], capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_office_shows_every_report(
    reports: list[ReportFacts], tmp_path: Path, format: str, lang: str
) -> None:
    paths = []
    for report in reports:
        paths.append(tmp_path / f"{report.theme}.{format}")
        FORMATS[format](report, lang, paths[-1], silent)
    converted(paths, "pdf", tmp_path)
    for report, path in zip(reports, paths, strict=True):
        shown = "".join(text_of(path.with_suffix(".pdf")).split())
        wanted = [
            report.region_name.get(lang),
            report.release.release_id,
            words.measure_of(report.sections[0].trend, lang),
            words.mark(report, lang),
        ]
        assert ["".join(text.split()) for text in wanted if "".join(text.split()) not in shown] == []


def test_office_computes_the_same(reports: list[ReportFacts], tmp_path: Path) -> None:
    """LibreOffice writes the workbook anew; every number in it is still what we said."""
    path = tmp_path / "population.xlsx"
    FORMATS["xlsx"](reports[0], "zh", path, silent)
    (tmp_path / "out").mkdir()
    converted([path], "ods", tmp_path / "out")
    converted([tmp_path / "out" / "population.ods"], "xlsx", tmp_path / "out")
    ours = openpyxl.load_workbook(path, data_only=True)
    theirs = openpyxl.load_workbook(tmp_path / "out" / "population.xlsx", data_only=True)
    n = 0
    for sheet in ours.worksheets:
        for row in sheet:
            for cell in row:
                if isinstance(cell.value, int | float):
                    n += 1
                    found = theirs[sheet.title][cell.coordinate].value
                    assert found == pytest.approx(cell.value, rel=1e-9), (sheet.title, cell.coordinate)
    assert n > 500
