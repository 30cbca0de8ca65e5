"""Native charts over a sheet of chart data, the same for workbooks and documents.

A chart's values stand in a block of the chart sheet, in the unit that its axis names (万, 亿, thousand,
million). In a workbook they are formulas over the section's own tables; in a document the sheet is embedded,
so that staff can edit the chart there too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.chart import Chart
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from cockpit import formats, tokens
from cockpit.facts_types import BandPoint, PyramidFact, Ranking, TrendFact
from cockpit.reports.words import clean, measure_of, t
from conf.schema import Scale

#: Known periods that a chart shows; the tables have all.
PERIODS = 60
#: How far the 95 % interval may stretch the axis beyond all else, as a share of the span without it.
_STRETCH = 0.25
#: The most labels under a trend, and few enough points to show each as a dot.
_LABELS = 8
_DOTS = 16
_COLOURS = tokens.OFFICE
#: Bands paler than the line of the forecast: wide before narrow.
_WIDE, _NARROW = (tokens.mix(_COLOURS.card, _COLOURS.accent, share) for share in (0.14, 0.28))
_FONT = {"size": 9, "color": _COLOURS.text}

#: In a workbook: the reference of the cell that holds a value, by its name and row; None where there is none.
Place = Callable[[str, int], str | None]
Block = list[list[float | str | None]]


@dataclass
class ChartSheet:
    """The sheet that all charts read, filled from the top."""

    book: Workbook
    sheet: Worksheet
    top: int = 0

    def title(self, words: str) -> list[Any]:
        """A cell with the title of the next chart: as a reference, no title is ever taken for a formula."""
        self.sheet.write_string(self.top, 0, clean(words))
        self.top += 1
        return [self.sheet.get_name(), self.top - 1, 0]

    def add(self, heads: Sequence[str], rows: Block, formulas: dict[tuple[int, int], str]) -> Columns:
        """Write a block: heads, then rows; a cell with a formula keeps its value as the cached result."""
        for column, head in enumerate(heads):
            self.sheet.write_string(self.top, column, clean(head))
        for n, row in enumerate(rows):
            for column, value in enumerate(row):
                where = (self.top + 1 + n, column)
                if isinstance(value, str):
                    self.sheet.write_string(*where, clean(value))
                elif value is not None and (n, column) in formulas:
                    self.sheet.write_formula(*where, formulas[n, column], None, value)
                elif value is not None:
                    self.sheet.write_number(*where, value)
        found = Columns(self.sheet.get_name(), self.top, len(rows))
        self.top += len(rows) + 2
        return found


@dataclass(frozen=True)
class Columns:
    """A block's columns as the lists that xlsxwriter takes for ranges."""

    sheet: str
    top: int
    n: int

    def head(self, column: int) -> list[Any]:
        """The cell of a column's head."""
        return [self.sheet, self.top, column]

    def values(self, column: int) -> list[Any]:
        """The cells of a column."""
        return [self.sheet, self.top + 1, column, self.top + self.n, column]


def scale_of(values: Sequence[float], unit: str, lang: str) -> tuple[float, str]:
    """The factor that chart values are divided by, and the unit they are then in."""
    scale: Scale | None = formats.scale_of(max((abs(value) for value in values), default=0.0), unit, lang)
    return (scale.factor if scale else 1.0), formats.unit_name(unit, lang, scale)


# -- trend -------------------------------------------------------------------------------------------------


