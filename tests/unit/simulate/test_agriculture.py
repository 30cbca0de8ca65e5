"""The simulated agriculture library: what is planted can be found, and what must add up does."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

from jobs.simulate.agri_supply import ITEMS, _stocked
from jobs.simulate.delivery import Delivery
from models.agriculture.balance import SUPPLY, USE
from models.agriculture.hog_cycle import hog_lag

Clean = Mapping[str, list[Delivery]]


def rows(clean: Clean, table: str) -> pd.DataFrame:
    return pd.concat([delivery.rows for delivery in clean[table]], ignore_index=True)


def monthly(herd: pd.DataFrame, column: str, province: str) -> pd.Series:
    local = herd[herd["region"].str[:2] == province]
    total = local[column].astype(float).groupby(local["year"] + "-" + local["month"].str.zfill(2)).sum()
    return total.set_axis(pd.PeriodIndex(total.index, freq="M"))


@pytest.mark.parametrize("province", ["37", "44"])
def test_hogs_follow_sows_by_nine_to_twelve_months(clean: Clean, province: str) -> None:
    herd = rows(clean, "agriculture_sow_stock")
    found = hog_lag(
        monthly(herd, "sows", province), monthly(herd, "slaughtered", province), lags=range(3, 16)
    )
    near = sum(weight for lag, weight in found.weights.items() if 8 <= lag <= 13)
    assert found.r_squared > 0.9 and near > 0.9 * sum(found.weights.values())


def test_the_normal_stock_of_guangdong_is_that_of_its_plan(clean: Clean) -> None:
    herd = rows(clean, "agriculture_sow_stock")
    first = herd[(herd["year"] == "2025") & (herd["month"] == "11") & (herd["region"].str[:2] == "44")]
    assert first["normal"].astype(int).sum() == 1_900_000
    assert len(first) == 21


def test_stocks_and_flows_add_up_before_they_are_misreported() -> None:
    rng = np.random.default_rng(1)
    production = rng.uniform(0, 20, 48)
    flows = _stocked(production, {"food": np.full(48, 8.0), "loss": np.full(48, 1.0)}, 30.0)
    supply, use = (sum(flows[item] for item in items) for items in (SUPPLY, USE))
    assert supply == pytest.approx(use)
    assert flows["closing"][:-1] == pytest.approx(flows["opening"][1:])
    assert all((flows[item] >= 0).all() for item in ITEMS)


def test_a_balance_as_stated_does_not_add_up_but_nearly(clean: Clean) -> None:
    sheet = rows(clean, "agriculture_balance_sheet")
    key = ["region", "product", "year", "month"]
    assert not sheet.duplicated([*key, "balance_item"]).any()
    table = sheet.assign(value=sheet["value"].astype(float)).pivot(
        index=key, columns="balance_item", values="value"
    )
    gap = table[list(SUPPLY)].sum(axis=1) - table[list(USE)].sum(axis=1)
    assert (gap.abs() > 0.001).mean() > 0.99
    assert (gap.abs() / table[list(SUPPLY)].sum(axis=1)).max() < 0.15


def test_a_survey_adds_up(clean: Clean) -> None:
    survey = rows(clean, "development_cost_return")
    table = survey.assign(value=survey["value"].astype(float)).pivot(
        index=["region", "crop", "year"], columns="cost_item", values="value"
    )
    assert table.notna().all(axis=None)
    assert table["output"].to_numpy() == pytest.approx(
        (table["quantity"] * table["price"] / 50).to_numpy(), abs=0.01
    )


def test_hot_years_are_bad_years(clean: Clean) -> None:
    crops = rows(clean, "agriculture_crop")
    corn = crops[(crops["crop"] == "corn") & (crops["region"].str[:2] == "37")]
    table = corn.assign(value=corn["value"].astype(float)).pivot_table(
        index="year", columns="crop_item", values="value"
    )
    detrended = np.log(table["yield"]) - np.polyval(
        np.polyfit(range(len(table)), np.log(table["yield"]), 1), range(len(table))
    )
    assert np.corrcoef(detrended, table["heat_days"])[0, 1] < -0.5
    assert (table["heat_days"] >= 0).all()


def test_renewed_certificates_follow_each_other(clean: Clean) -> None:
    found = rows(clean, "agriculture_certificate")
    assert found["certificate"].is_unique and (found["valid_to"] > found["valid_from"]).all()
    assert found["firm"].str.contains("模拟").all()
    renewed = found["valid_from"].isin(found["valid_to"])
    assert 0.2 < renewed.mean() < 0.8
    for delivery in clean["agriculture_certificate"]:
        assert delivery.rows["valid_from"].max() <= delivery.date


def test_a_hundred_counties_of_shandong_have_four_milestones_each(clean: Clean) -> None:
    (delivery,) = clean["agriculture_county_programme"]
    counts = delivery.rows.groupby("county_programme")["region"].nunique()
    assert counts.to_dict() == {"demonstration": 40, "collection": 60}
    assert delivery.rows["region"].nunique() == 100 and len(delivery.rows) == 400
    done = delivery.rows["done"][delivery.rows["done"] != ""]
    assert done.max() < delivery.date and 0.5 < len(done) / 400 < 1


def test_land_and_batches_stay_within_what_there_is(clean: Clean) -> None:
    land = rows(clean, "agriculture_land_transfer")
    assert (land["transferred"].astype(float) <= land["contracted"].astype(float)).all()
    batches = rows(clean, "agriculture_trace_batch")
    assert batches["batch"].is_unique and batches["batch"].str.fullmatch("[0-9]{14}").all()
    traced = (batches["traced"] == "yes").groupby(batches["inspected_on"].str[:4]).mean()
    assert traced.iloc[-1] > traced.iloc[0] + 0.2


def test_dust_comes_in_winter_and_ozone_in_summer(clean: Clean) -> None:
    air = rows(clean, "environment_air_daily")
    assert not air.duplicated(["region", "date"]).any()
    month = air["date"].str[5:7]
    means = air[["pm25", "o3"]].astype(float).groupby(month).mean()
    assert means["pm25"]["01"] > means["pm25"]["07"] and means["o3"]["01"] < means["o3"]["07"]


def test_all_of_it_is_a_small_part_of_the_landing_zone(clean: Clean) -> None:
    """At the usual size; here the registers are smaller."""
    tables = [t for t in clean if t.startswith(("agriculture_", "environment_", "development_cost"))]
    assert sum(len(rows(clean, t)) for t in tables if t != "agriculture_market_price") < 45_000
