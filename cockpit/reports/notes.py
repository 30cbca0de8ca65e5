"""The tables of a report that hold words: main figures, warnings, targets and definitions."""

from __future__ import annotations

from cockpit import formats
from cockpit.facts_types import Figure, Light, ReportFacts, TargetFact
from cockpit.outlook import chance_scores, chance_word, target_chance, target_lateness
from cockpit.reports.grid import Column, Grid
from cockpit.reports.words import distinct, measure_of, t, target_progress


def key_figures(report: ReportFacts, lang: str) -> Grid:
    """The newest value of each indicator, as its card on the screen shows it."""
    rows = []
    for section in distinct(report.sections):
        figure = section.page.selected
        if figure is None:
            continue
        changes = [formats.change(change, lang) for change in figure.changes]
        rows.append(
            (
                measure_of(section.trend, lang),
                formats.number(figure.value, figure.unit, lang, figure.decimals),
                formats.period(figure.period, lang),
                t("format.separator", lang).join(changes) or t("format.missing", lang),
                _light(figure.light, lang),
                _standing(figure, lang),
            )
        )
    heads = (
        "pages.filter.indicator",
        "pages.column.value",
        "pages.column.period",
        "report.column.changes",
        "report.column.light",
        "pages.column.status",
    )
    return _words(t("report.table.key", lang), heads, tuple(rows), lang)


def warnings(report: ReportFacts, lang: str) -> Grid | None:
    """Warnings in force, the worst first; None when there are none."""
    rows = tuple(
        (
            formats.light(fact.light, lang),
            fact.rule_name.get(lang),
            fact.region_name.get(lang),
            formats.period(fact.period, lang),
            formats.number(fact.value, fact.unit, lang, fact.decimals),
            formats.period(fact.since, lang),
        )
        for fact in report.warnings
    )
    heads = (
        "report.column.light",
        "report.column.rule",
        "pages.column.region",
        "pages.column.period",
        "pages.column.value",
        "report.column.since",
    )
    return _words(t("report.table.warnings", lang), heads, rows, lang) if rows else None


def targets(report: ReportFacts, lang: str) -> Grid | None:
    """Plan targets with goal, value and progress; None when there are none."""
    rows = tuple(
        (
            _light(fact.light, lang),
            fact.name.get(lang),
            formats.number(fact.value, fact.unit, lang, fact.decimals),
            formats.number(fact.goal, fact.unit, lang, fact.decimals),
            formats.day(fact.due, lang),
            _progress(fact, lang),
            target_chance(fact, lang) or t("format.missing", lang),
            t(f"evidence.{fact.evidence}", lang),
            fact.department.get(lang),
        )
        for fact in report.targets
    )
    heads = (
        "report.column.light",
        "report.column.target",
        "pages.column.value",
        "report.column.goal",
        "report.column.due",
        "report.column.progress",
        "report.column.chance",
        "report.column.evidence",
        "report.column.department",
    )
    return _words(t("report.table.targets", lang), heads, rows, lang) if rows else None


def chances(report: ReportFacts, lang: str) -> Grid | None:
    """What came of chances of attainment told earlier, by the word that was told; None without a record."""
    rows = tuple(
        (
            chance_word(one, lang),
            formats.plain(one.cases, 0, lang),
            formats.plain(one.targets, 0, lang),
            formats.plain(one.met, 0, lang),
            formats.percent(one.told, lang),
            formats.percent(one.share, lang),
            formats.status(one.status, lang),
        )
        for one in report.chances
    )
    heads = tuple(
        f"pages.chance_record.{name}" for name in ("told", "cases", "targets", "met", "mean", "share")
    )
    title = t("pages.chance_record.title", lang)
    return _words(title, (*heads, "pages.column.status"), rows, lang) if rows else None


def chance_lines(report: ReportFacts, lang: str) -> list[str]:
    """The scores of that record, and what to know of it; empty without a record."""
    if not report.chances:
        return []
    return [chance_scores(report.chances[0], lang), t("pages.chance_record.note", lang)]


def _progress(fact: TargetFact, lang: str) -> str:
    told = (target_progress(fact, lang), target_lateness(fact, lang))
    return t("format.separator", lang).join(part for part in told if part)


def definitions(report: ReportFacts, lang: str) -> Grid:
    """What each indicator means and how it is computed."""
    rows = tuple(
        (
            section.definition.name.get(lang),
            section.definition.definition.get(lang),
            section.definition.formula,
            section.definition.department.get(lang),
        )
        for section in distinct(report.sections)
    )
    heads = (
        "pages.filter.indicator",
        "report.column.definition",
        "report.column.formula",
        "report.column.department",
    )
    return _words(t("report.table.definitions", lang), heads, rows, lang)


def _standing(figure: Figure, lang: str) -> str:
    """Status, and whether the figure is in doubt."""
    told = [formats.status(figure.status, lang)]
    if figure.doubt is not None:
        told.append(t("pages.doubted", lang))
    return t("format.separator", lang).join(told)


def _light(light: Light | None, lang: str) -> str:
    return formats.light(light, lang) if light else t("format.missing", lang)


def _words(title: str, heads: tuple[str, ...], rows: tuple[tuple[str, ...], ...], lang: str) -> Grid:
    return Grid(title, "", tuple(Column(t(head, lang)) for head in heads), rows)
