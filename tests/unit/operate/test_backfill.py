"""Days one after another."""

from __future__ import annotations

from datetime import date

import pytest

from jobs import daily
from jobs.operate.backfill import days_between, one_after_another

DAYS = days_between(date(2024, 2, 28), date(2024, 3, 1))


def test_every_day_is_named_once_also_a_leap_day() -> None:
    assert [str(d) for d in DAYS] == ["2024-02-28", "2024-02-29", "2024-03-01"]


def test_a_day_that_is_done_is_not_done_again(capsys: pytest.CaptureFixture[str]) -> None:
    ran: list[date] = []
    code = one_after_another(DAYS, lambda d: "run r1" if d == DAYS[0] else "", lambda d: ran.append(d) or 0)
    assert (code, ran) == (0, DAYS[1:])
    assert "2024-02-28: done already (run r1)" in capsys.readouterr().out


def test_bad_deliveries_of_a_day_do_not_stop_the_next(capsys: pytest.CaptureFixture[str]) -> None:
    ran: list[date] = []
    assert one_after_another(DAYS, lambda _: "", lambda d: ran.append(d) or (2 if d == DAYS[0] else 0)) == 2
    assert ran == DAYS


def test_a_failure_stops_and_the_same_command_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    done: set[date] = set()

    def run(day: date) -> int:
        if day == DAYS[1] and day not in failed:
            failed.add(day)
            return 1
        done.add(day)
        return 0

    failed: set[date] = set()
    assert one_after_another(DAYS, lambda d: "x" if d in done else "", run) == 1
    assert done == {DAYS[0]}
    assert "Stopped at 2024-02-29" in capsys.readouterr().out
    assert one_after_another(DAYS, lambda d: "x" if d in done else "", run) == 0
    assert done == set(DAYS)


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["--from", "2026-01-01"], "--from and --to go together"),
        (["--from", "2026-01-02", "--to", "2026-01-01"], "--from must not lie after --to"),
        (["--from", "2026-01-01", "--to", "2026-01-01", "--as-of", "2026-01-01"], "goes without --as-of"),
        (["--as-of", "2026-02-30"], "--as-of"),
    ],
)
def test_wrong_days_are_told_in_one_line(
    words: list[str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        daily.run(words)
    told = capsys.readouterr().err
    assert stopped.value.code == 2
    assert problem in told and told.count("\n") == 1
