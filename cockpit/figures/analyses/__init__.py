"""Charts of analyses, by the name that an analysis gives its chart."""

from __future__ import annotations

from collections.abc import Callable

from cockpit import formats, texts
from cockpit.facts_types_analysis import AnalysisFact, AnalysisPoint
from cockpit.figures.analyses import bands, cells, cycles, flows, places, spatial
from cockpit.figures.analyses.base import Drawing, Key, Pen, Sketch, Table
from cockpit.figures.base import Heading, heading

__all__ = ["CHARTS", "Drawing", "Key", "Table", "draw", "finding"]

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
        sketch.unit,
        fact.shown_name,
        formats.period(fact.period, pen.lang),
        fact.source,
        fact.published_at,
        fact.status,
        pen.lang,
    )


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
            pen.item(point),
            point.region_name.get(pen.lang),
            pen.period(point.period),
            pen.word("code", point.text)
            if point.value is None
            else formats.significant(point.value, pen.lang),
        )
        for point in newest.values()
    )
    return Table(pen.t("table.further"), head, rows[:_FURTHER], (4,)) if rows else None
