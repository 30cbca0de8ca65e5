"""A series over time, with its forecast, the forecasts made before, and the target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from cockpit import formats, texts, tokens
from cockpit.facts_types import BandPoint, PastForecast, TrendFact, TrendPoint
from cockpit.figures.base import FigureDict, Heading, axis, heading, layout, measure, note

#: Few enough points to show each as a dot, and the most labels an axis takes without crowding.
_DOTS = 16
_TICKS = 6
#: Below this many backtest origins a model's record says little.
_FEW_ORIGINS = 5
#: Known periods that a trend opens with, by freq: two years of short periods, five of months and quarters.
_WINDOW = {"D": 730, "W": 104, "T": 72, "M": 60, "Q": 20}
#: How far the 95 % interval may stretch the axis beyond all else, as a share of the span without it.
_STRETCH = 0.25


@dataclass(frozen=True)
class _Frame:
    """What a trend shows of its series: known points, past forecasts, and the ends of both axes."""

    actual: tuple[TrendPoint, ...]
    past: tuple[PastForecast, ...]
    low: float
    high: float
    is_clipped: bool


def is_long(fact: TrendFact) -> bool:
    """Whether a series is longer than what its trend opens with."""
    return len(fact.actual) > _WINDOW.get(fact.freq, len(fact.actual))


def trend(fact: TrendFact, lang: str, dress: str = "office", whole: bool = False) -> FigureDict:
    """The figure of a series, of its last years or `whole`. Values are in the indicator's unit, ticks and
    labels in 万 / 亿 or thousand / million; 80 % stands out from 95 %; forecasts are dashed. Where the 95 %
    interval would flatten all else, it runs out of the frame and a note says so."""
    frame = _frame(fact, whole)
    fact = replace(fact, actual=frame.actual, past=frame.past)
    colours = tokens.palette(dress)
    known = [point for point in fact.actual if point.value is not None]
    last = next((point for point in reversed(known) if point.status != "forecast"), None)
    ahead = [point for point in fact.forecast if last is None or point.period_end > last.period_end]
    positions, labels, unit = formats.ticks(frame.low, frame.high, fact.unit, lang)
    traces = [*_bands(ahead, last, dress, lang), *_past(fact, dress, lang), *_actual(fact, dress, lang)]
    if ahead:
        traces.append(_ahead(fact, ahead, last, dress, lang))
    shapes, notes = _origin(fact, last, dress, lang) if ahead else ([], [])
    goal_shapes, goal_notes = _goal(fact, dress, lang)
    notes += goal_notes + _end_labels(fact, last, ahead, dress, lang)
    if frame.is_clipped:
        text = texts.get("trend.clipped", lang)
        place = {"xref": "paper", "yref": "paper", "x": 1, "y": 0.98, "xanchor": "right", "yanchor": "top"}
        notes.append(note(text, dress, bgcolor=colours.card, **place))
    # The origin's words, and those of a goal, stand above the frame, where the unit would be.
    is_topped = bool(ahead or goal_notes)
    unit_note = texts.get("figure.unit_axis", lang, unit=unit) if unit else ""
    notes.append(
        note(
            unit_note,
            dress,
            xref="paper",
            yref="paper",
            x=0,
            y=1,
            xanchor="left",
            yanchor="bottom",
            yshift=24 if is_topped else 8,
        )
    )
    return {
        "data": traces,
        "layout": layout(
            dress,
            fact.status,
            lang,
            margin={"l": 8, "r": 64 if ahead else 16, "t": 52 if is_topped else 32, "b": 32 if ahead else 8},
            showlegend=bool(ahead),
            legend={
                "orientation": "h",
                "x": 0,
                "yref": "container",
                "y": 0,
                "yanchor": "bottom",
                "font": {"color": colours.muted},
                "itemclick": False,
                "itemdoubleclick": False,
            },
            hovermode="x",
            xaxis=axis(dress, type="date", showgrid=False, **_date_ticks(fact, lang)),
            yaxis=axis(dress, tickvals=positions, ticktext=labels, range=[positions[0], positions[-1]]),
            shapes=[*shapes, *goal_shapes],
            annotations=notes,
        ),
    }


def trend_heading(fact: TrendFact, lang: str, whole: bool = False) -> Heading:
    """The words around the figure: what is expected, or what the newest value is; of the span that `trend`
    shows."""
    name = measure(fact.name, fact.breakdown, fact.breakdown_name, lang)
    frame = _frame(fact, whole)
    known = [point for point in frame.actual if point.value is not None]
    if not known:
        title, span = texts.get("trend.title_empty", lang, name=name), ""
    else:
        end = fact.forecast[-1] if fact.forecast else None
        key = "trend.title_forecast" if end else "trend.title_level"
        value = end.mean if end else known[-1].value
        label = end.period if end else known[-1].period
        shown = formats.number(value, fact.unit, lang, fact.decimals)
        title = texts.get(key, lang, name=name, period=formats.period(label, lang), value=shown)
        first, last = (formats.period(point.period, lang) for point in (known[0], known[-1]))
        span = first if first == last else texts.get("figure.until", lang, first=first, last=last)
    _, _, unit = formats.ticks(frame.low, frame.high, fact.unit, lang)
    return heading(
        title, name, unit, fact.region_name, span, fact.source, fact.published_at, fact.status, lang
    )


def trend_caption(fact: TrendFact, lang: str) -> str:
    """The figure in words, for screen readers."""
    title = trend_heading(fact, lang).title
    known = [(point.value, point.period) for point in fact.actual if point.value is not None]
    if not known:
        return title
    low, high = min(known), max(known)
    text = texts.get(
        "trend.caption",
        lang,
        title=title,
        region=fact.region_name.get(lang),
        first=formats.period(known[0][1], lang),
        last=formats.period(known[-1][1], lang),
        n=len(known),
        low=formats.number(low[0], fact.unit, lang, fact.decimals),
        low_period=formats.period(low[1], lang),
        high=formats.number(high[0], fact.unit, lang, fact.decimals),
        high_period=formats.period(high[1], lang),
    )
    if not fact.forecast:
        return text
    end = fact.forecast[-1]
    values = (end.mean, end.lo80, end.hi80)
    mean, lo, hi = (formats.number(value, fact.unit, lang, fact.decimals) for value in values)
    more = texts.get(
        "trend.caption_forecast", lang, last=formats.period(end.period, lang), mean=mean, lo=lo, hi=hi
    )
    return text + more


def score_line(fact: TrendFact, lang: str) -> str:
    """The record of the forecast's model in one sentence, or that there is no forecast."""
    score = fact.score
    if score is None:
        return texts.get("trend.no_backtest" if fact.forecast else "trend.no_forecast", lang)
    if score.n_origins < _FEW_ORIGINS:
        return texts.get("trend.score_short", lang, n=score.n_origins)
    return texts.get(
        "trend.score",
        lang,
        n=score.n_origins,
        mape=formats.percent(score.mape / 100 if score.mape is not None else None, lang, 1),
        coverage80=formats.percent(score.coverage80, lang),
        coverage95=formats.percent(score.coverage95, lang),
    )


