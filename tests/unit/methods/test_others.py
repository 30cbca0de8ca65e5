"""Series, cross-checks, scores, regimes: each finds what was planted, and says what it waits for."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from cockpit import texts
from jobs.methods.base import methods

from .conftest import PROVINCE, Lab, months

Wave = Callable[..., pd.Series]


def test_the_parts_of_an_adjusted_series_make_it_again(lab: Lab) -> None:
    rng = np.random.default_rng(4)
    level = months(100 * np.exp(0.004 * np.arange(120) + 0.02 * rng.standard_normal(120)))
    figures, details = lab.run("electricity_adjusted", {"series": {"monthly|series=e": {PROVINCE: level}}})
    parts = details.pivot(index="period", columns="measure", values="value")

    again = figures.set_index("period")["value"] * (1 + parts["season"] / 100) * (1 + parts["festival"] / 100)
    assert np.allclose(again, level.to_numpy())
    assert parts["change"].notna().sum() == 119


def test_a_gap_in_the_series_is_told_and_not_filled(lab: Lab) -> None:
    level = months(np.arange(1.0, 61.0))
    level.iloc[30] = np.nan
    with pytest.raises(ValueError, match="2013-07"):
        lab.run("electricity_adjusted", {"series": {"monthly|series=e": {PROVINCE: level}}})


def test_a_changed_scope_stands_out(lab: Lab) -> None:
    published = months([5.0] * 24, start="2022-01")
    ratio = published.copy()
    ratio["2023-01":"2023-12"] -= 7.0
    given = {
        "published": {"monthly_growth|series=investment": {PROVINCE: published}},
        "ratio": {"monthly.yoy|series=investment": {PROVINCE: ratio}},
    }
    figures, details = lab.run("base_check", given)

    assert set(figures["breakdown"]) == {"series=investment"}
    outside = details[details["measure"] == "outside"]
    assert outside["period"].str[:4].unique().tolist() == ["2023"]
    assert outside["value"].tolist() == pytest.approx([7.0] * 12)


def test_a_fixed_base_index_grows_as_told(lab: Lab) -> None:
    figures, _ = lab.run(
        "production_index", {"growth": {"g|series=i": {PROVINCE: months([10.0] * 48, "2019-01")}}}
    )
    values = figures.set_index("period")["value"]

    assert values["2020-01":"2020-12"].mean() == pytest.approx(100)
    assert values["2022-03"] / values["2021-03"] == pytest.approx(1.1)


def test_a_base_year_that_is_not_there_is_told(lab: Lab) -> None:
    with pytest.raises(ValueError, match="2020-01"):
        lab.run("production_index", {"growth": {"g|series=i": {PROVINCE: months([10.0] * 24, "2022-01")}}})


def test_output_that_leaves_its_electricity_is_outside(lab: Lab) -> None:
    rng = np.random.default_rng(6)
    growth = 5 + 2 * np.sin(np.arange(96) / 6) + 0.2 * rng.standard_normal(96)
    electricity = np.empty(108)
    electricity[:12] = 100
    for t in range(96):
        electricity[t + 12] = electricity[t] * (1 + growth[t] / 100)
    output = months(growth + 0.2 * rng.standard_normal(96), start="2018-01")
    output[output.index.month == 1] = np.nan
    honest = output.copy()
    output["2025-06":] += 15
    source = months(electricity, start="2017-01")
    given = {
        "output": {"g|series=output": {PROVINCE: output, "440100": honest}},
        "source": {"monthly|series=electricity": {PROVINCE: source, "440100": source}},
    }
    figures, details = lab.run("output_against_electricity", given)
    outside = details[details["measure"] == "outside"]

    assert set(outside["region"]) == {PROVINCE}
    assert outside["period"].min() == "2025-06"
    assert not figures["period"].str.endswith("-01").any()


def test_too_few_months_to_learn_a_relation_are_told(lab: Lab) -> None:
    given = {
        "output": {"g|series=output": {PROVINCE: months(np.arange(20.0))}},
        "source": {"monthly|series=e": {PROVINCE: months(np.arange(1.0, 41.0))}},
    }
    with pytest.raises(ValueError, match="40 months"):
        lab.run("output_against_electricity", given)


def test_the_low_regime_and_the_break_are_those_planted(lab: Lab) -> None:
    rng = np.random.default_rng(9)
    growth = months(np.where(np.arange(120) < 70, 8.0, 3.0) + 0.5 * rng.standard_normal(120))
    figures, details = lab.run("growth_regimes", {"growth": {"g|series=i": {PROVINCE: growth}}})
    values = figures.set_index("period")["value"]

    assert values[:"2016-09"].mean() < 5
    assert values["2017-01":].mean() > 95
    breaks = pd.PeriodIndex(details[details["measure"] == "break"]["period"], freq="M")
    assert breaks.astype(str).tolist() == ["2016-11"]
    assert details[details["measure"] == "segment_mean"]["value"].round().unique().tolist() == [8.0, 3.0]


def test_quarters_are_what_a_sum_has_more_than_the_one_before(lab: Lab) -> None:
    sums = {"2020-Q1": 5.0, "2020-Q2": 12.0, "2020-Q4": 30.0, "2021-Q1": 6.0}
    figures, _ = lab.run(
        "marine_quarter", {"cumulative": {"marine_to_date|district=rushan": {"371000": sums}}}
    )

    assert dict(zip(figures["period"], figures["value"], strict=True)) == {
        "2020-Q1": 5.0, "2020-Q2": 7.0, "2021-Q1": 6.0,
    }  # fmt: skip
    assert set(figures["breakdown"]) == {"district=rushan"}


def test_roles_of_methods_are_worded() -> None:
    roles = {role for method in methods().values() for role in method.roles}

    assert [role for role in sorted(roles) if not texts.has(f"analysis.role.{role}")] == []
