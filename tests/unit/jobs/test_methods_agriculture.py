"""Adapters of the agriculture library: rows of the indicator table in, labelled figures out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np
import pandas as pd
import pytest

import conf
from conf import periods
from jobs.methods.base import Given, Surroundings, methods
from jobs.methods.runs import unbroken
from themes.common.contract import Analysis, discover

ANALYSES = {
    name.partition(".")[2]: a for t in discover() if t.id == "agriculture" for name, a in t.analyses.items()
}


def labels(first: str, n: int) -> list[str]:
    return [periods.shift(first, k) for k in range(n)]


def rows(values: Iterable[float], first: str, *, region: str = "440000", breakdown: str = "") -> pd.DataFrame:
    given = list(values)
    frame = pd.DataFrame({"period": labels(first, len(given)), "value": given})
    frame = frame.assign(
        region=region, breakdown=breakdown, item=f"x|{breakdown}", indicator="x", unit="index"
    )
    return frame.assign(period_end=[periods.end(p) for p in frame["period"]], published_at=date(2025, 12, 1))


def work(name: str, **roles: list[pd.DataFrame]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Figures and details of an analysis of indicators.yaml, with its own parameters."""
    analysis: Analysis = ANALYSES[name]
    method = methods()[analysis.method]
    assert set(roles) == method.roles == set(analysis.inputs)
    around = Surroundings(conf.load().regions, {}, [], date(2025, 12, 31))
    frames = {role: pd.concat(given, ignore_index=True) for role, given in roles.items()}
    return method.work(Given(frames, method.parameters.model_validate(analysis.parameters), around)).frames()


def told(details: pd.DataFrame, measure: str) -> pd.DataFrame:
    return details[details["measure"] == measure].reset_index(drop=True)


def walk(n: int, seed: int = 0, spread: float = 0.03) -> np.ndarray:
    return np.exp(np.cumsum(np.random.default_rng(seed).normal(0, spread, n)))


def test_a_stretch_ends_at_a_hole() -> None:
    values = pd.Series([1.0, 2, 3, 4], ["2020-W51", "2020-W53", "2021-W01", "2021-W02"])
    assert list(unbroken(values).index) == ["2020-W53", "2021-W01", "2021-W02"]
    bridged = unbroken(values, 1)
    assert list(bridged.index) == ["2020-W51", "2020-W52", "2020-W53", "2021-W01", "2021-W02"]
    assert bridged.isna().tolist() == [False, True, False, False, False]
    assert len(unbroken(values.drop("2020-W53"), 1)) == 2 and len(unbroken(values.iloc[:1], 5)) == 1


def test_a_jump_is_an_alert_and_a_short_series_is_passed_over() -> None:
    prices = walk(84)
    prices[-1] *= 2
    figures, details = work(
        "price_anomaly", prices=[rows(prices, "2018-01"), rows([1, 2], "2018-01", region="370000")]
    )
    assert set(figures["region"]) == {"440000"} and figures["period"].iloc[-1] == "2024-12"
    state = told(details, "state").iloc[-1]
    assert (state["period"], state["text"]) == ("2024-12", "alert")
    assert told(details, "alert")["value"].tolist() == [1.0]


def test_all_too_short_waits_with_a_reason() -> None:
    with pytest.raises(ValueError, match="440000: prices needs at least 49 periods, not 2"):
        work("price_anomaly", prices=[rows([1, 2], "2018-01")])
    with pytest.raises(ValueError, match="no figures for series"):
        work("hog_cycle", series=[rows([], "2020-W01")])


def test_the_band_is_that_of_the_five_years_before() -> None:
    values = np.tile(np.arange(1.0, 37.0), 6)
    figures, details = work("price_band", prices=[rows(values, "2019-01-T1", breakdown="product=pork")])
    assert len(figures) == 216 and set(figures["breakdown"]) == {"product=pork"}
    middle = told(details, "middle")
    assert middle["period"].tolist() == labels("2024-01-T1", 36)
    assert middle["value"].tolist() == pytest.approx(list(range(1, 37)))


