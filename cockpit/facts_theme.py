"""Facts of a theme's page: one indicator in one region, seen over time, over space and in rank."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

import polars as pl

import conf
from cockpit import texts
from cockpit.facts_analysis import methods
from cockpit.facts_figure import figure
from cockpit.facts_map import map_children, ranking, shown_region, value_map
from cockpit.facts_read import (
    Row,
    UnknownError,
    View,
    bilingual,
    breakdown_name,
    breakdown_order,
    breakdowns_of,
    check_region,
    code_lists,
    forecast_rows,
    measured_in,
    reach,
    region_name,
    release_fact,
    row_trace,
    series,
    source_of,
    worst_status,
)
from cockpit.facts_types import (
    BandPoint,
    Figure,
    FigureGroup,
    ModelScore,
    Option,
    PastForecast,
    PeriodOption,
    PyramidBand,
    PyramidFact,
    TableRow,
    Text,
    ThemeFacts,
    TrendFact,
    TrendPoint,
)
from cockpit.facts_warnings import current_warnings, target_of, targets, warnings
from cockpit.gold import Release, Scope

#: Remarks of the forecasting job on how an interval came about, by the text that says the same.
_NOTES = {
    "spread": re.compile(r"interval from the spread between areas"),
    "gaps": re.compile(r"gaps filled linearly: (?P<n>\d+)"),
    "random_walk": re.compile(r"(?P<level>[\d.]+) % interval of a random walk"),
    "constant": re.compile(r"constant history"),
    "short": re.compile(r"only (?P<n>\d+) observations"),
}


def theme_page(
    release: Release,
    scope: Scope,
    theme: str,
    region: str,
    indicator: str | None = None,
    breakdown: str | None = None,
    period: str | None = None,
) -> ThemeFacts:
    """A theme's page. What is not chosen, or does not exist for the indicator in the region, takes its
    default: the theme's first indicator that has figures there, its total, its newest period.

    Raises UnknownError for a theme or indicator that the release lacks, OutOfScopeError for a region.
    """
    check_region(scope, region)
    view = View(release, scope)
    own = [key for key, row in view.catalogue.items() if row["theme"] == theme and not row["derived_from"]]
    if not own:
        raise UnknownError(f"no theme {theme}")
    if indicator is not None and indicator not in own:
        raise UnknownError(f"no indicator {indicator} in {theme}")
    places = {key: reach(view, key, region) for key in own}
    # What analyses say stands in a section of its own.
    analysed = methods(view)
    present = [key for key in own if key not in analysed and breakdowns_of(view, key, places[key])]
    chosen = indicator or (present or own)[0]
    entry, shown = view.entry(chosen), places[chosen]

    breakdowns = breakdowns_of(view, chosen, shown) or _breakdowns_below(view, chosen, shown)
    chosen_breakdown = breakdown if breakdown in breakdowns else _opening(view, chosen, shown)
    rows = series(view, chosen, shown, chosen_breakdown)
    labels = _periods(view, chosen, shown, chosen_breakdown)
    default_period = rows[-1]["period"] if rows else (labels or [""])[0]
    chosen_period = period if period in labels else default_period

    figures = [card(view, key, places[key], _opening(view, key, places[key])) for key in present]
    warned = current_warnings(view, region).filter(pl.col("theme") == theme)
    mapped = bool(chosen_period) and entry["map"]
    return ThemeFacts(
        release=release_fact(release),
        theme=theme,
        theme_name=bilingual(entry, "theme"),
        region=region,
        region_name=region_name(region),
        shown=shown,
        shown_name=region_name(shown),
        indicator=chosen,
        breakdown=chosen_breakdown,
        period=chosen_period,
        freq=entry["freq"],
        selected=card(view, chosen, shown, chosen_breakdown, chosen_period) if chosen_period else None,
        groups=tuple(_groups(view, figures)),
        trend=trend(view, chosen, shown, chosen_breakdown) if rows else None,
        map=value_map(view, chosen, region, chosen_breakdown, chosen_period) if mapped else None,
        ranking=ranking(view, chosen, region, chosen_breakdown, chosen_period) if mapped else None,
        pyramid=_pyramid(view, chosen, shown, chosen_period),
        table=_table(view, chosen, shown, chosen_breakdown, chosen_period),
        warnings=warnings(view, warned),
        targets=tuple(target for target in targets(view, region) if target.indicator in own),
        indicators=tuple(Option(key, bilingual(view.entry(key), "name")) for key in own),
        analyses=tuple(key for key in own if key in analysed),
        breakdowns=tuple(Option(key, breakdown_name(key)) for key in breakdowns),
        periods=tuple(PeriodOption(label, entry["freq"]) for label in labels),
    )


def _opening(view: View, indicator: str, region: str) -> str:
    """The breakdown that a page opens with: the total, or else the first of those that are not discontinued."""
    rows = view.figures(indicator).filter(pl.col("region") == region)
    newest = rows.filter(pl.col("period_end") == pl.col("period_end").max())["breakdown"].to_list()
    found = breakdowns_of(view, indicator, region)
    below = _breakdowns_below(view, indicator, region) if not found else []
    return next((key for key in found if not key or key in newest), (below or [""])[0])


def _breakdowns_below(view: View, indicator: str, region: str) -> list[str]:
    """Breakdowns that an indicator has in the places below a region, for one that it has no figures of."""
    places = map_children(shown_region(view, indicator, region))
    rows = view.figures(indicator).filter(pl.col("region").is_in(list(places)))
    return sorted(rows["breakdown"].unique().to_list(), key=breakdown_order)


def card(view: View, indicator: str, region: str, breakdown: str, period: str | None = None) -> Figure:
    """The card of a figure, in the unit that `measured_in` finds."""
    found = figure(view, indicator, region, breakdown, period)
    rows = [] if found.value is None else [{"unit": found.unit}]
    unit, decimals = measured_in(view.entry(indicator), breakdown, rows)
    return replace(found, unit=unit, decimals=decimals)


def _groups(view: View, figures: Sequence[Figure]) -> Iterable[FigureGroup]:
    """Figures by the kind of their source, which the texts name by table; the rest stand without a name."""
    by_kind: dict[str, list[Figure]] = {}
    for found in figures:
        key = f"source_kind.{view.entry(found.indicator)['table']}"
        by_kind.setdefault(texts.get(key, "zh") if texts.has(key) else "", []).append(found)
    for own in by_kind.values():
        key = f"source_kind.{view.entry(own[0].indicator)['table']}"
        named = len(by_kind) > 1 and texts.has(key)
        yield FigureGroup(texts.both(key) if named else None, tuple(own))


def trend(view: View, indicator: str, region: str, breakdown: str) -> TrendFact:
    """A series with its forecast in force, what the same model said at earlier origins, and the model's
    record."""
    entry = view.entry(indicator)
    rows = series(view, indicator, region, breakdown)
    ahead = forecast_rows(view, indicator, region, breakdown)
    target = target_of(view, indicator, region, breakdown)
    unit, decimals = measured_in(entry, breakdown, rows)
    goal = target if target and target.unit == unit else None
    model = ahead[0]["model"] if ahead else ""
    return TrendFact(
        indicator=indicator,
        name=bilingual(entry, "name"),
        breakdown=breakdown,
        breakdown_name=breakdown_name(breakdown),
        unit=unit,
        decimals=decimals,
        freq=entry["freq"],
        region=region,
        region_name=region_name(region),
        actual=tuple(
            TrendPoint(row["period"], row["period_end"], row["value"], row["status"]) for row in rows
        ),
        origin=ahead[0]["origin"] if ahead else None,
        model=model,
        notes=tuple(forecast_notes(model, ahead[0].get("note") or "")) if ahead else (),
        forecast=tuple(band(row) for row in ahead),
        past=_past(view, indicator, region, breakdown),
        score=_score(view, indicator, region, breakdown),
        goal=goal.goal if goal else None,
        goal_due=goal.due if goal else None,
        status=worst_status((row["status"] for row in rows), entry["status"]),
        source=source_of(view, entry, rows),
        published_at=max((row["published_at"] for row in rows), default=None),
    )


def forecast_notes(model: str, note: str) -> Iterable[Text]:
    """What a projection assumes, and a forecast's note in sentences; a remark that has none is passed over."""
    if texts.has(f"model.assumption.{model}"):
        yield texts.both(f"model.assumption.{model}")
    for key, pattern in _NOTES.items():
        found = pattern.search(note)
        if found:
            yield texts.both(f"forecast_note.{key}", **found.groupdict())


