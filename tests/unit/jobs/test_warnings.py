"""Warning rules of conf, replayed; golden points are the published alerts named in conf/simulation.yaml."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest

import conf
from conf.schema import Band, Rule
from jobs.steps import warnings

ROMAN = {0: None, 1: "I", 2: "II", 3: "III", 4: "IV"}


def a_rule(rule_id: str, version: str) -> Rule:
    (found,) = (r for r in conf.load().rules if (r.rule_id, r.version) == (rule_id, version))
    return found


def a_series(values: list[float], first: str = "2021-W22") -> pd.DataFrame:
    from conf import periods

    labels = [periods.shift(first, n) for n in range(len(values))]
    given = [(label, value) for label, value in zip(labels, values, strict=True) if not math.isnan(value)]
    frame = pd.DataFrame(given, columns=["period", "value"])
    return frame.assign(
        theme="agriculture", region="440000", unit="ratio", status="simulated", quality=99.0, source="[]"
    )


@pytest.mark.parametrize(
    ("ratios", "levels"),
    [
        ([6.1, 5.9, 5.72, 5.57], [None, "III", "III", "II"]),
        ([5.3, 4.90], ["III", "I"]),
        ([5.45, 5.2, 4.96], ["III", "III", "I"]),
        ([6.0, 5.99, 5.0, 5.0], [None, "III", "III", "II"]),
        ([5.5, math.nan, 5.5, 5.5], ["III", None, "III", "III"]),
    ],
)
def test_the_fall_of_2021(ratios: list[float], levels: list[str | None]) -> None:
    found = warnings.replay(a_rule("agriculture.hog_ratio_fall", "2021"), np.array(ratios), "W")
    assert [ROMAN[int(level)] for level in found.level] == levels


@pytest.mark.parametrize(
    ("ratios", "levels"),
    [
        ([9.0, 9.01], [None, "III"]),
        ([10.5, 10.5], ["III", "II"]),
        ([12.0, 12.0], ["III", "II"]),
        ([10.0, 10.0], ["III", "III"]),
        ([12.01], ["I"]),
    ],
)
def test_the_rise_of_2021(ratios: list[float], levels: list[str | None]) -> None:
    found = warnings.replay(a_rule("agriculture.hog_ratio_rise", "2021"), np.array(ratios), "W")
    assert [ROMAN[int(level)] for level in found.level] == levels


@pytest.mark.parametrize(
    ("version", "ratio", "level"),
    [
        ("2009", 5.9, "IV"),
        ("2015", 5.9, None),
        ("2021", 5.9, "III"),
        ("2009", 4.9, "I"),
        ("2015", 4.9, "III"),
    ],
)
def test_each_version_has_its_own_bands(version: str, ratio: float, level: str | None) -> None:
    found = warnings.replay(a_rule("agriculture.hog_ratio_fall", version), np.array([ratio]), "W")
    assert ROMAN[int(found.level[0])] == level


@pytest.mark.parametrize(
    ("given", "inside", "outside"),
    [
        ({"low": 5, "high": 6, "low_inclusive": True, "high_inclusive": False}, [5.0, 5.999], [4.999, 6.0]),
        (
            {"low": 10, "high": 12, "low_inclusive": False, "high_inclusive": True},
            [10.001, 12.0],
            [10.0, 12.001],
        ),
        ({"low": None, "high": 6, "low_inclusive": False, "high_inclusive": False}, [5.999], [6.0]),
        ({"low": None, "high": 6, "low_inclusive": False, "high_inclusive": True}, [6.0], [6.001]),
        ({"low": 40, "high": None, "low_inclusive": True, "high_inclusive": False}, [40.0], [39.999]),
    ],
)
def test_a_band_holds_its_edges_as_conf_says(
    given: dict[str, object], inside: list[float], outside: list[float]
) -> None:
    from models.warning.levels import band_levels

    band = warnings.model_band(Band.model_validate({"level": "II", "light": "orange", **given}))
    assert [int(n) for n in band_levels(np.array(inside), [band]).level] == [2] * len(inside)
    assert [int(n) for n in band_levels(np.array(outside), [band]).level] == [0] * len(outside)


def test_rows_name_level_threshold_run_and_the_state_of_today() -> None:
    rule = a_rule("agriculture.hog_ratio_fall", "2021")
    rows = warnings.rule_rows(rule, a_series([6.1, 5.9, 5.72, 5.57, 6.2]), "development")
    assert [(r["period"], r["level"], r["since"], r["threshold"], r["run_length"]) for r in rows] == [
        ("2021-W23", "III", "2021-W23", 6, 1),
        ("2021-W24", "III", "2021-W23", 6, 2),
        ("2021-W25", "II", "2021-W23", 6, 3),
        ("2021-W26", None, "2021-W26", None, 0),
    ]
    assert [r["is_current"] for r in rows] == [False, False, False, True]
    assert [r["light"] for r in rows] == ["yellow", "yellow", "orange", "green"]
    assert {r["status"] for r in rows} == {"simulated"}


def test_a_week_without_a_figure_breaks_the_run() -> None:
    rows = warnings.rule_rows(
        a_rule("agriculture.hog_ratio_fall", "2021"), a_series([5.9, math.nan, 5.8, 5.7]), None
    )
    assert [(r["period"], r["level"]) for r in rows] == [
        ("2021-W22", "III"),
        ("2021-W24", "III"),
        ("2021-W25", "III"),
    ]


def test_a_rule_says_nothing_outside_its_validity() -> None:
    series = a_series([4.0, 4.0, 4.0], first="2021-W20")
    rows = warnings.rule_rows(a_rule("agriculture.hog_ratio_fall", "2021"), series, None)
    assert [r["period"] for r in rows] == ["2021-W22"]
    assert all(r["period_end"] >= date(2021, 6, 1) for r in rows)
    assert warnings.rule_rows(a_rule("agriculture.hog_ratio_fall", "2009"), series, None) == []


def test_a_change_is_told_in_per_cent_with_the_price_beside_it() -> None:
    rule = a_rule("agriculture.pork_retail_rise", "2021")
    (row,) = warnings.rule_rows(rule, a_series([20.0] + [25.0] * 51 + [27.0]), None)
    assert (row["level"], row["unit"], row["compared"]) == ("II", "percent", 27.0)
    assert row["value"] == pytest.approx(35.0)


@pytest.mark.parametrize(
    ("rule_id", "version", "values", "levels"),
    [
        ("agriculture.sow_holding_fall", "2024", [92.0, 91.9, 85.0, 84.9], [None, "III", "III", "I"]),
        ("agriculture.sow_holding_rise", "2024", [105.0, 105.1, 110.0, 110.1], [None, "III", "III", "I"]),
        ("agriculture.sow_stock_fall", "2021-GD", [1_710_000.0, 1_709_999.0], [None, "I"]),
        ("agriculture.sow_quarter_fall", "2021", [100.0, 99, 98, 95.01, 94.05, 80], [None] * 4 + ["II", "I"]),
        ("agriculture.pork_self_supply", "2021-GD", [70.0, 69.9], [None, "III"]),
        ("agriculture.grain_stock_to_use", "K", [17.0, 16.9], [None, "III"]),
        ("agriculture.hog_ratio_fall", "2021", [4.90], ["I"]),
    ],
)
def test_sows_and_stocks(rule_id: str, version: str, values: list[float], levels: list[str | None]) -> None:
    found = warnings.replay(a_rule(rule_id, version), np.array(values), "M")
    assert [ROMAN[int(level)] for level in found.level] == levels


def test_sows_against_the_year_before() -> None:
    values = np.array([100.0] * 12 + [95.01, 95.0, 90.01, 90.0])
    found = warnings.replay(a_rule("agriculture.sow_change_fall", "2021"), values, "M")
    assert [ROMAN[int(level)] for level in found.level[12:]] == [None, "II", "II", "I"]


def test_a_rule_of_a_province_is_not_applied_in_another() -> None:
    from types import SimpleNamespace

    context = SimpleNamespace(conf=conf.load())
    home = {
        rule.rule_id: [p for p in ("440000", "370000", "440100") if warnings.applies(rule, p, context)]
        for rule in conf.load().rules
    }
    assert (
        home["agriculture.price_light.pork"] == home["agriculture.pork_self_supply"] == ["440000", "440100"]
    )
    assert home["agriculture.sow_holding_fall"] == ["440000", "370000", "440100"]


def test_numbers_that_were_not_checked_say_so() -> None:
    unverified = {rule.rule_id for rule in conf.load().rules if not rule.verified}
    assert unverified >= {
        "agriculture.hog_ratio_rise", "agriculture.sow_change_fall", "agriculture.sow_quarter_fall",
        "agriculture.grain_stock_to_use",
    }  # fmt: skip
    assert "agriculture.hog_ratio_fall" not in unverified
