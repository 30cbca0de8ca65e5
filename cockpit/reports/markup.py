"""HTML by nested calls: every text is escaped, nothing is put together from strings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


Part = str | Markup | None
_VOID = ("meta",)


def el(tag: str, *parts: Part | Iterable[Part], **attributes: str) -> Markup:
    """An element; `_` in names of attributes stands for `-`, a `_` at the end is dropped (`class_`)."""
    named = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(value)}"' for name, value in attributes.items()
    )
    if tag in _VOID:
        return Markup(f"<{tag}{named}>")
    return Markup(f"<{tag}{named}>{joined(*parts)}</{tag}>")


def joined(*parts: Part | Iterable[Part]) -> Markup:
    """Parts one after the other; None is left out."""
    found: list[str] = []
    for part in parts:
        if isinstance(part, Markup):
            found.append(part)
        elif isinstance(part, str):
            found.append(escape(part, quote=False))
        elif part is not None:
            found.append(joined(*part))
    return Markup("".join(found))


def table(
    head: Sequence[str], rows: Iterable[Sequence[Part]], caption: str = "", numeric: Sequence[int] = ()
) -> Markup:
    """A table in a box that scrolls by itself; `numeric` are the columns set to the right."""

    def cell(tag: str, column: int, part: Part) -> Markup:
        return el(tag, part, class_="num") if column in numeric else el(tag, part)

    return el(
        "div",
        el(
            "table",
            el("caption", caption) if caption else None,
            el("thead", el("tr", [cell("th", n, title) for n, title in enumerate(head)])),
            el("tbody", [el("tr", [cell("td", n, part) for n, part in enumerate(row)]) for row in rows]),
        ),
        class_="box",
    )
