"""A tiny, complete gold lake, written with delta-rs: every table, two releases, a ledger and boundaries.

Every value is made up by a formula; only the codes and names of places are real. `write(folder)` is all a test
needs; `python -m tests.tiny_gold FOLDER` writes one to look at.
"""

from __future__ import annotations

import csv
import json
import math
import sqlite3
import sys
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
from deltalake import write_deltalake

Row = dict[str, Any]

AS_OF = date(2026, 6, 30)
RUN, RELEASE = "run-20260630-01", "r-20260630-01"
OLD_AS_OF, OLD_RUN, OLD_RELEASE = date(2026, 5, 31), "run-20260531-01", "r-20260531-01"
GUANGDONG, SHANDONG = "440000", "370000"
#: A city with a row but no value, and a city without a row, on every map of Guangdong.
NULL_CITY, ABSENT_CITY = "445200", "445300"
COUNTY_CITIES = ("440100", "440800", "371700")
_ROOT = Path(__file__).resolve().parent.parent

_S, _F, _D, _I, _B = pl.String, pl.Float64, pl.Date, pl.Int64, pl.Boolean
_BAND: dict[str, Any] = {"mean": _F, "lo80": _F, "hi80": _F, "lo95": _F, "hi95": _F}
_SERIES: dict[str, Any] = {"theme": _S, "indicator": _S, "region": _S, "breakdown": _S, "freq": _S}
_STEP: dict[str, Any] = _SERIES | {
    "unit": _S, "origin": _S, "as_of": _D, "step": pl.Int32, "period": _S, "period_end": _D,
} | _BAND  # fmt: skip

SCHEMAS: dict[str, dict[str, Any]] = {
    "indicator": {
        "theme": _S, "indicator": _S, "region": _S, "breakdown": _S, "period": _S, "freq": _S, "period_end": _D,
        "value": _F, "unit": _S, "status": _S, "quality": _F, "published_at": _D, "source": _S, "source_rows": _I,
        "first_row": _I, "last_row": _I, "run_id": _S,
    },
    "forecast": _STEP | {
        "model": _S, "model_version": _S, "status": _S, "quality": _F, "run_id": _S, "champion": _B,
    },
    "backtest": _STEP | {
        "actual": _F, "naive": _F, "model": _S, "model_version": _S, "champion": _B, "status": _S, "run_id": _S,
    },
    "model": _SERIES | {
        "model": _S, "model_version": _S, "as_of": _D, "champion": _B, "n_origins": _I, "n_errors": _I, "mase": _F,
        "smape": _F, "mape": _F, "bias": _F, "coverage80": _F, "coverage95": _F, "fva": _F, "run_id": _S,
    },
    "warning": {
        "theme": _S, "rule_id": _S, "rule_version": _S, "indicator": _S, "region": _S, "breakdown": _S, "period": _S, "freq": _S,
        "period_end": _D, "since": _S, "level": _S, "light": _S, "scheme": _S, "direction": _S, "value": _F,
        "unit": _S, "compared": _F, "threshold": _F, "run_length": pl.Int32, "distance_to_next": _F,
        "is_current": _B, "department": _S, "status": _S, "quality": _F, "source": _S, "run_id": _S,
    },
    "target": {
        "target_id": _S, "clause_zh": _S, "clause_en": _S, "name_zh": _S, "name_en": _S, "region": _S, "unit": _S,
        "direction": _S, "trajectory": _S, "base": _F, "base_date": _D, "goal": _F, "due": _D, "department": _S,
        "department_zh": _S, "department_en": _S, "indicator": _S, "breakdown": _S, "value": _F, "period": _S,
        "published_at": _D, "attainment": _F, "time_elapsed": _F, "pace": _F, "light": _S, "evidence": _S, "status": _S,
        "quality": _F, "source": _S, "run_id": _S,
    },
    "catalogue": {
        "theme": _S, "theme_zh": _S, "theme_en": _S, "theme_order": _I, "icon": _S, "indicator": _S,
        "position": _I, "name_zh": _S, "name_en": _S, "unit": _S, "decimals": _I, "freq": _S, "direction": _S,
        "light_scheme": _S, "definition_zh": _S, "definition_en": _S, "formula": _S, "department": _S,
        "department_zh": _S, "department_en": _S, "breakdowns": _S, "headline": _B, "map": _B,
        "derived_from": _S, "change": _S, "table": _S, "source_zh": _S, "source_en": _S, "status": _S,
    },
    "dataset": {
        "theme": _S, "table": _S, "title_zh": _S, "title_en": _S, "department": _S, "department_zh": _S,
        "department_en": _S, "share": _S, "freshness_days": _I, "source": _S, "publisher": _S, "document": _S,
        "licence": _S, "status": _S, "columns": _S,
    },
    "rule_threshold": {
        "rule_id": _S, "version": _S, "name_zh": _S, "name_en": _S, "message_zh": _S, "message_en": _S,
        "jurisdiction": _S, "scheme": _S, "valid_from": _D, "valid_to": _D, "source": _S, "verified": _B,
        "levels": _S,
    },
    "quality": {
        "theme": _S, "table": _S, "department": _S, "department_zh": _S, "department_en": _S, "delivery": _S,
        "delivered_on": _D, "source": _S, "file": _S, "file_hash": _S, "bytes": _I, "encoding": _S, "outcome": _S,
        "reason_zh": _S, "reason_en": _S, "received": _I, "accepted": _I, "quarantined": _I, "duplicate": _I,
        "superseded": _I, "measure": _S, "measure_received": _F, "measure_accepted": _F, "measure_quarantined": _F,
        "measure_duplicate": _F, "measure_superseded": _F, "normative": _F, "completeness": _F, "accuracy": _F,
        "consistency": _F, "timeliness": _F, "accessibility": _F, "score": _F, "status": _S, "run_id": _S,
    },
    "quality_rule": {
        "theme": _S, "table": _S, "delivery": _S, "file": _S, "code": _S, "dimension": _S, "severity": _S,
        "column": _S, "column_zh": _S, "message_zh": _S, "message_en": _S, "rows": _I, "first_row": _I,
        "example": _S,
    },
    "release": {
        "release_id": _S, "released_at": pl.Datetime("us", "UTC"), "as_of": _D, "run_id": _S, "profile": _S,
        "tables": _S, "models": _S, "quality": _F, "code_version": _S,
    },
}  # fmt: skip

