"""Where the figures of a method come from: status, quality, day and files of the input figures behind each."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np
import pandas as pd

from conf.regions import Regions
from conf.status import ORDER

COLUMNS = ("status", "quality", "published_at", "source", "source_rows", "first_row", "last_row")
# A series that ended longer ago than this is not behind a figure any more.
_LONGEST_AGO = timedelta(days=400)


class Provenance:
    """Origins of figures made of input figures: latest rows of gold.indicator, each with its `item`.

    Behind the figure of a region stand the inputs of the region, of what it lies in and of what lies in it; of
    each series the figure of the same period, or the newest one before it.
    """

    def __init__(self, inputs: pd.DataFrame, regions: Regions, two_sided: bool) -> None:
        self._inputs = inputs.sort_values("period_end", kind="stable").reset_index(drop=True)
        self._regions, self._two_sided = regions, two_sided
        self._files: dict[frozenset[str], str] = {}

    def of(self, region: str, ends: Iterable[date]) -> pd.DataFrame:
        """Origins of a region's figures by the end of their period; columns period_end and COLUMNS."""
        inputs = self._related(region)
        wanted = np.array(sorted(set(ends)), dtype="datetime64[D]")
        behind = pd.concat(_newest(series, wanted) for _, series in inputs.groupby(["region", "item"]))
        behind["_rank"] = behind["status"].map(ORDER.index)
        found = behind.groupby("period_end", as_index=False).agg(
            _rank=("_rank", "max"),
            quality=("quality", "min"),
            published_at=("published_at", "max"),
            source=("source", self._union),
            source_rows=("source_rows", "sum"),
            first_row=("first_row", "min"),
            last_row=("last_row", "max"),
        )
        if self._two_sided:
            found["published_at"] = inputs["published_at"].max()
        found["status"] = [ORDER[rank] for rank in found.pop("_rank")]
        return found

    def _related(self, region: str) -> pd.DataFrame:
        up = {region, *self._regions.ancestors(region)}
        places = self._inputs["region"].unique()
        near = [p for p in places if p in up or region in self._regions.ancestors(p)]
        return self._inputs[self._inputs["region"].isin(near)] if near else self._inputs

    def _union(self, sources: pd.Series) -> str:
        key = frozenset(sources)
        if key not in self._files:
            self._files[key] = json.dumps(
                sorted({f for text in key for f in json.loads(text)}),
                ensure_ascii=False,
                separators=(",", ":"),
            )
        return self._files[key]


def _newest(series: pd.DataFrame, ends: np.ndarray) -> pd.DataFrame:
    """Of one series, in order of time, the row that stands behind each end of a period."""
    known = series["period_end"].to_numpy(dtype="datetime64[D]")
    at = np.searchsorted(known, ends, side="right") - 1
    there = (at >= 0) & (ends - known[np.maximum(at, 0)] < np.timedelta64(_LONGEST_AGO))
    rows = series.iloc[at[there]].copy()
    rows["period_end"] = ends[there].astype(object)
    return rows
