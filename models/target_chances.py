"""Chance that a count falls to zero, and the record of chances told earlier, once it is known what came of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np

from models.checks import finite
from models.targets import FEWEST_ERRORS

MONTHS = 12


def monthly_hazards(counts: Sequence[tuple[date, float]]) -> np.ndarray:
    """Share (0-1) of the items left that was dealt with in each month, from reported counts (day, count).

    Of months whose predecessor nobody reported on, or in which nothing was left, nothing is known; where a count rose,
    none was dealt with.
    """
    ordered = sorted(counts)
    pairs = [
        1 - later / earlier
        for (before, earlier), (after, later) in pairwise(ordered)
        if earlier > 0 and MONTHS * (after.year - before.year) + after.month - before.month == 1
    ]
    return np.clip(np.array(pairs, dtype=float), 0.0, 1.0)


def clearance_chance(hazards: np.ndarray, left: float, months: int, *, draws: int, seed: int) -> float:
    """Chance (0-1) that none of the `left` items of a count is left after `months` more months.

    Each item survives a month with 1 - hazard, independently of the others; the hazard of every month to come is one of
    the past `hazards` (n,), drawn with replacement, so that slow and fast months are as frequent as they were. The
    chance is the mean over `draws` paths of (1 - survival) ** left, drawn to one half as if two more months had been
    seen, one for either end: (n * mean + 1) / (n + 2). Source: discrete-time survival (Cox 1972) under the bootstrap of
    Efron (1979) and Laplace's rule of succession. ValueError for fewer than eight hazards or no month to come.
    """
    past = finite(hazards, "hazards", least=FEWEST_ERRORS)
    if left < 0 or months < 1:
        raise ValueError(f"needs a count from 0 and a month to come, not {left:g} and {months}")
    drawn = np.random.default_rng(seed).choice(past, size=(draws, months))
    survival = np.prod(1 - drawn, axis=1)
    cleared = float(np.mean((1 - survival) ** left))
    return (past.size * cleared + 1) / (past.size + 2)


@dataclass(frozen=True)
class Scores:
    """How chances told earlier turned out: `told` is their mean, `share` the share that came true (0-1).

    `brier` is their mean squared error, `base_brier` that of always telling `share`, `skill` 1 - brier / base_brier:
    NaN where every case came out alike.
    """

    cases: int
    met: int
    told: float
    share: float
    brier: float
    base_brier: float
    skill: float


def scores(chances: np.ndarray, met: np.ndarray) -> Scores:
    """Scores of chances (n,) against what came of them (n,), true or false. Source: Brier (1950).

    The base rate is that of the cases themselves, so the skill is told against a forecaster who knew it beforehand.
    ValueError without cases or for chances outside 0-1.
    """
    told = finite(chances, "chances", least=1)
    came = np.asarray(met, dtype=float)
    if told.shape != came.shape or told.min() < 0 or told.max() > 1:
        raise ValueError("needs a chance from 0 to 1 and an outcome for every case")
    share = float(came.mean())
    brier, base = float(np.mean((told - came) ** 2)), share * (1 - share)
    skill = 1 - brier / base if base > 0 else float("nan")
    return Scores(told.size, int(came.sum()), float(told.mean()), share, brier, base, skill)