def _frame(fact: TrendFact, whole: bool) -> _Frame:
    actual = fact.actual if whole or not is_long(fact) else fact.actual[-_WINDOW[fact.freq] :]
    first = actual[0].period if actual else ""
    past = tuple(item for item in fact.past if item.origin >= first)
    values = [point.value for point in actual if point.value is not None]
    for point in fact.forecast:
        values += [bound for bound in (point.mean, point.lo80, point.hi80) if bound is not None]
    if fact.goal is not None:
        values.append(fact.goal)
    if not values:
        return _Frame(actual, past, 0.0, 1.0, is_clipped=False)
    low, high = min(values), max(values)
    wide = [bound for point in fact.forecast for bound in (point.lo95, point.hi95) if bound is not None]
    room = (high - low) * _STRETCH
    bottom, top = min([low, *wide]), max([high, *wide])
    clipped = bottom < low - room or top > high + room
    low, high = max(bottom, low - room), min(top, high + room)
    if low == high:
        low, high = low - abs(low) * 0.1 - 1, high + abs(high) * 0.1 + 1
    return _Frame(actual, past, low, high, clipped)


def _actual(fact: TrendFact, dress: str, lang: str) -> list[dict[str, Any]]:
    """The known values; values that are themselves projections are dashed like a forecast."""
    counted = [point for point in fact.actual if point.status != "forecast"]
    projected = [point for point in fact.actual if point.status == "forecast"]
    traces = []
    if counted:
        traces.append(_line(counted, fact, dress, lang, "actual"))
    if projected:
        traces.append(_line([*counted[-1:], *projected], fact, dress, lang, "forecast"))
    return traces


