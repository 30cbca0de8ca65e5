"""Themes are read from their folders; what does not hold is told by file and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from conf import ConfError
from themes.common.contract import discover, find_table, load_theme

CONTRACT = """\
theme:
  name: {zh: 雨量, en: Rain}
  position: 9
  department: agriculture
tables:
  agriculture_rain:
    department: agriculture
    title: {zh: 雨量, en: Rain}
    share: unconditional
    freshness_days: 40
    key: [region, date]
    columns:
      region: {zh: 区划, type: region, required: true}
      date: {zh: 日期, type: date, required: true}
      depth: {zh: 雨量, type: decimal}
"""
INDICATORS = """\
indicators:
  wettest:
    name: {zh: 最大, en: Wettest}
    unit: index
    definition: {zh: 最大, en: Wettest}
    from: agriculture_rain
    period: "date_format(date, 'yyyy')"
    freq: Y
    value: "max(depth)"
"""


def a_theme(root: Path, contract: str = CONTRACT, indicators: str | None = INDICATORS) -> Path:
    folder = root / "rain"
    folder.mkdir()
    (folder / "contract.yaml").write_text(contract, encoding="utf-8")
    if indicators is not None:
        (folder / "indicators.yaml").write_text(indicators, encoding="utf-8")
    return folder


def test_a_folder_is_a_theme(tmp_path: Path) -> None:
    theme = load_theme(a_theme(tmp_path))
    assert (theme.id, list(theme.contract.tables), list(theme.indicators)) == (
        "rain", ["agriculture_rain"], ["rain.wettest"],
    )  # fmt: skip


def test_a_method_is_fed_when_each_role_has_some_input() -> None:
    (economic,) = (theme for theme in discover() if theme.id == "economic")
    quotient = economic.measures["economic.location_quotient"]
    named = economic.tables_of(quotient)
    assert len(named) > 1
    assert economic.is_fed(quotient, named[:1])
    assert economic.is_fed(quotient, named[1:])
    assert not economic.is_fed(quotient, ["statistics_price_weekly"])


def test_a_theme_may_have_no_indicators_yet(tmp_path: Path) -> None:
    assert load_theme(a_theme(tmp_path, indicators=None)).indicators == {}


def test_every_folder_with_a_contract_is_found_in_order(tmp_path: Path) -> None:
    a_theme(tmp_path)
    (tmp_path / "empty").mkdir()
    other = tmp_path / "early"
    other.mkdir()
    (other / "contract.yaml").write_text(CONTRACT.replace("position: 9", "position: 1"), encoding="utf-8")
    assert [t.id for t in discover(tmp_path)] == ["early", "rain"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("position: 9", "position: last", "rain/contract.yaml: theme.position: "),
        ("type: date,", "type: day,", "rain/contract.yaml: tables.agriculture_rain.columns.date.type: "),
        ("type: decimal}", "type: code}", "rain/contract.yaml: tables.agriculture_rain.columns.depth: "),
        (
            "key: [region, date]",
            "key: [region, day]",
            "rain/contract.yaml: tables.agriculture_rain: column 'day'",
        ),
        ("depth: {zh", "row: {zh", "rain/contract.yaml: tables.agriculture_rain: column 'row'"),
        ("share: unconditional", "share: maybe", "rain/contract.yaml: tables.agriculture_rain.share: "),
        ("    freshness_days: 40\n", "", "rain/contract.yaml: tables.agriculture_rain.freshness_days: "),
        ("position: 9", "position: 9\n  colour: red", "rain/contract.yaml: theme.colour: "),
        ("position: 9", "position: [", "rain/contract.yaml: line "),
        ("freq: Y", "freq: X", "rain/indicators.yaml: indicators.wettest.freq: "),
        ("freq: Y", "freq: Y\n    opens_with: moon=full", "rain/indicators.yaml: indicators.wettest: "),
        ("    unit: index\n", "", "rain/indicators.yaml: indicators.wettest.unit: "),
        ("freq: Y", "freq: Y\n    changes: [mom]", "rain/indicators.yaml: indicators.wettest.changes.0: "),
    ],
)
def test_a_fault_is_told_by_file_and_key(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in CONTRACT + INDICATORS
    folder = a_theme(tmp_path, CONTRACT.replace(old, new, 1), INDICATORS.replace(old, new, 1))
    with pytest.raises(ConfError) as caught:
        load_theme(folder)
    assert any(problem.startswith(told) for problem in caught.value.problems), caught.value.problems


def test_a_table_nobody_declares_is_told() -> None:
    with pytest.raises(ConfError, match="moon_phases"):
        find_table("moon_phases")


def test_the_themes_of_this_package_load() -> None:
    assert {t.id for t in discover()} >= {"population", "agriculture", "legal_entity", "economic", "plan"}


def test_indicators_have_known_units_and_their_tables_known_lists() -> None:
    import conf

    loaded = conf.load()
    for theme in discover():
        assert {i.unit for i in theme.indicators.values()} <= set(loaded.units)
        for table in theme.contract.tables.values():
            assert {c.codes for c in table.columns.values() if c.codes} <= set(loaded.codes)
            assert {table.department} <= set(loaded.departments)
