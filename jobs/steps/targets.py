"""conf's plan targets 规划目标, reported progress and its forecasts → gold.target."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from conf import periods
from conf.schema import Target
from jobs.context import Context
from jobs.lake import tables
from jobs.lake.schemas import CHANCE_RECORD, TARGET
from jobs.steps.chance_record import TOLD, record_rows, start_of
from jobs.steps.chances import BACKTEST, FORECAST, chance, clearance, clears, relative_errors
from models import targets as model
from themes.common.indicators import latest

PROGRESS = "plan.progress"


def target_row(
    target: Target, reported: pd.DataFrame, forecast: pd.DataFrame, errors: pd.DataFrame, context: Context
) -> dict[str, Any]:
    """One target with its last reported value; without one it is grey, never green.

    `reported` are its figures of gold.indicator by period_end (none, for a target nobody reported on); `forecast` those
    of its series, `errors` those of all targets' past forecasts (see jobs/steps/chances.py).
    """
    conf = context.conf
    newest = None if reported.empty else reported.iloc[-1]
    value = None if newest is None else float(newest["value"])
    lights, rising = conf.settings.target_lights, target.direction == "up"
    start = start_of(target, conf.settings)
    # The pace is judged on the day the value was reported for; whether it is past due, today.
    now = context.as_of if newest is None or context.as_of > target.due else newest["period_end"]
    standing = model.assess(
        value, target.base, target.goal, start=start, due=target.due, now=now,
        # A milestone is due whole on its day.
        trajectory=target.trajectory, milestones=((1.0, 1.0),),
        rising=rising, green=lights.green, yellow=lights.yellow,
    )  # fmt: skip
    since = (
        periods.end(periods.shift(newest["period"], -conf.settings.recent_months))
        if newest is not None
        else now
    )
    figures = list(zip(reported["period_end"], reported["value"].astype(float), strict=True))
    if clears(target):
        odds = clearance(target, figures, now, conf.settings.count_survival)
    else:
        odds = chance(target, value, now, forecast, errors)
    late = model.lateness(figures, target.goal, rising=rising, due=target.due)
    department = conf.departments[target.department]
    evidence = "missing" if newest is None else _part(newest["breakdown"], "evidence")
    return {
        "target_id": target.target_id, "clause_zh": target.clause.zh, "clause_en": target.clause.en,
        "name_zh": target.name.zh, "name_en": target.name.en, "region": target.region, "unit": target.unit,
        "direction": target.direction, "trajectory": target.trajectory, "base": target.base,
        "base_date": target.base_date, "goal": target.goal, "due": target.due,
        "department": target.department, "department_zh": department.zh, "department_en": department.en,
        "indicator": PROGRESS, "breakdown": None if newest is None else newest["breakdown"],
        "value": value, "period": None if newest is None else newest["period"],
        "published_at": None if newest is None else newest["published_at"],
        "attainment": _known(standing.attainment), "time_elapsed": standing.time_elapsed,
        "pace": _known(standing.pace), "light": standing.light, "chance": odds.value,
        "chance_reason": odds.reason,
        "required_rate": None if value is None
        else model.required_rate(value, target.goal, rising=rising, now=now, due=target.due),
        "recent_rate": model.recent_rate(figures, since=since),
        "months_late": None if late is None else late.months, "reached": None if late is None else late.reached,
        "evidence": evidence,
        "status": None if newest is None else newest["status"],
        "quality": None if newest is None else float(newest["quality"]),
        "source": None if newest is None else newest["source"],
    }  # fmt: skip


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


def _part(breakdown: str, name: str) -> str:
    return dict(part.split("=", 1) for part in breakdown.split("|"))[name]


def _champions(context: Context, table: str) -> DataFrame:
    """What the champions foretold of the reported values on the newest day of knowledge of each series."""
    rows = tables.read(context.spark, context.lake.gold(table)).where(
        (F.col("indicator") == PROGRESS) & F.col("champion")
    )
    newest = rows.groupBy("region", "breakdown").agg(F.max("as_of").alias("as_of"))
    return rows.join(newest, ["region", "breakdown", "as_of"])


def write(context: Context) -> None:
    """Write gold.target, every target of conf with its last reported value and its chance, and gold.chance_record."""
    rows = tables.read(context.spark, context.lake.gold("indicator")).where(f"indicator = '{PROGRESS}'")
    figures = latest(rows).toPandas().sort_values("period_end")
    forecast = _champions(context, "forecast").select(*FORECAST).toPandas()
    backtest = _champions(context, "backtest").select(*TOLD).toPandas()
    errors = relative_errors(backtest[BACKTEST])
    reported = _by_target(figures)
    foretold = _by_target(forecast)
    made = [
        target_row(
            target,
            reported.get((target.region, target.target_id), figures[:0]),
            foretold.get((target.region, target.target_id), forecast[:0]),
            errors,
            context,
        )
        for target in context.conf.targets
    ]
    record = record_rows(
        context.conf.targets, reported, _by_target(backtest), backtest, context.conf.settings
    )
    for name, rows_of, schema in (("target", made, TARGET), ("chance_record", record, CHANCE_RECORD)):
        tables.write(context.stamped(tables.local(context.spark, rows_of, schema)), context.lake.gold(name))


def _by_target(rows: pd.DataFrame) -> dict[tuple[str, str], pd.DataFrame]:
    named = rows["breakdown"].map(lambda breakdown: _part(breakdown, "target_id"))
    return {(str(region), str(name)): part for (region, name), part in rows.groupby(["region", named])}
