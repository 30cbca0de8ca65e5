"""What the facts of all pages share: a view of one release, lookups in it, and its rows as records."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

import polars as pl

import conf
from cockpit import texts
from cockpit.facts_types import (
    ReleaseFact,
    Text,
)
from cockpit.gold import PLACELESS, Release, Scope
from conf.status import worst

Row = dict[str, Any]

#: The unit of an indicator whose rows each bring their own.
_NO_UNIT = "none"
#: The breakdowns whose values are plan targets, and names of national series.
_TARGET = "target_id"
_SERIES = "series"


class OutOfScopeError(PermissionError):
    """The region lies outside the reader's scope, or does not exist."""


class UnknownError(LookupError):
    """The release holds no such theme, indicator or figure."""


@dataclass(frozen=True)
class View:
    """A release as one reader sees it. Lookups are made once for each release and scope."""

    release: Release
    scope: Scope

    def figures(self, indicator: str) -> pl.DataFrame:
        """An indicator's figures, each once, as last published."""
        return self.release.figures_of(indicator, self.scope)

    @property
    def catalogue(self) -> dict[str, Row]:
        """Definitions by indicator, in the order of themes and positions."""
        return self.release.cached(("definitions", self.scope), self._catalogue)

    @property
    def datasets(self) -> dict[str, Row]:
        """Datasets by table."""
        return {row["table"]: row for row in self.read("dataset").iter_rows(named=True)}

    @property
    def sources(self) -> dict[str, Row]:
        """Datasets by source: a table may be fed from several."""
        return self.release.cached(
            ("datasets by source", self.scope),
            lambda: {row["source"]: row for row in self.read("dataset").iter_rows(named=True)},
        )

    @property
    def source_of_file(self) -> dict[str, str]:
        """Source of each delivered file."""
        return self.release.cached(
            ("sources by file", self.scope),
            lambda: dict(self.read("quality").select("file", "source").iter_rows()),
        )

    @property
    def rules(self) -> dict[tuple[str, str], Row]:
        """Warning rules by id and version."""
        rows = self.read("rule_threshold").iter_rows(named=True)
        return {(row["rule_id"], row["version"]): row for row in rows}

    def read(self, table: str) -> pl.DataFrame:
        """All rows of a gold table in the scope."""
        return self.release.read(table, self.scope)

    def entry(self, indicator: str) -> Row:
        """The definition of an indicator. Raises UnknownError."""
        try:
            return self.catalogue[indicator]
        except KeyError:
            raise UnknownError(f"no indicator {indicator}") from None

    def changes_of(self, indicator: str) -> list[Row]:
        """Definitions of an indicator's changes, 同比 before 环比."""
        found = [row for row in self.catalogue.values() if row["derived_from"] == indicator]
        return sorted(found, key=lambda row: row["change"] != "yoy")

    def _catalogue(self) -> dict[str, Row]:
        rows = self.read("catalogue").sort("theme_order", "position", "indicator")
        return {row["indicator"]: row for row in rows.iter_rows(named=True)}


def check_region(scope: Scope, region: str) -> None:
    """Raise OutOfScopeError unless the region exists and lies in the scope."""
    if not conf.load().regions.has(region) or not scope.covers(region):
        raise OutOfScopeError(f"region {region} is not open to this reader")


# -- names -------------------------------------------------------------------------------------------------


def bilingual(row: Row, stem: str) -> Text:
    """The columns `<stem>_zh` and `<stem>_en`."""
    return Text(row[f"{stem}_zh"] or "", row[f"{stem}_en"] or "")


def region_name(code: str) -> Text:
    """A region's name; the code itself for one that conf/regions.csv lacks."""
    regions = conf.load().regions
    return Text(regions.name(code, "zh"), regions.name(code, "en")) if regions.has(code) else Text(code, code)


def department_name(code: str) -> Text:
    """A department's name; its code where conf lacks it."""
    department = conf.load().departments.get(code)
    return Text(department.zh, department.en) if department else Text(code, code)


