"""A change is told in the unit of its own row, and coloured only where it is shown as one."""

from types import SimpleNamespace
from typing import Any

import pytest

from cockpit import facts_figure


def changes(monkeypatch: pytest.MonkeyPatch, value: float, unit: str) -> Any:
    """The one change of a figure whose definition says per cent, and whose row says `unit`."""
    row = {"region": "440000", "breakdown": "series=cpi", "period": "2025-11", "value": value, "unit": unit}
    defined = {"indicator": "economic.monthly.yoy", "change": "yoy", "unit": "percent", "decimals": 1}
    view: Any = SimpleNamespace(changes_of=lambda _: [defined])
    monkeypatch.setattr(facts_figure, "series", lambda *_: [row])
    monkeypatch.setattr(facts_figure, "row_trace", lambda _: "")
    (found,) = facts_figure._changes(view, {"indicator": "economic.monthly", "direction": "up"}, row)
    return found


def test_a_rate_changes_by_points_beside_sums_that_change_by_per_cent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert changes(monkeypatch, -2.03, "percentage_point").unit == "percentage_point"
    assert changes(monkeypatch, 7.0, "percent").unit == "percent"


@pytest.mark.parametrize(
    ("value", "good"), [(0.04, None), (-0.04, None), (0.0, None), (0.06, True), (-0.06, False)]
)
def test_what_is_shown_as_unchanged_is_neither_good_nor_bad(
    monkeypatch: pytest.MonkeyPatch, value: float, good: bool | None
) -> None:
    assert changes(monkeypatch, value, "percent").good is good
