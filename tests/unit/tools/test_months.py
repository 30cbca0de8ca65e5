"""The nights of the benchmark over 24 months."""

from __future__ import annotations

from datetime import date

from benchmarks import months


def test_every_day_of_two_years_is_one_night() -> None:
    todo = list(months.steps(15))
    days = [day for step in todo for day in step.days]
    assert days == [
        date.fromordinal(n) for n in range(date(2024, 1, 1).toordinal(), date(2026, 1, 1).toordinal())
    ]
    assert {step.month for step in todo if step.timed} == {"2024-01", "2025-12"}
    assert sum(step.timed for step in todo) == 30
    assert sum(not step.days for step in todo) == 24, "a vacuum after each month"


def test_rows_handed_in_weekly_are_those_of_the_days_in_order() -> None:
    days = [date(2024, 2, n) for n in range(1, 10)]
    daily = {day: {f"health/birth/{day}/b.csv": f"key\n{day.day}\n"} for day in days}
    assert months.gathered(days, daily, 7) == {
        "health/birth/2024-02-07/b.csv": "key\n1\n2\n3\n4\n5\n6\n7\n",
        "health/birth/2024-02-09/b.csv": "key\n8\n9\n",
    }
    assert months.gathered(days, daily, 1) == {p: t for files in daily.values() for p, t in files.items()}


def test_the_last_month_is_compared_with_the_first_and_a_night_begun_twice_is_left_out() -> None:
    todo = [s for s in months.steps(2) if s.month in ("2024-01", "2025-12")]
    found: list[months.Record] = []
    for step in todo:
        seconds = 30.0 if step.month == "2025-12" else 20.0
        told = {"seconds": seconds} if step.days else {"files": 7, "bytes": 2_000_000, "commits": 9}
        found += [{"name": step.name, "state": "begun"}, {"name": step.name, "state": "done", **told}]
    found += [
        {"name": "2024-01-02", "state": "begun"},
        {"name": "2024-01-02", "state": "done", "seconds": 1.0},
    ]
    lines = months.table(found, todo).splitlines()
    assert lines[1].split() == ["2024-01", "1", "20.0", "7", "2.0", "9"]
    assert lines[-1] == "median night: 2024-01 20.0 s, 2025-12 30.0 s, ratio 1.50 (at most 1.2)"
