"""Hamilton-Perry projection: what two censuses ten years apart say about the next ones.

A cohort-change ratio (CCR, 队列变化率) is the people aged x now over those aged x - 10 ten years ago; it
holds both deaths and migration. The next census applies it to today's population. Ages 0-9 come from
child-woman ratios. Units are then controlled to totals extrapolated from their own past, which lowers
error and bias against uncontrolled projection. Source: Baker, Swanson and Tayman, evaluation of the
method on United States census tracts (2020).

Own choices, not from that source: a unit's ratio is capped to the 1st-99th percentile of its peers (all
units of the frame) and shrunk to the peers' pooled ratio with weight n / (n + 500), n being the cohort at
the first census.

Limits. Past migration and mortality go on for ever. Two censuses give one change and therefore no backtest:
nothing here has been measured against an outcome, and `interval` shows how differently units of like size
developed in the same decade, not how wrong the method has been.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from models.projection.raking import rake

AGES = tuple(range(0, 90, 5))  # 85 stands for 85 and over
SEXES = ("f", "m")
STEP_YEARS = 10
CHILDREN = 2  # age groups born within a step
# Women at the census, by the children's age group: 15-44 for 0-4, 20-49 for 5-9.
MOTHERS = (slice(3, 9), slice(4, 10))
PEER_BOUNDS = (1.0, 99.0)
SHRINKAGE = 500.0
RETAINED = 0.5  # share of a decade's total change that the next decade keeps under control "shrinking"
FEWEST_PEERS = 5

Control = Literal["linear", "shrinking"]


@dataclass(frozen=True)
class Ratios:
    """What carries a population ten years on, by unit.

    `cohort` (unit, sex, 16): into ages 10, 15, .., 80 and 85+; `children` (unit, 2): both sexes at 0-4 and
    5-9 per woman; `girls` (unit, 2): the share of girls among them.
    """

    cohort: np.ndarray
    children: np.ndarray
    girls: np.ndarray

    def advance(self, population: np.ndarray) -> np.ndarray:
        """The population (unit, sex, age) ten years later."""
        later = np.empty_like(population)
        later[:, :, CHILDREN:] = _cohorts(population) * self.cohort
        women = later[:, 0]
        # 5-9 first needs women of 20-49 and 0-4 women of 15-44, all of them survivors and so known already
        for age, mothers in enumerate(MOTHERS):
            born = women[:, mothers].sum(axis=1) * self.children[:, age]
            later[:, 0, age] = born * self.girls[:, age]
            later[:, 1, age] = born * (1 - self.girls[:, age])
        return later


def project(frame: pd.DataFrame, steps: int, control: Control = "linear") -> pd.DataFrame:
    """Project every unit of one parent (the cities of a province) `steps` times ten years ahead.

    `frame`: unit, sex ("f" or "m"), age_from (0, 5, .., 85, the last one open), pop0 and pop1 (persons at
    two censuses ten years apart), one row each combination. `control` says how the parent's total goes on:
    "linear" repeats the last decade's change, "shrinking" keeps half of the change before in every further
    decade. Units' totals go on linearly, never below 0, and are raked to the parent's.

    Returns unit, sex, age_from, step (1 = ten years after pop1), pop (persons, not rounded). ValueError
    names the unit, sex and age of a missing, doubled or negative figure.
    """
    units, before, now = _arrays(frame)
    totals = control_totals(before.sum(axis=(1, 2)), now.sum(axis=(1, 2)), steps, control)
    return _table(units, _run(now, [ratios(before, now)] * steps, totals))


@dataclass(frozen=True)
class Outcomes:
    """A projection and random outcomes around it: `middle` (step, unit, sex, age), `draws` (draw, then the same).

    Units, sexes and ages are in the order of `units`, SEXES and AGES. `draws` is empty below 5 units.
    """

    units: tuple[str, ...]
    middle: np.ndarray
    draws: np.ndarray


def outcomes(
    frame: pd.DataFrame, steps: int, control: Control = "linear", *, draws: int = 200, seed: int = 0
) -> Outcomes:
    """Projections under deviations as large as those of units of like size between the two censuses.

    In every draw and decade each unit takes the deviation of a random unit of its size class (three classes
    by persons, one class below 15 units): the log deviation of that unit's cohort ratios from the pooled
    ratios, all ages and sexes together, and of its total growth from the parent's. Deviations are centred in
    their class. Sum the cells of a draw before taking quantiles: the bounds of a sum are narrower than the
    sum of bounds.

    Read it as spread between peers in one decade: it knows nothing of a change of policy, of an epidemic, or
    of errors that all units share, so it is likely too narrow for the parent and for far steps.
    """
    units, before, now = _arrays(frame)
    base = ratios(before, now)
    totals = control_totals(before.sum(axis=(1, 2)), now.sum(axis=(1, 2)), steps, control)
    middle = _run(now, [base] * steps, totals)
    if len(units) < FEWEST_PEERS:
        return Outcomes(tuple(units), middle, np.empty((0, *middle.shape)))
    classes = _size_classes(now.sum(axis=(1, 2)))
    shape, growth = _deviations(before, now, classes)
    random = np.random.default_rng(seed)
    made = []
    for _ in range(draws):
        drawn = [_draw(classes, random) for _ in range(steps)]
        moved = [Ratios(base.cohort * np.exp(shape[peer]), base.children, base.girls) for peer in drawn]
        drift = np.exp(np.cumsum([growth[peer] for peer in drawn], axis=0))
        made.append(_run(now, moved, totals * drift))
    return Outcomes(tuple(units), middle, np.stack(made))


def interval(
    frame: pd.DataFrame,
    steps: int,
    control: Control = "linear",
    *,
    by: Sequence[str] = ("unit", "sex", "age_from"),
    draws: int = 200,
    seed: int = 0,
) -> pd.DataFrame:
    """80 % intervals of the sums named by `by`, from `outcomes`.

    ("unit",) gives those of whole units. Returns `by`, step, pop, lo80, hi80 (persons); lo80 and hi80 are
    NaN below 5 units.
    """
    made = outcomes(frame, steps, control, draws=draws, seed=seed)
    keys = [*by, "step"]
    result = _table(list(made.units), made.middle).groupby(keys, as_index=False)["pop"].sum()
    if not len(made.draws):
        return result.assign(lo80=np.nan, hi80=np.nan)
    sums = [_table(list(made.units), draw).groupby(keys)["pop"].sum().to_numpy() for draw in made.draws]
    low, high = np.quantile(sums, [0.1, 0.9], axis=0)
    middle = result["pop"].to_numpy()
    return result.assign(lo80=np.minimum(low, middle), hi80=np.maximum(high, middle))


def ratios(before: np.ndarray, now: np.ndarray) -> Ratios:
    """Capped and shrunk ratios from two populations (unit, sex, age) ten years apart."""
    children, girls = [], []
    for age, mothers in enumerate(MOTHERS):
        born = now[:, :, age].sum(axis=1)
        children.append(_settled(born, now[:, 0, mothers].sum(axis=1)))
        girls.append(_settled(now[:, 0, age], born))
    return Ratios(
        _settled(now[:, :, CHILDREN:], _cohorts(before)), np.stack(children, axis=1), np.stack(girls, axis=1)
    )


def control_totals(before: np.ndarray, now: np.ndarray, steps: int, control: Control) -> np.ndarray:
    """Totals of the units, shape (steps, unit), that add up to the parent's extrapolated total."""
    if steps < 1:
        raise ValueError(f"steps must be at least 1, not {steps}")
    if control not in ("linear", "shrinking"):
        raise ValueError(f"control must be linear or shrinking, not {control}")
    totals = np.empty((steps, now.size))
    step = np.arange(1, steps + 1)
    reach = step if control == "linear" else np.cumsum(RETAINED**step)
    for number in range(steps):
        parent = max(now.sum() + (now.sum() - before.sum()) * reach[number], 0.0)
        totals[number] = rake(np.maximum(now + (now - before) * step[number], 0.0), parent)
    return totals


