"""What the charts of all analyses share: a pen of a language and dress, and the parts of a drawing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cockpit import formats, texts, tokens
from cockpit.facts_types_analysis import AnalysisFact, AnalysisPoint
from cockpit.figures.base import FigureDict, Heading, axis, layout, note
from cockpit.figures.labels import text_width

#: Units of measures that are not in the unit of their analysis; a measure named here is shown so everywhere.
UNITS = {
    "growth": "percent",
    "segment_mean": "percent",
    "variation": "ratio",
    "gini": "ratio",
    "chance_top": "percent",
    "impulse": "percent",
    "impact": "percentage_point",
    "revision": "percentage_point",
}
#: In place of a measure: in the unit of what the analysis is made of.
INPUT = "input"
#: Height of a drawing in px of the office; the wall is half as large again, like its type.
HEIGHT = 360
#: Width and height in px for which labels of points are placed: those of a phone, so that none meet anywhere.
_PHONE = (300.0, 300.0)
#: Few enough labels under an axis that none meets another on a phone.
_TICKS = 5
#: Periods that a drawing over time opens with, by freq.
_WINDOW = {"D": 365, "W": 156, "T": 72, "M": 84, "Q": 40}


@dataclass(frozen=True)
class Key:
    """One entry of a legend: `form` is line, dash, dot, band or box."""

    label: str
    colour: str
    form: str = "line"


@dataclass(frozen=True)
class Table:
    """Words of a table; `numeric` are the columns set to the right."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...] = ()


@dataclass(frozen=True)
class Sketch:
    """What one kind of chart draws: traces, its part of the layout, the finding in one sentence, its legend,
    its numbers as a table, the measures it has shown, and a table that stands beside the drawing."""

    data: list[dict[str, Any]]
    layout: dict[str, Any]
    finding: str
    keys: tuple[Key, ...]
    numbers: Table
    measures: frozenset[str]
    beside: Table | None = None
    unit: str = ""


@dataclass(frozen=True)
class Drawing:
    """A chart of an analysis with all that stands around it. `further` holds the measures that the chart does
    not show, None where it shows all."""

    figure: FigureDict
    heading: Heading
    caption: str
    keys: tuple[Key, ...]
    numbers: Table
    beside: Table | None
    further: Table | None


