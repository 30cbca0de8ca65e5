"""Yields 单产: years of loss against the trend, and what the weather of the season let one expect."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from jobs.methods.base import Found, Given, Parameters, label, method
from jobs.methods.runs import attempt, dated, parts
from models.agriculture.weather_yield import FEWEST_YEARS, weather_yield
from models.agriculture.yields import olympic_mean, yield_parts
from models.checks import LackingError


class AnomalyParameters(Parameters):
    """Share of the years that the trend looks at, the deviation in percent from which on a year is one of loss,
    and the years of the usual yield."""

    span: float
    loss: float
    usual_years: int


class WeatherParameters(Parameters):
    """Penalty of the ridge, coverage (0-1) of the interval, and the rows (years times places) needed."""

    penalty: float
    coverage: float
    fewest_rows: int


@method("yield_anomaly", "1.0", "yields", parameters=AnomalyParameters, two_sided=True)
def anomaly(given: Given) -> Found:
    """Figure: deviation from the trend in percent. Details: original, trend, years of loss, the usual yield
    (Olympic mean of the years before)."""
    found, p = Found(), given.parameters

    def judge(region: str, breakdown: str, values: pd.Series) -> None:
        series = dated(values)
        made = yield_parts(series, span=p.span, loss=p.loss / 100)
        share = 100 * made.anomaly
        found.add(region, share, breakdown)
        usual = series.shift(1).rolling(p.usual_years).apply(olympic_mean, raw=True)
        for measure, part in {"original": series, "trend": made.trend, "usual": usual}.items():
            found.detail(region, measure, part, breakdown=breakdown)
        for year in share.index[made.loss]:
            found.note(
                region, label(year), "state", value=float(share[year]), text="loss", breakdown=breakdown
            )

    attempt(given.rows("yields"), judge)
    return found


@method(
    "weather_yield", "1.0", "yields", "weather", parameters=WeatherParameters, two_sided=True, estimates=True
)
def expected(given: Given) -> Found:
    """Figure: yield expected of the season's weather by a model that did not see the year. Details: lower, upper;
    at the newest year the errors of model and trend and the effect of each item, in percent."""
    found, p = Found(), given.parameters
    reason = LackingError("no_shared_period", "no crop has yields and weather of one year")
    for breakdown, yields, weather, items in _panels(given):
        cities = np.array([not place.endswith("0000") for place in yields.columns])
        if not cities.any() or len(yields) * cities.sum() < p.fewest_rows:
            have = len(yields) * int(cities.sum())
            told = f"{breakdown}: needs {p.fewest_rows} rows, has {have}"
            reason = LackingError("too_few_values", told, need=p.fewest_rows, have=have)
            continue
        made = weather_yield(yields, weather, cities, penalty=p.penalty, coverage=p.coverage)
        last = str(yields.index[-1])
        for place, region in enumerate(yields.columns):
            found.add(region, pd.Series(made.expected[:, place], yields.index), breakdown)
            for measure, edge in {"lower": made.lower, "upper": made.upper}.items():
                found.detail(region, measure, pd.Series(edge[:, place], yields.index), breakdown=breakdown)
            if cities[place]:
                continue
            for measure, value in {"error": made.error, "benchmark_error": made.benchmark}.items():
                found.note(region, last, measure, value=100 * value, breakdown=breakdown)
            for item, effect in zip(items, made.effect, strict=True):
                found.note(region, last, "effect", value=100 * effect, item=item, breakdown=breakdown)
    if not found.figures:
        raise reason
    return found


def _panels(given: Given) -> Iterator[tuple[str, pd.DataFrame, np.ndarray, list[str]]]:
    """By province and crop: yields (years, regions of the province), weather (years, regions, items), item codes."""
    yields, weather = given.rows("yields"), given.rows("weather")
    told = [parts(breakdown) for breakdown in weather["breakdown"]]
    weather = weather.assign(
        breakdown=[f"crop={part['crop']}" for part in told], name=[part["crop_item"] for part in told]
    )
    for (province, breakdown), part in yields.groupby([yields["region"].str[:2], "breakdown"], sort=True):
        table = part.pivot(index="period", columns="region", values="value")
        sky = weather[(weather["breakdown"] == breakdown) & (weather["region"].str[:2] == province)]
        items = sorted(set(sky["name"]))
        cube = [
            sky[sky["name"] == item]
            .pivot(index="period", columns="region", values="value")
            .reindex_like(table)
            for item in items
        ]
        if not cube:
            continue
        whole = table.notna().all(axis=1) & np.all([layer.notna().all(axis=1) for layer in cube], axis=0)
        if whole.sum() >= FEWEST_YEARS:
            layers = np.stack([layer[whole].to_numpy(float) for layer in cube], axis=2)
            yield str(breakdown), table[whole], layers, items
