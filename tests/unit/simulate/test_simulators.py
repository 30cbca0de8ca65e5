from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

import conf
from jobs.simulate.delivery import Delivery, Params, proportional
from jobs.simulate.identifiers import valid_citizen_id, valid_uscc
from jobs.simulate.plan import plan_deliveries

from .conftest import FIRMS, PERSONS

Clean = Mapping[str, list[Delivery]]


def rows(clean: Clean, table: str) -> pd.DataFrame:
    return pd.concat([delivery.rows for delivery in clean[table]], ignore_index=True)


def test_the_register_has_the_stated_size_and_its_changes_about_three_percent(clean: Clean) -> None:
    full, changes = (delivery.rows for delivery in clean["public_security_person"])

    assert len(full) == PERSONS
    assert 0.02 < len(changes) / PERSONS < 0.04
    assert set(changes["state"]) == {"normal", "died", "moved_out"}


def test_each_county_keeps_its_share_of_the_census(clean: Clean, census: pd.DataFrame) -> None:
    full = clean["public_security_person"][0].rows
    counted = full[full["birth_date"] < "2020-11-01"]

    latest = census[census["census_year"] == 2020].groupby("region")["population"].sum()
    expected = latest / latest.sum() * len(counted)
    actual = counted.groupby("region").size().reindex(latest.index, fill_value=0)

    assert (actual - expected).abs().max() <= 1


def test_the_register_keeps_the_census_age_structure(clean: Clean, census: pd.DataFrame) -> None:
    full = clean["public_security_person"][0].rows
    counted = full[full["birth_date"] < "2020-11-01"]
    old = (counted["birth_date"] <= "1955-11-01").mean()

    latest = census[census["census_year"] == 2020].set_index("age")["population"]
    expected = latest[["65-69", "70-74", "75-79", "80-84", "85+"]].sum() / latest.sum()

    assert old == pytest.approx(expected, abs=0.015)


def test_identity_numbers_are_valid_unique_and_cannot_be_real(clean: Clean) -> None:
    people = rows(clean, "public_security_person").drop_duplicates("person_id")
    numbers = people["person_id"].to_numpy(str)

    assert valid_citizen_id(numbers).all()
    assert people["person_id"].str.startswith("99").all()
    assert (people["person_id"].str[6:14] == people["birth_date"].str.replace("-", "")).all()
    assert (people["person_id"].str[16].astype(int) % 2 == people["sex"].eq("m")).all()
    assert clean["public_security_person"][0].rows["person_id"].is_unique
    assert people["mobile"].str.fullmatch("(100[0-9]{8})?").all()


def test_the_dead_of_the_register_are_those_of_the_death_files(clean: Clean) -> None:
    deaths = rows(clean, "health_death")
    full, changes = (delivery.rows for delivery in clean["public_security_person"])
    between = deaths[deaths["death_date"].between("2020-11-02", "2025-12-10")]

    marked = pd.concat([full, changes])
    assert set(marked["person_id"][marked["state"] == "died"]) == set(between["person_id"])
    assert valid_citizen_id(deaths["person_id"].to_numpy(str)).all()
    assert deaths["person_id"].is_unique