#: theme: (position, icon, zh, en, department, department zh, department en)
_THEMES = {
    "population": (1, "people", "人口", "Population", "statistics", "统计局", "Bureau of Statistics"),
    "agriculture": (2, "wheat", "农业农村", "Agriculture", "agriculture", "农业农村厅", "Department of Agriculture"),
    "legal_entity": (3, "building", "法人", "Legal entities", "market_regulation", "市场监督管理局",
                     "Administration for Market Regulation"),
    "economic": (4, "chart", "宏观经济", "Economy", "statistics", "统计局", "Bureau of Statistics"),
    "plan": (5, "target", "规划", "Plan", "development", "发展和改革委员会", "Development and Reform Commission"),
}  # fmt: skip

#: indicator: (zh, en, unit, decimals, freq, direction, scheme, breakdowns, headline, map, table, status)
_INDICATORS: dict[str, tuple[str, str, str, int, str, str, str, str, bool, bool, str, str]] = {
    "population.census_total": ("常住人口", "Resident population", "person", 0, "Y", "neutral", "none", "sex,age",
                                True, True, "statistics_census_age_sex", "real"),
    "population.share_65": ("65岁及以上人口比重", "Share aged 65 and over", "percent", 1, "Y", "down", "emergency",
                            "", True, True, "statistics_census_age_sex", "real"),
    "population.projected_total": ("人口推算", "Projected population", "person", 0, "Y", "neutral", "none", "",
                                   False, True, "statistics_census_age_sex", "forecast"),
    "population.births": ("出生人数", "Births", "person", 0, "M", "up", "emergency", "sex", True, True,
                          "health_birth", "simulated"),
    "population.register_sample": ("人口登记样本", "Register sample", "person", 0, "Y", "neutral", "none", "",
                                   False, True, "public_security_person", "simulated"),
    "agriculture.price_weekly": ("农产品周价格", "Weekly farm prices", "yuan_per_kg", 2, "W", "neutral", "none",
                                 "product,stage", True, False, "agriculture_market_price", "real"),
    "agriculture.price_ten_day": ("猪肉旬价格", "Ten-day pork price", "yuan_per_kg", 2, "T", "neutral", "none",
                                  "product", False, False, "agriculture_market_price", "real"),
    "agriculture.hog_corn_ratio": ("猪粮比价", "Hog–corn price ratio", "ratio", 2, "W", "neutral", "emergency",
                                   "", True, False, "agriculture_market_price", "real"),
    "legal_entity.stock": ("在业企业数", "Firms in business", "household", 0, "Y", "up", "none", "section", True,
                           True, "market_regulation_enterprise", "simulated"),
    "legal_entity.entries": ("新设企业数", "New firms", "household", 0, "Q", "up", "none", "", False, True,
                             "market_regulation_enterprise", "simulated"),
    "legal_entity.exits": ("注销企业数", "Closed firms", "household", 0, "Q", "down", "none", "", False, True,
                           "market_regulation_enterprise", "simulated"),
    "economic.gdp": ("地区生产总值", "Gross regional product", "hundred_million_yuan", 2, "Q", "up", "none",
                     "sector", True, True, "statistics_gdp_quarterly", "real"),
    "economic.gdp_growth": ("地区生产总值增速", "GRP growth", "percent", 1, "Q", "up", "climate", "", True, True,
                            "statistics_gdp_quarterly", "real"),
    "plan.progress": ("规划目标进展", "Reported plan progress", "percent", 1, "M", "up", "progress", "", False,
                      False, "development_plan_progress", "simulated"),
}  # fmt: skip

