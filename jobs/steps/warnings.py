"""gold.indicator → gold.warning: every rule replayed over its indicator; the last row is the live state."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pandas as pd
from pyspark.sql import functions as F

from conf import periods
from conf.regions import COUNTRY
from conf.schema import Band, Rule
from jobs.context import Context
from jobs.lake import tables
from jobs.lake.schemas import RULE_THRESHOLD, WARNING
from models.warning import levels as model
from themes.common.indicators import latest

ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4}
# Bounds are shifted by this much where the rule includes or excludes an edge that the model does not.
_EDGE = 1e-7


def model_band(band: Band) -> tuple[int, float, float, int]:
    """A band of conf as the model wants it: bands with two edges contain both, one-sided ones none."""
    two_sided = band.low is not None and band.high is not None
    low, high = -math.inf, math.inf
    if band.low is not None:
        low = band.low + _EDGE * (
            (0 if band.low_inclusive else 1) if two_sided else (-1 if band.low_inclusive else 0)
        )
    if band.high is not None:
        high = band.high - _EDGE * (
            (0 if band.high_inclusive else 1) if two_sided else (-1 if band.high_inclusive else 0)
        )
    return ROMAN[band.level], low, high, band.run


def replay(rule: Rule, values: np.ndarray, freq: str) -> model.Levels:
    """The rule over a series of consecutive periods (NaN where nothing was published)."""
    bands = [model_band(band) for band in rule.levels]
    if rule.parameters.compare is None:
        return model.band_levels(values, bands)
    lags = {"previous": 1, "three_before": 3, "year_ago": periods.season(freq)}
    return model.change_levels(values, lags[rule.parameters.compare], bands)


def rule_rows(rule: Rule, series: pd.DataFrame, department: str | None) -> list[dict[str, Any]]:
    """Rows of one rule over one series: each period with a level, and the newest period whatever its level."""
    labels = [series["period"].iloc[0]]
    while periods.end(labels[-1]) < periods.end(series["period"].iloc[-1]):
        labels.append(periods.shift(labels[-1], 1))
    figures = series.set_index("period").reindex(labels)
    result = replay(rule, figures["value"].to_numpy(dtype=float), rule.freq)
    by_number = {ROMAN[band.level]: band for band in rule.levels}
    rows, since = [], None
    for i, label in enumerate(labels):
        band = by_number.get(int(result.level[i]))
        changed = i == 0 or result.level[i] != result.level[i - 1]
        since = label if changed else since
        newest = i == len(labels) - 1
        end = periods.end(label)
        in_force = rule.valid_from <= end and (rule.valid_to is None or end < rule.valid_to)
        if not in_force or (band is None and not newest) or pd.isna(figures["value"].iloc[i]):
            continue
        row, run = figures.iloc[i], int(result.run_length[i])
        rows.append(
            {
                "theme": row["theme"], "rule_id": rule.rule_id, "rule_version": rule.version,
                "indicator": rule.indicator, "region": row["region"], "breakdown": rule.breakdown,
                "period": label, "freq": rule.freq, "period_end": end, "since": labels[i - run + 1] if band else since,
                "level": band.level if band else None, "light": band.light if band else "green",
                "scheme": rule.scheme, "direction": rule.direction,
                "value": _known(result.measure[i]),
                "unit": row["unit"] if rule.parameters.compare is None else "percent",
                "compared": None if rule.parameters.compare is None else float(row["value"]),
                "threshold": _threshold(rule, band), "run_length": run,
                "distance_to_next": _known(result.distance_to_next[i]), "is_current": newest,
                "department": department, "status": row["status"], "quality": float(row["quality"]),
                "source": row["source"],
            }
        )  # fmt: skip
    return rows


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _threshold(rule: Rule, band: Band | None) -> float | None:
    """The edge of the band that was crossed: the upper of a fall, the lower of a rise."""
    if band is None:
        return None
    return band.high if rule.direction == "fall" else band.low


def applies(rule: Rule, region: str, context: Context) -> bool:
    """Whether a rule of its jurisdiction is in force in the region."""
    home = rule.jurisdiction
    return home in (COUNTRY, region) or home in context.conf.regions.ancestors(region)


def write(context: Context) -> None:
    """Write gold.warning from all rules and gold.rule_threshold, the rules as they stood."""
    rules = context.conf.rules
    wanted = sorted({r.indicator for r in rules})
    figures = latest(
        tables.read(context.spark, context.lake.gold("indicator")).where(F.col("indicator").isin(wanted))
    ).select("theme", "indicator", "region", "breakdown", "period", "freq", "period_end", "value", "unit",
             "status", "quality", "source").toPandas()  # fmt: skip
    departments = {
        n: i.department or t.contract.theme.department for t in context.themes for n, i in t.measures.items()
    }
    rows: list[dict[str, Any]] = []
    for key, series in figures.groupby(["indicator", "region", "breakdown"], sort=True):
        indicator, region, breakdown = map(str, key)
        ordered = series.sort_values("period_end")
        for rule in rules:
            if (rule.indicator, rule.breakdown) == (indicator, breakdown) and applies(rule, region, context):
                rows += rule_rows(rule, ordered, departments.get(indicator))
    tables.write(context.stamped(tables.local(context.spark, rows, WARNING)), context.lake.gold("warning"))
    thresholds = [
        {
            "rule_id": r.rule_id, "version": r.version, "name_zh": r.name.zh, "name_en": r.name.en,
            "message_zh": r.message.zh, "message_en": r.message.en, "jurisdiction": r.jurisdiction,
            "scheme": r.scheme, "valid_from": r.valid_from, "valid_to": r.valid_to, "source_zh": r.source.zh,
            "source_en": r.source.en, "verified": r.verified,
            "levels": json.dumps([b.model_dump(mode="json") for b in r.levels], ensure_ascii=False),
        }
        for r in rules
    ]  # fmt: skip
    tables.write(tables.local(context.spark, thresholds, RULE_THRESHOLD), context.lake.gold("rule_threshold"))
