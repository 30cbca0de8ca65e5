"""Catalogue, datasets and rules of the tiny lake."""

from __future__ import annotations

import json
from datetime import date

import conf

from .places import Row

#: theme: (position, icon, zh, en, department, department zh, department en)
THEMES = {
    "population": (1, "people", "人口", "Population", "statistics", "统计局", "Bureau of Statistics"),
    "agriculture": (
        2,
        "wheat",
        "农业农村",
        "Agriculture",
        "agriculture",
        "农业农村厅",
        "Department of Agriculture",
    ),
    "legal_entity": (
        3,
        "building",
        "法人",
        "Legal entities",
        "market_regulation",
        "市场监督管理局",
        "Administration for Market Regulation",
    ),
    "economic": (4, "chart", "宏观经济", "Economy", "statistics", "统计局", "Bureau of Statistics"),
    "plan": (
        5,
        "target",
        "规划",
        "Plan",
        "development",
        "发展和改革委员会",
        "Development and Reform Commission",
    ),
}

#: indicator: (zh, en, unit, decimals, freq, direction, scheme, breakdowns, headline, map, table, status)
INDICATORS: dict[str, tuple[str, str, str, int, str, str, str, str, bool, bool, str, str]] = {
    "population.census_total": (
        "常住人口",
        "Resident population",
        "person",
        0,
        "Y",
        "neutral",
        "none",
        "sex,age",
        True,
        True,
        "statistics_census_age_sex",
        "real",
    ),
    "population.share_65": (
        "65岁及以上人口比重",
        "Share aged 65 and over",
        "percent",
        1,
        "Y",
        "down",
        "emergency",
        "",
        True,
        True,
        "statistics_census_age_sex",
        "real",
    ),
    "population.projected_total": (
        "人口推算",
        "Projected population",
        "person",
        0,
        "Y",
        "neutral",
        "none",
        "",
        False,
        True,
        "statistics_census_age_sex",
        "forecast",
    ),
    "population.births": (
        "出生人数",
        "Births",
        "person",
        0,
        "M",
        "up",
        "emergency",
        "sex",
        True,
        True,
        "health_birth",
        "simulated",
    ),
    "population.register_sample": (
        "人口登记样本",
        "Register sample",
        "person",
        0,
        "Y",
        "neutral",
        "none",
        "",
        False,
        True,
        "public_security_person",
        "simulated",
    ),
    "agriculture.price_weekly": (
        "农产品周价格",
        "Weekly farm prices",
        "yuan_per_kg",
        2,
        "W",
        "neutral",
        "none",
        "product,stage",
        True,
        False,
        "agriculture_market_price",
        "real",
    ),
    "agriculture.price_ten_day": (
        "猪肉旬价格",
        "Ten-day pork price",
        "yuan_per_kg",
        2,
        "T",
        "neutral",
        "none",
        "product",
        False,
        False,
        "agriculture_market_price",
        "real",
    ),
    "agriculture.hog_corn_ratio": (
        "猪粮比价",
        "Hog–corn price ratio",
        "ratio",
        2,
        "W",
        "neutral",
        "emergency",
        "",
        True,
        False,
        "agriculture_market_price",
        "real",
    ),
    "legal_entity.stock": (
        "在业企业数",
        "Firms in business",
        "household",
        0,
        "Y",
        "up",
        "none",
        "section",
        True,
        True,
        "market_regulation_enterprise",
        "simulated",
    ),
    "legal_entity.entries": (
        "新设企业数",
        "New firms",
        "household",
        0,
        "Q",
        "up",
        "none",
        "",
        False,
        True,
        "market_regulation_enterprise",
        "simulated",
    ),
    "legal_entity.exits": (
        "注销企业数",
        "Closed firms",
        "household",
        0,
        "Q",
        "down",
        "none",
        "",
        False,
        True,
        "market_regulation_enterprise",
        "simulated",
    ),
    "economic.gdp": (
        "地区生产总值",
        "Gross regional product",
        "hundred_million_yuan",
        2,
        "Q",
        "up",
        "none",
        "sector",
        True,
        True,
        "statistics_gdp_quarterly",
        "real",
    ),
    "economic.gdp_growth": (
        "地区生产总值增速",
        "GRP growth",
        "percent",
        1,
        "Q",
        "up",
        "climate",
        "",
        True,
        True,
        "statistics_gdp_quarterly",
        "real",
    ),
    "plan.progress": (
        "规划目标进展",
        "Reported plan progress",
        "percent",
        1,
        "M",
        "up",
        "progress",
        "",
        False,
        False,
        "development_plan_progress",
        "simulated",
    ),
}

