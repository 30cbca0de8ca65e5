"""Charts of business cycles: turning points, cycle, decomposition, regimes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cockpit import tokens
from cockpit.facts_types_analysis import AnalysisPoint
from cockpit.figures.analyses.base import HEIGHT, INPUT, Key, Pen, Sketch, Table, day

#: Mark of a turn by its kind, pointing to where the series goes from there.
_SYMBOLS = {"peak": "triangle-down", "trough": "triangle-up"}
#: Height of a drawing of several panels, and where its panels stand (lower and upper end), from the top.
_TALL = 440
_TWO = ((0.46, 1.0), (0.0, 0.34))
_THREE = ((0.58, 1.0), (0.29, 0.48), (0.0, 0.19))


def turning_points(pen: Pen) -> Sketch | None:
    """An index with its turns, the reference cycle with its own, times of contraction shaded, and how far
    ahead each turn of the reference was told."""
    index, reference = pen.over_time(), pen.over_time("reference")
    if len(index) < 2:
        return None
    own, theirs = pen.colours.series[0], pen.colours.series[1]
    turns = pen.by_item("turn")
    data = pen.band(pen.over_time("lower"), pen.over_time("upper"), own)
    keys = [Key(pen.t("key.index"), own)]
    if data:
        keys.append(Key(pen.t("key.revision"), own, "band"))
    if reference:
        data.append(pen.line(reference, theirs, line={"dash": "dash", "width": 1.5}))
        keys.append(Key(pen.measure("reference"), theirs, "dash"))
    data.append(pen.line(index, own))
    marked = [
        *_turns(pen, index, turns.get("index", ()), own),
        *_turns(pen, reference, turns.get("reference", ()), theirs),
    ]
    keys += [Key(pen.t(f"turn.{kind}"), pen.colours.text, kind) for kind in _SYMBOLS]
    shapes = _contractions(pen, index, turns.get("reference", turns.get("index", ())))
    if shapes:
        keys.append(Key(pen.t("key.contraction"), pen.colours.muted, "band"))
    values = [point.value for point in (*index, *reference)]
    return Sketch(
        data=[*data, *marked],
        layout=pen.frame(
            hovermode="x",
            xaxis=pen.time_axis(index),
            yaxis=pen.value_axis(values),
            shapes=shapes,
            annotations=pen.unit_note(pen.unit_of(values)),
        ),
        finding=_turn_finding(pen, turns.get("index", ())),
        keys=tuple(keys),
        numbers=pen.by_period({"": index, "reference": reference}),
        measures=frozenset({"reference", "turn", "lead", "lower", "upper"}),
        beside=_leads(pen),
        unit=pen.unit_of(values),
    )


def _turns(
    pen: Pen, line: Sequence[AnalysisPoint], turns: Sequence[AnalysisPoint], colour: str
) -> list[dict[str, Any]]:
    """Marks on a line where it turns."""
    kinds = {point.period: point.text for point in turns}
    found = []
    for kind, symbol in _SYMBOLS.items():
        points = [point for point in line if kinds.get(point.period) == kind]
        if points:
            found.append(pen.dots(points, symbol, colour, marker={"size": pen.px(11)}))
    return found


def _contractions(
    pen: Pen, line: Sequence[AnalysisPoint], turns: Sequence[AnalysisPoint]
) -> list[dict[str, Any]]:
    """Grey areas from each peak to the trough after it, or to the end."""
    found, since = [], ""
    ends = [(day(point), point.text) for point in turns]
    for at, kind in [*ends, (day(line[-1]), "trough")]:
        if kind == "peak":
            since = at
        elif since and at > since:
            found.append(
                {
                    "type": "rect", "xref": "x", "yref": "paper", "x0": since, "x1": at, "y0": 0, "y1": 1,
                    "layer": "below", "line": {"width": 0},
                    "fillcolor": tokens.translucent(pen.colours.muted, 0.16),
                }
            )  # fmt: skip
            since = ""
    return found


def _turn_finding(pen: Pen, turns: Sequence[AnalysisPoint]) -> str:
    if not turns:
        return pen.t("says.no_turn")
    last = turns[-1]
    ahead = [p.value for p in pen.fact.of("lead") if p.value is not None]
    words = pen.t(f"says.{last.text}", period=pen.period(last.period))
    if not ahead:
        return words
    middle = sorted(ahead)[len(ahead) // 2]
    if middle == 0:
        return words + pen.t("says.coincides")
    side = "leads" if middle > 0 else "lags"
    return words + pen.t(
        f"says.{side}_one" if abs(middle) == 1 else f"says.{side}", n=pen.bare(abs(middle), 0)
    )


def _leads(pen: Pen) -> Table | None:
    """How far ahead of each turn of the reference the index turned."""
    rows = tuple(
        (
            pen.period(point.item or point.period),
            "" if point.text in ("missed", "extra", "open") else pen.word("turn", point.text),
            pen.word("turn", point.text) if point.value is None else _ahead(pen, point.value),
        )
        for point in reversed(pen.fact.of("lead"))
    )
    head = (pen.t("column.reference_turn"), pen.t("column.kind"), pen.t("column.lead"))
    return Table(pen.t("table.leads"), head, rows) if rows else None


def _ahead(pen: Pen, months: float) -> str:
    if months == 0:
        return pen.t("lead.same")
    side = "ahead" if months > 0 else "behind"
    return pen.t(f"lead.{side}_one" if abs(months) == 1 else f"lead.{side}", n=pen.bare(abs(months), 0))


def cycle(pen: Pen) -> Sketch | None:
    """Above a series with its trend, below what is left of it: the cycle about zero, with its turns."""
    own = pen.over_time()
    if len(own) < 2:
        return None
    original, trend = pen.over_time("original"), pen.over_time("trend")
    low, high = pen.over_time("lower"), pen.over_time("upper")
    colour, second = pen.colours.series[0], pen.colours.series[1]
    values = [point.value for point in (*own, *low, *high)]
    turns = _turns(pen, own, pen.over_time("turn"), colour)
    lower = [*pen.band(low, high, colour), pen.line(own, colour), *turns]
    upper = [pen.line(original, pen.colours.muted, INPUT, line={"width": 1}), pen.line(trend, second, INPUT)]
    is_two = bool(original and trend)
    place, below = _TWO if is_two else (_TWO[0], (0.0, 1.0))
    layout: dict[str, Any] = {
        "xaxis": pen.time_axis(own, anchor="y"),
        "yaxis": pen.value_axis([0.0, *values], domain=list(below)),
        "shapes": [pen.level(0.0, pen.colours.muted, "solid")],
    }
    notes = pen.unit_note(pen.unit_of(values), below[1])
    if is_two:
        span = [point.value for point in (*original, *trend)]
        notes += pen.unit_note(pen.unit_of(span, INPUT))
        layout["yaxis2"] = pen.value_axis(span, INPUT, domain=list(place), anchor="x")
        upper = [trace | {"yaxis": "y2"} for trace in upper]
        layout["height"] = pen.px(_TALL)
    length = pen.fact.single("period_length")
    newest = own[-1]
    side = "above" if (newest.value or 0) >= 0 else "below"
    finding = pen.t(
        f"says.cycle_{side}", period=pen.period(newest.period), value=pen.value(abs(newest.value or 0))
    )
    if length:
        finding += pen.t("says.cycle_length", n=pen.bare(length, 0))
    keys = [
        Key(pen.t("key.cycle"), colour),
        *(Key(pen.t(f"turn.{kind}"), colour, kind) for kind in _SYMBOLS if turns),
    ]
    if is_two:
        keys += [Key(pen.measure("original"), pen.colours.muted), Key(pen.measure("trend"), second)]
    return Sketch(
        data=[*(upper if is_two else []), *lower],
        layout=pen.frame(hovermode="x", annotations=notes, **layout),
        finding=finding,
        keys=tuple(keys),
        numbers=pen.by_period({"": own, "lower": low, "upper": high}),
        measures=frozenset({"original", "trend", "lower", "upper", "turn", "period_length"}),
        unit=pen.unit_of(values),
    )


def decomposition(pen: Pen) -> Sketch | None:
    """A series with its trend and without its season; below its season and what neither explains."""
    own, original = pen.over_time(), pen.over_time("original")
    trend, season, rest = (pen.over_time(name) for name in ("trend", "season", "remainder"))
    if len(own) < 2:
        return None
    first, second, third = pen.colours.series[:3]
    top = [point.value for point in (*own, *original, *trend)]
    data = [
        pen.line(original, pen.colours.muted, line={"width": 1}),
        pen.line(own, first),
        pen.line(trend, second, line={"dash": "dash"}),
        pen.line(season, third, yaxis="y2"),
        {
            "type": "bar", "yaxis": "y3", "x": [day(point) for point in rest], "y": [p.value for p in rest],
            "marker": {"color": pen.colours.muted},
            "text": [f"{pen.period(p.period)}<br>{pen.value(p.value)}" for p in rest],
            "textposition": "none", "hovertemplate": "%{text}<extra></extra>",
        },
    ]  # fmt: skip
    names = [pen.measure(name) for name in ("season", "remainder")]
    titles = [
        pen.note(
            name, 0, place[1], xref="paper", yref="paper", xanchor="left", yanchor="bottom",
        )
        for name, place in zip(names, _THREE[1:], strict=True)
    ]  # fmt: skip
    newest = own[-1]
    return Sketch(
        data=data,
        layout=pen.frame(
            height=pen.px(_TALL),
            hovermode="x",
            xaxis=pen.time_axis(own, anchor="y3"),
            yaxis=pen.value_axis(top, domain=list(_THREE[0])),
            yaxis2=pen.value_axis([p.value for p in season], domain=list(_THREE[1]), anchor="x"),
            yaxis3=pen.value_axis([p.value for p in rest], domain=list(_THREE[2]), anchor="x"),
            annotations=[*pen.unit_note(pen.unit_of(top)), *titles],
        ),
        finding=pen.t("says.adjusted", period=pen.period(newest.period), value=pen.value(newest.value)),
        keys=(
            Key(pen.measure("original"), pen.colours.muted),
            Key(pen.t("key.adjusted"), first),
            Key(pen.measure("trend"), second, "dash"),
        ),
        numbers=pen.by_period(
            {"original": original, "": own, "trend": trend, "season": season, "remainder": rest}
        ),
        measures=frozenset({"original", "trend", "season", "remainder"}),
        unit=pen.unit_of(top),
    )


def regimes(pen: Pen) -> Sketch | None:
    """Growth with the mean of each stretch between breaks; below the probability of the low regime."""
    chance, growth = pen.over_time(), pen.over_time("growth")
    means, breaks = pen.over_time("segment_mean"), pen.over_time("break")
    if len(chance) < 2:
        return None
    colour, second = pen.colours.series[0], pen.colours.series[1]
    values = [point.value for point in (*growth, *means)]
    area = pen.line(chance, colour, yaxis="y2", fill="tozeroy", fillcolor=tokens.translucent(colour, 0.2))
    newest = chance[-1]
    below = pen.note(
        pen.t("key.low_regime", unit=pen.unit_of([0.0, 100.0])), 0, _TWO[1][1],
        xref="paper", yref="paper", xanchor="left", yanchor="bottom",
    )  # fmt: skip
    return Sketch(
        data=[
            pen.line(growth, pen.colours.muted, "growth", line={"width": 1.5}),
            pen.line(means, second, "segment_mean", line={"shape": "hv"}),
            area,
        ],
        layout=pen.frame(
            height=pen.px(HEIGHT + 40),
            hovermode="x",
            xaxis=pen.time_axis(chance, anchor="y2"),
            yaxis=pen.value_axis(values, "growth", domain=list(_TWO[0])),
            yaxis2=pen.value_axis([0.0, 100.0], domain=list(_TWO[1]), anchor="x"),
            shapes=[pen.upright(day(point), pen.colours.red) for point in breaks],
            annotations=[*pen.unit_note(pen.unit_of(values, "growth")), below],
        ),
        finding=pen.t("says.regime", period=pen.period(newest.period), value=pen.value(newest.value)),
        keys=(
            Key(pen.measure("growth"), pen.colours.muted),
            Key(pen.measure("segment_mean"), second),
            Key(pen.measure("break"), pen.colours.red, "dash"),
        ),
        numbers=pen.by_period({"": chance, "growth": growth, "segment_mean": means}),
        measures=frozenset({"growth", "segment_mean", "break"}),
        unit=pen.unit_of([0.0, 100.0]),
    )
