"""Running jobs in processes of their own, and killing them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def environment(root: Path = ROOT, **changed: str) -> dict[str, str]:
    """As spark-submit.sh sets it, for the code below `root`."""
    own = {"PYTHONPATH": str(root), "PYSPARK_PYTHON": sys.executable, "OMP_NUM_THREADS": "1"}
    return {**os.environ, **own, **changed}


def kill_when(words: list[str], reached: Callable[[str], bool], log: Path, patience: float = 900) -> bool:
    """Start a job and kill it with all its children as soon as `reached` of what it printed is true.

    False when the job ended before.
    """
    with log.open("w", encoding="utf-8") as stream:
        job = subprocess.Popen(
            [sys.executable, "-m", "jobs", *words],
            cwd=ROOT, env=environment(), stdout=stream, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        try:
            end = time.monotonic() + patience
            while job.poll() is None and time.monotonic() < end:
                if reached(log.read_text(encoding="utf-8")):
                    return True
                time.sleep(0.01)
            return False
        finally:
            if job.poll() is None:
                os.killpg(job.pid, signal.SIGKILL)
            job.wait()
