from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.cycle.turning import Turn, lead_correlation, match_turns, turning_points

GROWTH = {"window": 5, "phase": 9, "cycle": 24, "ends": 6}


def wave(n: int, period: float, shift: float = 0) -> np.ndarray:
    return np.sin(2 * np.pi * (np.arange(n) + shift) / period)


def test_turns_of_a_wave() -> None:
    found = turning_points(wave(130, 40), **GROWTH)
    assert [(t.position, t.kind) for t in found] == [
        *[(10, "peak"), (30, "trough"), (50, "peak"), (70, "trough"), (90, "peak"), (110, "trough")]
    ]
    assert found[0].value == pytest.approx(1)


def test_a_short_dip_is_no_trough() -> None:
    values = wave(80, 60)  # peak 15, trough 45
    values[28:33] -= [0.1, 0.4, 0.8, 0.4, 0.1]
    without = turning_points(wave(80, 60), **GROWTH)
    assert [(t.position, t.kind) for t in without] == [(15, "peak"), (45, "trough"), (75, "peak")][:2]
    dipped = turning_points(values, window=3, phase=9, cycle=24, ends=6)
    assert [t.position for t in dipped] == [15, 45]


def test_nothing_near_the_ends() -> None:
    found = turning_points(wave(52, 40), **GROWTH)
    assert [t.position for t in found] == [10, 30]


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), phase=st.integers(1, 9), more=st.integers(0, 15))
def test_rules_hold_on_any_series(seed: int, phase: int, more: int) -> None:
    def turns_of(values: np.ndarray) -> list[Turn]:
        return turning_points(values, window=3, phase=phase, cycle=phase + more, ends=6)

    values = np.cumsum(np.random.default_rng(seed).normal(size=150))
    turns = turns_of(values)
    for a, b in pairwise(turns):
        assert a.kind != b.kind and b.position - a.position >= phase
        assert (b.value > a.value) == (b.kind == "peak")
    for a, b in zip(turns, turns[2:], strict=False):
        assert b.position - a.position >= phase + more
    for other in (-values, 2 * values + 1):
        assert [t.position for t in turns_of(other)] == [t.position for t in turns]


def test_leads_missed_and_extra() -> None:
    def turn(position: int, kind: str) -> Turn:
        return Turn(position, kind, 0.0)  # type: ignore[arg-type]

    reference = [turn(20, "peak"), turn(40, "trough"), turn(70, "peak")]
    index = [turn(14, "peak"), turn(30, "trough"), turn(41, "trough"), turn(58, "peak"), turn(90, "trough")]
    found = match_turns(index, reference, before=11, after=3)
    assert found.leads == (6, -1)
    assert found.missed == (reference[2],)
    assert found.extra == (index[1], index[3], index[4])


def test_a_shifted_wave_leads_by_its_shift() -> None:
    lead, correlation = lead_correlation(wave(120, 40, 6), wave(120, 40), 12)
    assert (lead, round(correlation, 6)) == (6, 1)
    assert lead_correlation(wave(120, 40), wave(120, 40, 6), 12)[0] == -6
    turns = (turning_points(wave(130, 40, shift), **GROWTH) for shift in (6, 0))
    assert set(match_turns(*turns, before=12, after=3).leads) == {6}


def test_bad_input_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 11"):
        turning_points(np.arange(10.0), **GROWTH)
    with pytest.raises(ValueError, match="cycle >= phase"):
        turning_points(wave(50, 20), window=3, phase=9, cycle=5, ends=6)
    with pytest.raises(ValueError, match="not finite"):
        turning_points(np.full(50, np.nan), **GROWTH)
    with pytest.raises(ValueError, match="differ in length"):
        lead_correlation(wave(50, 9), wave(51, 9), 3)
    with pytest.raises(ValueError, match="does not vary"):
        lead_correlation(np.ones(50), wave(50, 9), 3)
