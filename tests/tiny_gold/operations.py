"""Deliveries, runs and boundaries of the tiny lake."""

from __future__ import annotations

import json
import sqlite3
import zlib
from datetime import date
from pathlib import Path
from typing import Any

from .definitions import TABLES, THEMES, folder_of
from .places import AS_OF, GUANGDONG, OLD_AS_OF, OLD_RELEASE, OLD_RUN, RELEASE, RUN, Row, regions


def quality(run_id: str) -> list[Row]:
    def file(
        table: str,
        delivered: date,
        outcome: str,
        counts: tuple[int, int, int, int, int],
        reason: tuple[str, str],
        score: float | None,
    ) -> Row:
        theme, _, _, _, _, status = TABLES[table]
        _, _, _, _, department, zh, en = THEMES[theme]
        received, accepted, quarantined, duplicate, superseded = counts
        sums = [count * 10.5 for count in counts] if table.startswith("market") else [None] * 5
        name = f"{folder_of(table)}/{delivered}/data.csv"
        low = None if score is None else score - 4
        return {
            "theme": theme,
            "table": table,
            "department": department,
            "department_zh": zh,
            "department_en": en,
            "delivery": name.rsplit("/", 1)[0],
            "delivered_on": delivered,
            "source": table,
            "file": name,
            "file_hash": f"{zlib.crc32(name.encode()):08x}",
            "bytes": 1000 + received * 80,
            "encoding": "gb18030",
            "outcome": outcome,
            "reason_code": "REFUSED" if outcome == "refused" else None,
            "extra_columns": "备注、邮编" if table == "health_birth" else None,
            "reason_zh": reason[0],
            "reason_en": reason[1],
            "received": received,
            "accepted": accepted,
            "quarantined": quarantined,
            "duplicate": duplicate,
            "superseded": superseded,
            "measure": "capital" if sums[0] is not None else None,
            "measure_received": sums[0],
            "measure_accepted": sums[1],
            "measure_quarantined": sums[2],
            "measure_duplicate": sums[3],
            "measure_superseded": sums[4],
            "normative": score,
            "completeness": low,
            "accuracy": score,
            "consistency": score,
            "timeliness": low,
            "accessibility": None if score is None else 100.0,
            "score": score,
            "status": status,
            "run_id": run_id,
        }

    none = ("", "")
    return [
        file("statistics_census_age_sex", date(2021, 6, 1), "accepted", (5200, 5200, 0, 0, 0), none, 99.0),
        file("health_birth", date(2026, 6, 12), "partial", (4000, 3880, 90, 20, 10), none, 92.0),
        file("public_security_person", date(2026, 2, 1), "partial", (2100, 2000, 60, 40, 0), none, 90.0),
        file("agriculture_market_price", date(2026, 6, 17), "accepted", (312, 312, 0, 0, 0), none, 99.5),
        file(
            "agriculture_market_price",
            date(2026, 6, 18),
            "repeated",
            (0, 0, 0, 0, 0),
            ("该文件已于 2026-06-17 收到", "the file was received on 2026-06-17"),
            None,
        ),
        file(
            "market_regulation_enterprise", date(2026, 5, 15), "partial", (8000, 7910, 55, 5, 30), none, 94.0
        ),
        file("statistics_gdp_quarterly", date(2026, 5, 15), "accepted", (640, 640, 0, 0, 0), none, 98.0),
        file(
            "development_plan_progress",
            date(2026, 6, 10),
            "refused",
            (0, 0, 0, 0, 0),
            ("第1行：缺少列：完成值", "line 1: missing columns: 完成值"),
            None,
        ),
    ]


