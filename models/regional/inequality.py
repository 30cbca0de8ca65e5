"""Inequality between regions: Theil 泰尔指数 within and between groups, Gini 基尼系数, variation.

Sources: Theil, Economics and information theory (1967), decomposed by groups; Lerman and Yitzhaki (1989) for
the Gini coefficient with weights.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from models.checks import finite, positive


@dataclass(frozen=True)
class Theil:
    """Theil index and its parts: total = within + between; 0 = all have the same per head.

    `groups` maps each group to its own index and its share of income, whose products sum to `within`.
    """

    total: float
    within: float
    between: float
    groups: dict[str, tuple[float, float]]


def theil(income: ArrayLike, population: ArrayLike, groups: ArrayLike) -> Theil:
    """T = sum_i (y_i/Y) ln[(y_i/Y) / (p_i/P)] of regions (n,) nested in `groups` (n,) names.

    `income` is a total, not per head, not negative; `population` above zero. Between takes the groups as
    regions. ValueError for unequal lengths or no income.
    """
    y, p = _income_and_population(income, population)
    names = np.asarray(groups).astype(str)
    if names.shape != y.shape:
        raise ValueError(f"{y.size} regions have {names.size} groups")
    found: dict[str, tuple[float, float]] = {}
    sums = []
    for name in sorted(set(names)):
        inside = names == name
        share = float(y[inside].sum() / y.sum())
        found[name] = (_theil(y[inside], p[inside]) if share > 0 else 0.0, share)
        sums.append((y[inside].sum(), p[inside].sum()))
    within = sum(index * share for index, share in found.values())
    between = _theil(*np.array(sums).T)
    return Theil(_theil(y, p), within, between, found)


def gini(income: ArrayLike, population: ArrayLike) -> float:
    """Gini coefficient of income per head, regions weighted by population: 0 to 1 - p_i/P of the one that has all.

    G = sum_i sum_j p_i p_j |x_i - x_j| / (2 P^2 mean x), taken from the Lorenz curve. `income` totals.
    """
    y, p = _income_and_population(income, population)
    order = np.argsort(y / p, kind="stable")
    lorenz = np.concatenate(([0.0], np.cumsum(y[order]) / y.sum()))
    steps = p[order] / p.sum()
    return float(1 - (steps * (lorenz[1:] + lorenz[:-1])).sum())


def variation(income: ArrayLike, population: ArrayLike) -> float:
    """Coefficient of variation of income per head, weighted by population; its fall is sigma convergence."""
    y, p = _income_and_population(income, population)
    mean = y.sum() / p.sum()
    return float(np.sqrt((p * (y / p - mean) ** 2).sum() / p.sum()) / mean)


def _theil(y: np.ndarray, p: np.ndarray) -> float:
    share, head = y / y.sum(), p / p.sum()
    some = share > 0
    return float((share[some] * np.log(share[some] / head[some])).sum())


def _income_and_population(income: ArrayLike, population: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    y, p = finite(income, "income"), positive(population, "population")
    if y.shape != p.shape:
        raise ValueError(f"{y.size} incomes have {p.size} populations")
    if (y < 0).any() or y.sum() == 0:
        raise ValueError("income must not be negative nor all zero")
    return y, p
