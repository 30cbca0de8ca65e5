"""The one reader of gold: a lake's releases, and the tables of a release at its versions.

A release is frozen, so what is read from it is cached for good under (release, table, scope): there is
nothing to expire. Every reader takes a `Scope` and gives back no row outside it.
"""

from __future__ import annotations

import json
import re
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import polars as pl
from deltalake import DeltaTable
from deltalake.exceptions import TableNotFoundError

from conf import delta
from conf.regions import COUNTRY, UNSPECIFIED

T = TypeVar("T")

#: What belongs to no province, and so lies in every scope: the country, and places the source does not tell.
PLACELESS = (COUNTRY, UNSPECIFIED)
#: The columns that name one figure; `published_at` tells its revisions apart.
FIGURE_KEY = ("indicator", "region", "breakdown", "period", "freq")

_EMPTY_LEVELS = re.compile(r"(00){1,2}$")


class NoReleaseError(LookupError):
    """The lake holds no release, or not the one that was asked for."""


@dataclass(frozen=True)
class Scope:
    """Who may see what. `regions` are codes such as `440000`, each with all that lies below it; `grade` is
    `public` (only tables that are shared without condition 无条件共享) or `internal` (all tables)."""

    regions: tuple[str, ...]
    grade: str

    def covers(self, region: str) -> bool:
        """Whether a region is or lies in one of the scope's regions, is the whole country, or is not told."""
        return region in PLACELESS or region.startswith(self.stems)

    @property
    def stems(self) -> tuple[str, ...]:
        """What the codes in the scope begin with: `44` for a province, `4401` for a city."""
        return tuple(_EMPTY_LEVELS.sub("", region) for region in self.regions)


@dataclass(frozen=True, eq=False)
class Release:
    """One row of `gold.release`, and the tables it names."""

    release_id: str
    released_at: datetime
    as_of: date
    run_id: str
    profile: str
    tables: dict[str, int]
    models: dict[str, Any]
    quality: float | None
    code_version: str
    root: Path
    _cache: dict[tuple[object, ...], Any] = field(default_factory=dict, repr=False)
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    def read(self, table: str, scope: Scope) -> pl.DataFrame:
        """All rows of a gold table that lie in the scope.

        Raises NoReleaseError if the release does not name the table.
        """
        return self.cached((table, scope), lambda: self._within(self._raw(table), scope))

    def figures(self, scope: Scope) -> pl.DataFrame:
        """`gold.indicator` in the scope, each figure once, as last published on or before the release's
        date."""

        def newest() -> pl.DataFrame:
            rows = self.read("indicator", scope).filter(pl.col("published_at") <= self.as_of)
            return rows.sort("published_at").unique(subset=list(FIGURE_KEY), keep="last", maintain_order=True)

        return self.cached(("latest figures", scope), newest)

    def figures_of(self, indicator: str, scope: Scope) -> pl.DataFrame:
        """The rows of `figures` of one indicator."""
        groups = self.cached(
            ("figures by indicator", scope),
            lambda: {str(key[0]): rows for key, rows in self.figures(scope).group_by("indicator")},
        )
        return groups[indicator] if indicator in groups else self.figures(scope).clear()

    def names(self, table: str) -> bool:
        """Whether the release has a gold table: one from before there was such a table does not."""
        return table in self.tables

    def version(self, table: str) -> int:
        """The Delta version of a gold table in this release.

        Raises NoReleaseError if the release does not name the table.
        """
        try:
            return self.tables[table]
        except KeyError:
            raise NoReleaseError(f"release {self.release_id} names no table {table}") from None

    def _raw(self, table: str) -> pl.DataFrame:
        def load() -> pl.DataFrame:
            return delta.scan(self.root / "gold" / table, self.version(table)).collect()

        return self.cached((table,), load)

    def cached(self, key: tuple[object, ...], make: Callable[[], T]) -> T:
        """What `make` gives, made once for this release; the key must name the scope if the result depends
        on it."""
        with self._lock:
            if key not in self._cache:
                self._cache[key] = make()
            found: T = self._cache[key]
            return found

    def forget(self) -> None:
        """Let go of the tables read; they are read again when somebody asks for this release."""
        with self._lock:
            self._cache.clear()

    def _within(self, rows: pl.DataFrame, scope: Scope) -> pl.DataFrame:
        if "region" in rows.columns:
            inside = pl.col("region").is_in(PLACELESS)
            for stem in scope.stems:
                inside |= pl.col("region").str.starts_with(stem)
            rows = rows.filter(inside)
        if scope.grade == "internal":
            return rows
        datasets = self._raw("dataset")
        shared = datasets.filter(pl.col("share") == "unconditional")["table"].to_list()
        if "table" in rows.columns:
            return rows.filter(pl.col("table").is_in(shared))
        if "indicator" in rows.columns:
            catalogue = self._raw("catalogue")
            seen = catalogue.filter(pl.col("table").is_in(shared))["indicator"].to_list()
            return rows.filter(pl.col("indicator").is_in(seen))
        return rows