def _of_series(rows: pl.DataFrame, indicator: str, region: str, breakdown: str) -> pl.DataFrame:
    return rows.filter(
        (pl.col("indicator") == indicator)
        & (pl.col("region") == region)
        & (pl.col("breakdown") == breakdown)
        & pl.col("champion")
    )


def _past(view: View, indicator: str, region: str, breakdown: str) -> tuple[PastForecast, ...]:
    rows = _of_series(view.read("backtest"), indicator, region, breakdown)
    rows = rows.filter(pl.col("as_of") == pl.col("as_of").max()).sort("origin", "step")
    by_origin: dict[str, list[BandPoint]] = {}
    for row in rows.iter_rows(named=True):
        by_origin.setdefault(row["origin"], []).append(band(row))
    return tuple(PastForecast(origin, tuple(points)) for origin, points in by_origin.items())


def _score(view: View, indicator: str, region: str, breakdown: str) -> ModelScore | None:
    rows = _of_series(view.read("model"), indicator, region, breakdown).sort("as_of")
    if not rows.height:
        return None
    row = rows.row(-1, named=True)
    names = ("model", "model_version", "n_origins", "n_errors", "mase", "mape", "smape", "bias")
    return ModelScore(
        **{name: row[name] for name in names},
        coverage80=row["coverage80"],
        coverage95=row["coverage95"],
        fva=row["fva"],
    )


