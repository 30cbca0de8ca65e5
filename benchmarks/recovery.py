"""Recovery of a lake: time of a full backup, of one with nothing new, and of a recovery; what would be lost.

    .venv/bin/python benchmarks/recovery.py [--lake DIR]

The archive is made in a temporary folder and removed again. Recovery time counts from an empty folder until every
table of every release has been opened.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from jobs.lake import releases  # noqa: E402
from jobs.lake.paths import Lake  # noqa: E402
from jobs.operate import lease  # noqa: E402
from jobs.operate.archive import backups, save  # noqa: E402
from jobs.operate.drill import rehearse  # noqa: E402


def main() -> None:
    """Measure and print; exit code 1 when something cannot be opened after the recovery."""
    parser = argparse.ArgumentParser(description="Time backup and recovery of a lake.")
    parser.add_argument("--lake", type=Path, default=ROOT / "out" / "lake", help="the lake (out/lake)")
    lake = Lake(parser.parse_args().lake.resolve())
    newest = next(iter(releases.newest_first(lake)), None)
    if newest is None:
        sys.exit(f"no release in {lake.root.name}/: run ./spark-submit.sh daily first")
    with tempfile.TemporaryDirectory(prefix="recovery-") as folder, lease.hold(lake, "benchmark"):
        archive, seconds = Path(folder), []
        for _ in range(2):
            started = time.perf_counter()
            backup, _copied = save(archive, lake.root, newest["release_id"])
            seconds.append(time.perf_counter() - started)
        done = rehearse(archive, backups(archive)[-1])
    size = backup.bytes / 1e6
    lost = 0 if backup.release == newest["release_id"] else 1
    print(f"lake           {size:,.0f} MB, {len(backup.files):,} files, {done.releases} releases")
    print(f"full backup    {seconds[0]:.1f} s ({size / seconds[0]:,.0f} MB/s)")
    print(f"nothing new    {seconds[1]:.1f} s")
    print(
        f"recovery       {done.seconds:.1f} s ({size / done.seconds:,.0f} MB/s), {done.versions} tables opened"
    )
    print(f"lost           {lost} releases made before the backup, {len(done.damaged)} tables damaged")
    sys.exit(1 if lost or done.damaged else 0)


if __name__ == "__main__":
    main()
