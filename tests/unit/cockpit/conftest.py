from __future__ import annotations

import pytest

from cockpit import facts
from cockpit.facts_types import ReportFacts
from cockpit.gold import Lake, Release, Scope
from tests import tiny_gold


@pytest.fixture(scope="session")
def release(lake: Lake) -> Release:
    return lake.release()


@pytest.fixture(scope="session")
def scope() -> Scope:
    return Scope((tiny_gold.GUANGDONG, tiny_gold.SHANDONG), "internal")


@pytest.fixture(scope="session")
def reports(release: Release, scope: Scope) -> dict[str, ReportFacts]:
    """Reports on the province: one with simulated figures and a pyramid, one of real ones with forecasts."""
    until = facts.report_years(release, scope)[-1]
    return {
        theme: facts.report(release, scope, theme, tiny_gold.GUANGDONG, until)
        for theme in ("population", "economic")
    }