@dataclass(frozen=True)
class Pen:
    """An analysis, and the language and dress it is drawn in."""

    fact: AnalysisFact
    lang: str
    dress: str
    colours: tokens.Palette = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "colours", tokens.palette(self.dress))

    # -- words -------------------------------------------------------------------------------------------

    def t(self, key: str, **values: object) -> str:
        """A text below `analysis`."""
        return texts.get(f"analysis.{key}", self.lang, **values)

    @property
    def name(self) -> str:
        """The analysis, with its breakdown unless that is the total, marked where it is a trial 试算."""
        fact = self.fact
        name = fact.name.get(self.lang)
        if fact.breakdown:
            name = texts.get(
                "figure.measure", self.lang, name=name, breakdown=fact.breakdown_name.get(self.lang)
            )
        is_marked = self.t("trial") in fact.name.get(self.lang)
        return self.t("named_trial", name=name) if fact.trial and not is_marked else name

    def measure(self, code: str) -> str:
        """A measure in words; its code where the texts lack it."""
        return self.word("measure", code)

    def word(self, group: str, code: str) -> str:
        """A code of a method in words; the code itself where the texts lack it."""
        return self.t(f"{group}.{code}") if texts.has(f"analysis.{group}.{code}") else code

    def unit(self, measure: str) -> str:
        """The unit that a measure is in; `input` for what is in the unit of what the analysis is made of."""
        if measure == INPUT:
            return self.fact.inputs[0].unit if self.fact.inputs else self.fact.unit
        return UNITS.get(measure, self.fact.unit)

    def value(self, value: float | None, measure: str = "", signed: bool = False, finer: bool = False) -> str:
        """A number with its unit: that of its measure, or of the analysis; `signed` with a plus, `finer` with
        a digit more than the figure is published with, for small steps between figures."""
        unit = self.unit(measure)
        decimals = self.fact.decimals + finer if unit in (self.fact.unit, "percentage_point") else None
        shown = formats.number(value, unit, self.lang, decimals)
        return f"+{shown}" if signed and value is not None and value > 0 else shown

    def bare(self, value: float | None, decimals: int = 2) -> str:
        """A number without a unit."""
        return formats.plain(value, decimals, self.lang)

    def period(self, label: str) -> str:
        """A period in words; the code itself for a step that is no date."""
        return formats.period(label, self.lang) if label[:4].isdigit() else label

    def item(self, point: AnalysisPoint) -> str:
        """The name of a point's item."""
        return point.item_name.get(self.lang)

    def join(self, words: Iterable[str]) -> str:
        """Words one after the other."""
        return texts.get("format.joint", self.lang).join(words)

    # -- points ------------------------------------------------------------------------------------------

    def recent(self, points: Sequence[AnalysisPoint]) -> tuple[AnalysisPoint, ...]:
        """The points of the region shown, of the last years up to the period shown or after."""
        own = [point for point in points if point.region == self.fact.shown and point.period_end]
        periods = sorted({point.period for point in self.fact.own or own})
        first = periods[-_WINDOW.get(self.fact.freq, len(periods)) :][0] if periods else ""
        return tuple(point for point in own if point.period >= first)

    def over_time(self, measure: str = "") -> tuple[AnalysisPoint, ...]:
        """The recent points of a measure, or of the figures themselves."""
        return self.recent(self.fact.of(measure) if measure else self.fact.own)

    def by_item(self, measure: str) -> dict[str, tuple[AnalysisPoint, ...]]:
        """The recent points of a measure by item, in the order in which the items come."""
        found: dict[str, list[AnalysisPoint]] = {}
        for point in self.over_time(measure):
            found.setdefault(point.item, []).append(point)
        return {item: tuple(points) for item, points in found.items()}

    # -- traces ------------------------------------------------------------------------------------------

    def px(self, size: float) -> int:
        """Pixels of the office as the dress shows them."""
        return round(size * (tokens.WALL_SCALE if self.dress == "wall" else 1))

    def line(
        self, points: Sequence[AnalysisPoint], colour: str, measure: str = "", **more: Any
    ) -> dict[str, Any]:
        """A line over time."""
        line = {"color": colour, "width": 2} | more.pop("line", {})
        return {
            "type": "scatter",
            "mode": "lines" if len(points) > 1 else "markers",
            "x": [day(point) for point in points],
            "y": [point.value for point in points],
            "text": [
                f"{self.period(point.period)}<br>{self.value(point.value, measure)}" for point in points
            ],
            "hovertemplate": "%{text}<extra></extra>",
            "connectgaps": False,
            "line": line,
        } | more

    def band(
        self, low: Sequence[AnalysisPoint], high: Sequence[AnalysisPoint], colour: str, alpha: float = 0.2
    ) -> list[dict[str, Any]]:
        """The area between two series; nothing where either is missing."""
        tops = {point.period: point for point in high}
        pairs = [(point, tops[point.period]) for point in low if point.period in tops]
        if not pairs:
            return []
        days = [day(point) for point, _ in pairs]
        return [
            {
                "type": "scatter",
                "mode": "lines",
                "x": [*days, *reversed(days)],
                "y": [*(top.value for _, top in pairs), *(point.value for point, _ in reversed(pairs))],
                "fill": "toself",
                "fillcolor": tokens.translucent(colour, alpha),
                "line": {"width": 0, "color": tokens.translucent(colour, alpha)},
                "hoverinfo": "skip",
            }
        ]

    def dots(self, points: Sequence[AnalysisPoint], symbol: str, colour: str, **more: Any) -> dict[str, Any]:
        """Marks on single points."""
        marker = {"symbol": symbol, "color": colour, "size": self.px(9)} | more.pop("marker", {})
        return self.line(points, colour, mode="markers", marker=marker, **more)

    # -- layout ------------------------------------------------------------------------------------------

    def time_axis(self, points: Iterable[AnalysisPoint], **more: Any) -> dict[str, Any]:
        """An axis of dates with few labels."""
        days = sorted({(day(point), point.period) for point in points if point.period_end})
        step = max(1, -(-len(days) // _TICKS))
        shown = days[step // 2 :: step]
        return axis(
            self.dress,
            type="date",
            showgrid=False,
            tickvals=[day for day, _ in shown],
            ticktext=[formats.tick(label, self.lang) for _, label in shown],
            **more,
        )

    def value_axis(self, values: Iterable[float | None], measure: str = "", **more: Any) -> dict[str, Any]:
        """An axis of values with round ticks from end to end."""
        known = [value for value in values if value is not None] or [0.0, 1.0]
        low, high = min(known), max(known)
        if low == high:
            low, high = low - abs(low) * 0.1 - 1, high + abs(high) * 0.1 + 1
        places, labels, _ = formats.ticks(low, high, self.unit(measure), self.lang)
        return axis(self.dress, tickvals=places, ticktext=labels, range=[places[0], places[-1]], **more)

    def unit_of(self, values: Iterable[float | None], measure: str = "") -> str:
        """The unit in which an axis over values counts, in words."""
        known = [value for value in values if value is not None] or [0.0]
        return formats.ticks(min(known), max(known), self.unit(measure), self.lang)[2]

    def unit_note(self, unit: str, y: float = 1.0) -> list[dict[str, Any]]:
        """The unit of an axis above its left end, at a height of the paper; nothing for a bare number."""
        return self.above(texts.get("figure.unit_axis", self.lang, unit=unit), y) if unit else []

    def above(self, text: str, y: float = 1.0) -> list[dict[str, Any]]:
        """Words above the left end of a plot."""
        place = {"xref": "paper", "yref": "paper", "x": 0, "y": y, "xanchor": "left", "yanchor": "bottom"}
        return [note(text, self.dress, yshift=4, **place)]

    def note(self, text: str, x: Any, y: Any, colour: str = "", **more: Any) -> dict[str, Any]:
        """Words at a point of the plot."""
        font = {"color": colour} if colour else {}
        ground = tokens.translucent(self.colours.card, 0.7)
        return note(text, self.dress, x=x, y=y, font=font, bgcolor=ground, **more)

    def level(self, y: float, colour: str, dash: str = "dash", yref: str = "y") -> dict[str, Any]:
        """A line across the plot."""
        return {
            "type": "line", "xref": "paper", "yref": yref, "x0": 0, "x1": 1, "y0": y, "y1": y,
            "layer": "below", "line": {"color": colour, "width": 1, "dash": dash},
        }  # fmt: skip

    def upright(self, day: str, colour: str, dash: str = "dot") -> dict[str, Any]:
        """A line up through the plot."""
        return {
            "type": "line", "xref": "x", "yref": "paper", "x0": day, "x1": day, "y0": 0, "y1": 1,
            "layer": "below", "line": {"color": colour, "width": 1, "dash": dash},
        }  # fmt: skip

    def frame(self, **more: Any) -> dict[str, Any]:
        """The layout of a chart, with marks of simulated data and of trial indices above its frame."""
        given = {
            "height": self.px(HEIGHT),
            "margin": {"l": 8, "r": self.px(16), "t": self.px(32), "b": 8},
        } | more
        return layout(self.dress, self.fact.status, self.lang, trial=self.fact.trial, above=True, **given)

    # -- tables ------------------------------------------------------------------------------------------

    def by_period(self, columns: Mapping[str, Sequence[AnalysisPoint]]) -> Table:
        """A table of periods, newest first, by measures: column `""` holds the figures themselves."""
        cells = {
            name: {point.period: self.value(point.value, name) for point in points}
            for name, points in columns.items()
        }
        labels = sorted({label for column in cells.values() for label in column}, reverse=True)
        heads = [self.measure(name) if name else self.fact.name.get(self.lang) for name in columns]
        head = (texts.get("pages.column.period", self.lang), *heads)
        rows = tuple(
            (self.period(label), *(cells[name].get(label, "") for name in columns)) for label in labels
        )
        return Table(self.name, head, rows, tuple(range(1, len(head))))


def day(point: AnalysisPoint) -> str:
    """Where a point stands on an axis of dates."""
    return point.period_end.isoformat() if point.period_end else ""


def placed(names: Sequence[str], x: Sequence[float], y: Sequence[float], sizes: Sequence[float]) -> list[str]:
    """The names that find room above their dots without meeting another, the largest dots first; the others
    are empty (the table has all)."""
    wide, high = _PHONE
    across, up = (max(x) - min(x)) * 1.3 or 1.0, (max(y) - min(y)) * 1.2 or 1.0
    middles = [((a - min(x)) / across * wide, (max(y) - b) / up * high) for a, b in zip(x, y, strict=True)]
    taken = [(a - r / 2, b - r / 2, a + r / 2, b + r / 2) for (a, b), r in zip(middles, sizes, strict=True)]
    shown = [""] * len(names)
    for n in sorted(range(len(names)), key=lambda n: -sizes[n]):
        left, top = middles[n][0], middles[n][1] - sizes[n] / 2 - 9
        half = text_width(names[n]) * 6.5
        box = (left - half, top - 8, left + half, top + 8)
        if not any(box[0] < o[2] and o[0] < box[2] and box[1] < o[3] and o[1] < box[3] for o in taken):
            taken.append(box)
            shown[n] = names[n]
    return shown


def upright(x: float, colour: str, dash: str = "solid") -> dict[str, Any]:
    """A line up through a plot of two measures."""
    return {
        "type": "line", "xref": "x", "yref": "paper", "x0": x, "x1": x, "y0": 0, "y1": 1,
        "line": {"color": colour, "width": 1, "dash": dash},
    }  # fmt: skip