def _cohorts(population: np.ndarray) -> np.ndarray:
    """People by the group they are in ten years later: ages 0-74 as they are, 75 and over as one."""
    oldest = population[:, :, -CHILDREN - 1 :].sum(axis=2, keepdims=True)
    return np.concatenate([population[:, :, : -CHILDREN - 1], oldest], axis=2)


def _settled(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """part / whole by unit (axis 0), capped to the peers' percentiles, shrunk to their pooled ratio."""
    pooled = _divide(part.sum(axis=0), whole.sum(axis=0), 0.0)
    own = _divide(part, whole, pooled)
    low, high = np.percentile(own, PEER_BOUNDS, axis=0)
    weight = whole / (whole + SHRINKAGE)
    return np.asarray(weight * np.clip(own, low, high) + (1 - weight) * pooled)


def _divide(part: np.ndarray, whole: np.ndarray, otherwise: np.ndarray | float) -> np.ndarray:
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1.0), otherwise)


def _run(now: np.ndarray, ratios_by_step: Sequence[Ratios], totals: np.ndarray) -> np.ndarray:
    """Controlled populations, shape (step, unit, sex, age)."""
    population, result = now, []
    for step_ratios, total in zip(ratios_by_step, totals, strict=True):
        population = step_ratios.advance(population)
        current = population.sum(axis=(1, 2))
        population = population * _divide(total, current, 0.0)[:, None, None]
        result.append(population)
    return np.stack(result)


