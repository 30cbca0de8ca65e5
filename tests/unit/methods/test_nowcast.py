from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from jobs.methods.base import methods

from .conftest import PROVINCE, Lab, months, rows

FIRST = date(2025, 10, 20)
LATER = date(2025, 12, 15)


def economy(seed: int = 1) -> tuple[dict[str, pd.Series], pd.Series]:
    """Four monthly growth rates around one factor, and the quarterly mean of the factor."""
    rng = np.random.default_rng(seed)
    factor = np.zeros(120)
    for t in range(1, 120):
        factor[t] = 0.9 * factor[t - 1] + 0.6 * rng.standard_normal()
    index = pd.period_range("2016-01", periods=120, freq="M")
    series = {
        f"monthly_growth|series=s{k}": months(5 + factor + 0.3 * rng.standard_normal(120), "2016-01")
        for k in range(4)
    }
    quarterly = pd.Series(5 + factor, index=index).groupby(index.asfreq("Q")).mean()
    return series, quarterly


def test_a_quarter_is_told_from_its_months_with_interval_and_news(lab: Lab) -> None:
    series, quarterly = economy()
    truth = quarterly["2025Q4"]
    target = rows({"gdp_growth": {PROVINCE: quarterly[:"2025Q3"]}}, FIRST)
    early = rows({k: {PROVINCE: v[:"2025-09"]} for k, v in series.items()}, FIRST)
    later = rows({k: {PROVINCE: v["2025-10":"2025-11"]} for k, v in series.items()}, LATER)
    monthly = pd.concat([early, later]).sort_values(["item", "period_end"], ignore_index=True)
    given = replace(
        lab.given("gdp_nowcast", {}, since="2019-12"), vintages={"target": target, "monthly": monthly}
    )
    figures, details = methods()["quarterly_nowcast"].work(given).frames()
    side = details[details["period"] == "2025-Q4"].set_index("measure")["value"]
    mean = figures["value"].iloc[0]

    assert figures[["region", "period"]].to_numpy().tolist() == [[PROVINCE, "2025-Q4"]]
    assert side["lower"] < mean < side["upper"]
    assert abs(mean - truth) < 0.4
    assert side["after"] == pytest.approx(side["before"] + side["revision"] + side["impact"].sum(), abs=1e-6)
    assert mean == pytest.approx(side["after"] + side["estimation"], abs=1e-9)
    assert details[details["measure"] == "vintage"]["item"].tolist() == ["2025-10-20", "2025-12-15"]


def test_no_region_with_both_is_told(lab: Lab) -> None:
    series, quarterly = economy()
    given = {
        "target": {"gdp_growth": {"370000": quarterly}},
        "monthly": {name: {PROVINCE: values} for name, values in series.items()},
    }
    with pytest.raises(ValueError, match="both the target"):
        lab.run("gdp_nowcast", given)


def test_too_few_quarters_are_told(lab: Lab) -> None:
    series, quarterly = economy()
    given = {
        "target": {"gdp_growth": {PROVINCE: quarterly["2024Q1":"2025Q3"]}},
        "monthly": {name: {PROVINCE: values} for name, values in series.items()},
    }
    with pytest.raises(ValueError, match="too little"):
        lab.run("gdp_nowcast", given)


def test_over_twelve_quarters_it_beats_the_autoregression_and_the_bridge_is_told_too(lab: Lab) -> None:
    series, quarterly = economy()
    given = {
        "target": {"gdp_growth": {PROVINCE: quarterly[:"2025Q3"]}},
        "monthly": {name: {PROVINCE: values[:"2025-11"]} for name, values in series.items()},
    }
    _, details = lab.run("gdp_nowcast", given, since="2016-01", iterations=30)
    told = details[details["measure"] == "told"].pivot(index="period", columns="item", values="value")
    errors = details[details["measure"] == "rmse"].set_index("item")["value"]
    actual = quarterly["2022Q4":"2025Q3"].to_numpy()

    assert list(told.index) == [f"{q.year}-Q{q.quarter}" for q in quarterly["2022Q4":"2025Q3"].index]
    assert errors["nowcast"] == pytest.approx(np.sqrt(np.mean((told["nowcast"].to_numpy() - actual) ** 2)))
    assert max(errors["nowcast"], errors["factor"]) < 0.5 * errors["autoregression"]
    assert errors["bridge"] < errors["autoregression"]
    weights = details[details["measure"] == "model_weight"].set_index("item")["value"]
    assert weights.sum() == pytest.approx(1) and (weights > 0.25).all()
    # the first eight quarters know of no errors; then the better model counts more, by half of what it earned
    first, last = told.iloc[0], told.iloc[-1]
    assert first["nowcast"] == pytest.approx((first["factor"] + first["bridge"]) / 2)
    past = ((told[["factor", "bridge"]].sub(actual, axis=0)) ** 2)[:-1].mean()
    share = 0.25 + 0.5 * (1 / past["factor"]) / (1 / past).sum()
    assert last["nowcast"] == pytest.approx(share * last["factor"] + (1 - share) * last["bridge"])


