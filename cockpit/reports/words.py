"""The sentences of a report: chosen by the facts, worded by conf/texts/ui_reports_<lang>.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cockpit import figures, formats, texts
from cockpit.facts_groups import groups
from cockpit.facts_types import (
    Change,
    Ranking,
    ReportFacts,
    ReportSection,
    TargetFact,
    ThemeFacts,
    TrendFact,
)
from cockpit.figures.base import measure
from conf import load
from conf.regions import COUNTRY

#: Characters that no document may hold: XML 1.0 knows only three control characters.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: Characters that a file name may not hold on every system.
_UNSAFE = re.compile(r'[\\/:*?"<>|\s]+')
#: Sections told on the summary page: more would not fit it.
SUMMARY = 6


def t(key: str, lang: str, **values: object) -> str:
    """A text of the interface."""
    return texts.get(key, lang, **values)


def clean(text: str) -> str:
    """A text without the characters that would make a file unreadable or that readers of XML change."""
    return _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def amount(value: float | None, unit: str, lang: str, decimals: int) -> str:
    """A value with its unit in a sentence; a base such as 女=100 is told by the indicator's name."""
    if "=" in formats.unit_name(unit, lang):
        return formats.plain(value, decimals, lang)
    return formats.number(value, unit, lang, decimals)


def measure_of(fact: TrendFact | Ranking, lang: str) -> str:
    """The name of a measure, with its breakdown unless that is the total."""
    is_total = fact.breakdown_name == texts.both("breakdown.total")
    return measure(fact.name, "" if is_total else "part", fact.breakdown_name, lang)


def title(report: ReportFacts, lang: str) -> str:
    """The title without its mark."""
    return t("report.title", lang, region=report.region_name.get(lang), theme=report.theme_name.get(lang))


def mark(report: ReportFacts, lang: str) -> str:
    """The mark of simulated data: empty when there are none, another when only some are."""
    if not report.is_simulated:
        return ""
    return t("report.mark.all" if len(report.statuses) == 1 else "report.mark.some", lang)


def full_title(report: ReportFacts, lang: str) -> str:
    """The title with its mark, as files and headers show it."""
    found = mark(report, lang)
    return t("report.marked", lang, title=title(report, lang), mark=found) if found else title(report, lang)


def file_name(report: ReportFacts, format: str, lang: str) -> str:
    """The name that a reader saves the report under: title, mark and release."""
    stem = "_".join((full_title(report, lang), report.release.release_id))
    return f"{_UNSAFE.sub('_', clean(stem))}.{format}"


def about(report: ReportFacts, lang: str) -> list[tuple[str, str]]:
    """What the report is: label and value, line by line."""
    release = report.release
    return [
        (t("report.about.region", lang), report.region_name.get(lang)),
        (t("report.about.as_of", lang), formats.day(release.as_of, lang)),
        (t("report.about.until", lang), _until(report, lang)),
        (t("report.about.release", lang), release.release_id),
        (t("report.about.released", lang), formats.moment(release.released_at, lang)),
        (
            t("report.about.status", lang),
            t("format.joint", lang).join(formats.status(status, lang) for status in report.statuses),
        ),
        (t("report.about.marking", lang), report.marking.get(lang)),
    ]


def _until(report: ReportFacts, lang: str) -> str:
    """The last year asked for, and where the forecasts really end."""
    ends = [section.trend.forecast[-1] for section in report.sections if section.trend.forecast]
    if not ends:
        return t("report.until.none", lang, year=report.until)
    last = max(ends, key=lambda step: step.period_end)
    return t("report.until.end", lang, year=report.until, end=formats.period(last.period, lang))


def findings(section: ReportSection, lang: str) -> list[str]:
    """What one section finds: level and change, rank, forecast, and how far off such forecasts were."""
    trend = section.trend
    found = [_level(section, lang), _rank(section.page.ranking, lang), _forecast(trend, lang)]
    if trend.forecast:
        found.append(figures.score_line(trend, lang) + t("format.stop", lang))
    found += [note.get(lang) for note in trend.notes if trend.forecast]
    return [line for line in found if line]


def summary(report: ReportFacts, lang: str) -> list[str]:
    """The report on one page: level and outlook of the first measures, warnings and targets."""
    lines = [_level(section, lang) + gap(lang) + _forecast(section.trend, lang) for section in _leads(report)]
    return [
        line.strip() for line in (*lines, *warning_lines(report, lang)[:3], *_target_counts(report, lang))
    ]


