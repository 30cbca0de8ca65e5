"""Bars: places in rank, and the population by age and sex."""

from __future__ import annotations

from typing import Any

from cockpit import formats, texts, tokens
from cockpit.facts_types import PyramidFact, Ranking, RankRow
from cockpit.figures.base import FigureDict, Heading, axis, heading, layout, mark, note

#: Rows a ranking shows; the rest stand in the table.
ROWS = 22
_ROW_HEIGHT = {"office": 24, "wall": 36}


def ranking_bars(fact: Ranking, lang: str, dress: str = "office") -> FigureDict:
    """Bars from the highest value down, from zero, each with its value and change of rank; the page's own
    region in the accent colour. Its height grows with its rows."""
    colours = tokens.palette(dress)
    rows = _shown(fact)
    values, unit = formats.column([row.value for row in rows], fact.unit, lang, fact.decimals)
    labels = [f"{row.rank} {row.region_name.get(lang)}" for row in rows]
    ends = [_end(row, text, lang, dress) for row, text in zip(rows, values, strict=True)]
    faint = tokens.mix(colours.card, colours.accent, 0.45)
    low, high = min([0.0, *(row.value for row in rows)]), max([0.0, *(row.value for row in rows)])
    room = (high - low or 1.0) * 0.3
    hidden = len(fact.rows) - len(rows)
    more = texts.get("ranking.more", lang, n=hidden) if hidden else ""
    # The mark of simulated data stands on an empty row below the last.
    lines = len(rows) + bool(mark(fact.status, lang))
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "y": labels,
                "x": [row.value for row in rows],
                "text": ends,
                "textposition": "outside",
                "cliponaxis": False,
                "marker": {
                    "color": [colours.accent if row.region == fact.selected else faint for row in rows]
                },
                "customdata": [row.region for row in rows],
                "hovertext": [_hover(row, fact, lang) for row in rows],
                "hovertemplate": "%{hovertext}<extra></extra>",
            }
        ],
        "layout": layout(
            dress,
            fact.status,
            lang,
            height=_ROW_HEIGHT[dress] * max(lines, 1) + 48,
            margin={"l": 8, "r": 8, "t": 28, "b": 20},
            bargap=0.3,
            xaxis=axis(
                dress, showgrid=False, showticklabels=False, range=[low - (room if low else 0), high + room]
            ),
            yaxis=axis(dress, showgrid=False, range=[lines - 0.5, -0.5], type="category"),
            annotations=[
                _unit_note(unit, dress, lang),
                note(more, dress, xref="paper", yref="paper", x=1, y=0, xanchor="right", yanchor="top"),
            ],
        ),
    }


def ranking_heading(fact: Ranking, lang: str) -> Heading:
    """The words around a ranking: where the page's region stands, or who leads."""
    name = fact.name.get(lang)
    own = next((row for row in fact.rows if row.region == fact.selected), None)
    if own is not None:
        selected = own.region_name.get(lang)
        title = texts.get(
            "ranking.title_selected", lang, name=name, selected=selected, n=len(fact.rows), rank=own.rank
        )
    elif fact.rows:
        title = texts.get("ranking.title", lang, name=name, first=fact.rows[0].region_name.get(lang))
    else:
        title = texts.get("trend.title_empty", lang, name=name)
    _, unit = formats.column([row.value for row in fact.rows], fact.unit, lang, fact.decimals)
    period = formats.period(fact.period, lang)
    found = heading(
        title, name, unit, fact.region_name, period, fact.source, fact.published_at, fact.status, lang
    )
    if fact.prior_period is None or all(row.rank_change is None for row in fact.rows):
        return found
    compared = texts.get("ranking.compared", lang, period=formats.period(fact.prior_period, lang))
    subtitle = found.subtitle + texts.get("format.separator", lang) + compared
    return Heading(found.title, subtitle, found.source, found.mark)


def ranking_caption(fact: Ranking, lang: str) -> str:
    """The ranking in words, for screen readers."""
    rows = texts.get("format.joint", lang).join(
        texts.get(
            "ranking.row",
            lang,
            rank=row.rank,
            name=row.region_name.get(lang),
            value=formats.number(row.value, fact.unit, lang, fact.decimals),
        )
        for row in _shown(fact)
    )
    title = ranking_heading(fact, lang).title
    return texts.get(
        "ranking.caption", lang, title=title, period=formats.period(fact.period, lang), rows=rows
    )


