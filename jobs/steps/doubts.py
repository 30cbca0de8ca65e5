"""Figures under suspicion 存疑数据: found by rules over a series, kept out of methods and forecasts until confirmed.

Numbers only, on the driver: figures in, frames out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

import pandas as pd

from conf import periods
from conf.schema import Unit
from conf.series_checks import SeriesCheck
from jobs.lake import schemas
from jobs.lake.decisions import Decision
from models.series.checks import suspicions
from models.series.faults import Suspicion

_SERIES = ["theme", "indicator", "region", "breakdown", "freq"]
_FIGURE = ["indicator", "region", "breakdown", "period"]
_SUMS = ("cumulative", "cumulative_from")
_SUDDEN = "sudden_change"
_CHANGES = {"yoy": periods.year_ago, "prev": lambda label: periods.shift(label, -1)}


def found(
    figures: pd.DataFrame, checks: Mapping[str, SeriesCheck], units: Mapping[str, Unit], as_of: date,
    decided: Mapping[str, Collection[Decision]], accumulate: Collection[str] = (),
    decimals: Mapping[str, int] = MappingProxyType({}),
    ended: Mapping[str, date] = MappingProxyType({}),
    steady: Mapping[str, float] = MappingProxyType({}),
) -> pd.DataFrame:  # fmt: skip
    """Rows of gold.doubt (columns DOUBT) for the series in `figures`: all publications, rows of gold.indicator.

    `decided` are the human decisions by indicator; indicators that `accumulate` are known to be year to date;
    `decimals` are those that an indicator is published with; `ended` is the day on which a region's code ended;
    `steady` is the largest believable change of the indicators that have one. A series has stopped when others of
    its indicator went on: that none came any more, the data set's timeliness tells.
    """
    delivered = figures.groupby("indicator")["published_at"].max().to_dict()
    rows: list[dict[str, Any]] = []
    by_kind: dict[str, dict[str, Any]] = {
        kind: {rule: check.parameters for rule, check in checks.items() if kind in check.kinds}
        for kind in {unit.kind for unit in units.values()}
    }
    for key, published in figures.sort_values(["period_end", "published_at"]).groupby(_SERIES, sort=True):
        newest = published.drop_duplicates("period", keep="last").set_index("period")
        last = published["published_at"].max()
        before = published[published["published_at"] < last].drop_duplicates("period", keep="last")
        said = decided.get(str(key[1]), ())
        parameters = by_kind[units[newest["unit"].iloc[-1]].kind]
        if key[1] in accumulate:
            parameters = {rule: one for rule, one in parameters.items() if rule not in _SUMS}
        if _SUDDEN in parameters:
            limit = steady.get(str(key[1]))
            own = {} if limit is None else {_SUDDEN: {"limit": limit}}
            parameters = {rule: one for rule, one in parameters.items() if rule != _SUDDEN} | own
        earlier = before.set_index("period")["value"]
        seen = suspicions(
            newest["value"],
            parameters=parameters,
            as_of=as_of,
            earlier=earlier,
            decimals=decimals.get(str(key[1])),
            until=min(as_of, delivered[str(key[1])], ended.get(str(key[2]), as_of)),
        )
        for suspicion in seen:
            rows += _rows(
                dict(zip(_SERIES, key, strict=True)), newest, suspicion, checks[suspicion.rule], said
            )
    return pd.DataFrame(rows, columns=schemas.names(schemas.DOUBT))


def _rows(
    series: dict[str, Any], newest: pd.DataFrame, suspicion: Suspicion, check: SeriesCheck,
    decided: Collection[Decision],
) -> Iterator[dict[str, Any]]:  # fmt: skip
    """One row a figure that the suspicion keeps out; a suspicion that keeps none out is told at its place."""
    told = newest.iloc[suspicion.position]
    words = {"value": suspicion.value, "expected": suspicion.expected, **suspicion.evidence}
    key = (series["region"], series["breakdown"], str(told.name))
    confirmed = any((d.key, d.column) == (key, suspicion.rule) for d in decided)
    state = "confirmed" if confirmed else "open" if check.withholds != "nothing" else "noted"
    for period in _withheld(newest, suspicion.position, check):
        row = newest.loc[period]
        yield series | {
            "period": period, "period_end": row["period_end"], "rule": suspicion.rule, "rule_zh": check.name.zh,
            "rule_en": check.name.en, "value": row["value"],
            "expected": suspicion.expected if period == told.name else None,
            "evidence_zh": check.evidence.zh.format(period=told.name, **words),
            "evidence_en": check.evidence.en.format(period=told.name, **words), "state": state,
            "source": row["source"],
        }  # fmt: skip


def _withheld(newest: pd.DataFrame, position: int, check: SeriesCheck) -> Collection[str]:
    match check.withholds:
        case "all":
            return list(newest.index)
        case "onward":
            return list(newest.index[position:])
        case "point" | "nothing":
            return [newest.index[position]]


def trusted(figures: pd.DataFrame, doubts: pd.DataFrame) -> pd.DataFrame:
    """The figures without those under an open suspicion, and without changes 同比环比 that compare with one."""
    if doubts.empty or figures.empty:
        return figures
    doubted = set(doubts.loc[doubts["state"] == "open", _FIGURE].itertuples(index=False, name=None))
    kept = [not _is_doubted(row, doubted) for row in figures[_FIGURE].itertuples(index=False, name=None)]
    return figures[kept]


def _is_doubted(figure: tuple[str, str, str, str], doubted: Collection[tuple[str, ...]]) -> bool:
    if figure in doubted:
        return True
    indicator, region, breakdown, period = figure
    base, _, kind = indicator.rpartition(".")
    if kind not in _CHANGES:
        return False
    return any((base, region, breakdown, p) in doubted for p in (period, _CHANGES[kind](period)))
