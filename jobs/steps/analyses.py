"""Analyses of a theme: rows of gold.indicator that methods make of others, and what belongs to them.

Numbers only, on the driver: figures in, frames out.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from conf import periods
from conf.regions import Regions
from conf.status import worst
from jobs.lake import schemas
from jobs.methods.base import Found, Given, Method, Surroundings, methods
from jobs.steps import waiting
from jobs.steps.provenance import Provenance
from themes.common.contract import Analysis, Input, Theme


@dataclass(frozen=True)
class Results:
    """Frames with the columns of INDICATOR, ANALYSIS and METHOD."""

    figures: pd.DataFrame
    details: pd.DataFrame
    methods: pd.DataFrame


def wanted(themes: Iterable[Theme]) -> list[str]:
    """Ids of the indicators (and of their changes) that some analysis is made of."""
    return sorted(
        {
            _id(theme.id, given)
            for theme in themes
            for analysis in theme.analyses.values()
            for inputs in analysis.inputs.values()
            for given in inputs
        }
    )


def is_used(themes: Iterable[Theme], figures: pd.DataFrame) -> pd.Series:
    """Which rows of gold.indicator are of series that are forecast or that some analysis is made of, themselves or
    by their change."""
    forecast = {name for theme in themes for name, one in theme.indicators.items() if one.forecast}
    inputs = {
        (f"{theme.id}.{one.indicator}", one.breakdown)
        for theme in themes
        for analysis in theme.analyses.values()
        for given in analysis.inputs.values()
        for one in given
    }
    whole = forecast | {name for name, breakdown in inputs if breakdown == "*"}
    series = pd.Series(
        list(zip(figures["indicator"], figures["breakdown"], strict=True)), figures.index, object
    )
    return figures["indicator"].isin(whole) | series.isin(inputs)


def results(themes: Iterable[Theme], figures: pd.DataFrame, around: Surroundings) -> Results:
    """All analyses of the themes. `figures` are rows of gold.indicator with their `region_level`, those under
    suspicion left out; of an indicator that nobody feeds there are none."""
    parts = [
        _one(theme, name, analysis, figures, around)
        for theme in themes
        for name, analysis in theme.analyses.items()
    ]
    columns = (schemas.INDICATOR, schemas.ANALYSIS, schemas.METHOD)
    by_table = zip(*parts, strict=True) if parts else ((), (), ())
    return Results(*(_together(frames, names) for frames, names in zip(by_table, columns, strict=True)))


def _together(frames: Iterable[pd.DataFrame], columns: str) -> pd.DataFrame:
    names = schemas.names(columns)
    whole = [frame[names] for frame in frames if len(frame)]
    return pd.concat(whole, ignore_index=True) if whole else pd.DataFrame(columns=names)


def _one(
    theme: Theme, name: str, analysis: Analysis, figures: pd.DataFrame, around: Surroundings
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    method = methods()[analysis.method]
    given = {
        role: pd.concat([chosen(theme.id, one, figures) for one in inputs], ignore_index=True)
        for role, inputs in analysis.inputs.items()
    }
    reason: dict[str, str] = {}
    try:
        parameters = method.parameters.model_validate(analysis.parameters)
        found, details = method.work(Given(given, parameters, around)).frames()
    except (ValueError, np.linalg.LinAlgError) as error:
        reason = waiting.words(error, theme, analysis)
        print(f"    {name}: waits: {str(error).splitlines()[0]}", file=sys.stderr, flush=True)
        found, details = Found().frames()
    inputs = pd.concat(given.values(), ignore_index=True)
    made = _figures(theme.id, name, analysis, method, found, inputs, around)
    labelled = _details(theme.id, name, analysis, details, made, inputs)
    return made, labelled, _told(theme.id, name, analysis, method, reason)


def _id(theme: str, given: Input) -> str:
    return f"{theme}.{given.indicator}" + (f".{given.change}" if given.change else "")


def with_levels(figures: pd.DataFrame, regions: Regions) -> pd.DataFrame:
    """Rows of gold.indicator with the level of their region."""
    level = {region.code: region.level for region in regions.rows()}
    return figures.assign(region_level=figures["region"].map(level))


def chosen(theme: str, given: Input, figures: pd.DataFrame) -> pd.DataFrame:
    """The rows of an input, each with its `item`, in order of region, item, period and publication."""
    ours = (figures["indicator"] == _id(theme, given)) & figures["region_level"].isin(given.levels)
    if given.breakdown != "*":
        ours &= figures["breakdown"] == given.breakdown
    rows = figures[ours]
    plain = rows["indicator"].str.removeprefix(f"{theme}.")
    parted = ("|" + rows["breakdown"]).where(rows["breakdown"] != "", "")
    return rows.assign(item=plain + parted).sort_values(
        ["region", "item", "period_end", "published_at"], kind="stable"
    )


def _figures(
    theme: str, name: str, analysis: Analysis, method: Method, found: pd.DataFrame, inputs: pd.DataFrame,
    around: Surroundings,
) -> pd.DataFrame:  # fmt: skip
    if found.empty:
        return found
    ends = {period: periods.end(period) for period in found["period"].unique()}
    rows = found.assign(
        theme=theme,
        indicator=name,
        freq=analysis.freq,
        unit=analysis.unit,
        period_end=found["period"].map(ends),
    )
    latest = inputs.drop_duplicates(["region", "item", "period"], keep="last")
    origins = Provenance(latest, around.regions, method.two_sided)
    behind = [
        origins.of(str(region), part["period_end"]).assign(region=region)
        for region, part in rows.groupby("region")
    ]
    joined = rows.merge(pd.concat(behind), on=["region", "period_end"])
    if method.estimates or analysis.trial:
        joined["status"] = [worst([status, "estimated"]) for status in joined["status"]]
    return joined


def _details(
    theme: str, name: str, analysis: Analysis, details: pd.DataFrame, made: pd.DataFrame, inputs: pd.DataFrame
) -> pd.DataFrame:
    if details.empty:
        return details
    statuses = made["status"] if len(made) else inputs["status"]
    return details.assign(
        theme=theme, indicator=name, freq=analysis.freq, status=worst(statuses.unique()),
        period_end=details["period"].map({p: _end(p) for p in details["period"].unique()}),
    )  # fmt: skip


def _end(period: str) -> Any:
    """The end of a period; None for a step that is none, such as that of a response."""
    try:
        return periods.end(period)
    except ValueError:
        return None


def _told(
    theme: str, name: str, analysis: Analysis, method: Method, reason: Mapping[str, str]
) -> pd.DataFrame:
    """The row of gold.method; `reason` by language, none when the method found something."""
    asked = {role: [one.model_dump(mode="json") for one in given] for role, given in analysis.inputs.items()}
    return pd.DataFrame(
        [
            {
                "theme": theme, "indicator": name, "method": method.name, "version": method.version,
                "reference_zh": analysis.reference.zh, "reference_en": analysis.reference.en,
                "parameters": json.dumps(analysis.parameters, ensure_ascii=False, default=str),
                "inputs": json.dumps(asked, ensure_ascii=False), "chart": analysis.chart, "trial": analysis.trial,
                "featured": analysis.headline, "state": "waiting" if reason else "done",
                "reason_zh": reason.get("zh", ""), "reason_en": reason.get("en", ""),
            }
        ]
    )  # fmt: skip


def problems(themes: Iterable[Theme]) -> list[str]:
    """One line `FILE: key: problem` for every analysis whose method, roles or parameters are not right."""
    found = []
    for theme in themes:
        for name, analysis in theme.analyses.items():
            key = f"themes/{theme.id}/indicators.yaml: analyses.{name.partition('.')[2]}"
            found += [f"{key}.{line}" for line in _problems(analysis, methods())]
    return found


def _problems(analysis: Analysis, known: Mapping[str, Method]) -> Iterable[str]:
    from pydantic import ValidationError

    method = known.get(analysis.method)
    if method is None:
        yield f"method: no method {analysis.method!r}: one of {', '.join(sorted(known))}"
        return
    if set(analysis.inputs) != method.roles:
        yield f"inputs: {analysis.method} wants {', '.join(sorted(method.roles))}"
    try:
        method.parameters.model_validate(analysis.parameters)
    except ValidationError as error:
        for fault in error.errors():
            path = ".".join(map(str, ("parameters", *fault["loc"])))
            yield f"{path}: {fault['msg'].removeprefix('Value error, ')}"