def _leads(report: ReportFacts) -> list[ReportSection]:
    """One section an indicator, in the order of the theme."""
    first: dict[str, ReportSection] = {}
    for section in report.sections:
        first.setdefault(section.page.indicator, section)
    return list(first.values())[:SUMMARY]


def gap(lang: str) -> str:
    """What parts two sentences."""
    return "" if lang == "zh" else " "


def _level(section: ReportSection, lang: str) -> str:
    trend, page = section.trend, section.page
    known = [point for point in trend.actual if point.value is not None]
    if not known:
        return ""
    last = known[-1]
    words = {
        "period": formats.period(last.period, lang),
        "region": trend.region_name.get(lang),
        "name": measure_of(trend, lang),
        "value": amount(last.value, trend.unit, lang, trend.decimals),
    }
    figure = page.selected
    if figure is not None and figure.changes and figure.period == last.period:
        changes = t("format.separator", lang).join(_change(change, lang) for change in figure.changes)
        return t("report.finding.level_changed", lang, **words, changes=changes)
    if len(known) > 1 and trend.freq == "Y":
        since = compared(known[-2].value, last.value, trend.unit, lang)
        if since:
            before = formats.period(known[-2].period, lang)
            return t("report.finding.level_since", lang, **words, before=before, change=since)
    return t("report.finding.level", lang, **words)


def _change(change: Change, lang: str) -> str:
    """A change in words, without signs that read badly in a sentence."""
    kind = t(f"report.change.{change.kind}", lang)
    if change.value is None or round(change.value, change.decimals) == 0:
        return t("report.change.same", lang, kind=kind)
    word = t("report.change.up" if change.value > 0 else "report.change.down", lang)
    value = formats.number(abs(change.value), change.unit, lang, change.decimals)
    return t("report.change.moved", lang, kind=kind, word=word, value=value)


def compared(before: float | None, now: float | None, unit: str, lang: str) -> str:
    """How one value stands to an earlier one: in percent, or in percentage points for a rate; empty where
    that says nothing."""
    if before is None or now is None:
        return ""
    if load().units[unit].kind in ("percent", "percentage_point"):
        size, shown_unit = now - before, "percentage_point"
    elif before > 0:
        size, shown_unit = (now / before - 1) * 100, "percent"
    else:
        return ""
    if round(size, 1) == 0:
        return t("report.change.flat", lang)
    word = t("report.change.up" if size > 0 else "report.change.down", lang)
    return t("report.change.by", lang, word=word, value=formats.number(abs(size), shown_unit, lang, 1))


def _rank(ranking: Ranking | None, lang: str) -> str:
    if ranking is None or len(ranking.rows) < 2:
        return ""
    first, last = ranking.rows[0], ranking.rows[-1]
    words = {
        "shown": ranking.region_name.get(lang),
        "n": len(ranking.rows),
        "first": first.region_name.get(lang),
        "first_value": amount(first.value, ranking.unit, lang, ranking.decimals),
        "last": last.region_name.get(lang),
        "last_value": amount(last.value, ranking.unit, lang, ranking.decimals),
    }
    own = next((row for row in ranking.rows if row.region == ranking.selected), None)
    if own is None:
        return t("report.finding.places", lang, **words)
    return t("report.finding.rank", lang, **words, rank=own.rank)


def _forecast(trend: TrendFact, lang: str) -> str:
    if not trend.forecast:
        return ""
    end = trend.forecast[-1]
    words = {
        "period": formats.period(end.period, lang),
        "value": amount(end.mean, trend.unit, lang, trend.decimals),
    }
    if end.lo80 is None or end.hi80 is None:
        return t("report.finding.forecast", lang, **words)
    lo, hi = (amount(value, trend.unit, lang, trend.decimals) for value in (end.lo80, end.hi80))
    return t("report.finding.forecast_interval", lang, **words, lo=lo, hi=hi)


