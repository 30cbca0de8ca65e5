"""Looking a figure up in a release, without a JVM."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
from deltalake.exceptions import DeltaError

from conf import Conf, delta, periods
from jobs.lake import releases
from jobs.lake.paths import Lake
from themes.common.contract import Analysis, Indicator, Theme

Figure = dict[str, Any]

KEY = ("indicator", "region", "breakdown", "period")


_NAMED = 5


class TraceError(LookupError):
    """There is no such release or figure, or its rows are gone; the message is one line for the user."""


@dataclass(frozen=True)
class Release:
    """A row of gold.release: which version of which table it is made of; gold tables go by their bare name."""

    lake: Lake
    release_id: str
    released_at: datetime
    as_of: date
    profile: str
    code_version: str
    versions: dict[str, int]

    def rows(self, table: str, /, **wanted: Iterable[str]) -> list[Figure]:
        """Rows of a gold table whose columns hold one of the wanted values; TraceError as `version`."""
        path = self.lake.gold(table)
        found = delta.scan(path, self.version(table, path))
        for column, values in wanted.items():
            found = found.filter(pl.col(column).is_in(list(values)))
        return found.collect().to_dicts()

    def bronze(self, table: str) -> tuple[Path, int]:
        """Path and version of a table as received; TraceError as `version`."""
        path = self.lake.bronze(table)
        return path, self.version(f"bronze.{table}", path)

    def files(self, table: str) -> list[str]:
        """The files of a table whose rows the release counts; bronze may hold others too."""
        rows = self.rows("quality", table=[table], outcome=["accepted", "partial"])
        return sorted(row["file"] for row in rows)

    def version(self, name: str, path: Path) -> int:
        """The version of a table in this release.

        Raises TraceError when the release does not name it or when its files have been removed since.
        """
        if name not in self.versions:
            raise TraceError(
                f"release {self.release_id} does not say which version of {name} it was made from, as older ones"
                " do not: run `./spark-submit.sh daily` for a release that can be traced"
            )
        version = self.versions[name]
        if not is_whole(path, version):
            raise TraceError(
                f"release {self.release_id} can no longer be traced:"
                f" version {version} of {name} has been vacuumed away"
            )
        return version

    def check_rows(self, of_tables: Iterable[str], sources: Container[str]) -> None:
        """Raises TraceError unless what is behind the release's rows of the tables can still be read."""
        for table in of_tables:
            self.bronze(table)
            used = {row["source"] for row in self.rows("quality", table=[table])}
            for source in sorted(s for s in used if s not in sources):
                raise TraceError(
                    f"release {self.release_id} can no longer be traced: conf has no source {source} any more"
                )


def is_whole(path: Path, version: int) -> bool:
    """Whether a version of a table can be read: its log and all of its files are there."""
    try:
        files = delta.files(path, version)
    except DeltaError:
        return False
    return all(file.is_file() for file in files)


def open_release(lake: Lake, release_id: str | None = None) -> Release:
    """The release of that id, or the newest; raises TraceError naming the newest ids when there is none."""
    rows = releases.newest_first(lake)
    if not rows:
        raise TraceError(f"no release in {lake.root.name}/: run `./spark-submit.sh daily` first")
    row = next((r for r in rows if release_id in (None, r["release_id"])), None)
    if row is None:
        there = ", ".join(r["release_id"] for r in rows[:_NAMED])
        raise TraceError(f"no release {release_id!r} in {lake.root.name}/: the newest are {there}")
    return Release(
        lake, row["release_id"], row["released_at"], row["as_of"], row["profile"], row["code_version"],
        row["tables"],
    )  # fmt: skip


def find_analysis(themes: Iterable[Theme], indicator: str) -> tuple[Theme, Analysis] | None:
    """Theme and definition of a measure that a method makes of others; None when it is an indicator."""
    return next(((t, t.analyses[indicator]) for t in themes if indicator in t.analyses), None)


def find_definition(themes: Iterable[Theme], indicator: str) -> tuple[Theme, Indicator, str | None]:
    """Theme and definition of an indicator, and the kind of change (`yoy`, `prev`) when it is one.

    Raises TraceError.
    """
    base, _, kind = indicator.rpartition(".")
    for theme in themes:
        if indicator in theme.indicators:
            return theme, theme.indicators[indicator], None
        if base in theme.indicators and kind in theme.indicators[base].changes:
            return theme, theme.indicators[base], kind
    raise TraceError(f"unknown indicator {indicator!r}")


def newest(figures: Iterable[Figure]) -> dict[tuple[str, ...], Figure]:
    """Of each figure the row published last, by (indicator, region, breakdown, period)."""
    ordered = sorted(figures, key=lambda f: f["published_at"])
    return {tuple(f[name] for name in KEY): f for f in ordered}


def find_figure(
    release: Release, loaded: Conf, indicator: str, region: str, period: str, breakdown: str
) -> tuple[Figure, Figure | None]:
    """The figure as last published and, when the period is still to come, its forecast.

    Of a forecast the figure is that of its origin, the last period known when it was made. Raises
    TraceError saying what is not known and, if only breakdown or period are wrong, what there is.
    """
    if not loaded.regions.has(region):
        raise TraceError(f"unknown region {region!r}")
    try:
        periods.end(period)
    except ValueError as error:
        raise TraceError(str(error)) from error
    published = release.rows("indicator", indicator=[indicator], region=[region])
    figures = newest(published)
    key = (indicator, region, breakdown, period)
    if key in figures:
        return figures[key], None
    forecasts = release.rows(
        "forecast", indicator=[indicator], region=[region], breakdown=[breakdown], period=[period]
    )
    made = max((f for f in forecasts if f["champion"]), key=lambda f: f["as_of"], default=None)
    if made is not None and (indicator, region, breakdown, made["origin"]) in figures:
        return figures[indicator, region, breakdown, made["origin"]], made
    raise TraceError(_what_there_is(published, indicator, region, period, breakdown))


def _what_there_is(published: list[Figure], indicator: str, region: str, period: str, breakdown: str) -> str:
    if not published:
        return f"no figure of {indicator} for region {region}"
    same_period = sorted({f["breakdown"] or "(none)" for f in published if f["period"] == period})
    if same_period:
        return f"no breakdown {breakdown!r} of {indicator}, {region}, {period}: there is {_few(same_period)}"
    there = sorted({f["period"] for f in published})
    return f"no period {period!r} of {indicator}, {region}: there is {_few(there)}"


def _few(words: list[str], most: int = 8) -> str:
    return (
        ", ".join(words)
        if len(words) <= most
        else f"{', '.join(words[: most // 2])} … {', '.join(words[-2:])}"
    )
