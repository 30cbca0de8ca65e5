"""What keeps awkward series from giving awkward forecasts: gaps, short and constant history, explosions."""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

SHORTEST = 8  # observations below which no forecaster is asked
REACH = 2.0  # how many of its own ranges a forecast may leave the history's range


@dataclass(frozen=True)
class History:
    """A series fit for a forecaster: `values` without NaN; those at `observed` were not filled in."""

    values: np.ndarray
    observed: np.ndarray

    @property
    def short(self) -> bool:
        """Whether there are too few observations to ask a forecaster."""
        return self.observed.size < SHORTEST

    @property
    def constant(self) -> bool:
        """Whether all values are the same."""
        return bool(np.ptp(self.values) == 0)

    @property
    def plain(self) -> bool:
        """Whether the last value is all that can be said."""
        return self.short or self.constant

    @property
    def note(self) -> str:
        """What was done to the series or is peculiar to it; empty for an ordinary one."""
        said = []
        gaps = self.values.size - self.observed.size
        if gaps:
            said.append(f"gaps filled linearly: {gaps}")
        if self.observed.size == 1:
            said.append("a single observation: no interval")
        elif self.short:
            said.append(f"only {self.observed.size} observations: last value, random-walk interval")
        elif self.constant:
            said.append("constant history: interval without width")
        return "; ".join(said)


def history(values: np.ndarray, phases: int = 1) -> History:
    """History of a series with NaN for gaps: inner gaps are filled linearly.

    With `phases`, the length of a season, the line runs between values of the same phase, where each phase
    has one. A gap at the end is filled with the last known value, one at the start is cut off. Only the values handed
    in are used: a training part cut before a gap's far side does not know that side. ValueError without a
    known value or with an infinite one.
    """
    values = np.asarray(values, dtype=float)
    known = np.flatnonzero(~np.isnan(values))
    if values.ndim != 1 or known.size == 0:
        raise ValueError("no known value in a one-dimensional series")
    if np.isinf(values).any():
        raise ValueError("infinite value")
    values, known = values[known[0] :], known - known[0]
    every = np.arange(values.size)
    if np.unique(known % phases).size < phases:
        phases = 1
    filled = np.empty_like(values)
    for phase in range(phases):
        mine = known[known % phases == phase]
        filled[phase::phases] = np.interp(every[phase::phases], mine, values[mine])
    return History(filled, known)


def bound(mean: np.ndarray, past: list[np.ndarray], non_negative: bool) -> np.ndarray:
    """Means (n_series, horizon) held within two ranges (max - min) of each series' past; at 0 if asked."""
    lowest = np.array([one.min() for one in past])[:, None]
    highest = np.array([one.max() for one in past])[:, None]
    reach = REACH * (highest - lowest)
    floor = lowest - reach
    return np.clip(mean, np.maximum(floor, 0.0) if non_negative else floor, highest + reach)


def random_walk_halfwidth(past: History, horizon: int, level: float) -> np.ndarray:
    """Half width of a random walk's interval, shape (horizon,): t x root mean squared change x sqrt(step).

    Changes are those between observed values, per square root of the time between them. Student's t with one
    degree of freedom a change makes the interval wide when little is known. NaN for a single observation.
    """
    steps = np.diff(past.values[past.observed]) / np.sqrt(np.diff(past.observed))
    if steps.size == 0:
        return np.full(horizon, np.nan)
    spread = stdtrit(steps.size, (1 + level) / 2) * np.sqrt(np.mean(steps**2))
    return np.asarray(spread * np.sqrt(np.arange(1, horizon + 1)))
