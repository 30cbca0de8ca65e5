"""Warnings and plan targets of the tiny lake."""

from __future__ import annotations

import json
from datetime import date, timedelta

from .definitions import INDICATORS, RULES, THEMES
from .places import GUANGDONG, SHANDONG, Row


def warnings(run_id: str) -> list[Row]:
    def warning(
        rule: str,
        indicator: str,
        region: str,
        period: str,
        freq: str,
        end: date,
        level: str | None,
        light: str,
        value: float | None,
        threshold: float,
        since: str,
        length: int,
        current: bool = True,
    ) -> Row:
        return {
            "theme": indicator.split(".")[0],
            "rule_id": rule,
            "rule_version": "2026.1",
            "indicator": indicator,
            "region": region,
            "breakdown": "",
            "period": period,
            "freq": freq,
            "period_end": end,
            "since": since,
            "level": level,
            "light": light,
            "scheme": RULES[rule][4],
            "direction": "fall" if rule != "ageing" else "rise",
            "value": value,
            "unit": INDICATORS[indicator][2],
            "compared": None,
            "threshold": threshold,
            "run_length": length,
            "distance_to_next": 0.4 if level != "I" else None,
            "is_current": current,
            "department": THEMES[indicator.split(".")[0]][4],
            "status": INDICATORS[indicator][11],
            "quality": 98.0,
            "source": json.dumps(["agriculture/market_price/2026-06-14/data.csv"]),
            "run_id": run_id,
        }

    week, census = date(2026, 6, 14), date(2020, 12, 31)
    hog, share = "agriculture.hog_corn_ratio", "population.share_65"
    rows = [
        warning("hog_corn", hog, GUANGDONG, "2026-W24", "W", week, "I", "red", 4.9, 5.0, "2026-W21", 4),
        warning(
            "hog_corn",
            hog,
            GUANGDONG,
            "2026-W20",
            "W",
            week - timedelta(weeks=4),
            "II",
            "orange",
            5.4,
            5.5,
            "2026-W19",
            2,
            current=False,
        ),
        warning("hog_corn", hog, SHANDONG, "2026-W24", "W", week, "III", "yellow", 5.8, 6.0, "2026-W23", 2),
        warning(
            "births",
            "population.births",
            "440100",
            "2026-05",
            "M",
            date(2026, 5, 31),
            "III",
            "yellow",
            -8.7,
            -5.0,
            "2026-03",
            3,
        ),
        warning(
            "births",
            "population.births",
            "440800",
            "2026-05",
            "M",
            date(2026, 5, 31),
            None,
            "grey",
            None,
            -5.0,
            "2026-05",
            1,
        ),
        warning(
            "climate",
            "economic.gdp_growth",
            "440100",
            "2026-Q1",
            "Q",
            date(2026, 3, 31),
            None,
            "blue",
            3.1,
            3.5,
            "2025-Q4",
            2,
        ),
        warning(
            "climate",
            "economic.gdp_growth",
            "440300",
            "2026-Q1",
            "Q",
            date(2026, 3, 31),
            None,
            "green",
            4.6,
            5.5,
            "2025-Q2",
            4,
        ),
    ]
    for region, level, light, value in (
        ("441400", "I", "red", 18.2),
        ("440800", "II", "orange", 15.1),
        ("441500", "II", "orange", 14.6),
        ("445100", "III", "yellow", 12.9),
        ("440900", "III", "yellow", 12.2),
        ("441600", "IV", "blue", 10.8),
        ("440600", None, "green", 8.0),
        ("370200", "II", "orange", 15.5),
    ):
        rows.append(
            warning("ageing", share, region, "2020", "Y", census, level, light, value, 7.0, "2020", 1)
        )
    return rows


#: Target → chance, reason why there is none, rate required and recent rate.
CHANCES = {
    "GD-01": (0.71, None, 0.13, 0.3),
    "GD-02": (None, "beyond_horizon", 46400.0, 36000.0),
    "GD-03": (0.08, None, 0.21, 0.04),
    "GD-04": (None, "no_value", None, None),
    "SD-01": (None, "few_errors", 0.37, None),
}


