"""Figures as plain Plotly dicts, made from facts by pure functions.

Titles and sources stand outside the figure (`*_heading`), so that the page wraps and prints them as text;
every figure has a caption in words (`*_caption`) for screen readers.
"""

from cockpit.figures import analyses
from cockpit.figures.bars import (
    pyramid,
    pyramid_caption,
    pyramid_heading,
    ranking_bars,
    ranking_caption,
    ranking_heading,
)
from cockpit.figures.base import Heading, graph_config
from cockpit.figures.maps import (
    LegendRow,
    choropleth,
    legend,
    legend_unit,
    map_aspect,
    map_caption,
    map_heading,
    map_note,
)
from cockpit.figures.scores import scores_svg
from cockpit.figures.spark import sparkline_svg
from cockpit.figures.trend import is_long, score_line, trend, trend_caption, trend_heading

__all__ = [
    "Heading",
    "LegendRow",
    "analyses",
    "choropleth",
    "graph_config",
    "is_long",
    "legend",
    "legend_unit",
    "map_aspect",
    "map_caption",
    "map_heading",
    "map_note",
    "pyramid",
    "pyramid_caption",
    "pyramid_heading",
    "ranking_bars",
    "ranking_caption",
    "ranking_heading",
    "score_line",
    "scores_svg",
    "sparkline_svg",
    "trend",
    "trend_caption",
    "trend_heading",
]
