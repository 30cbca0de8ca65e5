"""The findings document: every analysis of every theme, what it says, and nothing from a network."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html

import conf
from cockpit import facts
from cockpit.facts_types_analysis import AnalysisFact, AnalysisPoint
from cockpit.facts_types_findings import FindingsFacts
from cockpit.gold import Lake, Release, Scope
from cockpit.reports.findings import document
from cockpit.reports.findings_words import sentences, tables
from cockpit.reports.markup import el, table
from jobs import findings as job
from tests import tiny_gold

HOME = tiny_gold.GUANGDONG


@pytest.fixture(scope="module")
def found(release: Release, scope: Scope) -> FindingsFacts:
    return facts.findings(release, scope, HOME)


@pytest.fixture(scope="module")
def page(found: FindingsFacts) -> html.HtmlElement:
    return html.document_fromstring(document(found, "zh"))


def points(fact: AnalysisFact, measure: str, *rows: tuple[str, str, float | None, str]) -> AnalysisFact:
    """A fact with details of one measure more: (period, item, value, text)."""
    like = fact.own[0]
    made = tuple(
        AnalysisPoint(
            fact.shown, like.region_name, "", like.breakdown_name, period, like.period_end, item, like.region_name,
            measure, value, text,
        )
        for period, item, value, text in rows
    )  # fmt: skip
    return replace(fact, details=(*fact.details, *made))


def test_every_analysis_has_its_section_with_method_and_mark(
    found: FindingsFacts, page: html.HtmlElement
) -> None:
    listed = {one.fact.indicator: one for one in found.findings}
    sections = {part.get("id"): part.text_content() for part in page.iter("section")}

    assert sections.keys() == listed.keys()
    assert len(listed) > 20
    for key, finding in listed.items():
        assert finding.fact.reference.zh in sections[key]
        heading = page.get_element_by_id(key).find("h3").text_content()
        assert ("模拟" in heading) == (finding.kind == "simulated")


def test_each_is_listed_once_by_what_it_ran_on(found: FindingsFacts, page: html.HtmlElement) -> None:
    kinds = {one.fact.indicator: one.kind for one in found.findings}
    end = page.get_element_by_id("lists")
    links = [a.get("href")[1:] for table in end.itersiblings("div") for a in table.iter("a")]

    assert sorted(links) == sorted(kinds)
    assert kinds["economic.waiting"] == "waiting"
    assert kinds["agriculture.five_years"] == "simulated"
    assert kinds["economic.five_lights"] == "real"
    assert "没有税收月度数据" in end.getparent().text_content()


def test_page_needs_no_network_and_draws_each_chart_once(page: html.HtmlElement) -> None:
    drawings = json.loads(page.get_element_by_id("drawings").text)
    plots = [int(part.get("data-drawing")) for part in page.find_class("plot")]

    assert plots == list(range(len(drawings)))
    assert not page.xpath("//*[@src] | //link | //a[not(starts-with(@href, '#'))]")
    assert "default-src 'none'" in page.xpath("//meta[@http-equiv]/@content")[0]
    assert sum("plotly.js" in (part.text or "")[:300] for part in page.iter("script")) == 1


def test_english_document_holds_no_chinese(found: FindingsFacts) -> None:
    whole = html.document_fromstring(document(found, "en"))
    for part in [*whole.iter("script"), *whole.iter("style")]:
        part.drop_tree()
    left = set(re.findall(r"[\u4e00-\u9fff]+", whole.text_content()))

    assert not left


def test_turns_are_counted_with_their_leads(release: Release, scope: Scope) -> None:
    fact = facts.analysis(release, scope, "economic.leading_index", HOME)

    assert any(
        "6个转折中，5个领先、0个同步、0个落后，中位领先4个月；漏报1个" in said
        for said in sentences(fact, "zh")
    )


def test_past_nowcasts_stand_beside_the_benchmarks(release: Release, scope: Scope) -> None:
    fact = facts.analysis(release, scope, "economic.nowcast", HOME)
    assert any("未能对过去" in said for said in sentences(fact, "zh"))
    errors = [(fact.period, name, value, "") for name, value in
              (("nowcast", 0.5), ("factor", 0.6), ("bridge", 0.7), ("autoregression", 1.0))]  # fmt: skip
    told = [(f"2024-Q{n}", "nowcast", 5.0, "") for n in (1, 2)]
    scored = points(points(fact, "rmse", *errors), "told", *told)

    said = sentences(scored, "zh")
    assert any("过去2个季度" in one and "0.50" in one and "之比为0.50" in one for one in said)
    assert "即时预测误差小于自回归基准。" in said
    assert not any("冲击年份" in one for one in said)
    assert [row[2] for row in tables(scored, "zh")[0].rows] == ["5.00%", "5.00%"]
    calm = [(period, name, 2 * value, text) for period, name, value, text in errors]
    assert any(
        "冲击年份" in one and "因子模型1.20" in one
        for one in sentences(points(scored, "rmse_apart", *calm), "zh")
    )


def test_lights_are_counted_by_year(release: Release, scope: Scope) -> None:
    fact = facts.analysis(release, scope, "economic.five_lights", HOME)
    counted = tables(fact, "zh")[0]
    months = {year: sum(int(cell) for cell in cells) for year, *cells in counted.rows}

    assert months == {"2021": 12, "2022": 12, "2023": 12, "2024": 12, "2025": 12, "2026": 5}


def test_episodes_name_what_was_seen_in_them(release: Release, scope: Scope) -> None:
    fact = facts.analysis(release, scope, "economic.leading_index", HOME)
    marked = points(fact, "turn", ("2022-04", "index", None, "trough"))
    rows = {row[0]: row for row in tables(marked, "zh")[-1].rows}

    assert set(rows) == {"2022年春季疫情"}
    assert "指数谷：2022年4月" in rows["2022年春季疫情"][3]
    assert "未核实" in rows["2022年春季疫情"][4]


def test_episode_meets_every_period_that_it_touches() -> None:
    known = {one.episode: one for one in conf.load().episodes}["epidemic_shutdown"]

    assert [known.meets(p) for p in ("2019-12-31", "2020-01-01", "2020-Q2", "2020", "2020-W18", "2020-05")] == [
        False, True, True, True, True, False,
    ]  # fmt: skip


def test_markup_escapes_texts_and_attributes() -> None:
    assert el("a", "<b> & c", href='"x"') == '<a href="&quot;x&quot;">&lt;b&gt; &amp; c</a>'
    assert "<td>&lt;i&gt;</td>" in table(["h"], [["<i>"]])


def test_job_writes_the_file(lake: Lake, tmp_path: Path) -> None:
    output = tmp_path / "研判.html"

    assert job.run(["--lake", str(lake.root), "--lang", "en", "--output", str(output)]) == 0
    assert output.read_text(encoding="utf-8").startswith('<!DOCTYPE html>\n<html lang="en">')
    assert list(tmp_path.iterdir()) == [output]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--region", "110000"], "region 110000"),
        (["--release", "R0"], "no release R0"),
        (["--release", tiny_gold.OLD_RELEASE], "holds no analyses"),
        (["--output", "a.pdf"], "does not end in .html"),
        (["--output", "no/such/folder/a.html"], "is no folder"),
    ],
)
def test_wrong_option_is_one_line_and_exit_2(
    lake: Lake, tmp_path: Path, capsys: pytest.CaptureFixture[str], given: list[str], said: str
) -> None:
    options = ["--lake", str(lake.root), "--output", str(tmp_path / "a.html"), *given]

    assert job.run(options) == 2
    complaint = capsys.readouterr().err
    assert said in complaint
    assert complaint.count("\n") == 1


def test_rules_are_lit_unlit_or_without_data(found: FindingsFacts, release: Release, scope: Scope) -> None:
    rules = release.read("rule_threshold", scope)
    lit = {(one.rule.zh, one.version) for one in found.lights}

    assert len(lit) + len(found.unlit) + len(found.unfed) == len(rules)
    assert all(sum(count for _, count in one.lights) > 0 for one in found.lights)
