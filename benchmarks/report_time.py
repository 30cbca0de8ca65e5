"""Time of a 50-page Word report and of an Excel report with 20 sheets, on a lake's newest release.

    .venv/bin/python -m benchmarks.report_time [--lake DIR] [--runs N]

The sections of all themes are put one after another until the document has the pages; where LibreOffice and
pdfinfo are installed, the pages are counted in the converted document, else they are estimated by its parts.
"""

import argparse
import re
import shutil
import statistics
import subprocess
import tempfile
import time
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path

import conf
from cockpit import facts
from cockpit.facts_types import ReportFacts
from cockpit.gold import Release, Scope, open_lake
from cockpit.reports import FORMATS
from cockpit.reports.progress import silent

SHEETS, PAGES = 20, 50
#: Sheets that are no sections, and a cautious number of pages that a section takes.
OTHER_SHEETS, PAGES_EACH = 5, 3


def long_report(release: Release, scope: Scope, sections: int) -> ReportFacts:
    """A report with so many sections, from every theme of the release."""
    until = facts.report_years(release, scope)[-1]
    home = scope.regions[0]
    found = []
    for item in facts.navigation(release, scope, home):
        try:
            found.append(facts.report(release, scope, item.theme, home, until))
        except facts.NoFiguresError:
            continue
    all_sections = cycle(section for report in found for section in report.sections)
    return replace(found[0], sections=tuple(islice(all_sections, sections)))


def pages_of(path: Path) -> int | None:
    """Pages of a document as LibreOffice lays it out; None without LibreOffice."""
    office, info = shutil.which("soffice"), shutil.which("pdfinfo")
    if office is None or info is None:
        return None
    profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(path.parent), str(path)]
    subprocess.run(command, capture_output=True, check=True, timeout=300)
    shown = subprocess.run([info, str(path.with_suffix(".pdf"))], capture_output=True, text=True, check=True)
    counted = re.search(r"Pages:\s+(\d+)", shown.stdout)
    return int(counted[1]) if counted else None


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Time a long Word and a long Excel report.")
    settings = conf.load().settings
    parser.add_argument("--lake", type=Path, default=Path(settings.lake.path), help="the lake's folder")
    parser.add_argument("--runs", type=int, default=3, help="runs, of which the median counts (default 3)")
    options = parser.parse_args()
    release, scope = open_lake(options.lake).release(), Scope(settings.provinces, "internal")
    with tempfile.TemporaryDirectory() as folder:
        for format, sections in (("docx", -(-PAGES // PAGES_EACH)), ("xlsx", SHEETS - OTHER_SHEETS)):
            path, times = Path(folder) / f"long.{format}", []
            for _ in range(options.runs):
                started = time.perf_counter()
                FORMATS[format](long_report(release, scope, sections), "zh", path, silent)
                times.append(time.perf_counter() - started)
            size = (
                f"{SHEETS} sheets" if format == "xlsx" else f"{pages_of(path) or f'at least {PAGES}'} pages"
            )
            shown = f"{statistics.median(times):6.2f} s, {path.stat().st_size / 1024:,.0f} KB"
            print(f"{format}  {size:18} {shown}  (facts and file, median of {options.runs})")


if __name__ == "__main__":
    main()