def test_a_dear_week_is_named() -> None:
    week = np.arange(312)
    prices = np.exp(0.2 * np.cos(2 * np.pi * week / 52) + np.random.default_rng(1).normal(0, 0.02, 312))
    prices[100] *= 1.5
    figures, details = work("price_deviation", prices=[rows(prices, "2021-W01")])
    state = told(details, "state")
    assert state["period"].tolist() == [labels("2021-W01", 101)[100]]
    assert state["text"].tolist() == ["unusually_high"]
    assert figures.set_index("period")["value"][state["period"].iloc[0]] == state["value"].iloc[0]
    holed = rows(prices, "2021-W01").drop(index=[50, 51, 100])
    figures, details = work("price_deviation", prices=[holed])
    assert len(figures) == 309 and told(details, "state").empty


def a_balance(months: int, product: str = "grain") -> list[pd.DataFrame]:
    stated = {
        "opening": 400.0, "production": 50.0, "imports": 60.0, "food": 50.0, "feed": 30.0, "seed": 2.0,
        "industry": 20.0, "loss": 5.0, "exports": 0.0, "closing": 400.0,
    }  # fmt: skip
    return [
        rows([value] * months, "2023-01", breakdown=f"balance_item={item}|product={product}")
        for item, value in stated.items()
    ]


def test_a_balance_adds_up_after_adjustment_and_the_gap_is_told() -> None:
    figures, details = work("balance_adjusted", items=a_balance(4))
    assert figures["value"].tolist() == pytest.approx([3.0] * 4)
    assert set(figures["breakdown"]) == {"product=grain"}
    sheet = told(details, "flow").pivot(index="period", columns="item", values="value")
    supply = sheet[["opening", "production", "imports"]].sum(axis=1)
    use = sheet[["food", "feed", "seed", "industry", "loss", "exports", "closing"]].sum(axis=1)
    assert supply.to_numpy() == pytest.approx(use.to_numpy())
    assert sheet["closing"].to_numpy()[:-1] == pytest.approx(sheet["opening"].to_numpy()[1:])
    assert told(details, "stated").query("item == 'loss'")["value"].tolist() == [5.0] * 4


def test_ratios_of_a_balance_are_over_a_year() -> None:
    figures, _ = work("stock_to_use", items=a_balance(14))
    assert figures["period"].tolist() == ["2023-12", "2024-01", "2024-02"]
    assert figures["value"].iloc[-1] == pytest.approx(100 * 400 / (12 * 107), rel=0.05)
    figures, _ = work("self_sufficiency", items=a_balance(12))
    assert figures["value"].iloc[0] == pytest.approx(100 * 50 / 110, rel=0.05)
    with pytest.raises(ValueError, match="12 months on end"):
        work("stock_to_use", items=a_balance(11))
    with pytest.raises(ValueError, match="no month has all items"):
        work("balance_adjusted", items=a_balance(4)[1:])


PARTS = {
    "materials": 400.0,
    "family_labour": 300.0,
    "hired_labour": 20.0,
    "land_rent": 50.0,
    "own_land": 150.0,
}


def a_survey(items: dict[str, float]) -> dict[str, list[pd.DataFrame]]:
    return {
        "money": [rows([v], "2024", breakdown=f"cost_item={item}|crop=wheat") for item, v in items.items()],
        "quantity": [rows([400.0], "2024", breakdown="crop=wheat")],
        "price": [rows([120.0], "2024", breakdown="crop=wheat")],
    }


def test_what_a_mu_costs_and_leaves() -> None:
    figures, details = work("cost_return", **a_survey(PARTS | {"output": 1000.0}))
    assert figures["value"].tolist() == [80.0] and figures["breakdown"].tolist() == ["crop=wheat"]
    assert told(details, "part").set_index("item")["value"].to_dict() == PARTS
    assert told(details, "total")["value"].tolist() == [920.0]
    assert told(details, "cash")["value"].tolist() == [530.0]
    assert told(details, "break_even")["value"].tolist() == pytest.approx([2.3])
    assert told(details, "price")["value"].tolist() == pytest.approx([2.4])


def test_a_survey_with_labour_and_land_in_one_sum_has_no_cash_return() -> None:
    figures, details = work("cost_return", **a_survey({"materials": 400.0, "labour": 320.0, "land": 200.0}))
    assert figures["value"].tolist() == pytest.approx([400 * 120 / 50 - 920])
    assert told(details, "cash").empty and set(told(details, "part")["item"]) == {
        "materials",
        "labour",
        "land",
    }


