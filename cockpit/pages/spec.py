"""The typed record of a page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cockpit.components.view import View
from conf.schema import Text


@dataclass(frozen=True)
class Page:
    """One page: where it is, what it is called, which filters its address carries, and how it is made.

    ``path`` ending in ``/`` (other than the root) takes one more part. ``title`` is a text key.
    ``marking`` is the protective marking 密级 shown on the page.
    ``build`` gives the page's heading and its children.
    """

    path: str
    title: str
    icon: str
    filters: tuple[str, ...]
    marking: Text
    build: Callable[[View], tuple[str, list[Any]]]

    def answers(self, path: str) -> bool:
        """Whether an address path is this page's."""
        return path == self.path or (
            len(self.path) > 1 and self.path.endswith("/") and path.startswith(self.path)
        )
