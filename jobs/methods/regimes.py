"""Regimes 区制 of growth and breaks 结构断点 of its mean."""

from __future__ import annotations

import numpy as np
import pandas as pd
from pydantic import Field

from jobs.methods.base import Found, Given, Parameters, label, method
from jobs.methods.months import rates, whole
from jobs.methods.runs import by_region
from models.regimes import breaks
from models.regimes.markov import regime_signal, regimes

HUNDRED = 100.0


class Regimes(Parameters):
    """Random starts, when the low regime is signalled, and how breaks are looked for."""

    searches: int = Field(ge=1)
    seed: int
    above: float = Field(gt=0, lt=1)
    periods: int = Field(ge=1)
    most: int = Field(ge=0)
    trim: float = Field(gt=0, lt=0.5)


@method("growth_regimes", "1.0", "growth", parameters=Regimes, two_sided=True, estimates=True)
def growth_regimes(given: Given) -> Found:
    """Probability (0-100) that growth was in the lower of two regimes, from data up to each month.

    The regimes themselves are estimated on the whole series.
    """
    p = given.parameters

    def look(found: Found, region: str, rows: pd.DataFrame) -> None:
        table = whole(rates(rows))
        if table.shape[1] != 1:
            raise ValueError(f"one series is divided into regimes, not {table.shape[1]}")
        growth = table.iloc[:, 0]
        fitted = regimes(growth, 2, searches=p.searches, rng=np.random.default_rng(p.seed))
        low = pd.Series(fitted.filtered[:, 0], index=growth.index)
        found.add(region, HUNDRED * low)
        found.detail(region, "growth", growth)
        signal = regime_signal(low, above=p.above, periods=p.periods)
        found.detail(region, "signal", pd.Series(signal, index=growth.index).astype(float))
        newest = label(growth.index[-1])
        for name, value in (("low_mean", fitted.mean[0]), ("high_mean", fitted.mean[1])):
            found.note(region, newest, name, value=float(value))
        found.note(region, newest, "converged", value=float(fitted.converged))
        _breaks(found, region, growth, p)

    return by_region(given, "growth", look)


def _breaks(found: Found, region: str, growth: pd.Series, p: Regimes) -> None:
    parts = breaks.mean_breaks(growth, most=p.most, trim=p.trim)
    for position in parts.positions:
        found.note(region, label(growth.index[position]), "break")
    edges = [0, *parts.positions, len(growth)]
    means = np.repeat(parts.means, np.diff(edges))
    found.detail(region, "segment_mean", pd.Series(means, index=growth.index))
    _, p_value = breaks.mean_is_stable(growth)
    found.note(region, label(growth.index[-1]), "p_value", value=p_value)
