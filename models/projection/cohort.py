"""Cohort-component projection 队列要素法, and the balance that every population keeps.

Source: Preston, Heuveline and Guillot, Demography: measuring and modeling population processes (2001), chapter 6.
"""

import numpy as np
from numpy.typing import ArrayLike

from models.checks import finite

FEMALE = 0


def cohort_step(
    population: ArrayLike,
    survival: ArrayLike,
    fertility: ArrayLike,
    migration: ArrayLike,
    *,
    newborn_survival: ArrayLike,
    girls: float,
) -> np.ndarray:
    """Population (2, ages) one step later; the step is the width of an age group, women come first.

    `survival` (2, ages): share of each group alive a step later, that of the last group staying in it;
    `newborn_survival` (2,): of those born in the step; `fertility` (ages,): births a woman and step, on the
    mean of women at its start and end; `migration` (2, ages): net arrivals counted at the end of the
    step; `girls`: share of births. ValueError for shares outside 0-1, negative people, or a group that more
    leave than there are.
    """
    people, alive = finite(population, "population", ndim=2), finite(survival, "survival", ndim=2)
    moved, birth_rate = finite(migration, "migration", ndim=2), finite(fertility, "fertility", least=2)
    born_alive = finite(newborn_survival, "newborn survival", least=2)
    ages = birth_rate.size
    if not people.shape == alive.shape == moved.shape == (2, ages) or born_alive.size != 2:
        raise ValueError(f"population, survival and migration must have shape (2, {ages})")
    shares_given = np.concatenate([alive.ravel(), born_alive, [girls]])
    if (people < 0).any() or (birth_rate < 0).any() or (shares_given < 0).any() or (shares_given > 1).any():
        raise ValueError("people and births must not be negative, and shares must be within 0 and 1")
    later = np.zeros_like(people)
    later[:, 1:] = people[:, :-1] * alive[:, :-1]
    later[:, -1] += people[:, -1] * alive[:, -1]
    births = float(birth_rate @ (people[FEMALE] + later[FEMALE])) / 2
    later[:, 0] = births * np.array([girls, 1 - girls]) * born_alive
    later += moved
    if (later < 0).any():
        raise ValueError(f"more leave group {int(np.argwhere(later < 0)[0][1])} than there are")
    return later


def balance_residual(
    before: ArrayLike, after: ArrayLike, births: ArrayLike, deaths: ArrayLike, migration: ArrayLike
) -> np.ndarray:
    """What figures of a period leave unexplained, in persons (n,): P1 - P0 - (B - D + M)."""
    p0, p1, b, d, m = (
        finite(values, name)
        for values, name in (
            *((before, "before"), (after, "after"), (births, "births")),
            *((deaths, "deaths"), (migration, "migration")),
        )
    )
    return np.asarray(p1 - p0 - (b - d + m))
