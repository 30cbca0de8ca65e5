"""conf's plan targets 规划目标 and reported progress → gold.target."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import pandas as pd

from conf.schema import Target
from jobs.context import Context
from jobs.lake import tables
from jobs.lake.schemas import TARGET
from models import targets as model
from themes.common.indicators import latest

PROGRESS = "plan.progress"


def target_row(target: Target, reported: pd.Series | None, context: Context) -> dict[str, Any]:
    """One target with its last reported value; without one it is grey, never green."""
    conf = context.conf
    value = None if reported is None else float(reported["value"])
    lights = conf.settings.target_lights
    # A plan that does not state when its base was measured counts from the year before the target's first.
    start = target.base_date or date(target.due.year - conf.settings.plan_years, 12, 31)
    # The pace is judged on the day the value was reported for; whether it is past due, today.
    now = context.as_of if reported is None or context.as_of > target.due else reported["period_end"]
    standing = model.assess(
        value, target.base, target.goal, start=start, due=target.due, now=now,
        # A milestone is due whole on its day.
        trajectory=target.trajectory, milestones=((1.0, 1.0),),
        rising=target.direction == "up", green=lights.green, yellow=lights.yellow,
    )  # fmt: skip
    department = conf.departments[target.department]
    evidence = "missing" if reported is None else _part(reported["breakdown"], "evidence")
    return {
        "target_id": target.target_id, "clause_zh": target.clause.zh, "clause_en": target.clause.en,
        "name_zh": target.name.zh, "name_en": target.name.en, "region": target.region, "unit": target.unit,
        "direction": target.direction, "trajectory": target.trajectory, "base": target.base,
        "base_date": target.base_date, "goal": target.goal, "due": target.due,
        "department": target.department, "department_zh": department.zh, "department_en": department.en,
        "indicator": PROGRESS, "breakdown": None if reported is None else reported["breakdown"],
        "value": value, "period": None if reported is None else reported["period"],
        "published_at": None if reported is None else reported["published_at"],
        "attainment": _known(standing.attainment), "time_elapsed": standing.time_elapsed,
        "pace": _known(standing.pace), "light": standing.light, "evidence": evidence,
        "status": None if reported is None else reported["status"],
        "quality": None if reported is None else float(reported["quality"]),
        "source": None if reported is None else reported["source"],
    }  # fmt: skip


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


def _part(breakdown: str, name: str) -> str:
    return dict(part.split("=", 1) for part in breakdown.split("|"))[name]


def write(context: Context) -> None:
    """Write gold.target: every target of conf with its last reported value."""
    rows = tables.read(context.spark, context.lake.gold("indicator")).where(f"indicator = '{PROGRESS}'")
    figures = latest(rows).toPandas().sort_values("period_end")
    last: dict[tuple[str, str], pd.Series] = {}
    for _, row in figures.iterrows():
        last[(row["region"], _part(row["breakdown"], "target_id"))] = row
    made = [target_row(t, last.get((t.region, t.target_id)), context) for t in context.conf.targets]
    tables.write(context.stamped(tables.local(context.spark, made, TARGET)), context.lake.gold("target"))
