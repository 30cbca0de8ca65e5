"""Windows of many series as rows for a global learner: features, and a scale on which all series compare.

A frame is made from what lies before each row's end alone, so a row cut at an earlier origin carries nothing
of what came after. Source of learning one model across series from scaled windows: Smyl, International Journal
of Forecasting 36 (2020), and Montero-Manso and Hyndman, International Journal of Forecasting 37 (2021). The
features are our own.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from models.forecasting.batch import Batch
from models.forecasting.seasonal import seasonality

FARTHEST = 80.0  # targets beyond so many units are held there
FLOOR = 0.002  # smallest unit, as a share of the level
DAYS = (5, 6, 7)  # seasons that are weeks of working or calendar days
PARTS = 4000  # rows framed together, to bound memory


@dataclass(frozen=True)
class Frame:
    """Features and scale of rows: `window` (n, features), `step` (n, horizon, features).

    A forecast is `centre + spread x z` with the learner's z, all (n, horizon).
    """

    window: np.ndarray
    step: np.ndarray
    centre: np.ndarray
    spread: np.ndarray

    def target(self, future: np.ndarray) -> np.ndarray:
        """What the learner is to tell for futures (n, horizon)."""
        return np.clip((future - self.centre) / self.spread, -FARTHEST, FARTHEST)

    def flat(self) -> np.ndarray:
        """All features of a row side by side, (n, features)."""
        return np.concatenate([self.window, self.step.reshape(len(self.step), -1)], axis=1)

    def long(self) -> np.ndarray:
        """A line for each row and step with the step's own features, (n x horizon, features)."""
        rows, horizon, _ = self.step.shape
        number = np.tile(np.arange(1, horizon + 1), rows)[:, None]
        own = self.step.reshape(rows * horizon, -1)
        return np.concatenate([np.repeat(self.window, horizon, axis=0), own, number], axis=1)


Framer = Callable[[Batch, int], Frame]


def _ending(values: np.ndarray, length: np.ndarray, width: int) -> np.ndarray:
    """The last `width` values of each row, oldest first; a shorter row repeats its first value."""
    return np.take_along_axis(values, np.maximum(length[:, None] - width + np.arange(width), 0), axis=1)


def _unit(values: np.ndarray, length: np.ndarray, lag: int, recent: int) -> np.ndarray:
    """Half the mean absolute change over `lag` of all, half that of the last `recent`, floored; (n, 1)."""
    change = np.abs(values[:, lag:] - values[:, :-lag])
    known = np.maximum(length - lag, 1)[:, None]
    overall = np.nansum(change, axis=1, keepdims=True) / known
    near = np.nan_to_num(_ending(change, np.maximum(length - lag, 1), recent)).mean(axis=1, keepdims=True)
    size = np.abs(_ending(values, length, max(lag, 4))).mean(axis=1, keepdims=True)
    unit = np.maximum((overall + near) / 2, FLOOR * size)
    return np.where(unit > 0, unit, 1.0)


def adjusted(season: int) -> Framer:
    """Frames of the seasonally adjusted series, relative to its last value."""
    width = 8 if season == 1 else min(max(2 * season, 12), 28)

    def frame(batch: Batch, horizon: int) -> Frame:
        found = seasonality(batch, season)
        y, length = found.remove(batch).values, batch.length
        last = _ending(y, length, 1)
        unit = _unit(y, length, 1, 2 * max(season, 3))
        plain = np.zeros((length.size, horizon))
        shift = found.restore(plain, length)
        factor = found.restore(plain + 1.0, length) - shift
        lags = (_ending(y, length, width + 1)[:, :-1] - last) / unit
        swing = (shift + factor * last - last) / unit
        steps = [swing[:, :, None]]
        if season > 1:
            year = np.take_along_axis(y, _phase(length, _cycles(horizon, season), season), axis=1)
            steps.append(((year - last) / unit)[:, :, None])
        window = np.concatenate([lags, _traits(y, length, unit, season)], axis=1)
        step = np.concatenate(steps, axis=2)
        return Frame(_tamed(window), _tamed(step), shift + factor * last, factor * unit)

    return frame


def aligned(seasons: tuple[int, ...]) -> Framer:
    """Frames of the plain series, relative to its last season; steps see the same phase of earlier seasons.

    The cycles after the first, such as the year of daily values, enter as what the same steps brought one
    cycle ago, relative to the level then.
    """
    season = seasons[0]
    width, cycles = (3 if season > 7 else 4) * season, 3 if season > 7 else 6
    averaged = 4 if season in DAYS else 1  # a year differs from the next by growth, a week by chance

    def frame(batch: Batch, horizon: int) -> Frame:
        y, length = batch.values, batch.length
        base = _ending(y, length, width).mean(axis=1, keepdims=True)
        unit = _unit(y, length, season, width)
        ahead = _cycles(horizon, season)
        steps = []
        for cycle in range(cycles):
            then = np.take_along_axis(y, _phase(length, ahead + cycle * season, season), axis=1)
            steps.append((then - base) / unit)
        centre = base + unit * np.mean(steps[:averaged], axis=0)
        for long in seasons[1:]:
            back = _cycles(horizon, long)
            then = np.take_along_axis(y, _phase(length, back, season), axis=1)
            level = _ending(y, np.maximum(length - long, 1), width).mean(axis=1, keepdims=True)
            steps.append((then - level) / unit)
        window = np.concatenate(
            [(_ending(y, length, width) - base) / unit, _traits(y, length, unit, season)], axis=1
        )
        step = _tamed(np.stack(steps, axis=2))
        return Frame(_tamed(window), step, centre, np.broadcast_to(unit, centre.shape))

    return frame


