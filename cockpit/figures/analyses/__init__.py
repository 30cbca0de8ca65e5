"""Charts of analyses, by the name that an analysis gives its chart."""

from __future__ import annotations

from collections.abc import Callable

from cockpit import formats, texts
from cockpit.facts_types_analysis import AnalysisFact, AnalysisPoint
from cockpit.figures.analyses import bands, cells, cycles, flows, places, spatial
from cockpit.figures.analyses.base import Drawing, Key, Pen, Sketch, Table
from cockpit.figures.base import Heading, heading

__all__ = ["CHARTS", "Drawing", "Key", "Table", "draw", "finding", "level_words"]

CHARTS: dict[str, Callable[[Pen], Sketch | None]] = {
    "turning_points": cycles.turning_points,
    "cycle": cycles.cycle,
    "decomposition": cycles.decomposition,
    "regimes": cycles.regimes,
    "revision_fan": bands.revision_fan,
    "diffusion": bands.diffusion,
    "season_band": bands.season_band,
    "control": bands.control,
    "anomaly": bands.anomaly,
    "light_grid": cells.light_grid,
    "calendar": cells.calendar,
    "lead_matrix": cells.lead_matrix,
    "waterfall": flows.waterfall,
    "sankey": flows.sankey,
    "stack": flows.stack,
    "transmission": flows.transmission,
    "quadrant": places.quadrant,
    "shift_share": places.shift_share,
    "rank_intervals": places.rank_intervals,
    "inequality": spatial.inequality,
    "moran": spatial.moran,
}
#: Measures that are true (1) or not (0).
_FLAGS = ("at_bound", "beyond", "cointegrated", "converged", "integrated", "moved", "signal", "significant")
#: Measures whose items are levels of the five lights.
_BY_LIGHT = ("lights_a_year",)
#: Numbers listed of measures that a chart does not show.
_FURTHER = 60


def draw(fact: AnalysisFact, lang: str, dress: str = "office") -> Drawing | None:
    """The chart of an analysis with the words and tables around it; None where the analysis has no chart, or
    has too little in the region to draw one."""
    pen = Pen(fact, lang, dress)
    sketch = _sketch(pen)
    if sketch is None:
        return None
    around = _heading(pen, sketch)
    return Drawing(
        figure={"data": sketch.data, "layout": sketch.layout},
        heading=around,
        caption=texts.get("analysis.caption", lang, title=around.title, subtitle=around.subtitle),
        keys=sketch.keys,
        numbers=sketch.numbers,
        beside=sketch.beside,
        further=_further(pen, sketch),
    )


def finding(fact: AnalysisFact, lang: str) -> str:
    """What an analysis says in one line; empty where it says nothing in the region."""
    pen = Pen(fact, lang, "office")
    sketch = _sketch(pen)
    if sketch is not None:
        return sketch.finding
    return level_words(fact, lang)


def level_words(fact: AnalysisFact, lang: str) -> str:
    """The figure shown in words; empty where there is none."""
    pen = Pen(fact, lang, "office")
    if fact.value is None:
        return ""
    return pen.t("says.level", period=pen.period(fact.period), value=pen.value(fact.value))


def _sketch(pen: Pen) -> Sketch | None:
    chart = CHARTS.get(pen.fact.chart or "")
    return chart(pen) if chart else None


def _heading(pen: Pen, sketch: Sketch) -> Heading:
    fact = pen.fact
    return heading(
        pen.t("titled", name=pen.name, finding=sketch.finding),
        pen.name,
        sketch.unit or _bare_unit(pen),
        fact.shown_name,
        formats.period(fact.period, pen.lang),
        fact.source,
        fact.published_at,
        fact.status,
        pen.lang,
    )


def _bare_unit(pen: Pen) -> str:
    """The unit of an index or a ratio, whose numbers go without, unless the name says it already."""
    unit = formats.spelt_unit(pen.fact.unit, pen.lang)
    return "" if unit.casefold() in pen.name.casefold() else unit


def _item(pen: Pen, point: AnalysisPoint) -> str:
    """What a number is of: a series or code, or the light of that level."""
    return pen.t(f"light.{point.item}") if point.measure in _BY_LIGHT else pen.item(point)


def _told(pen: Pen, point: AnalysisPoint) -> str:
    """A result in words, or as a number with few digits; what is only true or not as yes or no."""
    if point.value is None:
        return pen.word("code", point.text)
    if point.measure in _FLAGS:
        return pen.t(f"flag.{point.value:.0f}")
    value = formats.brief(point.value, pen.lang)
    if point.measure != "state":
        return value
    return pen.t("state_of", state=pen.word("state", point.text), value=value)


def _further(pen: Pen, sketch: Sketch) -> Table | None:
    """The newest numbers of the measures that the chart leaves out."""
    newest: dict[tuple[str, str, str], AnalysisPoint] = {
        (point.measure, point.item, point.region): point
        for point in pen.fact.details
        if point.measure not in sketch.measures
    }
    head = tuple(pen.t(f"column.{name}") for name in ("measure", "item", "place", "period", "value"))
    rows = tuple(
        (
            pen.measure(point.measure),
            _item(pen, point),
            point.region_name.get(pen.lang),
            pen.period(point.period),
            _told(pen, point),
        )
        for point in newest.values()
    )
    return Table(pen.t("table.further"), head, rows[:_FURTHER], (4,)) if rows else None