def _line(points: Sequence[TrendPoint], fact: TrendFact, dress: str, lang: str, kind: str) -> dict[str, Any]:
    colour = tokens.palette(dress).series[0]
    return {
        "type": "scatter",
        "mode": "lines+markers" if len(points) <= _DOTS else "lines",
        "name": texts.get(f"figure.{kind}", lang),
        "x": [point.period_end.isoformat() for point in points],
        "y": [point.value for point in points],
        "text": [_hover(point.period, point.value, fact, lang) for point in points],
        "hovertemplate": "%{text}<extra></extra>",
        "connectgaps": False,
        "line": {"color": colour, "width": 2, "dash": "solid" if kind == "actual" else "dash"},
        "marker": {"color": colour, "size": 6},
    }


def _ahead(
    fact: TrendFact, ahead: Sequence[BandPoint], last: TrendPoint | None, dress: str, lang: str
) -> dict[str, Any]:
    x, y = _from_last(last, ahead, [point.mean for point in ahead])
    hover = [_hover_band(point, fact, lang) for point in ahead]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": texts.get("figure.forecast", lang),
        "x": x,
        "y": y,
        "text": [*[""] * (len(x) - len(hover)), *hover],
        "hovertemplate": "%{text}<extra></extra>",
        "line": {"color": tokens.palette(dress).series[0], "width": 2, "dash": "dash"},
    }


def _bands(
    ahead: Sequence[BandPoint], last: TrendPoint | None, dress: str, lang: str
) -> list[dict[str, Any]]:
    """The 95 % interval first, so that the 80 % interval lies on it and stands out."""
    traces = []
    for name, alpha in (("95", 0.12), ("80", 0.24)):
        lower = [getattr(point, f"lo{name}") for point in ahead]
        upper = [getattr(point, f"hi{name}") for point in ahead]
        if not ahead or None in lower or None in upper:
            continue
        x, low = _from_last(last, ahead, lower)
        _, high = _from_last(last, ahead, upper)
        colour = tokens.palette(dress).series[0]
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "name": texts.get(f"figure.band{name}", lang),
                "x": [*x, *reversed(x)],
                "y": [*high, *reversed(low)],
                "fill": "toself",
                "fillcolor": tokens.translucent(colour, alpha),
                "line": {"width": 0, "color": tokens.translucent(colour, alpha)},
                "hoverinfo": "skip",
            }
        )
    return traces


def _past(fact: TrendFact, dress: str, lang: str) -> list[dict[str, Any]]:
    values = {point.period: point for point in fact.actual}
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "name": texts.get("figure.past_forecast", lang),
            "legendgroup": "past",
            "showlegend": position == 0,
            "x": _from_last(values.get(past.origin), past.points, [])[0],
            "y": _from_last(values.get(past.origin), past.points, [point.mean for point in past.points])[1],
            "hoverinfo": "skip",
            "line": {
                "color": tokens.translucent(tokens.palette(dress).muted, 0.6),
                "width": 1,
                "dash": "dot",
            },
        }
        for position, past in enumerate(fact.past)
    ]


def _from_last(
    last: TrendPoint | None, points: Sequence[BandPoint], values: Sequence[float | None]
) -> tuple[list[str], list[float | None]]:
    """A line ahead, tied to the last known value where there is one."""
    x = [point.period_end.isoformat() for point in points]
    if last is None or last.value is None:
        return x, list(values)
    return [last.period_end.isoformat(), *x], [last.value, *values]


