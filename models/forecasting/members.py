"""Statistical members of the engine's combination, each for a whole batch at once.

All but the seasonal naive see the seasonally adjusted series and get the season back.
"""

import numpy as np

from models.forecasting.batch import Batch, last_season
from models.forecasting.seasonal import seasonality
from models.forecasting.smoothing import damped_trend, level
from models.forecasting.theta import ThetaLines, dynamic

# Those the combination rests on: two thetas and two damped trends. The others are plain yardsticks.
CORE = ("theta", "dynamic_theta", "damped", "log_damped")


def means(batch: Batch, season: int, horizon: int) -> dict[str, np.ndarray]:
    """Forecasts by member, each (n_series, horizon), for series of at least five values.

    naive: last adjusted value; seasonal_naive; drift: the mean change goes on (Hyndman and Athanasopoulos,
    Forecasting: Principles and Practice, 3rd edition, 5.2); smoothing: simple exponential; damped: damped
    trend weighted over its parameters, on the plain scale and on logarithms; theta on fourth roots; dynamic
    theta. A series that is not positive has no logarithm: there log_damped is damped.
    """
    found = seasonality(batch, season)
    adjusted = found.remove(batch)
    last = np.take_along_axis(adjusted.values, batch.length[:, None] - 1, axis=1)
    change = (last - adjusted.values[:, :1]) / np.maximum(batch.length - 1, 1)[:, None]
    ahead = {
        "naive": np.repeat(last, horizon, axis=1),
        "drift": last + change * np.arange(1, horizon + 1),
        "smoothing": np.repeat(level(adjusted)[:, None], horizon, axis=1),
        "damped": damped_trend(adjusted).forecast(horizon),
        "theta": ThetaLines(adjusted).forecast(horizon),
        "dynamic_theta": dynamic(adjusted, horizon),
    }
    ahead["log_damped"] = ahead["damped"].copy()
    positive = np.nanmin(adjusted.values, axis=1) > 0
    if positive.any():
        logs = Batch(np.log(adjusted.values[positive]), batch.length[positive])
        ahead["log_damped"][positive] = np.exp(np.minimum(damped_trend(logs).forecast(horizon), 700.0))
    restored = {name: found.restore(mean, batch.length) for name, mean in ahead.items()}
    return {**restored, "seasonal_naive": last_season(batch, season, horizon)}
