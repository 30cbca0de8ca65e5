"""What analyses say is words: of roles, states, lights and yes or no, never codes; and no figure is told twice."""

from dataclasses import replace

import pytest

from cockpit import facts, formats, texts
from cockpit.facts_types_analysis import AnalysisFact
from cockpit.figures import analyses as charts
from cockpit.gold import Release, Scope
from cockpit.reports.findings import document
from cockpit.reports.findings_words import sentences
from tests import tiny_gold
from themes.common.contract import discover

HOME = tiny_gold.GUANGDONG


@pytest.fixture
def adjusted(release: Release, scope: Scope) -> AnalysisFact:
    return facts.analysis(release, scope, "economic.adjusted", HOME)


def further(
    fact: AnalysisFact, lang: str, measure: str, value: float, item: str = "", text: str = ""
) -> tuple[str, ...]:
    """The row of the table of further results that a detail makes."""
    point = replace(fact.details[-1], measure=measure, value=value, item=item, text=text)
    drawing = charts.draw(replace(fact, details=(*fact.details, point)), lang)
    assert drawing is not None and drawing.further is not None
    return drawing.further.rows[-1]


def test_every_role_of_an_analysis_has_words() -> None:
    roles = {role for theme in discover() for one in theme.analyses.values() for role in one.inputs}
    worded = {
        key.removeprefix("analysis.role.") for key in texts.keys("zh") if key.startswith("analysis.role.")
    }
    assert roles == worded
    assert texts.role("prices", "zh") == "价格"
    assert texts.role("unheard_of", "zh") == "unheard_of"


@pytest.mark.parametrize(
    ("measure", "value", "item", "text", "zh", "en"),
    [
        ("converged", 1.0, "", "", "是", "yes"),
        ("cointegrated", 0.0, "", "", "否", "no"),
        ("elasticity", 0.9520372, "", "", "0.952", "0.952"),
        ("state", 24.97331, "", "unusually_high", "异常偏高（24.97）", "unusually high (24.97)"),
    ],
)
def test_further_results_are_in_words_or_short(
    adjusted: AnalysisFact, measure: str, value: float, item: str, text: str, zh: str, en: str
) -> None:
    assert further(adjusted, "zh", measure, value, item, text)[-1] == zh
    assert further(adjusted, "en", measure, value, item, text)[-1] == en


def test_lights_a_year_are_named_by_their_light(adjusted: AnalysisFact) -> None:
    assert further(adjusted, "en", "lights_a_year", 3.789, "2")[1] == "light blue (cool)"


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.0, "0"), (-0.38244, "−0.3824"), (1093.8, "1,094"), (5.0, "5"), (0.000123456, "0.0001235")],
)
def test_a_number_without_unit_has_four_digits(value: float, shown: str) -> None:
    assert formats.brief(value, "en") == shown


def test_a_figure_is_told_once(adjusted: AnalysisFact) -> None:
    plain = replace(adjusted, chart=None, details=())
    told = sentences(plain, "en")
    assert len(told) == 2 and "on the month" not in told[0]
    assert told[0].startswith(charts.finding(plain, "en"))
    alone = replace(adjusted, figures=adjusted.figures[-1:])
    assert sum(str(alone.period) in sentence for sentence in sentences(alone, "en")) <= 1


@pytest.mark.parametrize(
    ("leads", "told"),
    [
        ((0.0, 0.0), "fall together"),
        ((1.0, 1.0), "lead the reference by one month"),
        ((-1.0, -1.0), "lag the reference by one month"),
    ],
)
def test_leads_are_told_in_words(release: Release, scope: Scope, leads: tuple[float, ...], told: str) -> None:
    fact = facts.analysis(release, scope, "economic.leading_index", HOME)
    kept = [p for p in fact.details if p.measure != "lead"]
    like = next(p for p in fact.details if p.measure == "lead")
    made = [replace(like, value=value, text="peak") for value in leads]
    drawing = charts.draw(replace(fact, details=(*kept, *made)), "en")

    assert drawing is not None and drawing.beside is not None
    assert told in drawing.heading.title
    word = {0.0: "same month", 1.0: "one month ahead", -1.0: "one month behind"}[leads[0]]
    assert {row[2] for row in drawing.beside.rows} == {word}


@pytest.mark.parametrize(
    ("value", "told"), [(-39.3, "39.3% of a gap to the long run closes"), (2.0, "widens by 2.0%")]
)
def test_a_gap_closes_or_widens(release: Release, scope: Scope, value: float, told: str) -> None:
    fact = facts.analysis(release, scope, "agriculture.transmission", HOME)
    figures = tuple(replace(point, value=value) for point in fact.figures)
    assert told in charts.finding(replace(fact, figures=figures), "en")


def test_parameters_are_folded_away_in_the_document(release: Release, scope: Scope) -> None:
    page = document(facts.findings(release, scope, HOME), "en")
    first, *folded = page.split("<summary>For analysts: method and parameters</summary>")
    assert "<code>" not in first
    assert folded and all("<code>" in part.split("</details>")[0] for part in folded)
