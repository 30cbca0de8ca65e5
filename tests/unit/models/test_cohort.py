import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from models.projection.cohort import balance_residual, cohort_step

AGES = 5
people = arrays(float, (2, AGES), elements=st.integers(0, 10_000).map(float))
NONE = np.zeros((2, AGES))


@given(population=people)
def test_without_deaths_births_and_moves_people_only_age(population: np.ndarray) -> None:
    later = cohort_step(
        population, np.ones((2, AGES)), np.zeros(AGES), NONE, newborn_survival=[1, 1], girls=0.5
    )
    assert later[:, 0].tolist() == [0, 0]
    assert later[:, 1:-1].tolist() == population[:, :-2].tolist()
    assert later[:, -1].tolist() == (population[:, -2] + population[:, -1]).tolist()


@given(population=people, survival=arrays(float, (2, AGES), elements=st.floats(0, 1)))
def test_what_comes_and_goes_explains_the_change(population: np.ndarray, survival: np.ndarray) -> None:
    moved = np.full((2, AGES), 3.0)
    later = cohort_step(population, survival, np.zeros(AGES), moved, newborn_survival=[1, 1], girls=0.5)
    deaths = (population * (1 - survival)).sum(axis=1)
    residual = balance_residual(
        population.sum(axis=1), later.sum(axis=1), np.zeros(2), deaths, moved.sum(axis=1)
    )
    assert residual == pytest.approx(np.zeros(2), abs=1e-6)


def test_births_by_hand() -> None:
    """100 women of the middle group at either end of the step, two births each, 48 % girls, a tenth lost."""
    population = np.zeros((2, AGES))
    population[0, 1:3] = 100
    fertility = np.array([0, 0, 2.0, 0, 0])
    later = cohort_step(
        population, np.ones((2, AGES)), fertility, NONE, newborn_survival=[0.9, 1], girls=0.48
    )
    assert later[:, 0] == pytest.approx([200 * 0.48 * 0.9, 200 * 0.52])


def test_bad_input_is_refused() -> None:
    def step(survival: float = 1, moved: float = 0, fertility: int = AGES) -> np.ndarray:
        return cohort_step(
            np.ones((2, AGES)),
            np.full((2, AGES), survival),
            np.zeros(fertility),
            NONE + moved,
            newborn_survival=[1, 1],
            girls=0.5,
        )

    with pytest.raises(ValueError, match="within 0 and 1"):
        step(survival=1.1)
    with pytest.raises(ValueError, match="more leave group 0"):
        step(moved=-1)
    with pytest.raises(ValueError, match=r"shape \(2, 4\)"):
        step(fertility=4)
    with pytest.raises(ValueError, match="migration is not finite"):
        step(moved=np.nan)
