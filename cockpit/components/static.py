"""Parts of a page that never change once drawn."""

from __future__ import annotations

from typing import Any

from dash.development.base_component import Component


class Static(Component):
    """Elements of ``dash.html`` and drawings that are one component to Dash (drawn by ``assets/cockpit.js``).

    Dash looks at every component whenever anything on the page changes, so a table of a thousand cells holds up the
    browser for seconds. What needs no callback goes in here: links, buttons and details keep working, since the
    browser's own part listens to the whole document.
    """

    _children_props: list[str] = []  # noqa: RUF012
    _base_nodes = ["children"]  # noqa: RUF012
    _namespace = "dingpan"
    _type = "Static"
    _prop_names = ["id", "content"]  # noqa: RUF012
    _valid_wildcard_attributes: list[str] = []  # noqa: RUF012
    available_properties = _prop_names
    available_wildcard_properties: list[str] = []  # noqa: RUF012

    def __init__(self, content: Any) -> None:
        super().__init__()
        # Dash takes components in `children` alone, where it would look at each.
        self.content = content
