"""A report as a Word document."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from docx.enum.text import WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Cm
from docx.text.paragraph import Paragraph

from cockpit import figures, texts
from cockpit.facts_types import ReportFacts, ReportSection
from cockpit.reports import charts, docx_style, grids, words
from cockpit.reports.docx_chart import Draw, add_chart
from cockpit.reports.docx_table import add_table, printed, unit_of
from cockpit.reports.grid import Grid
from cockpit.reports.notes import chance_lines, chances, definitions, key_figures, targets, warnings
from cockpit.reports.progress import Progress, silent
from cockpit.reports.words import clean, t

#: Known periods that a document's table shows; a workbook has all.
TAIL = 12
_WIDTH = Cm(15.2)


def write(report: ReportFacts, lang: str, path: Path, progress: Progress = silent) -> None:
    """Write the report to a file."""
    writer = _Writer(report, lang)
    writer.cover()
    writer.summary()
    writer.findings()
    for n, section in enumerate(report.sections):
        writer.section(section, n)
        progress((n + 1) / (len(report.sections) + 1))
    writer.end()
    writer.document.save(str(path))
    progress(1.0)


class _Writer:
    """The document as it grows, with its counts of chapters, figures and tables."""

    def __init__(self, report: ReportFacts, lang: str) -> None:
        self.report, self.lang = report, lang
        self.document = docx_style.blank(lang)
        self.chapters = self.parts = self.n_figures = self.n_tables = 0
        self.entries: list[tuple[int, str, str]] = []
        full = words.full_title(report, lang)
        release = self.t("report.header_release", release=report.release.release_id)
        docx_style.frame(self.document, report.marking.get(lang), full, release, lang)
        about = self.document.core_properties
        about.title, about.author = clean(full)[:255], self.t("pages.name")
        about.subject = clean(release)
        about.created = about.modified = report.release.released_at.replace(tzinfo=None)

    def t(self, key: str, **values: object) -> str:
        return t(key, self.lang, **values)

    def text(self, text: str, style: str = "Normal") -> Paragraph:
        return self.document.add_paragraph(clean(text), style=style)

    # -- front -------------------------------------------------------------------------------------------

    def cover(self) -> None:
        report = self.report
        self.text(report.marking.get(self.lang), "Marking")
        self.text(words.title(report, self.lang), "Title")
        self.text(words.mark(report, self.lang), "Subtitle")
        for label, value in words.about(report, self.lang):
            self.text(self.t("report.about_line", label=label, value=value), "About")
        self._break()
        self.text(self.t("report.contents"), "Contents Title")
        self.after_contents = self._break()

    def _break(self) -> Paragraph:
        paragraph = self.document.add_paragraph(style="About")
        paragraph.add_run().add_break(WD_BREAK.PAGE)
        return paragraph

    def chapter(self, key: str, new_page: bool = False) -> None:
        self.chapters, self.parts = self.chapters + 1, 0
        text = self.t(f"report.chapter.{key}")
        numeral = numeral_of(self.chapters, self.lang)
        self._heading(1, self.t("report.heading1", n=self.chapters, numeral=numeral, text=text), new_page)

    def part(self, text: str) -> None:
        self.parts += 1
        numeral = numeral_of(self.parts, self.lang)
        words = {"chapter": self.chapters, "n": self.parts, "numeral": numeral, "text": text}
        self._heading(2, self.t("report.heading2", **words), False)

    def _heading(self, level: int, text: str, new_page: bool) -> None:
        paragraph = self.text(text, f"Heading {level}")
        paragraph.paragraph_format.page_break_before = new_page
        mark = docx_style.bookmark(paragraph, len(self.entries) + 1)
        self.entries.append((level, text, mark))

    def summary(self) -> None:
        self.chapter("summary")
        for line in words.summary(self.report, self.lang):
            self.text(line, "Lead")
        self.grid(key_figures(self.report, self.lang))

    def findings(self) -> None:
        self.chapter("findings", new_page=True)
        for n, section in enumerate(self.report.sections, start=1):
            lines = words.gap(self.lang).join(words.findings(section, self.lang))
            self.text(self.t("report.numbered", n=n, text=lines))

    # -- sections ----------------------------------------------------------------------------------------

    def section(self, section: ReportSection, n: int) -> None:
        if n == 0:
            self.chapter("sections", new_page=True)
        lang, trend, page = self.lang, section.trend, section.page
        name = words.measure_of(trend, lang)
        self.part(name)
        meant = self.text(self.t("report.definition", text=section.definition.definition.get(lang)))
        meant.paragraph_format.keep_with_next = True
        if page.shown != page.region:
            known = f"theme.{words.reach_key(page)}"
            self.text(self.t(known))
        key = "trend" if trend.forecast else "trend_only"
        head = figures.trend_heading(trend, lang, whole=True)
        notes = [self.t("report.axis_note")] if charts.is_clipped(trend) else []
        self.figure(
            self.t(f"report.figure_title.{key}", name=name),
            lambda sheet: charts.trend_chart(sheet, trend, lang),
            figures.trend_caption(trend, lang),
            [*notes, head.source],
            head.mark,
            Cm(7.2),
        )
        history = grids.history(trend, lang)
        self.grid(history, last=TAIL if len(history.rows) > TAIL else None)
        self.grid(grids.forecast(trend, lang))
        self._places(section)
        if page.pyramid is not None:
            pyramid = page.pyramid
            table = grids.ages(pyramid, lang)
            self.figure(
                table.title,
                lambda sheet: charts.ages_chart(sheet, pyramid, lang),
                figures.pyramid_caption(pyramid, lang),
                [table.source],
                table.mark,
                Cm(11),
            )
            self.grid(table)
        for group in section.groups:
            self.grid(grids.groups(group, lang))

    def _places(self, section: ReportSection) -> None:
        ranking, table = section.page.ranking, grids.places(section, self.lang)
        if ranking is None or table is None:
            return
        self.figure(
            table.title,
            lambda sheet: charts.places_chart(sheet, ranking, self.lang),
            figures.ranking_caption(ranking, self.lang),
            [table.source],
            table.mark,
            Cm(2.4 + 0.5 * len(ranking.rows)),
        )
        self.grid(table)

    # -- back --------------------------------------------------------------------------------------------

    def end(self) -> None:
        report, lang = self.report, self.lang
        self.chapter("forecast", new_page=True)
        scores = grids.scores(report.sections, lang)
        ahead = any(section.trend.forecast for section in report.sections)
        if scores is None:
            self.text(self.t("report.finding.no_scores" if ahead else "report.finding.no_forecast"))
        else:
            self.text(self.t("report.method.measures"))
            self.grid(scores)
        self.chapter("warnings")
        for line in words.warning_lines(report, lang):
            self.text(line)
        self.grid(warnings(report, lang))
        if not report.targets:
            self.text(self.t("report.finding.no_target"))
        self.grid(targets(report, lang))
        self.grid(chances(report, lang))
        for line in chance_lines(report, lang):
            self.text(line)
        self.chapter("method")
        self._numbered(words.method(report, lang))
        self.grid(definitions(report, lang))
        self.chapter("assumptions")
        self._numbered(words.assumptions(report, lang))
        self.chapter("sources")
        self._numbered(words.source_lines(report, lang))
        docx_style.contents(self.after_contents, self.entries)

    def _numbered(self, lines: Sequence[str]) -> None:
        for n, line in enumerate(lines, start=1):
            self.text(self.t("report.numbered", n=n, text=line))

    # -- figures and tables ------------------------------------------------------------------------------

    def figure(self, title: str, draw: Draw, alt: str, notes: list[str], mark: str, height: Cm) -> None:
        """A chart with its number and title below it, in the Chinese habit, and its source."""
        self.n_figures += 1
        paragraph = self.document.add_paragraph(style="Figure")
        name = self.t("report.sheet.charts")
        add_chart(self.document, paragraph, draw, self.n_figures, name, alt, (_WIDTH, height))
        self._caption("report.figure", self.n_figures, self._marked(title, mark))
        self.text(" ".join(notes), "Source")

    def grid(self, grid: Grid | None, last: int | None = None) -> None:
        """A table below its number, title and unit; nothing where there is no table."""
        if grid is None:
            return
        self.n_tables += 1
        title = grid.title
        if last is not None:
            title = self.t("report.table.history_tail", title=title, n=last, total=len(grid.rows))
        unit = unit_of(grid, self.lang)
        self._caption("report.table_word", self.n_tables, self._marked(title, grid.mark))
        if unit:
            self.text(self.t("report.unit", unit=unit), "Unit")
        add_table(
            self.document,
            [column.title for column in grid.columns],
            printed(grid, self.lang, last),
            [column.kind != "text" for column in grid.columns],
            grid.has_total,
        )
        self.text(grid.source, "Source")

    def _marked(self, title: str, mark: str) -> str:
        return self.t("report.marked", title=title, mark=mark) if mark else title

    def _caption(self, key: str, n: int, title: str) -> None:
        """`图1 标题`, its number a field so that Word can renumber."""
        word = self.t(key)
        paragraph = self.document.add_paragraph(style="Caption")
        paragraph.paragraph_format.keep_with_next = key == "report.table_word"
        space = "" if self.lang == "zh" else " "
        number = docx_style.field_xml(f"SEQ {word} \\* ARABIC", str(n))
        xml = (
            f'<w:p {nsdecls("w")}><w:r><w:t xml:space="preserve">{word}{space}</w:t></w:r>'
            f'{number}<w:r><w:t xml:space="preserve">　{escape(clean(title))}</w:t></w:r></w:p>'
        )
        for part in list(parse_xml(xml)):
            paragraph._p.append(part)


def numeral_of(n: int, lang: str) -> str:
    """A number below 100 in Chinese numerals, in figures in English."""
    if lang != "zh":
        return str(n)
    digits = texts.get("report.numerals", lang)
    tens, ones = divmod(n, 10)
    head = "" if tens == 0 else digits[9] if tens == 1 else digits[tens - 1] + digits[9]
    return head + (digits[ones - 1] if ones else "")
