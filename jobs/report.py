"""`report`: write a report on a theme and a region as a Word document or an Excel workbook."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import conf
from cockpit import facts, reports
from conf.options import Parser


def parser() -> Parser:
    """The options of the job."""
    made = Parser(
        prog="spark-submit.sh report", description=__doc__,
        epilog="example: ./spark-submit.sh report --theme population --region 440100 --until 2040"
        " --format docx --lang zh --output population.docx",
    )  # fmt: skip
    made.add_argument("--theme", required=True, help="such as population, agriculture, economic")
    made.add_argument("--region", required=True, help="code of the region, six digits")
    made.add_argument("--until", type=_year, default=None, help="last year to forecast (default: the last)")
    made.add_argument("--format", required=True, choices=reports.FORMATS, help="docx or xlsx")
    made.add_argument("--lang", default="zh", choices=reports.LANGUAGES, help="zh or en (%(default)s)")
    made.add_argument("--output", required=True, type=Path, help="file to write; replaced if it is there")
    made.add_argument(
        "--lake", type=Path, default=None, help="folder of the lake (default: conf/settings.yaml)"
    )
    made.add_argument("--release", default=None, help="id of the release to report (default: the newest)")
    return made


def _year(text: str) -> int:
    if not (text.isdecimal() and len(text) == 4):
        raise argparse.ArgumentTypeError(f"{text!r} is no year of four digits")
    return int(text)


def run(argv: list[str]) -> int:
    """Exit code 0 when the report is written, 2 for a wrong option or a region without figures, 1 when the
    file cannot be written."""
    options = parser().parse_args(argv)
    settings = conf.load().settings
    scope = reports.Scope(settings.provinces, "internal")
    try:
        release = reports.open_release(options.lake or Path(settings.lake.path), options.release)
        until = options.until or facts.report_years(release, scope)[-1]
        order = reports.Order(options.theme, options.region, until, options.format, options.lang)
        reports.check(order, release, scope)
        reports.check_output(options.output, f".{order.format}")
        report = facts.report(release, scope, order.theme, order.region, order.until)
    except (facts.UnknownError, reports.NoReleaseError, reports.OrderError) as error:
        print(f"report: {error}", file=sys.stderr)
        return 2
    try:
        reports.make(report, order, options.output)
    except OSError as error:
        print(f"report: --output {options.output} cannot be written: {error.strerror}", file=sys.stderr)
        return 1
    print(options.output)
    return 0
