"""Unusual jumps: the last change of a series against all earlier changes of the same series.

A change is the difference from the value one season earlier when the series covers three seasons (so that a
harvest or a New Year is no jump), else from the period before. Measure: the modified z-score of Iglewicz and
Hoaglin (How to Detect and Handle Outliers, 1993), 0.6745 (x − median) / MAD over the earlier changes; where
more than half of them are equal and MAD is 0, (x − median) / (1.2533 × mean absolute deviation). A series
that never changed before has no scale: its first change counts as infinite. Counts of a few (`least_count`)
are left out: one birth more is no news.
"""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from conf import periods
from conf.operations import Jumps

SERIES = ["indicator", "region", "breakdown", "freq"]
_SEASONS = 3


def unusual(figures: pl.DataFrame, settings: Jumps, counts: Collection[str]) -> pl.DataFrame:
    """SERIES, period, value, before, score of every series whose last change is unusual, largest score first.

    `figures`: SERIES, period, period_end, value, unit; each figure once, series without gaps in time assumed.
    `counts` are the units in which things are counted.
    """
    most = pl.max_horizontal(pl.col("value").abs().max(), 0.0).over(SERIES)
    figures = figures.filter(~pl.col("unit").is_in(list(counts)) | (most >= settings.least_count))
    found = [_of_freq(rows, str(freq[0]), settings) for freq, rows in figures.group_by("freq")]
    empty = figures.head(0).select(*SERIES, "period", "value", before="value", score="value")
    return pl.concat([empty, *found]).sort(["score", *SERIES], descending=[True, False, False, False, False])


def _of_freq(rows: pl.DataFrame, freq: str, settings: Jumps) -> pl.DataFrame:
    season = periods.season(freq)
    value = pl.col("value")
    lag = pl.when(pl.len().over(SERIES) > _SEASONS * season).then(season).otherwise(1)
    earlier = pl.when(lag == 1).then(value.shift(1).over(SERIES)).otherwise(value.shift(season).over(SERIES))
    changes = (
        rows.filter(value.is_not_null())
        .sort(*SERIES, "period_end")
        .with_columns(before=earlier)
        .with_columns(change=value - pl.col("before"))
        .filter(pl.col("change").is_not_null())
    )
    past = pl.col("change").head(pl.len() - 1)
    centre = past.median()
    spread = (past - centre).abs()
    last = changes.group_by(SERIES).agg(
        pl.col("period", "value", "before").last(),
        off=(pl.col("change").last() - centre).abs(),
        mad=spread.median(),
        mean=spread.mean(),
        history=pl.len() - 1,
    )
    scale = pl.when(pl.col("mad") > 0).then(pl.col("mad") / 0.6745).otherwise(pl.col("mean") * 1.2533)
    score = pl.when(pl.col("off") == 0).then(0.0).otherwise(pl.col("off") / scale)
    return (
        last.filter(pl.col("history") >= settings.history)
        .with_columns(score=score)
        .filter(pl.col("score") > settings.threshold)
        .select(*SERIES, "period", "value", "before", "score")
    )
