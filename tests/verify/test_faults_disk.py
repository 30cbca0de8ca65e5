"""A disk that fills up while a run is at work: a clear end, the last release for readers, and a rerun that ends well.

The lake lies on a small file system in memory of its own, so that it is really full; making one needs root.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from conf.operations import remedies
from jobs import daily
from jobs.lake.ledger import Ledger
from jobs.lake.paths import Lake
from tests.spark import killing
from tests.verify import fault_lakes
from tests.verify.fault_lakes import AS_OF
from tests.verify.fault_plan import Sent
from tests.verify.serving import served_throughout, shown

pytestmark = [pytest.mark.verify, pytest.mark.spark]

SIZE = "64m"
# Of what a run writes, the share that there is room for: from the first note in the ledger to the release.
ROOM = (0.0, 0.3, 0.8)


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A file system of its own, a few megabytes large."""
    place = tmp_path_factory.mktemp("disk")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(place)], capture_output=True, text=True
    )
    if mounted.returncode:
        pytest.skip(f"no small file system can be made here: {mounted.stderr.strip()}")
    yield place
    # Lazily: readers may have its files open until they end.
    subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.fixture(scope="module")
def released(
    first_release: Lake, handed_in: tuple[Sent, ...], tmp_path_factory: pytest.TempPathFactory
) -> Lake:
    """A lake with a release, and with deliveries that nobody has read yet."""
    lake = killing.copy(first_release, tmp_path_factory.mktemp("released") / "lake")
    fault_lakes.put(lake, handed_in)
    return lake


@pytest.fixture(scope="module")
def unhindered(released: Lake, disk: Path) -> tuple[dict[str, str], int]:
    """What the lake holds after a run with room enough, and how many bytes that took."""
    lake = killing.copy(released, disk / "lake")
    before = shutil.disk_usage(disk).used
    killing.run_again(lake, AS_OF)
    told = killing.contents(lake), shutil.disk_usage(disk).used - before
    shutil.rmtree(lake.root)
    return told


def fill(disk: Path, room: int) -> Path:
    """Leave so many bytes free."""
    ballast = disk / "ballast"
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, shutil.disk_usage(disk).free - room))
    return ballast


@pytest.mark.parametrize("share", ROOM)
def test_a_full_disk_is_told_and_a_rerun_ends_well(
    share: float,
    released: Lake,
    disk: Path,
    unhindered: tuple[dict[str, str], int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    whole, took = unhindered
    lake = killing.copy(released, disk / "lake")
    try:
        ballast = fill(disk, int(share * took))
        with served_throughout(lake):
            assert daily.run(killing.options(lake, AS_OF)) == 1
        told = capsys.readouterr().err
        assert "daily: failed: " in told
        assert "Traceback" not in told
        if share:
            last = Ledger(lake.ledger).runs(1)[0]
            assert last["outcome"] in ("failed", "running"), last
            # When not even that could be written, the run's last words say it.
            assert last["error"] == "no_space" or remedies()["no_space"].what.en in told, last["message"]
        else:
            assert remedies()["no_space"].what.en in told
        ballast.unlink()
        killing.run_again(lake, AS_OF)
        assert killing.contents(lake) == whole
        assert shown(lake)[0] != shown(released)[0]
    finally:
        shutil.rmtree(lake.root)
        (disk / "ballast").unlink(missing_ok=True)
