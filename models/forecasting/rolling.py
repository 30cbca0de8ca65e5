"""Rolling origins: which parts of which series a run forecasts, and what then came.

Source: Tashman, Out-of-sample tests of forecasting accuracy, International Journal of Forecasting 16 (2000).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.forecasting import guards
from models.forecasting.batch import last_season, naive_scale, stack
from models.forecasting.guards import History
from models.forecasting.seasonal import enough


@dataclass(frozen=True)
class Plan:
    """All forecasts of a run as cases: first each series' full history (live), then the backtest's parts."""

    ids: list[str]
    cases: list[History]
    owner: np.ndarray  # case -> series
    origin: np.ndarray  # case -> position of the last observation in the series handed in
    offset: np.ndarray  # case -> observations after the origin; 0 = live
    actual: np.ndarray  # (case, horizon), NaN where unknown
    scale: np.ndarray  # case -> in-sample error of the seasonal naive
    naive: np.ndarray  # (case, horizon)

    @property
    def n_series(self) -> int:
        """Series asked for: the first so many cases are live."""
        return len(self.ids)


def plan(
    series: Mapping[str, np.ndarray],
    season: int,
    horizon: int,
    origins: int,
    non_negative: bool,
    phases: int = 1,
) -> Plan:
    """Cases of a run in sorted order of series, so that the order handed in cannot matter.

    Backtest origins of a series go back from `horizon` before its last known value. Parameters and
    ValueErrors as in `pipeline.run`, `phases` as in `guards.history`.
    """
    if not series:
        raise ValueError("no series to forecast")
    ids = sorted(series)
    raw, live = [], []
    for one in ids:
        try:
            values = np.asarray(series[one], dtype=float)
            known = np.flatnonzero(~np.isnan(values))
            values = values[: known[-1] + 1] if known.size else values
            live.append(guards.history(values, phases))
        except ValueError as error:
            raise ValueError(f"series {one}: {error}") from None
        if non_negative and live[-1].values.min() < 0:
            raise ValueError(f"series {one}: negative value in a non-negative series")
        raw.append(values)
    spacing = _spacing([one.values.size for one in live], season, horizon, origins)
    cases, owner, offset = list(live), list(range(len(ids))), [0] * len(ids)
    for number, values in enumerate(raw):
        for back in reversed(range(origins)):
            after = horizon + back * spacing
            if live[number].values.size - after < guards.SHORTEST:
                continue
            part = guards.history(values[:-after], phases)
            if not part.short:
                cases.append(part)
                owner.append(number)
                offset.append(after)
    actual = np.full((len(cases), horizon), np.nan)
    end = np.array([raw[number].size for number in owner]) - offset
    for case in range(len(ids), len(cases)):
        actual[case] = raw[owner[case]][end[case] : end[case] + horizon]
    batch = stack([case.values for case in cases])
    return Plan(
        ids=ids,
        cases=cases,
        owner=np.array(owner),
        origin=end - 1,
        offset=np.array(offset),
        actual=actual,
        scale=naive_scale(batch, season),
        naive=last_season(batch, season, horizon),
    )


def _spacing(lengths: list[int], season: int, horizon: int, origins: int) -> int:
    """Distance of origins: the horizon, or less so that the median series has its season at the first."""
    room = int(np.median(lengths)) - horizon - max(guards.SHORTEST, enough(season))
    return int(np.clip(room // max(origins - 1, 1), 1, horizon))
