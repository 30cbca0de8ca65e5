"""Scores of a backtest and the choice of the champion.

Sources: Makridakis and Hibon, The M3-competition, International Journal of Forecasting 16 (2000), for the percentage
errors; Gilliland, The Business Forecasting Deal (2010), for forecast value added. The rule by which a challenger
replaces the default is our own.
"""

import numpy as np

DEFAULT = "theta_damped"
BETTER = 0.95  # a challenger's error must be below this share of the default's ...
SHARE = 2 / 3  # ... on at least this share of origins
FEWEST_ORIGINS = 3


def percent_scores(mean: np.ndarray, actual: np.ndarray) -> dict[str, float]:
    """`smape`, `mape` and `bias` in percent over all known actuals; NaN where undefined.

    sMAPE is the symmetric one of the M competitions (0-200), MAPE leaves out actual zeros, bias is the sum
    of errors (forecast - actual) over the sum of absolute actuals: positive when forecasts are too high.
    """
    known = np.isfinite(actual)
    mean, actual = mean[known], actual[known]
    error, size = np.abs(mean - actual), np.abs(actual)
    both = size + np.abs(mean)
    nonzero = size > 0
    return {
        "smape": 200 * float(np.mean(error / np.where(both > 0, both, 1.0))) if known.any() else np.nan,
        "mape": 100 * float(np.mean(error[nonzero] / size[nonzero])) if nonzero.any() else np.nan,
        "bias": 100 * float(np.sum(mean - actual) / size.sum()) if nonzero.any() else np.nan,
    }


def value_added(error: np.ndarray, naive_error: np.ndarray) -> float:
    """Forecast value added: 1 - mean absolute error / that of the seasonal naive; NaN when that is 0."""
    known = np.isfinite(error)
    base = naive_error[known].sum()
    return float(1 - error[known].sum() / base) if base > 0 else np.nan


def coverage(lower: np.ndarray, upper: np.ndarray, actual: np.ndarray) -> float:
    """Share (0-1) of known actuals inside their interval; cases without an interval do not count."""
    judged = np.isfinite(actual) & np.isfinite(lower) & np.isfinite(upper)
    inside = (lower <= actual) & (actual <= upper)
    return float(inside[judged].mean()) if judged.any() else np.nan


def champion(mase: dict[str, np.ndarray]) -> str:
    """Name of the model to publish, from each model's MASE at the same origins (NaN unknown).

    The default stays unless a challenger is more than 5 % better over all origins and on at least two thirds
    of at least three origins; of several such challengers the best on average wins. The choice is made on
    the same backtest whose scores are published, so a challenger's scores are slightly flattering.
    """
    default = mase[DEFAULT]
    known = np.isfinite(default)
    count = int(known.sum())
    if count < FEWEST_ORIGINS:
        return DEFAULT
    best, best_mase = DEFAULT, BETTER * default[known].mean()
    for name in sorted(mase):
        wins = int((mase[name][known] < BETTER * default[known]).sum())
        average = mase[name][known].mean()
        if name != DEFAULT and wins >= SHARE * count and average < best_mase:
            best, best_mase = name, average
    return best