def quality_rules() -> list[Row]:
    delivery = "health/birth/2026-06-12"
    common: Row = {
        "theme": "population",
        "table": "health_birth",
        "delivery": delivery,
        "file": f"{delivery}/data.csv",
    }
    return [
        common
        | {
            "code": "REQUIRED",
            "dimension": "completeness",
            "severity": "quarantine",
            "column": "sex",
            "column_zh": "性别",
            "message_zh": "必填列为空",
            "message_en": "a required column is empty",
            "rows": 60,
            "first_row": 17,
            "example": "",
        },
        common
        | {
            "code": "NOT_AFTER",
            "dimension": "accuracy",
            "severity": "quarantine",
            "column": "birth_date",
            "column_zh": "出生日期",
            "message_zh": "日期晚于交付日期",
            "message_en": "the date is after the delivery",
            "rows": 30,
            "first_row": 211,
            "example": "2027-01-03",
        },
        common
        | {
            "code": "WEIGHT_RANGE",
            "dimension": "accuracy",
            "severity": "warn",
            "column": "weight",
            "column_zh": "体重",
            "message_zh": "体重超出常见范围",
            "message_en": "an unusual weight",
            "rows": 4,
            "first_row": 900,
            "example": "9100",
        },
    ]


def write_ledger(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(path) as ledger:
        ledger.executescript(
            """
            create table run (run_id text primary key, job text, profile text, as_of text, started text,
            ended text,
              outcome text, exit_code integer, received integer, accepted integer, quarantined integer,
              duplicate integer, superseded integer, commits integer, release_id text, code_version text,
              message text);
            create table step (run_id text, position integer, name text, started text, ended text, outcome
            text,
              detail text);
            create table delivery (file text, file_hash text, table_name text, source text, delivery text,
              bytes integer, first_seen text, outcome text, run_id text);
            create table stray (file text primary key, code text, reason_zh text, reason_en text, run_id text);
            """
        )
        counts = (20252, 19942, 205, 65, 40)
        runs: list[tuple[Any, ...]] = [
            (
                OLD_RUN,
                "daily",
                "demo",
                str(OLD_AS_OF),
                "2026-05-31T06:00:00",
                "2026-05-31T06:05:00",
                "done",
                0,
                *counts,
                14,
                OLD_RELEASE,
                "0.0-test",
                "",
            ),
            (
                RUN,
                "daily",
                "demo",
                str(AS_OF),
                "2026-06-30T06:00:00",
                "2026-06-30T06:05:00",
                "done",
                0,
                *counts,
                14,
                RELEASE,
                "0.0-test",
                "",
            ),
            (
                "run-20260630-02",
                "daily",
                "demo",
                str(AS_OF),
                "2026-06-30T09:00:00",
                "2026-06-30T09:00:01",
                "nothing",
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                None,
                "0.0-test",
                "nothing new",
            ),
        ]
        ledger.executemany(f"insert into run values ({','.join('?' * 17)})", runs)
        ledger.execute(
            "insert into stray values ('health/birth/2026-6-1/births.csv', 'FOLDER_NO_DATE',"
            f" '文件夹“2026-6-1”不是交付日期', 'its folder is no date of delivery', '{RUN}')"
        )
        ledger.executemany(
            "insert into step values (?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    RUN,
                    position,
                    name,
                    f"2026-06-30T06:0{position}:00",
                    f"2026-06-30T06:0{position}:50",
                    "done",
                    "",
                )
                for position, name in enumerate(("bronze", "silver", "gold", "release"))
            ],
        )
    ledger.close()


def write_geo(path: Path, province: str, level: str) -> None:
    """Squares in rows of six, about where the province lies; their rings run clockwise, as d3-geo wants
    them."""
    places = [row for row in regions() if row["level"] == level and row["code"][:2] == province[:2]]
    west, north = (110.0, 25.0) if province == GUANGDONG else (115.0, 38.0)
    features = []
    for position, place in enumerate(places):
        x, y = west + position % 6, north - position // 6
        ring = [[x, y], [x + 0.9, y], [x + 0.9, y - 0.9], [x, y - 0.9], [x, y]]
        features.append(
            {
                "type": "Feature",
                "id": place["code"],
                "properties": {"name": place["name_zh"], "lon": x + 0.45, "lat": y - 0.45},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    path.write_text(text, encoding="utf-8")