def test_errors_are_told_without_the_years_apart_too(lab: Lab) -> None:
    series, quarterly = economy()
    given = {
        "target": {"gdp_growth": {PROVINCE: quarterly[:"2025Q3"]}},
        "monthly": {name: {PROVINCE: values[:"2025-11"]} for name, values in series.items()},
    }
    _, details = lab.run("gdp_nowcast", given, since="2016-01", iterations=10, apart=[2023])
    told = details[details["measure"] == "told"].pivot(index="period", columns="item", values="value")
    rest = told[~told.index.str.startswith("2023")]
    actual = quarterly.set_axis([f"{q.year}-Q{q.quarter}" for q in quarterly.index])[rest.index]
    apart = details[details["measure"] == "rmse_apart"].set_index("item")["value"]

    assert len(rest) == len(told) - 4
    assert apart["bridge"] == pytest.approx(np.sqrt(((rest["bridge"] - actual) ** 2).mean()))


def test_growth_on_the_month_before_is_compared_with_a_year_earlier(lab: Lab) -> None:
    series, quarterly = economy()
    # diffusion indices whose change over a year is the change of growth
    paces = {}
    for name, growth in series.items():
        change, pace = growth.diff().fillna(0.0).to_numpy(), np.zeros(120)
        for t in range(120):
            pace[t] = change[t] + (pace[t - 12] if t >= 12 else 0.0)
        paces[name] = months(50 + pace, "2016-01")
    given = {
        "target": {"gdp_growth": {PROVINCE: quarterly[:"2025Q3"]}},
        "monthly": {name: {PROVINCE: values[:"2025-11"]} for name, values in paces.items()},
    }
    names = ["s0", "s1", "s2", "s3"]
    rmse = [
        details[details["measure"] == "rmse"].set_index("item")["value"]
        for _, details in (
            lab.run("gdp_nowcast", given, since="2016-01", iterations=10, on_month=on_month)
            for on_month in (names, [])
        )
    ]

    assert rmse[0]["nowcast"] < 0.5 * rmse[0]["autoregression"]
    assert rmse[0]["nowcast"] < rmse[1]["nowcast"]


def test_a_past_nowcast_has_not_seen_what_it_tells(lab: Lab) -> None:
    series, quarterly = economy()
    last = quarterly.index[-2]

    def told(growth: pd.Series, ahead: float) -> pd.DataFrame:
        monthly = {name: {PROVINCE: values.copy()} for name, values in series.items()}
        for places in monthly.values():
            places[PROVINCE]["2025-10":] += ahead
        target = {"gdp_growth": {PROVINCE: growth[:last]}}
        _, details = lab.run(
            "gdp_nowcast", {"target": target, "monthly": monthly}, since="2016-01", iterations=10
        )
        return details[details["measure"] == "told"]["value"].to_numpy()

    changed = quarterly.copy()
    changed[last] += 3.0

    assert told(quarterly, 0.0) == pytest.approx(told(changed, 5.0))


def test_a_short_history_is_not_scored(lab: Lab) -> None:
    series, quarterly = economy()
    given = {
        "target": {"gdp_growth": {PROVINCE: quarterly["2020Q1":"2025Q3"]}},
        "monthly": {name: {PROVINCE: values["2021-01":"2025-11"]} for name, values in series.items()},
    }
    figures, details = lab.run("gdp_nowcast", given, since="2021-01", iterations=10)

    assert len(figures) == 1
    assert not details["measure"].isin(["told", "rmse"]).any()