def test_a_survey_that_lacks_an_item_waits() -> None:
    with pytest.raises(ValueError, match="no year has all items"):
        work("cost_return", **a_survey({"materials": 400.0, "labour": 320.0}))


def test_a_bad_year_is_a_year_of_loss() -> None:
    yields = 5000 * 1.01 ** np.arange(20)
    yields[12] *= 0.8
    figures, details = work("yield_anomaly", yields=[rows(yields, "2005", breakdown="crop=rice")])
    loss = told(details, "state")
    assert loss["period"].tolist() == ["2017"] and loss["text"].tolist() == ["loss"]
    assert figures.set_index("period")["value"]["2017"] == loss["value"].iloc[0] < -10
    usual = told(details, "usual").set_index("period")["value"]
    assert usual.index[0] == "2010" and usual["2010"] == pytest.approx(np.mean(yields[1:4]))


def a_field(cities: int) -> dict[str, list[pd.DataFrame]]:
    rng = np.random.default_rng(2)
    found: dict[str, list[pd.DataFrame]] = {"yields": [], "weather": []}
    for region in ["440000", *(f"4401{n:02d}" for n in range(cities))]:
        rain = 1000 + 200 * rng.standard_normal(25)
        yields = 5000 * np.exp(0.01 * np.arange(25) + 0.0002 * (rain - 1000) + 0.01 * rng.standard_normal(25))
        found["yields"].append(rows(yields, "2000", region=region, breakdown="crop=rice"))
        found["weather"].append(rows(rain, "2000", region=region, breakdown="crop=rice|crop_item=rain"))
    return found


def test_the_weather_lets_one_expect_the_yield() -> None:
    field = a_field(21)
    figures, details = work("weather_yield", **field)
    assert set(figures["region"]) == {rows_["region"].iloc[0] for rows_ in field["yields"]}
    effect = told(details, "effect")
    assert effect["item"].tolist() == ["rain"] and effect["value"].iloc[0] == pytest.approx(4, abs=0.3)
    assert told(details, "error")["value"].iloc[0] < told(details, "benchmark_error")["value"].iloc[0] / 2
    with pytest.raises(ValueError, match="needs 500 rows, has 475"):
        work("weather_yield", **a_field(19))


def test_a_gap_between_two_prices_is_closed() -> None:
    farm = walk(300, 5)
    retail, rng = np.empty(300), np.random.default_rng(6)
    retail[0] = farm[0]
    for t in range(1, 300):
        retail[t] = (
            retail[t - 1] * (farm[t - 1] / retail[t - 1]) ** 0.3 * np.exp(0.003 * rng.standard_normal())
        )
    up, down = rows(farm, "2019-W01"), rows(retail, "2019-W01")
    figures, details = work("pork_transmission", upstream=[up], downstream=[down])
    assert len(figures) == 1 and figures["value"].iloc[0] == pytest.approx(-30, abs=3)
    assert told(details, "cointegrated")["value"].tolist() == [1.0]
    assert told(details, "half_life")["value"].iloc[0] == pytest.approx(np.log(0.5) / np.log(0.7), rel=0.15)
    impulse = told(details, "impulse")
    assert set(impulse["item"]) == {"up", "down"} and impulse["period"].iloc[0] == "s1"
    with pytest.raises(ValueError, match="at least 40"):
        work("pork_transmission", upstream=[up[:30]], downstream=[down[:30]])
    with pytest.raises(ValueError, match="no upstream price"):
        work("pork_transmission", upstream=[up.assign(region="370000")], downstream=[down])


def test_the_market_that_leads_is_found_in_its_province() -> None:
    change = np.random.default_rng(3).normal(0, 0.03, (200, 3))
    change[1:, 1] += 0.6 * change[:-1, 0]
    prices = np.exp(np.cumsum(change, axis=0))
    cities = ["440100", "440300", "440400"]
    given = [rows(prices[:, k], "2021-W01", region=city) for k, city in enumerate(cities)]
    figures, details = work("market_integration", prices=given)
    assert figures[["region", "value"]].values.tolist() == [["440000", pytest.approx(100 / 6)]]
    lead = told(details, "lead").set_index("item")["value"]
    assert lead[lead == 1].index.tolist() == ["440100>440300"] and len(lead) == 6
    with pytest.raises(ValueError, match="two markets"):
        work("market_integration", prices=given[:1])


