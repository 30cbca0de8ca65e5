"""Charts of amounts that flow or add up: news waterfall, balance sheet, stack, transmission."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cockpit import formats, tokens
from cockpit.facts_types_analysis import AnalysisPoint
from cockpit.figures.analyses.base import Key, Pen, Sketch, Table, day
from cockpit.figures.analyses.cells import folded
from cockpit.figures.base import axis

#: Sides of a balance sheet, in the order in which people read them.
_SUPPLY = ("opening", "production", "imports")
_USES = ("food", "feed", "seed", "industry", "loss", "exports", "closing")
#: Series that a waterfall names one by one; the rest are added up.
_NEWS = 8
_PARTS = 5


def waterfall(pen: Pen) -> Sketch | None:
    """From the estimate before to the one after: what each release added or took away. The axis does not
    start at zero, so the two estimates are marks and only the steps between them are bars; the interval, many
    times as wide as any step, is told in words."""
    before, after = (_at(pen, name) for name in ("before", "after"))
    if before is None or after is None:
        return None
    steps = _steps(pen)
    names = [pen.measure("before"), *(name for name, _ in steps), pen.measure("after")]
    starts, level = [], before
    for _, value in steps:
        starts.append(level)
        level += value
    up, down, mark = pen.colours.series[0], pen.colours.series[1], pen.colours.text
    low, high, other = (_at(pen, name) for name in ("lower", "upper", "benchmark"))
    span = [before, after, level, *starts, *([] if other is None else [other])]
    room = (max(span) - min(span) or 1.0) * 0.18
    rows = list(range(len(names)))
    ends = pen.value(before, finer=True), pen.value(after, finer=True)
    words = [
        ends[0],
        *(pen.value(value, "impact", signed=True, finer=True) for _, value in steps),
        ends[1],
    ]
    short = [ends[0], *(_signed(pen, value) for _, value in steps), ends[1]]
    tops = [start + max(value, 0.0) for start, (_, value) in zip(starts, steps, strict=True)]
    shown = _labels(pen, short, [before, *tops, after])
    likely = []
    if low is not None and high is not None:
        told = pen.t("key.likely", low=pen.value(low), high=pen.value(high))
        likely = [Key(told, mark, "diamond")]
    bench = (
        [Key(pen.t("key.benchmark", value=pen.value(other)), pen.colours.series[2], "dash")]
        if other is not None
        else []
    )
    return Sketch(
        data=[
            {
                "type": "bar", "orientation": "h", "y": rows[1:-1], "base": starts,
                "x": [value for _, value in steps],
                "marker": {"color": [up if value >= 0 else down for _, value in steps]},
                "text": words[1:-1], "textposition": "none", "hovertemplate": "%{text}<extra></extra>",
            },
            {
                "type": "scatter", "mode": "markers", "x": [before, after], "y": [rows[0], rows[-1]],
                "marker": {"symbol": "diamond", "size": pen.px(11), "color": mark},
                "text": [words[0], words[-1]], "hovertemplate": "%{text}<extra></extra>",
            },
        ],
        layout=pen.frame(
            height=pen.px(32) * len(names) + pen.px(84),
            bargap=0.35,
            xaxis=pen.value_axis([min(span) - room, max(span) + 3 * room]),
            yaxis=axis(
                pen.dress, showgrid=False, range=[len(names) - 0.5, -0.5], tickvals=rows,
                ticktext=[folded(name) for name in names],
            ),
            shapes=[] if other is None else [
                {
                    "type": "line", "xref": "x", "yref": "paper", "x0": other, "x1": other, "y0": 0, "y1": 1,
                    "layer": "below", "line": {"color": pen.colours.series[2], "width": 1.5, "dash": "dash"},
                }
            ],
            annotations=[*pen.above(pen.t("axis.news", unit=pen.unit_of(span))), *shown],
        ),
        finding=_news(pen, before, after, steps),
        keys=(
            Key(pen.t("key.up"), up, "box"),
            Key(pen.t("key.down"), down, "box"),
            *(likely or [Key(pen.t("key.estimate"), mark, "diamond")]),
            *bench,
        ),
        numbers=Table(
            pen.name, (pen.t("column.step"), pen.t("column.value")), tuple(zip(names, words, strict=True)), (1,)
        ),
        measures=frozenset({"before", "revision", "impact", "after", "lower", "upper", "benchmark", "vintage"}),
        unit=pen.unit_of(span),
    )  # fmt: skip


def _at(pen: Pen, measure: str) -> float | None:
    found = [point.value for point in pen.fact.now(measure) if point.region == pen.fact.shown]
    return found[-1] if found else None


def _steps(pen: Pen) -> list[tuple[str, float]]:
    """Revision of past data first, then the releases, the weightiest first; the small ones together."""
    steps = [(pen.measure("revision"), p.value) for p in pen.fact.now("revision") if p.value]
    impacts = sorted(
        ((pen.item(p), p.value) for p in pen.fact.now("impact") if p.value), key=lambda pair: -abs(pair[1])
    )
    rest = sum(value for _, value in impacts[_NEWS:])
    if rest:
        impacts = [*impacts[:_NEWS], (pen.t("others"), rest)]
    return [*steps, *impacts]


def _signed(pen: Pen, value: float) -> str:
    """A step without its unit, which stands above the drawing."""
    return f"{'+' if value > 0 else ''}{pen.bare(value, pen.fact.decimals + 1)}"


def _labels(pen: Pen, words: list[str], ends: list[float]) -> list[dict[str, Any]]:
    """The value of each row, right of all that the row draws."""
    return [
        pen.note(text, end, row, pen.colours.text, xanchor="left", xshift=8, align="left")
        for row, (text, end) in enumerate(zip(words, ends, strict=True))
    ]


def _news(pen: Pen, before: float, after: float, steps: list[tuple[str, float]]) -> str:
    words = {
        "period": pen.period(pen.fact.period),
        "before": pen.value(before, finer=True), "after": pen.value(after, finer=True),
    }  # fmt: skip
    if not steps:
        return pen.t("says.no_news", **words)
    series, value = max(steps, key=lambda pair: abs(pair[1]))
    key = "says.news" if words["before"] != words["after"] else "says.news_same"
    return pen.t(key, **words, series=series, impact=pen.value(value, "impact", signed=True, finer=True))


def sankey(pen: Pen) -> Sketch | None:
    """A balance sheet: from where a product came to where it went, after its identity was restored."""
    flows = {p.item: p for p in pen.fact.now("flow") if p.value is not None and p.region == pen.fact.shown}
    supply = [item for item in _SUPPLY if item in flows and _amount(flows, item) > 0]
    uses = [item for item in _USES if item in flows and _amount(flows, item) > 0]
    if not supply or not uses:
        return None
    stated = {p.item: p.value for p in pen.fact.now("stated")}
    unit = _unit(pen)
    total = sum(_amount(flows, item) for item in supply)
    nodes = [*supply, "supply", *uses]

    order = ("supply", *supply, *uses)
    amounts = [total, *(_amount(flows, item) for item in order[1:])]
    digits, unit_words = formats.column(amounts, unit, pen.lang, 0)
    shown = dict(zip(order, digits, strict=True))

    def words(item: str) -> str:
        return f"{pen.word('flow', item)} {shown[item]}"

    colours = {"supply": pen.colours.accent, "closing": pen.colours.series[2], "loss": pen.colours.series[1]}
    plain = pen.colours.muted
    middle = len(supply)
    faint = tokens.translucent(pen.colours.muted, 0.3)
    rows = tuple(
        (
            pen.word("flow", item),
            formats.number(stated.get(item), unit, pen.lang),
            formats.number(_amount(flows, item), unit, pen.lang),
        )
        for item in (*supply, *uses)
    )
    head = (pen.t("column.flow"), pen.measure("stated"), pen.measure("flow"))
    return Sketch(
        data=[
            {
                "type": "sankey",
                "arrangement": "fixed",
                "domain": {"x": [0.01, 0.99], "y": [0.02, 0.98]},
                "node": {
                    "label": [words(item) if item != "supply" else "" for item in nodes],
                    "color": [colours.get(item, plain) for item in nodes],
                    "pad": pen.px(18),
                    "thickness": pen.px(14),
                    "line": {"width": 0},
                    "customdata": [words(item) for item in nodes],
                    "hovertemplate": "%{customdata}<extra></extra>",
                    "x": [*([0.001] * len(supply)), 0.5, *([0.999] * len(uses))],
                    "y": [*_centres(flows, supply), 0.5, *_centres(flows, uses)],
                },
                "link": {
                    "source": [*range(len(supply)), *([middle] * len(uses))],
                    "target": [*([middle] * len(supply)), *range(middle + 1, len(nodes))],
                    "value": [_amount(flows, item) for item in (*supply, *uses)],
                    "color": faint,
                    "hoverinfo": "skip",
                },
                "textfont": {"size": tokens.size("small", pen.dress), "color": pen.colours.text},
            }
        ],
        layout=pen.frame(
            height=pen.px(400),
            annotations=[
                *pen.unit_note(unit_words),
                pen.note(words("supply"), 0.5, 1, xref="paper", yref="paper", yanchor="bottom", yshift=4),
            ],
        ),
        finding=pen.t(
            "says.balance", period=pen.period(pen.fact.period),
            supply=formats.number(total, unit, pen.lang), value=pen.value(pen.fact.value),
        ),
        keys=(),
        numbers=Table(pen.name, head, rows, (1, 2)),
        measures=frozenset({"flow", "stated"}),
        unit=formats.ticks(0.0, total, unit, pen.lang)[2],
    )  # fmt: skip


def _amount(flows: dict[str, AnalysisPoint], item: str) -> float:
    return flows[item].value or 0.0


def _centres(flows: dict[str, AnalysisPoint], items: list[str]) -> list[float]:
    """Where nodes stand from top to bottom, each as high as it is large with a gap between."""
    total = sum(_amount(flows, item) for item in items)
    gap = 0.06
    free = 1 - gap * (len(items) - 1)
    found, at = [], 0.0
    for item in items:
        high = _amount(flows, item) / total * free
        found.append(min(max(at + high / 2, 0.02), 0.98))
        at += high + gap
    return found


def _unit(pen: Pen) -> str:
    """The unit of flows: that of the inputs, since the analysis' own figure may be a ratio."""
    return pen.fact.inputs[0].unit if pen.fact.inputs else pen.fact.unit


