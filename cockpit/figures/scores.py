"""The scores of a department's deliveries over the months, as an SVG text."""

from __future__ import annotations

from cockpit import formats, tokens
from cockpit.facts_types import MonthScore

_WIDTH, _HEIGHT = 360, 104
_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 52, 12, 24
_FULL = 100.0


def scores_svg(points: tuple[MonthScore, ...], lang: str, dress: str = "office") -> str:
    """An SVG of the scores from the ten below the lowest up to 100, months at their true distance. Empty
    without two months."""
    if len(points) < 2:
        return ""
    colours = tokens.palette(dress)
    floor = min(90.0, 10.0 * (min(point.score for point in points) // 10))
    first, last = _month(points[0].month), _month(points[-1].month)

    def place(point: MonthScore) -> tuple[float, float]:
        along = (_month(point.month) - first) / (last - first)
        up = (point.score - floor) / (_FULL - floor)
        return _LEFT + along * (_WIDTH - _LEFT - _RIGHT), _HEIGHT - _BOTTOM - up * (_HEIGHT - _TOP - _BOTTOM)

    spots = [place(point) for point in points]
    line = "L".join(f"{x:.1f} {y:.1f}" for x, y in spots)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.4" fill="{colours.accent}"/>' for x, y in spots)
    x, y = spots[-1]
    parts = [
        *(_grid(value, floor, colours) for value in (floor, _FULL)),
        f'<path d="M{line}" fill="none" stroke="{colours.accent}" stroke-width="1.8" stroke-linejoin="round"/>',
        dots,
        _text(x + 7, y + 4, formats.plain(points[-1].score, 1, lang), colours.text, "start"),
        _text(_LEFT, _HEIGHT - 6, formats.period(points[0].month, lang), colours.muted, "start"),
        _text(_WIDTH - _RIGHT, _HEIGHT - 6, formats.period(points[-1].month, lang), colours.muted, "end"),
    ]
    size = f'viewBox="0 0 {_WIDTH} {_HEIGHT}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} aria-hidden="true">{"".join(parts)}</svg>'


def _month(label: str) -> int:
    """`2026-03` as a count of months."""
    return int(label[:4]) * 12 + int(label[5:7])


def _grid(value: float, floor: float, colours: tokens.Palette) -> str:
    y = _HEIGHT - _BOTTOM - (value - floor) / (_FULL - floor) * (_HEIGHT - _TOP - _BOTTOM)
    line = f'<path d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}" stroke="{colours.line}"/>'
    return line + _text(_LEFT - 6, y + 4, f"{value:.0f}", colours.muted, "end")


def _text(x: float, y: float, text: str, colour: str, anchor: str) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" font-size="12" text-anchor="{anchor}">{text}</text>'
    )
