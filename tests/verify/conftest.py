"""One lake with a release that the fault harness copies."""

from __future__ import annotations

import pytest
from pyspark.sql import SparkSession

from jobs.lake.paths import Lake
from tests.spark import killing
from tests.verify import fault_lakes
from tests.verify.fault_plan import Sent


@pytest.fixture(scope="session")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> tuple[Sent, ...]:
    """What departments hand in, each row once."""
    return fault_lakes.handed_in(tmp_path_factory.mktemp("departments"))


@pytest.fixture(scope="session")
def first_release(
    spark: SparkSession, handed_in: tuple[Sent, ...], tmp_path_factory: pytest.TempPathFactory
) -> Lake:
    """A lake with a release of the first deliveries. Tests copy it."""
    lake = Lake(tmp_path_factory.mktemp("first_release") / "lake")
    fault_lakes.put(lake, fault_lakes.early(handed_in))
    killing.run_again(lake, fault_lakes.FIRST_DAY)
    fault_lakes.checkpoint_every_commit(lake)
    return lake
