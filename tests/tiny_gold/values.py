"""Figures of the tiny lake, made up by formulas."""

from __future__ import annotations

import json
import math
from datetime import date, timedelta
from typing import Any

import conf

from .definitions import INDICATORS, folder_of
from .places import ABSENT_CITY, GUANGDONG, NULL_CITY, SHANDONG, Row, month_end, regions


def _figure(
    indicator: str, region: str, breakdown: str, period: str, end: date, value: float | None, published: date
) -> Row:
    base = indicator.removesuffix(".yoy").removesuffix(".prev")
    table = INDICATORS[base][10]
    unit = INDICATORS[base][2]
    if indicator != base:
        unit = "percentage_point" if unit == "percent" else "percent"
    status = INDICATORS[base][11]
    return {
        "theme": base.split(".")[0],
        "indicator": indicator,
        "region": region,
        "breakdown": breakdown,
        "period": period,
        "freq": INDICATORS[base][4],
        "period_end": end,
        "value": value,
        "unit": unit,
        "status": status,
        "quality": 92.0 if status == "simulated" else 99.0,
        "published_at": published,
        "source": json.dumps([f"{folder_of(table)}/{published}/data.csv"]),
        "source_rows": 12,
        "first_row": 2,
        "last_row": 13,
    }


def values() -> list[Row]:
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
    for province, target, value in ((GUANGDONG, "GD-03", 53.02), (SHANDONG, "SD-01", 98.3)):
        rows += _prices(province)
        breakdown = f"evidence=self_reported|target_id={target}"
        end, published = date(2026, 5, 31), date(2026, 6, 10)
        rows.append(_figure("plan.progress", province, breakdown, "2026-05", end, value, published))
    return rows


def _census(region: str, position: int) -> list[Row]:
    size = 9.0e7 if region.endswith("0000") else 3.0e6 if region.endswith("00") else 4.0e5
    rows = []
    for year, growth, published in ((2010, 1.0, date(2011, 6, 1)), (2020, 1.11, date(2021, 6, 1))):
        total = round(size * growth * (1 + 0.21 * (position % 7)))
        end = date(year, 12, 31)
        breakdowns = {
            "": 1.0,
            "sex=f": 0.487,
            "sex=m": 0.513,
            "age_group=65+": 0.07 + 0.004 * (position % 11),
        }
        ages = list(conf.load().codes["age_band"])
        shares = [1 + 0.5 * math.cos(n / len(ages) * math.pi) for n in range(len(ages))]
        shares[0], shares[1] = 0.2, 0.8
        for age, weight in zip(ages, shares, strict=True):
            share = weight / sum(shares)
            breakdowns |= {f"age={age}|sex=f": share * 0.487, f"age={age}|sex=m": share * 0.513}
        for breakdown, share in breakdowns.items():
            value = round(total * share)
            rows.append(
                _figure("population.census_total", region, breakdown, str(year), end, value, published)
            )
        share_65 = None if region == NULL_CITY else round(7.0 + 0.9 * (position % 11) + (growth - 1) * 20, 2)
        rows.append(_figure("population.share_65", region, "", str(year), end, share_65, published))
    for year, growth in ((2030, 1.16), (2040, 1.13)):
        value = round(size * growth * (1 + 0.21 * (position % 7)))
        end = date(year, 12, 31)
        rows.append(
            _figure("population.projected_total", region, "", str(year), end, value, date(2026, 1, 20))
        )
    return rows


def _monthly_births(region: str, scale: float) -> list[Row]:
    months = [(year, month) for year in range(2023, 2027) for month in range(1, 13)][:41]
    ends = [month_end(year, month) for year, month in months]
    values = [
        round(1000 * scale * (1 - 0.006 * i) * (1 + 0.12 * math.sin(i / 12 * 2 * math.pi)))
        for i in range(len(months))
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
    ends = [month_end(year, quarter * 3) for year, quarter in quarters]
    gdp = [round(950 * scale * 1.012**i * (1 + 0.05 * (i % 4)), 2) for i in range(len(quarters))]
    growth = [round(3.0 + 0.7 * scale + math.sin(i / 3), 1) for i in range(len(quarters))]
    rows = []
    for i, end in enumerate(ends):
        published = end + timedelta(days=45)
        rows += _with_changes("economic.gdp", region, "", periods, i, gdp, end, published, season=4)
        for sector, share in (("primary", 0.08), ("secondary", 0.38), ("tertiary", 0.54)):
            value = round(gdp[i] * share, 2)
            rows.append(
                _figure("economic.gdp", region, f"sector={sector}", periods[i], end, value, published)
            )
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
        rows += _with_changes(
            "agriculture.hog_corn_ratio", province, "", periods, i, ratio, end, published, season=52
        )
    for i in range(18):
        month, third = i // 3 + 1, i % 3 + 1
        end = month_end(2026, month) if third == 3 else date(2026, month, third * 10)
        value = round(26.4 - 0.1 * i, 2)
        period = f"2026-{month:02d}-T{third}"
        published = end + timedelta(days=2)
        rows.append(
            _figure("agriculture.price_ten_day", province, "product=pork", period, end, value, published)
        )
    return rows


def _with_changes(
    indicator: str,
    region: str,
    breakdown: str,
    periods: list[str],
    i: int,
    values: list[Any],
    end: date,
    published: date,
    season: int,
) -> list[Row]:
    rows = [_figure(indicator, region, breakdown, periods[i], end, values[i], published)]
    for change, lag in (("yoy", season), ("prev", 1)):
        if i >= lag:
            value = round((values[i] / values[i - lag] - 1) * 100, 2)
            rows.append(
                _figure(f"{indicator}.{change}", region, breakdown, periods[i], end, value, published)
            )
    return rows
