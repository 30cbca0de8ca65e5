"""One tiny lake for the whole run."""

from __future__ import annotations

import pytest
from pyspark.sql import SparkSession

from jobs import daily
from jobs.lake.paths import Lake
from tests.spark import tiny


@pytest.fixture(scope="session")
def tiny_lake(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Every demo source, carried through to a release. Tests only read it."""
    root = tmp_path_factory.mktemp("tiny") / "lake"
    tiny.hand_in(root)
    assert daily.run(["--lake", str(root), "--as-of", tiny.AS_OF]) == 0
    return Lake(root)
