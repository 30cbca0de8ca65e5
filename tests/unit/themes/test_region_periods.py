"""A row is stated for a place that existed then: every table with a region and a period has the rule."""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta

import pytest

import conf
from jobs.lake.silver import checks_of
from themes.common.contract import Table, discover, find_table

# Registers list what there is, with today's codes, and milestones a place that was chosen: no period is theirs.
WITHOUT_PERIOD = {
    "public_security_person", "health_birth", "health_death", "market_regulation_enterprise",
    "agriculture_certificate", "agriculture_county_programme",
}  # fmt: skip
REGIONS = conf.load().regions
LAIWU, ITS_DISTRICT, JINAN = "371200", "370116", "370100"


def rule(table: Table) -> str:
    """The SQL of the rule, true when it is broken."""
    (check,) = (check for check in checks_of(table) if check.code == "REGION_NOT_VALID")
    return check.broken


def broken(name: str, region: str, **period: object) -> bool:
    """Whether a row of a table breaks the rule, by SQLite with Spark's functions of dates."""
    store = sqlite3.connect(":memory:")
    store.create_function("year", 1, lambda day: day and int(day[:4]))
    store.create_function("month", 1, lambda day: day and int(day[5:7]))
    store.create_function(
        "date_sub", 2, lambda day, n: day and str(date.fromisoformat(day) - timedelta(days=n))
    )
    place = REGIONS.get(region)
    row = period | {
        "_region_region_from": place.valid_from and str(place.valid_from),
        "_region_region_to": place.valid_to and str(place.valid_to),
    }
    cells = ", ".join(f"? as `{column}`" for column in row)
    (told,) = store.execute(
        f"select {rule(find_table(name)[1])} from (select {cells})", [*row.values()]
    ).fetchone()
    return bool(told)  # null, as of a place without an end, is no finding


def test_every_table_with_a_region_and_a_period_has_the_rule() -> None:
    tables = {name: table for theme in discover() for name, table in theme.contract.tables.items()}
    with_region = {n for n, t in tables.items() if any(c.type == "region" for c in t.columns.values())}
    ruled = {n for n in tables if any(check.code == "REGION_NOT_VALID" for check in checks_of(tables[n]))}
    assert with_region - ruled == WITHOUT_PERIOD


@pytest.mark.parametrize(
    ("name", "before", "within", "after"),
    [
        ("statistics_census_age_sex", {"census_year": 2010}, {"census_year": 2019}, {"census_year": 2020}),
        ("statistics_population_yearly", {"year": 2018}, {"year": 2019}, {"year": 2020}),
        (
            "statistics_gdp_quarterly",
            {"year": 2018, "quarter": 4}, {"year": 2019, "quarter": 1}, {"year": 2019, "quarter": 2},
        ),
        (
            "agriculture_sow_stock",
            {"year": 2018, "month": 12}, {"year": 2019, "month": 1}, {"year": 2019, "month": 2},
        ),
        ("statistics_economy_monthly", {"month": "2018-12-01"}, {"month": "2019-01-01"}, {"month": "2019-02-01"}),
        ("agriculture_market_price", {"date": "2018-12-31"}, {"date": "2019-01-31"}, {"date": "2019-02-01"}),
        (
            "agriculture_trace_batch",
            {"inspected_on": "2018-12-31"}, {"inspected_on": "2019-01-02"}, {"inspected_on": "2019-02-01"},
        ),
    ],
)  # fmt: skip
def test_a_region_that_is_gone_or_not_there_yet_is_told(
    name: str, before: dict[str, object], within: dict[str, object], after: dict[str, object]
) -> None:
    # Laiwu became a district of Jinan on 6 January 2019; in that month, quarter and year both codes are good
    assert [broken(name, LAIWU, **period) for period in (before, within, after)] == [False, False, True]
    assert [broken(name, ITS_DISTRICT, **period) for period in (before, within, after)] == [
        True,
        False,
        False,
    ]
    assert not broken(name, JINAN, **after)


def test_a_code_that_ended_on_the_first_of_a_month_was_none_in_it() -> None:
    sifang = "370205"  # until 30 November 2012
    assert not broken("agriculture_sow_stock", sifang, year=2012, month=11)
    assert broken("agriculture_sow_stock", sifang, year=2012, month=12)


def test_no_period_is_no_finding() -> None:
    assert not broken("statistics_gdp_quarterly", LAIWU, year=None, quarter=1)
    assert not broken("statistics_economy_monthly", LAIWU, month=None)
