"""Register of forecasters: an algorithm is a class that registers itself under a name and a version.

A file in ``models/forecasting/algorithms/`` is imported when `models.forecasting.pipeline` is, so adding an
algorithm is adding one file there::

    @register("last_value", "1.0")
    class LastValue:
        def fit(self, y: list[np.ndarray], season: int) -> "LastValue":
            self._last = np.array([v[-1] for v in y])
            return self

        def predict(self, horizon: int) -> np.ndarray:
            return np.tile(self._last[:, None], horizon)

It then competes in every backtest beside the others.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np


class Forecaster(Protocol):
    """A forecaster of many series at once; it must not depend on the order or number of the series."""

    def fit(self, y: list[np.ndarray], season: int) -> "Forecaster":
        """Learn from `y`: one finite float array a series, oldest first, lengths may differ.

        `season` is the number of periods in a year's cycle (1 = none). Returns itself.
        """
        ...

    def predict(self, horizon: int) -> np.ndarray:
        """Means for steps 1..horizon after each series' end, shape (n_series, horizon)."""
        ...


@dataclass(frozen=True)
class Entry:
    """A registered forecaster."""

    name: str
    version: str
    make: Callable[[], Forecaster]


_ENTRIES: dict[str, Entry] = {}
_Made = TypeVar("_Made", bound=type)


def register(name: str, version: str) -> Callable[[_Made], _Made]:
    """Class decorator that enters a forecaster; ValueError when the name is taken."""

    def enter(made: _Made) -> _Made:
        if name in _ENTRIES:
            raise ValueError(f"forecaster {name!r} is registered twice")
        _ENTRIES[name] = Entry(name, version, made)
        return made

    return enter


def get(name: str) -> Entry:
    """The entry of a name; ValueError that lists the known names when there is none."""
    try:
        return _ENTRIES[name]
    except KeyError:
        raise ValueError(f"no forecaster {name!r}; registered: {', '.join(names())}") from None


def names() -> list[str]:
    """Registered names in alphabetical order."""
    return sorted(_ENTRIES)