#: table: (theme, zh, en, share, freshness in days, status)
TABLES = {
    "statistics_census_age_sex": ("population", "人口普查", "Census", "unconditional", 4000, "real"),
    "health_birth": ("population", "出生登记", "Birth register", "conditional", 45, "simulated"),
    "public_security_person": ("population", "人口登记", "Person register", "conditional", 200, "simulated"),
    "agriculture_market_price": ("agriculture", "农产品市场价格", "Farm prices", "unconditional", 10, "real"),
    "market_regulation_enterprise": (
        "legal_entity",
        "企业登记",
        "Firm register",
        "conditional",
        60,
        "simulated",
    ),
    "statistics_gdp_quarterly": ("economic", "季度核算", "Quarterly accounts", "unconditional", 60, "real"),
    "development_plan_progress": ("plan", "规划进展填报", "Plan progress", "unconditional", 45, "simulated"),
}
RULES = {
    "hog_corn": (
        "猪粮比价预警",
        "Hog–corn ratio",
        "{region}猪粮比价低于 {threshold}",
        "{region}: the hog–corn ratio is below {threshold}",
        "emergency",
    ),
    "ageing": (
        "老龄化预警",
        "Ageing",
        "{region}65岁及以上人口比重超过 {threshold}%",
        "{region}: the share aged 65 and over is above {threshold} %",
        "emergency",
    ),
    "births": (
        "出生人数预警",
        "Births",
        "{region}出生人数同比下降超过 {threshold}%",
        "{region}: births fell by more than {threshold} % on the year",
        "emergency",
    ),
    "climate": (
        "经济景气信号",
        "Business climate",
        "{region}经济增速低于 {threshold}%",
        "{region}: growth is below {threshold} %",
        "climate",
    ),
}


def folder_of(table: str) -> str:
    """The landing folder `<department>/<dataset>` that feeds a table."""
    department = next(code for code in conf.load().departments if table.startswith(f"{code}_"))
    return f"{department}/{table.removeprefix(f'{department}_')}"


def catalogue() -> list[Row]:
    rows = []
    for position, (indicator, spec) in enumerate(INDICATORS.items(), start=1):
        zh, en, unit, decimals, freq, direction, scheme, breakdowns, headline, on_map, table, status = spec
        theme = indicator.split(".")[0]
        order, icon, theme_zh, theme_en, department, department_zh, department_en = THEMES[theme]
        row: Row = {
            "theme": theme,
            "theme_zh": theme_zh,
            "theme_en": theme_en,
            "theme_order": order,
            "icon": icon,
            "indicator": indicator,
            "position": position,
            "name_zh": zh,
            "name_en": en,
            "unit": unit,
            "decimals": decimals,
            "freq": freq,
            "direction": direction,
            "light_scheme": scheme,
            "definition_zh": f"{zh}：测试用定义。",
            "definition_en": f"{en}: a definition for tests.",
            "formula": "sum(value)",
            "department": department,
            "department_zh": department_zh,
            "department_en": department_en,
            "breakdowns": breakdowns,
            "opens_with": None,
            "headline": headline,
            "map": on_map,
            "derived_from": None,
            "change": None,
            "table": table,
            "source_zh": TABLES[table][1],
            "source_en": TABLES[table][2],
            "status": status,
        }
        rows.append(row)
        for change, change_zh, change_en in (
            ("yoy", "同比", "on the year"),
            ("prev", "环比", "on the period before"),
        ):
            rows.append(
                row
                | {
                    "indicator": f"{indicator}.{change}",
                    "name_zh": f"{zh}{change_zh}",
                    "name_en": f"{en}, {change_en}",
                    "unit": "percentage_point" if unit == "percent" else "percent",
                    "decimals": 1,
                    "headline": False,
                    "map": False,
                    "derived_from": indicator,
                    "change": change,
                }
            )
    return rows


def datasets() -> list[Row]:
    rows = []
    for table, (theme, zh, en, share, freshness, status) in TABLES.items():
        _, _, _, _, department, department_zh, department_en = THEMES[theme]
        rows.append(
            {
                "theme": theme,
                "table": table,
                "title_zh": zh,
                "title_en": en,
                "department": department,
                "department_zh": department_zh,
                "department_en": department_en,
                "share": share,
                "freshness_days": freshness,
                "source": table,
                "publisher": "测试发布单位",
                "publisher_en": "Test publisher",
                "document": "测试文件",
                "document_en": "Test document",
                "licence": "测试许可",
                "status": status,
                "columns": json.dumps([{"name": "region", "zh": "行政区划代码"}]),
            }
        )
    return rows


def thresholds() -> list[Row]:
    return [
        {
            "rule_id": rule,
            "version": "2026.1",
            "name_zh": zh,
            "name_en": en,
            "message_zh": message_zh,
            "message_en": message_en,
            "jurisdiction": "440000",
            "scheme": scheme,
            "valid_from": date(2026, 1, 1),
            "valid_to": None,
            "source_zh": "测试规则文件",
            "source_en": "Test rules",
            "verified": rule != "births",
            "levels": json.dumps([{"level": "I", "light": "red", "at": 5.0}]),
        }
        for rule, (zh, en, message_zh, message_en, scheme) in RULES.items()
    ]
