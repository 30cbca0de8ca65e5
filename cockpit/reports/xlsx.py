"""A report as an Excel workbook: one sheet a section, native charts, live formulas."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from xlsxwriter.chart import Chart
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from cockpit import figures, formats, tokens
from cockpit.facts_types import ReportFacts, ReportSection
from cockpit.figures.base import mark
from cockpit.reports import charts, grids, words
from cockpit.reports.charts import ChartSheet, Place
from cockpit.reports.grid import Column, Grid
from cockpit.reports.notes import chance_lines, chances, definitions, targets, warnings
from cockpit.reports.progress import Progress, silent
from cockpit.reports.words import clean, t
from cockpit.reports.xlsx_sheet import Placed, Styles, put, text

#: Texts stay texts: nothing that a department delivered becomes a formula or a link.
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_BAD_IN_NAME = re.compile(r"[\[\]:*?/\\'\s]+")
_NAME_LENGTH = 31
#: Characters of the title in a page's header, which holds 255 in all.
_HEADER = 150
_A4 = 9
#: The long table stands at the left below the frozen rows, everything else from this column on.
_HEAD_ROWS, _RIGHT = 6, 5
#: Height of a row in pixels, and of the rows that a chart may cover.
_ROW, _CHART_WIDTH = 20, 620
#: The last column that a section fills.
_LAST = 11


def write(report: ReportFacts, lang: str, path: Path, progress: Progress = silent) -> None:
    """Write the report to a file."""
    with Workbook(str(path), _OPTIONS) as book:
        writer = _Writer(book, report, lang)
        for n, section in enumerate(report.sections):
            writer.section(section, n)
            progress((n + 1) / (len(report.sections) + 1))
        writer.summary()
        writer.notes()
        book.set_properties(
            {
                "title": clean(words.full_title(report, lang))[:255],
                "author": t("pages.name", lang),
                "comments": clean(report.release.release_id),
                "created": report.release.released_at.replace(tzinfo=None),
            }
        )
    progress(1.0)


class _Writer:
    """The workbook as it grows."""

    def __init__(self, book: Workbook, report: ReportFacts, lang: str) -> None:
        self.book, self.report, self.lang = book, report, lang
        self.styles = Styles(book, lang)
        names = [words.measure_of(section.trend, lang) for section in report.sections]
        fixed = ("summary", "scores", "warnings", "notes", "charts")
        first, *last = (t(f"report.sheet.{key}", lang) for key in fixed)
        self.names = unique([first, *names, *last])
        self.sheets = [self._sheet(name) for name in self.names]
        self.data = ChartSheet(book, self.sheets[-1])
        self.data.title(self.t("report.chart_note"))
        self.newest: list[tuple[ReportSection, Placed]] = []

    def t(self, key: str, **values: object) -> str:
        return t(key, self.lang, **values)

    def _sheet(self, name: str) -> Worksheet:
        """An empty sheet, set up for printing with marking, title, release and page number."""
        sheet = self.book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
        release = self.t("report.header_release", release=self.report.release.release_id)
        marking = self.report.marking.get(self.lang)
        title = words.full_title(self.report, self.lang)
        sheet.set_header(f"&L{_plain(marking)}  {_plain(title)[:_HEADER]}&R{_plain(release)}")
        sheet.set_footer(f"&C{self.t('report.page', page='&P', pages='&N')}")
        return sheet

    # -- sections ----------------------------------------------------------------------------------------

    def section(self, section: ReportSection, n: int) -> None:
        """The known values at the left, charts and the other tables to the right of them."""
        lang, trend, sheet = self.lang, section.trend, self.sheets[n + 1]
        head = figures.trend_heading(trend, lang, whole=True)
        self._top(sheet, words.measure_of(trend, lang), head.mark)
        text(sheet, 1, 0, head.subtitle, self.styles.get())
        meant = self.t("report.definition", text=section.definition.definition.get(lang))
        text(sheet, 2, 0, meant, self.styles.get())
        self._wrapped(sheet, 3, _LAST, 150, words.gap(lang).join(words.findings(section, lang)))
        sheet.set_column(0, 0, 16)
        sheet.set_column(1, 3, 13)
        sheet.set_column(4, 4, 3)
        sheet.set_column(_RIGHT, _RIGHT + 1, 18)
        sheet.set_column(_RIGHT + 2, _RIGHT + 6, 14)
        history, _ = put(sheet, self.styles, grids.history(trend, lang), _HEAD_ROWS - 2, 0, lang)
        sheet.freeze_panes(_HEAD_ROWS, 0)
        sheet.repeat_rows(0, _HEAD_ROWS - 1)
        self.newest.append((section, history))
        self._right(sheet, section, history)

    def _right(self, sheet: Worksheet, section: ReportSection, history: Placed) -> None:
        """Charts and tables one under the other; each chart has the rows above its own table."""
        lang, trend = self.lang, section.trend
        row, ahead, steps = _HEAD_ROWS + 17, grids.forecast(trend, lang), None
        if ahead is not None:
            steps, row = self._put(sheet, ahead, row)
        key = "trend" if trend.forecast else "trend_only"
        name = self.t(f"report.figure_title.{key}", name=words.measure_of(trend, lang))
        title = self._marked(name, mark(trend.status, lang))
        place = _trend_place(history, steps, grids.forecast_names(trend))
        drawn = charts.trend_chart(self.data, trend, lang, place)
        self._chart(sheet, _HEAD_ROWS, drawn, title, figures.trend_caption(trend, lang), _ROW * 16)
        row = self._places(sheet, section, row)
        row = self._ages(sheet, section, row)
        for group in section.groups:
            _, row = self._put(sheet, grids.groups(group, lang), row)
        past = grids.backtest(trend, lang)
        if past is not None:
            _, row = self._put(sheet, past, row)
        sheet.print_area(0, 0, max(row, _HEAD_ROWS + len(trend.actual) + 1), _LAST)

    def _places(self, sheet: Worksheet, section: ReportSection, row: int) -> int:
        lang, ranking, table = self.lang, section.page.ranking, grids.places(section, self.lang)
        if ranking is None or table is None:
            return row
        covered = 5 + len(ranking.rows)
        placed, end = self._put(sheet, table, row + covered)
        drawn = charts.places_chart(self.data, ranking, lang, _column_place(placed, {"value": 2}))
        title, alt = self._marked(table.title, table.mark), figures.ranking_caption(ranking, lang)
        self._chart(sheet, row, drawn, title, alt, _ROW * (covered - 1))
        return end

    def _ages(self, sheet: Worksheet, section: ReportSection, row: int) -> int:
        lang, pyramid = self.lang, section.page.pyramid
        if pyramid is None:
            return row
        table, covered = grids.ages(pyramid, lang), 20
        placed, end = self._put(sheet, table, row + covered)
        place = _column_place(placed, {"male": 1, "female": 2})
        drawn = charts.ages_chart(self.data, pyramid, lang, place)
        title, alt = self._marked(table.title, table.mark), figures.pyramid_caption(pyramid, lang)
        self._chart(sheet, row, drawn, title, alt, _ROW * (covered - 1))
        return end

    def _put(self, sheet: Worksheet, grid: Grid, row: int) -> tuple[Placed, int]:
        return put(sheet, self.styles, grid, row, _RIGHT, self.lang)

    def _chart(self, sheet: Worksheet, row: int, chart: Chart, title: str, alt: str, height: int) -> None:
        chart.set_title(
            {"name": self.data.title(title), "name_font": {"size": 11, "bold": True}, "overlay": False}
        )
        chart.set_size({"width": _CHART_WIDTH, "height": height})
        sheet.insert_chart(row, _RIGHT, chart, {"description": clean(alt), "object_position": 1})

    def _wrapped(self, sheet: Worksheet, row: int, last: int, width: int, words: str) -> None:
        """A sentence over the columns up to `last`, as high as it needs in `width` Latin characters."""
        style = self.styles.get(text_wrap=True, valign="top")
        sheet.merge_range(row, 0, row, last, "", style)
        text(sheet, row, 0, words, style)
        letters = len(words) * (2 if self.lang == "zh" else 1)
        sheet.set_row(row, 15 * (1 + letters // width))

    def _marked(self, title: str, sign: str) -> str:
        return self.t("report.marked", title=title, mark=sign) if sign else title

    def _top(self, sheet: Worksheet, title: str, sign: str) -> None:
        text(sheet, 0, 0, self._marked(title, sign), self.styles.title)

    # -- the other sheets --------------------------------------------------------------------------------

    def summary(self) -> None:
        """What the report is, its main figures as links into the sections, and its sentences."""
        sheet, lang = self.sheets[0], self.lang
        text(sheet, 0, 0, words.full_title(self.report, lang), self.styles.title)
        sheet.fit_to_pages(1, 1)
        sheet.set_column(0, 0, 44)
        sheet.set_column(1, 4, 18)
        row = 2
        for label, value in words.about(self.report, lang):
            text(sheet, row, 0, label, self.styles.get(bold=True))
            text(sheet, row, 1, value, self.styles.get())
            row += 1
        row += 1
        text(sheet, row, 0, self.t("report.table.key"), self.styles.get(bold=True))
        heads = ("pages.filter.indicator", "pages.column.value", "report.column.unit", "pages.column.period")
        for n, head in enumerate((*heads, "pages.column.status")):
            text(sheet, row + 1, n, self.t(head), self.styles.head)
        row += 2
        for section, placed in self.newest:
            self._newest(sheet, row, section, placed)
            row += 1
        row += 1
        for line in words.summary(self.report, lang):
            self._wrapped(sheet, row, 4, 105, line)
            row += 1
        sheet.activate()

    def _newest(self, sheet: Worksheet, row: int, section: ReportSection, placed: Placed) -> None:
        trend, lang = section.trend, self.lang
        last = max(n for n, point in enumerate(trend.actual) if point.value is not None)
        point = trend.actual[last]
        link = "internal:'{}'!A1".format(placed.sheet.replace("'", "''"))
        name = clean(words.measure_of(trend, lang))
        sheet.write_url(row, 0, link, self.styles.get(font_color=tokens.OFFICE.accent, underline=1), name)
        column = Column("", "number", trend.unit, trend.decimals)
        sheet.write_formula(row, 1, f"={placed.cell(last, 1)}", self.styles.number(column), point.value)
        text(sheet, row, 2, formats.unit_name(trend.unit, lang), self.styles.get())
        text(sheet, row, 3, formats.period(point.period, lang), self.styles.get())
        text(sheet, row, 4, formats.status(point.status, lang), self.styles.get())

    def notes(self) -> None:
        """Errors of the forecasts, warnings and targets, method, assumptions and sources."""
        scores, warned, notes, data = self.sheets[-4:]
        report, lang = self.report, self.lang
        ahead = any(section.trend.forecast for section in report.sections)
        none = "report.finding.no_scores" if ahead else "report.finding.no_forecast"
        self._listed(scores, "forecast", [grids.scores(report.sections, lang)], [self.t(none)])
        lines = words.warning_lines(report, lang)
        if not report.targets:
            lines = [*lines, self.t("report.finding.no_target")]
        lines = [*lines, *chance_lines(report, lang)]
        tables = [warnings(report, lang), targets(report, lang), chances(report, lang)]
        self._listed(warned, "warnings", tables, lines)
        lines = [
            *words.method(report, lang),
            *words.assumptions(report, lang),
            *words.source_lines(report, lang),
        ]
        self._listed(notes, "method", [definitions(report, lang)], lines)
        data.set_column(0, 6, 14)
        data.set_tab_color(tokens.OFFICE.muted)

    def _listed(self, sheet: Worksheet, chapter: str, tables: list[Grid | None], lines: list[str]) -> None:
        """A sheet of tables with sentences below; without any table the sentences say why."""
        self._top(sheet, self.t(f"report.chapter.{chapter}"), "")
        shown = [table for table in tables if table is not None]
        row = 2
        for table in shown:
            _, row = put(sheet, self.styles, table, row, 0, self.lang)
        if len(shown) == 1:
            sheet.freeze_panes(4, 0)
        if shown and chapter == "forecast":
            lines = [self.t("report.method.measures")]
        for n, line in enumerate(lines, start=1):
            self._wrapped(sheet, row, 7, 135, self.t("report.numbered", n=n, text=line))
            row += 1
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 7, 18)


def unique(names: list[str]) -> list[str]:
    """Sheet names that Excel takes: none of its forbidden characters, at most 31, no two the same."""
    found: list[str] = []
    for name in names:
        base = _BAD_IN_NAME.sub(" ", clean(name)).strip()[:_NAME_LENGTH].strip() or "-"
        shown, n = base, 2
        while shown.lower() in (other.lower() for other in found):
            end = f" {n}"
            shown, n = base[: _NAME_LENGTH - len(end)] + end, n + 1
        found.append(shown)
    return found


def _plain(words: str) -> str:
    """A text as Excel's headers take it: `&` begins a code there."""
    return clean(words).replace("&", "&&")


def _trend_place(history: Placed, steps: Placed | None, names: list[str]) -> Place:
    def place(name: str, row: int) -> str | None:
        if name == "actual":
            return history.cell(row, 1)
        return steps.cell(row, 1 + names.index(name)) if steps and name in names else None

    return place


def _column_place(placed: Placed, columns: dict[str, int]) -> Callable[[str, int], str]:
    return lambda name, row: placed.cell(row, columns[name])
