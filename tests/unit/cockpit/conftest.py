from __future__ import annotations

import pytest

from cockpit.gold import Lake, Release, Scope
from tests import tiny_gold


@pytest.fixture(scope="session")
def release(lake: Lake) -> Release:
    return lake.release()


@pytest.fixture(scope="session")
def scope() -> Scope:
    return Scope((tiny_gold.GUANGDONG, tiny_gold.SHANDONG), "internal")