def breakdown_name(breakdown: str) -> Text:
    """A breakdown in words: `age=65+|sex=f` → 65岁及以上、女; the total for an empty one."""
    if not breakdown:
        return texts.both("breakdown.total")
    pairs = sorted(breakdown.split("|"), key=lambda pair: not pair.startswith(f"{_TARGET}="))
    named = [_value_name(*pair.split("=", 1)) for pair in pairs]
    return Text(
        texts.get("format.joint", "zh").join(name.zh for name in named),
        texts.get("format.joint", "en").join(name.en for name in named),
    )


def breakdown_order(breakdown: str) -> tuple[Any, ...]:
    """Sort key of breakdowns: the total first, then by dimensions and the order of their code lists."""
    pairs = [pair.split("=", 1) for pair in breakdown.split("|")] if breakdown else []
    return (
        len(pairs),
        [key for key, _ in pairs],
        [_value_position(key, value) for key, value in pairs],
        breakdown,
    )


def _value_name(key: str, value: str) -> Text:
    if texts.has(f"breakdown.value.{key}.{value}"):
        return texts.both(f"breakdown.value.{key}.{value}")
    if key == _TARGET:
        return next(
            (
                Text(target.name.zh, target.name.en)
                for target in conf.load().targets
                if target.target_id == value
            ),
            Text(value, value),
        )
    if value == "unknown":
        return texts.both("breakdown.unknown")
    code = next((codes[value] for codes in code_lists(key) if value in codes), None)
    if code is None and key == _SERIES:
        return texts.series(value)
    return Text(code.zh, code.en) if code else Text(value, value)


def _value_position(key: str, value: str) -> int:
    return next((list(codes).index(value) for codes in code_lists(key) if value in codes), 0)


def code_lists(key: str) -> list[dict[str, Any]]:
    """Code lists in which a breakdown's values may stand, those named after its key first."""
    lists = conf.load().codes
    return [dict(lists[name]) for name in sorted(lists, key=lambda name: not name.startswith(key))]


# -- trace keys --------------------------------------------------------------------------------------------


def trace_key(kind: str, indicator: str, region: str, freq: str, period: str, breakdown: str) -> str:
    """A url-safe name of one value. `kind` is `i` (indicator) or `f` (forecast)."""
    safe = quote(breakdown, safe="").replace("%", "!")
    return "~".join((kind, indicator, region, freq, period, safe))


def parse_trace_key(key: str) -> tuple[str, str, str, str, str, str]:
    """The parts of a trace key: kind, indicator, region, freq, period, breakdown. Raises UnknownError."""
    parts = key.split("~")
    if len(parts) != 6 or parts[0] not in ("i", "f"):
        raise UnknownError("not a trace key")
    kind, indicator, region, freq, period, safe = parts
    return kind, indicator, region, freq, period, unquote(safe.replace("!", "%"))


def row_trace(row: Row) -> str:
    """The trace key of a row of gold.indicator."""
    return trace_key("i", row["indicator"], row["region"], row["freq"], row["period"], row["breakdown"])


# -- records -----------------------------------------------------------------------------------------------


def release_fact(release: Release) -> ReleaseFact:
    """What a page says about the release it shows."""
    return ReleaseFact(
        release_id=release.release_id,
        released_at=release.released_at,
        as_of=release.as_of,
        run_id=release.run_id,
        profile=release.profile,
        quality=release.quality,
        code_version=release.code_version,
    )


def series(view: View, indicator: str, region: str, breakdown: str) -> list[Row]:
    """An indicator's rows in one region and breakdown, in its own freq, oldest first."""
    rows = view.figures(indicator).filter(
        (pl.col("region") == region)
        & (pl.col("breakdown") == breakdown)
        & (pl.col("freq") == view.entry(indicator)["freq"])
    )
    return rows.sort("period_end").to_dicts()


def reach(view: View, indicator: str, region: str) -> str:
    """The region whose figures a reader of a region sees: the region itself, or the country (or the place not
    told) where an indicator has figures of nothing else."""
    regions = view.figures(indicator)["region"].unique().to_list()
    placeless = [code for code in PLACELESS if code in regions]
    return placeless[0] if placeless and len(placeless) == len(regions) else region


