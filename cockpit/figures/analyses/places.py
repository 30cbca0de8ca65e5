"""Charts that set places side by side: quadrant, shift–share, ranks with intervals, inequality, Moran."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Any

from cockpit import formats, tokens
from cockpit.facts_types_analysis import AnalysisPoint
from cockpit.figures.analyses.base import Key, Pen, Sketch, Table, placed, upright
from cockpit.figures.base import axis

#: A location quotient above it means more specialised than the whole.
EVEN = 1.0
_ROW = 24
_PARTS = ("national", "mix", "regional")
#: Ranks by other weights, in the table beside the rank that is drawn.
_RANKED_BY = ("rank_entropy", "rank_principal", "rank_judged")


def quadrant(pen: Pen) -> Sketch | None:
    """Growth against specialisation: the size of a dot is the size of the place or industry."""
    places = [p for p in pen.fact.figures if p.period == pen.fact.period and p.value is not None]
    growth = {_who(p): p.value for p in pen.fact.now("growth") if p.value is not None}
    sizes = {_who(p): p.value or 0.0 for p in pen.fact.now("size")}
    found = [(p, p.value or 0.0, growth[_who(p)]) for p in places if _who(p) in growth]
    if len(found) < 2:
        return None
    by_region = len({p.region for p, _, _ in found}) > 1
    names = [(p.region_name if by_region else p.breakdown_name).get(pen.lang) for p, _, _ in found]
    x, y = [value for _, value, _ in found], [value for _, _, value in found]
    middle, title = median(y), pen.fact.name.get(pen.lang)
    largest = max(sizes.values(), default=0.0)
    dots = [
        pen.px(8 + 20 * (sizes.get(_who(p), 0.0) / largest) ** 0.5) if largest else pen.px(10)
        for p, _, _ in found
    ]
    strong = [(name, a, b) for name, a, b in zip(names, x, y, strict=True) if a > EVEN and b > middle]
    colours = [
        pen.colours.accent if a > EVEN and b > middle else pen.colours.muted
        for a, b in zip(x, y, strict=True)
    ]
    growth_unit = formats.unit_name("percent", pen.lang)
    xs = [EVEN, *x, min(x) - 0.08 * (max(x) - min(x)), max(x) + 0.2 * (max(x) - min(x))]
    finding = pen.t("says.quadrant_none")
    if strong:
        first = sorted(strong, key=lambda one: -one[1])[:3]
        finding = pen.t("says.quadrant", n=len(strong), places=pen.join(name for name, _, _ in first))
    head = (
        pen.t("column.place" if by_region else "column.breakdown"),
        pen.fact.name.get(pen.lang),
        pen.measure("growth"),
    )
    rows = sorted(zip(names, x, y, strict=True), key=lambda one: -one[1])
    return Sketch(
        data=[
            {
                "type": "scatter", "mode": "markers+text", "x": x, "y": y,
                "text": placed(names, x, y, sizes=dots), "textposition": "top center", "cliponaxis": False,
                "textfont": {"size": tokens.size("small", pen.dress), "color": pen.colours.text},
                "marker": {
                    "size": dots, "color": [tokens.translucent(colour, 0.75) for colour in colours],
                    "line": {"width": 1, "color": pen.colours.card},
                },
                "hovertext": [
                    "<br>".join((name, f"{title} {pen.value(a)}", f"{pen.measure('growth')} {pen.value(b, 'growth')}"))
                    for name, a, b in zip(names, x, y, strict=True)
                ],
                "hovertemplate": "%{hovertext}<extra></extra>",
            }
        ],
        layout=pen.frame(
            height=pen.px(400),
            margin={"l": 8, "r": pen.px(16), "t": pen.px(36), "b": pen.px(40)},
            xaxis=pen.value_axis(xs) | {"title": {
                "text": pen.t("axis.specialisation", name=pen.fact.name.get(pen.lang)),
                "font": {"size": tokens.size("small", pen.dress), "color": pen.colours.muted},
            }},
            yaxis=pen.value_axis([*y, middle], "growth"),
            shapes=[
                upright(EVEN, pen.colours.text, "dash"),
                pen.level(middle, pen.colours.text),
            ],
            annotations=[
                *pen.above(pen.t("axis.growth", unit=growth_unit)),
            ],
        ),
        finding=finding,
        keys=(
            Key(pen.t("corner.strong"), pen.colours.accent, "dot"),
            Key(pen.t("key.other_places"), pen.colours.muted, "dot"),
            Key(pen.t("key.middle_growth", value=pen.value(middle, "growth")), pen.colours.text, "dash"),
        ),
        numbers=Table(pen.name, head, tuple((n, pen.value(a), pen.value(b, "growth")) for n, a, b in rows), (1, 2)),
        measures=frozenset({"growth", "size"}),
    )  # fmt: skip


def _who(point: AnalysisPoint) -> tuple[str, str]:
    return point.region, point.breakdown


def shift_share(pen: Pen) -> Sketch | None:
    """Growth of each place in parts: what the whole brought, the mix of its industries, and its own."""
    parts = {name: {p.region: p for p in pen.fact.now(name)} for name in _PARTS}
    regions = sorted(parts["regional"], key=lambda code: -(parts["regional"][code].value or 0.0))
    if not regions:
        return None
    names = [parts["regional"][code].region_name.get(pen.lang) for code in regions]
    data = []
    for measure, colour in zip(
        _PARTS, (pen.colours.muted, pen.colours.series[1], pen.colours.accent), strict=True
    ):
        values = [parts[measure][code].value if code in parts[measure] else None for code in regions]
        data.append(
            {
                "type": "bar", "orientation": "h", "y": list(range(len(regions))), "x": values,
                "marker": {"color": colour}, "textposition": "none",
                "text": [
                    f"{name}<br>{pen.measure(measure)} {pen.value(value)}"
                    for name, value in zip(names, values, strict=True)
                ],
                "hovertemplate": "%{text}<extra></extra>",
            }
        )  # fmt: skip
    ends: list[float | None] = [0.0]
    for code in regions:
        own = [part[code].value or 0.0 for part in parts.values() if code in part]
        ends += [sum(v for v in own if v > 0), sum(v for v in own if v < 0)]
    best = parts["regional"][regions[0]]
    head = (pen.t("column.place"), *(pen.measure(name) for name in _PARTS))
    rows = tuple(
        (name, *(pen.value(parts[part][code].value) if code in parts[part] else "" for part in _PARTS))
        for name, code in zip(names, regions, strict=True)
    )
    return Sketch(
        data=data,
        layout=pen.frame(
            height=pen.px(_ROW) * len(regions) + pen.px(84),
            barmode="relative",
            bargap=0.3,
            xaxis=pen.value_axis(ends),
            yaxis=_names_axis(pen, names),
            shapes=[upright(0.0, pen.colours.text)],
            annotations=pen.unit_note(pen.unit_of(ends)),
        ),
        finding=pen.t("says.shift", place=best.region_name.get(pen.lang), value=pen.value(best.value)),
        keys=tuple(
            Key(pen.measure(part), colour, "box")
            for part, colour in zip(
                _PARTS, (pen.colours.muted, pen.colours.series[1], pen.colours.accent), strict=True
            )
        ),
        numbers=Table(pen.name, head, rows, (1, 2, 3)),
        measures=frozenset(_PARTS),
        unit=pen.unit_of(ends),
    )


def _names_axis(pen: Pen, names: Sequence[str]) -> dict[str, Any]:
    return axis(
        pen.dress,
        showgrid=False,
        range=[len(names) - 0.5, -0.5],
        tickvals=list(range(len(names))),
        ticktext=list(names),
    )


def rank_intervals(pen: Pen) -> Sketch | None:
    """The rank of each place with the interval that other weights and normings give it."""
    ranks = {p.region: p for p in pen.fact.now("rank") if p.value is not None}
    low = {p.region: p.value for p in pen.fact.now("rank_low")}
    high = {p.region: p.value for p in pen.fact.now("rank_high")}
    chance = {p.region: p.value for p in pen.fact.now("chance_top")}
    score = {p.region: p.value for p in pen.fact.figures if p.period == pen.fact.period}
    others = {name: {p.region: p.value for p in pen.fact.now(name)} for name in _RANKED_BY}
    others = {name: ranked for name, ranked in others.items() if ranked}
    regions = sorted(ranks, key=lambda code: ranks[code].value or 0.0)
    if len(regions) < 2:
        return None
    names = [ranks[code].region_name.get(pen.lang) for code in regions]
    at = [ranks[code].value or 0.0 for code in regions]
    bottoms = [value if value is not None else a for a, value in zip(at, map(low.get, regions), strict=True)]
    tops = [value if value is not None else a for a, value in zip(at, map(high.get, regions), strict=True)]
    first = regions[0]
    finding = pen.t("says.rank", place=names[0], value=pen.value(score.get(first)))
    if chance.get(first) is not None:
        finding += pen.t("says.chance", chance=pen.value(chance[first], "chance_top"))
    last = max(*tops, len(regions))
    ticks = sorted({1, *range(5, round(last) + 1, 5)})
    rows = tuple(
        (
            f"{a:.0f}", name, pen.value(score.get(code)), pen.t("interval", low=f"{b:.0f}", high=f"{c:.0f}"),
            *([pen.value(chance.get(code), "chance_top")] if chance else []),
            *(f"{value:.0f}" if (value := ranked.get(code)) else "" for ranked in others.values()),
        )
        for a, b, c, name, code in zip(at, bottoms, tops, names, regions, strict=True)
    )  # fmt: skip
    head = (
        pen.measure("rank"),
        pen.t("column.place"),
        pen.fact.name.get(pen.lang),
        pen.t("column.interval"),
        *([pen.measure("chance_top")] if chance else []),
        *map(pen.measure, others),
    )
    return Sketch(
        data=[
            {
                "type": "scatter", "mode": "markers", "x": at, "y": list(range(len(regions))),
                "error_x": {
                    "type": "data", "symmetric": False, "color": pen.colours.muted, "thickness": pen.px(2),
                    "width": pen.px(4),
                    "array": [top - a for a, top in zip(at, tops, strict=True)],
                    "arrayminus": [a - bottom for a, bottom in zip(at, bottoms, strict=True)],
                },
                "marker": {
                    "size": pen.px(9),
                    "color": [
                        pen.colours.series[1] if code == pen.fact.region else pen.colours.accent for code in regions
                    ],
                },
                "text": [" ".join(row) for row in rows], "hovertemplate": "%{text}<extra></extra>",
            }
        ],
        layout=pen.frame(
            height=pen.px(_ROW) * len(regions) + pen.px(84),
            xaxis=axis(
                pen.dress, range=[0.2, last + 0.8], tickvals=ticks, ticktext=[str(n) for n in ticks], side="bottom"
            ),
            yaxis=_names_axis(pen, names),
            annotations=pen.above(pen.t("axis.rank")),
        ),
        finding=finding,
        keys=(
            Key(pen.measure("rank"), pen.colours.accent, "dot"),
            Key(pen.t("key.interval"), pen.colours.muted),
        ),
        numbers=Table(pen.name, head, rows, (0, *range(2, len(head)))),
        measures=frozenset({"rank", "rank_low", "rank_high", "chance_top", "weight", *_RANKED_BY}),
        beside=_weights(pen),
    )  # fmt: skip


def _weights(pen: Pen) -> Table | None:
    weights = [p for p in pen.fact.now("weight") if p.value is not None]
    rows = tuple(
        (pen.item(p), formats.percent(p.value, pen.lang, 1))
        for p in sorted(weights, key=lambda p: -(p.value or 0))
    )
    return (
        Table(pen.t("table.weights"), (pen.t("column.input"), pen.measure("weight")), rows, (1,))
        if rows
        else None
    )