def stack(pen: Pen) -> Sketch | None:
    """Parts that add up to a total, by period: gains above zero, losses below, the total as a line."""
    own, parts = pen.over_time(), pen.by_item("part")
    if not own or not parts:
        return None
    size = {item: sum(abs(point.value or 0.0) for point in points) for item, points in parts.items()}
    order = sorted(parts, key=lambda item: -size[item])
    kept, rest = order[:_PARTS], order[_PARTS:]
    colours = [*pen.colours.series]
    data = [_bar(pen, parts[item], colour) for item, colour in zip(kept, colours, strict=False)]
    keys = [Key(pen.item(parts[item][0]), colour, "box") for item, colour in zip(kept, colours, strict=False)]
    if rest:
        data.append(_bar(pen, _sum(parts, rest), pen.colours.missing))
        keys.append(Key(pen.t("others"), pen.colours.missing, "box"))
    total = pen.line(own, pen.colours.text, line={"width": 2})
    data.append(total | {"mode": "lines+markers", "marker": {"size": pen.px(6), "color": pen.colours.text}})
    high: dict[str, float] = {}
    low: dict[str, float] = {}
    for points in parts.values():
        for point in points:
            side = high if (point.value or 0) > 0 else low
            side[point.period] = side.get(point.period, 0.0) + (point.value or 0.0)
    values = [0.0, *high.values(), *low.values(), *(point.value for point in own)]
    newest = own[-1]
    now = {
        item: next((p.value for p in points if p.period == newest.period), None)
        for item, points in parts.items()
    }
    largest = max(now, key=lambda item: abs(now[item] or 0.0))
    return Sketch(
        data=data,
        layout=pen.frame(
            barmode="relative",
            hovermode="x",
            xaxis=pen.time_axis(own),
            yaxis=pen.value_axis(values),
            shapes=[pen.level(0.0, pen.colours.muted, "solid")],
            annotations=pen.unit_note(pen.unit_of(values)),
        ),
        finding=pen.t(
            "says.stack", period=pen.period(newest.period), value=pen.value(newest.value),
            part=pen.item(parts[largest][0]), part_value=pen.value(now[largest]),
        ),
        keys=(*keys, Key(pen.t("key.total"), pen.colours.text)),
        numbers=_stack_table(pen, own, parts),
        measures=frozenset({"part"}),
        unit=pen.unit_of(values),
    )  # fmt: skip