def _phase(length: np.ndarray, back: np.ndarray, season: int) -> np.ndarray:
    """Positions of steps 1..horizon, each `back` (horizon,) earlier; before the start, the same phase later."""
    where = length[:, None] + np.arange(back.size) - back
    return np.clip(np.where(where < 0, where % season, where), 0, length[:, None] - 1)


def _cycles(horizon: int, season: int) -> np.ndarray:
    """How far back each step's phase was last seen, in observations (horizon,)."""
    return np.asarray(-(-np.arange(1, horizon + 1) // season) * season)


def _traits(y: np.ndarray, length: np.ndarray, unit: np.ndarray, season: int) -> np.ndarray:
    """What kind of series it is, (n, 8): size, length, slope, its fit, and the manner of its changes."""
    recent = _ending(y, length, max(2 * season, 8))
    size = np.abs(recent).mean(axis=1, keepdims=True)
    time = np.arange(recent.shape[1]) - (recent.shape[1] - 1) / 2
    slope = (recent * time).sum(axis=1, keepdims=True) / (time**2).sum()
    deviation = np.square(recent - recent.mean(axis=1, keepdims=True)).sum(axis=1, keepdims=True)
    fit = np.where(deviation > 0, slope**2 * (time**2).sum() / np.where(deviation > 0, deviation, 1.0), 0.0)
    change = np.diff(y, axis=1)
    known = np.maximum(length - 1, 1)[:, None]
    rises = (change > 0).sum(axis=1, keepdims=True) / known
    growth = np.nansum(change, axis=1, keepdims=True) / known / unit
    steps = np.nan_to_num(change)
    power = np.maximum((steps**2).sum(axis=1, keepdims=True), np.finfo(float).tiny)
    echo = (steps[:, 1:] * steps[:, :-1]).sum(axis=1, keepdims=True) / power
    near = np.abs(np.diff(recent, axis=1)).mean(axis=1, keepdims=True) / unit
    smallness = np.log(unit / np.maximum(size, unit * 1e-3))
    return np.concatenate(
        [smallness, np.log(length)[:, None], slope / unit, fit, rises, growth, echo, near], axis=1
    )


def _tamed(features: np.ndarray) -> np.ndarray:
    """Features with far values drawn in: sign x log(1 + size)."""
    return np.sign(features) * np.log1p(np.abs(features))


@dataclass(frozen=True)
class Lesson:
    """Rows to learn from: their frame, targets and weights, both (n, horizon)."""

    frame: Frame
    target: np.ndarray
    weight: np.ndarray


def _room(batch: Batch, horizon: int, season: int) -> np.ndarray:
    """Earlier origins of each series with enough before and the whole horizon after, (n_series,)."""
    shortest = 3 * season if season > 2 else 7
    return np.maximum(batch.length - horizon - shortest + 1, 0)


def available(batch: Batch, horizon: int, season: int) -> int:
    """Windows that the series could give."""
    return int(_room(batch, horizon, season).sum())


def lesson(batch: Batch, horizon: int, framer: Framer, season: int, rows: int) -> Lesson:
    """About `rows` windows cut from the series at earlier origins with their whole future known.

    Each series gives its most recent origins, as many as every other where it is long enough. ValueError
    when no series is long enough for a window. A window's weight is its error's share in the mean of MASE
    and sMAPE, extremes held at the 98th percentile.
    """
    room = _room(batch, horizon, season)
    if not room.any():
        raise ValueError(f"no series is long enough to learn {horizon} steps from")
    each = max(1, rows // int((room > 0).sum()))
    stride = np.maximum(room // each, 1)
    count = np.minimum(-(-room // stride), each)
    row = np.repeat(np.arange(room.size), count)
    nth = np.arange(row.size) - np.repeat(np.cumsum(count) - count, count)
    cut = batch.length[row] - horizon - nth * stride[row]
    frames, futures, weights = [], [], []
    for start in range(0, row.size, PARTS):
        part = slice(start, start + PARTS)
        values, end = batch.values[row[part]], cut[part]
        longest = int(end.max())
        known = np.where(np.arange(longest) < end[:, None], values[:, :longest], np.nan)
        frame = framer(Batch(known, end), horizon)
        future = np.take_along_axis(values, end[:, None] + np.arange(horizon), axis=1)
        frames.append(frame)
        futures.append(future)
        weights.append(_weight(known, end, future, frame.spread, season))
    whole = Frame(*(np.concatenate([getattr(one, name) for one in frames]) for name in Frame.__annotations__))
    weight = np.concatenate(weights)
    weight = np.minimum(weight, np.quantile(weight, 0.98))
    return Lesson(whole, whole.target(np.concatenate(futures)), weight / weight.mean())


def _weight(
    known: np.ndarray, end: np.ndarray, future: np.ndarray, spread: np.ndarray, season: int
) -> np.ndarray:
    """Unit over the naive error (MASE's share) plus unit over the size to come (sMAPE's), (n, horizon)."""
    lag = season if known.shape[1] > season else 1
    naive = np.abs(known[:, lag:] - known[:, :-lag])
    scale = np.nansum(naive, axis=1, keepdims=True) / np.maximum(end - lag, 1)[:, None]
    size = np.abs(future).mean(axis=1, keepdims=True)
    spread = np.abs(spread)
    parts = [spread / np.maximum(one, spread * 0.01) for one in (scale, size)]
    return np.asarray(sum(part / part.mean() for part in parts))
