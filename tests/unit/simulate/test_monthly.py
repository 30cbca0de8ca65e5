"""Monthly statistics and yearly industries: what was planted is in them, and they look as departments hand in."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

from jobs.simulate.cycle import planted_cycle
from jobs.simulate.delivery import Delivery, Params

Clean = Mapping[str, list[Delivery]]
TABLE = "statistics_economy_monthly"


@pytest.fixture(scope="module")
def monthly(clean: Clean) -> pd.DataFrame:
    """All rows with numbers, `month` as a period and the day they were handed in; revisions replace."""
    frame = pd.concat([d.rows.assign(on=d.date) for d in clean[TABLE]], ignore_index=True)
    return frame.assign(
        value=frame["value"].astype(float),
        growth=pd.to_numeric(frame["growth"]),
        month=pd.PeriodIndex(frame["month"], freq="M"),
    )


@pytest.fixture(scope="module")
def newest(monthly: pd.DataFrame) -> pd.DataFrame:
    return monthly.drop_duplicates(["region", "month", "series", "kind"], keep="last")


def one(frame: pd.DataFrame, series: str, region: str = "440000", column: str = "value") -> pd.Series:
    rows = frame[(frame["series"] == series) & (frame["region"] == region)]
    return rows.set_index("month")[column].sort_index()


def test_the_cycle_goes_through_its_turns_and_nowhere_beyond() -> None:
    turns = [{"month": "2020-01", "height": 1.0}, {"month": "2021-01", "height": -1.0}]
    months = np.arange(np.datetime64("2019-06"), np.datetime64("2021-06"))
    cycle = pd.Series(planted_cycle(months, turns), index=months)

    assert cycle[np.datetime64("2020-01")] == 1.0
    assert cycle[np.datetime64("2020-07")] == pytest.approx(0.0)
    assert cycle[np.datetime64("2021-01")] == -1.0
    assert cycle.iloc[0] == 1.0
    assert cycle.iloc[-1] == -1.0
    assert (np.diff(cycle[np.datetime64("2020-01") : np.datetime64("2021-01")]) < 0).all()


def test_january_and_february_are_told_together_where_they_are_in_practice(newest: pd.DataFrame) -> None:
    cumulative = newest[newest["kind"] == "ytd"]
    single = newest[newest["kind"] == "month"]

    assert not (cumulative["month"].dt.month == 1).any()
    assert set(single[single["month"].dt.month == 1]["series"]) >= {"electricity", "cpi", "pmi_orders"}
    growth = newest[newest["series"] == "industrial_growth"]
    assert set(growth[growth["month"].dt.month == 2]["kind"]) == {"ytd"}
    assert set(newest[newest["kind"] == "ytd_quarterly"]["month"].dt.month) == {3, 6, 9, 12}


def test_year_to_date_levels_rise_within_a_year_and_start_anew(newest: pd.DataFrame) -> None:
    levels = newest[newest["kind"].str.startswith("ytd") & (newest["unit"] != "percent")]
    steps = levels.sort_values("month").groupby(["region", "series", levels["month"].dt.year])["value"].diff()

    assert (steps.dropna() > 0).all()


def test_growth_is_that_of_the_levels_but_where_the_scope_was_changed(
    newest: pd.DataFrame, params: Params
) -> None:
    for series in ("retail_sales", "fixed_investment"):
        level, growth = one(newest, series), one(newest, series, column="growth")
        before = level.reindex(level.index - 12).to_numpy()
        gap = (growth - 100 * (level / before - 1)).dropna()
        changed = gap.index.year == params["monthly"]["scope"].get(series, {}).get("year")
        assert gap[~changed].abs().max() < 0.3
        assert (gap[changed].abs() > 5).all()


def test_the_cities_make_the_province(newest: pd.DataFrame) -> None:
    month = newest[(newest["month"] == pd.Period("2024-06")) & (newest["series"] == "industrial_output")]
    cities = month[month["region"].str.startswith("44") & (month["region"] != "440000")]

    assert len(cities) == 21
    # but for the one that reports too much, from 2025 on
    assert cities["value"].sum() == pytest.approx(one(newest, "industrial_output")["2024-06"], abs=0.2)


def test_orders_turn_before_output_by_the_months_planted(newest: pd.DataFrame, params: Params) -> None:
    orders = one(newest, "orders", column="growth")
    output = one(newest, "industrial_growth")
    lead = params["monthly"]["series"]["orders"]["lead"]
    correlations = {k: orders.corr(output.shift(-k)) for k in range(-12, 13)}

    assert abs(max(correlations, key=lambda k: correlations[k]) - lead) <= 2


def test_some_figures_are_revised_a_month_later_and_never_those_of_a_closed_year(
    monthly: pd.DataFrame,
) -> None:
    told = monthly.groupby(["region", "month", "series", "kind"])["value"].agg(["nunique", "size"])
    twice = told[told["size"] > 1].reset_index()

    assert (told["size"] <= 2).all()
    assert set(twice["month"].dt.year) == {2025}
    assert {"industrial_output", "industrial_growth"} <= set(twice["series"])
    assert (twice["nunique"] > 1).mean() > 0.8
    # what is told again as it was would be a duplicate
    assert not monthly.duplicated(["region", "month", "series", "kind", "value", "growth"]).any()


def test_surveys_come_before_the_other_figures_of_a_month(monthly: pd.DataFrame) -> None:
    november = monthly[monthly["month"] == pd.Period("2025-11")]
    day = november.groupby("series")["on"].first()

    assert day["pmi_orders"] == "2025-12-01"
    assert day["electricity"] == "2025-12-15"
    # nothing is handed in before the month is over
    assert (pd.PeriodIndex(monthly["on"].str[:7], freq="M") > monthly["month"]).all()


def test_answers_add_up_to_the_firms_asked(newest: pd.DataFrame, params: Params) -> None:
    answers = sum(one(newest, f"survey_{name}") for name in ("up", "same", "down"))
    assert set(answers) == {float(params["monthly"]["survey"]["firms"])}


def test_one_city_reports_more_than_its_electricity_goes_with(newest: pd.DataFrame, params: Params) -> None:
    city = params["monthly"]["overstated"]["region"]
    output = one(newest, "industrial_output", city, "growth")["2025-11"]
    power = one(newest, "electricity", city, "growth")["2025-04":"2025-11"].mean()

    assert output - power > 8


def test_industries_of_a_city_make_a_plausible_whole(clean: Clean) -> None:
    frame = pd.concat([d.rows for d in clean["statistics_industry_yearly"]])
    people = pd.concat([d.rows for d in clean["statistics_population_yearly"]])
    employed = frame.assign(n=frame["employment"].astype(float)).groupby(["region", "year"])["n"].sum()
    residents = people.set_index(["region", "year"])["population"].astype(float)

    assert len(employed) == len(residents) == 37 * 10
    assert ((employed / residents) - 0.55).abs().max() < 0.01
    assert (frame["value_added"].astype(float) > 0).all()
