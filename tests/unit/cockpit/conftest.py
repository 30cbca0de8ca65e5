from __future__ import annotations

from pathlib import Path

import pytest

from cockpit.gold import Lake, Release, Scope, open_lake
from tests import tiny_gold


@pytest.fixture(scope="session")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    folder: Path = tmp_path_factory.mktemp("tiny") / "lake"
    return open_lake(tiny_gold.write(folder))


@pytest.fixture(scope="session")
def release(lake: Lake) -> Release:
    return lake.release()


@pytest.fixture(scope="session")
def scope() -> Scope:
    return Scope((tiny_gold.GUANGDONG, tiny_gold.SHANDONG), "internal")
