"""The plans of the fault harness: the same for a seed, and nothing lost in them."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from tests.verify import fault_plan
from tests.verify.fault_plan import POINTS, SEEDS, Sent, handed_in_badly, planned

FILES = tuple(
    Sent(
        table, table.replace("_", "/"), date(year, 1, 10), f"{table}_{year}.csv", "key,value",
        tuple(f"{year}-{n},{table}" for n in range(60)), frozenset(range(3, 60)),
    )
    for table in ("health_birth", "health_death", "statistics_gdp")
    for year in range(2023, 2026)
)  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_a_seed_says_the_same_each_time(seed: int) -> None:
    assert planned(seed, FILES) == planned(seed, FILES)


def test_seeds_differ() -> None:
    plans = [planned(seed, FILES) for seed in SEEDS]
    assert len({p.deliveries for p in plans}) == len({p.kills for p in plans}) == len(SEEDS)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_row_is_handed_in_twice_at_least_and_none_is_made_up(seed: int) -> None:
    sent = handed_in_badly(seed, FILES)
    copies = Counter((f.folder, row) for f in sent for row in f.rows)
    assert set(copies) == {(f.folder, row) for f in FILES for row in f.rows}
    assert set(copies.values()) == {2, 3}
    assert len({f.path for f in sent}) == len(sent)


@pytest.mark.parametrize("seed", SEEDS)
def test_one_row_in_twenty_comes_late_by_ninety_days_at_most(seed: int) -> None:
    sent = handed_in_badly(seed, FILES)
    late = [(f, row) for f in sent if f.name.startswith("late_") for row in f.rows]
    assert len(late) == sum(round(len(f.rows) / 20) for f in FILES)
    on_time = {f.name: f for f in FILES}
    for file, row in late:
        own = on_time[file.name.removeprefix("late_")]
        assert row in own.rows and own.rows.index(row) in own.free
        assert timedelta(days=1) <= file.day - own.day <= timedelta(days=90)
    assert max(f.day for f in sent) <= fault_plan.AS_OF


@pytest.mark.parametrize("seed", SEEDS)
def test_a_tenth_is_sent_a_third_time_in_other_bytes(seed: int) -> None:
    sent = {f.path: f for f in handed_in_badly(seed, FILES)}
    first = [f for f in sent.values() if not f.name.startswith("z")]
    second = [f for f in sent.values() if f.name.startswith("z2_")]
    third = [f for f in sent.values() if f.name.startswith("z3_")]
    assert Counter(f.rows for f in second) == Counter(f.rows for f in first)
    assert len(third) == -(-len(first) // 10)
    for file in third:
        (own,) = (f for f in first if f"z3_{f.day}_{f.name}" == file.name)
        assert set(file.rows) == {own.rows[n] for n in own.free}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_seed_kills_once_at_each_point_in_an_order_that_can_be_reached(seed: int) -> None:
    kills = [kill.point for kill in planned(seed, FILES).kills]
    assert sorted(kills) == sorted(POINTS)
    in_run = [point for point in kills if point not in (fault_plan.BACKUP, fault_plan.VACUUM)]
    assert tuple(in_run) == POINTS[:6]
    assert kills.index(fault_plan.BACKUP) < kills.index(fault_plan.VACUUM)


def test_the_seeds_together_kill_in_every_layer() -> None:
    tables = {kill.table for seed in SEEDS for kill in planned(seed, FILES).kills if kill.table}
    assert {table.partition("/")[0] for table in tables} == {"silver", "quarantine", "gold"}
    assert set(fault_plan.CHECKPOINTED) <= tables
