"""The tables of a theme and what its transforms make of them, each made when asked for."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from themes.common.contract import Theme

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


class Views(dict[str, "DataFrame"]):
    """Tables by name, opened by `table`; views of the theme by their function.

    What `table` raises for one that is not there comes also from inside a view.
    """

    def __init__(self, theme: Theme, table: Callable[[str], DataFrame]) -> None:
        super().__init__()
        self._table = table
        module = f"themes.{theme.id}.transforms"
        self._made = import_module(module).VIEWS if find_spec(module) else {}

    def __missing__(self, name: str) -> DataFrame:
        self[name] = self._made[name](self) if name in self._made else self._table(name)
        return self[name]