#: Releases whose tables stay in memory: the newest and one that somebody looks back at.
KEPT_RELEASES = 2


class Lake:
    """A lake's folder as the cockpit sees it: releases and the ledger of runs, read only."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._lock = threading.Lock()
        self._version = -1
        self._rows: tuple[Release, ...] = ()
        self._asked: list[Release] = []

    def releases(self) -> tuple[Release, ...]:
        """All releases, newest first; empty when nothing has been released yet."""
        path = self.root / "gold" / "release"
        try:
            table = DeltaTable(str(path))
        except TableNotFoundError:
            return ()
        with self._lock:
            if table.version() != self._version:
                known = {release.release_id: release for release in self._rows}
                rows = delta.scan(path, table.version()).collect()
                # In the order in which they were written: a clock may jump. Older rows have no number.
                if "number" not in rows.columns:
                    rows = rows.with_columns(number=pl.lit(None, pl.Int64))
                order = ("number", "released_at", "release_id")
                rows = rows.sort(order, descending=True, nulls_last=True)
                self._rows = tuple(
                    known.get(row["release_id"]) or _release(self.root, row)
                    for row in rows.iter_rows(named=True)
                )
                self._version = table.version()
            return self._rows

    def release(self, release_id: str | None = None) -> Release:
        """The release of that id, or the newest.

        Raises NoReleaseError.
        """
        releases = self.releases()
        if release_id is None and releases:
            return self._opened(releases[0])
        for release in releases:
            if release.release_id == release_id:
                return self._opened(release)
        raise NoReleaseError(f"no release {release_id}" if releases else f"no release in {self.root.name}")

    def _opened(self, release: Release) -> Release:
        """The release, remembered as asked for last; all but the last few let go of their tables."""
        with self._lock:
            self._asked = [release, *(other for other in self._asked if other is not release)]
            gone, self._asked = self._asked[KEPT_RELEASES:], self._asked[:KEPT_RELEASES]
        for other in gone:
            other.forget()
        return release

    def runs(self, scope: Scope, limit: int = 50) -> list[dict[str, Any]]:
        """The newest rows of the ledger's `run` table, each with its `steps`; empty without a ledger, and for
        a public reader."""
        runs = self._ledger(scope, "select * from run order by rowid desc limit ?", limit)
        for run in runs:
            steps = "select * from step where run_id = ? order by position"
            run["steps"] = self._ledger(scope, steps, run["run_id"])
        return runs

    def strays(self, scope: Scope) -> list[dict[str, Any]]:
        """The ledger's rows of the files in landing that no source claims, with the reason; empty for a public
        reader."""
        return self._ledger(scope, "select * from stray order by file")

    def _ledger(self, scope: Scope, query: str, *values: object) -> list[dict[str, Any]]:
        path = self.root / "ops" / "ledger.db"
        if scope.grade != "internal" or not path.is_file():
            return []
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as ledger:
            ledger.row_factory = sqlite3.Row
            return [dict(row) for row in ledger.execute(query, values)]


def open_lake(path: Path | str) -> Lake:
    """A lake by its folder. Nothing is read until something is asked for."""
    return Lake(Path(path))


def _release(root: Path, row: dict[str, Any]) -> Release:
    return Release(
        release_id=row["release_id"],
        released_at=row["released_at"],
        as_of=row["as_of"],
        run_id=row["run_id"],
        profile=row["profile"],
        tables=json.loads(row["tables"]),
        models=json.loads(row["models"] or "{}"),
        quality=row["quality"],
        code_version=row["code_version"],
        root=root,
    )
