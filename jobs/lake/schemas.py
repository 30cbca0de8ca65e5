"""Columns of the gold tables, told once; docs/architecture.md says what they mean."""

INDICATOR = (
    "theme string, indicator string, region string, breakdown string, period string, freq string, period_end date, "
    "value double, unit string, status string, quality double, published_at date, source string, source_rows long, "
    "first_row long, last_row long"
)
FORECAST = (
    "theme string, indicator string, region string, breakdown string, freq string, unit string, origin string, as_of "
    "date, step int, period string, period_end date, mean double, lo80 double, hi80 double, lo95 double, hi95 double, "
    "model string, model_version string, champion boolean, note string, status string, quality double"
)
BACKTEST = (
    "theme string, indicator string, region string, breakdown string, freq string, unit string, origin string, as_of "
    "date, step int, period string, period_end date, mean double, lo80 double, hi80 double, lo95 double, hi95 double, "
    "actual double, naive double, model string, model_version string, champion boolean, status string"
)
MODEL = (
    "theme string, indicator string, region string, breakdown string, freq string, model string, model_version "
    "string, as_of date, champion boolean, n_origins int, n_errors int, mase double, smape double, mape double, bias "
    "double, coverage80 double, coverage95 double, fva double"
)
ANALYSIS = (
    "theme string, indicator string, region string, breakdown string, period string, freq string, period_end date, "
    "item string, measure string, value double, text string, status string"
)
METHOD = (
    "theme string, indicator string, method string, version string, reference_zh string, reference_en string, "
    "parameters string, inputs string, chart string, trial boolean, featured boolean, state string, reason_zh string, "
    "reason_en string"
)
DOUBT = (
    "theme string, indicator string, region string, breakdown string, freq string, period string, period_end date, "
    "rule string, rule_zh string, rule_en string, value double, expected double, evidence_zh string, evidence_en "
    "string, state string, source string"
)
WARNING = (
    "theme string, rule_id string, rule_version string, indicator string, region string, breakdown string, period "
    "string, freq string, period_end date, since string, level string, light string, scheme string, direction string, "
    "value double, unit string, compared double, threshold double, run_length int, distance_to_next double, "
    "is_current boolean, department string, status string, quality double, source string"
)
TARGET = (
    "target_id string, clause_zh string, clause_en string, name_zh string, name_en string, region string, unit "
    "string, direction string, trajectory string, base double, base_date date, goal double, due date, department "
    "string, department_zh string, department_en string, indicator string, breakdown string, value double, period "
    "string, published_at date, attainment double, time_elapsed double, pace double, light string, chance double, "
    "chance_reason string, required_rate double, recent_rate double, months_late int, reached date, evidence string, "
    "status string, quality double, source string"
)
CHANCE_RECORD = (
    "region string, word string, cases int, targets int, met int, told double, share double, brier double, base_brier "
    "double, skill double, since date, until date, reason string, status string, source string"
)
CATALOGUE = (
    "theme string, theme_zh string, theme_en string, theme_order int, icon string, indicator string, position int, "
    "name_zh string, name_en string, unit string, decimals int, freq string, direction string, light_scheme string, "
    "definition_zh string, definition_en string, formula string, department string, department_zh string, "
    "department_en string, breakdowns string, opens_with string, headline boolean, map boolean, "
    "derived_from string, change string, table string, source_zh string, source_en string, status string"
)
DATASET = (
    "theme string, table string, title_zh string, title_en string, department string, department_zh string, "
    "department_en string, share string, freshness_days int, source string, publisher string, publisher_en string, "
    "document string, document_en string, licence string, status string, columns string"
)
RULE_THRESHOLD = (
    "rule_id string, version string, name_zh string, name_en string, message_zh string, message_en string, "
    "jurisdiction string, scheme string, valid_from date, valid_to date, source_zh string, source_en string, verified "
    "boolean, levels string"
)
QUALITY = (
    "theme string, table string, department string, department_zh string, department_en string, delivery string, "
    "delivered_on date, source string, file string, file_hash string, bytes long, encoding string, outcome string, "
    "reason_code string, reason_zh string, reason_en string, extra_columns string, received long, accepted long, "
    "quarantined long, duplicate long, superseded long, measure string, measure_received double, measure_accepted "
    "double, measure_quarantined double, measure_duplicate double, measure_superseded double, normative double, "
    "completeness double, accuracy double, consistency double, timeliness double, accessibility double, score double, "
    "status string"
)
QUALITY_RULE = (
    "theme string, table string, delivery string, file string, code string, dimension string, severity string, column "
    "string, column_zh string, message_zh string, message_en string, rows long, first_row long, example string"
)
RELEASE = (
    "release_id string, released_at timestamp, as_of date, run_id string, profile string, tables string, models "
    "string, quality double, code_version string, fingerprint string, number long, restores string"
)


def names(schema: str) -> list[str]:
    """The column names of a schema, in order."""
    return [part.split()[0] for part in schema.split(", ")]
