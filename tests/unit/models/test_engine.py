"""The engine as a whole: its tables, its honesty about the past, its guards."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from models.forecasting import combine, engine
from models.forecasting.engine import EngineResult, forecast

HORIZON = 4


def seasonal(number: int, length: int = 30, seed: int = 0) -> dict[str, np.ndarray]:
    """Quarterly series round a season and a trend."""
    random = np.random.default_rng(seed)
    time = np.arange(length)
    level = random.uniform(50, 500, (number, 1))
    season = 1 + 0.2 * np.sin(np.pi / 2 * time + random.uniform(0, 6, (number, 1)))
    values = level * (1 + 0.01 * time) * season * np.exp(random.normal(0, 0.03, (number, length)))
    return {f"s{n:03d}": row for n, row in enumerate(values)}


def told(panel: dict[str, np.ndarray], **options: Any) -> EngineResult:
    return forecast(panel, **{"seasons": (4,), "horizon": HORIZON, "non_negative": True} | options)


@pytest.fixture(scope="module")
def panel() -> dict[str, np.ndarray]:
    random = np.random.default_rng(1)
    lumpy = np.where(random.random(36) < 0.3, random.integers(1, 9, 36), 0).astype(float)
    lumpy[0] = 3.0
    gap = seasonal(1, seed=2)["s000"]
    gap[[7, 8]] = np.nan
    odd = {"constant": np.full(30, 7.0), "gap": gap, "lumpy": lumpy, "short": np.array([1.0, 2.0, 4.0])}
    return seasonal(40, length=36) | odd


@pytest.fixture(scope="module")
def result(panel: dict[str, np.ndarray]) -> EngineResult:
    return told(panel)


def test_every_series_is_forecast_with_intervals_one_within_the_other(
    panel: dict[str, np.ndarray], result: EngineResult
) -> None:
    table = result.forecast
    assert list(table["series_id"]) == [name for name in sorted(panel) for _ in range(HORIZON)]
    bounds = table[["lo95", "lo80", "mean", "hi80", "hi95"]].to_numpy()
    assert np.isfinite(bounds).all()
    assert (np.diff(bounds, axis=1) >= -1e-9).all()
    assert bounds.min() >= 0


def test_each_kind_of_series_goes_its_own_way(result: EngineResult) -> None:
    model = result.forecast.groupby("series_id")["model"].first()
    assert model[["constant", "short", "lumpy"]].tolist() == ["last_value", "last_value", "croston_tsb"]
    assert model["s000"] == model["gap"] == result.rule
    means = result.forecast.pivot(index="series_id", columns="step", values="mean")
    assert means.loc["constant"].tolist() == [7.0] * HORIZON
    assert means.loc["short"].tolist() == [4.0] * HORIZON


def test_the_rule_is_the_one_that_erred_least_and_weights_add_up(result: EngineResult) -> None:
    assert result.rule == min(result.mase, key=result.mase.__getitem__)
    total = result.members.groupby("series_id")["weight"].sum()
    assert total.to_numpy() == pytest.approx(np.ones(len(total)))
    assert {"network_adjusted", "trees_adjusted", *combine.CORE} <= set(result.members["member"])


def test_it_learns_the_season(panel: dict[str, np.ndarray]) -> None:
    known = {name: values[:-HORIZON] for name, values in panel.items() if name < "s010"}
    means = told(known).forecast["mean"].to_numpy().reshape(-1, HORIZON)
    actual = np.stack([panel[name][-HORIZON:] for name in sorted(known)])
    last = np.stack([known[name][-1:] for name in sorted(known)])
    assert np.abs(means - actual).mean() < 0.4 * np.abs(last - actual).mean()


def test_the_backtest_knows_nothing_of_what_came_after() -> None:
    series = seasonal(6)
    changed = {name: np.append(values[:-1], 10 * values[-1]) for name, values in series.items()}
    one, other = (told(given).backtest for given in (series, changed))
    first = one["origin"].min()
    early = [table[table["origin"] == first].reset_index() for table in (one, other)]
    # both combine by the rule that all origins chose
    means = ["series_id", "step"]
    pd.testing.assert_frame_equal(early[0][means], early[1][means])
    if one["model"].iloc[0] == other["model"].iloc[0] == "core":
        pd.testing.assert_series_equal(early[0]["mean"], early[1]["mean"])


def test_order_does_not_matter_and_a_second_run_says_the_same() -> None:
    series = seasonal(8)
    one, other = told(series), told(dict(reversed(series.items())))
    pd.testing.assert_frame_equal(one.forecast, other.forecast)
    pd.testing.assert_frame_equal(one.backtest, other.backtest)


def test_forecasts_follow_the_unit_of_the_series() -> None:
    series = seasonal(8)
    one, other = told(series), told({name: 1000 * values for name, values in series.items()})
    columns = ["mean", "lo80", "hi95"]
    assert other.forecast[columns].to_numpy() == pytest.approx(
        1000 * one.forecast[columns].to_numpy(), rel=1e-6
    )


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"horizon": 0}, "horizon must be at least 1"),
        ({"seasons": ()}, "seasons must rise"),
        ({"seasons": (12, 4)}, "seasons must rise"),
        ({"seasons": (0,)}, "seasons must rise"),
    ],
)
def test_an_option_at_fault_is_named(options: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        told(seasonal(2), **options)


@pytest.mark.parametrize(
    ("panel", "problem"),
    [
        ({}, "no series"),
        ({"bad": np.array([np.nan, np.nan])}, "series bad"),
        ({"bad": np.array([1.0, np.inf, 2.0])}, "series bad"),
        ({"bad": np.array([1.0, -1.0, 2.0, 3.0])}, "bad"),
    ],
)
def test_a_series_at_fault_is_named(panel: dict[str, np.ndarray], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        told(panel)


def test_levels_are_named_by_the_columns(result: EngineResult) -> None:
    assert [f"lo{100 * level:g}" for level in engine.LEVELS] == ["lo80", "lo95"]
    assert list(result.forecast) == [
        "series_id",
        "step",
        "mean",
        "lo80",
        "hi80",
        "lo95",
        "hi95",
        "model",
        "note",
    ]