def _bar(pen: Pen, points: tuple[AnalysisPoint, ...], colour: str) -> dict[str, Any]:
    return {
        "type": "bar", "x": [day(p) for p in points], "y": [p.value for p in points], "marker": {"color": colour},
        "text": [f"{pen.item(p)} {pen.value(p.value)}" for p in points], "textposition": "none",
        "hovertemplate": "%{text}<extra></extra>",
    }  # fmt: skip


def _sum(parts: dict[str, tuple[AnalysisPoint, ...]], items: list[str]) -> tuple[AnalysisPoint, ...]:
    """The points of the first of some parts, each with the sum of all of them."""
    totals: dict[str, float] = {}
    for item in items:
        for point in parts[item]:
            totals[point.period] = totals.get(point.period, 0.0) + (point.value or 0.0)
    return tuple(replace(point, value=totals[point.period]) for point in parts[items[0]])


def _stack_table(
    pen: Pen, own: tuple[AnalysisPoint, ...], parts: dict[str, tuple[AnalysisPoint, ...]]
) -> Table:
    table = pen.by_period({"": own})
    cells = [{pen.period(p.period): pen.value(p.value) for p in points} for points in parts.values()]
    head = (*table.head, *(pen.item(points[0]) for points in parts.values()))
    rows = tuple((*row, *(column.get(row[0], "") for column in cells)) for row in table.rows)
    return Table(table.title, head, rows, tuple(range(1, len(head))))


