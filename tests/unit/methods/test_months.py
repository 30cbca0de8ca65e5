import numpy as np
import pandas as pd
import pytest

from jobs.methods.months import Season, adjust, monthly, rates, whole
from models.series.festival import festival_regressors

from .conftest import PROVINCE, Lab, months, rows


def test_january_takes_the_joint_rate_of_february_and_no_other_gap_is_filled() -> None:
    values = months([np.nan, 4.0, 5.0, np.nan, 6.0], start="2024-01")
    table = rates(rows({"growth|series=output": {PROVINCE: values}}))

    assert list(table.columns) == ["output"]
    # the table begins with the first month known
    assert table["output"].tolist()[0] == 4.0
    table = rates(rows({"growth|series=output": {PROVINCE: months([1.0, *values], start="2023-12")}}))
    assert np.array_equal(table["output"], [1.0, 4.0, 4.0, 5.0, np.nan, 6.0], equal_nan=True)


def test_a_january_that_is_told_stays() -> None:
    table = rates(rows({"growth|series=a": {PROVINCE: months([1.0, 2.0, 3.0], start="2023-12")}}))
    assert table["a"].tolist() == [1.0, 2.0, 3.0]


def test_what_comes_each_quarter_is_carried_as_far_as_told() -> None:
    quarterly = months([np.nan, np.nan, 3.0, np.nan, np.nan, 6.0, np.nan, np.nan, np.nan], start="2024-03")
    steady = months(np.ones(9), start="2024-03")
    table = rates(rows({"g|series=q": {PROVINCE: quarterly}, "g|series=m": {PROVINCE: steady}}), carry=2)

    expected = [np.nan, np.nan, 3.0, 3.0, 3.0, 6.0, 6.0, 6.0, np.nan]
    assert np.array_equal(table["q"], expected, equal_nan=True)


def test_the_newest_whole_run_is_taken() -> None:
    table = pd.DataFrame({"a": months([1, 2, 3, 4, 5, np.nan]), "b": months([1, np.nan, 3, 4, 5, 6])})
    assert whole(table).index.astype(str).tolist() == ["2011-03", "2011-04", "2011-05"]


def test_a_series_without_any_figure_is_named() -> None:
    with pytest.raises(ValueError, match="none of b"):
        whole(pd.DataFrame({"a": months([1, 2]), "b": months([np.nan, np.nan])}))


def test_quarters_stand_in_their_middle_months_with_a_line_between() -> None:
    table = pd.DataFrame({"gdp": [3.0, 6.0]}, index=pd.period_range("2024Q1", periods=2, freq="Q"))
    found = monthly(table)["gdp"]

    assert found.index.astype(str).tolist() == ["2024-02", "2024-03", "2024-04", "2024-05"]
    assert found.tolist() == [3.0, 4.0, 5.0, 6.0]


def test_season_and_festival_are_taken_out(lab: Lab) -> None:
    index = pd.period_range("2012-01", "2024-12", freq="M")
    season = Season(before=20, during=7, after=20, robust=False, confidence=0.95)
    effect = festival_regressors(index, lab.loaded.festivals, before=20, during=7, after=20)
    noise = 0.002 * np.random.default_rng(2).standard_normal(len(index))
    trend = 100 * 1.004 ** np.arange(len(index)) * np.exp(noise)
    moved = np.exp(0.1 * np.sin(2 * np.pi * index.month / 12) - 0.2 * effect["during"].to_numpy())
    parts = adjust(pd.Series(trend * moved, index=index), lab.loaded.festivals, season)

    assert parts.effects["during"] == pytest.approx(-0.2, abs=0.02)
    assert (parts.adjusted / trend - 1).std() < 0.004
    assert not parts.residual.seasonal