def targets(run_id: str) -> list[Row]:
    _, _, _, _, department, zh, en = THEMES["plan"]

    def target(
        key: str,
        name: tuple[str, str],
        region: str,
        unit: str,
        base: float,
        goal: float,
        indicator: str | None,
        value: float | None,
        period: str | None,
        attainment: float | None,
        pace: float | None,
        light: str,
        evidence: str,
        status: str,
    ) -> Row:
        return {
            "target_id": key,
            "clause_zh": f"第{key[-2:]}条",
            "clause_en": f"Clause {key[-2:]}",
            "name_zh": name[0],
            "name_en": name[1],
            "region": region,
            "unit": unit,
            "direction": "up" if goal > base else "down",
            "trajectory": "linear",
            "base": base,
            "base_date": date(2025, 12, 31),
            "goal": goal,
            "due": date(2030, 12, 31),
            "department": department,
            "department_zh": zh,
            "department_en": en,
            "indicator": indicator,
            "breakdown": f"evidence={evidence}|target_id={key}" if indicator == "plan.progress" else "",
            "value": value,
            "period": period,
            "published_at": date(2026, 6, 10) if value is not None else None,
            "attainment": attainment,
            "time_elapsed": 0.1,
            "pace": pace,
            "light": light,
            **dict(
                zip(("chance", "chance_reason", "required_rate", "recent_rate"), CHANCES[key], strict=True)
            ),
            "months_late": 7 if key == "SD-01" else None,
            "reached": None,
            "evidence": evidence,
            "status": status,
            "quality": 96.0 if value is not None else None,
            "source": json.dumps(["development/plan_progress/2026-06-10/data.csv"]),
            "run_id": run_id,
        }

    return [
        target(
            "GD-01",
            ("地区生产总值年均增速", "Average growth of GRP"),
            GUANGDONG,
            "percent",
            4.0,
            5.0,
            "economic.gdp_growth",
            4.4,
            "2026-Q1",
            0.4,
            4.0,
            "green",
            "measured",
            "real",
        ),
        target(
            "GD-02",
            ("在业企业数", "Firms in business"),
            GUANGDONG,
            "household",
            700000.0,
            950000.0,
            "legal_entity.stock",
            718000.0,
            "2025",
            0.072,
            0.72,
            "yellow",
            "measured",
            "simulated",
        ),
        target(
            "GD-03",
            ("森林覆盖率", "Forest cover"),
            GUANGDONG,
            "percent",
            53.0,
            54.0,
            "plan.progress",
            53.02,
            "2026-05",
            0.02,
            0.2,
            "red",
            "self_reported",
            "simulated",
        ),
        target(
            "GD-04",
            ("每千人口医师数", "Physicians per thousand"),
            GUANGDONG,
            "ratio",
            2.9,
            3.6,
            None,
            None,
            None,
            None,
            None,
            "grey",
            "missing",
            "real",
        ),
        target(
            "SD-01",
            ("粮食播种面积", "Sown area of grain"),
            SHANDONG,
            "percent",
            98.0,
            100.0,
            "plan.progress",
            98.3,
            "2026-05",
            0.15,
            1.5,
            "green",
            "self_reported",
            "simulated",
        ),
    ]


def chance_record(run_id: str) -> list[Row]:
    """Guangdong's record is scored, Shandong's has too few cases."""

    def row(region: str, word: str, cases: int, met: int, told: float, *scores: float) -> Row:
        brier, base, skill = scores or (None, None, None)
        return {
            "region": region, "word": word, "cases": cases, "targets": 4, "met": met, "told": told,
            "share": met / cases, "brier": brier, "base_brier": base, "skill": skill,
            "since": date(2025, 6, 30), "until": date(2026, 5, 31), "reason": None if scores else "few_cases",
            "status": "simulated", "source": "[]", "run_id": run_id,
        }  # fmt: skip

    return [
        row(GUANGDONG, "unlikely", 12, 2, 0.15),
        row(GUANGDONG, "likely", 28, 22, 0.85),
        row(GUANGDONG, "all", 40, 24, 0.64, 0.13, 0.24, 0.46),
        row(SHANDONG, "all", 5, 1, 0.4),
    ]
