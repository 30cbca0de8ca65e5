"""An anomaly index with parts names those that are out of the ordinary."""

from dataclasses import replace

import pytest

from cockpit import facts
from cockpit.facts_types import Text
from cockpit.figures import analyses as charts
from cockpit.gold import Release, Scope
from tests import tiny_gold

PRODUCT, REVENUE = Text("地区生产总值", "Gross regional product"), Text("财政收入", "Revenue")


@pytest.mark.parametrize(
    ("lang", "odd", "usual"),
    [
        ("zh", "有1项增速异常：地区生产总值偏低（警戒）", "2项增速都在平常范围内"),
        ("en", "1, namely Gross regional product (low, alert)", "growth of all 2 series"),
    ],
)
def test_parts_out_of_the_ordinary_are_named(
    release: Release, scope: Scope, lang: str, odd: str, usual: str
) -> None:
    fact = facts.analysis(release, scope, "agriculture.anomaly", tiny_gold.GUANGDONG)
    point = replace(fact.details[0], region=fact.shown, period=fact.period, text="")
    parts = tuple(
        replace(point, measure="part", item=name.en, item_name=name, value=value)
        for name, value in ((REVENUE, 0.4), (PRODUCT, -5.0))
    )
    state = replace(parts[1], measure="part_state", value=None, text="alert_low")
    drawing = charts.draw(replace(fact, details=(*fact.details, *parts, state)), lang)
    quiet = charts.draw(replace(fact, details=(*fact.details, *parts)), lang)

    assert drawing is not None and drawing.beside is not None and quiet is not None
    assert odd in drawing.heading.title
    assert [row[0] for row in drawing.beside.rows] == [PRODUCT.get(lang), REVENUE.get(lang)]
    assert usual in quiet.heading.title

    def limits(drawing: charts.Drawing) -> list[str]:
        return [note["text"] for note in drawing.figure["layout"]["annotations"] if "1.00" in note["text"]]

    # an index of the part furthest below has no limit above it
    plain = charts.draw(fact, lang)
    assert plain is not None
    assert len(limits(plain)) == 2 and len(limits(quiet)) == 1
