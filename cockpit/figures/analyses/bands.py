"""Charts of a series against a band: revisions, sampling, past years, control limits, limits of an alarm."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit import tokens
from cockpit.facts_types_analysis import AnalysisPoint
from cockpit.figures.analyses.base import Key, Pen, Sketch, Table, day

#: Where a diffusion index says that as many rise as fall.
EVEN = 50.0
#: Parts of an index that are told apart in one drawing; the rest stands in the table.
_PARTS = 4
#: Parts out of the ordinary that a finding names.
_NAMED = 3
#: States of an anomaly index out of the ordinary, by the limit that they pass and the colour and mark they take.
_STATES = {
    "watch": ("watch", "orange", "diamond"),
    "alert": ("alert", "red", "triangle-up"),
    "watch_low": ("watch", "orange", "diamond-open"),
    "alert_low": ("alert", "red", "triangle-down"),
}


def revision_fan(pen: Pen) -> Sketch | None:
    """What was known at the end of each of the last months, faint, the newest estimate, and the band in which
    it may still be revised."""
    own, vintages = pen.over_time(), pen.by_item("vintage")
    if not own and not vintages:
        return None
    colour = pen.colours.series[0]
    low, high = pen.over_time("lower"), pen.over_time("upper")
    values = [point.value for points in (own, low, high, *vintages.values()) for point in points]
    faint = tokens.mix(pen.colours.card, pen.colours.muted, 0.75)
    data = pen.band(low, high, colour)
    data += [pen.line(points, faint, line={"width": 1}) for points in vintages.values()]
    data.append(pen.line(own, colour, line={"width": 2.5}))
    newest = own[-1] if own else next(reversed(vintages.values()))[-1]
    ends = [next((p.value for p in points if p.period == newest.period), None) for points in (low, high)]
    words = {"period": pen.period(newest.period), "value": pen.value(newest.value)}
    if None in ends:
        finding = pen.t("says.level", **words)
    else:
        finding = pen.t("says.revised", **words, low=pen.value(ends[0]), high=pen.value(ends[1]))
    columns = {"": own, "lower": low, "upper": high}
    table = pen.by_period(columns)
    return Sketch(
        data=data,
        layout=pen.frame(
            hovermode="x",
            xaxis=pen.time_axis([point for points in (own, *vintages.values()) for point in points]),
            yaxis=pen.value_axis(values),
            annotations=pen.unit_note(pen.unit_of(values)),
        ),
        finding=finding,
        keys=(
            Key(pen.t("key.newest"), colour),
            Key(pen.t("key.vintages", n=len(vintages)), faint),
            *([Key(pen.t("key.revision"), colour, "band")] if low and high else []),
        ),
        numbers=_with_vintages(pen, table, vintages),
        measures=frozenset({"lower", "upper", "vintage"}),
        unit=pen.unit_of(values),
    )


def _with_vintages(pen: Pen, table: Table, vintages: dict[str, tuple[AnalysisPoint, ...]]) -> Table:
    """The table of estimates, with a column for each month in which they were known, newest first."""
    known = {
        item: {pen.period(p.period): pen.value(p.value) for p in points}
        for item, points in sorted(vintages.items(), reverse=True)
    }
    head = (*table.head, *(pen.t("column.known", period=_known(pen, item)) for item in known))
    rows = tuple((*row, *(cells.get(row[0], "") for cells in known.values())) for row in table.rows)
    return Table(table.title, head, rows, tuple(range(1, len(head))))


def _known(pen: Pen, label: str) -> str:
    return pen.period(label) if label[:4].isdigit() else label


def diffusion(pen: Pen) -> Sketch | None:
    """A diffusion index about its even mark, with its sampling band and its parts."""
    own, parts = pen.over_time(), pen.by_item("part")
    if len(own) < 2:
        return None
    shown = dict(list(parts.items())[:_PARTS])
    low, high = pen.over_time("lower"), pen.over_time("upper")
    colours = pen.colours.series
    values = [point.value for points in (own, low, high, *shown.values()) for point in points]
    data = pen.band(low, high, colours[0])
    data += [
        pen.line(points, colour, line={"width": 1.2, "dash": dash})
        for points, colour, dash in zip(
            shown.values(), colours[1:], ("dot", "dash", "dashdot", "longdash"), strict=False
        )
    ]
    data.append(pen.line(own, colours[0], line={"width": 2.5}))
    newest = own[-1]
    side = "above" if (newest.value or 0) > EVEN else "below" if (newest.value or 0) < EVEN else "even"
    return Sketch(
        data=data,
        layout=pen.frame(
            hovermode="x",
            xaxis=pen.time_axis(own),
            yaxis=pen.value_axis([EVEN, *values]),
            shapes=[pen.level(EVEN, pen.colours.text)],
            annotations=[
                *pen.unit_note(pen.unit_of(values)),
                pen.note(pen.t("key.even"), 0, EVEN, xref="paper", xanchor="left", yanchor="bottom"),
            ],
        ),
        finding=pen.t(
            f"says.diffusion_{side}", period=pen.period(newest.period), value=pen.value(newest.value)
        ),
        keys=(
            Key(pen.t("key.index"), colours[0]),
            *([Key(pen.t("key.sampling"), colours[0], "band")] if low and high else []),
            *(
                Key(pen.item(points[0]), colour, "dash")
                for points, colour in zip(shown.values(), colours[1:], strict=False)
            ),
        ),
        numbers=_parts_table(pen, own, parts),
        measures=frozenset({"lower", "upper", "part"}),
        unit=pen.unit_of(values),
    )


def _parts_table(
    pen: Pen, own: Sequence[AnalysisPoint], parts: dict[str, tuple[AnalysisPoint, ...]]
) -> Table:
    table = pen.by_period({"": own})
    cells = [{pen.period(p.period): pen.value(p.value) for p in points} for points in parts.values()]
    head = (*table.head, *(pen.item(points[0]) for points in parts.values()))
    rows = tuple((*row, *(column.get(row[0], "") for column in cells)) for row in table.rows)
    return Table(table.title, head, rows, tuple(range(1, len(head))))


def season_band(pen: Pen) -> Sketch | None:
    """A price against the lowest, middle and highest of the same period in the five years before."""
    own = pen.over_time()
    low, middle, high = (pen.over_time(name) for name in ("low", "middle", "high"))
    if len(own) < 2:
        return None
    colour, second = pen.colours.series[0], pen.colours.series[1]
    values = [point.value for point in (*own, *low, *high)]
    newest = own[-1]
    ends = {point.measure: point.value for point in (*low, *high) if point.period == newest.period}
    side = "unknown"
    if newest.value is not None and None not in (ends.get("low"), ends.get("high")) and len(ends) == 2:
        bottom, top = ends["low"] or 0.0, ends["high"] or 0.0
        side = "above" if newest.value > top else "below" if newest.value < bottom else "within"
    return Sketch(
        data=[
            *pen.band(low, high, pen.colours.muted, 0.25),
            pen.line(middle, pen.colours.muted, line={"dash": "dash", "width": 1.5}),
            pen.line(own, colour, line={"width": 2.5}),
            pen.dots(own[-1:], "circle", second),
        ],
        layout=pen.frame(
            hovermode="x",
            xaxis=pen.time_axis(own),
            yaxis=pen.value_axis(values),
            annotations=pen.unit_note(pen.unit_of(values)),
        ),
        finding=pen.t(f"says.season_{side}", period=pen.period(newest.period), value=pen.value(newest.value)),
        keys=(
            Key(pen.t("key.now"), colour),
            Key(pen.measure("middle"), pen.colours.muted, "dash"),
            Key(pen.t("key.five_years"), pen.colours.muted, "band"),
        ),
        numbers=pen.by_period({"": own, "low": low, "middle": middle, "high": high}),
        measures=frozenset({"low", "middle", "high"}),
        unit=pen.unit_of(values),
    )


def control(pen: Pen) -> Sketch | None:
    """A standardised difference between its control limits; what lies outside is marked."""
    own, low, high = pen.over_time(), pen.over_time("lower"), pen.over_time("upper")
    outside = {point.period for point in pen.over_time("outside")}
    if len(own) < 2:
        return None
    colour, red = pen.colours.series[0], pen.colours.red
    marked = [point for point in own if point.period in outside]
    values = [point.value for point in (*own, *low, *high)]
    if marked:
        words = pen.join(pen.period(point.period) for point in marked[-3:])
        finding = pen.t("says.outside", n=len(marked), periods=words)
    else:
        finding = pen.t("says.inside", n=len(own))
    limit = {"dash": "dash", "width": 1.5}
    return Sketch(
        data=[
            pen.line(low, red, line=limit),
            pen.line(high, red, line=limit),
            pen.line(own, colour),
            pen.dots(marked, "diamond", red, marker={"size": pen.px(11)}),
        ],
        layout=pen.frame(
            hovermode="x",
            xaxis=pen.time_axis(own),
            yaxis=pen.value_axis([0.0, *values]),
            shapes=[pen.level(0.0, pen.colours.muted, "solid")],
            annotations=pen.unit_note(pen.unit_of(values)),
        ),
        finding=finding,
        keys=(
            Key(pen.t("key.difference"), colour),
            Key(pen.t("key.limits"), red, "dash"),
            Key(pen.measure("outside"), red, "diamond"),
        ),
        numbers=pen.by_period({"": own, "lower": low, "upper": high}),
        measures=frozenset({"lower", "upper", "outside"}),
        unit=pen.unit_of(values),
    )


def anomaly(pen: Pen) -> Sketch | None:
    """An anomaly index against the limits of a watch and of an alert, its states marked."""
    own, states = pen.over_time(), {point.period: point.text for point in pen.over_time("state")}
    if len(own) < 2:
        return None
    limits, parts = {name: pen.fact.single(name) for name in ("watch", "alert")}, _by_value(pen)
    colour = pen.colours.series[0]
    data = [pen.line(own, colour)]
    keys = [Key(pen.t("key.index"), colour)]
    for name, (_, light, symbol) in _STATES.items():
        marked = [point for point in own if states.get(point.period) == name]
        if marked:
            data.append(pen.dots(marked, symbol, pen.colours.light(light)))
            keys.append(Key(pen.t(f"state.{name}"), pen.colours.light(light), symbol))
    values = [point.value for point in own]
    shapes, notes = [], []
    for name, sign in (("watch", 1), ("alert", 1), ("watch", -1), ("alert", -1)):
        at, tone = limits[name], pen.colours.light(_STATES[name][1])
        # Limits below stand only where a fall may pass them, and none above an index of the part furthest below.
        if at is None or (sign < 0 and min((value or 0.0) for value in values) >= 0) or (sign > 0 and parts):
            continue
        values.append(sign * at)
        words = pen.t(f"key.{name}", value=pen.value(sign * at))
        shapes.append(pen.level(sign * at, tone))
        notes.append(pen.note(words, 0, sign * at, tone, xref="paper", xanchor="left", yanchor="bottom"))
    newest = own[-1]
    state = states.get(newest.period, "none")
    shown = pen.word("state", state)
    return Sketch(
        data=data,
        layout=pen.frame(
            hovermode="x",
            xaxis=pen.time_axis(own),
            yaxis=pen.value_axis([0.0, *values]),
            shapes=shapes,
            annotations=[*pen.unit_note(pen.unit_of(values)), *notes],
        ),
        finding=_named(pen)
        or pen.t("says.state", period=pen.period(newest.period), state=shown, value=pen.value(newest.value)),
        keys=tuple(keys),
        numbers=_with_states(pen, own, states),
        measures=frozenset({"watch", "alert", "state", "part", "part_state"}),
        beside=_parts_of_anomaly(pen),
        unit=pen.unit_of(values),
    )


def _named(pen: Pen) -> str:
    """Which parts are out of the ordinary, those furthest below first; empty for an index without parts."""
    parts = _by_value(pen)
    states = _part_states(pen)
    found = [point for point in parts if point.item in states]
    if not parts:
        return ""
    period = pen.period(pen.fact.period)
    if not found:
        return pen.t("says.parts_usual", n=len(parts), period=period)
    first = (
        pen.t("part_in_state", name=pen.item(point), state=pen.word("part_state", states[point.item]))
        for point in found[:_NAMED]
    )
    return pen.t("says.parts_odd", n=len(found), period=period, parts=pen.join(first))


def _parts_of_anomaly(pen: Pen) -> Table | None:
    states = _part_states(pen)
    rows = tuple(
        (pen.item(point), pen.value(point.value), pen.word("part_state", states.get(point.item, "none")))
        for point in _by_value(pen)
    )
    head = (pen.t("column.item"), pen.t("column.deviation"), pen.measure("state"))
    title = pen.t("table.parts", period=pen.period(pen.fact.period))
    return Table(title, head, rows, (1,)) if rows else None


def _by_value(pen: Pen) -> list[AnalysisPoint]:
    return sorted(pen.fact.now("part"), key=lambda point: point.value or 0.0)


def _part_states(pen: Pen) -> dict[str, str]:
    return {point.item: point.text for point in pen.fact.now("part_state")}


def _with_states(pen: Pen, own: Sequence[AnalysisPoint], states: dict[str, str]) -> Table:
    table = pen.by_period({"": own})
    words = {
        pen.period(point.period): pen.word("state", states.get(point.period, "none"))
        for point in own
        if day(point)
    }
    rows = tuple((*row, words.get(row[0], "")) for row in table.rows)
    return Table(table.title, (*table.head, pen.measure("state")), rows, (1,))
