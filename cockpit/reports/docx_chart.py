"""Native charts in a Word document: the chart part of a workbook, with that workbook embedded for editing."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.shared import Cm
from docx.text.paragraph import Paragraph
from lxml import etree
from xlsxwriter.chart import Chart
from xlsxwriter.workbook import Workbook

from cockpit.reports.charts import ChartSheet
from cockpit.reports.words import clean

_CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_BOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_INLINE = """<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
 xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
 xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">
<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/>
<wp:docPr id="{n}" name="Chart {n}"/><wp:cNvGraphicFramePr/>
<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">
<c:chart r:id="{id}"/></a:graphicData></a:graphic></wp:inline></w:drawing>"""

Draw = Callable[[ChartSheet], Chart]


def add_chart(
    document: Document, paragraph: Paragraph, draw: Draw, n: int, name: str, alt: str, size: tuple[Cm, Cm]
) -> None:
    """Put a chart into a paragraph. `n` numbers the document's charts from 1, `name` is the name of the
    embedded sheet, `alt` what a screen reader says."""
    xml, book = _drawn(draw, name)
    package = document.part.package
    chart = Part(PackURI(f"/word/charts/chart{n}.xml"), _CHART_TYPE, b"", package)
    data = Part(PackURI(f"/word/embeddings/chart{n}.xlsx"), _BOOK_TYPE, book, package)
    link = chart.relate_to(data, RELATIONSHIP_TYPE.PACKAGE)
    chart._blob = _linked(xml, link)
    shown = document.part.relate_to(chart, RELATIONSHIP_TYPE.CHART)
    width, height = size
    drawing = parse_xml(_INLINE.format(width=int(width), height=int(height), n=n, id=shown))
    drawing[0][1].set("descr", clean(alt))
    paragraph.add_run()._r.append(drawing)


def _drawn(draw: Draw, name: str) -> tuple[bytes, bytes]:
    """The chart's XML, and the workbook that it came from."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet(name)
        chart = draw(ChartSheet(book, sheet))
        chart.set_title({"none": True})
        sheet.insert_chart("J2", chart)
    with zipfile.ZipFile(out) as parts:
        return parts.read("xl/charts/chart1.xml"), out.getvalue()


def _linked(xml: bytes, link: str) -> bytes:
    """The chart with its data in the embedded workbook; print settings belong to a sheet, not to a document."""
    root = etree.fromstring(xml)
    settings = root.find(f"{{{_C}}}printSettings")
    if settings is not None:
        root.remove(settings)
    _explicit(root)
    data = etree.SubElement(root, f"{{{_C}}}externalData")
    data.set(f"{{{_R}}}id", link)
    etree.SubElement(data, f"{{{_C}}}autoUpdate").set("val", "0")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _explicit(root: etree._Element) -> None:
    """Say what Excel takes for granted, and Word and others do not: gaps stay gaps, lines are not smoothed,
    axes are there, labels show the value alone, colours and corners stay as they are."""
    (chart,) = root.findall(f"{{{_C}}}chart")
    _set(chart, "dispBlanksAs", "gap")
    _set_after(root, "roundedCorners", ("lang",))
    for kind in ("areaChart", "barChart", "lineChart"):
        for drawn in root.iter(f"{{{_C}}}{kind}"):
            _set_after(drawn, "varyColors", ("barDir", "grouping"))
            for series in drawn.findall(f"{{{_C}}}ser"):
                if kind == "lineChart":
                    _set(series, "smooth", "0")
    for kind in ("catAx", "valAx"):
        for axis in root.iter(f"{{{_C}}}{kind}"):
            _set_after(axis, "delete", ("scaling",))
    for labels in root.iter(f"{{{_C}}}dLbls"):
        for name in (
            "showLegendKey",
            "showVal",
            "showCatName",
            "showSerName",
            "showPercent",
            "showBubbleSize",
        ):
            _set(labels, name, str(int(name == "showVal")))


def _set(parent: etree._Element, name: str, value: str) -> None:
    """Put a child at the end, in place of one of that name."""
    for found in parent.findall(f"{{{_C}}}{name}"):
        parent.remove(found)
    etree.SubElement(parent, f"{{{_C}}}{name}").set("val", value)


def _set_after(parent: etree._Element, name: str, before: tuple[str, ...]) -> None:
    """Put a child that says no after the last of those that the schema puts before it, unless it is there."""
    if parent.find(f"{{{_C}}}{name}") is None:
        last = max(
            (n for n, child in enumerate(parent) if etree.QName(child).localname in before), default=-1
        )
        child = etree.Element(f"{{{_C}}}{name}")
        child.set("val", "0")
        parent.insert(last + 1, child)
