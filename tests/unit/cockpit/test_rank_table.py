"""Ranks by other weights stand beside the rank that is drawn; a chance only where one is told."""

from dataclasses import replace

from cockpit import facts
from cockpit.figures import analyses as charts
from cockpit.figures.analyses.base import Table
from cockpit.gold import Release, Scope
from tests import tiny_gold


def table(release: Release, scope: Scope, *renamed: tuple[str, str]) -> Table:
    fact = facts.analysis(release, scope, "economic.ranking", tiny_gold.GUANGDONG)
    names = dict(renamed)
    details = tuple(replace(p, measure=names.get(p.measure, p.measure)) for p in fact.details)
    drawing = charts.draw(replace(fact, details=details), "zh")
    assert drawing is not None and drawing.further is None
    return drawing.numbers


def test_the_table_has_the_columns_that_there_are_numbers_for(release: Release, scope: Scope) -> None:
    plain = table(release, scope)
    beside = table(release, scope, ("chance_top", "rank_entropy"))

    assert plain.head[-1] == "居首概率"
    assert beside.head == (*plain.head[:-1], "熵权评分的名次")
    assert beside.numeric == plain.numeric
    assert beside.rows[0][-1] == "82"
    assert {len(row) for row in beside.rows} == {len(beside.head)}
