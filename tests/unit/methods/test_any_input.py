"""Whatever figures a method is given, it finds something or says what it lacks: nothing else is raised."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import product

import numpy as np
import pandas as pd
import pytest

import conf
from conf import periods
from jobs.methods.base import DETAILS, FIGURES, Given, Surroundings, methods
from themes.common.contract import Analysis, Indicator, Theme, discover

ANALYSES = {name: (theme, one) for theme in discover() for name, one in theme.analyses.items()}
# The last period of each frequency that is known.
NEWEST = {"Y": "2025", "Q": "2025-Q4", "M": "2025-12", "T": "2025-12-T3", "W": "2025-W52", "D": "2025-12-31"}
AS_OF = date(2026, 1, 31)
CITIES = {"440000": ("440100", "440300", "440600"), "370000": ("370100", "370200")}
# Code lists of dimensions that are not called like them; of the others a few names will do.
LISTS = {"sector": "gdp_sector", "stage": "price_stage"}
FAULTS: dict[str, Callable[[np.ndarray, np.random.Generator], np.ndarray]] = {
    "random": lambda values, rng: values,
    "constant": lambda values, rng: np.full_like(values, 7.0),
    "zero": lambda values, rng: np.zeros_like(values),
    "negative": lambda values, rng: -values,
    "mixed signs": lambda values, rng: values - values.mean(),
    "one unknown": lambda values, rng: _one(values, rng, np.nan),
    "all unknown": lambda values, rng: np.full_like(values, np.nan),
    "one infinite": lambda values, rng: _one(values, rng, np.inf),
    "one below zero": lambda values, rng: _one(values, rng, -1.0),
    "huge": lambda values, rng: values * 1e12,
}


def _one(values: np.ndarray, rng: np.random.Generator, wrong: float) -> np.ndarray:
    values = values.copy()
    values[rng.integers(len(values))] = wrong
    return values


def breakdowns(indicator: Indicator) -> Iterator[str]:
    """Texts of the breakdowns of an indicator, with the codes of conf."""
    codes = conf.load().codes
    for names in indicator.breakdowns:
        lists = [list(codes.get(LISTS.get(name, name), ("a", "b"))) for name in names]
        for chosen in product(*(one if len(one) <= 10 else one[:3] for one in lists)):
            yield "|".join(f"{name}={code}" for name, code in zip(names, chosen, strict=True))


def regions(levels: tuple[str, ...], only: str | None) -> list[str]:
    found = [*CITIES] if "province" in levels else []
    found += ["000000"] if "country" in levels and "province" not in levels else []
    if "city" in levels:
        found += [city for cities in CITIES.values() for city in cities]
    return [code for code in found if only is None or code.startswith(only)] or found[:1]


def frame(
    theme: Theme, analysis: Analysis, role: str, length: int, fault: str, seed: int, only: str | None
) -> pd.DataFrame:
    """Rows of a role, each series with `length` periods up to the newest, some of them missing."""
    rng = np.random.default_rng(seed)
    rows = []
    for one in analysis.inputs[role]:
        indicator = theme.indicators[f"{theme.id}.{one.indicator}"]
        name = one.indicator + (f".{one.change}" if one.change else "")
        labels = [periods.shift(NEWEST[indicator.freq], -k) for k in range(length)][::-1]
        texts = list(breakdowns(indicator)) if one.breakdown == "*" else [one.breakdown]
        for region, text in product(regions(one.levels, only), texts):
            values = 100 * np.exp(np.cumsum(rng.normal(0.002, 0.03, length)))
            values = FAULTS[fault](values, rng) if length else values
            kept = rng.random(length) > (0.05 if seed % 2 else 0)
            for label, value in zip(np.array(labels)[kept], values[kept], strict=True):
                rows.append(
                    (f"{name}|{text}" if text else name, name, region, text, str(label), float(value))
                )
    columns = ["item", "indicator", "region", "breakdown", "period", "value"]
    table = pd.DataFrame(rows, columns=columns).astype({"value": float})
    ends = {label: periods.end(label) for label in table["period"].unique()}
    table["period_end"] = table["period"].map(ends)
    table["published_at"] = [end + timedelta(days=20) for end in table["period_end"]]
    return table.assign(unit="percent").sort_values(
        ["region", "item", "period_end", "published_at"], ignore_index=True
    )


def work(name: str, length: int, fault: str, seed: int, only: str | None = None) -> None:
    """Runs an analysis; anything but a result of the agreed shape or a ValueError with a reason fails."""
    theme, analysis = ANALYSES[name]
    method, loaded = methods()[analysis.method], conf.load()
    around = Surroundings(loaded.regions, loaded.neighbours, loaded.festivals, AS_OF)
    frames = {
        role: frame(theme, analysis, role, length, fault, seed + n, only)
        for n, role in enumerate(analysis.inputs)
    }
    try:
        found = method.work(Given(frames, method.parameters.model_validate(analysis.parameters), around))
    except ValueError as reason:
        assert str(reason)
        return
    figures, details = found.frames()
    assert list(figures) == list(FIGURES) and list(details) == list(DETAILS)
    assert np.isfinite(figures["value"].astype(float)).all()
    assert not np.isinf(details["value"].astype(float)).any()
    assert not figures.duplicated(["region", "breakdown", "period"]).any()


def test_every_method_is_tried() -> None:
    assert {one.method for _, one in ANALYSES.values()} == set(methods())


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", sorted(ANALYSES))
def test_few_or_wrong_figures_are_refused_in_words(name: str) -> None:
    work(name, 0, "random", 0)
    for seed, fault in enumerate(FAULTS):
        work(name, 1, fault, seed)
        work(name, 14, fault, seed, only="4401" if seed % 3 == 0 else None)


# Those that look at each region by itself, and need no series by name, with the periods they are tried over.
BY_REGION = {
    "five_lights": 150,
    "historical_diffusion": 60,
    "seasonal_adjustment": 60,
    "fixed_base": 200,
    "control_chart": 60,
    "growth_regimes": 60,
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", sorted(n for n, (_, one) in ANALYSES.items() if one.method in BY_REGION))
def test_a_region_that_is_refused_changes_nothing_for_the_others(name: str) -> None:
    theme, analysis = ANALYSES[name]
    method, loaded = methods()[analysis.method], conf.load()
    around = Surroundings(loaded.regions, loaded.neighbours, loaded.festivals, AS_OF)
    frames = {
        role: frame(theme, analysis, role, BY_REGION[analysis.method], "random", 2 * n, None)
        for n, role in enumerate(analysis.inputs)
    }
    # The first region with one figure of each series, before and beside a whole one.
    one = {role: rows[rows["region"] == rows["region"].min()] for role, rows in frames.items()}
    spoiled = {role: rows.groupby("item").head(1).assign(region="000001") for role, rows in one.items()}
    parameters = method.parameters.model_validate(analysis.parameters)
    alone = method.work(Given(one, parameters, around)).frames()
    both = {role: pd.concat([spoiled[role], rows], ignore_index=True) for role, rows in one.items()}
    beside = method.work(Given(both, parameters, around)).frames()
    for expected, told in zip(alone, beside, strict=True):
        kept = told[told["region"] != "000001"].reset_index(drop=True)
        pd.testing.assert_frame_equal(kept, expected.reset_index(drop=True))
    assert not alone[0].empty


# Those that estimate for seconds have tests of their own on long series.
SLOW = {
    "hog_cycle",
    "quarterly_nowcast",
    "composite_index",
    "growth_regimes",
    "air_quality_index",
    "good_air_days",
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "name", sorted(name for name, (_, one) in ANALYSES.items() if one.method not in SLOW)
)
def test_wrong_figures_in_longer_series_are_refused_in_words(name: str) -> None:
    for seed, fault in enumerate(FAULTS):
        work(name, 60, fault, seed, only="44")
