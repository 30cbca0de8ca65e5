"""conf/schedule.yaml is refused when it could never be kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from conf import ConfError
from conf.schedule import schedule
from jobs.__main__ import JOBS

NIGHT = "night: {job: daily, cron: '30 1 * * *', timeout_minutes: 9}\n"


def problems(folder: Path, text: str) -> tuple[str, ...]:
    (folder / "schedule.yaml").write_text(text, encoding="utf-8")
    try:
        schedule(JOBS, folder)
    except ConfError as error:
        return error.problems
    return ()


def cron(line: str) -> str:
    return NIGHT.replace("30 1 * * *", line)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (cron("0 1 31 2 *"), "schedule.yaml: night.cron: '0 1 31 2 *' never fires"),
        (cron("0 1 31 4,6,9,11 *"), "schedule.yaml: night.cron: '0 1 31 4,6,9,11 *' never fires"),
        (cron("0 25 * * *"), "schedule.yaml: night.cron: '0 25 * * *'"),
        (cron("0 1 * *"), "schedule.yaml: night.cron: '0 1 * *' has 4 fields"),
        (cron("0 1 * * 1"), "schedule.yaml: night.cron: weekday '1': must be *, or names"),
        (cron("0 1 1 * mon"), "schedule.yaml: night.cron: day and weekday: only one"),
        (cron("x 1 * * *"), "schedule.yaml: night.cron: minute 'x'"),
        (NIGHT.replace("daily", "dayly"), "schedule.yaml: night.job: no job 'dayly' (one of "),
        (NIGHT.replace("cron: '30 1 * * *', ", ""), "schedule.yaml: night: either cron or after"),
        (NIGHT.replace("9}", "0}"), "schedule.yaml: night.timeout_minutes"),
        (NIGHT + "b: {job: status, after: [c], timeout_minutes: 1}", "schedule.yaml: b.after: no entry 'c'"),
        (
            "a: {job: daily, after: [c], timeout_minutes: 1}\nb: {job: daily, after: [a], timeout_minutes: 1}\n"
            "c: {job: daily, after: [b], timeout_minutes: 1}",
            "schedule.yaml: a.after: a cycle: a → c → b → a",
        ),
        (
            NIGHT
            + cron("0 5 * * *").replace("night", "noon")
            + "b: {job: status, after: [night, noon], timeout_minutes: 1}",
            "schedule.yaml: b.after: waits for what starts at different times: night, noon",
        ),
    ],
)  # fmt: skip
def test_refused_with_file_and_key(tmp_path: Path, text: str, problem: str) -> None:
    found = problems(tmp_path, text)
    assert len(found) == 1
    assert found[0].startswith(problem)


@pytest.mark.parametrize("line", ["0 1 29 2 *", "*/15 * * * *", "0 8-18/2 * * mon-fri", "0,30 4 1,15 1-6 *"])
def test_a_line_that_fires_is_accepted(tmp_path: Path, line: str) -> None:
    assert problems(tmp_path, cron(line)) == ()


def test_a_diamond_is_no_cycle(tmp_path: Path) -> None:
    text = NIGHT + "".join(
        f"{name}: {{job: status, after: [{after}], timeout_minutes: 1}}\n"
        for name, after in (("b", "night"), ("c", "night"), ("d", "b, c"))
    )
    assert problems(tmp_path, text) == ()


def test_the_schedule_of_this_installation_holds() -> None:
    assert schedule(JOBS)["nightly"].good_codes == (0, 2)
