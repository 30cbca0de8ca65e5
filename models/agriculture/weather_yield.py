"""What the weather of a season lets one expect of the yield 气象单产, judged on years that the model did not see.

Sources: Hoerl and Kennard, Ridge regression (1970); Schlenker and Roberts, Nonlinear temperature effects indicate
severe damages to U.S. crop yields (2009), for the panel with effects of places; split conformal intervals of
Vovk, Gammerman and Shafer (2005).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.checks import LackingError, finite, positive

FEWEST_YEARS = 8
Array = NDArray[np.float64]


@dataclass(frozen=True)
class WeatherYield:
    """Each year as a model that did not see it says. `expected`, `lower`, `upper` (years, places) in the unit of
    the yields; `effect` (items,): log change of yield by one standard deviation of each item, from all years.
    error, benchmark: root mean square of the log errors, of the model and of the trend alone.
    """

    expected: Array
    lower: Array
    upper: Array
    effect: Array
    error: float
    benchmark: float

    @property
    def helps(self) -> bool:
        """Whether the weather foretells better than the trend alone."""
        return self.error < self.benchmark


def weather_yield(
    yields: ArrayLike, weather: ArrayLike, fitted: ArrayLike, *, penalty: float, coverage: float
) -> WeatherYield:
    """ln y_it = a_i + g t + b' w_it + e, ridge on b, slopes shared by all places; leave one year out.

    `yields` (years, places) above zero, `weather` (years, places, items), `fitted` (places,): whose rows the slopes
    are estimated from (a place that is the sum of others takes their slopes with its own a). `penalty` is in
    standardised items and a share of the rows. Intervals hold `coverage` (0-1) of the left-out errors of
    the place. ValueError for fewer than eight years, items that do not vary, or shapes that do not fit.
    """
    y = np.log(positive(yields, "yields", ndim=2, least=FEWEST_YEARS))
    w = finite(weather, "weather", ndim=3)
    used = np.asarray(fitted, dtype=bool)
    if w.shape[:2] != y.shape or used.shape != y.shape[1:] or not used.any():
        raise ValueError(f"yields {y.shape}, weather {w.shape} and places {used.shape} do not fit")
    if penalty < 0 or not 0 < coverage < 1:
        raise ValueError(f"needs penalty >= 0 and coverage within 0 and 1, not {penalty:g} and {coverage:g}")
    spread = w[:, used].reshape(-1, w.shape[2]).std(axis=0)
    if (spread == 0).any():
        raise LackingError("constant", f"weather item {int(np.argmin(spread))} does not vary")
    time = np.broadcast_to(np.arange(len(y), dtype=float)[:, None, None], (*y.shape, 1))
    design = np.concatenate([time, (w - w[:, used].mean(axis=(0, 1))) / spread], axis=2)
    said, plain = _left_out(y, design, used, penalty), _left_out(y, time, used, penalty)
    slopes = _slopes(y, design, used, np.ones(len(y), dtype=bool), penalty)
    miss = np.sort(np.abs(y - said), axis=0)
    # the smallest number of errors that covers as many new ones, at most all of them
    rank = min(int(np.ceil((len(y) + 1) * coverage)), len(y)) - 1
    return WeatherYield(
        expected=np.exp(said),
        lower=np.exp(said - miss[rank]),
        upper=np.exp(said + miss[rank]),
        effect=slopes[1:],
        error=_root_mean_square((y - said)[:, used]),
        benchmark=_root_mean_square((y - plain)[:, used]),
    )


def _left_out(y: Array, design: Array, used: NDArray[np.bool_], penalty: float) -> Array:
    said = np.empty_like(y)
    for year in range(len(y)):
        seen = np.arange(len(y)) != year
        slopes = _slopes(y, design, used, seen, penalty)
        own = (y[seen] - design[seen] @ slopes).mean(axis=0)
        said[year] = own + design[year] @ slopes
    return said


def _slopes(
    y: Array, design: Array, used: NDArray[np.bool_], seen: NDArray[np.bool_], penalty: float
) -> Array:
    """Slopes of time and items within places; time is not shrunk."""
    rows, answers = design[seen][:, used], y[seen][:, used]
    x = (rows - rows.mean(axis=0)).reshape(-1, design.shape[2])
    shrink = np.diag([0.0] + [penalty * len(x)] * (design.shape[2] - 1))
    return np.asarray(np.linalg.solve(x.T @ x + shrink, x.T @ (answers - answers.mean(axis=0)).ravel()))


def _root_mean_square(errors: Array) -> float:
    return float(np.sqrt((errors**2).mean()))