def _size_classes(persons: np.ndarray) -> np.ndarray:
    """Class of each unit by persons: 0, 1, 2 by rank, or one class when thirds have fewer than 5."""
    classes = 3 if persons.size >= 3 * FEWEST_PEERS else 1
    return np.argsort(np.argsort(persons, kind="stable"), kind="stable") * classes // persons.size


def _deviations(before: np.ndarray, now: np.ndarray, classes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Log deviations from the pooled development, centred by class: cohort ratios, growth."""
    source, target = _cohorts(before), now[:, :, CHILDREN:]
    # half a person keeps empty cells out of the logarithm
    shape = np.log((target + 0.5) / (source + 0.5)) - np.log(
        (target.sum(axis=0) + 0.5) / (source.sum(axis=0) + 0.5)
    )
    growth = np.log((now.sum(axis=(1, 2)) + 0.5) / (before.sum(axis=(1, 2)) + 0.5))
    growth = growth - np.log((now.sum() + 0.5) / (before.sum() + 0.5))
    for one in np.unique(classes):
        shape[classes == one] -= shape[classes == one].mean(axis=0)
        growth[classes == one] -= growth[classes == one].mean()
    return shape, growth


def _draw(classes: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A random unit of the same class for each unit."""
    drawn = np.empty(classes.size, dtype=int)
    for one in np.unique(classes):
        members = np.flatnonzero(classes == one)
        drawn[members] = random.choice(members, members.size)
    return drawn


def _arrays(frame: pd.DataFrame) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Units in sorted order and both populations as (unit, sex, age)."""
    units = sorted(frame["unit"].unique())
    cells = pd.MultiIndex.from_product([units, SEXES, AGES], names=["unit", "sex", "age_from"])
    given = frame.set_index(["unit", "sex", "age_from"])[["pop0", "pop1"]]
    if not units:
        raise ValueError("no unit to project")
    for fault, at in (
        ("given twice", given.index[given.index.duplicated()]),
        ("not a sex f or m and an age of 0, 5, .., 85", given.index[~given.index.isin(cells)]),
        ("missing", cells[~cells.isin(given.index)]),
        ("not a number of persons", given.index[~(given >= 0).all(axis=1)]),
    ):
        if len(at):
            unit, sex, age = at[0]
            raise ValueError(f"unit {unit}, sex {sex}, age_from {age}: {fault}")
    ordered = given.reindex(cells).to_numpy(dtype=float)
    before, now = (ordered[:, side].reshape(len(units), len(SEXES), len(AGES)) for side in (0, 1))
    return units, before, now


def _table(units: list[str], populations: np.ndarray) -> pd.DataFrame:
    steps = range(1, len(populations) + 1)
    index = pd.MultiIndex.from_product([steps, units, SEXES, AGES], names=["step", "unit", "sex", "age_from"])
    long = pd.DataFrame({"pop": populations.ravel()}, index=index).reset_index()
    return long[["unit", "sex", "age_from", "step", "pop"]]
