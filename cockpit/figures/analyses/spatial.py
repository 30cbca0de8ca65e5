"""Charts of how even and how clustered places are: inequality in its parts, and Moran's scatter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cockpit import formats, tokens
from cockpit.figures.analyses.base import Key, Pen, Sketch, Table, day, placed, upright
from cockpit.figures.base import axis

#: Corners of the scatter by kind of cluster: place on the paper and the ends of the words that meet it.
_CORNERS = (
    ("hh", 0.995, 0.99, "right", "top"),
    ("ll", 0.005, 0.01, "left", "bottom"),
    ("hl", 0.995, 0.01, "right", "bottom"),
    ("lh", 0.005, 0.99, "left", "top"),
)


def inequality(pen: Pen) -> Sketch | None:
    """Theil's index in its parts, between and within groups of places, and the Gini coefficient."""
    own = pen.over_time()
    parts = {name: pen.over_time(name) for name in ("between", "within")}
    gini, variation = pen.over_time("gini"), pen.over_time("variation")
    if not own:
        return None
    colours = {"between": pen.colours.accent, "within": tokens.mix(pen.colours.card, pen.colours.accent, 0.4)}
    data: list[dict[str, Any]] = [
        {
            "type": "bar", "x": [day(p) for p in points], "y": [p.value for p in points],
            "marker": {"color": colours[name]}, "textposition": "none",
            "text": [f"{pen.measure(name)} {pen.value(p.value)}" for p in points],
            "hovertemplate": "%{text}<extra></extra>",
        }
        for name, points in parts.items()
    ]  # fmt: skip
    total = pen.line(own, pen.colours.text, line={"width": 2})
    data.append(total | {"mode": "lines+markers", "marker": {"size": pen.px(6)}})
    values = [0.0, *(p.value for p in own)]
    newest = own[-1]
    between = next((p.value for p in parts["between"] if p.period == newest.period), None)
    finding = pen.t("says.level", period=pen.period(newest.period), value=pen.value(newest.value))
    if between is not None and newest.value:
        finding += pen.t("says.between", share=formats.percent(between / newest.value, pen.lang))
    return Sketch(
        data=data,
        layout=pen.frame(
            barmode="relative",
            xaxis=pen.time_axis(own),
            yaxis=pen.value_axis(values),
            annotations=pen.unit_note(pen.unit_of(values)),
        ),
        finding=finding,
        keys=(
            *(Key(pen.measure(name), colours[name], "box") for name in parts),
            Key(pen.t("key.theil"), pen.colours.text),
        ),
        numbers=pen.by_period({"": own, **parts, "gini": gini, "variation": variation}),
        measures=frozenset({"between", "within", "gini", "variation"}),
        unit=pen.unit_of(values),
    )  # fmt: skip


def moran(pen: Pen) -> Sketch | None:
    """Each place against the mean of its neighbours: filled where the likeness is more than chance."""
    lags = {p.region: p.value for p in pen.fact.now("lag") if p.value is not None}
    places = [p for p in pen.fact.now("z") if p.value is not None and p.region in lags]
    sure = {p.region for p in pen.fact.now("significant") if p.value}
    kinds = {p.region: p.text for p in pen.fact.now("quadrant")}
    if len(places) < 2:
        return None
    names = [p.region_name.get(pen.lang) for p in places]
    x, y = [p.value or 0.0 for p in places], [lags[p.region] or 0.0 for p in places]
    slope, p_value = pen.fact.value, pen.fact.single("p_value")
    finding = pen.t("says.moran", value=pen.value(slope))
    if p_value is not None:
        finding += pen.t("says.moran_p", p=pen.bare(p_value, 3))
    sizes = [pen.px(12 if p.region in sure else 8) for p in places]
    labels = placed(
        names, x, y, [size + 10 * (p.region in sure) for size, p in zip(sizes, places, strict=True)]
    )
    data: list[dict[str, Any]] = [
        {
            "type": "scatter", "mode": "markers+text", "x": x, "y": y, "text": labels, "cliponaxis": False,
            "textposition": "top center",
            "textfont": {"size": tokens.size("small", pen.dress), "color": pen.colours.text},
            "marker": {
                "size": sizes,
                "symbol": ["circle" if p.region in sure else "circle-open" for p in places],
                "color": [pen.colours.accent if p.region in sure else pen.colours.muted for p in places],
            },
            "hovertext": [
                f"{name}<br>{pen.word('moran', kinds.get(p.region, ''))}" for name, p in zip(names, places, strict=True)
            ],
            "hovertemplate": "%{hovertext}<extra></extra>",
        }
    ]  # fmt: skip
    ends = [min(x), max(x)]
    if slope is not None:
        data.append(
            {
                "type": "scatter", "mode": "lines", "x": ends, "y": [slope * end for end in ends],
                "line": {"color": pen.colours.series[1], "width": 1.5, "dash": "dash"}, "hoverinfo": "skip",
            }
        )  # fmt: skip
    rows = tuple(
        (
            name, pen.bare(a), pen.bare(b), pen.word("moran", kinds.get(p.region, "")),
            pen.t("sure" if p.region in sure else "unsure"),
        )
        for name, a, b, p in zip(names, x, y, places, strict=True)
    )  # fmt: skip
    head = (
        pen.t("column.place"),
        pen.measure("z"),
        pen.measure("lag"),
        pen.measure("quadrant"),
        pen.measure("significant"),
    )
    wide = 0.15 * (ends[1] - ends[0])
    corner = {"xref": "paper", "yref": "paper"}
    return Sketch(
        data=data,
        layout=pen.frame(
            height=pen.px(400),
            margin={"l": 8, "r": pen.px(16), "t": pen.px(32), "b": pen.px(40)},
            xaxis=_plain_axis(pen, [0.0, *x, ends[0] - wide, ends[1] + wide]) | {"title": {
                "text": pen.t("axis.z"), "font": {"size": tokens.size("small", pen.dress), "color": pen.colours.muted},
            }},
            yaxis=_plain_axis(pen, [0.0, *y]),
            shapes=[pen.level(0.0, pen.colours.muted, "solid"), upright(0.0, pen.colours.muted)],
            annotations=[
                *pen.above(pen.t("axis.lag")),
                *(
                    pen.note(pen.t(f"moran.{code}"), cx, cy, xanchor=xa, yanchor=ya, **corner)
                    for code, cx, cy, xa, ya in _CORNERS
                ),
            ],
        ),
        finding=finding,
        keys=(
            Key(pen.t("key.significant"), pen.colours.accent, "dot"),
            Key(pen.t("key.not_significant"), pen.colours.muted, "ring"),
            Key(pen.t("key.slope"), pen.colours.series[1], "dash"),
        ),
        numbers=Table(pen.name, head, rows, (1, 2)),
        measures=frozenset({"z", "lag", "significant", "quadrant"}),
    )  # fmt: skip


def _plain_axis(pen: Pen, values: Sequence[float]) -> dict[str, Any]:
    """An axis of numbers without a unit."""
    places, labels, _ = formats.ticks(min(values), max(values), "index", pen.lang)
    return axis(pen.dress, tickvals=places, ticktext=labels, range=[places[0], places[-1]])
