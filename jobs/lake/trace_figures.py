"""Looking a figure up in the newest release, without a JVM."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import polars as pl

from conf import Conf, periods
from jobs.lake import tables
from jobs.lake.paths import Lake
from themes.common.contract import Indicator, Theme

Figure = dict[str, Any]

KEY = ("indicator", "region", "breakdown", "period")


class UnknownFigureError(LookupError):
    """The release holds no such figure; the message is one line for the user."""


@dataclass(frozen=True)
class Release:
    """The newest row of gold.release: which version of which gold table readers see."""

    lake: Lake
    release_id: str
    profile: str
    versions: dict[str, int]

    def rows(self, table: str, **wanted: Iterable[str]) -> list[Figure]:
        """Rows of a gold table whose columns hold one of the wanted values."""
        found = pl.scan_delta(str(self.lake.gold(table)), version=self.versions[table])
        for column, values in wanted.items():
            found = found.filter(pl.col(column).is_in(list(values)))
        return found.collect().to_dicts()


def newest_release(lake: Lake) -> Release:
    """Raises UnknownFigureError when nothing has been released yet."""
    path = lake.gold("release")
    if not tables.exists(path):
        raise UnknownFigureError(f"no release in {lake.root.name}/: run `./spark-submit.sh daily` first")
    row = pl.read_delta(str(path)).sort("released_at").row(-1, named=True)
    return Release(lake, row["release_id"], row["profile"], json.loads(row["tables"]))


def find_definition(themes: Iterable[Theme], indicator: str) -> tuple[Theme, Indicator, str | None]:
    """Theme and definition of an indicator, and the kind of change (`yoy`, `prev`) when it is one.

    Raises UnknownFigureError.
    """
    base, _, kind = indicator.rpartition(".")
    for theme in themes:
        if indicator in theme.indicators:
            return theme, theme.indicators[indicator], None
        if base in theme.indicators and kind in theme.indicators[base].changes:
            return theme, theme.indicators[base], kind
    raise UnknownFigureError(f"unknown indicator {indicator!r}")


def newest(figures: Iterable[Figure]) -> dict[tuple[str, ...], Figure]:
    """Of each figure the row published last, by (indicator, region, breakdown, period)."""
    ordered = sorted(figures, key=lambda f: f["published_at"])
    return {tuple(f[name] for name in KEY): f for f in ordered}


def find_figure(
    release: Release, loaded: Conf, indicator: str, region: str, period: str, breakdown: str
) -> tuple[Figure, Figure | None]:
    """The figure as last published and, when the period is still to come, its forecast.

    Of a forecast the figure is that of its origin, the last period known when it was made. Raises
    UnknownFigureError saying what is not known and, if only breakdown or period are wrong, what there is.
    """
    if not loaded.regions.has(region):
        raise UnknownFigureError(f"unknown region {region!r}")
    try:
        periods.end(period)
    except ValueError as error:
        raise UnknownFigureError(str(error)) from error
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
    raise UnknownFigureError(_what_there_is(published, indicator, region, period, breakdown))


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
