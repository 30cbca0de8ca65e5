"""SQL that Spark would refuse in the middle of a night is told at the start, with file and key."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

import conf
from conf.source_files import Formula, load_sources
from jobs.context import Context
from jobs.lake.paths import Lake
from jobs.steps import definitions
from themes.common.contract import Theme, discover

pytestmark = pytest.mark.spark


@pytest.fixture(scope="module")
def context(spark: SparkSession) -> Context:
    return Context(
        spark, conf.load(), discover(), load_sources("demo"), Lake(Path("nowhere")), "run", date(2026, 1, 31)
    )


@pytest.mark.parametrize("profile", ["demo", "real"])
def test_the_house_is_understood(context: Context, profile: str) -> None:
    assert definitions.problems(replace(context, sources=load_sources(profile)), profile) == []


def theme(name: str) -> Theme:
    return next(t for t in discover() if t.id == name)


def with_indicator(name: str, **changed: Any) -> Theme:
    own = theme(name.partition(".")[0])
    indicator = own.indicators[name].model_copy(update=changed)
    return own.model_copy(update={"indicators": {name: indicator}})


@pytest.mark.parametrize(
    ("key", "sql", "why"),
    [
        ("where", "sector = ", "PARSE_SYNTAX_ERROR"),
        ("period", "quarters", "UNRESOLVED_COLUMN"),
        ("region", "'1' + ", "PARSE_SYNTAX_ERROR"),
        ("value", "summ(value)", "UNRESOLVED_ROUTINE"),
        ("value", "sum(worth)", "UNRESOLVED_COLUMN"),
        ("breakdowns", (("colour",),), "UNRESOLVED_COLUMN"),
        ("unit_column", "units", "UNRESOLVED_COLUMN"),
        ("source", "nothing", "no table, entity or view 'nothing'"),
    ],
)
def test_an_indicator_that_spark_refuses(context: Context, key: str, sql: Any, why: str) -> None:
    broken = replace(context, themes=(with_indicator("economic.gdp", **{key: sql}),))
    (line,) = definitions.problems(broken, "demo")
    named = "from" if key == "source" else key
    assert line.startswith(f"themes/economic/indicators.yaml: indicators.gdp.{named}: ")
    assert why in line
    assert "\n" not in line


def test_a_rule_that_spark_refuses(context: Context) -> None:
    own = theme("legal_entity")
    name, table = next(iter(own.contract.tables.items()))
    rule = table.rules[0].model_copy(update={"sql": "exit_on >= registered_on"})
    contract = own.contract.model_copy(update={"tables": {name: table.model_copy(update={"rules": (rule,)})}})
    broken = replace(context, themes=(own.model_copy(update={"contract": contract}),))
    (line,) = definitions.problems(broken, "demo")
    assert line.startswith(f"themes/legal_entity/contract.yaml: tables.{name}.rules.EXIT_BEFORE_ENTRY.sql: ")
    assert "exit_on" in line


def test_a_formula_of_a_source_that_spark_refuses(context: Context) -> None:
    source = load_sources("demo")["health_birth"]
    source = source.model_copy(update={"columns": {"sex": Formula(sql="left(`性别`)")}})
    (line,) = definitions.problems(replace(context, sources={source.id: source}), "demo")
    assert line.startswith("conf/sources/health_birth.yaml: columns.sex.sql: ")


def test_a_view_that_stops_is_told_once(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    from themes.agriculture import transforms

    monkeypatch.setitem(transforms.VIEWS, "prices", lambda tables: tables["agriculture_market_price"].missing)
    found = definitions.problems(replace(context, themes=(theme("agriculture"),)), "demo")
    assert len(found) == 1
    assert found[0].startswith("themes/agriculture/transforms.py: view prices: ")