#: table: (theme, zh, en, share, freshness in days, status)
_TABLES = {
    "statistics_census_age_sex": ("population", "人口普查", "Census", "unconditional", 4000, "real"),
    "health_birth": ("population", "出生登记", "Birth register", "conditional", 45, "simulated"),
    "public_security_person": ("population", "人口登记", "Person register", "conditional", 200, "simulated"),
    "agriculture_market_price": ("agriculture", "农产品市场价格", "Farm prices", "unconditional", 10, "real"),
    "market_regulation_enterprise": ("legal_entity", "企业登记", "Firm register", "conditional", 60, "simulated"),
    "statistics_gdp_quarterly": ("economic", "季度核算", "Quarterly accounts", "unconditional", 60, "real"),
    "development_plan_progress": ("plan", "规划进展填报", "Plan progress", "unconditional", 45, "simulated"),
}
_AGES = ("0-14", "15-39", "40-59", "60-64", "65+")
_RULES = {
    "hog_corn": ("猪粮比价预警", "Hog–corn ratio", "{region}猪粮比价低于 {threshold}",
                 "{region}: the hog–corn ratio is below {threshold}", "emergency"),
    "ageing": ("老龄化预警", "Ageing", "{region}65岁及以上人口比重超过 {threshold}%",
               "{region}: the share aged 65 and over is above {threshold} %", "emergency"),
    "births": ("出生人数预警", "Births", "{region}出生人数同比下降超过 {threshold}%",
               "{region}: births fell by more than {threshold} % on the year", "emergency"),
    "climate": ("经济景气信号", "Business climate", "{region}经济增速低于 {threshold}%",
                "{region}: growth is below {threshold} %", "climate"),
}  # fmt: skip


