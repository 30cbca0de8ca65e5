"""Growth anomalies: the series that falls is named, its state told, and a short history waits."""

import numpy as np
import pandas as pd
import pytest

from .conftest import PROVINCE, Inputs, Lab, months

CITY = "440100"


def growth(n: int, seed: int, start: str = "2019-01") -> pd.Series:
    rates = months(6 + np.random.default_rng(seed).standard_normal(n), start)
    return rates.where(rates.index.month > 1)


def series(**rates: pd.Series) -> Inputs:
    return {"growth": {f"monthly_growth|series={name}": {PROVINCE: one} for name, one in rates.items()}}


def test_the_series_that_fell_is_named_and_carries_the_figure(lab: Lab) -> None:
    fallen = growth(84, 1)
    fallen.iloc[-1] -= 12
    figures, details = lab.run("growth_anomaly", series(industry=fallen, trade=growth(84, 2)))
    newest = details[details["period"] == "2025-12"]
    parts = newest[newest["measure"] == "part"].set_index("item")["value"]
    states = newest[newest["measure"] == "part_state"]

    assert parts.idxmin() == "monthly_growth|series=industry"
    assert figures.set_index("period")["value"]["2025-12"] == pytest.approx(parts.min())
    assert states[["item", "text"]].to_numpy().tolist() == [["monthly_growth|series=industry", "alert_low"]]
    assert newest[newest["measure"] == "state"]["text"].tolist() == ["alert_low"]
    assert "2025-01" in set(figures["period"])


def test_growth_that_stays_low_for_a_while_is_told_as_a_change_of_level(lab: Lab) -> None:
    rates = months(6 + np.tile([-1.0, 0.5, 1.0, -0.5], 18), "2020-01")
    rates.iloc[-3:] = 6 - 4.2
    _, details = lab.run("growth_anomaly", series(industry=rates))
    states = details[details["measure"] == "part_state"]

    assert dict(zip(states["period"], states["text"], strict=True))["2025-12"] == "shift_down"


def test_industries_with_few_years_share_the_scale_of_their_region(lab: Lab) -> None:
    rng = np.random.default_rng(3)

    def years(last: float) -> dict[str, float]:
        return dict(zip(map(str, range(2016, 2025)), [*(7 + rng.standard_normal(8)), last], strict=True))

    rates = {f"value_added.yoy|industry={k}": {CITY: years(7.0)} for k in "BCEFGI"}
    rates["value_added.yoy|industry=K"] = {CITY: years(-9.0)}
    rates["value_added.yoy"] = {CITY: years(-50.0)}
    _, details = lab.run("industry_anomaly", {"growth": rates})
    states = details[(details["measure"] == "part_state") & (details["period"] == "2024")]

    assert states["item"].tolist() == ["value_added.yoy|industry=K"]


def test_a_region_that_is_too_short_is_left_out_and_all_of_them_wait(lab: Lab) -> None:
    given = {"growth": {"g|series=a": {PROVINCE: growth(84, 4), CITY: growth(10, 5, "2025-03")}}}
    figures, _ = lab.run("growth_anomaly", given)
    assert set(figures["region"]) == {PROVINCE}

    with pytest.raises(ValueError, match="at least 13 periods, not 10"):
        lab.run("growth_anomaly", series(industry=growth(10, 6, "2025-03")))
    with pytest.raises(ValueError, match="more than half"):
        lab.run("growth_anomaly", series(industry=months([5.0] * 60)))


def test_parts_are_told_for_the_newest_periods_only(lab: Lab) -> None:
    _, details = lab.run("growth_anomaly", series(industry=growth(84, 7)), shown=6)
    assert details[details["measure"] == "part"]["period"].min() == "2025-07"


def test_a_series_that_never_varies_is_left_out_and_the_others_are_told(lab: Lab) -> None:
    still = months(np.full(84, 5.0), "2019-01")
    _, details = lab.run("growth_anomaly", series(industry=growth(84, 1), trade=still))
    assert set(details.loc[details["measure"] == "part", "item"]) == {"monthly_growth|series=industry"}


def test_quarters_of_sectors_are_judged_by_those_before(lab: Lab) -> None:
    rng = np.random.default_rng(9)
    quarters = pd.period_range("2019Q1", "2025Q3", freq="Q")

    def sectors(last: float) -> pd.Series:
        return pd.Series([*(5 + rng.standard_normal(len(quarters) - 1)), last], quarters)

    rates = {f"gdp_growth_sector|sector={name}": {CITY: sectors(5.0)} for name in ("primary", "tertiary")}
    rates["gdp_growth_sector|sector=secondary"] = {CITY: sectors(-8.0)}
    figures, details = lab.run("sector_anomaly", {"growth": rates})
    newest = details[(details["period"] == "2025-Q3") & (details["measure"] == "part_state")]

    assert dict(zip(newest["item"], newest["text"], strict=True)) == {
        "gdp_growth_sector|sector=secondary": "alert_low"
    }
    # the year before the first is what the first is compared with
    assert figures["period"].min() == "2020-Q1"
