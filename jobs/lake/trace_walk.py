"""Walking figures back to the rows as received, and computing them once more from exactly these rows.

Silver is not read: rows come from bronze, are judged by their contract again and pass through the theme's
views, so that a figure that agrees has been made twice, from the department's own text.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd
import polars as pl

import conf
from conf import delta, periods
from conf.source_files import load_sources
from jobs.context import Context
from jobs.lake import silver
from jobs.lake.trace_figures import Figure, Release, find_definition, newest
from themes.common import indicators as builder
from themes.common.contract import Indicator, Theme, discover
from themes.common.views import Views

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, Row, SparkSession

_AT_ONCE = 3


@dataclass(frozen=True)
class SourceRows:
    """Rows of one delivered file, or of one of its sheets; row numbers ascend and are those of the file."""

    source: str
    delivery: str
    file: str
    rows: tuple[int, ...]
    sheet: str | None = None


@dataclass(frozen=True)
class Walk:
    """A figure, the rows behind it, and its value computed again from them (None: they give no value).

    `counted` is the number of source rows as the definition counts them: a weekly price spread over the days
    of two ten-day periods is one row and counts in both. A change is made of two `parts`: now and before.
    """

    figure: Figure
    sources: tuple[SourceRows, ...]
    counted: int
    recomputed: float | None
    parts: tuple[Walk, ...] = ()

    @property
    def files(self) -> list[str]:
        """The files behind the figure."""
        return sorted({s.file for s in self.sources})

    @cached_property
    def differences(self) -> tuple[str, ...]:
        """What is not as the figure says; empty when it can be walked back whole."""
        found = [d for part in self.parts for d in part.differences]
        if self.recomputed is None or not math.isclose(
            self.recomputed, self.figure["value"], rel_tol=1e-9, abs_tol=1e-9
        ):
            found.append(f"the rows give {self.recomputed}, the figure is {self.figure['value']}")
        if self.counted != self.figure["source_rows"]:
            found.append(f"{self.counted} rows found, the figure names {self.figure['source_rows']}")
        if self.files != json.loads(self.figure["source"]):
            found.append(f"files found: {', '.join(self.files) or 'none'}")
        return tuple(found)


def walk_back(spark: SparkSession, release: Release, figures: Iterable[Figure]) -> list[Walk]:
    """One walk a figure (rows of the release's gold.indicator), in the same order; one query an indicator.

    Raises TraceError when the rows behind the release can no longer be read.
    """
    wanted = list(figures)
    themes = discover()
    parts = _parts(release, themes, wanted)
    plain = {_id(f): f for made_of in parts.values() for f in made_of}
    by_indicator: dict[str, list[Figure]] = {}
    for figure in plain.values():
        by_indicator.setdefault(figure["indicator"], []).append(figure)
    context = Context(
        spark,
        conf.load(),
        themes,
        load_sources(release.profile),
        release.lake,
        run_id="trace",
        as_of=release.as_of,
    )
    replay = Replay(context, release)
    queries = []
    for indicator, group in sorted(by_indicator.items()):
        theme, definition, _ = find_definition(themes, indicator)
        queries.append((definition, replay.views(theme)[definition.source], group))
    walks: dict[tuple[object, ...], Walk] = {}
    try:
        # A small query waits for the driver more than for the cores, so several are under way at once.
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for group, behind in pool.map(lambda query: (query[2], _behind(context, *query)), queries):
                walks |= {_id(f): _walk(f, behind.get(n)) for n, f in enumerate(group)}
    finally:
        replay.forget()
    return [_joined(f, [walks[_id(p)] for p in parts[_id(f)]]) for f in wanted]


class Replay:
    """Tables made again in memory from what the release had of bronze, each once."""

    def __init__(self, context: Context, release: Release) -> None:
        self._context = context
        self._release = release
        self._made: dict[str, DataFrame] = {}
        self._entities = {n: e.table for t in context.themes for n, e in t.contract.entities.items()}

    def views(self, theme: Theme) -> Mapping[str, DataFrame]:
        """The theme's views and the tables under them, by name."""
        return Views(theme, self.table)

    def table(self, name: str) -> DataFrame:
        """A silver table, first or second floor."""
        if name in self._entities:
            return silver.entity_versions(self.table(self._entities[name]))
        if name not in self._made:
            self._made[name] = self._accepted(name).persist()
        return self._made[name]

    def forget(self) -> None:
        """Give back the memory that the tables hold."""
        for frame in self._made.values():
            frame.unpersist()

    def _accepted(self, name: str) -> DataFrame:
        from pyspark.sql import functions as F

        context = self._context
        contract = context.tables[name][1]
        path, version = self._release.bronze(name)
        files = self._release.files(name)
        received = context.spark.read.format("delta").option("versionAsOf", version).load(str(path))
        received = received.where(received["file"].isin(files))
        if "sheet" not in received.columns:
            # Made before workbooks were read.
            received = received.withColumn("sheet", F.lit(None).cast("string"))
        first = delta.scan(path, version)
        first = first.filter(pl.col("problem").is_null() & pl.col("file").is_in(files))
        first = first.group_by("source", "file").agg(pl.col("record").first()).sort("source", "file")
        headers: dict[str, dict[str, None]] = {}
        for source, _, record in first.collect().iter_rows():
            headers.setdefault(source, {}).update(dict.fromkeys(json.loads(record)))
        read_by = [(context.sources[source], list(found)) for source, found in headers.items()]
        regions = silver.region_lookup(context.spark, context.conf.regions, context.conf.settings.provinces)
        return silver.accepted(
            silver.judge(received, read_by, contract, context.codes, regions, context.decisions(name)),
            contract,
        )


def _id(figure: Figure) -> tuple[object, ...]:
    return tuple(figure[name] for name in (*builder.KEY, "published_at"))


def _parts(
    release: Release, themes: tuple[Theme, ...], figures: list[Figure]
) -> dict[tuple[object, ...], list[Figure]]:
    """What each figure is made of: itself or, for a change, the two figures compared, now and before."""
    kinds = {f["indicator"]: find_definition(themes, f["indicator"])[2] for f in figures}
    changes = [f for f in figures if kinds[f["indicator"]]]
    bases = {f["indicator"].rpartition(".")[0] for f in changes}
    compared = newest(release.rows("indicator", indicator=bases, region={f["region"] for f in changes}))
    made_of = {_id(f): [f] for f in figures}
    for figure in changes:
        base, _, kind = figure["indicator"].rpartition(".")
        now = figure["period"]
        before = periods.year_ago(now) if kind == "yoy" else periods.shift(now, -1)
        made_of[_id(figure)] = [
            compared[base, figure["region"], figure["breakdown"], str(period)] for period in (now, before)
        ]
    return made_of


def _behind(
    context: Context, definition: Indicator, view: DataFrame, figures: list[Figure]
) -> dict[int, Row]:
    """Position of each figure → its value, how many rows counted, and their (source, delivery, file, row)."""
    from pyspark.sql import functions as F

    listed = pd.DataFrame(
        [(n, f["region"], f["period"], f["breakdown"], f["published_at"]) for n, f in enumerate(figures)],
        columns=["figure", "region", "period", "_breakdown", "_published"],
    )
    wanted = context.spark.createDataFrame(
        listed, "figure int, region string, period string, _breakdown string, _published date"
    )
    above = builder.ancestry(context.spark, context.conf.regions).where(
        F.col("region").isin(*listed["region"].unique())
    )
    if not definition.rollup:
        above = above.where("member = region")
    above = above.select(F.col("member").alias("_member"), F.col("region").alias("_region"))
    rows = view.where(definition.where).withColumn("_period", F.expr(definition.period))
    rows = rows.withColumn("_member", F.expr(definition.region)).join(F.broadcast(above), "_member")
    rows = rows.drop("region", "period").withColumnsRenamed({"_region": "region", "_period": "period"})
    rows = rows.withColumn(
        "_breakdown", F.explode(F.array(*[_text(group) for group in definition.breakdowns]))
    )
    rows = rows.join(F.broadcast(wanted), ["region", "period", "_breakdown"])
    if "superseded_on" in view.columns:
        rows = rows.where(
            "delivered_on <= _published and (superseded_on is null or superseded_on > _published)"
        )
    found = rows.groupBy("figure").agg(
        F.expr(definition.value).cast("double").alias("value"),
        F.count(F.lit(1)).alias("counted"),
        F.collect_set(F.struct("source", "delivery", "file", "sheet", "row")).alias("origins"),
    )
    return {row["figure"]: row for row in found.collect()}


def _text(group: tuple[str, ...]) -> Column:
    """The breakdown of a row in one group of columns, as gold.indicator writes it."""
    from pyspark.sql import functions as F

    parts = [
        F.concat(F.lit(f"{name}="), F.coalesce(F.expr(name).cast("string"), F.lit("unknown")))
        for name in sorted(group)
    ]
    return F.concat_ws("|", *parts) if parts else F.lit("")


def _walk(figure: Figure, found: Row | None) -> Walk:
    if found is None:
        return Walk(figure, (), 0, None)
    files: dict[tuple[str, str, str, str | None], list[int]] = {}
    for origin in found["origins"]:
        place = (origin["source"], origin["delivery"], origin["file"], origin["sheet"])
        files.setdefault(place, []).append(origin["row"])
    sources = tuple(
        SourceRows(source, delivery, file, tuple(sorted(files[source, delivery, file, sheet])), sheet)
        for source, delivery, file, sheet in sorted(files, key=lambda place: (*place[:3], place[3] or ""))
    )
    return Walk(figure, sources, found["counted"], found["value"])


def _joined(figure: Figure, parts: list[Walk]) -> Walk:
    """The walk of a figure from those of its parts; a change is computed from its two values."""
    if len(parts) == 1:
        return parts[0]
    now, before = parts
    value = None
    if now.recomputed is not None and before.recomputed is not None:
        if now.figure["unit"] == "percent":
            value = now.recomputed - before.recomputed
        elif before.recomputed > 0:
            value = 100.0 * (now.recomputed / before.recomputed - 1)
    return Walk(figure, (*now.sources, *before.sources), now.counted + before.counted, value, (now, before))
