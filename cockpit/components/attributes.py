"""Attributes of HTML elements whose names are no Python names."""

from __future__ import annotations

from typing import Any


def attrs(**given: str | None) -> dict[str, Any]:
    """``data_nav="page"`` as ``{"data-nav": "page"}``; what is None is left out."""
    return {name.replace("_", "-"): value for name, value in given.items() if value is not None}
