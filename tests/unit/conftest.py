"""One tiny lake for all unit tests that read one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from cockpit.gold import Lake


@pytest.fixture(scope="session")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    from cockpit.gold import open_lake
    from tests import tiny_gold

    return open_lake(tiny_gold.write(tmp_path_factory.mktemp("gold") / "lake"))
