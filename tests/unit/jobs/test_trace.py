"""Looking figures up and telling what was found, without Spark."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from jobs import trace
from jobs.lake.trace_figures import TraceError, find_definition, newest
from jobs.lake.trace_walk import SourceRows, Walk
from themes.common.contract import discover


def a_figure(**more: object) -> dict[str, Any]:
    figure = {
        "indicator": "economic.gdp", "region": "440000", "breakdown": "", "period": "2020-Q1", "freq": "Q",
        "value": 10.0, "source": '["a.csv"]', "source_rows": 3, "published_at": date(2021, 1, 25),
    }  # fmt: skip
    return figure | more


def a_walk(**more: object) -> Walk:
    rows = (SourceRows("s", "d", "a.csv", (2, 3, 4)),)
    return Walk(**({"figure": a_figure(), "sources": rows, "counted": 3, "recomputed": 10.0} | more))  # type: ignore[arg-type]


def test_definitions_of_figures_and_of_their_changes_are_found() -> None:
    themes = discover()
    theme, definition, kind = find_definition(themes, "population.births")
    assert (theme.id, definition.unit, kind) == ("population", "person", None)
    assert find_definition(themes, "population.births.yoy")[1:] == (definition, "yoy")


@pytest.mark.parametrize(
    "indicator", ["", "births", "population", "population.births.prev", "population.births.yoy.yoy"]
)
def test_what_nobody_defined_is_unknown(indicator: str) -> None:
    with pytest.raises(TraceError, match="unknown indicator"):
        find_definition(discover(), indicator)


def test_of_a_figure_the_last_publication_counts() -> None:
    later = a_figure(published_at=date(2022, 1, 25), value=11.0)
    assert [f["value"] for f in newest([later, a_figure()]).values()] == [11.0]


def test_a_walk_that_gives_the_figure_has_no_differences() -> None:
    assert a_walk().differences == ()
    assert a_walk(recomputed=10.0 + 1e-12).differences == ()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"recomputed": 10.001}, "the rows give 10.001, the figure is 10.0"),
        ({"recomputed": None}, "the rows give None, the figure is 10.0"),
        ({"counted": 4}, "4 rows found, the figure names 3"),
        ({"sources": ()}, "files found: none"),
    ],
)
def test_each_difference_is_told(wrong: dict[str, object], told: str) -> None:
    assert a_walk(**wrong).differences == (told,)


def test_a_change_is_no_better_than_its_parts() -> None:
    assert a_walk(parts=(a_walk(counted=2), a_walk())).differences == ("2 rows found, the figure names 3",)


@pytest.mark.parametrize(
    ("numbers", "ranges"),
    [([], []), ([2], ["2"]), ([2, 3], ["2–3"]), ([2, 3, 4, 7, 9, 10], ["2–4", "7", "9–10"])],
)
def test_row_numbers_are_told_as_ranges(numbers: list[int], ranges: list[str]) -> None:
    assert trace._ranges(numbers) == ranges