def test_ages_at_death_follow_from_the_dates(clean: Clean) -> None:
    deaths = rows(clean, "health_death")
    birth = deaths["person_id"].str[6:14].astype(int)
    death = deaths["death_date"].str.replace("-", "").astype(int)

    assert (deaths["age_at_death"].astype(int) == (death - birth) // 10000).all()
    assert deaths["age_at_death"].astype(int).between(0, 110).all()


def test_births_after_the_census_enter_the_register(clean: Clean) -> None:
    births = rows(clean, "health_birth")
    people = rows(clean, "public_security_person")
    born = births["birth_date"].between("2020-11-02", "2025-12-10").sum()

    young = people[people["birth_date"] > "2020-11-01"].drop_duplicates("person_id")
    assert len(young) == born
    assert births["certificate"].is_unique
    assert births["certificate"].str.fullmatch("B[0-9]{11}").all()


def test_births_follow_the_assumed_rates(clean: Clean, params: Params, census: pd.DataFrame) -> None:
    births = clean["health_birth"][0].rows
    latest = census[census["census_year"] == 2020]
    share = latest.groupby(latest["region"].str[:2])["population"].sum() / latest["population"].sum()

    for province in ("37", "44"):
        expected = PERSONS * share[province] * params["people"]["birth_rate"][province + "0000"][2019] / 1000
        assert births["region"].str.startswith(province).sum() == round(expected)


def test_credit_codes_are_valid_unique_and_cannot_be_real(clean: Clean) -> None:
    full, changes = (delivery.rows for delivery in clean["market_regulation_enterprise"])
    codes = pd.concat([full["uscc"], changes["uscc"]])

    assert len(full) == FIRMS
    assert full["uscc"].is_unique and changes["uscc"].is_unique
    assert codes.str.startswith("9199").all()
    assert valid_uscc(codes.to_numpy(str)).all()


def test_exits_come_after_registration_and_before_delivery(clean: Clean) -> None:
    for delivery in clean["market_regulation_enterprise"]:
        gone = delivery.rows[delivery.rows["exited_on"] != ""]
        assert (gone["exited_on"] > gone["registered_on"]).all()
        assert gone["exited_on"].max() <= delivery.date
        assert (delivery.rows["registered_on"] <= delivery.date).all()
        assert set(gone["state"]) == {"deregistered", "revoked"}
        assert set(delivery.rows["state"][delivery.rows["exited_on"] == ""]) == {"active"}


def test_changed_firms_really_differ_from_the_register(clean: Clean) -> None:
    full, changes = (delivery.rows.set_index("uscc") for delivery in clean["market_regulation_enterprise"])
    both = full.index.intersection(changes.index)

    assert len(both) > 20
    assert (full.loc[both] != changes.loc[both]).any(axis=1).all()


@pytest.fixture(scope="module")
def prices(clean: Clean) -> pd.DataFrame:
    frame = rows(clean, "agriculture_market_price")
    return frame.assign(price=frame["price"].astype(float), province=frame["region"].str[:2])


def test_all_cities_report_every_product_every_week(prices: pd.DataFrame) -> None:
    assert prices["region"].nunique() == 37
    assert prices.groupby(["date", "product"])["region"].nunique().eq(37).all()
    days = pd.to_datetime(prices["date"].unique())
    assert (days.weekday == 0).all()
    assert (days.isocalendar().iloc[[0, -1]][["year", "week"]].to_numpy() == [[2019, 1], [2025, 50]]).all()


@pytest.mark.parametrize("province", ["37", "44"])
@pytest.mark.parametrize(
    ("week", "published"), [("2021-06-21", 4.90), ("2022-01-24", 5.57), ("2023-01-30", 4.96)]
)
def test_the_hog_ratio_meets_the_published_points(
    prices: pd.DataFrame, province: str, week: str, published: float
) -> None:
    local = prices[(prices["province"] == province) & (prices["date"] == week)]
    wide = local.pivot(index="region", columns="product", values="price")

    assert wide["hog"].mean() / wide["corn"].mean() == pytest.approx(published, abs=0.003)
    assert (wide["hog"] / wide["corn"]).mean() == pytest.approx(published, abs=0.003)


def test_2022_01_24_is_the_third_week_between_five_and_six(prices: pd.DataFrame) -> None:
    wide = prices.pivot_table(index=["province", "date"], columns="product", values="price")
    ratio = wide["hog"] / wide["corn"]

    for province in ("37", "44"):
        weeks = ratio.loc[province].loc["2022-01-03":"2022-01-24"]
        assert list(weeks.between(5, 6)) == [False, True, True, True]


def test_no_defect_may_touch_the_weeks_that_decide_a_published_point(clean: Clean) -> None:
    for delivery in clean["agriculture_market_price"]:
        assert delivery.exempt is not None
        decisive = delivery.rows["date"].isin(
            ["2021-06-21", "2022-01-10", "2022-01-17", "2022-01-24", "2023-01-30"]
        )
        ratio = delivery.rows["product"].isin(["hog", "corn"])
        assert delivery.exempt[decisive & ratio].all()


def test_vegetables_sometimes_rise_by_more_than_fifteen_percent(prices: pd.DataFrame) -> None:
    vegetables = prices[prices["product"] == "vegetables"].pivot_table(
        index="date", columns="province", values="price"
    )
    rise = vegetables.pct_change()

    assert (rise > 0.15).any().all()
    assert ((rise > 0.10).mean() < 0.12).all()


def test_near_cities_deviate_alike(prices: pd.DataFrame) -> None:
    vegetables = prices[prices["product"] == "vegetables"].pivot(
        index="date", columns="region", values="price"
    )
    local = np.log(vegetables[[code for code in vegetables if code.startswith("44")]])
    deviation = local.sub(local.mean(axis=1), axis=0)

    # Guangzhou lies beside Foshan and far from Zhanjiang
    assert deviation["440100"].corr(deviation["440600"]) > deviation["440100"].corr(deviation["440800"]) + 0.3


def test_the_product_of_a_city_is_the_sum_of_its_sectors(clean: Clean) -> None:
    frame = rows(clean, "statistics_gdp_quarterly")
    wide = frame.assign(value=frame["value"].astype(float)).pivot(
        index=["region", "year", "quarter"], columns="sector", values="value"
    )

    assert len(wide) == 37 * 27
    assert (wide["total"] - wide[["primary", "secondary", "tertiary"]].sum(axis=1)).abs().max() < 0.005
    assert (wide > 0).all().all()


def test_growth_dips_in_the_first_quarter_of_2020(clean: Clean) -> None:
    frame = rows(clean, "statistics_gdp_quarterly")
    total = frame[frame["sector"] == "total"]
    growth = total.assign(g=total["real_growth"].astype(float)).groupby(["year", "quarter"])["g"].mean()

    assert growth.idxmin() == ("2020", "1")
    assert growth.min() < -3


def test_some_targets_are_ahead_some_behind_and_some_silent(clean: Clean, loaded: conf.Conf) -> None:
    frame = rows(clean, "development_plan_progress")
    last = frame.assign(value=frame["value"].astype(float)).groupby("target_id")["value"].last()
    targets = {target.target_id: target for target in loaded.targets}

    assert len(last) == pytest.approx(0.7 * len(targets), abs=1)
    met = [
        (last[name] >= targets[name].goal)
        if targets[name].direction == "up"
        else (last[name] <= targets[name].goal)
        for name in last.index
    ]
    assert 0 < sum(met) < len(met)
    assert (last >= 0).all()


def test_plan_reports_stay_inside_the_span_and_say_how_they_came_about(clean: Clean) -> None:
    frame = rows(clean, "development_plan_progress")
    guangdong = frame["target_id"].str.startswith("GD-")

    assert frame["as_of"][guangdong].agg(["min", "max"]).tolist() == ["2018-01-31", "2020-12-31"]
    assert frame["as_of"][~guangdong].agg(["min", "max"]).tolist() == ["2015-01-31", "2020-12-31"]
    assert frame.groupby("target_id")["evidence"].nunique().eq(1).all()
    assert frame["evidence"].eq("self_reported").mean() > 0.5


def test_without_targets_there_are_no_plan_reports(params: Params) -> None:
    assert plan_deliveries([], {}, params["plan"], 1) == []


def test_systematic_sampling_keeps_shares_to_one() -> None:
    weights = np.array([5.0, 0.0, 1.0, 14.0])

    counts = np.bincount(proportional(weights, 50, np.random.default_rng(3)), minlength=4)

    assert (np.abs(counts - weights / 20 * 50) < 1).all()
    assert counts[1] == 0
