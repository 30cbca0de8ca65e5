"""Figures under suspicion are kept out until a person confirms them, and are shown with their evidence."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pandas as pd

import conf
from conf import periods
from jobs.lake.decisions import Decision
from jobs.steps import doubts

LOADED = conf.load()
SLIP = "2021-Q3"
GDP = "economic.gdp"


def series(values: dict[str, float], **others: Any) -> list[dict[str, Any]]:
    return [
        {
            "theme": "economic", "indicator": GDP, "region": "440100", "breakdown": "", "period": period,
            "freq": "Q", "period_end": periods.end(period), "value": value, "unit": "hundred_million_yuan",
            "published_at": date(2024, 4, 30), "source": json.dumps(["a.csv"]),
        }
        | others
        for period, value in values.items()
    ]  # fmt: skip


def quarters(n: int = 24) -> dict[str, float]:
    return {periods.shift("2018-Q1", k): 100.0 + 2 * k + k % 4 for k in range(n)}


def doubted(rows: list[dict[str, Any]], *decided: Decision) -> pd.DataFrame:
    return doubts.found(
        pd.DataFrame(rows), LOADED.series_checks, LOADED.units, date(2024, 5, 1), {GDP: list(decided)}
    )


def slipped() -> list[dict[str, Any]]:
    values = quarters()
    return series(values | {SLIP: values[SLIP] / 10})


def confirmation(period: str, rule: str) -> Decision:
    return Decision(
        "confirm",
        GDP,
        ("440100", "", period),
        rule,
        "",
        "张",
        "2024-04-30",
        "属实",
        date(2024, 4, 30),
        "d.csv#2",
    )


def test_a_series_without_faults_is_not_doubted() -> None:
    assert doubted(series(quarters())).empty


def test_a_slip_is_told_with_its_evidence_in_both_languages_and_no_other_value_is_accused() -> None:
    (row,) = doubted(slipped()).to_dict("records")
    assert (row["rule"], row["period"], row["state"], row["region"]) == (
        "decimal_slip",
        SLIP,
        "open",
        "440100",
    )
    assert row["expected"] > 5 * row["value"]
    assert SLIP in row["evidence_zh"]
    assert SLIP in row["evidence_en"]


def test_a_confirmed_value_counts_again() -> None:
    (row,) = doubted(slipped(), confirmation(SLIP, "decimal_slip")).to_dict("records")
    assert row["state"] == "confirmed"
    figures = pd.DataFrame(slipped())
    assert len(doubts.trusted(figures, pd.DataFrame([row]))) == len(figures)


def test_a_confirmation_of_another_rule_or_period_changes_nothing() -> None:
    others = (confirmation(SLIP, "unit_change"), confirmation("2021-Q2", "decimal_slip"))
    assert set(doubted(slipped(), *others)["state"]) == {"open"}


def test_doubted_values_and_changes_that_compare_with_them_are_kept_out() -> None:
    found = doubted(slipped())
    levels = pd.DataFrame(slipped())
    assert SLIP not in set(doubts.trusted(levels, found)["period"])
    for kind, later in (("yoy", "2022-Q3"), ("prev", "2021-Q4")):
        changes = pd.DataFrame(series(quarters(), indicator=f"{GDP}.{kind}"))
        assert set(changes["period"]) - set(doubts.trusted(changes, found)["period"]) == {SLIP, later}


def test_after_a_change_of_unit_everything_that_follows_is_kept_out() -> None:
    values = {p: v * (10_000 if p >= "2022" else 1) for p, v in quarters().items()}
    found = doubted(series(values))
    assert set(found["rule"]) == {"unit_change"}
    kept = doubts.trusted(pd.DataFrame(series(values)), found)
    assert kept["period"].max() == "2021-Q4"
    assert len(found) == sum(p >= "2022" for p in values)


def test_a_gap_is_noted_and_keeps_nothing_out() -> None:
    values = {p: v for p, v in quarters().items() if p != SLIP}
    (row,) = doubted(series(values)).to_dict("records")
    assert (row["rule"], row["state"], row["period"]) == ("missing_periods", "noted", "2021-Q4")
    assert len(doubts.trusted(pd.DataFrame(series(values)), pd.DataFrame([row]))) == len(values)


def test_a_year_long_closed_that_changes_is_doubted_with_what_it_was() -> None:
    values = quarters()
    again = series({"2018-Q2": values["2018-Q2"] * 1.2}, published_at=date(2024, 4, 30))
    (row,) = doubted(series(values, published_at=date(2024, 1, 31)) + again).to_dict("records")
    assert (row["rule"], row["period"], row["expected"]) == ("closed_revision", "2018-Q2", values["2018-Q2"])


def test_figures_of_the_year_to_date_are_doubted_unless_they_are_declared_so() -> None:
    sums: dict[str, float] = {}
    for period, value in quarters().items():
        sums[period] = value if period.endswith("Q1") else value + sums[periods.shift(period, -1)]
    assert set(doubted(series(sums))["rule"]) == {"cumulative"}
    declared = doubts.found(
        pd.DataFrame(series(sums)), LOADED.series_checks, LOADED.units, date(2024, 5, 1), {}, {GDP}
    )
    assert declared.empty


def test_a_slip_in_figures_of_the_year_to_date_is_found() -> None:
    sums = {f"{year}-Q{q}": 100.0 * q + 3 * (year - 2018) for year in range(2018, 2024) for q in range(1, 5)}
    found = doubts.found(
        pd.DataFrame(series(sums | {"2021-Q2": 20.9})),
        LOADED.series_checks, LOADED.units, date(2024, 5, 1), {}, {GDP},
    )  # fmt: skip
    assert found[["rule", "period"]].to_numpy().tolist() == [["decimal_slip", "2021-Q2"]]
    assert 190 < found["expected"].iloc[0] < 230


def test_a_slip_to_a_few_units_of_the_published_digits_is_not_told() -> None:
    values = {period: 1.7 * value / 300 for period, value in quarters().items()}
    values[SLIP] /= 10  # 0.07 where 0.7 was to be expected
    rows, known = pd.DataFrame(series(values)), (LOADED.series_checks, LOADED.units, date(2024, 5, 1), {})
    assert set(doubts.found(rows, *known)["period"]) == {SLIP}
    assert set(doubts.found(rows, *known, decimals={GDP: 4})["period"]) == {SLIP}
    assert doubts.found(rows, *known, decimals={GDP: 2}).empty


def turned(first: str) -> dict[str, float]:
    """Quarters that are sums of the year to date from a year on."""
    values = quarters()
    for period, value in quarters().items():
        if period >= first and not period.endswith("Q1"):
            values[period] = value + values[periods.shift(period, -1)]
    return values


def test_from_where_figures_turn_to_the_year_to_date_they_are_kept_out_and_no_other_rule_speaks() -> None:
    rows = series(turned("2022"))
    found = doubted(rows)
    assert set(found["rule"]) == {"cumulative_from"}
    assert found["period"].min() == "2022-Q2"
    assert doubts.trusted(pd.DataFrame(rows), found)["period"].max() == "2022-Q1"
    known = (LOADED.series_checks, LOADED.units, date(2024, 5, 1))
    assert "cumulative_from" not in set(doubts.found(pd.DataFrame(rows), *known, {}, {GDP})["rule"])


def test_a_slip_or_change_of_unit_in_the_newest_values_is_told_as_either_and_kept_out() -> None:
    values = quarters()
    for period in ("2023-Q3", "2023-Q4"):
        values[period] *= 10_000
    found = doubted(series(values))
    assert found[["rule", "period", "state"]].to_numpy().tolist() == [
        ["newest_factor", "2023-Q3", "open"], ["newest_factor", "2023-Q4", "open"],
    ]  # fmt: skip
    assert "a decimal slip or a change of unit" in found["evidence_en"].iloc[0]


def test_a_slip_of_percents_is_told_and_not_that_of_a_crisis() -> None:
    growth = {period: 5.0 + k % 3 / 10 for k, period in enumerate(quarters())}
    (row,) = doubted(series(growth | {SLIP: 52.0}, unit="percent")).to_dict("records")
    assert (row["rule"], row["period"], row["expected"]) == ("percent_slip", SLIP, 5.2)
    assert doubted(series(growth | {"2020-Q1": -6.8, "2021-Q1": 18.3}, unit="percent")).empty


def test_a_series_that_stopped_while_others_went_on_is_noted_unless_its_region_ended() -> None:
    stopped = {period: value for period, value in quarters().items() if period < "2022"}
    rows = series(quarters()) + series(stopped, region="371200", published_at=date(2022, 1, 31))
    (row,) = doubted(rows).to_dict("records")
    assert (row["rule"], row["region"], row["period"], row["state"]) == (
        "stopped", "371200", "2021-Q4", "noted",
    )  # fmt: skip
    known = (LOADED.series_checks, LOADED.units, date(2024, 5, 1))
    assert doubts.found(pd.DataFrame(rows), *known, {}, ended={"371200": date(2022, 1, 6)}).empty
    # that no series of the indicator goes on, the timeliness of its data set tells
    assert doubted(series(stopped, published_at=date(2022, 1, 31))).empty


def test_a_sudden_change_is_doubted_of_what_is_declared_steady_and_of_nothing_else() -> None:
    values = quarters()
    newest = max(values)
    values[newest] *= 1.6
    frame = pd.DataFrame(series(values))
    loaded = conf.load()

    def rules(steady: dict[str, float]) -> list[tuple[str, str]]:
        found = doubts.found(frame, loaded.series_checks, loaded.units, date(2024, 6, 30), {}, steady=steady)
        return list(zip(found["rule"], found["period"], strict=True))

    assert rules({}) == []
    assert rules({GDP: 0.5}) == [("sudden_change", newest)]
