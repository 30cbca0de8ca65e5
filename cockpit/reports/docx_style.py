"""Page, fonts and fields of a Word report: Chinese in the habits of GB/T 9704, English in one sans.

Fonts are named, not shipped; each style names its East Asian font, so that Word shows Chinese rightly.
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from cockpit.reports.words import clean

#: Width of the text between the margins of GB/T 9704.
TEXT_WIDTH = Mm(210 - 28 - 26)


@dataclass(frozen=True)
class Look:
    """One style: its fonts (Latin, East Asian), size and line height in points, and manner."""

    latin: str
    asian: str
    size: float
    line: float | None = None
    bold: bool = False
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.LEFT
    before: float = 0
    after: float = 0
    indent: bool = False


_ROMAN, _SANS = "Times New Roman", "Arial"
_CENTRE, _RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
_ZH = {
    "Normal": Look(_ROMAN, "仿宋", 16, 28, indent=True),
    "Title": Look(_ROMAN, "方正小标宋简体", 22, 36, align=_CENTRE, before=120, after=12),
    "Subtitle": Look(_ROMAN, "楷体", 16, 28, align=_CENTRE, after=60),
    "Heading 1": Look(_ROMAN, "黑体", 16, 30, before=12, after=4),
    "Heading 2": Look(_ROMAN, "楷体", 16, 28, bold=True, before=8, after=2),
    "Lead": Look(_ROMAN, "仿宋", 14, 23, indent=True),
    "About": Look(_ROMAN, "仿宋", 16, 30),
    "Marking": Look(_ROMAN, "黑体", 16),
    "Contents Title": Look(_ROMAN, "黑体", 18, 30, align=_CENTRE, after=12),
    "toc 1": Look(_ROMAN, "仿宋", 14, 26),
    "toc 2": Look(_ROMAN, "仿宋", 12, 22),
    "Caption": Look(_ROMAN, "黑体", 10.5, 16, before=8, after=3),
    "Unit": Look(_ROMAN, "仿宋", 9, 12, align=_RIGHT),
    "Figure": Look(_ROMAN, "仿宋", 10.5, before=6, align=_CENTRE),
    "Source": Look(_ROMAN, "仿宋", 9, 13, before=2, after=8),
    "Cell": Look(_ROMAN, "宋体", 10.5, 15),
    "Header": Look(_ROMAN, "宋体", 9),
    "Footer": Look(_ROMAN, "宋体", 14, align=_CENTRE),
}
_EN = {
    "Normal": Look(_SANS, "黑体", 11, 16, after=6),
    "Title": Look(_SANS, "黑体", 24, 32, bold=True, before=120, after=12),
    "Subtitle": Look(_SANS, "黑体", 14, 20, after=60),
    "Heading 1": Look(_SANS, "黑体", 16, 22, bold=True, before=14, after=6),
    "Heading 2": Look(_SANS, "黑体", 12, 18, bold=True, before=10, after=4),
    "Lead": Look(_SANS, "黑体", 10.5, 15, after=4),
    "About": Look(_SANS, "黑体", 11, 20),
    "Marking": Look(_SANS, "黑体", 11, bold=True),
    "Contents Title": Look(_SANS, "黑体", 16, 24, bold=True, after=10),
    "toc 1": Look(_SANS, "黑体", 11, 18),
    "toc 2": Look(_SANS, "黑体", 10, 16),
    "Caption": Look(_SANS, "黑体", 9.5, 14, bold=True, before=8, after=3),
    "Unit": Look(_SANS, "黑体", 8, 11, align=_RIGHT),
    "Figure": Look(_SANS, "黑体", 9.5, before=6, align=_CENTRE),
    "Source": Look(_SANS, "黑体", 8, 11, before=2, after=8),
    "Cell": Look(_SANS, "黑体", 9, 13),
    "Header": Look(_SANS, "黑体", 8),
    "Footer": Look(_SANS, "黑体", 9, align=_CENTRE),
}
LOOKS = {"zh": _ZH, "en": _EN}
#: Styles whose paragraphs stay on the page of the next one.
_KEPT = ("Heading 1", "Heading 2", "Caption", "Unit", "Figure")


def blank(lang: str) -> Document:
    """An empty A4 document with the styles of a language."""
    document = docx.Document()
    for name, look in LOOKS[lang].items():
        _style(document, name, look)
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin = Mm(37), Mm(35)
    page.left_margin, page.right_margin = Mm(28), Mm(26)
    page.header_distance, page.footer_distance = Mm(20), Mm(25)
    page.different_first_page_header_footer = True
    defaults = document.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    language = defaults.find(qn("w:lang"))
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "zh-CN")
    return document


def _style(document: Document, name: str, look: Look) -> None:
    styles = document.styles
    known = {style.name for style in styles}
    style = styles[name] if name in known else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    assert isinstance(style, ParagraphStyle)
    if name not in ("Normal", "Header", "Footer"):
        style.base_style = styles["Normal"]
    style.font.size, style.font.bold, style.font.italic = Pt(look.size), look.bold, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.attrib.clear()
    for part in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{part}"), look.latin)
    fonts.set(qn("w:eastAsia"), look.asian)
    shape = style.paragraph_format
    shape.alignment = look.align
    shape.space_before, shape.space_after = Pt(look.before), Pt(look.after)
    shape.line_spacing = Pt(look.line) if look.line else 1.0
    shape.keep_with_next = name in _KEPT
    shape.widow_control = True
    borders = style.element.get_or_add_pPr().find(qn("w:pBdr"))
    if borders is not None:
        style.element.pPr.remove(borders)
    indent = style.element.get_or_add_pPr().get_or_add_ind()
    indent.set(qn("w:firstLine"), str(int(look.size * 40)) if look.indent else "0")
    indent.set(qn("w:firstLineChars"), "200" if look.indent else "0")
    shape.tab_stops.clear_all()
    if name.startswith("toc"):
        shape.tab_stops.add_tab_stop(TEXT_WIDTH, alignment=2, leader=1)
        shape.left_indent = Cm(0.8) if name == "toc 2" else Cm(0)


def frame(document: Document, marking: str, title: str, release: str, lang: str) -> None:
    """Header with marking, title and release, footer with the page number; none on the cover."""
    page = document.sections[0]
    head = page.header.paragraphs[0]
    head.text = clean(f"{marking}　{title}" if lang == "zh" else f"{marking} · {title}")
    head.paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH, alignment=2)
    head.add_run(f"\t{clean(release)}")
    border = parse_xml(
        f'<w:pBdr {nsdecls("w")}><w:bottom w:val="single" w:sz="4" w:space="4" w:color="808080"/></w:pBdr>'
    )
    # The schema wants the border before the tab stops.
    head._p.get_or_add_pPr().insert_element_before(border, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")
    foot = page.footer.paragraphs[0]
    foot.add_run("— ")
    field(foot, "PAGE", "1")
    foot.add_run(" —")


def field(paragraph: Paragraph, code: str, shown: str) -> None:
    """A simple field with the text that stands there until it is updated."""
    paragraph._p.append(parse_xml(field_xml(code, shown, nsdecls("w"))))


def field_xml(code: str, shown: str, names: str = "") -> str:
    """The XML of a simple field."""
    return (
        f"<w:fldSimple {names} w:instr={quoteattr(f' {code} ')}>"
        f"<w:r><w:t>{escape(shown)}</w:t></w:r></w:fldSimple>"
    )


def contents(before: Paragraph, entries: list[tuple[int, str, str]]) -> None:
    """The contents field in front of a paragraph, filled with (level, text, bookmark); Word brings its page
    numbers up to date when it opens the file."""
    for n, (level, text, mark) in enumerate(entries):
        paragraph = before.insert_paragraph_before(style=f"toc {level}")
        if n == 0:
            _begin(paragraph, 'TOC \\o "1-2" \\h \\z \\u', dirty=True)
        paragraph.add_run(f"{clean(text)}\t")
        _begin(paragraph, f"PAGEREF {mark} \\h")
        paragraph.add_run(" ")
        _mark(paragraph, "end")
        if n == len(entries) - 1:
            _mark(paragraph, "end")


def _begin(paragraph: Paragraph, code: str, dirty: bool = False) -> None:
    _mark(paragraph, "begin", dirty)
    text = f'<w:r {nsdecls("w")}><w:instrText xml:space="preserve"> {escape(code)} </w:instrText></w:r>'
    paragraph._p.append(parse_xml(text))
    _mark(paragraph, "separate")


def _mark(paragraph: Paragraph, kind: str, dirty: bool = False) -> None:
    run = OxmlElement("w:r")
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    if dirty:
        mark.set(qn("w:dirty"), "true")
    run.append(mark)
    paragraph._p.append(run)


def bookmark(paragraph: Paragraph, n: int) -> str:
    """Put a bookmark around a paragraph's text; gives its name."""
    name = f"_Toc{n:06d}"
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for element in (start, end):
        element.set(qn("w:id"), str(n))
    start.set(qn("w:name"), name)
    paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, start)
    paragraph._p.append(end)
    return name