def trend_chart(target: ChartSheet, fact: TrendFact, lang: str, place: Place | None = None) -> Chart:
    """The series with its forecast dashed and its intervals as bands."""
    skipped = max(0, len(fact.actual) - PERIODS)
    known = fact.actual[skipped:]
    low, high = _frame(fact)
    factor, unit = scale_of([low, high], fact.unit, lang)
    rows: Block = [
        [formats.period(point.period, lang), None if point.value is None else point.value / factor]
        for point in known
    ]
    formulas = {}
    if place is not None:
        formulas = {(n, 1): f"={place('actual', skipped + n)}/{factor:.0f}" for n in range(len(known))}
    if fact.forecast:
        # Line and bands start from the last known value.
        origin = len(rows) - 1
        rows[origin] += [rows[origin][1], rows[origin][1], 0.0, 0.0, 0.0]
        if place is not None:
            formulas |= {(origin, column): formulas[origin, 1] for column in (2, 3)}
        for n, step in enumerate(fact.forecast):
            if place is not None:
                formulas |= {(len(rows), k): text for k, text in _band_formulas(step, n, factor, place)}
            rows.append([formats.period(step.period, lang), None, step.mean / factor, *_bands(step, factor)])
    heads = [t("pages.column.period", lang), t("figure.actual", lang)]
    heads += [t("figure.forecast", lang), "", t("figure.band95", lang), t("figure.band80", lang), ""]
    columns = target.add(heads, rows, formulas)
    chart = _trend(
        target.book, columns, bool(fact.forecast), has_95=any(p.lo95 is not None for p in fact.forecast)
    )
    positions, labels, _ = formats.ticks(low, high, fact.unit, lang)
    decimals = max(len(label.partition(".")[2]) for label in labels)
    chart.set_y_axis(
        {
            "name": unit,
            "name_font": {**_FONT, "bold": False, "rotation": 0 if len(unit) < 3 else -90},
            "min": positions[0] / factor,
            "max": positions[-1] / factor,
            "major_unit": (positions[1] - positions[0]) / factor,
            "num_format": "#,##0" + ("." + "0" * decimals if decimals else ""),
            "num_font": _FONT,
            "major_gridlines": {"visible": True, "line": {"color": _COLOURS.line, "width": 0.5}},
            "line": {"none": True},
        }
    )
    every = max(1, math.ceil(len(rows) / _LABELS))
    chart.set_x_axis(
        {
            "num_font": _FONT,
            "interval_unit": every,
            "major_tick_mark": "none",
            "label_position": "low",
            "line": {"color": _COLOURS.muted},
        }
    )
    return chart


def is_clipped(fact: TrendFact) -> bool:
    """Whether the 95 % interval runs out of the chart's frame."""
    low, high = _frame(fact)
    positions, _, _ = formats.ticks(low, high, fact.unit, "zh")
    edges = [edge for step in fact.forecast for edge in (step.lo95, step.hi95) if edge is not None]
    return any(not positions[0] <= edge <= positions[-1] for edge in edges)


def _frame(fact: TrendFact) -> tuple[float, float]:
    """Ends of the value axis: all values and the 80 % interval, and as much of the 95 % interval as does not
    flatten them."""
    known = [point.value for point in fact.actual[-PERIODS:] if point.value is not None]
    inner = known + [edge for step in fact.forecast for edge in _edges(step)[1:3]]
    outer = inner + [edge for step in fact.forecast for edge in _edges(step)]
    low, high = min(inner), max(inner)
    spare = (high - low) * _STRETCH
    low, high = max(min(outer), low - spare), min(max(outer), high + spare)
    return (low, high) if high > low else (low - abs(low) * 0.1 - 1, high + abs(high) * 0.1 + 1)


def _edges(step: BandPoint) -> tuple[float, float, float, float]:
    """lo95, lo80, hi80, hi95; a missing one falls on its inner neighbour, which makes its band flat."""
    lo80 = step.mean if step.lo80 is None else step.lo80
    hi80 = step.mean if step.hi80 is None else step.hi80
    return (
        lo80 if step.lo95 is None else step.lo95,
        lo80,
        hi80,
        hi80 if step.hi95 is None else step.hi95,
    )


def _bands(step: BandPoint, factor: float) -> list[float]:
    """The base that nobody sees, and the three bands stacked on it."""
    lo95, lo80, hi80, hi95 = (edge / factor for edge in _edges(step))
    return [lo95, lo80 - lo95, hi80 - lo80, hi95 - hi80]


def _band_formulas(step: BandPoint, n: int, factor: float, place: Place) -> list[tuple[int, str]]:
    names = ["lo95", "lo80", "hi80", "hi95"]
    inner = {"lo95": "lo80", "hi95": "hi80", "lo80": "mean", "hi80": "mean"}

    def cell(name: str) -> str | None:
        return place(name, n) or (cell(inner[name]) if name in inner else None)

    cells = [cell(name) for name in names]
    found = [(2, f"={place('mean', n)}/{factor:.0f}"), (3, f"={cells[0]}/{factor:.0f}")]
    pairs = ((4, cells[1], cells[0]), (5, cells[2], cells[1]), (6, cells[3], cells[2]))
    return found + [(k, f"=({top}-{base})/{factor:.0f}") for k, top, base in pairs if top != base]


