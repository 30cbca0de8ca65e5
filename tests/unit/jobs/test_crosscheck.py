"""Names that lead nowhere are told at the start, with file and key."""

from __future__ import annotations

import pytest

import conf
from conf.source_files import Drift, Formula, Source, Unpivot, load_sources
from jobs import crosscheck
from themes.common.contract import Theme, discover


@pytest.mark.parametrize("profile", ["demo", "real"])
def test_the_house_fits_together(profile: str) -> None:
    assert crosscheck.problems(conf.load(), discover(), load_sources(profile), profile) == []


def changed(table: dict[str, object] | None = None, column: dict[str, object] | None = None) -> Theme:
    """The agriculture theme with another table or another price column."""
    theme = next(theme for theme in discover() if theme.id == "agriculture")
    name, own = next(iter(theme.contract.tables.items()))
    columns = {**own.columns, "price": own.columns["price"].model_copy(update=column or {})}
    own = own.model_copy(update={"columns": columns, **(table or {})})
    contract = theme.contract.model_copy(update={"tables": {name: own}})
    return theme.model_copy(update={"contract": contract})


@pytest.mark.parametrize(
    ("theme", "told"),
    [
        (changed(table={"department": "x"}), "tables.agriculture_market_price.department: no department 'x'"),
        (changed(column={"unit": "x"}), "columns.price.unit: no unit 'x'"),
        (changed(column={"codes": "x"}), "columns.price.codes: no code list 'x'"),
        (changed(column={"not_after": "x"}), "columns.price.not_after: no column 'x'"),
        (changed(column={"valid_in": "stage"}), "columns.price.valid_in: no year or date column 'stage'"),
        (changed(column={"pattern": "("}), "columns.price.pattern: not a regular expression"),
    ],
)
def test_a_contract_that_names_nothing(theme: Theme, told: str) -> None:
    (found,) = crosscheck.problems(conf.load(), (theme,), {}, "demo")
    assert found.startswith("themes/agriculture/contract.yaml: ")
    assert found.endswith(told)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"table": "x_y"}, "table: no theme declares 'x_y'"),
        ({"columns": {"x": Formula(sql="1")}}, "columns.x: agriculture_market_price has no such column"),
        (
            {"drift": Drift(renamed={"旧": "x"})},
            "drift.renamed.旧: agriculture_market_price has no column 'x' read from a header",
        ),
        (
            {"drift": Drift(may_be_emptied=("x",))},
            "drift.may_be_emptied: agriculture_market_price has no column 'x'",
        ),
        ({"unpivot": Unpivot(pattern="(", value="price")}, "unpivot.pattern: not a regular expression"),
    ],
)
def test_a_source_that_names_nothing(change: dict[str, object], told: str) -> None:
    source: Source = load_sources("demo")["agriculture_market_price"].model_copy(update=change)
    found = crosscheck.problems(conf.load(), discover(), {source.id: source}, "demo")
    assert found == [f"conf/sources/agriculture_market_price.yaml: {told}"]


def test_a_rule_without_indicator_is_told() -> None:
    others = tuple(theme for theme in discover() if theme.id != "agriculture")
    waiting = crosscheck.waiting_rules(conf.load(), others)
    assert "agriculture.hog_ratio_fall waits for agriculture.hog_corn_ratio" in waiting
    assert crosscheck.waiting_rules(conf.load(), discover()) == []