CLEAN = {"so2": 10.0, "no2": 20.0, "pm10": 40.0, "co": 0.5, "o3": 80.0}


def some_air(pm25: list[float], first: str) -> list[pd.DataFrame]:
    given = [rows([v] * len(pm25), first, breakdown=f"pollutant={name}") for name, v in CLEAN.items()]
    return [*given, rows(pm25, first, breakdown="pollutant=pm25")]


def test_the_air_is_judged_by_the_standard_of_the_day() -> None:
    """PM2.5 of 75 is 100 by the table of 2012 and 114 by that of 2026, in force from March 2026."""
    figures, details = work("air_quality", air=some_air([75.0] * 4, "2026-02-27"))
    assert figures["value"].tolist() == [100, 100, 114, 114]
    by_version = told(details, "by_standard").groupby("item")["value"].unique().map(list).to_dict()
    assert by_version == {"HJ633-2012": [100.0], "HJ633-2026": [114.0]}
    primary = told(details, "primary")
    assert primary["text"].tolist() == ["pm25"] * 4 and told(details, "beyond").empty


def test_air_beyond_the_table_is_told() -> None:
    figures, details = work("air_quality", air=some_air([600.0], "2025-01-01"))
    assert figures["value"].tolist() == [500]
    assert told(details, "beyond")["item"].tolist() == ["pm25"]


def test_a_stricter_standard_is_not_worse_air() -> None:
    figures, details = work("good_air_days", air=some_air([70.0] * 62, "2026-02-01"))
    assert figures["value"].tolist() == [100, 0, 0][: len(figures)]
    old = told(details, "by_standard").query("item == 'HJ633-2012'")["value"]
    assert set(old) == {100.0}
    with pytest.raises(ValueError, match="20 days"):
        work("good_air_days", air=some_air([70.0] * 19, "2026-02-01"))


def test_sections_of_good_water() -> None:
    values = {"oxygen": 6.0, "permanganate": 3.0, "ammonia": 0.4, "phosphorus": 0.1}
    given = [
        rows(
            [10 * v if (section, name) == ("b", "ammonia") else v],
            "2025-01",
            breakdown=f"section={section}|water_quality={name}",
        )
        for section in "ab"
        for name, v in values.items()
    ]
    figures, details = work("water_good", water=given)
    assert figures["value"].tolist() == [50.0]
    assert told(details, "class").set_index("item")["value"].to_dict() == {"a": 2.0, "b": 6.0}
    with pytest.raises(ValueError, match="all items"):
        work("water_good", water=given[:1])


def test_the_hog_cycle_of_weekly_ratios() -> None:
    week = np.arange(420)
    rng = np.random.default_rng(1)
    ratio = 7 * np.exp(0.35 * np.cos(2 * np.pi * week / 52.18 * 12 / 44) + 0.03 * rng.standard_normal(420))
    figures, details = work("hog_cycle", series=[rows(ratio, "2016-W01")])
    assert figures["period"].iloc[0] == "2016-01"
    assert told(details, "period_length")["value"].iloc[0] == pytest.approx(44, abs=4)
    turns = told(details, "turn")
    assert set(turns["text"]) == {"peak", "trough"} and len(turns) >= 3


def test_sows_tell_of_hogs_to_come() -> None:
    month = np.arange(72)
    sows = 1e6 * np.exp(0.1 * np.sin(2 * np.pi * month / 40))
    hogs = 18e6 / 12 * np.exp(0.1 * np.sin(2 * np.pi * (month - 10) / 40))
    figures, details = work("sow_lead", sows=[rows(sows, "2019-01")], hogs=[rows(hogs, "2019-01")])
    assert figures["period"].iloc[-1] == "2024-12"
    assert told(details, "outlook")["period"].tolist() == labels("2025-01", 9)
    assert told(details, "r_squared")["value"].iloc[0] > 0.98
    with pytest.raises(ValueError, match="no region has both"):
        work("sow_lead", sows=[rows(sows, "2019-01")], hogs=[rows(hogs, "2019-01", region="370000")])
