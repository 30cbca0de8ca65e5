"""The engine: forecasts of a panel of series from members, learners and their combination, with intervals.

Not yet what the nightly run publishes (`pipeline.run`). Every choice (the rule of combination, weights, widths of
intervals) rests on errors at earlier origins, at which everything, learners too, was fitted anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.forecasting import combine, conformal, guards, intermittent, learners, members, rolling
from models.forecasting.batch import stack
from models.forecasting.rolling import Plan

LEVELS = (0.80, 0.95)
ORIGINS = 2
OWN = 0.5  # how far a series' own past errors, beside the seasonal naive's, set the width of its interval


@dataclass(frozen=True)
class EngineResult:
    """What `forecast` returns; rows sorted by series, (origin,) step.

    forecast: series_id, step, mean, lo80, hi80, lo95, hi95, model, note. backtest: series_id, origin (position
    of the last observation known), step, mean, actual, model. members: series_id, member, weight, mase at
    the earlier origins (NaN unknown); none for series that members do not forecast. `rule` is the combination
    chosen, `mase` its mean error by rule at those origins: of the chosen one slightly flattering.
    """

    forecast: pd.DataFrame
    backtest: pd.DataFrame
    members: pd.DataFrame
    rule: str
    mase: dict[str, float]


def forecast(
    panel: Mapping[str, np.ndarray], *, seasons: Sequence[int], horizon: int, non_negative: bool
) -> EngineResult:
    """Forecast `horizon` steps of every series.

    `panel`: id -> values in time order, NaN for gaps, lengths may differ, one frequency. `seasons`: lengths
    of cycles in periods, rising: (12,) monthly, (7, 364) daily, (1,) without one. `non_negative` floors means
    and intervals at 0.

    A short or constant series keeps its last value, an intermittent one gets the median of Croston, its
    unbiased form and TSB; the others the combination that erred least. Intervals are split conformal by
    step, in units of each series' own errors, apart for intermittent series; where there are too few
    errors, a random walk's, as `note` says.

    ValueError names the series or option at fault.
    """
    if horizon < 1:
        raise ValueError(f"horizon must be at least 1, not {horizon}")
    if not seasons or list(seasons) != sorted(set(seasons)) or seasons[0] < 1:
        raise ValueError(f"seasons must rise from 1 or more, not {tuple(seasons)}")
    plan = rolling.plan(panel, seasons[0], horizon, ORIGINS, non_negative, phases=seasons[0])
    return _Run(plan, tuple(seasons), horizon, non_negative).result()


class _Run:
    """The forecasts of all cases of a plan, live and earlier, and what follows from their errors."""

    def __init__(self, plan: Plan, seasons: tuple[int, ...], horizon: int, non_negative: bool) -> None:
        self._plan, self._horizon, self._non_negative = plan, horizon, non_negative
        self._sparse = np.array(
            [not case.plain and intermittent.is_intermittent(case.values) for case in plan.cases]
        )
        self._regular = np.array([not case.plain for case in plan.cases]) & ~self._sparse
        self._scale = np.where(plan.scale > 0, plan.scale, np.nan)
        self._means = self._by_member(seasons)
        self._mean = np.repeat([[case.values[-1]] for case in plan.cases], horizon, axis=1)
        self._combine()
        self._lump()
        self._error = np.abs(self._mean - plan.actual)

    def _by_member(self, seasons: tuple[int, ...]) -> dict[str, np.ndarray]:
        """Guarded means of regular cases by member, each (cases, horizon); NaN for other cases."""
        found: list[tuple[np.ndarray, dict[str, np.ndarray]]] = []
        for offset in np.unique(self._plan.offset):
            mine = np.flatnonzero((self._plan.offset == offset) & self._regular)
            if mine.size:
                past = [self._plan.cases[number].values for number in mine]
                batch = stack(past)
                told = members.means(batch, seasons[0], self._horizon)
                told |= learners.means(batch, seasons, self._horizon)
                guarded = {n: guards.bound(mean, past, self._non_negative) for n, mean in told.items()}
                found.append((mine, guarded))
        # a learner that an earlier origin had too few windows for cannot be judged and is left out
        names = [name for name in found[0][1] if all(name in told for _, told in found)] if found else []
        means = {name: np.full((len(self._plan.cases), self._horizon), np.nan) for name in names}
        for mine, told in found:
            for name, mean in means.items():
                mean[mine] = told[name]
        return means

    def _scaled(self, mean: np.ndarray) -> np.ndarray:
        """Mean absolute error of each case over its scale, (cases,)."""
        error = np.abs(mean - self._plan.actual) / self._scale[:, None]
        known = np.isfinite(error)
        total = np.where(known, error, 0.0).sum(axis=1)
        return np.where(known.any(axis=1), total / np.maximum(known.sum(axis=1), 1), np.nan)

    def _combine(self) -> None:
        """Choose the rule, and give every regular case its forecast."""
        self._rule, self._mase = "none", {}
        self._weight = np.empty((len(self._plan.cases), 0))
        self._errors = self._weight
        if not self._means:
            return
        self._errors = np.stack([self._scaled(mean) for mean in self._means.values()], axis=1)
        inverse = combine.weights(self._errors, self._plan.owner, self._plan.offset)
        ruled = combine.by_rule(self._means, inverse)
        for rule, mean in ruled.items():
            error = self._scaled(mean)
            known = np.isfinite(error)
            self._mase[rule] = float(error[known].mean()) if known.any() else np.nan
        self._rule = combine.choose(self._mase)
        self._weight = combine.shares(self._rule, list(self._means), inverse)
        self._mean[self._regular] = ruled[self._rule][self._regular]

    def _lump(self) -> None:
        """Give every intermittent case its forecast: the same for all steps."""
        sparse = np.flatnonzero(self._sparse)
        if sparse.size:
            batch = stack([self._plan.cases[number].values for number in sparse])
            self._mean[sparse] = np.median(list(intermittent.means(batch).values()), axis=0)[:, None]

    def _width(self) -> np.ndarray:
        """Unit of each case's errors, (cases,): the seasonal naive's and its series' own at other origins.

        The geometric mean of the two, in which `OWN` is the weight of the second; without other origins, the
        panel's mean error stands for it.
        """
        ratio = self._scaled(self._mean)
        known = np.isfinite(ratio)
        usual = float(np.exp(np.log(np.maximum(ratio[known], 1e-3)).mean())) if known.any() else 1.0
        own = np.full(ratio.size, usual)
        for number in range(ratio.size):
            others = known & (self._plan.owner == self._plan.owner[number])
            others &= self._plan.offset != self._plan.offset[number]
            if others.any():
                own[number] = (ratio[others].sum() + usual) / (others.sum() + 1)
        return np.asarray(self._scale * own**OWN)

    def result(self) -> EngineResult:
        """The tables."""
        names = np.array(self._plan.ids, dtype=object)
        model = np.where(self._sparse, "croston_tsb", np.where(self._regular, self._rule, "last_value"))
        live = np.arange(self._plan.n_series)
        back = np.arange(self._plan.n_series, len(self._plan.cases))
        step = np.arange(1, self._horizon + 1)
        bounds, notes = self._intervals()
        forecasts = pd.DataFrame(
            {"series_id": np.repeat(names, self._horizon), "step": np.tile(step, live.size)}
            | {"mean": self._mean[live].ravel(), **bounds, "model": np.repeat(model[live], self._horizon)}
            | {"note": np.repeat(np.array(notes, dtype=object), self._horizon)}
        )
        owner = self._plan.owner
        backtest = pd.DataFrame(
            {"series_id": np.repeat(names[owner[back]], self._horizon)}
            | {"origin": np.repeat(self._plan.origin[back], self._horizon)}
            | {"step": np.tile(step, back.size), "mean": self._mean[back].ravel()}
            | {"actual": self._plan.actual[back].ravel(), "model": np.repeat(model[back], self._horizon)}
        )
        backtest = backtest[backtest["actual"].notna()].sort_values(
            ["series_id", "origin", "step"], ignore_index=True
        )
        return EngineResult(forecasts, backtest, self._shares(names), self._rule, self._mase)

    def _shares(self, names: np.ndarray) -> pd.DataFrame:
        regular = np.flatnonzero(self._regular[: self._plan.n_series])
        count = len(self._means)
        mase = np.full((regular.size, count), np.nan)
        for row, number in enumerate(regular):
            errors = self._errors[(self._plan.owner == number) & (self._plan.offset > 0)]
            errors = errors[np.isfinite(errors).all(axis=1)]
            if len(errors):
                mase[row] = errors.mean(axis=0)
        return pd.DataFrame(
            {"series_id": np.repeat(names[regular], count)}
            | {"member": np.tile(np.array(list(self._means), dtype=object), regular.size)}
            | {"weight": self._weight[regular].ravel(), "mase": mase.ravel()}
        )

    def _intervals(self) -> tuple[dict[str, np.ndarray], list[str]]:
        """Bounds of the live forecasts by column, and each series' note."""
        plan = self._plan
        live = slice(0, plan.n_series)
        histories = plan.cases[live]
        notes = [history.note for history in histories]
        width = self._width()
        mean = self._mean[live]
        columns: dict[str, np.ndarray] = {}
        inner = np.zeros_like(mean)
        for level in LEVELS:
            half = np.full_like(mean, np.nan)
            for cluster in (self._regular, self._sparse):
                scores = (self._error / width[:, None])[cluster & (plan.offset > 0)]
                if len(scores):
                    factor = conformal.widening(conformal.quantile(scores, level))
                    half[cluster[live]] = (width[live, None] * factor)[cluster[live]]
            for number, history in enumerate(histories):
                missing = np.isnan(half[number])
                if missing.any():
                    half[number, missing] = guards.random_walk_halfwidth(history, self._horizon, level)[
                        missing
                    ]
                    if not history.plain:
                        said = f"{100 * level:g} % interval of a random walk: too few backtest errors"
                        notes[number] = "; ".join(filter(None, (notes[number], said)))
            inner = np.maximum(half, inner)
            lower = np.maximum(mean - inner, 0.0) if self._non_negative else mean - inner
            columns |= {f"lo{100 * level:g}": lower.ravel(), f"hi{100 * level:g}": (mean + inner).ravel()}
        return columns, notes
