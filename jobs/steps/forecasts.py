"""gold.indicator → gold.forecast, gold.backtest, gold.model: every series that a theme wants forecast."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pandas as pd
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from conf import periods
from conf.status import worst
from jobs.context import Context
from jobs.lake import schemas, tables
from jobs.lake.schemas import names
from jobs.steps import doubts
from models.forecasting import pipeline
from themes.common.indicators import latest

KEY = ["theme", "indicator", "region", "breakdown", "freq"]
_SERIES = (*KEY, "unit")
# A series shorter than this tells too little about itself to be forecast.
_SHORTEST = 8

_SCHEMAS = (schemas.FORECAST, schemas.BACKTEST, schemas.MODEL)


def series_to_forecast(context: Context) -> pd.DataFrame:
    """Latest figures of all series that their indicator wants forecast, in order of time; without those under
    suspicion, which leave a gap."""
    wanted = [n for t in context.themes for n, i in t.indicators.items() if i.forecast]
    rows = tables.read(context.spark, context.lake.gold("indicator")).where(F.col("indicator").isin(wanted))
    columns = [*_SERIES, "period", "period_end", "value", "status", "quality", "published_at"]
    figures = latest(rows).select(columns).toPandas().sort_values([*KEY, "period_end"])
    return doubts.trusted(figures, tables.read(context.spark, context.lake.gold("doubt")).toPandas())


def forecasts(context: Context, figures: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Rows of the three tables for all series; the models see numbers only."""
    settings = context.conf.settings.forecast
    made: list[tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]] = []
    for freq, non_negative, series in batches(figures):
        if freq not in settings.horizon:
            continue
        result = pipeline.run(
            {key: s["values"] for key, s in series.items()},
            season=periods.season(freq),
            horizon=settings.horizon[freq],
            origins=settings.origins,
            non_negative=non_negative,
            levels=tuple(level / 100 for level in settings.levels),
        )
        made.append(_labelled(result, series, freq))
    if not made:
        return tuple(pd.DataFrame(columns=names(s)) for s in _SCHEMAS)  # type: ignore[return-value]
    return tuple(pd.concat(frames, ignore_index=True) for frames in zip(*made, strict=True))


def batches(figures: pd.DataFrame) -> Iterator[tuple[str, bool, dict[str, dict[str, Any]]]]:
    """Series of one frequency that end in the same period go together: they share their errors. Those that have
    never been below zero, as counts and prices are, are not forecast below it."""
    found: dict[tuple[str, str, bool], dict[str, dict[str, Any]]] = {}
    for key, rows in figures.groupby(KEY, sort=True):
        freq = str(key[-1])
        labels = _range(rows["period"].iloc[0], rows["period"].iloc[-1])
        if len(labels) < _SHORTEST:
            continue
        values = rows.set_index("period")["value"].reindex(labels).to_numpy(dtype=float)
        never_below = bool(rows["value"].min() >= 0)
        found.setdefault((freq, labels[-1], never_below), {})["\x1f".join(map(str, key))] = {
            "values": values,
            "labels": labels,
            "info": dict(zip(KEY, key, strict=True)) | {"unit": rows["unit"].iloc[-1]},
            "as_of": rows["published_at"].max(),
            "status": worst([*rows["status"].unique(), "forecast"]),
            "quality": float(rows["quality"].min()),
        }
    for (freq, _, never_below), series in sorted(found.items()):
        yield freq, never_below, series


@lru_cache(maxsize=4096)
def _range(first: str, last: str) -> list[str]:
    labels = [first]
    while periods.end(labels[-1]) < periods.end(last):
        labels.append(periods.shift(labels[-1], 1))
    return labels


@lru_cache(maxsize=65536)
def _shifted(label: str, n: int) -> tuple[str, Any]:
    moved = periods.shift(label, n)
    return moved, periods.end(moved)


def _labelled(
    result: pipeline.ForecastResult, series: dict[str, dict[str, Any]], freq: str
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The model's numbers with the names, periods and status of their series."""
    info = pd.DataFrame([{"series_id": k, **s["info"], "as_of": s["as_of"], "status": s["status"],
                          "quality": s["quality"], "last": s["labels"][-1]} for k, s in series.items()])  # fmt: skip
    forecast = result.forecast.merge(info, on="series_id").rename(columns={"last": "origin"})
    backtest = result.backtest.merge(info.drop(columns=["quality", "last"]), on="series_id")
    backtest["origin"] = [
        series[s]["labels"][o] for s, o in zip(backtest.series_id, backtest.origin, strict=True)
    ]
    for frame in (forecast, backtest):
        moved = [_shifted(o, int(n)) for o, n in zip(frame["origin"], frame["step"], strict=True)]
        frame["period"] = [label for label, _ in moved]
        frame["period_end"] = [end for _, end in moved]
    scores = result.scores.merge(info, on="series_id")
    return forecast[names(_SCHEMAS[0])], backtest[names(_SCHEMAS[1])], scores[names(_SCHEMAS[2])]


def outdated(known: DataFrame, made: DataFrame) -> DataFrame:
    """KEY and `since`: what the table holds of these series on knowledge of that day or later has to go.

    Forecasts of the same day of knowledge (`as_of`) are replaced, so that a corrected delivery, or a run that
    was killed before its release, leaves none behind that contradicts its series; released ones stay in the
    table's versions. Later ones rest on a delivery that is gone. Nothing stays of a series that is forecast no more.
    """
    now = made.groupBy(*KEY).agg(F.min("as_of").alias("since"))
    ended = known.select(*KEY).distinct().join(now, KEY, "left_anti")
    return now.unionByName(ended.withColumn("since", F.lit("0001-01-01").cast("date")))


def add(context: Context, made: DataFrame, table: str) -> None:
    """Add the forecasts made now to those that were made of the same series on earlier knowledge.

    Those are not written anew: a night takes as long after years of nights as after one.
    """
    spark, path = context.spark, context.lake.gold(table)
    if tables.exists(path):
        which = outdated(tables.read(spark, path), made)
        tables.delete(spark, path, which, KEY, "as_of >= since")
    tables.append(made, path)
    tables.compact(spark, path, context.conf.settings.spark.most_files)


def write(context: Context, projected: pd.DataFrame) -> None:
    """Forecast all series; `projected` are further forecast rows (population), written in the same commit."""
    forecast, backtest, scores = forecasts(context, series_to_forecast(context))
    both = pd.concat([f for f in (forecast, projected) if len(f)] or [forecast], ignore_index=True)

    def frame(rows: pd.DataFrame, schema: str) -> DataFrame:
        return context.stamped(tables.local(context.spark, rows, schema))

    for table, made in (
        ("forecast", frame(both, schemas.FORECAST)),
        ("backtest", frame(backtest, schemas.BACKTEST)),
    ):
        add(context, made, table)
    tables.write(frame(scores, schemas.MODEL), context.lake.gold("model"))
