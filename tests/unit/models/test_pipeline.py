"""The run as a whole: columns, honesty of the backtest, intervals, guards, champion."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.forecasting import conformal, guards, scoring
from models.forecasting.pipeline import ForecastResult, run

BOUNDS = ["lo80", "hi80", "lo95", "hi95"]
LABELS = ["model", "model_version", "champion"]


def seasonal(number: int, length: int = 72, season: int = 12, seed: int = 0) -> dict[str, np.ndarray]:
    """Autoregressive series round a season."""
    random = np.random.default_rng(seed)
    noise = random.normal(0, 4, (number, length))
    for t in range(1, length):
        noise[:, t] += 0.6 * noise[:, t - 1]
    phase = random.uniform(0, 2 * np.pi, (number, 1))
    values = 100 + 20 * np.sin(2 * np.pi * np.arange(length) / season + phase) + noise
    return {f"s{i:04d}": row for i, row in enumerate(values)}


@pytest.fixture(scope="module")
def series() -> dict[str, np.ndarray]:
    return seasonal(60)


@pytest.fixture(scope="module")
def result(series: dict[str, np.ndarray]) -> ForecastResult:
    return run(series, season=12, horizon=6, origins=6, non_negative=True)


def test_columns(result: ForecastResult) -> None:
    assert list(result.forecast) == ["series_id", "step", "mean", *BOUNDS, *LABELS, "note"]
    assert list(result.backtest) == [
        "series_id",
        "origin",
        "step",
        "mean",
        *BOUNDS,
        "actual",
        "naive",
        *LABELS,
    ]
    assert list(result.scores) == [
        *["series_id", *LABELS, "n_origins", "n_errors", "mase", "smape", "mape", "bias"],
        *["coverage80", "coverage95", "fva"],
    ]


def test_every_series_has_one_champion_and_all_steps(result: ForecastResult) -> None:
    assert (result.scores.groupby("series_id")["champion"].sum() == 1).all()
    published = result.forecast[result.forecast["champion"]]
    assert (published.groupby("series_id")["step"].apply(list).map(tuple) == (1, 2, 3, 4, 5, 6)).all()
    assert published[["mean", *BOUNDS]].notna().all(axis=None)


def test_actuals_and_origins_are_positions_of_the_series(
    result: ForecastResult, series: dict[str, np.ndarray]
) -> None:
    rows = result.backtest
    expected = [
        series[one][at] for one, at in zip(rows["series_id"], rows["origin"] + rows["step"], strict=True)
    ]
    assert rows["actual"].tolist() == expected
    assert rows["origin"].max() == 71 - 6
    # seasonal naive of step h is the value a season before
    before = [
        series[one][at - 12] for one, at in zip(rows["series_id"], rows["origin"] + rows["step"], strict=True)
    ]
    assert rows["naive"].tolist() == before


def test_scores_follow_from_the_backtest(result: ForecastResult, series: dict[str, np.ndarray]) -> None:
    mine = result.backtest.query("series_id == 's0007' and model == 'theta'")
    score = result.scores.query("series_id == 's0007' and model == 'theta'").iloc[0]
    error = (mine["mean"] - mine["actual"]).abs()
    scale = mine["origin"].map(
        lambda end: np.abs(series["s0007"][12 : end + 1] - series["s0007"][: end - 11]).mean()
    )
    assert score["n_origins"] == mine["origin"].nunique() == 6
    assert score["n_errors"] == len(mine) == 36
    assert score["mase"] == pytest.approx((error / scale).mean())
    assert score["mape"] == pytest.approx(100 * (error / mine["actual"]).mean())
    assert score["smape"] == pytest.approx(200 * (error / (mine["actual"] + mine["mean"])).mean())
    assert score["bias"] == pytest.approx(100 * (mine["mean"] - mine["actual"]).sum() / mine["actual"].sum())
    naive = (mine["naive"] - mine["actual"]).abs().mean()
    assert score["fva"] == pytest.approx(1 - error.mean() / naive)
    judged = mine.dropna(subset=["lo80"])
    assert 0 < len(judged) < 36
    assert score["coverage80"] == pytest.approx(
        judged["actual"].between(judged["lo80"], judged["hi80"]).mean()
    )


def test_no_look_ahead(series: dict[str, np.ndarray], result: ForecastResult) -> None:
    """Rewriting everything after an origin changes nothing that was said at it or before."""
    origin = int(sorted(result.backtest["origin"].unique())[3])
    random = np.random.default_rng(9)
    rewritten = {
        one: np.where(np.arange(values.size) > origin, random.uniform(1, 900, values.size), values)
        for one, values in series.items()
    }
    again = run(rewritten, season=12, horizon=6, origins=6, non_negative=True)
    columns = ["series_id", "model", "origin", "step", "mean", *BOUNDS, "naive"]
    then, now = (one.backtest.query(f"origin <= {origin}")[columns] for one in (result, again))
    pd.testing.assert_frame_equal(then, now)
    assert then["lo80"].notna().any()


def test_first_origin_has_no_interval_and_later_ones_do(result: ForecastResult) -> None:
    by_origin = result.backtest.groupby("origin")["lo80"].apply(lambda bound: bound.notna().any())
    assert not by_origin.iloc[0]
    assert by_origin.iloc[-1]


def test_intervals_nest(result: ForecastResult) -> None:
    for frame in (result.forecast, result.backtest.dropna(subset=BOUNDS)):
        assert len(frame)
        assert (frame["lo95"] <= frame["lo80"]).all() and (frame["lo80"] <= frame["mean"]).all()
        assert (frame["mean"] <= frame["hi80"]).all() and (frame["hi80"] <= frame["hi95"]).all()


def test_order_of_series_does_not_matter(series: dict[str, np.ndarray], result: ForecastResult) -> None:
    turned = run(dict(reversed(series.items())), season=12, horizon=6, origins=6, non_negative=True)
    for one, other in zip(
        (result.forecast, result.backtest, result.scores),
        (turned.forecast, turned.backtest, turned.scores),
        strict=True,
    ):
        pd.testing.assert_frame_equal(one, other, check_exact=True)


def test_coverage_is_near_nominal() -> None:
    """Of backtest intervals, and of live ones on a hidden future; season plus autoregression."""
    full = seasonal(250, length=162, seed=5)
    result = run(
        {one: values[:156] for one, values in full.items()},
        season=12,
        horizon=6,
        origins=6,
        non_negative=False,
    )
    default = result.scores.query("model == 'theta_damped'")
    assert default["coverage80"].mean() == pytest.approx(0.80, abs=0.04)
    assert default["coverage95"].mean() == pytest.approx(0.95, abs=0.025)
    assert default["fva"].mean() > 0.05
    live = result.forecast.query("model == 'theta_damped'")
    actual = np.array(
        [full[one][155 + step] for one, step in zip(live["series_id"], live["step"], strict=True)]
    )
    assert ((live["lo80"] <= actual) & (actual <= live["hi80"])).mean() == pytest.approx(0.80, abs=0.05)
    assert ((live["lo95"] <= actual) & (actual <= live["hi95"])).mean() == pytest.approx(0.95, abs=0.03)


@settings(max_examples=8, deadline=None)
@given(exponent=st.integers(-6, 9))
def test_a_change_of_unit_changes_only_the_unit(exponent: int) -> None:
    """By a power of two even the last digit stays."""
    factor = 2.0**exponent
    plain = run(seasonal(6), season=12, horizon=4, origins=4, non_negative=True)
    scaled = run(
        {one: factor * values for one, values in seasonal(6).items()},
        season=12,
        horizon=4,
        origins=4,
        non_negative=True,
    )
    figures = ["mean", *BOUNDS]
    pd.testing.assert_frame_equal(plain.forecast[figures] * factor, scaled.forecast[figures])
    pd.testing.assert_frame_equal(plain.scores, scaled.scores)


def test_short_series_get_the_last_value_and_a_wide_interval() -> None:
    result = run({"a": np.array([4.0, 6.0, 5.0])}, season=1, horizon=2, origins=6, non_negative=True)
    row = result.forecast[result.forecast["champion"]].iloc[0]
    assert row["mean"] == 5 and row["note"].startswith("only 3 observations")
    # Student's t with 2 degrees of freedom at 80 % is 1.8856; root mean squared change is sqrt(2.5)
    assert row["hi80"] - row["mean"] == pytest.approx(1.8856 * np.sqrt(2.5), rel=1e-4)
    assert row["lo95"] == 0
    score = result.scores[result.scores["champion"]].iloc[0]
    assert score["model"] == scoring.DEFAULT and score["n_origins"] == 0 and np.isnan(score["mase"])


def test_filled_gaps_do_not_narrow_the_random_walk() -> None:
    holed = np.full(50, np.nan)
    holed[[0, 49]] = 1.0, 8.0
    # one change of 7 in 49 periods is 1 a square root of period; t with 1 degree of freedom at 80 % is 3.0777
    assert guards.random_walk_halfwidth(guards.history(holed), 4, 0.8)[3] == pytest.approx(
        2 * 3.0777, rel=1e-4
    )


def test_a_single_value_has_no_interval() -> None:
    row = run({"a": np.array([3.0])}, season=1, horizon=1, origins=2, non_negative=True).forecast.iloc[0]
    assert row["mean"] == 3 and row[BOUNDS].isna().all() and "no interval" in row["note"]


def test_constant_series_stay_constant() -> None:
    result = run({"a": np.full(40, 7.0)}, season=12, horizon=3, origins=3, non_negative=True)
    assert (result.forecast[["mean", *BOUNDS]] == 7).all(axis=None)
    assert result.forecast["note"].str.contains("constant").all()


def test_gaps_are_filled_noted_and_never_scored() -> None:
    values = np.arange(50.0) + np.random.default_rng(0).normal(0, 1, 50)
    holed = values.copy()
    holed[[0, 20, 46, 49]] = np.nan
    result = run({"a": holed}, season=1, horizon=3, origins=4, non_negative=False)
    assert result.forecast["note"].str.contains("gaps filled linearly: 2").all()
    assert 46 not in set(result.backtest["origin"] + result.backtest["step"])
    assert result.backtest["origin"].max() == 48 - 3  # counted from the last known value
    assert np.isfinite(result.forecast["mean"]).all()


def test_few_errors_give_a_random_walk_interval_and_a_note() -> None:
    values = np.random.default_rng(0).normal(0, 1, 60).cumsum()
    row = run({"a": values}, season=1, horizon=2, origins=6, non_negative=False).forecast.iloc[0]
    walk = guards.random_walk_halfwidth(guards.history(values), 2, 0.95)[0]
    assert row["hi95"] - row["mean"] == pytest.approx(walk)
    assert "95 % interval of a random walk" in row["note"] and "80 %" not in row["note"]


def test_forecasts_do_not_explode_or_go_below_zero() -> None:
    growth = {"up": 2.0 ** np.arange(12), "down": np.linspace(50, 1, 12)}
    result = run(growth, season=1, horizon=40, origins=1, non_negative=True)
    last = result.forecast.query("step == 40 and champion").set_index("series_id")["mean"]
    assert last["up"] <= 3 * 2.0**11
    assert last["down"] == 0
    assert (result.forecast["lo95"] >= 0).all()


@pytest.mark.parametrize(
    ("series", "options", "said"),
    [
        ({}, {}, "no series"),
        ({"a": np.array([np.nan])}, {}, "series a: no known value"),
        ({"a": np.array([1, np.inf])}, {}, "series a: infinite"),
        ({"a": np.array([1, -1.0])}, {}, "series a: negative"),
        ({"a": np.arange(9.0)}, {"horizon": 0}, "horizon must be at least 1"),
        ({"a": np.arange(9.0)}, {"levels": (0.95, 0.8)}, "levels must rise"),
    ],
)
def test_bad_input_is_named(series: dict[str, np.ndarray], options: dict[str, int], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        run(series, **{"season": 1, "horizon": 2, "origins": 2, "non_negative": True, **options})


def test_conformal_quantile_is_the_finite_sample_one() -> None:
    scores = np.arange(1.0, 20.0)[:, None]
    assert conformal.quantile(scores, 0.95)[0] == 19
    assert np.isnan(conformal.quantile(scores[:18], 0.95)[0])
    assert conformal.quantile(np.vstack([scores, [[np.nan]]]), 0.8)[0] == 16


def test_replayed_intervals_use_only_errors_already_known() -> None:
    scores = np.array([[1.0, 9.0], [2.0, 8.0], [3.0, 7.0]])
    # origins 4, 3 and 2 observations before the end; half of one score is that score
    found = conformal.replayed(scores, np.array([4, 3, 2]), 0.5)
    expected = [[np.nan, np.nan], [1.0, np.nan], [2.0, 9.0]]
    assert np.array_equal(found, expected, equal_nan=True)


@pytest.mark.parametrize(
    ("challenger", "expected"),
    [
        ([0.90, 0.90, 0.90, 0.90, 1.00, 1.00], "x"),  # four of six origins
        ([0.90, 0.90, 0.90, 1.00, 1.00, 0.10], "x"),
        ([0.96, 0.96, 0.96, 0.96, 0.96, 0.10], "theta_damped"),  # one origin does not make a champion
        ([0.90, 0.90, 0.90, 0.90, 2.00, 2.00], "theta_damped"),  # worse on average
        ([0.50, 0.50], "theta_damped"),  # too few origins to judge
    ],
)
def test_champion(challenger: list[float], expected: str) -> None:
    default = np.ones(len(challenger))
    assert scoring.champion({"theta_damped": default, "x": np.array(challenger)}) == expected