def pyramid(fact: PyramidFact, lang: str, dress: str = "office") -> FigureDict:
    """Men to the left, women to the right, youngest at the bottom; both sides on one scale from zero."""
    colours = tokens.palette(dress)
    values = [value for band in fact.bands for value in (band.male, band.female) if value is not None]
    positions, labels, unit = formats.ticks(0.0, max(values, default=1.0), fact.unit, lang)
    ages = [band.age_name.get(lang) for band in fact.bands]
    sides = (
        ("male", [band.male for band in fact.bands], -1, colours.series[0]),
        ("female", [band.female for band in fact.bands], 1, colours.series[1]),
    )
    reach = positions[-1]
    inner, texts_inner = positions[1:], labels[1:]
    heads = [
        note(
            texts.get(f"figure.{sex}", lang),
            dress,
            xref="x",
            yref="paper",
            x=sign * reach / 2,
            y=1,
            yanchor="bottom",
            font={"color": colour, "size": tokens.size("body", dress)},
        )
        for sex, _, sign, colour in sides
    ]
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "name": texts.get(f"figure.{sex}", lang),
                "y": ages,
                "x": [None if value is None else sign * value for value in held],
                "marker": {"color": colour},
                "hovertext": [
                    f"{age} {texts.get(f'figure.{sex}', lang)}<br>"
                    f"{formats.number(value, fact.unit, lang, fact.decimals)}"
                    for age, value in zip(ages, held, strict=True)
                ],
                "hovertemplate": "%{hovertext}<extra></extra>",
            }
            for sex, held, sign, colour in sides
        ],
        "layout": layout(
            dress,
            fact.status,
            lang,
            height=_ROW_HEIGHT[dress] * max(len(ages), 4) + 72,
            margin={"l": 8, "r": 28, "t": 28, "b": 28},
            barmode="relative",
            bargap=0.12,
            xaxis=axis(
                dress,
                range=[-reach, reach],
                tickvals=[*(-x for x in reversed(inner)), 0, *inner],
                ticktext=[*reversed(texts_inner), "0", *texts_inner],
                title={
                    "text": texts.get("figure.unit_axis", lang, unit=unit),
                    "font": {"color": colours.muted},
                },
            ),
            yaxis=axis(dress, showgrid=False, type="category"),
            annotations=heads,
        ),
    }


def pyramid_heading(fact: PyramidFact, lang: str) -> Heading:
    """The words around a pyramid: which age group is the largest."""
    name = fact.name.get(lang)
    largest = max(fact.bands, key=lambda band: (band.male or 0.0) + (band.female or 0.0))
    title = texts.get("pyramid.title", lang, name=name, age=largest.age_name.get(lang))
    values = [value for band in fact.bands for value in (band.male, band.female) if value is not None]
    _, unit = formats.column(values, fact.unit, lang, fact.decimals)
    period = formats.period(fact.period, lang)
    return heading(
        title, name, unit, fact.region_name, period, fact.source, fact.published_at, fact.status, lang
    )


def pyramid_caption(fact: PyramidFact, lang: str) -> str:
    """The pyramid in words, for screen readers."""
    title = pyramid_heading(fact, lang).title
    period = formats.period(fact.period, lang)
    return texts.get(
        "pyramid.caption",
        lang,
        title=title,
        region=fact.region_name.get(lang),
        period=period,
        n=len(fact.bands),
    )


def _shown(fact: Ranking) -> tuple[RankRow, ...]:
    """The first rows, and the page's own region in place of the last of them when it stands further down."""
    rows = fact.rows[:ROWS]
    own = [row for row in fact.rows[ROWS:] if row.region == fact.selected]
    return (*rows[: ROWS - 1], *own) if own else rows


def _end(row: RankRow, value: str, lang: str, dress: str) -> str:
    """What stands at a bar's end: the value, its light, and how many places the region moved."""
    colours = tokens.palette(dress)
    text = value
    if row.light and row.light.light != "green":
        shape = tokens.SHAPES[row.light.light]
        text += f' <span style="color:{colours.light(row.light.light)}">{shape}</span>'
    if row.rank_change:
        text += f' <span style="color:{colours.muted}">{formats.places(row.rank_change, lang)}</span>'
    return text


def _hover(row: RankRow, fact: Ranking, lang: str) -> str:
    value = formats.number(row.value, fact.unit, lang, fact.decimals)
    lines = [texts.get("ranking.row", lang, rank=row.rank, name=row.region_name.get(lang), value=value)]
    if row.rank_change is not None:
        lines.append(formats.places(row.rank_change, lang))
    return "<br>".join(lines)


def _unit_note(unit: str, dress: str, lang: str) -> dict[str, Any]:
    text = texts.get("figure.unit_axis", lang, unit=unit) if unit else ""
    return note(text, dress, xref="paper", yref="paper", x=1, y=1, xanchor="right", yanchor="bottom")