def _closing(pen: Pen) -> str:
    """A gap to the long run closes where its correction is below zero."""
    return "says.transmission" if (pen.fact.value or 0.0) <= 0 else "says.transmission_widens"


def transmission(pen: Pen) -> Sketch | None:
    """How a rise and a fall of one price are passed on to the other, step by step."""
    paths = {
        item: sorted((p for p in pen.fact.of("impulse") if p.item == item), key=_step)
        for item in ("up", "down")
    }
    if not all(paths.values()):
        return None
    colours = {"up": pen.colours.series[0], "down": pen.colours.series[1]}
    values = [0.0, *(point.value for points in paths.values() for point in points)]
    steps = [_step(point) for point in paths["up"]]
    kept = steps[:: max(1, -(-len(steps) // 8))]
    half, p_value = pen.fact.single("half_life"), pen.fact.single("p_asymmetry")
    rows = tuple(
        (str(_step(up)), pen.value(up.value, "impulse"), pen.value(down.value, "impulse"))
        for up, down in zip(paths["up"], paths["down"], strict=False)
    )
    head = (pen.t("column.step_number"), pen.t("key.up_path"), pen.t("key.down_path"))
    finding = pen.t(_closing(pen), value=pen.value(abs(pen.fact.value or 0.0)))
    if half is not None:
        finding += pen.t("says.half_life", n=pen.bare(half, 1), freq=pen.t(f"per.{pen.fact.freq}"))
    if p_value is not None:
        finding += pen.t("says.p_asymmetry", p=pen.bare(p_value, 3))
    return Sketch(
        data=[
            {
                "type": "scatter", "mode": "lines+markers", "x": [_step(p) for p in points],
                "y": [p.value for p in points], "line": {"color": colours[item], "width": 2, "dash": dash},
                "marker": {"symbol": symbol, "size": pen.px(7), "color": colours[item]},
                "text": [pen.value(p.value, "impulse") for p in points], "hovertemplate": "%{text}<extra></extra>",
            }
            for (item, points), dash, symbol in zip(
                paths.items(), ("solid", "dash"), ("triangle-up", "triangle-down"), strict=True
            )
        ],
        layout=pen.frame(
            xaxis=axis(
                pen.dress, showgrid=False, tickvals=kept, ticktext=[pen.t("step", n=n) for n in kept],
            ),
            yaxis=pen.value_axis(values, "impulse"),
            shapes=[pen.level(0.0, pen.colours.muted, "solid")],
            annotations=pen.unit_note(pen.unit_of(values, "impulse")),
        ),
        finding=finding,
        keys=(
            Key(pen.t("key.up_path"), colours["up"]),
            Key(pen.t("key.down_path"), colours["down"], "dash"),
        ),
        numbers=Table(pen.name, head, rows, (1, 2)),
        measures=frozenset({"impulse", "half_life", "p_asymmetry"}),
        unit=pen.unit_of(values, "impulse"),
    )  # fmt: skip


def _step(point: AnalysisPoint) -> int:
    """The number in a step's code `s3`."""
    return int(point.period[1:]) if point.period[1:].isdigit() else 0
