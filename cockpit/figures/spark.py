"""A sparkline as an SVG text: it needs no script and no graph of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from cockpit import tokens
from cockpit.facts_types import SparkPoint

_PAD = 3.0


def sparkline_svg(
    points: Sequence[SparkPoint], dress: str = "office", width: int = 120, height: int = 32
) -> str:
    """An SVG of `width` × `height` px: known values solid with a dot on the newest, forecasts dashed, gaps
    left open. Empty without two values."""
    values = [point.value for point in points if point.value is not None]
    if len(values) < 2:
        return ""
    low, high = min(values), max(values)
    step = (width - 2 * _PAD) / (len(points) - 1)
    span = high - low or 1.0

    def place(position: int, value: float) -> tuple[float, float]:
        return _PAD + position * step, height - _PAD - (value - low) / span * (height - 2 * _PAD)

    spots = [None if point.value is None else place(n, point.value) for n, point in enumerate(points)]
    known = [spot for point, spot in zip(points, spots, strict=True) if spot and not point.is_forecast]
    colour = tokens.palette(dress).accent
    solid = "".join(_segments(points, spots, is_forecast=False))
    dashed = "".join(_segments(points, spots, is_forecast=True))
    stroke = f'fill="none" stroke="{colour}" stroke-width="1.5" stroke-linejoin="round"'
    lines = f'<path d="{solid}" {stroke}/><path d="{dashed}" {stroke} stroke-dasharray="3 2"/>'
    dot = (
        f'<circle cx="{known[-1][0]:.1f}" cy="{known[-1][1]:.1f}" r="2.2" fill="{colour}"/>' if known else ""
    )
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} aria-hidden="true">{lines}{dot}</svg>'


def _segments(
    points: Sequence[SparkPoint], spots: Sequence[tuple[float, float] | None], is_forecast: bool
) -> Iterator[str]:
    """Lines between neighbours that both have a value; the line into a forecast is a forecast's."""
    for (_, start), (point, end) in pairwise(zip(points, spots, strict=True)):
        if start and end and point.is_forecast == is_forecast:
            yield f"M{start[0]:.1f} {start[1]:.1f}L{end[0]:.1f} {end[1]:.1f}"
