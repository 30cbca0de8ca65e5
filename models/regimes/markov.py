"""Regimes by a Markov-switching mean and variance.

Source: Hamilton, A new approach to the economic analysis of nonstationary time series and the business cycle
(1989). Filtered probabilities use no later data, smoothed ones do: signals and their backtests take the filtered.
"""

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from statsmodels.tsa.regime_switching.markov_regression import MarkovRegression

from models.checks import LackingError, finite
from models.warning.levels import run_lengths

FEWEST_A_REGIME = 20


@dataclass(frozen=True)
class Regimes:
    """States in order of their mean, lowest first, so that state 0 is the recession whatever the estimation.

    mean, deviation (k,) in the unit of the series; transition (k, k): from row to column; filtered,
    smoothed (n, k): probabilities; converged: whether the search ended by itself.
    """

    mean: np.ndarray
    deviation: np.ndarray
    transition: np.ndarray
    filtered: np.ndarray
    smoothed: np.ndarray
    converged: bool


def regimes(values: ArrayLike, states: int, *, searches: int, rng: np.random.Generator) -> Regimes:
    """Regimes of growth (n,), each with its own mean and variance, at least 20 values a state.

    `searches` random starts are tried before the best is followed, as the likelihood has several peaks. The
    parameters know the whole series even where probabilities are filtered: re-estimate in a backtest.
    ValueError for fewer than two states, too short a series, or one that does not vary.
    """
    if states < 2:
        raise ValueError(f"states must be at least 2, not {states}")
    array = finite(values, "values", least=FEWEST_A_REGIME * states)
    if np.ptp(array) == 0:
        raise LackingError("constant", "values do not vary: no regimes")
    centre, unit = array.mean(), array.std()
    model = MarkovRegression((array - centre) / unit, k_regimes=states, switching_variance=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # starts that fail are many; what counts is told by `converged`
        fitted = model.fit(search_reps=searches, rng=rng, cov_type="none")
    named = dict(zip(model.param_names, np.asarray(fitted.params), strict=True))
    mean = np.array([named[f"const[{state}]"] for state in range(states)]) * unit + centre
    deviation = np.sqrt([named[f"sigma2[{state}]"] for state in range(states)]) * unit
    order = np.argsort(mean)
    columns = np.asarray(model.regime_transition_matrix(fitted.params))[:, :, 0].T
    return Regimes(
        mean[order],
        deviation[order],
        columns[np.ix_(order, order)],
        np.asarray(fitted.filtered_marginal_probabilities)[:, order],
        np.asarray(fitted.smoothed_marginal_probabilities)[:, order],
        bool(fitted.mle_retvals["converged"]),
    )


def regime_signal(probability: ArrayLike, *, above: float, periods: int) -> np.ndarray:
    """Whether a regime's probability (n,) has been above a limit for `periods` periods in a row: (n,) bool."""
    array = finite(probability, "probability")
    if ((array < -1e-9) | (array > 1 + 1e-9)).any() or periods < 1:
        raise ValueError("probability must be within 0 and 1, and periods at least 1")
    return np.asarray(run_lengths(array > above) >= periods)
