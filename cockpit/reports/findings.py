"""A findings document 研判结果: every analysis of a release with its charts, as one HTML file that asks nothing of
any network and prints."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from plotly.offline import get_plotlyjs

from cockpit import figures, formats, texts, tokens
from cockpit.facts_types import Text
from cockpit.facts_types_analysis import AnalysisFact
from cockpit.facts_types_findings import DoubtGroup, Finding, FindingsFacts, InputData, Latest
from cockpit.figures.analyses import Drawing, Key, draw
from cockpit.reports.findings_words import sentences, t, tables
from cockpit.reports.markup import Markup, Part, el, joined, table
from conf import load

#: Rows of doubts and of further values that a section carries.
_DOUBTS, _OTHERS = 20, 40
_KINDS = ("real", "simulated", "waiting")
_STYLE = Path(__file__).with_name("findings.css")
_SCRIPT = Path(__file__).with_name("findings.js")
#: Nothing may be fetched: what a browser needs stands in the file.
_POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"
_SIGNS = {"peak": "▼", "trough": "▲", "triangle-up": "▲", "triangle-down": "▼", "diamond": "◆", "diamond-open": "◇",
          "dot": "●", "ring": "○", "line": "—", "dash": "┄", "band": "▒", "box": "■"}  # fmt: skip


def write_findings(found: FindingsFacts, lang: str, path: Path) -> None:
    """Write the document. A file of that name is replaced at once when the new one is whole.

    Raises OSError where it cannot be written.
    """
    text = document(found, lang)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
        part.chmod(0o640)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def document(found: FindingsFacts, lang: str) -> str:
    """The whole file as text."""
    drawings: list[dict[str, Any]] = []
    body = [_head(found, lang), _summary(found, lang), _contents(found, lang)]
    for theme in found.themes:
        body.append(el("h2", theme.name.get(lang), id=theme.theme))
        body += [_section(finding, lang, drawings) for finding in theme.findings]
    body += [_lights(found, lang), _episodes(lang), _lists(found, lang)]
    data = json.dumps(drawings, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    config = json.dumps(figures.graph_config(lang)).replace("<", "\\u003c")
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("title", _title(found, lang)),
        el("style", Markup(tokens.css() + _STYLE.read_text(encoding="utf-8"))),
    )
    scripts = [
        el("script", Markup(get_plotlyjs())),
        el("script", Markup(data), type="application/json", id="drawings"),
        el("script", Markup(config), type="application/json", id="config"),
        el("script", Markup(_SCRIPT.read_text(encoding="utf-8"))),
    ]
    whole = el("html", head, el("body", el("main", body), scripts), lang="zh-CN" if lang == "zh" else "en")
    return f"<!DOCTYPE html>\n{whole}\n"


# -- front -------------------------------------------------------------------------------------------------


def _title(found: FindingsFacts, lang: str) -> str:
    title = t("title", lang, region=found.region_name.get(lang))
    kinds = {finding.kind for finding in found.findings} - {"waiting"}
    if "simulated" not in kinds:
        return title
    return t("marked", lang, title=title, mark=t("mark.all" if len(kinds) == 1 else "mark.some", lang))


def _head(found: FindingsFacts, lang: str) -> Markup:
    marking = load().settings.marking
    about = t(
        "about", lang, release=found.release.release_id, as_of=formats.day(found.release.as_of, lang),
        marking=marking.zh if lang == "zh" else marking.en,
    )  # fmt: skip
    return el(
        "header", el("h1", _title(found, lang)), el("p", about, class_="muted"), el("p", t("intro", lang))
    )


def _summary(found: FindingsFacts, lang: str) -> Markup:
    rows = [
        (theme.name.get(lang), *(str(sum(one.kind == kind for one in theme.findings)) for kind in _KINDS))
        for theme in found.themes
    ]
    head = (t("column.theme", lang), *(t(f"kind.{kind}", lang) for kind in _KINDS))
    return joined(el("h2", t("summary", lang)), table(head, rows, numeric=(1, 2, 3)))


def _contents(found: FindingsFacts, lang: str) -> Markup:
    chapters = [(theme.theme, theme.name.get(lang), theme.findings) for theme in found.themes]
    ends: list[tuple[str, str, tuple[Finding, ...]]] = [
        (key, t(key, lang), ()) for key in ("lights", "episodes", "lists")
    ]
    items = [
        el(
            "li",
            el("a", name, href=f"#{key}"),
            el("ul", [el("li", _link(one, lang)) for one in findings]) if findings else None,
        )
        for key, name, findings in [*chapters, *ends]
    ]
    return el("nav", el("h2", t("contents", lang)), el("ul", items))


def _link(finding: Finding, lang: str) -> Markup:
    mark = _kind(finding, lang)
    return joined(el("a", finding.fact.name.get(lang), href=f"#{finding.fact.indicator}"), mark and " ", mark)


def _kind(finding: Finding, lang: str) -> Markup | None:
    if finding.kind == "simulated":
        return el("span", texts.get("figure.simulated_mark", lang), class_="mark")
    if finding.kind == "waiting":
        return el("span", t("waits", lang), class_="mark")
    return None


# -- one analysis ------------------------------------------------------------------------------------------


def _section(finding: Finding, lang: str, drawings: list[dict[str, Any]]) -> Markup:
    fact = finding.fact
    trial = el("span", texts.get("analysis.trial", lang), class_="mark") if fact.trial else None
    mark = _kind(finding, lang)
    return el(
        "section",
        el("h3", fact.name.get(lang), trial and " ", trial, mark and " ", mark),
        el("p", fact.definition.get(lang)),
        _made(fact, lang),
        _inputs(finding.inputs, lang),
        [_place(one, lang, drawings, len(finding.facts) > 1) for one in finding.facts],
        _others(finding.others, fact, lang),
        _doubts(finding.doubts, lang),
        id=fact.indicator,
    )


def _made(fact: AnalysisFact, lang: str) -> Markup:
    """Where the method is published; its name and parameters as they stand in the conf are folded away."""
    version = texts.get("analysis.version", lang, version=fact.version)
    parameters = texts.get("format.joint", lang).join(f"{name} = {value}" for name, value in fact.parameters)
    return joined(
        el("dl", el("dt", texts.get("analysis.reference", lang)), el("dd", fact.reference.get(lang))),
        el(
            "details",
            el("summary", texts.get("analysis.analysts", lang)),
            el(
                "dl",
                el("dt", texts.get("analysis.method", lang)),
                el("dd", el("code", fact.method), " ", version),
                el("dt", texts.get("analysis.parameters", lang)),
                el("dd", el("code", parameters) if parameters else texts.get("analysis.no_parameters", lang)),
            ),
        ),
    )


def _inputs(inputs: Sequence[InputData], lang: str) -> Markup:
    joint = texts.get("format.joint", lang)
    rows = []
    for item in inputs:
        span = t("unfed", lang)
        if item.first:
            first, last = (formats.period(label, lang) for label in (item.first, item.last))
            span = t("period", lang, first=first, last=last)
        statuses = joint.join(texts.get(f"status.{status}", lang) for status in item.statuses)
        rows.append(
            (
                item.name.get(lang),
                texts.role(item.role, lang),
                statuses,
                span,
                str(item.places),
                item.source.get(lang),
            )
        )
    head = [t(f"column.{name}", lang) for name in ("name", "role", "status", "span", "places", "source")]
    return el("details", el("summary", t("data", lang)), table(head, rows, numeric=(4,)), open="open")


def _place(fact: AnalysisFact, lang: str, drawings: list[dict[str, Any]], several: bool) -> Markup:
    """What an analysis says in one region, drawn and told."""
    title = t("says", lang)
    if fact.shown != fact.region or several or fact.figures:
        title += t("region_note", lang, region=fact.shown_name.get(lang))
    told = sentences(fact, lang)
    drawing = draw(fact, lang)
    if not told and drawing is None:
        waits = fact.state != "done"
        reason = texts.get("analysis.waiting", lang, reason=fact.reason.get(lang))
        return el("p", reason if waits else texts.get("analysis.not_here", lang), class_="waits")
    beside = [*tables(fact, lang)]
    if drawing is not None:
        beside = [part for part in (drawing.beside, *beside, drawing.further) if part]
    return joined(
        el("h4", title),
        el("ul", [el("li", sentence) for sentence in told], class_="says"),
        _chart(drawing, lang, drawings) if drawing else None,
        [table(part.head, part.rows, part.title, part.numeric) for part in beside],
    )


def _chart(drawing: Drawing, lang: str, drawings: list[dict[str, Any]]) -> Markup:
    drawings.append(drawing.figure)
    heading = drawing.heading
    height = drawing.figure["layout"].get("height", 360)
    mark = el("span", heading.mark, class_="mark") if heading.mark else None
    return el(
        "figure",
        el("figcaption", heading.subtitle, mark and " ", mark),
        el("ul", [el("li", _key(key)) for key in drawing.keys], class_="keys") if drawing.keys else None,
        el(
            "div", class_="plot", role="img", aria_label=drawing.caption, style=f"height:{height}px",
            data_drawing=str(len(drawings) - 1),
        ),
        el("p", heading.source, class_="muted"),
    )  # fmt: skip


def _key(key: Key) -> Markup:
    return joined(el("span", _SIGNS.get(key.form, "■"), style=f"color:{key.colour}"), " ", key.label)


def _others(others: Sequence[Latest], fact: AnalysisFact, lang: str) -> Markup | None:
    if not others:
        return None

    def value(number: float | None) -> str:
        return formats.number(number, fact.unit, lang, fact.decimals)

    rows = [
        (one.region_name.get(lang), one.breakdown_name.get(lang), formats.period(one.period, lang),
         value(one.value), value(one.before) if one.before is not None else "")
        for one in others[:_OTHERS]
    ]  # fmt: skip
    head = [t(f"column.{name}", lang) for name in ("place", "name", "span", "value", "before")]
    return el(
        "details",
        el("summary", t("others", lang)),
        table(head, rows, numeric=(3, 4)),
        _more("others_more", len(others), _OTHERS, lang),
    )


def _doubts(doubts: Sequence[DoubtGroup], lang: str) -> Markup:
    if not doubts:
        return el("p", t("doubts_none", lang), class_="muted")
    columns = ("indicator", "place", "period", "value", "expected", "rule", "evidence", "state")
    rows = [
        (
            f"{one.indicator_name.get(lang)} · {one.breakdown_name.get(lang)}", one.region_name.get(lang),
            formats.period(one.period, lang), formats.number(one.value, one.unit, lang, one.decimals),
            formats.number(one.expected, one.unit, lang, one.decimals), one.rule_name.get(lang),
            one.evidence.get(lang), texts.get(f"analysis.doubt_state.{one.state}", lang), str(group.figures),
        )
        for group in doubts[:_DOUBTS]
        for one in (group.doubt,)
    ]  # fmt: skip
    head = [*(texts.get(f"analysis.column.{name}", lang) for name in columns), t("column.figures", lang)]
    return el(
        "details",
        el("summary", t("doubts", lang, n=len(doubts))),
        table(head, rows, numeric=(3, 4, 8)),
        _more("doubts_more", len(doubts), _DOUBTS, lang),
    )


def _more(key: str, total: int, shown: int, lang: str) -> Markup | None:
    return el("p", t(key, lang, shown=shown, total=total), class_="muted") if total > shown else None


# -- end ---------------------------------------------------------------------------------------------------


def _lights(found: FindingsFacts, lang: str) -> Markup:
    names = [light for light, _ in found.lights[0].lights] if found.lights else []
    rows: Iterable[Sequence[Part]] = [
        (one.rule.get(lang), one.version, one.place.get(lang), one.year, *(str(n) for _, n in one.lights),
         texts.get(f"status.{one.status}", lang))
        for one in found.lights
    ]  # fmt: skip
    head = [
        *(t(f"column.{name}", lang) for name in ("rule", "version", "place", "year")),
        *(texts.get(f"light.{name}", lang) for name in names),
        t("column.status", lang),
    ]
    return joined(
        el("h2", t("lights", lang), id="lights"),
        el("p", t("lights_note", lang)),
        table(head, rows, numeric=range(4, 4 + len(names))) if found.lights else el("p", t("none", lang)),
        _rules("unlit", found.unlit, lang),
        _rules("no_figures", found.unfed, lang),
    )


def _rules(key: str, names: Iterable[Text], lang: str) -> Markup | None:
    words = dict.fromkeys(name.get(lang) for name in names)
    return el("p", t(key, lang, names=texts.get("format.joint", lang).join(words))) if words else None


def _episodes(lang: str) -> Markup:
    def words(text: Any) -> str:
        return str(text.zh if lang == "zh" else text.en)

    rows = [
        (
            words(one.name),
            t("period", lang, first=formats.period(one.first, lang), last=formats.period(one.last, lang)),
            words(one.touched),
            words(one.source),
        )
        for one in load().episodes
    ]
    head = [t(f"column.{name}", lang) for name in ("episode", "span", "touched", "source")]
    return joined(
        el("h2", t("episodes", lang), id="episodes"), el("p", t("episodes_note", lang)), table(head, rows)
    )


def _lists(found: FindingsFacts, lang: str) -> Markup:
    """Which analyses ran on real data, which on simulated, and which wait for what."""
    parts: list[Markup] = [el("h2", t("lists", lang), id="lists")]
    for kind in _KINDS:
        listed = [(theme, one) for theme in found.themes for one in theme.findings if one.kind == kind]
        parts.append(el("h3", t(f"kind.{kind}", lang), " · ", t("count", lang, n=len(listed))))
        rows = [
            (
                theme.name.get(lang),
                _link(one, lang),
                _why(one, lang) if kind == "waiting" else _span(one, lang),
            )
            for theme, one in listed
        ]
        last = "reason" if kind == "waiting" else "span"
        head = [t(f"column.{name}", lang) for name in ("theme", "name", last)]
        parts.append(table(head, rows) if rows else el("p", t("none", lang)))
    return joined(parts)


def _why(finding: Finding, lang: str) -> str:
    """Why an analysis says nothing here: what it waits for, or that it has nothing of the region."""
    return finding.fact.reason.get(lang) or texts.get("analysis.not_here", lang)


def _span(finding: Finding, lang: str) -> str:
    """From when to when an analysis has figures, in each region drawn."""
    found = []
    for fact in finding.facts:
        labels = [point.period for point in (fact.own or fact.figures or fact.details) if point.period_end]
        if labels:
            first, last = (formats.period(label, lang) for label in (min(labels), max(labels)))
            region = t("region_note", lang, region=fact.shown_name.get(lang))
            found.append(t("period", lang, first=first, last=last) + region)
    return texts.get("format.joint", lang).join(found)
