"""Definitions frozen with the release, and the release itself, which is what readers open."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from pyspark.sql import functions as F

from conf.status import worst
from jobs.context import Context
from jobs.lake import releases, tables
from jobs.lake.schemas import CATALOGUE, DATASET, RELEASE
from themes.common.contract import Analysis, Indicator, Measure, Theme

RELEASED = (
    "indicator", "analysis", "method", "doubt", "forecast", "backtest", "model", "warning", "target", "chance_record",
    "catalogue", "dataset", "rule_threshold", "quality", "quality_rule",
)  # fmt: skip
_SHARED = ("unconditional", "conditional", "not_shared")
_CHANGE_NAMES = {"yoy": ("同比", "on a year earlier"), "prev": ("环比", "on the period before")}


def _formula(definition: Measure) -> str:
    if not isinstance(definition, Indicator):
        assert isinstance(definition, Analysis)
        of = ", ".join(sorted({one.indicator for given in definition.inputs.values() for one in given}))
        return f"{definition.method}({of})"
    where = "" if definition.where == "true" else f" where {definition.where}"
    return f"{definition.value} from {definition.source}{where} by {definition.period}"


def catalogue_rows(context: Context, theme: Theme) -> list[dict[str, Any]]:
    """Rows of gold.catalogue for one theme: its measures that some source feeds, and their changes."""
    rows: list[dict[str, Any]] = []
    for position, (name, measure) in enumerate(theme.measures.items(), 1):
        rows += _measure_rows(context, theme, position, name, measure)
    return rows


def _measure_rows(
    context: Context, theme: Theme, position: int, name: str, d: Measure
) -> Iterator[dict[str, Any]]:
    info = theme.contract.theme
    code = d.department or info.department
    needed = theme.tables_of(d)
    sources = [s for s in context.sources.values() if s.table in needed]
    if not theme.is_fed(d, {source.table for source in sources}):
        return
    documents = list(dict.fromkeys((s.document.zh, s.document.en) for s in sources))
    department = context.conf.departments[code]
    # The table that is shared least decides who may see the figure.
    table = max(needed, key=lambda t: _SHARED.index(context.tables[t][1].share) if t in context.tables else 0)
    row = {
        "theme": theme.id, "theme_zh": info.name.zh, "theme_en": info.name.en, "theme_order": info.position,
        "icon": info.icon, "indicator": name, "position": position, "name_zh": d.name.zh, "name_en": d.name.en,
        "unit": d.unit, "decimals": d.decimals, "freq": d.freq, "direction": d.direction,
        "light_scheme": d.light_scheme, "definition_zh": d.definition.zh, "definition_en": d.definition.en,
        "formula": _formula(d), "department": code, "department_zh": department.zh,
        "department_en": department.en, "breakdowns": json.dumps([list(b) for b in d.breakdowns]),
        "opens_with": d.opens_with,
        "headline": d.headline and isinstance(d, Indicator), "map": d.map, "derived_from": None, "change": None,
        "table": table, "source_zh": "；".join(zh for zh, _ in documents),
        "source_en": "; ".join(en for _, en in documents), "status": worst(s.status for s in sources),
    }  # fmt: skip
    yield row
    for kind in d.changes if isinstance(d, Indicator) else ():
        zh, en = _CHANGE_NAMES[kind]
        unit = "percentage_point" if d.unit == "percent" else "percent"
        yield row | {
            "indicator": f"{name}.{kind}", "name_zh": d.name.zh + zh, "name_en": f"{d.name.en}, {en}",
            "unit": unit, "decimals": 1, "headline": False, "derived_from": name, "change": kind,
            "light_scheme": "none",
        }  # fmt: skip


def dataset_rows(context: Context) -> list[dict[str, Any]]:
    """Rows of gold.dataset: one a source and table."""
    rows = []
    for source in context.sources.values():
        theme, table = context.tables[source.table]
        department = context.conf.departments[table.department]
        columns = [
            {"name": n, **c.model_dump(mode="json", exclude_none=True)} for n, c in table.columns.items()
        ]
        rows.append(
            {
                "theme": theme.id, "table": source.table, "title_zh": table.title.zh, "title_en": table.title.en,
                "department": table.department, "department_zh": department.zh, "department_en": department.en,
                "share": table.share, "freshness_days": table.freshness_days, "source": source.id,
                "publisher": source.publisher.zh, "publisher_en": source.publisher.en,
                "document": source.document.zh, "document_en": source.document.en, "licence": source.licence,
                "status": source.status, "columns": json.dumps(columns, ensure_ascii=False),
            }
        )  # fmt: skip
    return rows


def write_definitions(context: Context) -> None:
    """Write gold.catalogue and gold.dataset."""
    catalogue = [row for theme in context.themes for row in catalogue_rows(context, theme)]
    tables.write(tables.local(context.spark, catalogue, CATALOGUE), context.lake.gold("catalogue"))
    tables.write(tables.local(context.spark, dataset_rows(context), DATASET), context.lake.gold("dataset"))


def write_release(context: Context, profile: str, code_version: str, fingerprint: str) -> str:
    """Append the row that makes this run's tables visible; returns the release id.

    A run killed right after this finds its row again, which names the same inputs and the same versions, and
    adds no second one.
    """
    spark, lake = context.spark, context.lake
    path = lake.gold("release")
    versions = {name: tables.version(lake.gold(name)) for name in RELEASED}
    # And of the rows behind them, so that this release can be traced when later ones have been made.
    for path_below, version in sorted(tables.all_versions(lake).items()):
        if path_below.parent != path.parent and version >= 0:
            versions[f"{path_below.parent.name}.{path_below.name}"] = version
    for last in releases.newest_first(lake)[:1]:
        if (last["fingerprint"], last["tables"]) == (fingerprint, versions):
            return str(last["release_id"])
    quality = tables.read(spark, lake.gold("quality")).where("received > 0")
    score = quality.agg(F.sum(F.col("score") * F.col("received")) / F.sum("received")).head()
    models = tables.read(spark, lake.gold("model")).select("model", "model_version").distinct().collect()
    release_id = f"R{context.as_of:%Y%m%d}-{context.run_id[-8:]}"
    row = {
        "release_id": release_id, "released_at": datetime.now(UTC), "as_of": context.as_of,
        "run_id": context.run_id, "profile": profile, "tables": json.dumps(versions),
        "models": json.dumps({r["model"]: r["model_version"] for r in sorted(models)}),
        # Rounded: a sum of fractions depends on the order of the rows.
        "quality": round(float(score[0]), 4) if score and score[0] is not None else None, "code_version": code_version,
        "fingerprint": fingerprint, "number": releases.next_number(lake), "restores": None,
    }  # fmt: skip
    frame = tables.local(spark, [row], RELEASE)
    if tables.exists(path):
        tables.append(frame, path)
    else:
        tables.write(frame, path)
    return release_id