def breakdowns_of(view: View, indicator: str, region: str) -> list[str]:
    """Breakdowns in which an indicator has rows in a region, in order; the first is what a page opens
    with."""
    rows = view.figures(indicator).filter(pl.col("region") == region)
    # Releases made before there was such a column do not have it.
    first = view.entry(indicator).get("opens_with")
    return sorted(rows["breakdown"].unique(), key=lambda found: (found != first, *breakdown_order(found)))


def forecast_rows(view: View, indicator: str, region: str, breakdown: str) -> list[Row]:
    """The champion's newest forecast of a series, by step; empty when there is none."""
    rows = view.read("forecast").filter(
        (pl.col("indicator") == indicator)
        & (pl.col("region") == region)
        & (pl.col("breakdown") == breakdown)
        & pl.col("champion")
        & (pl.col("as_of") <= view.release.as_of)
    )
    return newest_forecast(rows).sort("step").to_dicts()


def newest_forecast(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of the latest `as_of`, and in it of the latest origin (periods of one freq sort as text)."""
    rows = rows.filter(pl.col("as_of") == pl.col("as_of").max())
    return rows.filter(pl.col("origin") == pl.col("origin").max())


def dataset_of(view: View, row: Row) -> Row | None:
    """The dataset that the first file behind a figure belongs to."""
    return next(iter(_datasets_of(view, [row])), None)


def _datasets_of(view: View, rows: Sequence[Row]) -> list[Row]:
    """The datasets that the files behind figures belong to, each once, in the order of the files."""
    files = dict.fromkeys(
        file for source in dict.fromkeys(row.get("source") for row in rows) for file in _listed(source)
    )
    names = dict.fromkeys(view.source_of_file.get(file) for file in files)
    return [view.sources[name] for name in names if name in view.sources]


def source_of(view: View, entry: Row, rows: Sequence[Row]) -> Text:
    """Publishers and documents of the files behind figures; the catalogue's words where no file is told."""
    datasets = _datasets_of(view, rows)
    if not datasets:
        return bilingual(entry, "source")
    return Text(
        _citation(datasets, "publisher", "document", "zh"),
        _citation(datasets, "publisher_en", "document_en", "en"),
    )


def _citation(datasets: Sequence[Row], publisher: str, document: str, lang: str) -> str:
    """Each publisher once, before its documents; without one, in the words of simulated data, the document
    says all."""
    documents: dict[str, dict[str, None]] = {}
    for row in datasets:
        who = "" if row["status"] == "simulated" else row[publisher] or row["publisher"] or ""
        documents.setdefault(who, {})[row[document] or row["document"] or ""] = None
    joint, separator = texts.get("format.joint", lang), texts.get("format.separator", lang)
    return joint.join(separator.join(filter(None, (who, joint.join(own)))) for who, own in documents.items())


def files_of(row: Row) -> tuple[str, ...]:
    """The landing files behind a figure."""
    return tuple(_listed(row.get("source")))


def _listed(source: str | None) -> list[str]:
    files: list[str] = json.loads(source or "[]")
    return files


def measured_in(entry: Row, breakdown: str, rows: Sequence[Row]) -> tuple[str, int]:
    """Unit and decimals of figures. An indicator without a unit of its own takes that of its rows, and a plan
    target's progress that of the target."""
    unit = rows[-1]["unit"] if rows else entry["unit"]
    if unit == _NO_UNIT:
        unit = next(
            (target.unit for target in conf.load().targets if target.target_id in _values(breakdown)), unit
        )
    decimals = entry["decimals"] if unit == entry["unit"] else conf.load().units[unit].decimals
    return unit, decimals


def _values(breakdown: str) -> list[str]:
    return [pair.partition("=")[2] for pair in breakdown.split("|")]


def worst_status(statuses: Iterable[str], default: str) -> str:
    """The worst of the statuses shown, or the default when nothing is."""
    listed = list(statuses)
    return worst(listed) if listed else default
