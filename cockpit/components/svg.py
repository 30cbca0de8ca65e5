"""Inline SVG in a page: icons of our sprite and drawings made by the figures."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from dash.development.base_component import Component

SPRITE = Path(__file__).parents[1] / "assets" / "icons.svg"
FALLBACK = "theme"


class Svg(Component):
    """Puts SVG text made on the server into the page (drawn by ``assets/cockpit.js``).

    ``markup`` must come from this package, never from data; ``label`` is what a screen reader says,
    and a drawing without one is decoration.
    """

    _children_props: list[str] = []  # noqa: RUF012
    _base_nodes = ["children"]  # noqa: RUF012
    _namespace = "dingpan"
    _type = "Svg"
    _prop_names = ["id", "markup", "label", "className"]  # noqa: RUF012
    _valid_wildcard_attributes: list[str] = []  # noqa: RUF012
    available_properties = _prop_names
    available_wildcard_properties: list[str] = []  # noqa: RUF012

    def __init__(self, markup: str, label: str | None = None, className: str = "svg") -> None:
        super().__init__(markup=markup, label=label, className=className)


@cache
def sprite() -> str:
    """The whole sprite, to be put once into the page."""
    return SPRITE.read_text(encoding="utf-8")


@cache
def icon_names() -> frozenset[str]:
    """Names of the icons in the sprite."""
    return frozenset(re.findall(r'id="icon-([a-z]+)"', sprite()))


def icon(name: str) -> Svg:
    """An icon of the sprite; the fallback drawing for a name the sprite does not hold."""
    known = name if name in icon_names() else FALLBACK
    return Svg(
        f'<svg class="icon" viewBox="0 0 24 24"><use href="#icon-{known}"/></svg>', className="icon-box"
    )
