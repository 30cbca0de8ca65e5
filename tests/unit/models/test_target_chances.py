"""Counts that are cleared, and scores of chances told earlier."""

from datetime import date

import numpy as np
import pytest

from models.target_chances import clearance_chance, monthly_hazards, scores

DRAWN = {"draws": 500, "seed": 1}


def test_hazards_are_of_months_that_follow_each_other_and_had_items_left() -> None:
    counts = [(date(2020, m, 28), n) for m, n in ((1, 40), (2, 30), (3, 33), (5, 20), (6, 0), (7, 0))]
    # February 10 of 40, March none, April unknown, June all, July nothing was left
    assert monthly_hazards(counts[::-1]).tolist() == [0.25, 0.0, 1.0]
    assert monthly_hazards([]).size == 0


@pytest.mark.parametrize(("left", "months"), [(1, 1), (3, 4), (20, 6)])
def test_with_one_hazard_it_is_the_share_of_paths_without_survivors(left: int, months: int) -> None:
    told = clearance_chance(np.full(8, 0.3), left, months, **DRAWN)
    assert told == pytest.approx((8 * (1 - 0.7**months) ** left + 1) / 10)


def test_it_is_never_certain_and_falls_with_the_items_left() -> None:
    hazards = np.array([0.1, 0.2, 0.4, 0.5] * 3)
    told = [clearance_chance(hazards, left, 3, **DRAWN) for left in (0, 1, 5, 4000)]
    assert told == sorted(told, reverse=True)
    assert (told[0], told[-1]) == (pytest.approx(13 / 14), pytest.approx(1 / 14))
    assert clearance_chance(hazards, 5, 12, **DRAWN) > told[2]


@pytest.mark.parametrize(("n", "left", "months"), [(7, 3, 2), (8, 3, 0), (8, -1, 2)])
def test_too_little_to_tell_is_refused(n: int, left: float, months: int) -> None:
    with pytest.raises(ValueError, match=r"needs|least"):
        clearance_chance(np.full(n, 0.3), left, months, **DRAWN)


def test_scores_against_the_base_rate() -> None:
    found = scores(np.array([0.9, 0.8, 0.1, 0.2]), np.array([True, True, False, True]))
    assert (found.cases, found.met, found.told, found.share) == (4, 3, pytest.approx(0.5), 0.75)
    assert found.brier == pytest.approx((0.01 + 0.04 + 0.01 + 0.64) / 4)
    assert found.base_brier == pytest.approx(0.1875)
    assert found.skill == pytest.approx(1 - 0.175 / 0.1875)


def test_telling_the_base_rate_has_no_skill_and_one_outcome_none_to_tell() -> None:
    assert scores(np.full(4, 0.25), np.array([1, 0, 0, 0])).skill == pytest.approx(0)
    assert np.isnan(scores(np.full(3, 0.4), np.ones(3)).skill)
    with pytest.raises(ValueError, match="0 to 1"):
        scores(np.array([1.2]), np.array([True]))
