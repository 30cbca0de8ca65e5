"""Analyses of the tiny lake: one for each kind of chart, one that waits, and values in doubt."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from conf import periods

from .definitions import THEMES
from .places import GUANGDONG, Row, regions

CITIES = [row["code"] for row in regions() if row["level"] == "city" and row["parent"] == GUANGDONG]
MONTHS = [f"{year}-{month:02d}" for year in range(2021, 2027) for month in range(1, 13)][:65]
QUARTERS = [f"{year}-Q{quarter}" for year in range(2018, 2027) for quarter in range(1, 5)][:33]
YEARS = [str(year) for year in range(2016, 2026)]
WEEKS = ["{}-W{:02d}".format(*(date(2021, 1, 3) + timedelta(weeks=n)).isocalendar()[:2]) for n in range(280)]


@dataclass
class Made:
    """What a method made: rows of figures and of details, each as (region, breakdown, period, …)."""

    figures: list[tuple[str, str, str, float]] = field(default_factory=list)
    details: list[tuple[str, str, str, str, str, float | None, str]] = field(default_factory=list)

    def figure(self, period: str, value: float, region: str = GUANGDONG, breakdown: str = "") -> None:
        self.figures.append((region, breakdown, period, round(value, 4)))

    def detail(
        self, period: str, measure: str, value: float | None = None, item: str = "", text: str = "",
        region: str = GUANGDONG, breakdown: str = "",
    ) -> None:  # fmt: skip
        shown = None if value is None else round(value, 4)
        self.details.append((region, breakdown, period, item, measure, shown, text))


def wave(n: int, length: float = 24.0, size: float = 1.0, late: float = 0.0) -> float:
    return size * math.sin((n - late) / length * 2 * math.pi)


def _turning_points(made: Made) -> None:
    for n, period in enumerate(MONTHS):
        made.figure(period, 100 + wave(n, size=2.2))
        made.detail(period, "reference", 100 + wave(n, size=1.6, late=4))
        made.detail(period, "lower", 99.7 + wave(n, size=2.2))
        made.detail(period, "upper", 100.3 + wave(n, size=2.2))
    for n, kind in ((6, "peak"), (18, "trough"), (30, "peak"), (42, "trough"), (54, "peak")):
        made.detail(MONTHS[n], "turn", item="index", text=kind)
        made.detail(MONTHS[n + 4], "turn", item="reference", text=kind)
        made.detail(MONTHS[n + 4], "lead", 4, item=MONTHS[n + 4], text=kind)
    made.detail(MONTHS[60], "lead", item=MONTHS[60], text="missed")


def _revision_fan(made: Made) -> None:
    shown = QUARTERS[-16:]
    for n, period in enumerate(shown):
        made.figure(period, 5 + wave(n, 9))
        made.detail(period, "lower", 4.6 + wave(n, 9))
        made.detail(period, "upper", 5.4 + wave(n, 9))
    for k, known in enumerate(MONTHS[-8:]):
        for n, period in enumerate(shown[: 9 + k]):
            made.detail(period, "vintage", 5 + wave(n, 9) + 0.09 * (k - 8) * math.cos(n), item=known)


def _light_grid(made: Made) -> None:
    parts = [f"gdp|sector={name}" for name in ("primary", "secondary", "tertiary")]
    for n, period in enumerate(MONTHS):
        index = 70 + wave(n, 26, 22)
        made.figure(period, index)
        made.detail(period, "index_light", 1 + sum(index >= edge for edge in (50, 62, 78, 90)))
        for k, item in enumerate([*parts, "gdp_growth", "gdp"]):
            made.detail(
                period, "light", min(5, max(1, round(3 + wave(n, 22 + 3 * k, 2.2, 2 * k)))), item=item
            )
    for n, edge in enumerate((50, 62, 78, 90), start=1):
        made.detail(MONTHS[-1], "edge", edge, item=str(n))


def _diffusion(made: Made) -> None:
    for n, period in enumerate(MONTHS):
        value = 50.4 + wave(n, 20, 2.4)
        made.figure(period, value)
        made.detail(period, "lower", value - 0.8)
        made.detail(period, "upper", value + 0.8)
        for k, sector in enumerate(("primary", "secondary", "tertiary")):
            made.detail(period, "part", 50 + wave(n, 18, 3, 3 * k), item=f"gdp|sector={sector}")


def _waterfall(made: Made) -> None:
    for n, period in enumerate(QUARTERS[-12:]):
        made.figure(period, 5 + wave(n, 9, 0.6))
    target = QUARTERS[-1]
    steps = {
        "gdp|sector=primary": 0.06,
        "gdp|sector=secondary": -0.21,
        "gdp|sector=tertiary": 0.14,
        "gdp_growth": 0.05,
    }
    after = made.figures[-1][3]
    before = after + 0.03 - sum(steps.values())
    for measure, value in {
        "before": before, "revision": -0.03, "after": after, "lower": after - 0.5, "upper": after + 0.5,
        "benchmark": after - 0.2,
    }.items():  # fmt: skip
        made.detail(target, measure, value)
    for item, value in steps.items():
        made.detail(target, "impact", value, item=item)


def _quadrant(made: Made) -> None:
    for year in YEARS[-3:]:
        for k, section in enumerate("ACFI"):
            for n, city in enumerate(CITIES):
                part = {"region": city, "breakdown": f"section={section}"}
                made.figure(year, 1 + 0.55 * math.sin(n * 1.7 + k), **part)
                made.detail(year, "growth", 5 + 4 * math.cos(n * 2.3 + 2 * k), **part)
                made.detail(year, "size", 100 + 90 * (n % 7), **part)


def _shift_share(made: Made) -> None:
    for n, city in enumerate(CITIES):
        made.figure(YEARS[-1], 3 * math.sin(n * 1.3), region=city)
        made.detail(YEARS[-1], "national", 5.0, region=city)
        made.detail(YEARS[-1], "mix", 1.2 * math.cos(n * 0.9), region=city)
        made.detail(YEARS[-1], "regional", 3 * math.sin(n * 1.3), region=city)


def _rank_intervals(made: Made) -> None:
    for n, city in enumerate(CITIES):
        made.figure(YEARS[-1], 90 - 3 * n, region=city)
        made.detail(YEARS[-1], "rank", n + 1, region=city)
        made.detail(YEARS[-1], "rank_low", max(1, n - n % 3), region=city)
        made.detail(YEARS[-1], "rank_high", min(len(CITIES), n + 2 + n % 4), region=city)
        made.detail(YEARS[-1], "chance_top", 82.0 if n == 0 else 14.0 if n == 1 else 0.0, region=city)
    for item, weight in (("gdp", 0.4), ("gdp_growth", 0.35), ("gdp|sector=tertiary", 0.25)):
        made.detail(YEARS[-1], "weight", weight, item=item)


def _inequality(made: Made) -> None:
    for n, year in enumerate(YEARS):
        made.figure(year, 0.24 - 0.006 * n)
        made.detail(year, "within", 0.09 - 0.001 * n)
        made.detail(year, "between", 0.15 - 0.005 * n)
        made.detail(year, "gini", 0.41 - 0.004 * n)
        made.detail(year, "variation", 0.83 - 0.01 * n)


def _moran(made: Made) -> None:
    made.figure(YEARS[-1], 0.32)
    made.detail(YEARS[-1], "p_value", 0.018)
    made.detail(YEARS[-1], "expected", -0.05)
    for n, city in enumerate(CITIES):
        z, lag = 1.6 * math.sin(n * 1.9), 0.5 * math.sin(n * 1.9) + 0.6 * math.cos(n * 3.1)
        kind = ("h" if z > 0 else "l") + ("h" if lag > 0 else "l")
        made.detail(YEARS[-1], "z", z, region=city)
        made.detail(YEARS[-1], "lag", lag, region=city)
        made.detail(YEARS[-1], "significant", float(abs(z * lag) > 0.8), region=city)
        made.detail(YEARS[-1], "quadrant", text=kind, region=city)


def _regimes(made: Made) -> None:
    for n, period in enumerate(QUARTERS):
        low = 8 <= n < 12 or n >= 30
        made.figure(period, 91.0 if low else 6 + 3 * (n % 3))
        made.detail(period, "growth", (1.2 if low else 6.1) + wave(n, 5, 0.5))
        made.detail(period, "segment_mean", 6.1 if n < 8 else 1.2 if n < 12 else 5.4)
    for n in (8, 12):
        made.detail(QUARTERS[n], "break", 1.0)


def _control(made: Made) -> None:
    for n, period in enumerate(MONTHS):
        value = wave(n, 7, 1.3) + (2.4 if n in (40, 61) else 0.0)
        made.figure(period, value)
        made.detail(period, "lower", -3.0)
        made.detail(period, "upper", 3.0)
        if abs(value) > 3:
            made.detail(period, "outside", value)


def _season_band(made: Made) -> None:
    for breakdown, base in (("product=hog", 15.0), ("product=pork", 27.0)):
        for n, period in enumerate(WEEKS):
            season = base * (1 + 0.1 * math.sin(n / 52 * 2 * math.pi))
            made.figure(period, season * (1 + 0.16 * math.sin(n / 60)), breakdown=breakdown)
            for measure, factor in (("low", 0.9), ("middle", 1.0), ("high", 1.14)):
                made.detail(period, measure, season * factor, breakdown=breakdown)


def _calendar(made: Made) -> None:
    for n in range(400):
        day = date(2025, 5, 20) + timedelta(days=n)
        made.figure(day.isoformat(), 5 + 1.6 * math.cos(n / 365 * 2 * math.pi) + 0.4 * (day.weekday() > 4))


def _anomaly(made: Made) -> None:
    for n, period in enumerate(MONTHS):
        value = wave(n, 19, 1.3)
        made.figure(period, value)
        state = ("alert" if abs(value) >= 1 else "watch") + ("_low" if value < 0 else "")
        made.detail(period, "state", text=state if abs(value) >= 0.5 else "none")
    made.detail(MONTHS[-1], "watch", 0.5)
    made.detail(MONTHS[-1], "alert", 1.0)


def _decomposition(made: Made) -> None:
    for n, period in enumerate(MONTHS):
        trend, season, rest = 100 + 0.5 * n, wave(n, 12, 8), wave(n, 5, 1.2)
        made.figure(period, trend + rest)
        for measure, value in {
            "trend": trend, "season": season, "remainder": rest, "original": trend + season + rest,
        }.items():  # fmt: skip
            made.detail(period, measure, value)


def _cycle(made: Made) -> None:
    for n, period in enumerate(MONTHS):
        made.figure(period, wave(n, 40, 18))
        made.detail(period, "lower", wave(n, 40, 18) - 4)
        made.detail(period, "upper", wave(n, 40, 18) + 4)
        made.detail(period, "trend", 14 + 0.05 * n)
        made.detail(period, "original", (14 + 0.05 * n) * (1 + wave(n, 40, 0.18)))
    for n, kind in ((10, "peak"), (30, "trough"), (50, "peak")):
        made.detail(MONTHS[n], "turn", text=kind)
    made.detail(MONTHS[-1], "period_length", 40)


def _sankey(made: Made) -> None:
    flows = {
        "opening": 120, "production": 1340, "imports": 210, "food": 860, "feed": 390, "seed": 25, "industry": 110,
        "loss": 60, "exports": 15, "closing": 210,
    }  # fmt: skip
    for n, year in enumerate(YEARS):
        made.figure(year, 14.5 + 0.3 * n)
        for item, value in flows.items():
            made.detail(year, "flow", value * (1 + 0.01 * n), item=item)
            made.detail(year, "stated", value * (1 + 0.01 * n) + (7 if item == "loss" else 0), item=item)


def _stack(made: Made) -> None:
    for n, year in enumerate(YEARS):
        parts = {"primary": 120.0 + 6 * n, "secondary": 90.0 - 2 * n, "tertiary": -40.0 - 9 * (n % 4)}
        made.figure(year, sum(parts.values()))
        for sector, value in parts.items():
            made.detail(
                year,
                "part",
                value,
                item=f"price_weekly|stage={'retail' if sector == 'primary' else 'wholesale' if sector == 'secondary' else 'farm_gate'}",
            )


def _lead_matrix(made: Made) -> None:
    names = ("gdp|sector=primary", "gdp|sector=secondary", "gdp|sector=tertiary")
    made.figure(QUARTERS[-1], 50.0)
    for i, cause in enumerate(names):
        for j, effect in enumerate(names):
            if i != j:
                made.detail(
                    QUARTERS[-1],
                    "p_value",
                    (0.004, 0.21, 0.032, 0.6, 0.08, 0.013)[(2 * i + j) % 6],
                    item=f"{cause}>{effect}",
                )
                made.detail(QUARTERS[-1], "lead", 1 + (i + j) % 3, item=f"{cause}>{effect}")


def _transmission(made: Made) -> None:
    made.figure(WEEKS[-1], -18.0)
    for n in range(13):
        made.detail(f"s{n}", "impulse", 0.82 * (1 - 0.7**n) * 100, item="up")
        made.detail(f"s{n}", "impulse", -0.55 * (1 - 0.85**n) * 100, item="down")
    made.detail(WEEKS[-1], "half_life", 3.5)
    made.detail(WEEKS[-1], "p_asymmetry", 0.021)
    made.detail(WEEKS[-1], "cointegrated", 1.0)


@dataclass(frozen=True)
class Spec:
    """An analysis as the catalogue names it."""

    zh: str
    en: str
    unit: str
    decimals: int
    freq: str
    make: Callable[[Made], None] | None
    featured: bool = False
    trial: bool = False
    status: str = "simulated"


ANALYSES: dict[str, Spec] = {
    "economic.leading_index": Spec("先行指数转折", "Leading index", "index", 1, "M", _turning_points, featured=True),
    "economic.five_lights": Spec("景气五灯", "Five lights", "score", 1, "M", _light_grid, featured=True),
    "economic.nowcast": Spec("季度增速即时预测", "Nowcast of growth", "percent", 2, "Q", _waterfall, featured=True),
    "economic.revisions": Spec("增速估计的修订", "Revisions of growth", "percent", 2, "Q", _revision_fan),
    "economic.specialisation": Spec("区位商", "Location quotient", "ratio", 2, "Y", _quadrant),
    "economic.diffusion": Spec("扩散指数", "Diffusion index", "index", 1, "M", _diffusion, trial=True),
    "economic.shift_share": Spec("偏离—份额", "Shift–share", "percent", 1, "Y", _shift_share),
    "economic.ranking": Spec("高质量发展综合得分", "Composite score", "score", 1, "Y", _rank_intervals, trial=True),
    "economic.theil": Spec("地区差异", "Regional inequality", "ratio", 3, "Y", _inequality),
    "economic.moran": Spec("空间集聚", "Spatial clustering", "ratio", 2, "Y", _moran),
    "economic.regime": Spec("低增长概率", "Low-growth regime", "percent", 1, "Q", _regimes),
    "economic.crosscheck": Spec("产出与用电互证", "Output against power", "ratio", 2, "M", _control),
    "economic.adjusted": Spec("季节调整", "Seasonal adjustment", "index", 1, "M", _decomposition),
    "economic.causes": Spec("先导关系", "Who leads whom", "percent", 1, "Q", _lead_matrix),
    "economic.waiting": Spec("税收互证", "Check against tax", "ratio", 2, "M", None),
    "agriculture.five_years": Spec("生猪价格与近五年", "Hog price and five years", "yuan_per_kg", 2, "W", _season_band, featured=True, status="real"),
    "agriculture.calendar": Spec("蔬菜日价格", "Daily vegetable price", "yuan_per_kg", 2, "D", _calendar, featured=True),
    "agriculture.balance": Spec("玉米供需平衡", "Balance of maize", "percent", 1, "Y", _sankey, featured=True),
    "agriculture.anomaly": Spec("价格异常指数", "Price anomaly", "ratio", 2, "M", _anomaly),
    "agriculture.hog_cycle": Spec("生猪周期", "Hog cycle", "percent", 1, "M", _cycle),
    "agriculture.cost": Spec("成本收益", "Cost and return", "yuan", 0, "Y", _stack),
    "agriculture.transmission": Spec("价格传导", "Price transmission", "percent", 1, "W", _transmission),
}  # fmt: skip
_INPUTS = {"economic": ("gdp", "gdp_growth"), "agriculture": ("price_weekly", "hog_corn_ratio")}


def _made() -> dict[str, Made]:
    found = {}
    for indicator, spec in ANALYSES.items():
        made = Made()
        if spec.make is not None:
            spec.make(made)
        found[indicator] = made
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
                "headline": False,
                "map": False,
                "derived_from": None,
                "change": None,
                "table": "statistics_gdp_quarterly" if economic else "agriculture_market_price",
                "source_zh": "季度核算" if economic else "农产品市场价格",
                "source_en": "Quarterly accounts" if economic else "Farm prices",
                "status": spec.status,
            }
        )
    return rows


def figures() -> list[Row]:
    """Rows of gold.indicator, published a week after their period."""
    rows = []
    for indicator, made in _made().items():
        spec = ANALYSES[indicator]
        theme = indicator.split(".")[0]
        folder = "statistics/gdp_quarterly" if theme == "economic" else "agriculture/market_price"
        for region, breakdown, period, value in made.figures:
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
                    "status": spec.status,
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
        dict(zip(names, found, strict=True))
        | {
            "theme": indicator.split(".")[0],
            "indicator": indicator,
            "freq": ANALYSES[indicator].freq,
            "period_end": _end(found[2]),
            "status": ANALYSES[indicator].status,
            "run_id": run_id,
        }
        for indicator, made in _made().items()
        for found in made.details
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
        "method": "test_method" if waits else spec.make.__name__[1:],  # type: ignore[union-attr]
        "version": "1.0",
        "reference_zh": "测试方法手册，2026年",
        "reference_en": "Test handbook of methods, 2026",
        "parameters": json.dumps({"window": 60, "edges": [50, 62, 78, 90]}),
        "inputs": json.dumps({"table": inputs}),
        "chart": None if waits else spec.make.__name__[1:],  # type: ignore[union-attr]
        "trial": spec.trial,
        "featured": spec.featured,
        "state": "waiting" if waits else "done",
        "reason_zh": "没有税收月度数据" if waits else "",
        "reason_en": "no monthly tax data" if waits else "",
        "run_id": run_id,
    }


def doubts(run_id: str) -> Iterable[Row]:
    slip = {
        "theme": "agriculture", "indicator": "agriculture.price_weekly", "region": GUANGDONG,
        "breakdown": "product=hog|stage=farm_gate", "freq": "W", "period": "2026-W20", "period_end": date(2026, 5, 17),
        "rule": "decimal_slip", "rule_zh": "小数点错位", "rule_en": "Decimal slip", "value": 152.0, "expected": 15.2,
        "evidence_zh": "为前后各四周中位数15.2的10倍", "evidence_en": "ten times the median 15.2 of the four weeks on either side",
        "state": "open", "source": "agriculture/market_price/2026-05-20/data.csv", "run_id": run_id,
    }  # fmt: skip
    city = {
        "theme": "economic", "indicator": "economic.gdp", "region": "440100", "breakdown": "", "freq": "Q",
        "period": "2025-Q4", "period_end": date(2025, 12, 31), "rule": "cumulative", "rule_zh": "累计数当作当期数",
        "rule_en": "Cumulative taken for the period", "value": 4200.0, "expected": 1100.0,
        "evidence_zh": "等于本年前三季度之和再加一季", "evidence_en": "equals the sum of the quarters of the year",
        "state": "confirmed", "source": "statistics/gdp_quarterly/2026-02-14/data.csv", "run_id": run_id,
    }  # fmt: skip
    return [slip, city]
