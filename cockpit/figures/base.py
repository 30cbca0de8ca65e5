"""What all figures share: the layout of a dress, headings, and the one graph configuration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cockpit import formats, texts, tokens
from cockpit.facts_types import Text

FigureDict = dict[str, Any]


@dataclass(frozen=True)
class Heading:
    """What stands around a figure: the finding or question, the measure with unit, region and period, the
    source and the mark of simulated data (empty for real data)."""

    title: str
    subtitle: str
    source: str
    mark: str


def heading(
    title: str,
    measure: str,
    unit: str,
    region: Text,
    period: str,
    source: Text,
    published: Any,
    status: str,
    lang: str,
) -> Heading:
    """A heading from its parts; `unit` and `period` are already in words, either may be empty."""
    key = "figure.subtitle" if unit else "figure.subtitle_no_unit"
    subtitle = texts.get(key, lang, measure=measure, unit=unit, region=region.get(lang), period=period)
    line = texts.get("figure.source", lang, source=source.get(lang))
    if published is not None:
        line += texts.get("format.separator", lang)
        line += texts.get("figure.published", lang, published=formats.day(published, lang))
    return Heading(title, subtitle, line, mark(status, lang))


def measure(name: Text, breakdown: str, breakdown_name: Text, lang: str) -> str:
    """An indicator's name with its breakdown, unless that is the total."""
    if not breakdown:
        return name.get(lang)
    return texts.get("figure.measure", lang, name=name.get(lang), breakdown=breakdown_name.get(lang))


def mark(status: str, lang: str) -> str:
    """The mark that a figure of simulated data carries; empty for any other."""
    return texts.get("figure.simulated_mark", lang) if status == "simulated" else ""


def layout(
    dress: str, status: str, lang: str, trial: bool = False, above: bool = False, **more: Any
) -> dict[str, Any]:
    """The common layout: transparent paper, the dress's type and colours, room kept from the start, and the
    marks of simulated data and of a `trial` index 试算 inside the figure, so that they stay on every export:
    in its lower corner, or `above` its frame where that corner may hold figures."""
    colours = tokens.palette(dress)
    annotations = [*_stamp(dress, status, lang, trial, above), *more.pop("annotations", [])]
    return {
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": tokens.FONT, "size": tokens.size("small", dress), "color": colours.text},
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "hoverlabel": {
            "bgcolor": colours.card,
            "bordercolor": colours.line,
            "font": {"family": tokens.FONT, "size": tokens.size("small", dress), "color": colours.text},
        },
        "showlegend": False,
        "dragmode": False,
        "annotations": annotations,
        **more,
    }


def axis(dress: str, **more: Any) -> dict[str, Any]:
    """An axis in the dress's colours: a thin grid, no zero line, tick texts of our own."""
    colours = tokens.palette(dress)
    return {
        "showline": False,
        "zeroline": False,
        "gridcolor": colours.line,
        "gridwidth": 1,
        "ticks": "",
        "tickfont": {"color": colours.muted},
        "automargin": True,
        "fixedrange": True,
        **more,
    }


def note(text: str, dress: str, **more: Any) -> dict[str, Any]:
    """An annotation without an arrow."""
    font = {"size": tokens.size("small", dress), "color": tokens.palette(dress).muted}
    return {"text": text, "showarrow": False, "font": font | more.pop("font", {}), **more}


def graph_config(lang: str, name: str = "dingpan") -> dict[str, Any]:
    """The configuration of every graph: nothing is sent anywhere, no logo, downloads as SVG under `name`."""
    return {
        "showSendToCloud": False,
        "plotlyServerURL": "",
        "displaylogo": False,
        "displayModeBar": False,
        "responsive": True,
        "scrollZoom": False,
        "locale": "zh-CN" if lang == "zh" else "en",
        "toImageButtonOptions": {"format": "svg", "filename": name},
    }


def _stamp(dress: str, status: str, lang: str, trial: bool, above: bool) -> list[dict[str, Any]]:
    words = (mark(status, lang), texts.get("analysis.trial", lang) if trial else "")
    text = " · ".join(word for word in words if word)
    if not text:
        return []
    colours = tokens.palette(dress)
    place = {
        "xref": "paper",
        "yref": "paper",
        "x": 1,
        "y": int(above),
        "xanchor": "right",
        "yanchor": "bottom",
    }
    return [
        note(
            text,
            dress,
            **place,
            font={"color": colours.orange},
            bordercolor=colours.orange,
            borderwidth=1,
            borderpad=2,
            # Room for the border, which the frame would cut.
            xshift=-3,
            yshift=3,
            bgcolor=colours.card,
        )
    ]
