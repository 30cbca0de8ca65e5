"""What the facts of all pages share: a view of one release, lookups in it, and its rows as records."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote, unquote

import polars as pl

import conf
from cockpit import formats, texts
from cockpit.facts_types import (
    Change,
    Figure,
    Light,
    ReleaseFact,
    SparkPoint,
    TargetFact,
    Text,
    WarningFact,
)
from cockpit.gold import Release, Scope
from conf import periods
from conf.status import worst

Row = dict[str, Any]

#: Lights from the most to the least urgent.
LIGHTS = ("red", "orange", "yellow", "blue", "grey", "green")
#: Lights that ask for attention, and so are listed.
LISTED = ("red", "orange", "yellow", "blue", "grey")
SPARK_PERIODS = 24
SPARK_FORECASTS = 6


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
        return self.release.cached(("catalogue", self.scope), self._catalogue)

    @property
    def datasets(self) -> dict[str, Row]:
        """Datasets by table."""
        return {row["table"]: row for row in self.read("dataset").iter_rows(named=True)}

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
    named = [_value_name(*pair.split("=", 1)) for pair in breakdown.split("|")]
    return Text(
        texts.get("format.joint", "zh").join(name.zh for name in named),
        texts.get("format.joint", "en").join(name.en for name in named),
    )


def breakdown_order(breakdown: str) -> tuple[Any, ...]:
    """Sort key of breakdowns: the total first, then by dimensions and the order of their code lists."""
    pairs = [pair.split("=", 1) for pair in breakdown.split("|")] if breakdown else []
    return (len(pairs), [key for key, _ in pairs], [_value_position(key, value) for key, value in pairs], breakdown)


def _value_name(key: str, value: str) -> Text:
    if texts.has(f"breakdown.value.{key}.{value}"):
        return texts.both(f"breakdown.value.{key}.{value}")
    code = next((codes[value] for codes in code_lists(key) if value in codes), None)
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


def breakdowns_of(view: View, indicator: str, region: str) -> list[str]:
    """Breakdowns in which an indicator has rows in a region, in order; the first is what a page opens with."""
    rows = view.figures(indicator).filter(pl.col("region") == region)
    return sorted(rows["breakdown"].unique().to_list(), key=breakdown_order)


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


def figure(view: View, indicator: str, region: str, breakdown: str, period: str | None = None) -> Figure:
    """The card of one figure, at a period or the newest; its value is None when there is no row.

    Raises UnknownError for an indicator that the release does not define.
    """
    entry = view.entry(indicator)
    rows = series(view, indicator, region, breakdown)
    upto = [row for row in rows if period is None or row["period"] <= period]
    row = upto[-1] if upto and (period is None or upto[-1]["period"] == period) else None
    is_newest = row is not None and row is rows[-1]
    return Figure(
        theme=entry["theme"],
        indicator=indicator,
        breakdown=breakdown,
        breakdown_name=breakdown_name(breakdown),
        name=bilingual(entry, "name"),
        definition=bilingual(entry, "definition"),
        value=row["value"] if row else None,
        unit=row["unit"] if row else entry["unit"],
        decimals=entry["decimals"],
        freq=entry["freq"],
        period=row["period"] if row else period or "",
        period_end=row["period_end"] if row else None,
        region=region,
        region_name=region_name(region),
        department=bilingual(entry, "department"),
        source=bilingual(entry, "source"),
        status=row["status"] if row else entry["status"],
        quality=row["quality"] if row else None,
        published_at=row["published_at"] if row else None,
        direction=entry["direction"],
        stale_days=_stale_days(view, row) if row and is_newest else 0,
        changes=tuple(_changes(view, entry, row)) if row else (),
        light=_light(view, indicator, region, breakdown) if is_newest else None,
        target=target_of(view, indicator, region, breakdown),
        spark=tuple(_spark(view, upto, is_newest)),
        trace=row_trace(row) if row else "",
    )


def dataset_of(view: View, row: Row) -> Row | None:
    """The dataset whose files stand behind a figure: table `a_b` is fed from `landing/a/b/`."""
    files = files_of(row)
    return view.datasets.get("_".join(files[0].split("/")[:2])) if files else None


def files_of(row: Row) -> tuple[str, ...]:
    """The landing files behind a figure."""
    return tuple(json.loads(row.get("source") or "[]"))


def _stale_days(view: View, row: Row) -> int:
    dataset = dataset_of(view, row)
    if dataset is None or dataset["freshness_days"] is None:
        return 0
    age: int = (view.release.as_of - row["published_at"]).days
    return max(0, age - int(dataset["freshness_days"]))


def _changes(view: View, entry: Row, row: Row) -> Iterable[Change]:
    for change in view.changes_of(entry["indicator"]):
        same = [
            found
            for found in series(view, change["indicator"], row["region"], row["breakdown"])
            if found["period"] == row["period"]
        ]
        if same:
            value = same[0]["value"]
            yield Change(
                kind=change["change"],
                value=value,
                unit=change["unit"],
                decimals=change["decimals"],
                good=_is_good(value, entry["direction"]),
                trace=row_trace(same[0]),
            )


def _is_good(value: float | None, direction: str) -> bool | None:
    if not value or direction == "neutral":
        return None
    return (value > 0) == (direction == "up")


def _spark(view: View, rows: Sequence[Row], is_newest: bool) -> Iterable[SparkPoint]:
    for row in rows[-SPARK_PERIODS:]:
        yield SparkPoint(row["period"], row["value"], row["status"] == "forecast")
    if rows and is_newest:
        last = rows[-1]
        ahead = forecast_rows(view, last["indicator"], last["region"], last["breakdown"])
        for row in [row for row in ahead if row["period_end"] > last["period_end"]][:SPARK_FORECASTS]:
            yield SparkPoint(row["period"], row["mean"], True)


# -- lights, warnings, targets -----------------------------------------------------------------------------


def light_of(row: Row) -> Light:
    """The light of a row of gold.warning."""
    return Light(row["light"], row["level"], row["scheme"])


def worst_light(lights: Iterable[Light]) -> Light | None:
    """The most urgent of several lights."""
    return min(lights, key=lambda light: LIGHTS.index(light.light), default=None)


def _light(view: View, indicator: str, region: str, breakdown: str) -> Light | None:
    rows = view.read("warning").filter(
        (pl.col("indicator") == indicator)
        & (pl.col("region") == region)
        & (pl.col("breakdown") == breakdown)
        & pl.col("is_current")
    )
    return worst_light(light_of(row) for row in rows.iter_rows(named=True))


def below(region: str) -> pl.Expr:
    """Rows of a region and of everything that lies in it."""
    regions = conf.load().regions
    within = [row.code for row in regions.rows() if region == row.code or region in regions.ancestors(row.code)]
    return pl.col("region").is_in(within)


def current_warnings(view: View, region: str) -> pl.DataFrame:
    """The current state of every rule in a region and below it."""
    return view.read("warning").filter(pl.col("is_current") & below(region))


def light_counts(lights: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """How many of each light, from red to green; every light is named, also at 0."""
    listed = list(lights)
    return tuple((light, listed.count(light)) for light in LIGHTS)


def warnings(view: View, rows: pl.DataFrame) -> tuple[WarningFact, ...]:
    """Warnings as records: worst first, then the one that began first, then official order of regions."""
    regions = conf.load().regions
    rules = view.rules
    found = [_warning(view, rules, row) for row in rows.iter_rows(named=True) if row["light"] in LISTED]

    def rank(fact: WarningFact) -> tuple[int, date, int, str]:
        position = regions.get(fact.region).position if regions.has(fact.region) else 0
        return LIGHTS.index(fact.light.light), periods.start(fact.since), position, fact.rule_id

    return tuple(sorted(found, key=rank))


def _warning(view: View, rules: dict[tuple[str, str], Row], row: Row) -> WarningFact:
    entry = view.entry(row["indicator"])
    rule = rules.get((row["rule_id"], row["rule_version"]))
    name = region_name(row["region"])
    # A rule may judge a change, which is in percent while the indicator is not.
    same_unit = row["unit"] == entry["unit"]
    decimals = entry["decimals"] if same_unit else conf.load().units[row["unit"]].decimals
    return WarningFact(
        theme=row["theme"],
        theme_name=bilingual(entry, "theme"),
        rule_id=row["rule_id"],
        rule_version=row["rule_version"],
        rule_name=bilingual(rule, "name") if rule else Text(row["rule_id"], row["rule_id"]),
        message=_message(rule, row, name, decimals) if rule else bilingual(entry, "name"),
        rule_source=rule["source"] if rule else "",
        verified=bool(rule and rule["verified"]),
        indicator=row["indicator"],
        indicator_name=bilingual(entry, "name"),
        region=row["region"],
        region_name=name,
        period=row["period"],
        freq=row["freq"],
        period_end=row["period_end"],
        since=row["since"],
        run_length=row["run_length"],
        light=light_of(row),
        direction=row["direction"],
        value=row["value"],
        unit=row["unit"],
        decimals=decimals,
        compared=row["compared"],
        threshold=row["threshold"],
        distance_to_next=row["distance_to_next"],
        department=department_name(row["department"]),
        status=row["status"],
        quality=row["quality"],
        trace=row_trace(row),
    )


def _message(rule: Row, row: Row, name: Text, decimals: int) -> Text:
    def filled(lang: str) -> str:
        template: str = rule[f"message_{lang}"]
        return template.format(
            region=name.get(lang),
            period=formats.period(row["period"], lang),
            value=formats.plain(row["value"], decimals, lang),
            threshold=formats.bare(row["threshold"], lang),
            run_length=row["run_length"],
        )

    return Text(filled("zh"), filled("en"))


def targets(view: View, region: str) -> tuple[TargetFact, ...]:
    """Plan targets of a region: red first, then the one furthest behind."""
    rows = view.read("target").filter(pl.col("region") == region)
    facts = [_target(view, row) for row in rows.iter_rows(named=True)]

    def rank(fact: TargetFact) -> tuple[int, float, str]:
        return LIGHTS.index(fact.light.light), fact.pace if fact.pace is not None else 0.0, fact.target_id

    return tuple(sorted(facts, key=rank))


def target_of(view: View, indicator: str, region: str, breakdown: str) -> TargetFact | None:
    """The plan target that one figure serves, if there is one."""
    own = (target for target in targets(view, region) if (target.indicator, target.breakdown) == (indicator, breakdown))
    return next(own, None)


def _target(view: View, row: Row) -> TargetFact:
    breakdown = row["breakdown"] or ""
    trace = None
    if row["indicator"] in view.catalogue and row["period"]:
        freq = periods.freq_of(row["period"])
        trace = trace_key("i", row["indicator"], row["region"], freq, row["period"], breakdown)
    return TargetFact(
        target_id=row["target_id"],
        clause=bilingual(row, "clause"),
        name=bilingual(row, "name"),
        region=row["region"],
        region_name=region_name(row["region"]),
        unit=row["unit"],
        decimals=conf.load().units[row["unit"]].decimals,
        direction=row["direction"],
        base=row["base"],
        base_date=row["base_date"],
        goal=row["goal"],
        due=row["due"],
        department=bilingual(row, "department"),
        indicator=row["indicator"],
        breakdown=breakdown,
        value=row["value"],
        period=row["period"],
        published_at=row["published_at"],
        attainment=row["attainment"],
        time_elapsed=row["time_elapsed"],
        pace=row["pace"],
        light=Light(row["light"], None, "progress"),
        evidence=row["evidence"],
        status=row["status"] or "real",
        quality=row["quality"],
        trace=trace,
    )


def worst_status(statuses: Iterable[str], default: str) -> str:
    """The worst of the statuses shown, or the default when nothing is."""
    listed = list(statuses)
    return worst(listed) if listed else default
