"""`findings`: write what every analysis of a release says, with its charts, as one HTML file."""

from __future__ import annotations

import sys
from pathlib import Path

import conf
from cockpit import facts, reports
from conf.options import Parser

SUFFIX = ".html"


def parser() -> Parser:
    """The options of the job."""
    made = Parser(
        prog="spark-submit.sh findings", description=__doc__,
        epilog="example: ./spark-submit.sh findings --lang zh --output out/findings.html",
    )  # fmt: skip
    made.add_argument(
        "--region", default=None, help="code of the region (default: that of conf/settings.yaml)"
    )
    made.add_argument("--lang", default="zh", choices=reports.LANGUAGES, help="zh or en (%(default)s)")
    made.add_argument("--output", required=True, type=Path, help="file to write; replaced if it is there")
    made.add_argument(
        "--lake", type=Path, default=None, help="folder of the lake (default: conf/settings.yaml)"
    )
    made.add_argument("--release", default=None, help="id of the release to tell (default: the newest)")
    return made


def run(argv: list[str]) -> int:
    """Exit code 0 when the document is written, 2 for a wrong option or a release without analyses, 1 when the
    file cannot be written."""
    options = parser().parse_args(argv)
    settings = conf.load().settings
    scope = reports.Scope(settings.provinces, "internal")
    try:
        reports.check_output(options.output, SUFFIX)
        release = reports.open_release(options.lake or Path(settings.lake.path), options.release)
        found = facts.findings(release, scope, options.region or settings.home_region)
        if not found.themes:
            raise reports.OrderError(f"release {release.release_id} holds no analyses")
    except (facts.OutOfScopeError, reports.NoReleaseError, reports.OrderError) as error:
        print(f"findings: {error}", file=sys.stderr)
        return 2
    try:
        reports.write_findings(found, options.lang, options.output)
    except OSError as error:
        print(f"findings: --output {options.output} cannot be written: {error.strerror}", file=sys.stderr)
        return 1
    print(options.output)
    return 0
