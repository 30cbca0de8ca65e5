"""What tests of several folders share."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def forgotten(request: pytest.FixtureRequest) -> Iterator[None]:
    """After a test that ran jobs in this process, Delta lets go of what it keeps of each lake's tables for an hour:
    tests make dozens of lakes, and a session that held them all ran out of memory."""
    yield
    pyspark = sys.modules.get("pyspark.sql")
    active = pyspark.SparkSession.getActiveSession() if pyspark else None
    if active is not None:
        gc.collect()
        active.catalog.clearCache()
        active._jvm.org.apache.spark.sql.delta.DeltaLog.clearCache()


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    """One Spark session for the whole run; nobody who needs none pays for it."""
    from jobs.lake import session

    # Spark starts its Python workers itself; they import jobs by this path.
    os.environ["PYTHONPATH"] = str(ROOT)
    made = session.start("tests")
    yield made
    made.stop()
