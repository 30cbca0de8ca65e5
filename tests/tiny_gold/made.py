"""What methods made in the tiny lake: figures and details for each kind of chart, by formulas."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date, timedelta

from .places import GUANGDONG, SHANDONG, regions

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


def turning_points(made: Made) -> None:
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


def revision_fan(made: Made) -> None:
    shown = QUARTERS[-16:]
    for n, period in enumerate(shown):
        made.figure(period, 5 + wave(n, 9))
        made.detail(period, "lower", 4.6 + wave(n, 9))
        made.detail(period, "upper", 5.4 + wave(n, 9))
    for k, known in enumerate(MONTHS[-8:]):
        for n, period in enumerate(shown[: 9 + k]):
            made.detail(period, "vintage", 5 + wave(n, 9) + 0.09 * (k - 8) * math.cos(n), item=known)


def light_grid(made: Made) -> None:
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


def diffusion(made: Made) -> None:
    for n, period in enumerate(MONTHS):
        value = 50.4 + wave(n, 20, 2.4)
        made.figure(period, value)
        made.detail(period, "lower", value - 0.8)
        made.detail(period, "upper", value + 0.8)
        for k, sector in enumerate(("primary", "secondary", "tertiary")):
            made.detail(period, "part", 50 + wave(n, 18, 3, 3 * k), item=f"gdp|sector={sector}")


def waterfall(made: Made) -> None:
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


def quadrant(made: Made) -> None:
    for year in YEARS[-3:]:
        for k, section in enumerate("ACFI"):
            for n, city in enumerate(CITIES):
                part = {"region": city, "breakdown": f"section={section}"}
                made.figure(year, 1 + 0.55 * math.sin(n * 1.7 + k), **part)
                made.detail(year, "growth", 5 + 4 * math.cos(n * 2.3 + 2 * k), **part)
                made.detail(year, "size", 100 + 90 * (n % 7), **part)


def shift_share(made: Made) -> None:
    for n, city in enumerate(CITIES):
        made.figure(YEARS[-1], 3 * math.sin(n * 1.3), region=city)
        made.detail(YEARS[-1], "national", 5.0, region=city)
        made.detail(YEARS[-1], "mix", 1.2 * math.cos(n * 0.9), region=city)
        made.detail(YEARS[-1], "regional", 3 * math.sin(n * 1.3), region=city)


def rank_intervals(made: Made) -> None:
    for n, city in enumerate(CITIES):
        made.figure(YEARS[-1], 90 - 3 * n, region=city)
        made.detail(YEARS[-1], "rank", n + 1, region=city)
        made.detail(YEARS[-1], "rank_low", max(1, n - n % 3), region=city)
        made.detail(YEARS[-1], "rank_high", min(len(CITIES), n + 2 + n % 4), region=city)
        made.detail(YEARS[-1], "chance_top", 82.0 if n == 0 else 14.0 if n == 1 else 0.0, region=city)
    for item, weight in (("gdp", 0.4), ("gdp_growth", 0.35), ("gdp|sector=tertiary", 0.25)):
        made.detail(YEARS[-1], "weight", weight, item=item)


def inequality(made: Made) -> None:
    for region in (GUANGDONG, SHANDONG):
        for n, year in enumerate(YEARS):
            made.figure(year, 0.24 - 0.006 * n, region=region)
            made.detail(year, "within", 0.09 - 0.001 * n, region=region)
            made.detail(year, "between", 0.15 - 0.005 * n, region=region)
            made.detail(year, "gini", 0.41 - 0.004 * n, region=region)
            made.detail(year, "variation", 0.83 - 0.01 * n, region=region)


def moran(made: Made) -> None:
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


def regimes(made: Made) -> None:
    for n, period in enumerate(QUARTERS):
        low = 8 <= n < 12 or n >= 30
        made.figure(period, 91.0 if low else 6 + 3 * (n % 3))
        made.detail(period, "growth", (1.2 if low else 6.1) + wave(n, 5, 0.5))
        made.detail(period, "segment_mean", 6.1 if n < 8 else 1.2 if n < 12 else 5.4)
    for n in (8, 12):
        made.detail(QUARTERS[n], "break", 1.0)


def control(made: Made) -> None:
    for n, period in enumerate(MONTHS):
        value = wave(n, 7, 1.3) + (5.0 if n in (40, 61) else 0.0)
        made.figure(period, value)
        made.detail(period, "lower", -3.0)
        made.detail(period, "upper", 3.0)
        if abs(value) > 3:
            made.detail(period, "outside", value)


def season_band(made: Made) -> None:
    for breakdown, base in (("product=hog", 15.0), ("product=pork", 27.0)):
        for n, period in enumerate(WEEKS):
            season = base * (1 + 0.1 * math.sin(n / 52 * 2 * math.pi))
            made.figure(period, season * (1 + 0.16 * math.sin(n / 60)), breakdown=breakdown)
            for measure, factor in (("low", 0.9), ("middle", 1.0), ("high", 1.14)):
                made.detail(period, measure, season * factor, breakdown=breakdown)


def calendar(made: Made) -> None:
    for n in range(400):
        day = date(2025, 5, 20) + timedelta(days=n)
        made.figure(day.isoformat(), 5 + 1.6 * math.cos(n / 365 * 2 * math.pi) + 0.4 * (day.weekday() > 4))


def anomaly(made: Made) -> None:
    for n, period in enumerate(MONTHS):
        value = wave(n, 19, 1.3)
        made.figure(period, value)
        state = ("alert" if abs(value) >= 1 else "watch") + ("_low" if value < 0 else "")
        made.detail(period, "state", text=state if abs(value) >= 0.5 else "none")
    made.detail(MONTHS[-1], "watch", 0.5)
    made.detail(MONTHS[-1], "alert", 1.0)


def decomposition(made: Made) -> None:
    for n, period in enumerate(MONTHS):
        trend, season, rest = 100 + 0.5 * n, wave(n, 12, 8), wave(n, 5, 1.2)
        made.figure(period, trend + rest)
        for measure, value in {
            "trend": trend, "season": season, "remainder": rest, "original": trend + season + rest,
        }.items():  # fmt: skip
            made.detail(period, measure, value)


def cycle(made: Made) -> None:
    for n, period in enumerate(MONTHS):
        made.figure(period, wave(n, 40, 18))
        made.detail(period, "lower", wave(n, 40, 18) - 4)
        made.detail(period, "upper", wave(n, 40, 18) + 4)
        made.detail(period, "trend", 14 + 0.05 * n)
        made.detail(period, "original", (14 + 0.05 * n) * (1 + wave(n, 40, 0.18)))
    for n, kind in ((10, "peak"), (30, "trough"), (50, "peak")):
        made.detail(MONTHS[n], "turn", text=kind)
    made.detail(MONTHS[-1], "period_length", 40)


def sankey(made: Made) -> None:
    flows = {
        "opening": 120, "production": 1340, "imports": 210, "food": 860, "feed": 390, "seed": 25, "industry": 110,
        "loss": 60, "exports": 15, "closing": 210,
    }  # fmt: skip
    for n, year in enumerate(YEARS):
        made.figure(year, 14.5 + 0.3 * n)
        for item, value in flows.items():
            made.detail(year, "flow", value * (1 + 0.01 * n), item=item)
            made.detail(year, "stated", value * (1 + 0.01 * n) + (7 if item == "loss" else 0), item=item)


def stack(made: Made) -> None:
    for n, year in enumerate(YEARS):
        parts = {"retail": 120.0 + 6 * n, "wholesale": 90.0 - 2 * n, "farm_gate": -40.0 - 9 * (n % 4)}
        made.figure(year, sum(parts.values()))
        for stage, value in parts.items():
            made.detail(year, "part", value, item=f"price_weekly|stage={stage}")


def lead_matrix(made: Made) -> None:
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


def transmission(made: Made) -> None:
    made.figure(WEEKS[-1], -18.0)
    for n in range(13):
        made.detail(f"s{n}", "impulse", 0.82 * (1 - 0.7**n) * 100, item="up")
        made.detail(f"s{n}", "impulse", -0.55 * (1 - 0.85**n) * 100, item="down")
    made.detail(WEEKS[-1], "half_life", 3.5)
    made.detail(WEEKS[-1], "p_asymmetry", 0.021)
    made.detail(WEEKS[-1], "cointegrated", 1.0)
