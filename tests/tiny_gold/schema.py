"""Columns of the gold tables, as the jobs write them."""

from __future__ import annotations

from typing import Any

import polars as pl

_TYPES: dict[str, Any] = {
    "string": pl.String,
    "double": pl.Float64,
    "long": pl.Int64,
    "int": pl.Int32,
    "date": pl.Date,
    "boolean": pl.Boolean,
    "timestamp": pl.Datetime("us", "UTC"),
}


def _columns(*groups: str) -> dict[str, Any]:
    """Columns from groups such as `double: value quality`."""
    pairs = [group.split(": ") for group in groups]
    return {name: _TYPES[kind] for kind, names in pairs for name in names.split()}


_SERIES = "string: theme indicator region breakdown freq"
_STEP = (
    _SERIES,
    "string: unit origin period model model_version status run_id",
    "date: as_of period_end",
    "int: step",
    "double: mean lo80 hi80 lo95 hi95",
    "boolean: champion",
)
_DEPARTMENT = "string: department department_zh department_en"

SCHEMAS: dict[str, dict[str, Any]] = {
    "indicator": _columns(
        _SERIES,
        "string: period unit status source run_id",
        "date: period_end published_at",
        "double: value quality",
        "long: source_rows first_row last_row",
    ),
    "forecast": _columns(*_STEP, "string: note", "double: quality"),
    "backtest": _columns(*_STEP, "double: actual naive"),
    "model": _columns(
        _SERIES,
        "string: model model_version run_id",
        "date: as_of",
        "boolean: champion",
        "int: n_origins n_errors",
        "double: mase smape mape bias coverage80 coverage95 fva",
    ),
    "warning": _columns(
        _SERIES,
        "string: rule_id rule_version period since level light",
        "string: scheme direction unit department status source run_id",
        "date: period_end",
        "double: value compared threshold distance_to_next quality",
        "int: run_length",
        "boolean: is_current",
    ),
    "target": _columns(
        _DEPARTMENT,
        "string: target_id clause_zh clause_en name_zh name_en region unit direction trajectory indicator",
        "string: breakdown period light chance_reason evidence status source run_id",
        "date: base_date due published_at reached",
        "double: base goal value attainment time_elapsed pace chance required_rate recent_rate quality",
        "int: months_late",
    ),
    "chance_record": _columns(
        "string: region word reason status source run_id",
        "int: cases targets met",
        "double: told share brier base_brier skill",
        "date: since until",
    ),
    "catalogue": _columns(
        _DEPARTMENT,
        "string: theme theme_zh theme_en icon indicator name_zh name_en unit freq direction light_scheme",
        "string: definition_zh definition_en formula breakdowns opens_with derived_from",
        "string: change table source_zh source_en status",
        "int: theme_order position decimals",
        "boolean: headline map",
    ),
    "dataset": _columns(
        _DEPARTMENT,
        "string: theme table title_zh title_en share",
        "string: source publisher publisher_en document document_en licence",
        "string: status columns",
        "int: freshness_days",
    ),
    "rule_threshold": _columns(
        "string: rule_id version name_zh name_en message_zh",
        "string: message_en jurisdiction scheme source_zh source_en levels",
        "date: valid_from valid_to",
        "boolean: verified",
    ),
    "quality": _columns(
        _DEPARTMENT,
        "string: theme table delivery source file file_hash",
        "string: encoding outcome reason_code reason_zh reason_en extra_columns measure status run_id",
        "date: delivered_on",
        "long: bytes received accepted quarantined duplicate superseded",
        "double: measure_received measure_accepted",
        "double: measure_quarantined measure_duplicate measure_superseded",
        "double: normative completeness accuracy consistency timeliness accessibility score",
    ),
    "quality_rule": _columns(
        "string: theme table delivery file code dimension",
        "string: severity column column_zh message_zh message_en example",
        "long: rows first_row",
    ),
    "analysis": _columns(
        _SERIES,
        "string: period item measure text status run_id",
        "date: period_end",
        "double: value",
    ),
    "method": _columns(
        "string: theme indicator method version reference_zh reference_en parameters inputs chart",
        "string: state reason_zh reason_en run_id",
        "boolean: trial featured",
    ),
    "doubt": _columns(
        _SERIES,
        "string: period rule rule_zh rule_en evidence_zh evidence_en state source run_id",
        "date: period_end",
        "double: value expected",
    ),
    "release": _columns(
        "string: release_id run_id profile tables models code_version fingerprint restores",
        "long: number",
        "timestamp: released_at",
        "date: as_of",
        "double: quality",
    ),
}
