"""`trace`: walk a figure back to the deliveries, files and rows behind it, and compute it again from them."""

from __future__ import annotations

import argparse
import sys
import textwrap
from collections.abc import Iterable

import conf
from conf.options import Parser
from conf.source_files import Source, load_sources
from jobs.lake import paths
from jobs.lake.trace_figures import (
    Figure,
    Release,
    TraceError,
    find_analysis,
    find_definition,
    find_figure,
    open_release,
)
from jobs.lake.trace_rows import records
from jobs.lake.trace_walk import Walk, walk_back
from jobs.plan import code_version
from themes.common.contract import Indicator, Measure, Theme, discover


def parser() -> Parser:
    """The options of the job."""
    made = Parser(
        prog="spark-submit.sh trace", description=__doc__,
        epilog="example: ./spark-submit.sh trace --indicator population.census_total --region 440100"
        " --period 2020 --breakdown 'age=60-64|sex=f'",
    )  # fmt: skip
    made.add_argument(
        "--indicator", required=True, help="id such as population.census_total or economic.gdp_growth.prev"
    )
    made.add_argument("--region", required=True, help="code of the region, six digits")
    made.add_argument("--period", required=True, help="such as 2020, 2020-Q1, 2020-03, 2020-03-T2, 2020-W07")
    made.add_argument(
        "--breakdown", default="", help="such as sex=f or 'age=60-64|sex=f' (default: the total)"
    )
    paths.add_option(made)
    made.add_argument("--release", default=None, help="id of the release to look into (default: the newest)")
    made.add_argument(
        "--rows", type=_count, default=3, help="source records to show of each file (%(default)s)"
    )
    made.add_argument("--master", default=None, help="Spark master (default: conf/settings.yaml)")
    return made


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of rows, 0 or more")
    return int(text)


def run(argv: list[str]) -> int:
    """Exit code 0 when the rows give the figure, 1 when they do not, 2 when there is no such figure or it
    can no longer be traced."""
    options = parser().parse_args(argv)
    loaded = conf.load()
    lake = paths.chosen(options)
    try:
        release = open_release(lake, options.release)
        sources = load_sources(release.profile)
        if analysis := find_analysis(discover(), options.indicator):
            asked = (options.indicator, options.region, options.period, options.breakdown)
            figure, _ = find_figure(release, loaded, *asked)
            return _trace_analysis(release, loaded, analysis[0], figure)
        _, definition, kind = find_definition(discover(), options.indicator)
        figure, forecast = find_figure(
            release, loaded, options.indicator, options.region, options.period, options.breakdown
        )
        release.check_rows(definition.tables, sources)
    except TraceError as error:
        print(f"trace: {error}", file=sys.stderr)
        return 2
    if forecast is not None:
        print(_forecast_lines(forecast))
    print("\n".join(_figure_lines(figure, definition, kind, release, loaded)), flush=True)
    from jobs.lake import session

    (walk,) = walk_back(session.start("trace", options.master), release, [figure])
    for part in walk.parts:
        shown = part.figure
        print(f"\n{_title(shown)} = {_number(shown['value'])}, published {shown['published_at']}")
        print("\n".join(_source_lines(part, release, sources, options.rows)))
    if not walk.parts:
        print("\n".join(_source_lines(walk, release, sources, options.rows)))
    print(f"\nrecomputed {_number(walk.recomputed)} from {walk.counted:,} rows")
    for difference in walk.differences:
        print(f"DIFFERS    {difference}")
    if not walk.differences:
        print("The rows give the figure.")
    return 1 if walk.differences else 0


def _trace_analysis(release: Release, loaded: conf.Conf, theme: Theme, figure: Figure) -> int:
    """Exit code 0 when the input figures give the figure, 1 when they do not."""
    from jobs.lake.trace_analysis import made_of

    definition = theme.analyses[figure["indicator"]]
    print("\n".join(_figure_head(figure, definition, None, release, loaded)))
    print(f"method     {definition.method}: {definition.reference.zh}\n           {definition.reference.en}")
    print("parameters " + (", ".join(f"{k}={v}" for k, v in definition.parameters.items()) or "none"))
    made = made_of(release, loaded, theme, figure)
    print(f"\nmade of {len(made.inputs)} series; the figures nearest to it (each can be traced itself):")
    for row in made.inputs:
        print(f"{_title(row)} = {_number(row['value'])} {row['unit']}, published {row['published_at']}")
    print(f"\nrecomputed {_number(made.recomputed)} from the series of release {release.release_id}")
    print("The series give the figure." if made.agrees else f"DIFFERS    the figure is {figure['value']}")
    return 0 if made.agrees else 1


def _number(value: float | None) -> str:
    return "no value" if value is None else f"{value:.12g}"


def _title(figure: Figure) -> str:
    return f"{figure['indicator']} {figure['region']} {figure['period']} {figure['breakdown'] or '(total)'}"


def _forecast_lines(row: Figure) -> str:
    return (
        f"{_title(row)}\nforecast   {_number(row['mean'])} {row['unit']},"
        f" 95% {_number(row['lo95'])} … {_number(row['hi95'])}, status {row['status']}\n"
        f"model      {row['model']} {row['model_version']}, as of {row['as_of']}, step {row['step']}"
        f" after {row['origin']}\nrun        {row['run_id']}\n\nIts series ends in this figure:\n"
    )


def _figure_lines(
    figure: Figure, definition: Indicator, kind: str | None, release: Release, loaded: conf.Conf
) -> list[str]:
    lines = _figure_head(figure, definition, kind, release, loaded)
    lines += [
        f"formula    {definition.value}",
        f"           from {definition.source} where {definition.where} by {definition.period}",
    ]
    if release.code_version != code_version():
        lines.append("code       another version than today's made this release: definitions may differ")
    return lines


def _figure_head(
    figure: Figure, definition: Measure, kind: str | None, release: Release, loaded: conf.Conf
) -> list[str]:
    region = loaded.regions.get(figure["region"])
    compared = {"yoy": " (change on a year earlier)", "prev": " (change on the period before)"}.get(
        kind or "", ""
    )
    return [
        _title(figure),
        f"region     {region.name_zh} {region.name_en}, {region.level}",
        f"value      {_number(figure['value'])} {figure['unit']}, status {figure['status']},"
        f" quality {figure['quality']}",
        f"published  {figure['published_at']}, release {release.release_id}, run {figure['run_id']}",
        f"name       {definition.name.zh} {definition.name.en}{compared}",
        f"definition {definition.definition.zh}",
        f"           {definition.definition.en}",
    ]


def _source_lines(walk: Walk, release: Release, sources: dict[str, Source], shown: int) -> list[str]:
    lines = []
    for part in walk.sources:
        ranges = ", ".join(_ranges(part.rows))
        lines.append(f"delivery   {part.delivery}, {sources[part.source].document.zh}")
        sheet = f", sheet {part.sheet}" if part.sheet else ""
        lines.append(f"file       {part.file}{sheet}: {len(part.rows):,} rows")
        lines += textwrap.wrap(f"rows       {ranges}", 110, subsequent_indent=" " * 11)
        found = records(release, part, sources[part.source], shown)
        lines += [f"row {number}: {record}" for number, record in found]
    return lines


def _ranges(numbers: Iterable[int]) -> list[str]:
    """2, 3, 4, 7 as 2–4, 7."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return [str(a) if a == b else f"{a}–{b}" for a, b in spans]
