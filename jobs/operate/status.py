"""`status`: which datasets are late, what the newest release changed, and which figures jumped unusually."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl

import conf
from conf import delta
from conf.operations import Jumps, operations
from conf.options import Parser, as_day
from jobs.daily import today
from jobs.lake import paths, releases
from jobs.lake.paths import Lake
from jobs.lake.releases import Row
from jobs.operate import jumps, lease
from jobs.operate.late import last_deliveries, late_datasets, never_delivered

FIGURE = [*jumps.SERIES[:3], "period", "freq"]


@dataclass(frozen=True)
class Changes:
    """Figures of one indicator that a release added, revised and no longer has."""

    indicator: str
    added: int
    revised: int
    gone: int


def parser() -> Parser:
    """The options of the job."""
    made = Parser(
        prog="spark-submit.sh status", description=__doc__,
        epilog="example: ./spark-submit.sh status --as-of 2026-01-31",
    )  # fmt: skip
    paths.add_option(made)
    made.add_argument("--as-of", type=as_day, help="day on which data are late (default: today)")
    return made


def run(argv: list[str]) -> int:
    """Exit code 0, also when something is late; 2 when there is no release."""
    options = parser().parse_args(argv)
    lake = paths.chosen(options)
    found = releases.newest_first(lake)
    if not found:
        print(
            f"status: no release in {lake.root.name}/: run `./spark-submit.sh daily` first", file=sys.stderr
        )
        return 2
    new, old = found[0], next((r for r in found[1:] if r["tables"] != found[0]["tables"]), None)
    print(f"release  {new['release_id']}, as of {new['as_of']}, quality {new['quality'] or 0:.1f}")
    if at_work := lease.holder(lake):
        print(f"at work  {at_work}")
    print("\n".join(_late_lines(lake, options.as_of or today())))
    now, before = figures(lake, new), figures(lake, old) if old else None
    print("\n".join(_change_lines(now, before, old)))
    series = touched(now, before).filter(~pl.col("indicator").is_in(_derived(lake, new)))
    print("\n".join(_jump_lines(series, operations().jumps, _counts())))
    return 0


def figures(lake: Lake, release: Row) -> pl.DataFrame:
    """The figures of a release, each once as last published by its day."""
    rows = delta.scan(lake.gold("indicator"), release["tables"]["indicator"])
    columns = [*FIGURE, "period_end", "value", "unit", "published_at"]
    known = rows.filter(pl.col("published_at") <= release["as_of"]).select(columns).collect()
    return known.sort("published_at").unique(FIGURE, keep="last", maintain_order=True)


def _marked(now: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """FIGURE and `kind`: added, revised, gone or same."""
    both = now.join(before, on=FIGURE, how="full", coalesce=True, suffix="_before")
    same = pl.col("value").eq_missing(pl.col("value_before")) & pl.col("unit").eq_missing(
        pl.col("unit_before")
    )
    kind = (
        pl.when(pl.col("period_end_before").is_null()).then(pl.lit("added"))
        .when(pl.col("period_end").is_null()).then(pl.lit("gone"))
        .when(same).then(pl.lit("same")).otherwise(pl.lit("revised"))
    )  # fmt: skip
    return both.select(*FIGURE, kind=kind)


def changes(now: pl.DataFrame, before: pl.DataFrame) -> list[Changes]:
    """By indicator, what differs between two releases' figures."""
    counted = (
        _marked(now, before)
        .filter(pl.col("kind") != "same")
        .group_by("indicator")
        .agg([(pl.col("kind") == kind).sum().alias(kind) for kind in ("added", "revised", "gone")])
    )
    return [Changes(**row) for row in counted.sort("indicator").iter_rows(named=True)]


def touched(now: pl.DataFrame, before: pl.DataFrame | None) -> pl.DataFrame:
    """The series whose newest figure was added or revised since the release before."""
    if before is None:
        return now
    marks = _marked(now, before).filter(pl.col("kind").is_in(["added", "revised"]))
    newest = now.sort("period_end").group_by(jumps.SERIES).agg(pl.col("period").last())
    return now.join(newest.join(marks, on=FIGURE, how="semi"), on=jumps.SERIES, how="semi")


def _late_lines(lake: Lake, as_of: date) -> Iterator[str]:
    deliveries = last_deliveries(lake, as_of)
    late = late_datasets(deliveries, as_of)
    yield f"late     {len(late)} datasets on {as_of}" if late else f"late     none on {as_of}"
    for d in late:
        yield f"         {d.table}: {d.title.zh}, {d.department.zh}: last {d.last}, due {d.due}, {d.days} days late"
    missing = never_delivered(deliveries)
    yield f"missing  {len(missing)} datasets, never handed in" if missing else "missing  none"
    yield from (f"         {d.table}: {d.title.zh}, {d.department.zh}" for d in missing)


def _change_lines(now: pl.DataFrame, before: pl.DataFrame | None, old: Row | None) -> Iterator[str]:
    if before is None or old is None:
        yield f"changed  the first release: {now.height:,} figures"
        return
    found = changes(now, before)
    kinds = ("added", "revised", "gone")
    total = ", ".join(f"{sum(getattr(c, kind) for c in found):,} {kind}" for kind in kinds)
    yield f"changed  since {old['release_id']} (as of {old['as_of']}): {total if found else 'no figure'}"
    for c in found:
        yield f"         {c.indicator}: " + ", ".join(f"{n:,} {k}" for k in kinds if (n := getattr(c, k)))


def _derived(lake: Lake, release: Row) -> list[str]:
    """Indicators that are changes of others: they jump with them."""
    catalogue = delta.scan(lake.gold("catalogue"), release["tables"]["catalogue"]).collect()
    return catalogue.filter(pl.col("derived_from").is_not_null())["indicator"].to_list()


def _counts() -> set[str]:
    return {code for code, unit in conf.load().units.items() if unit.kind == "count"}


def _jump_lines(series: pl.DataFrame, settings: Jumps, counts: set[str]) -> Iterator[str]:
    found = jumps.unusual(series, settings, counts)
    yield f"jumps    {found.height} unusual, of the series whose newest figure is new"
    for row in found.head(20).iter_rows(named=True):
        where = f"{row['indicator']} {row['region']} {row['breakdown'] or '(total)'} {row['period']}"
        yield f"         {where}: {row['before']:.6g} → {row['value']:.6g}, score {row['score']:.1f}"
    if found.height > 20:
        yield f"         and {found.height - 20} more"
