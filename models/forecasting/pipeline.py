"""Forecast many series by every registered model, with backtest, conformal intervals and a champion each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

import models.forecasting.algorithms  # noqa: F401  registers the forecasters
from models import registry
from models.forecasting import conformal, guards, rolling, scoring
from models.forecasting.rolling import Plan


@dataclass(frozen=True)
class ForecastResult:
    """What `run` returns; rows are sorted by series, model, (origin,) step.

    forecast: series_id, step (1..horizon after the last known observation), mean, lo80, hi80, lo95, hi95,
    model, model_version, champion, note. backtest: series_id, origin (position of the last observation known
    to the forecast), step, mean, lo80, hi80, lo95, hi95, actual, naive (seasonal naive), model,
    model_version, champion. Gaps in the series have no row. scores: series_id, model, model_version,
    champion, n_origins, n_errors, mase, smape, mape, bias (percent), coverage80, coverage95 (shares), fva.
    The interval columns follow the levels asked for. NaN means not known: too few earlier errors, or no
    backtest.
    """

    forecast: pd.DataFrame
    backtest: pd.DataFrame
    scores: pd.DataFrame


def run(
    series: Mapping[str, np.ndarray],
    *,
    season: int,
    horizon: int,
    origins: int,
    non_negative: bool,
    levels: Sequence[float] = (0.80, 0.95),
) -> ForecastResult:
    """Forecast `horizon` steps of every series and replay the forecast at up to `origins` earlier origins.

    `series`: id -> values in time order, NaN for gaps, lengths may differ; all of one frequency and ending
    in the same period, since the backtests of one run share their calendar and their error pool. A series'
    steps count from its last known value. `season`: periods a cycle (52 weekly, 36 ten-day, 12, 4, 1).
    `non_negative` floors means and intervals at 0.

    Origins lie up to `horizon` apart, closer when series are short; each needs 8 earlier observations.
    Intervals are split conformal (see `conformal`), those of the backtest from errors known at their origin
    only. Where there are too few errors the forecast falls back to a random walk's interval and says so in
    `note`; the backtest has NaN there and does not count it as covered or not.

    ValueError names the series or option at fault.
    """
    _check(season, horizon, origins, levels)
    plan = rolling.plan(series, season, horizon, origins, non_negative)
    means = {name: _predict(name, plan, season, horizon, non_negative) for name in registry.names()}
    return _Tables(plan, means, non_negative, levels).result()


def _check(season: int, horizon: int, origins: int, levels: Sequence[float]) -> None:
    for option, value in (("season", season), ("horizon", horizon), ("origins", origins)):
        if value < 1:
            raise ValueError(f"{option} must be at least 1, not {value}")
    if not levels or list(levels) != sorted(set(levels)) or not 0 < levels[0] <= levels[-1] < 1:
        raise ValueError(f"levels must rise within 0 and 1, not {tuple(levels)}")


def _predict(name: str, plan: Plan, season: int, horizon: int, non_negative: bool) -> np.ndarray:
    """Guarded means of one model for all cases, shape (n_cases, horizon)."""
    mean = np.repeat(np.array([case.values[-1] for case in plan.cases])[:, None], horizon, axis=1)
    asked = [number for number, case in enumerate(plan.cases) if not case.plain]
    if asked:
        past = [plan.cases[number].values for number in asked]
        told = np.asarray(registry.get(name).make().fit(past, season).predict(horizon))
        if told.shape != (len(asked), horizon) or not np.isfinite(told).all():
            raise ValueError(f"forecaster {name}: expected {len(asked)} x {horizon} finite means")
        mean[asked] = guards.bound(told, past, non_negative)
    return mean


class _Tables:
    """The result's tables from the means of all models."""

    def __init__(
        self, plan: Plan, means: dict[str, np.ndarray], non_negative: bool, levels: Sequence[float]
    ) -> None:
        self._plan, self._means = plan, means
        self._non_negative, self._levels = non_negative, levels
        self._back = np.arange(plan.n_series, len(plan.cases))
        self._actual = plan.actual[self._back]
        self._scale = np.where(plan.scale > 0, plan.scale, np.nan)[self._back, None]
        self._error = {name: np.abs(mean[self._back] - self._actual) for name, mean in means.items()}
        self._champion = self._champions()

    def result(self) -> ForecastResult:
        forecast, backtest, scores = [], [], []
        for name in registry.names():
            mean = self._means[name]
            pool = self._error[name] / self._scale
            forecast.append(self._forecast(name, mean[: self._plan.n_series], pool))
            lower, upper = self._replay(mean[self._back], pool)
            backtest.append(self._backtest(name, mean[self._back], lower, upper))
            scores.append(self._scores(name, mean[self._back], pool, lower, upper))
        return ForecastResult(
            _joined(forecast, ["series_id", "model", "step"]),
            _joined(backtest, ["series_id", "model", "origin", "step"]),
            _joined(scores, ["series_id", "model"]),
        )

    def _champions(self) -> np.ndarray:
        """Name of each series' champion, shape (n_series,)."""
        owner = self._plan.owner[self._back]
        by_origin = {name: _row_mean(error / self._scale) for name, error in self._error.items()}
        return np.array(
            [
                scoring.champion({name: mase[owner == number] for name, mase in by_origin.items()})
                for number in range(self._plan.n_series)
            ]
        )

    def _bounds(self, mean: np.ndarray, halfwidth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        lower, upper = mean - halfwidth, mean + halfwidth
        return (np.maximum(lower, 0.0) if self._non_negative else lower), upper

    def _forecast(self, name: str, mean: np.ndarray, pool: np.ndarray) -> pd.DataFrame:
        plan, horizon = self._plan, mean.shape[1]
        histories = plan.cases[: plan.n_series]
        notes = [history.note for history in histories]
        scale = np.where(plan.scale > 0, plan.scale, np.nan)[: plan.n_series, None]
        columns: dict[str, np.ndarray] = {}
        inner = np.zeros_like(mean)
        for level in self._levels:
            halfwidth = scale * conformal.widening(conformal.quantile(pool, level))
            for number, history in enumerate(histories):
                walk = guards.random_walk_halfwidth(history, horizon, level)
                missing = np.isnan(halfwidth[number]) | history.short
                halfwidth[number, missing] = walk[missing]
                if missing.any() and not history.plain:
                    said = f"{_percent(level)} % interval of a random walk: too few backtest errors"
                    notes[number] = "; ".join(filter(None, (notes[number], said)))
            inner = np.maximum(halfwidth, inner)  # levels rise: the wider interval holds the narrower
            lower, upper = self._bounds(mean, inner)
            columns |= {f"lo{_percent(level)}": lower.ravel(), f"hi{_percent(level)}": upper.ravel()}
        live = np.arange(plan.n_series)
        return pd.DataFrame(
            {**self._keys(live, horizon), "mean": mean.ravel(), **columns}
            | self._labels(name, np.repeat(live, horizon))
            | {"note": np.repeat(np.array(notes, dtype=object), horizon)}
        )

    def _replay(self, mean: np.ndarray, pool: np.ndarray) -> tuple[list[np.ndarray], list[np.ndarray]]:
        """Lower and upper bounds of the backtest, one array a level."""
        scale = self._plan.scale[self._back, None]
        offset = self._plan.offset[self._back]
        bounds = [
            self._bounds(mean, scale * conformal.replayed(pool, offset, level)) for level in self._levels
        ]
        return [lower for lower, _ in bounds], [upper for _, upper in bounds]

    def _backtest(
        self, name: str, mean: np.ndarray, lower: list[np.ndarray], upper: list[np.ndarray]
    ) -> pd.DataFrame:
        plan, horizon = self._plan, mean.shape[1]
        columns: dict[str, np.ndarray] = {}
        for level, low, high in zip(self._levels, lower, upper, strict=True):
            columns |= {f"lo{_percent(level)}": low.ravel(), f"hi{_percent(level)}": high.ravel()}
        keys = self._keys(self._back, horizon)
        frame = pd.DataFrame(
            {"series_id": keys["series_id"], "origin": np.repeat(plan.origin[self._back], horizon)}
            | {"step": keys["step"], "mean": mean.ravel(), **columns, "actual": self._actual.ravel()}
            | {"naive": plan.naive[self._back].ravel()}
            | self._labels(name, np.repeat(plan.owner[self._back], horizon))
        )
        return frame[frame["actual"].notna()]

    def _scores(
        self,
        name: str,
        mean: np.ndarray,
        pool: np.ndarray,
        lower: list[np.ndarray],
        upper: list[np.ndarray],
    ) -> pd.DataFrame:
        plan = self._plan
        naive_error = np.abs(plan.naive[self._back] - self._actual)
        owner = plan.owner[self._back]
        rows = []
        for number in range(plan.n_series):
            mine = np.flatnonzero(owner == number)
            actual, scaled = self._actual[mine], pool[mine]
            row = {
                "n_origins": int(np.isfinite(actual).any(axis=1).sum()),
                "n_errors": int(np.isfinite(actual).sum()),
                "mase": float(np.nanmean(scaled)) if np.isfinite(scaled).any() else np.nan,
                **scoring.percent_scores(mean[mine], actual),
            }
            for level, low, high in zip(self._levels, lower, upper, strict=True):
                row[f"coverage{_percent(level)}"] = scoring.coverage(low[mine], high[mine], actual)
            row["fva"] = scoring.value_added(self._error[name][mine], naive_error[mine])
            rows.append(row)
        labels = pd.DataFrame({"series_id": plan.ids, **self._labels(name, np.arange(plan.n_series))})
        return pd.concat([labels, pd.DataFrame(rows)], axis=1)

    def _keys(self, cases: np.ndarray, horizon: int) -> dict[str, np.ndarray]:
        ids = np.array(self._plan.ids, dtype=object)[self._plan.owner[cases]]
        return {"series_id": np.repeat(ids, horizon), "step": np.tile(np.arange(1, horizon + 1), cases.size)}

    def _labels(self, name: str, owner: np.ndarray) -> dict[str, object]:
        version = registry.get(name).version
        return {"model": name, "model_version": version, "champion": self._champion[owner] == name}


def _percent(level: float) -> str:
    return f"{100 * level:g}"


def _row_mean(values: np.ndarray) -> np.ndarray:
    """Mean of each row's known values; NaN where none is known."""
    known = np.isfinite(values)
    total = np.where(known, values, 0.0).sum(axis=1)
    return np.where(known.any(axis=1), total / np.maximum(known.sum(axis=1), 1), np.nan)


def _joined(frames: list[pd.DataFrame], keys: list[str]) -> pd.DataFrame:
    return pd.concat(frames).sort_values(keys, kind="stable", ignore_index=True)