def warning_lines(report: ReportFacts, lang: str) -> list[str]:
    """Warnings in force, each rule and level once; one line that says so when there are none."""
    found = []
    for group in groups(report.warnings, report.region):
        worst = group.worst
        found.append(
            t(
                "report.finding.warning",
                lang,
                light=formats.light(group.light, lang),
                rule=group.rule_name.get(lang),
                n=len(group.places),
                place=worst.region_name.get(lang),
                period=formats.period(worst.period, lang),
                value=amount(worst.value, worst.unit, lang, worst.decimals),
            )
        )
    return found or [t("report.finding.no_warning", lang)]


def _target_counts(report: ReportFacts, lang: str) -> list[str]:
    if not report.targets:
        return []
    lights = [target.light.light for target in report.targets]
    counts = {light: lights.count(light) for light in ("red", "yellow", "green", "grey")}
    return [t("report.finding.targets", lang, n=len(lights), **counts)]


def target_progress(target: TargetFact, lang: str) -> str:
    """How far a target is, beside the share of its time that has gone."""
    elapsed = None if target.time_elapsed is None else min(target.time_elapsed, 1.0)
    way = (
        formats.percent(target.attainment, lang)
        if target.attainment is not None
        else t("format.missing", lang)
    )
    return t("report.target.progress", lang, attainment=way, elapsed=formats.percent(elapsed, lang))


def assumptions(report: ReportFacts, lang: str) -> list[str]:
    """What the report rests on, and what it leaves out."""
    ends = sorted(
        {section.trend.forecast[-1].period for section in report.sections if section.trend.forecast}
    )
    found = [t("report.assume.frozen", lang, release=report.release.release_id)]
    if ends:
        found.append(t("report.assume.continue", lang))
        found.append(
            t(
                "report.assume.ends",
                lang,
                ends=t("format.joint", lang).join(formats.period(end, lang) for end in ends),
                until=report.until,
            )
        )
    notes = {
        note.get(lang): None
        for section in report.sections
        if section.trend.forecast
        for note in section.trend.notes
    }
    found += notes
    if report.is_simulated:
        found.append(t("report.assume.simulated", lang))
    if report.absent:
        names = t("format.joint", lang).join(name.get(lang) for name in report.absent)
        found.append(t("report.assume.absent", lang, names=names, region=report.region_name.get(lang)))
    found += [t("report.assume.rounding", lang), t("report.assume.maps", lang)]
    return found


def models(report: ReportFacts, lang: str) -> list[str]:
    """The models that made the forecasts, with their versions and how they were judged."""
    by_model: dict[tuple[str, str], list[str]] = {}
    for section in report.sections:
        trend = section.trend
        if trend.forecast:
            version = trend.score.model_version if trend.score else ""
            by_model.setdefault((trend.model, version), []).append(measure_of(trend, lang))
    found = []
    for (model, version), names in by_model.items():
        name = t(f"model.name.{model}", lang) if texts.has(f"model.name.{model}") else model
        key = "report.method.model" if version else "report.method.model_no_version"
        joined = t("format.joint", lang).join(names)
        found.append(t(key, lang, model=name, version=version, names=joined))
    return found


def sources(report: ReportFacts, lang: str) -> list[tuple[str, str]]:
    """Each source once, with the measures taken from it."""
    found: dict[str, list[str]] = {}
    for section in report.sections:
        found.setdefault(section.trend.source.get(lang), []).append(measure_of(section.trend, lang))
    return [(source, t("format.joint", lang).join(names)) for source, names in found.items()]


def distinct(sections: Iterable[ReportSection]) -> list[ReportSection]:
    """The first section of each indicator."""
    return list({section.page.indicator: section for section in reversed(list(sections))}.values())[::-1]


def source_lines(report: ReportFacts, lang: str) -> list[str]:
    """Each source with the measures taken from it, one line each."""
    return [
        t("report.source_line", lang, source=source, names=names) for source, names in sources(report, lang)
    ]


def method(report: ReportFacts, lang: str) -> list[str]:
    """Where the figures come from, how changes and warnings are made, and which models forecast."""
    found = [t(f"report.method.{key}", lang) for key in ("facts", "changes", "warnings")]
    if any(section.trend.forecast for section in report.sections):
        found += [t("report.method.backtest", lang), t("report.method.measures", lang), *models(report, lang)]
    return found


def reach_key(page: ThemeFacts) -> str:
    """The text below `theme` that says why the figures are not the region's own."""
    return "only_country" if page.shown == COUNTRY else "only_unspecified"
