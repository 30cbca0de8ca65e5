"""Running jobs in processes of their own, and killing them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Until every thread of a process has come to a stop.
_STOPPING = 0.02


def environment(root: Path = ROOT, **changed: str) -> dict[str, str]:
    """As spark-submit.sh sets it, for the code below `root`."""
    own = {"PYTHONPATH": str(root), "PYSPARK_PYTHON": sys.executable, "OMP_NUM_THREADS": "1"}
    return {**os.environ, **own, **changed}


@contextmanager
def started(words: list[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A job in a process of its own, killed with all its children if it is still there at the end."""
    with log.open("w", encoding="utf-8") as stream:
        job = subprocess.Popen(
            [sys.executable, "-m", "jobs", *words],
            cwd=ROOT, env=environment(), stdout=stream, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        try:
            yield job
        finally:
            if job.poll() is None:
                os.killpg(job.pid, signal.SIGKILL)
            job.wait()


def kill_when(
    words: list[str], reached: Callable[[str], bool], log: Path, patience: float = 900, delay: float = 0.0
) -> bool:
    """Start a job and kill it with all its children `delay` seconds after `reached` of what it printed is true.

    It is stopped first and looked at again: a point that it has passed meanwhile is waited for once more. False
    when the job ended before.
    """
    with started(words, log) as job:
        end = time.monotonic() + patience
        while job.poll() is None and time.monotonic() < end:
            if reached(log.read_text(encoding="utf-8")):
                time.sleep(delay)
                os.killpg(job.pid, signal.SIGSTOP)
                time.sleep(_STOPPING)
                if job.poll() is None and reached(log.read_text(encoding="utf-8")):
                    return True
                os.killpg(job.pid, signal.SIGCONT)
            time.sleep(0.01)
        return False
