"""Analyses of the tiny lake: one for each kind of chart, one that waits, and values in doubt."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from conf import periods

from . import made
from .definitions import THEMES
from .places import GUANGDONG, SHANDONG, Row


@dataclass(frozen=True)
class Spec:
    """An analysis as the catalogue names it."""

    zh: str
    en: str
    unit: str
    decimals: int
    freq: str
    make: Callable[[made.Made], None] | None
    featured: bool = False
    trial: bool = False


ANALYSES: dict[str, Spec] = {
    "economic.leading_index": Spec("先行指数转折", "Leading index", "index", 1, "M", made.turning_points, True),
    "economic.five_lights": Spec("景气五灯", "Five lights", "score", 1, "M", made.light_grid, True),
    "economic.nowcast": Spec("季度增速即时预测", "Nowcast of growth", "percent", 2, "Q", made.waterfall, True),
    "economic.revisions": Spec("增速估计的修订", "Revisions of growth", "percent", 2, "Q", made.revision_fan),
    "economic.specialisation": Spec("区位商", "Location quotient", "ratio", 2, "Y", made.quadrant),
    "economic.diffusion": Spec("扩散指数", "Diffusion index", "index", 1, "M", made.diffusion, trial=True),
    "economic.shift_share": Spec("偏离—份额", "Shift–share", "percent", 1, "Y", made.shift_share),
    "economic.ranking": Spec("高质量发展综合得分", "Composite score", "score", 1, "Y", made.rank_intervals, trial=True),
    "economic.theil": Spec("地区差异", "Regional inequality", "ratio", 3, "Y", made.inequality),
    "economic.moran": Spec("空间集聚", "Spatial clustering", "ratio", 2, "Y", made.moran),
    "economic.regime": Spec("低增长概率", "Low-growth regime", "percent", 1, "Q", made.regimes),
    "economic.crosscheck": Spec("产出与用电互证", "Output against power", "ratio", 2, "M", made.control),
    "economic.adjusted": Spec("季节调整", "Seasonal adjustment", "index", 1, "M", made.decomposition),
    "economic.causes": Spec("先导关系", "Who leads whom", "percent", 1, "Q", made.lead_matrix),
    "economic.waiting": Spec("税收互证", "Check against tax", "ratio", 2, "M", None),
    "agriculture.five_years": Spec("生猪价格与近五年", "Hogs and years", "yuan_per_kg", 2, "W", made.season_band, True),
    "agriculture.calendar": Spec("蔬菜日价格", "Daily vegetable price", "yuan_per_kg", 2, "D", made.calendar, True),
    "agriculture.balance": Spec("玉米供需平衡", "Balance of maize", "percent", 1, "Y", made.sankey, True),
    "agriculture.anomaly": Spec("价格异常指数", "Price anomaly", "ratio", 2, "M", made.anomaly),
    "agriculture.hog_cycle": Spec("生猪周期", "Hog cycle", "percent", 1, "M", made.cycle),
    "agriculture.cost": Spec("成本收益", "Cost and return", "yuan", 0, "Y", made.stack),
    "agriculture.transmission": Spec("价格传导", "Price transmission", "percent", 1, "W", made.transmission),
}  # fmt: skip
#: Status of a theme's analyses: the worst of what they are made of.
STATUS = {"economic": "real", "agriculture": "simulated"}
_INPUTS = {"economic": ("gdp", "gdp_growth"), "agriculture": ("price_weekly", "hog_corn_ratio")}


def _made() -> dict[str, made.Made]:
    found = {}
    for indicator, spec in ANALYSES.items():
        found_one = made.Made()
        if spec.make is not None:
            spec.make(found_one)
        found[indicator] = found_one
    return found


def _end(period: str) -> date | None:
    return periods.end(period) if period[0].isdigit() else None


def catalogue() -> list[Row]:
    rows = []
    for position, (indicator, spec) in enumerate(ANALYSES.items(), start=101):
        theme = indicator.split(".")[0]
        order, icon, theme_zh, theme_en, department, department_zh, department_en = THEMES[theme]
        economic = theme == "economic"
        rows.append(
            {
                "theme": theme,
                "theme_zh": theme_zh,
                "theme_en": theme_en,
                "theme_order": order,
                "icon": icon,
                "indicator": indicator,
                "position": position,
                "name_zh": spec.zh,
                "name_en": spec.en,
                "unit": spec.unit,
                "decimals": spec.decimals,
                "freq": spec.freq,
                "direction": "neutral",
                "light_scheme": "none",
                "definition_zh": f"{spec.zh}：测试用定义，阈值未核实。",
                "definition_en": f"{spec.en}: a definition for tests, thresholds unverified.",
                "formula": "method",
                "department": department,
                "department_zh": department_zh,
                "department_en": department_en,
                "breakdowns": "",
                "opens_with": None,
                "headline": False,
                "map": False,
                "derived_from": None,
                "change": None,
                "table": "statistics_gdp_quarterly" if economic else "agriculture_market_price",
                "source_zh": "季度核算" if economic else "农产品市场价格",
                "source_en": "Quarterly accounts" if economic else "Farm prices",
                "status": STATUS[theme],
            }
        )
    return rows


def figures() -> list[Row]:
    """Rows of gold.indicator, published a week after their period."""
    rows = []
    for indicator, found in _made().items():
        spec = ANALYSES[indicator]
        theme = indicator.split(".")[0]
        folder = "statistics/gdp_quarterly" if theme == "economic" else "agriculture/market_price"
        for region, breakdown, period, value in found.figures:
            end = _end(period)
            assert end is not None
            published = min(end + timedelta(days=7), date(2026, 6, 29))
            rows.append(
                {
                    "theme": theme,
                    "indicator": indicator,
                    "region": region,
                    "breakdown": breakdown,
                    "period": period,
                    "freq": spec.freq,
                    "period_end": end,
                    "value": value,
                    "unit": spec.unit,
                    "status": STATUS[theme],
                    "quality": 96.0,
                    "published_at": published,
                    "source": json.dumps([f"{folder}/{published}/data.csv"]),
                    "source_rows": 12,
                    "first_row": 2,
                    "last_row": 13,
                }
            )
    return rows


def details(run_id: str) -> list[Row]:
    names = ("region", "breakdown", "period", "item", "measure", "value", "text")
    return [
        dict(zip(names, row, strict=True))
        | {
            "theme": indicator.split(".")[0],
            "indicator": indicator,
            "freq": ANALYSES[indicator].freq,
            "period_end": _end(row[2]),
            "status": STATUS[indicator.split(".")[0]],
            "run_id": run_id,
        }
        for indicator, found in _made().items()
        for row in found.details
    ]


def methods(run_id: str) -> list[Row]:
    return [_method(indicator, spec, run_id) for indicator, spec in ANALYSES.items()]


def _method(indicator: str, spec: Spec, run_id: str) -> Row:
    theme = indicator.split(".")[0]
    waits = spec.make is None
    inputs = [
        {"indicator": name, "breakdown": "*" if n else "", "change": "yoy" if n else None}
        for n, name in enumerate(_INPUTS[theme])
    ]
    return {
        "theme": theme,
        "indicator": indicator,
        "method": "test_method" if waits else spec.make.__name__,  # type: ignore[union-attr]
        "version": "1.0",
        "reference_zh": "测试方法手册，2026年",
        "reference_en": "Test handbook of methods, 2026",
        "parameters": json.dumps({"window": 60, "edges": [50, 62, 78, 90]}),
        "inputs": json.dumps({"table": inputs}),
        "chart": None if waits else spec.make.__name__,  # type: ignore[union-attr]
        "trial": spec.trial,
        "featured": spec.featured,
        "state": "waiting" if waits else "done",
        "reason_zh": "没有税收月度数据" if waits else "",
        "reason_en": "no monthly tax data" if waits else "",
        "run_id": run_id,
    }


def doubts(run_id: str) -> list[Row]:
    slip = {
        "theme": "agriculture", "indicator": "agriculture.price_weekly", "region": GUANGDONG,
        "breakdown": "product=hog|stage=farm_gate", "freq": "W", "period": "2026-W20", "period_end": date(2026, 5, 17),
        "rule": "decimal_slip", "rule_zh": "小数点错位", "rule_en": "Decimal slip", "value": 152.0, "expected": 15.2,
        "evidence_zh": "为前后各四周中位数15.2的10倍",
        "evidence_en": "ten times the median 15.2 of the four weeks on either side",
        "state": "open", "source": "agriculture/market_price/2026-05-20/data.csv", "run_id": run_id,
    }  # fmt: skip
    city = {
        "theme": "economic", "indicator": "economic.gdp", "region": "440100", "breakdown": "", "freq": "Q",
        "period": "2025-Q4", "period_end": date(2025, 12, 31), "rule": "cumulative", "rule_zh": "累计数当作当期数",
        "rule_en": "Cumulative taken for the period", "value": 4200.0, "expected": 1100.0,
        "evidence_zh": "等于本年前三季度之和再加一季", "evidence_en": "equals the sum of the quarters of the year",
        "state": "confirmed", "source": "statistics/gdp_quarterly/2026-02-14/data.csv", "run_id": run_id,
    }  # fmt: skip
    return [slip, city, slip | {"region": SHANDONG, "period": "2026-W08", "period_end": date(2026, 2, 22)}]
