"""Runs, a backup and a vacuum killed at eight named points, with five seeds, while readers come by.

The seed decides what is handed in and how badly (twice and three times, late, in any order), at which table and
how long after the point the signal falls. Each kill of a seed goes on from what the one before has left; then
one run comes to its end.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from jobs import daily
from jobs.lake.paths import Lake
from jobs.operate import backup, restore, vacuum
from jobs.operate.archive import backups
from tests.spark import killing
from tests.spark.process import kill_when
from tests.verify import fault_lakes, fault_plan, fault_points
from tests.verify.fault_lakes import AS_OF
from tests.verify.fault_plan import Kill, Sent
from tests.verify.serving import served_throughout, shown

pytestmark = [pytest.mark.verify, pytest.mark.spark]


@pytest.mark.parametrize("seed", fault_plan.SEEDS)
def test_killed_at_every_point_it_ends_as_if_nothing_had_happened(
    seed: int, first_release: Lake, handed_in: tuple[Sent, ...], tmp_path: Path
) -> None:
    plan = fault_plan.planned(seed, fault_lakes.late(handed_in))
    unkilled = killing.copy(first_release, tmp_path / "unkilled")
    fault_lakes.put(unkilled, plan.deliveries)
    killing.run_again(unkilled, AS_OF)

    lake, archive = killing.copy(first_release, tmp_path / "lake"), tmp_path / "archive"
    fault_lakes.put(lake, plan.deliveries)
    fault_points.leave_files(lake)
    with served_throughout(lake) as before:
        for kill in plan.kills:
            kill_at(kill, lake, archive)
            assert shown(lake) == before, kill
    killing.run_again(lake, AS_OF)
    assert killing.outcomes(lake) == ["done", *["killed"] * 6, "done"]
    assert killing.contents(lake) == killing.contents(unkilled)
    assert killing.contents_below(lake) == killing.contents_below(unkilled)
    assert shown(lake)[1] == shown(unkilled)[1]

    # What the kills have left is swept up, and the archive holds whole backups only.
    assert daily.run(killing.options(lake, AS_OF)) == 0
    assert killing.outcomes(lake)[-1] == "nothing_new"
    after = shown(lake)
    assert vacuum.run(["--lake", str(lake.root)]) == 0
    assert not list(lake.gold("indicator").glob("*-left.parquet"))
    assert backup.run(["--to", str(archive), "--lake", str(lake.root)]) == 0
    assert len(backups(archive)) == 1
    back = Lake(tmp_path / "back")
    assert restore.run(["--from", str(archive), "--lake", str(back.root)]) == 0
    assert shown(back) == shown(lake) == after


def kill_at(kill: Kill, lake: Lake, archive: Path) -> None:
    words, point = fault_points.job(kill, lake, archive), fault_points.reached(kill, lake, archive)
    if words[0] == "daily":
        killing.killed(lake, point, AS_OF, kill.delay)
    else:
        assert kill_when(words, point, lake.root / "killed.log"), f"{kill.point}: the job ended before"