def band(row: Row) -> BandPoint:
    """A row of gold.forecast or gold.backtest as a step."""
    return BandPoint(
        period=row["period"],
        period_end=row["period_end"],
        step=row["step"],
        mean=row["mean"],
        lo80=row["lo80"],
        hi80=row["hi80"],
        lo95=row["lo95"],
        hi95=row["hi95"],
    )


def _periods(view: View, indicator: str, region: str, breakdown: str) -> list[str]:
    """Periods with a figure in the region or on its map, newest first."""
    rows = view.figures(indicator).filter(
        (pl.col("breakdown") == breakdown)
        & (pl.col("freq") == view.entry(indicator)["freq"])
        & pl.col("region").is_in([region, *map_children(shown_region(view, indicator, region))])
    )
    labels: list[str] = rows["period"].unique().sort(descending=True).to_list()
    return labels


def _table(view: View, indicator: str, region: str, breakdown: str, period: str) -> tuple[TableRow, ...]:
    """The region first, then the places of its map in official order."""
    regions = conf.load().regions
    codes = list(dict.fromkeys([region, *regions.children(shown_region(view, indicator, region))]))
    rows = view.figures(indicator).filter(
        (pl.col("breakdown") == breakdown) & (pl.col("period") == period) & pl.col("region").is_in(codes)
    )
    ordered = sorted(rows.iter_rows(named=True), key=lambda row: codes.index(row["region"]))
    return tuple(
        TableRow(
            region=row["region"],
            region_name=region_name(row["region"]),
            breakdown=row["breakdown"],
            breakdown_name=breakdown_name(row["breakdown"]),
            period=row["period"],
            freq=row["freq"],
            value=row["value"],
            status=row["status"],
            quality=row["quality"],
            published_at=row["published_at"],
            trace=row_trace(row),
        )
        for row in ordered
    )


def _pyramid(view: View, indicator: str, region: str, period: str) -> PyramidFact | None:
    """Population by age and sex, where the indicator is broken down by both. Of the code lists of ages the
    one with the most bands present is drawn: bands of two lists would overlap."""
    rows = (
        view.figures(indicator)
        .filter(
            (pl.col("region") == region)
            & (pl.col("period") == period)
            & pl.col("breakdown").str.contains(r"^age=[^|]+\|sex=[fm]$")
        )
        .to_dicts()
    )
    if not rows:
        return None
    values = {row["breakdown"]: row["value"] for row in rows}
    ages = {breakdown.split("|")[0].removeprefix("age=") for breakdown in values}
    bands = max(code_lists("age"), key=lambda codes: len(ages.intersection(codes)))
    entry = view.entry(indicator)
    return PyramidFact(
        indicator=indicator,
        name=bilingual(entry, "name"),
        unit=entry["unit"],
        decimals=entry["decimals"],
        freq=entry["freq"],
        period=period,
        region=region,
        region_name=region_name(region),
        bands=tuple(
            PyramidBand(
                age, Text(code.zh, code.en), values.get(f"age={age}|sex=m"), values.get(f"age={age}|sex=f")
            )
            for age, code in bands.items()
            if age in ages
        ),
        status=worst_status((row["status"] for row in rows), entry["status"]),
        source=source_of(view, entry, rows),
        published_at=max(row["published_at"] for row in rows),
    )