def _origin(
    fact: TrendFact, last: TrendPoint | None, dress: str, lang: str
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    if last is None:
        return [], []
    day = last.period_end.isoformat()
    line = {"color": tokens.palette(dress).muted, "width": 1, "dash": "dot"}
    shape = {
        "type": "line",
        "xref": "x",
        "yref": "paper",
        "x0": day,
        "x1": day,
        "y0": 0,
        "y1": 1,
        "line": line,
    }
    text = texts.get("figure.origin", lang, period=formats.period(fact.origin, lang))
    label = note(text, dress, xref="x", yref="paper", x=day, y=1, xanchor="center", yanchor="bottom")
    return [shape], [label]


def _goal(fact: TrendFact, dress: str, lang: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    if fact.goal is None or not fact.actual:
        return [], []
    colours = tokens.palette(dress)
    line = {"color": colours.series[1], "width": 1, "dash": "dashdot"}
    ends = {"x0": 0, "x1": 1, "y0": fact.goal, "y1": fact.goal}
    shape = {"type": "line", "xref": "paper", "yref": "y", **ends, "line": line}
    value = formats.number(fact.goal, fact.unit, lang, fact.decimals)
    text = texts.get("figure.goal", lang, value=value, due=formats.day(fact.goal_due, lang))
    font = {"color": colours.series[1]}
    place = {"xref": "paper", "yref": "y", "x": 0, "y": fact.goal, "xanchor": "left", "yanchor": "bottom"}
    return [shape], [note(text, dress, font=font, xshift=40, **place)]


def _end_labels(
    fact: TrendFact, last: TrendPoint | None, ahead: Sequence[BandPoint], dress: str, lang: str
) -> list[dict[str, Any]]:
    """The newest value left of its point, on the side that its line does not come from, and the last forecast right
    of its own, two places that never meet; both in the unit of the axis."""
    ground = tokens.translucent(tokens.palette(dress).card, 0.7)
    strong = {"color": tokens.palette(dress).text, "size": tokens.size("body", dress)}
    ends: list[tuple[date, float, dict[str, Any]]] = []
    if last is not None and last.value is not None:
        known = [p.value for p in fact.actual if p.value is not None and p.period_end <= last.period_end]
        is_falling = len(known) > 1 and known[-2] > known[-1]
        side = {"yanchor": "top", "yshift": -6} if is_falling else {"yanchor": "bottom", "yshift": 6}
        beside = {"xanchor": "right", "xshift": -4, **side}
        ends.append((last.period_end, last.value, beside))
    if ahead:
        ends.append(
            (ahead[-1].period_end, ahead[-1].mean, {"xanchor": "left", "yanchor": "middle", "xshift": 6})
        )
    shown, _ = formats.column([value for _, value, _ in ends], fact.unit, lang, fact.decimals)
    return [
        note(text, dress, font=strong, bgcolor=ground, x=day.isoformat(), y=value, **place)
        for text, (day, value, place) in zip(shown, ends, strict=True)
    ]


def _date_ticks(fact: TrendFact, lang: str) -> dict[str, Any]:
    points: list[tuple[date, str]] = [(point.period_end, point.period) for point in fact.actual]
    points += [(p.period_end, p.period) for p in fact.forecast if not points or p.period_end > points[-1][0]]
    step = max(1, -(-len(points) // _TICKS))
    # Not the first one: its label would meet the lowest of the other axis.
    shown = points[step // 2 :: step]
    return {
        "tickvals": [day.isoformat() for day, _ in shown],
        "ticktext": [formats.tick(label, lang) for _, label in shown],
    }


def _hover(period: str, value: float | None, fact: TrendFact, lang: str) -> str:
    return f"{formats.period(period, lang)}<br>{formats.number(value, fact.unit, lang, fact.decimals)}"


def _hover_band(point: BandPoint, fact: TrendFact, lang: str) -> str:
    lines = [_hover(point.period, point.mean, fact, lang)]
    for name, low, high in (("80", point.lo80, point.hi80), ("95", point.lo95, point.hi95)):
        if low is not None and high is not None:
            shown = [formats.number(bound, fact.unit, lang, fact.decimals) for bound in (low, high)]
            lines.append(f"{texts.get(f'figure.band{name}', lang)} {shown[0]}–{shown[1]}")
    return "<br>".join(lines)