def _trend(book: Workbook, columns: Columns, is_ahead: bool, has_95: bool) -> Chart:
    line = book.add_chart({"type": "line"})
    marker = {"type": "circle", "size": 5, "fill": {"color": _COLOURS.accent}, "border": {"none": True}}
    dots = {"marker": marker if columns.n <= _DOTS else {"type": "none"}}
    stroke = {"color": _COLOURS.accent, "width": 2}
    line.add_series(_series(columns, 1) | {"line": stroke} | dots)
    if not is_ahead:
        line.set_legend({"none": True})
        return line
    line.add_series(_series(columns, 2) | {"line": {**stroke, "dash_type": "dash"}} | dots)
    bands = book.add_chart({"type": "area", "subtype": "stacked"})
    fills: tuple[dict[str, Any], ...] = (
        {"none": True},
        {"color": _WIDE},
        {"color": _NARROW},
        {"color": _WIDE},
    )
    for column, fill in enumerate(fills, start=3):
        bands.add_series(_series(columns, column) | {"fill": fill, "border": {"none": True}})
    bands.combine(line)
    hidden = [0, 3] if has_95 else [0, 1, 3]
    bands.set_legend({"position": "bottom", "font": _FONT, "delete_series": hidden})
    bands.show_blanks_as("gap")
    return bands


def _series(columns: Columns, column: int) -> dict[str, Any]:
    return {
        "name": columns.head(column),
        "categories": columns.values(0),
        "values": columns.values(column),
    }


# -- places and ages ---------------------------------------------------------------------------------------


def places_chart(target: ChartSheet, fact: Ranking, lang: str, place: Place | None = None) -> Chart:
    """The places by value, the highest on top; the report's own region in another colour."""
    factor, unit = scale_of([row.value for row in fact.rows], fact.unit, lang)
    rows: Block = [[row.region_name.get(lang), row.value / factor] for row in fact.rows]
    formulas = {}
    if place is not None:
        formulas = {(n, 1): f"={place('value', n)}/{factor:.0f}" for n in range(len(rows))}
    columns = target.add([t("pages.column.region", lang), measure_of(fact, lang)], rows, formulas)
    chart = target.book.add_chart({"type": "bar"})
    colours = [_COLOURS.series[1] if row.region == fact.selected else _COLOURS.accent for row in fact.rows]
    decimals = 1 if factor > 1 else fact.decimals
    chart.add_series(
        _series(columns, 1)
        | {
            "fill": {"color": _COLOURS.accent},
            "points": [{"fill": {"color": colour}} for colour in colours],
            "gap": 40,
            "data_labels": {"value": True, "font": _FONT, "num_format": _number(decimals)},
        }
    )
    _bars(chart, unit, _number(decimals), reverse=True, from_zero=fact.rows[-1].value >= 0)
    chart.set_legend({"none": True})
    return chart


def ages_chart(target: ChartSheet, fact: PyramidFact, lang: str, place: Place | None = None) -> Chart:
    """Men to the left, women to the right, the oldest on top."""
    sizes = [value for band in fact.bands for value in (band.male, band.female) if value is not None]
    factor, unit = scale_of(sizes, fact.unit, lang)
    rows: Block = [
        [band.age_name.get(lang), -(band.male or 0.0) / factor, (band.female or 0.0) / factor]
        for band in fact.bands
    ]
    formulas = {}
    if place is not None:
        for n in range(len(rows)):
            formulas[n, 1] = f"=-{place('male', n)}/{factor:.0f}"
            formulas[n, 2] = f"={place('female', n)}/{factor:.0f}"
    heads = [t("figure.age", lang), t("figure.male", lang), t("figure.female", lang)]
    columns = target.add(heads, rows, formulas)
    chart = target.book.add_chart({"type": "bar", "subtype": "stacked"})
    for column, colour in ((1, _COLOURS.accent), (2, _COLOURS.series[1])):
        chart.add_series(_series(columns, column) | {"fill": {"color": colour}, "gap": 15})
    # Men count to the left, so their values are negative; the format hides the sign.
    _bars(chart, unit, "{0};{0}".format(_number(1 if factor > 1 else 0)), reverse=False, from_zero=False)
    chart.set_legend({"position": "bottom", "font": _FONT})
    return chart


def _number(decimals: int) -> str:
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def _bars(chart: Chart, unit: str, number: str, reverse: bool, from_zero: bool) -> None:
    chart.set_y_axis(
        {
            "reverse": reverse,
            # The value axis crosses at the last place, and so stands below.
            "crossing": "max" if reverse else None,
            "num_font": _FONT,
            "label_position": "low",
            "interval_unit": 1,
            "line": {"color": _COLOURS.muted},
            "major_tick_mark": "none",
        }
    )
    chart.set_x_axis(
        {
            "min": 0 if from_zero else None,
            "name": unit,
            "name_font": {**_FONT, "bold": False},
            "num_font": _FONT,
            "num_format": number,
            "major_gridlines": {"visible": True, "line": {"color": _COLOURS.line, "width": 0.5}},
            "line": {"none": True},
        }
    )
