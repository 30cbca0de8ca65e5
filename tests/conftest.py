"""What tests of several folders share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    """One Spark session for the whole run; nobody who needs none pays for it."""
    from jobs.lake import session

    # Spark starts its Python workers itself; they import jobs by this path.
    os.environ["PYTHONPATH"] = str(ROOT)
    made = session.start("tests")
    yield made
    made.stop()
