"""Charts of cells: five lights over time, a year of days, which series leads which."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from cockpit import formats, tokens
from cockpit.facts_types_analysis import AnalysisPoint
from cockpit.figures.analyses.base import Key, Pen, Sketch, Table
from cockpit.figures.base import axis

#: Periods of a light grid that stay apart on a phone.
_PERIODS = 24
#: Lights from too cold to overheated; each has a mark of its own, so that none is colour alone.
_MARKS = {5: "▲", 4: "△", 3: "", 2: "▽", 1: "▼"}
#: Usual levels at which a test's result is told apart, and the years that a calendar of weeks shows.
_LEVELS = (0.01, 0.05, 0.1)
_YEARS = 8
#: Columns of a calendar of years, by freq.
_COLUMNS = {"W": 53, "T": 36, "M": 12}
_ROW = 30


def light_colours(colours: tokens.Palette) -> dict[int, str]:
    """Colours of the five lights by level: blue for too cold (1) over green to red for overheated (5)."""
    return {
        1: colours.blue,
        2: tokens.mix(colours.card, colours.blue, 0.45),
        3: tokens.mix(colours.card, colours.green, 0.7),
        4: colours.series[4] if colours is tokens.WALL else "#E2B93B",
        5: colours.red,
    }


def light_grid(pen: Pen) -> Sketch | None:
    """Above the index between the edges of its zones, below the light of each of its parts by period."""
    index = pen.over_time()[-_PERIODS:]
    periods = [point.period for point in index]
    lights = pen.by_item("light")
    whole = [point for point in pen.over_time("index_light") if point.period in periods]
    if len(index) < 2 or not (lights or whole):
        return None
    colours = light_colours(pen.colours)
    rows = [(pen.t("key.composite"), whole)] if whole else []
    rows += [(pen.item(points[0]), list(points)) for points in lights.values()]
    edges = [point.value for point in pen.fact.of("edge") if point.period == pen.fact.period]
    top = pen.px(150)
    body = pen.px(_ROW) * len(rows)
    split = body / (body + top + pen.px(28))
    values = [*(point.value for point in index), *edges]
    newest = index[-1]
    level = next((int(p.value) for p in whole if p.period == newest.period and p.value), 0)
    return Sketch(
        data=[
            _curve(pen, index),
            _cells(pen, [points for _, points in rows], periods, colours, range(1, 6)),
        ],
        layout=pen.frame(
            height=body + top + pen.px(28 + 76),
            xaxis=_columns(pen, periods, anchor="y2"),
            yaxis=pen.value_axis(values, domain=[split + (1 - split) * 0.12, 1.0], anchor="x"),
            yaxis2=_rows_axis(pen, [name for name, _ in rows], domain=[0.0, split]),
            shapes=[pen.level(edge, pen.colours.muted, "dot") for edge in edges if edge is not None],
            annotations=pen.unit_note(pen.unit_of(values)),
        ),
        finding=pen.t(
            "says.light" if level else "says.level",
            period=pen.period(newest.period), value=pen.value(newest.value),
            light=pen.t(f"light.{level}") if level else "",
        ),
        keys=tuple(
            Key(f"{_MARKS[n]} {pen.t(f'light.{n}')}".strip(), colours[n], "box") for n in sorted(colours, reverse=True)
        ),
        numbers=_lights_table(pen, index, rows),
        measures=frozenset({"light", "index_light", "edge"}),
        unit=pen.unit_of(values),
    )  # fmt: skip


def _curve(pen: Pen, index: Sequence[AnalysisPoint]) -> dict[str, Any]:
    line = pen.line(index, pen.colours.text, line={"width": 1.5})
    return line | {"x": list(range(len(index))), "mode": "lines+markers", "marker": {"size": pen.px(5)}}


def _cells(
    pen: Pen,
    rows: Sequence[Sequence[AnalysisPoint]],
    periods: Sequence[str],
    colours: dict[int, str],
    levels: range,
) -> dict[str, Any]:
    """A cell for each row and period, in the colour and with the mark of its level."""
    table = [{point.period: point for point in points} for points in rows]
    shown = [[line.get(period) for period in periods] for line in table]
    values = [[round(point.value) if point and point.value else None for point in line] for line in shown]
    steps = len(levels)
    scale = [
        [edge, colours[level]] for n, level in enumerate(levels) for edge in (n / steps, (n + 1) / steps)
    ]
    return {
        "type": "heatmap",
        "yaxis": "y2",
        "x": list(range(len(periods))),
        "y": list(range(len(rows))),
        "z": values,
        "zmin": levels[0] - 0.5,
        "zmax": levels[-1] + 0.5,
        "colorscale": scale,
        "showscale": False,
        "xgap": 1,
        "ygap": 2,
        "text": [[_MARKS[value] if value else "" for value in line] for line in values],
        "texttemplate": "%{text}",
        "textfont": {"size": pen.px(7)},
        "hovertext": [
            [_light_words(pen, period, value) for period, value in zip(periods, line, strict=True)]
            for line in values
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _light_words(pen: Pen, period: str, value: int | None) -> str:
    return f"{pen.period(period)}<br>{pen.t(f'light.{value}') if value else pen.t('light.none')}"


def _columns(pen: Pen, periods: Sequence[str], **more: Any) -> dict[str, Any]:
    # Three labels: beside the names of the rows there is room for no more in a third of a page.
    step = max(1, -(-len(periods) // 3))
    places = list(range(step // 2, len(periods), step))
    return axis(
        pen.dress,
        showgrid=False,
        range=[-0.5, len(periods) - 0.5],
        tickangle=0,
        tickvals=places,
        ticktext=[formats.tick(periods[n], pen.lang) for n in places],
        **more,
    )


def _rows_axis(pen: Pen, names: Sequence[str], **more: Any) -> dict[str, Any]:
    return axis(
        pen.dress,
        showgrid=False,
        range=[len(names) - 0.5, -0.5],
        tickvals=list(range(len(names))),
        ticktext=[folded(name) for name in names],
        **more,
    )


def folded(name: str, wide: int = 10) -> str:
    """A name in at most two lines, so that an axis leaves room for the drawing on a phone; cut where it is
    longer (the table has it whole)."""
    limit = wide if any(ord(char) > 0x2E80 for char in name) else wide * 2
    if len(name) <= limit:
        return name
    cut = name.rfind(" ", 0, limit + 1) if " " in name[: limit + 1] else limit
    first, rest = name[:cut].strip(), name[cut:].strip()
    return f"{first}<br>{rest if len(rest) <= limit else rest[: limit - 1] + '…'}"


def _lights_table(
    pen: Pen, index: Sequence[AnalysisPoint], rows: Sequence[tuple[str, Sequence[AnalysisPoint]]]
) -> Table:
    table = pen.by_period({"": index})
    cells = [
        {pen.period(p.period): pen.t(f"light.{round(p.value)}") for p in points if p.value}
        for _, points in rows
    ]
    lines = tuple((*row, *(column.get(row[0], "") for column in cells)) for row in table.rows)
    return Table(table.title, (*table.head, *(name for name, _ in rows)), lines, (1,))


def calendar(pen: Pen) -> Sketch | None:
    """A year of days as weeks by weekdays, or years of weeks, ten-day periods or months: each cell a value."""
    own = [point for point in pen.fact.own if point.period_end and point.value is not None]
    if len(own) < 2:
        return None
    daily = pen.fact.freq == "D"
    last = own[-1].period_end or date.min
    if daily:
        own = [p for p in own if p.period_end and p.period_end > last - timedelta(days=364)]
        cells = {_day_cell(p, last): p for p in own}
        across, names = 53, [pen.t(f"weekday.{n}") for n in range(1, 8)]
        order = list(range(7))
    else:
        years = sorted({p.period[:4] for p in own}, reverse=True)[:_YEARS]
        cells = {(_column(p.period), int(p.period[:4])): p for p in own if p.period[:4] in years}
        across, names, order = _COLUMNS[pen.fact.freq], years, [int(year) for year in years]
    shown = [[cells.get((column, row)) for column in range(across)] for row in order]
    values = [[point.value if point else None for point in line] for line in shown]
    known = [point for point in cells.values() if point.value is not None]
    high, low = max(known, key=_value), min(known, key=_value)
    unit = pen.unit_of([point.value for point in known])
    labels = _months(pen, last, across) if daily else _parts(pen, across)
    return Sketch(
        data=[
            {
                "type": "heatmap",
                "x": list(range(across)),
                "y": list(range(len(names))),
                "z": values,
                **_shades(pen, _value(low), _value(high)),
                "showscale": True,
                "colorbar": _scale(pen, _value(low), _value(high)),
                "xgap": 1,
                "ygap": 1,
                "hovertext": [
                    [f"{pen.period(p.period)}<br>{pen.value(p.value)}" if p else "" for p in line] for line in shown
                ],
                "hovertemplate": "%{hovertext}<extra></extra>",
                "hoverongaps": False,
            }
        ],
        layout=pen.frame(
            height=pen.px(28) * len(names) + pen.px(120),
            xaxis=axis(pen.dress, showgrid=False, range=[-0.5, across - 0.5], **labels),
            yaxis=_rows_axis(pen, names),
            annotations=pen.unit_note(unit),
        ),
        finding=pen.t(
            "says.calendar", high=pen.value(high.value), high_period=pen.period(high.period),
            low=pen.value(low.value), low_period=pen.period(low.period),
        ),
        keys=(),
        numbers=pen.by_period({"": own}),
        measures=frozenset(),
        unit=unit,
    )  # fmt: skip


def _shades(pen: Pen, low: float, high: float) -> dict[str, Any]:
    """From pale to dark; of values on both sides of zero from one colour over grey to the other, as on a map."""
    colours = pen.colours
    if low < 0 < high:
        most = max(-low, high)
        # Nothing out of the ordinary is not the ground itself: that is where a value is missing.
        middle = tokens.mix(colours.card, colours.muted, 0.12)
        scale = [[0, colours.low], [0.5, middle], [1, colours.high]]
        return {"colorscale": scale, "zmin": -most, "zmax": most}
    return {"colorscale": [[0, tokens.mix(colours.card, colours.accent, 0.08)], [1, colours.accent]]}


def _value(point: AnalysisPoint) -> float:
    return point.value or 0.0


def _day_cell(point: AnalysisPoint, last: date) -> tuple[int, int]:
    """Weeks since the first one shown, and the weekday."""
    on = point.period_end or last
    first = last - timedelta(days=last.weekday() + 52 * 7)
    return (on - first).days // 7, on.weekday()


def _months(pen: Pen, last: date, across: int) -> dict[str, Any]:
    """Under each third month the label of the week in which it begins."""
    first = last - timedelta(days=last.weekday() + 52 * 7)
    weeks = [first + timedelta(weeks=n) for n in range(across)]
    begins = [n for n, week in enumerate(weeks) if week.day <= 7 and week.month % 3 == 1]
    words = [formats.tick(f"{weeks[n].year}-{weeks[n].month:02d}", pen.lang) for n in begins]
    return {"tickvals": begins, "ticktext": words}


def _column(period: str) -> int:
    """Place of a week, ten-day period or month in its year, from 0."""
    if period[5] == "W":
        return int(period[6:]) - 1
    month = int(period[5:7]) - 1
    return 3 * month + int(period[9:]) - 1 if len(period) > 7 else month


def _parts(pen: Pen, across: int) -> dict[str, Any]:
    """The first week or month of each quarter."""
    if across == _COLUMNS["W"]:
        places = list(range(0, across, 13))
        return {"tickvals": places, "ticktext": [pen.t("week", n=n + 1) for n in places]}
    months = range(0, 12, 3)
    return {
        "tickvals": [month * across // 12 for month in months],
        "ticktext": [pen.t("month", n=month + 1) for month in months],
    }


def _scale(pen: Pen, low: float, high: float) -> dict[str, Any]:
    places, labels, _ = formats.ticks(low, high, pen.fact.unit, pen.lang)
    kept = [(at, word) for at, word in zip(places, labels, strict=True) if low <= at <= high]
    return {
        "orientation": "h",
        "thickness": pen.px(10),
        "len": 0.6,
        "y": 0,
        "yanchor": "top",
        "ypad": pen.px(40),
        "outlinewidth": 0,
        "tickvals": [at for at, _ in kept],
        "ticktext": [word for _, word in kept],
    }


def lead_matrix(pen: Pen) -> Sketch | None:
    """Whether a series (row) foretells another (column): the result of the test, and by how many periods."""
    tests = {
        tuple(p.item.split(">")): p
        for p in pen.fact.of("p_value")
        if ">" in p.item and p.period == _last(pen)
    }
    leads = {tuple(p.item.split(">")): p.value for p in pen.fact.of("lead") if p.period == _last(pen)}
    if not tests:
        return None
    names: dict[str, str] = {}
    for pair, point in tests.items():
        names |= dict(zip(pair, point.item_name.get(pen.lang).split(" → "), strict=False))
    keys = list(names)
    levels = _level_colours(pen)
    grid = [[tests.get((cause, effect)) for effect in keys] for cause in keys]
    classes = [[_level(point.value) if point else None for point in line] for line in grid]
    strong = sorted(
        (point.value or 0.0, pair) for pair, point in tests.items() if (point.value or 0.0) <= _LEVELS[1]
    )
    finding = pen.t("says.no_lead")
    if strong:
        cause, effect = strong[0][1]
        finding = pen.t("says.lead", n=len(strong), cause=names[cause], effect=names[effect])
    numbers = tuple(
        (names[pair[0]], names[pair[1]], pen.bare(point.value, 3), pen.bare(leads.get(pair), 0))
        for pair, point in tests.items()
    )
    head = (pen.t("column.cause"), pen.t("column.effect"), pen.measure("p_value"), pen.measure("lead"))
    steps = len(levels)
    return Sketch(
        data=[
            {
                "type": "heatmap",
                "x": list(range(len(keys))),
                "y": list(range(len(keys))),
                "z": classes,
                "zmin": -0.5,
                "zmax": steps - 0.5,
                "colorscale": [
                    [edge, colour] for n, (colour, _) in enumerate(levels) for edge in (n / steps, (n + 1) / steps)
                ],
                "showscale": False,
                "xgap": 2,
                "ygap": 2,
                "text": [
                    [
                        pen.bare(leads.get((cause, effect)), 0) if point and _level(point.value) < steps - 1 else ""
                        for effect, point in zip(keys, line, strict=True)
                    ]
                    for cause, line in zip(keys, grid, strict=True)
                ],
                "texttemplate": "%{text}",
                "hovertext": [
                    [f"{p.item_name.get(pen.lang)}<br>p = {pen.bare(p.value, 3)}" if p else "" for p in line]
                    for line in grid
                ],
                "hovertemplate": "%{hovertext}<extra></extra>",
            }
        ],
        layout=pen.frame(
            height=pen.px(42) * len(keys) + pen.px(130),
            xaxis=axis(
                pen.dress, showgrid=False, tickvals=list(range(len(keys))), tickangle=0,
                ticktext=[folded(names[key], 6) for key in keys],
                title={"text": pen.t("axis.lead"), "font": {"size": tokens.size("small", pen.dress)}},
            ),
            yaxis=_rows_axis(pen, [names[key] for key in keys]),
        ),
        finding=finding,
        keys=tuple(Key(words, colour, "box") for colour, words in levels),
        numbers=Table(pen.name, head, numbers, (2, 3)),
        measures=frozenset({"p_value", "lead"}),
    )  # fmt: skip


def _last(pen: Pen) -> str:
    return max((point.period for point in pen.fact.of("p_value")), default="")


def _level(value: float | None) -> int:
    return next((n for n, level in enumerate(_LEVELS) if value is not None and value <= level), len(_LEVELS))


def _level_colours(pen: Pen) -> list[tuple[str, str]]:
    """Colours and words of the classes of a test's result, the surest first."""
    shares = (1.0, 0.6, 0.3)
    found = [
        (tokens.mix(pen.colours.card, pen.colours.accent, share), pen.t("key.p_below", level=f"{level:g}"))
        for share, level in zip(shares, _LEVELS, strict=True)
    ]
    return [*found, (tokens.mix(pen.colours.card, pen.colours.muted, 0.15), pen.t("key.not_significant"))]