def regions() -> list[dict[str, str]]:
    """Both provinces, all their cities and the counties of three cities, from conf/regions.csv."""
    with (_ROOT / "conf" / "regions.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if not row["valid_to"]]
    kept = [row for row in rows if row["code"] in (GUANGDONG, SHANDONG)]
    kept += [row for row in rows if row["level"] == "city" and row["parent"] in (GUANGDONG, SHANDONG)]
    return kept + [row for row in rows if row["level"] == "county" and row["parent"] in COUNTY_CITIES]


def write(folder: Path) -> Path:
    """Write the lake into `folder` (which must not hold one) and give the folder back."""
    old_tables, new_tables = _tables(OLD_AS_OF, OLD_RUN), _tables(AS_OF, RUN)
    versions = {}
    for name, rows in old_tables.items():
        _write(folder, name, rows, "overwrite")
        _write(folder, name, new_tables[name], "overwrite")
        versions[name] = 1
    _write(
        folder,
        "release",
        [
            _release(OLD_RELEASE, OLD_AS_OF, OLD_RUN, dict.fromkeys(versions, 0)),
            _release(RELEASE, AS_OF, RUN, versions),
        ],
        "overwrite",
    )
    _write_ledger(folder / "ops" / "ledger.db")
    for province in (GUANGDONG, SHANDONG):
        for level in ("city", "county"):
            _write_geo(folder / "geo" / f"{province}_{level}.geojson", province, level)
    return folder


def _write(folder: Path, name: str, rows: Iterable[Row], mode: Any) -> None:
    frame = pl.DataFrame(list(rows), schema=SCHEMAS[name], orient="row")
    write_deltalake(str(folder / "gold" / name), frame, mode=mode)


def _release(release_id: str, as_of: date, run_id: str, versions: dict[str, int]) -> Row:
    released = datetime(as_of.year, as_of.month, as_of.day, 6, 5, tzinfo=UTC)
    return {
        "release_id": release_id, "released_at": released, "as_of": as_of, "run_id": run_id, "profile": "demo",
        "tables": json.dumps(versions), "models": json.dumps({"ets": "1"}), "quality": 97.2,
        "code_version": "0.0-test",
    }  # fmt: skip


def _tables(as_of: date, run_id: str) -> dict[str, list[Row]]:
    values = [row | {"run_id": run_id} for row in _values() if row["published_at"] <= as_of]
    forecast, backtest, model = _forecasts(values, as_of, run_id)
    return {
        "indicator": values,
        "forecast": forecast,
        "backtest": backtest,
        "model": model,
        "warning": _warnings(run_id),
        "target": _targets(run_id),
        "catalogue": _catalogue(),
        "dataset": _datasets(),
        "rule_threshold": _thresholds(),
        "quality": _quality(run_id),
        "quality_rule": _quality_rules(),
    }


# -- indicator ---------------------------------------------------------------------------------------------


def _figure(
    indicator: str, region: str, breakdown: str, period: str, end: date, value: float | None, published: date
) -> Row:
    base = indicator.removesuffix(".yoy").removesuffix(".prev")
    table = _INDICATORS[base][10]
    department = _THEMES[_TABLES[table][0]][4]
    unit = _INDICATORS[base][2]
    if indicator != base:
        unit = "percentage_point" if unit == "percent" else "percent"
    status = _INDICATORS[base][11]
    return {
        "theme": base.split(".")[0], "indicator": indicator, "region": region, "breakdown": breakdown,
        "period": period, "freq": _INDICATORS[base][4], "period_end": end, "value": value, "unit": unit,
        "status": status, "quality": 92.0 if status == "simulated" else 99.0, "published_at": published,
        "source": json.dumps([f"{department}/{table}/{published}/data.csv"]), "source_rows": 12, "first_row": 2,
        "last_row": 13,
    }  # fmt: skip


def _values() -> list[Row]:
    places = [row["code"] for row in regions() if row["code"] != ABSENT_CITY]
    above_county = [code for code in places if code.endswith("00")]
    rows: list[Row] = []
    for position, region in enumerate(places):
        rows += _census(region, position)
    for position, region in enumerate(above_county):
        scale = 12.0 if region.endswith("0000") else 1.0 + 0.13 * (position % 9)
        rows += _monthly_births(region, scale)
        rows += _quarterly(region, scale)
        rows += _yearly(region, scale)
    for province in (GUANGDONG, SHANDONG):
        rows += _prices(province)
    return rows


def _census(region: str, position: int) -> list[Row]:
    size = 9.0e7 if region.endswith("0000") else 3.0e6 if region.endswith("00") else 4.0e5
    rows = []
    for year, growth, published in ((2010, 1.0, date(2011, 6, 1)), (2020, 1.11, date(2021, 6, 1))):
        total = round(size * growth * (1 + 0.21 * (position % 7)))
        end = date(year, 12, 31)
        breakdowns = {"": 1.0, "sex=f": 0.487, "sex=m": 0.513, "age=65+": 0.07 + 0.004 * (position % 11)}
        for age, share in zip(_AGES, (0.18, 0.37, 0.29, 0.06, 0.1), strict=True):
            breakdowns |= {f"age={age}|sex=f": share * 0.487, f"age={age}|sex=m": share * 0.513}
        for breakdown, share in breakdowns.items():
            value = round(total * share)
            rows.append(_figure("population.census_total", region, breakdown, str(year), end, value, published))
        share_65 = None if region == NULL_CITY else round(7.0 + 0.9 * (position % 11) + (growth - 1) * 20, 2)
        rows.append(_figure("population.share_65", region, "", str(year), end, share_65, published))
    for year, growth in ((2030, 1.16), (2040, 1.13)):
        value = round(size * growth * (1 + 0.21 * (position % 7)))
        end = date(year, 12, 31)
        rows.append(_figure("population.projected_total", region, "", str(year), end, value, date(2026, 1, 20)))
    return rows


def _monthly_births(region: str, scale: float) -> list[Row]:
    months = [(year, month) for year in range(2023, 2027) for month in range(1, 13)][:41]
    ends = [_month_end(year, month) for year, month in months]
    values = [
        round(1000 * scale * (1 - 0.006 * i) * (1 + 0.12 * math.sin(i / 12 * 2 * math.pi))) for i in range(len(months))
    ]
    periods = [f"{year}-{month:02d}" for year, month in months]
    rows = []
    for i, (period, end) in enumerate(zip(periods, ends, strict=True)):
        published = end + timedelta(days=12)
        rows += _with_changes("population.births", region, "", periods, i, values, end, published, season=12)
        for sex, share in (("f", 0.47), ("m", 0.53)):
            value = round(values[i] * share)
            rows.append(_figure("population.births", region, f"sex={sex}", period, end, value, published))
    # A correction handed in later: the same figure, published again.
    first = rows[0] | {"published_at": ends[0] + timedelta(days=40), "value": values[0] + 3.0}
    return [*rows, first]


def _quarterly(region: str, scale: float) -> list[Row]:
    quarters = [(year, quarter) for year in range(2022, 2027) for quarter in range(1, 5)][:17]
    periods = [f"{year}-Q{quarter}" for year, quarter in quarters]
    ends = [_month_end(year, quarter * 3) for year, quarter in quarters]
    gdp = [round(950 * scale * 1.012**i * (1 + 0.05 * (i % 4)), 2) for i in range(len(quarters))]
    growth = [round(3.0 + 0.7 * scale + math.sin(i / 3), 1) for i in range(len(quarters))]
    rows = []
    for i, end in enumerate(ends):
        published = end + timedelta(days=45)
        rows += _with_changes("economic.gdp", region, "", periods, i, gdp, end, published, season=4)
        for sector, share in (("primary", 0.08), ("secondary", 0.38), ("tertiary", 0.54)):
            value = round(gdp[i] * share, 2)
            rows.append(_figure("economic.gdp", region, f"sector={sector}", periods[i], end, value, published))
        rows.append(_figure("economic.gdp_growth", region, "", periods[i], end, growth[i], published))
        for name, base in (("legal_entity.entries", 900), ("legal_entity.exits", 400)):
            value = round(base * scale * (1 + 0.02 * i))
            rows.append(_figure(name, region, "", periods[i], end, value, published))
    return rows


def _yearly(region: str, scale: float) -> list[Row]:
    rows = []
    for year in range(2021, 2026):
        end, published = date(year, 12, 31), date(year + 1, 2, 1)
        stock = round(52000 * scale * 1.04 ** (year - 2021))
        for breakdown, share in (("", 1.0), ("section=A", 0.05), ("section=C", 0.31), ("section=F", 0.28)):
            value = round(stock * share)
            rows.append(_figure("legal_entity.stock", region, breakdown, str(year), end, value, published))
        value = round(2000 * scale)
        rows.append(_figure("population.register_sample", region, "", str(year), end, value, published))
    return rows


def _prices(province: str) -> list[Row]:
    first = date(2025, 1, 5)
    ends = [first + timedelta(weeks=i) for i in range(76)]
    periods = ["{}-W{:02d}".format(*end.isocalendar()[:2]) for end in ends]
    rows = []
    for breakdown, base in (
        ("product=hog|stage=farm_gate", 15.2),
        ("product=corn|stage=farm_gate", 2.4),
        ("product=pork|stage=retail", 27.5),
    ):
        prices = [round(base * (1 + 0.14 * math.cos(i / 19)), 2) for i in range(len(ends))]
        for i, end in enumerate(ends):
            published = end + timedelta(days=3)
            rows += _with_changes(
                "agriculture.price_weekly", province, breakdown, periods, i, prices, end, published, season=52
            )
    ratio = [round(6.3 * (1 + 0.2 * math.cos(i / 19)), 2) for i in range(len(ends))]
    for i, end in enumerate(ends):
        published = end + timedelta(days=3)
        rows += _with_changes("agriculture.hog_corn_ratio", province, "", periods, i, ratio, end, published, season=52)
    for i in range(18):
        month, third = i // 3 + 1, i % 3 + 1
        end = _month_end(2026, month) if third == 3 else date(2026, month, third * 10)
        value = round(26.4 - 0.1 * i, 2)
        period = f"2026-{month:02d}-T{third}"
        published = end + timedelta(days=2)
        rows.append(_figure("agriculture.price_ten_day", province, "product=pork", period, end, value, published))
    return rows


def _with_changes(
    indicator: str, region: str, breakdown: str, periods: list[str], i: int, values: list[Any], end: date,
    published: date, season: int,
) -> list[Row]:  # fmt: skip
    rows = [_figure(indicator, region, breakdown, periods[i], end, values[i], published)]
    for change, lag in (("yoy", season), ("prev", 1)):
        if i >= lag:
            value = round((values[i] / values[i - lag] - 1) * 100, 2)
            rows.append(_figure(f"{indicator}.{change}", region, breakdown, periods[i], end, value, published))
    return rows


def _month_end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


# -- forecasts ---------------------------------------------------------------------------------------------


def _forecasts(values: list[Row], as_of: date, run_id: str) -> tuple[list[Row], list[Row], list[Row]]:
    """Forecasts 8 steps ahead of each forecastable series, by a flat rule: enough to draw, not to trust."""
    forecasts: list[Row] = []
    backtests: list[Row] = []
    models: list[Row] = []
    for indicator, breakdown in (
        ("population.births", ""),
        ("agriculture.price_weekly", "product=hog|stage=farm_gate"),
        ("agriculture.hog_corn_ratio", ""),
        ("economic.gdp", ""),
    ):
        for region in (GUANGDONG, SHANDONG, "440100"):
            newest = {
                row["period"]: row
                for row in sorted(values, key=lambda row: row["published_at"])
                if (row["indicator"], row["region"], row["breakdown"]) == (indicator, region, breakdown)
            }
            known = sorted(newest.values(), key=lambda row: row["period_end"])
            if not known:
                continue
            last = known[-1]
            keys = {name: last[name] for name in ("theme", "indicator", "region", "breakdown", "freq")}
            common = keys | {"unit": last["unit"], "as_of": as_of, "model": "ets", "model_version": "1",
                             "champion": True, "run_id": run_id}  # fmt: skip
            for step in range(1, 9):
                period, end = _ahead(last["freq"], last["period_end"], step)
                band = _band(last["value"], step)
                forecasts.append(common | band | {"origin": last["period"], "step": step, "period": period,
                                                  "period_end": end, "status": "forecast",
                                                  "quality": last["quality"]})  # fmt: skip
            for start in range(len(known) - 12, len(known) - 3, 4):
                for step in range(1, 5):
                    if start + step < len(known):
                        seen = known[start + step]
                        backtests.append(common | _band(known[start]["value"], step) | {
                            "origin": known[start]["period"], "step": step, "period": seen["period"],
                            "period_end": seen["period_end"], "actual": seen["value"],
                            "naive": known[start]["value"], "status": seen["status"],
                        })  # fmt: skip
            models.append(keys | {
                "model": "ets", "model_version": "1", "as_of": as_of, "champion": True, "n_origins": 8,
                "n_errors": 64, "mase": 0.81, "smape": 3.9, "mape": 3.8, "bias": -0.2, "coverage80": 0.76,
                "coverage95": 0.94, "fva": 11.5, "run_id": run_id,
            })  # fmt: skip
    return forecasts, backtests, models


def _band(value: float, step: int) -> Row:
    spread = value * 0.015 * math.sqrt(step)
    mean = value * (1 + 0.002 * step)
    return {"mean": mean, "lo80": mean - 1.28 * spread, "hi80": mean + 1.28 * spread, "lo95": mean - 1.96 * spread,
            "hi95": mean + 1.96 * spread}  # fmt: skip


def _ahead(freq: str, end: date, step: int) -> tuple[str, date]:
    if freq == "W":
        later = end + timedelta(weeks=step)
        return "{}-W{:02d}".format(*later.isocalendar()[:2]), later
    months = end.year * 12 + end.month - 1 + step * (3 if freq == "Q" else 1)
    year, month = months // 12, months % 12 + 1
    period = f"{year}-Q{(month + 2) // 3}" if freq == "Q" else f"{year}-{month:02d}"
    return period, _month_end(year, month)


# -- warnings and targets ----------------------------------------------------------------------------------


def _warnings(run_id: str) -> list[Row]:
    def warning(
        rule: str, indicator: str, region: str, period: str, freq: str, end: date, level: str | None, light: str,
        value: float | None, threshold: float, since: str, length: int, current: bool = True,
    ) -> Row:  # fmt: skip
        return {
            "theme": indicator.split(".")[0], "rule_id": rule, "rule_version": "2026.1", "indicator": indicator,
            "region": region, "breakdown": "", "period": period, "freq": freq, "period_end": end, "since": since, "level": level,
            "light": light, "scheme": _RULES[rule][4], "direction": "fall" if rule != "ageing" else "rise",
            "value": value, "unit": _INDICATORS[indicator][2], "compared": None, "threshold": threshold,
            "run_length": length, "distance_to_next": 0.4 if level != "I" else None, "is_current": current,
            "department": _THEMES[indicator.split(".")[0]][4], "status": _INDICATORS[indicator][11],
            "quality": 98.0, "source": json.dumps(["agriculture/agriculture_market_price/2026-06-14/data.csv"]),
            "run_id": run_id,
        }  # fmt: skip

    week, census = date(2026, 6, 14), date(2020, 12, 31)
    hog, share = "agriculture.hog_corn_ratio", "population.share_65"
    rows = [
        warning("hog_corn", hog, GUANGDONG, "2026-W24", "W", week, "I", "red", 4.9, 5.0, "2026-W21", 4),
        warning("hog_corn", hog, GUANGDONG, "2026-W20", "W", week - timedelta(weeks=4), "II", "orange", 5.4, 5.5,
                "2026-W19", 2, current=False),
        warning("hog_corn", hog, SHANDONG, "2026-W24", "W", week, "III", "yellow", 5.8, 6.0, "2026-W23", 2),
        warning("births", "population.births", "440100", "2026-05", "M", date(2026, 5, 31), "III", "yellow", 900.0,
                -5.0, "2026-03", 3),
        warning("births", "population.births", "440800", "2026-05", "M", date(2026, 5, 31), None, "grey", None, -5.0,
                "2026-05", 1),
        warning("climate", "economic.gdp_growth", "440100", "2026-Q1", "Q", date(2026, 3, 31), None, "blue", 3.1, 3.5,
                "2025-Q4", 2),
        warning("climate", "economic.gdp_growth", "440300", "2026-Q1", "Q", date(2026, 3, 31), None, "green", 4.6,
                5.5, "2025-Q2", 4),
    ]  # fmt: skip
    for region, level, light, value in (
        ("441400", "I", "red", 18.2), ("440800", "II", "orange", 15.1), ("441500", "II", "orange", 14.6),
        ("445100", "III", "yellow", 12.9), ("440900", "III", "yellow", 12.2), ("441600", "IV", "blue", 10.8),
        ("440600", None, "green", 8.0), ("370200", "II", "orange", 15.5),
    ):  # fmt: skip
        rows.append(warning("ageing", share, region, "2020", "Y", census, level, light, value, 7.0, "2020", 1))
    return rows


def _targets(run_id: str) -> list[Row]:
    _, _, _, _, department, zh, en = _THEMES["plan"]

    def target(
        key: str, name: tuple[str, str], region: str, unit: str, base: float, goal: float, indicator: str | None,
        value: float | None, period: str | None, attainment: float | None, pace: float | None, light: str,
        evidence: str, status: str,
    ) -> Row:  # fmt: skip
        return {
            "target_id": key, "clause_zh": f"第{key[-2:]}条", "clause_en": f"Clause {key[-2:]}",
            "name_zh": name[0], "name_en": name[1], "region": region, "unit": unit,
            "direction": "up" if goal > base else "down", "trajectory": "linear", "base": base,
            "base_date": date(2025, 12, 31), "goal": goal, "due": date(2030, 12, 31), "department": department,
            "department_zh": zh, "department_en": en, "indicator": indicator, "breakdown": "", "value": value, "period": period,
            "published_at": date(2026, 6, 10) if value is not None else None, "attainment": attainment,
            "time_elapsed": 0.1, "pace": pace, "light": light, "evidence": evidence, "status": status,
            "quality": 96.0 if value is not None else None,
            "source": json.dumps(["development/development_plan_progress/2026-06-10/data.csv"]), "run_id": run_id,
        }  # fmt: skip

    return [
        target("GD-01", ("地区生产总值年均增速", "Average growth of GRP"), GUANGDONG, "percent", 4.0, 5.0,
               "economic.gdp_growth", 4.4, "2026-Q1", 0.4, 4.0, "green", "measured", "real"),
        target("GD-02", ("在业企业数", "Firms in business"), GUANGDONG, "household", 700000.0, 950000.0,
               "legal_entity.stock", 718000.0, "2025", 0.072, 0.72, "yellow", "measured", "simulated"),
        target("GD-03", ("森林覆盖率", "Forest cover"), GUANGDONG, "percent", 53.0, 54.0, "plan.progress", 53.02,
               "2026-05", 0.02, 0.2, "red", "self_reported", "simulated"),
        target("GD-04", ("每千人口医师数", "Physicians per thousand"), GUANGDONG, "ratio", 2.9, 3.6, None, None,
               None, None, None, "grey", "missing", "real"),
        target("SD-01", ("粮食播种面积", "Sown area of grain"), SHANDONG, "percent", 98.0, 100.0, "plan.progress",
               98.3, "2026-05", 0.15, 1.5, "green", "self_reported", "simulated"),
    ]  # fmt: skip


# -- definitions -------------------------------------------------------------------------------------------


def _catalogue() -> list[Row]:
    rows = []
    for position, (indicator, spec) in enumerate(_INDICATORS.items(), start=1):
        zh, en, unit, decimals, freq, direction, scheme, breakdowns, headline, on_map, table, status = spec
        theme = indicator.split(".")[0]
        order, icon, theme_zh, theme_en, department, department_zh, department_en = _THEMES[theme]
        row: Row = {
            "theme": theme, "theme_zh": theme_zh, "theme_en": theme_en, "theme_order": order, "icon": icon,
            "indicator": indicator, "position": position, "name_zh": zh, "name_en": en, "unit": unit,
            "decimals": decimals, "freq": freq, "direction": direction, "light_scheme": scheme,
            "definition_zh": f"{zh}：测试用定义。", "definition_en": f"{en}: a definition for tests.",
            "formula": "sum(value)", "department": department, "department_zh": department_zh,
            "department_en": department_en, "breakdowns": breakdowns, "headline": headline, "map": on_map,
            "derived_from": None, "change": None, "table": table, "source_zh": _TABLES[table][1],
            "source_en": _TABLES[table][2], "status": status,
        }  # fmt: skip
        rows.append(row)
        for change, change_zh, change_en in (("yoy", "同比", "on the year"), ("prev", "环比", "on the period before")):
            rows.append(row | {
                "indicator": f"{indicator}.{change}", "name_zh": f"{zh}{change_zh}", "name_en": f"{en}, {change_en}",
                "unit": "percentage_point" if unit == "percent" else "percent", "decimals": 1, "headline": False,
                "map": False, "derived_from": indicator, "change": change,
            })  # fmt: skip
    return rows


def _datasets() -> list[Row]:
    rows = []
    for table, (theme, zh, en, share, freshness, status) in _TABLES.items():
        _, _, _, _, department, department_zh, department_en = _THEMES[theme]
        rows.append({
            "theme": theme, "table": table, "title_zh": zh, "title_en": en, "department": department,
            "department_zh": department_zh, "department_en": department_en, "share": share,
            "freshness_days": freshness, "source": table, "publisher": "测试发布单位", "document": "测试文件",
            "licence": "测试许可", "status": status, "columns": json.dumps([{"name": "region", "zh": "行政区划代码"}]),
        })  # fmt: skip
    return rows


def _thresholds() -> list[Row]:
    return [
        {
            "rule_id": rule, "version": "2026.1", "name_zh": zh, "name_en": en, "message_zh": message_zh,
            "message_en": message_en, "jurisdiction": "440000", "scheme": scheme, "valid_from": date(2026, 1, 1),
            "valid_to": None, "source": "测试规则文件", "verified": rule != "births",
            "levels": json.dumps([{"level": "I", "light": "red", "at": 5.0}]),
        }
        for rule, (zh, en, message_zh, message_en, scheme) in _RULES.items()
    ]  # fmt: skip


# -- quality and operations --------------------------------------------------------------------------------


def _quality(run_id: str) -> list[Row]:
    def file(
        table: str, delivered: date, outcome: str, counts: tuple[int, int, int, int, int], reason: tuple[str, str],
        score: float | None,
    ) -> Row:  # fmt: skip
        theme, _, _, _, _, status = _TABLES[table]
        _, _, _, _, department, zh, en = _THEMES[theme]
        received, accepted, quarantined, duplicate, superseded = counts
        sums = [count * 10.5 for count in counts] if table.startswith("market") else [None] * 5
        name = f"{department}/{table}/{delivered}/data.csv"
        low = None if score is None else score - 4
        return {
            "theme": theme, "table": table, "department": department, "department_zh": zh, "department_en": en,
            "delivery": name.rsplit("/", 1)[0], "delivered_on": delivered, "source": table, "file": name,
            "file_hash": f"{abs(hash(name)):x}", "bytes": 1000 + received * 80, "encoding": "gb18030",
            "outcome": outcome, "reason_zh": reason[0], "reason_en": reason[1], "received": received,
            "accepted": accepted, "quarantined": quarantined, "duplicate": duplicate, "superseded": superseded,
            "measure": "capital" if sums[0] is not None else None, "measure_received": sums[0],
            "measure_accepted": sums[1], "measure_quarantined": sums[2], "measure_duplicate": sums[3],
            "measure_superseded": sums[4], "normative": score, "completeness": low, "accuracy": score,
            "consistency": score, "timeliness": low, "accessibility": None if score is None else 100.0,
            "score": score, "status": status, "run_id": run_id,
        }  # fmt: skip

    none = ("", "")
    return [
        file("statistics_census_age_sex", date(2021, 6, 1), "accepted", (5200, 5200, 0, 0, 0), none, 99.0),
        file("health_birth", date(2026, 6, 12), "partial", (4000, 3880, 90, 20, 10), none, 92.0),
        file("public_security_person", date(2026, 2, 1), "partial", (2100, 2000, 60, 40, 0), none, 90.0),
        file("agriculture_market_price", date(2026, 6, 17), "accepted", (312, 312, 0, 0, 0), none, 99.5),
        file("agriculture_market_price", date(2026, 6, 18), "repeated", (0, 0, 0, 0, 0),
             ("该文件已于 2026-06-17 收到", "the file was received on 2026-06-17"), None),
        file("market_regulation_enterprise", date(2026, 5, 15), "partial", (8000, 7910, 55, 5, 30), none, 94.0),
        file("statistics_gdp_quarterly", date(2026, 5, 15), "accepted", (640, 640, 0, 0, 0), none, 98.0),
        file("development_plan_progress", date(2026, 6, 10), "refused", (0, 0, 0, 0, 0),
             ("缺少列：完成值", "column missing: 完成值"), None),
    ]  # fmt: skip


def _quality_rules() -> list[Row]:
    delivery = "statistics/health_birth/2026-06-12"
    common: Row = {"theme": "population", "table": "health_birth", "delivery": delivery, "file": f"{delivery}/data.csv"}
    return [
        common | {"code": "REQUIRED", "dimension": "completeness", "severity": "quarantine", "column": "sex",
                  "column_zh": "性别", "message_zh": "必填列为空", "message_en": "a required column is empty",
                  "rows": 60, "first_row": 17, "example": ""},
        common | {"code": "NOT_AFTER", "dimension": "accuracy", "severity": "quarantine", "column": "birth_date",
                  "column_zh": "出生日期", "message_zh": "日期晚于交付日期",
                  "message_en": "the date is after the delivery", "rows": 30, "first_row": 211,
                  "example": "2027-01-03"},
        common | {"code": "WEIGHT_RANGE", "dimension": "accuracy", "severity": "warn", "column": "weight",
                  "column_zh": "体重", "message_zh": "体重超出常见范围", "message_en": "an unusual weight", "rows": 4,
                  "first_row": 900, "example": "9100"},
    ]  # fmt: skip


def _write_ledger(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(path) as ledger:
        ledger.executescript(
            """
            create table run (run_id text primary key, job text, profile text, as_of text, started text, ended text,
              outcome text, exit_code integer, received integer, accepted integer, quarantined integer,
              duplicate integer, superseded integer, commits integer, release_id text, code_version text,
              message text);
            create table step (run_id text, position integer, name text, started text, ended text, outcome text,
              detail text);
            create table delivery (file text, file_hash text, table_name text, source text, delivery text,
              bytes integer, first_seen text, outcome text, run_id text);
            """
        )
        counts = (20252, 19942, 205, 65, 40)
        runs: list[tuple[Any, ...]] = [
            (OLD_RUN, "daily", "demo", str(OLD_AS_OF), "2026-05-31T06:00:00", "2026-05-31T06:05:00", "done", 0,
             *counts, 14, OLD_RELEASE, "0.0-test", ""),
            (RUN, "daily", "demo", str(AS_OF), "2026-06-30T06:00:00", "2026-06-30T06:05:00", "done", 0, *counts, 14,
             RELEASE, "0.0-test", ""),
            ("run-20260630-02", "daily", "demo", str(AS_OF), "2026-06-30T09:00:00", "2026-06-30T09:00:01", "nothing",
             0, 0, 0, 0, 0, 0, 0, None, "0.0-test", "nothing new"),
        ]  # fmt: skip
        ledger.executemany(f"insert into run values ({','.join('?' * 17)})", runs)
        ledger.executemany(
            "insert into step values (?, ?, ?, ?, ?, ?, ?)",
            [
                (RUN, position, name, f"2026-06-30T06:0{position}:00", f"2026-06-30T06:0{position}:50", "done", "")
                for position, name in enumerate(("bronze", "silver", "gold", "release"))
            ],
        )
    ledger.close()


def _write_geo(path: Path, province: str, level: str) -> None:
    """Squares in rows of six, about where the province lies; their rings run clockwise, as d3-geo wants them."""
    places = [row for row in regions() if row["level"] == level and row["code"][:2] == province[:2]]
    west, north = (110.0, 25.0) if province == GUANGDONG else (115.0, 38.0)
    features = []
    for position, place in enumerate(places):
        x, y = west + position % 6, north - position // 6
        ring = [[x, y], [x + 0.9, y], [x + 0.9, y - 0.9], [x, y - 0.9], [x, y]]
        features.append({
            "type": "Feature", "id": place["code"], "properties": {"name": place["name_zh"], "lon": x + 0.45, "lat": y - 0.45},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        })  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
