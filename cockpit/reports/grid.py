"""A table of a report as a typed grid: what is a value of the facts stays one, what is computed from other
cells says how, so that a document prints the result and a workbook the formula.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

Cell = float | str | None


@dataclass(frozen=True)
class Column:
    """One column. `kind` is text, number (a value of the facts, in `unit`), or computed from other columns
    `of` the same row: `sum`; `share` of the base row; `change` and `difference` on the row before; `error`,
    the first over the second less one. Shares, changes and errors are fractions: 0.05 is 5 %."""

    title: str
    kind: str = "text"
    unit: str = ""
    decimals: int = 0
    of: tuple[int, ...] = ()


@dataclass(frozen=True)
class Grid:
    """One table. `base` says what shares are shares of: `first` row, `total` (a row of sums below), or empty.
    `unit` is the unit of the numbers, for the caption; `source` and `mark` stand under the table. `compared`
    says which row a change of each row is on, the row before where it is empty."""

    title: str
    unit: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    base: str = ""
    source: str = ""
    mark: str = ""
    compared: tuple[int | None, ...] = ()

    @property
    def has_total(self) -> bool:
        """Whether a row of sums stands below."""
        return self.base == "total"

    def values(self) -> list[list[Cell]]:
        """All cells with the computed ones filled in, the row of sums last."""
        rows = [list(row) for row in self.rows]
        for row in rows:
            for n, column in enumerate(self.columns):
                if column.kind == "sum":
                    row[n] = _sum(row[k] for k in column.of)
                elif column.kind == "error":
                    row[n] = _ratio(row[column.of[0]], row[column.of[1]], less=1)
        total = self._total(rows)
        base = rows[0] if self.base == "first" and rows else total
        for n, row in enumerate(rows):
            other = self.before(n)
            self._relate(row, None if other is None else rows[other], base)
        self._relate(total, None, base)
        return [*rows, total] if self.has_total else rows

    def before(self, row: int) -> int | None:
        """The row that a row's changes are on."""
        if self.compared:
            return self.compared[row]
        return row - 1 if row else None

    def _total(self, rows: list[list[Cell]]) -> list[Cell]:
        return [
            _sum(row[n] for row in rows) if column.kind in ("number", "sum") and column.unit else None
            for n, column in enumerate(self.columns)
        ]

    def _relate(self, row: list[Cell], before: list[Cell] | None, base: list[Cell]) -> None:
        for n, column in enumerate(self.columns):
            if column.kind == "share":
                row[n] = _ratio(row[column.of[0]], base[column.of[0]])
            elif before is not None and column.kind == "change":
                row[n] = _ratio(row[column.of[0]], before[column.of[0]], less=1)
            elif before is not None and column.kind == "difference":
                now, then = row[column.of[0]], before[column.of[0]]
                row[n] = now - then if isinstance(now, float) and isinstance(then, float) else None


def _sum(cells: Iterable[Cell]) -> float | None:
    numbers = [cell for cell in cells if isinstance(cell, float)]
    return sum(numbers) if numbers else None


def _ratio(part: Cell, whole: Cell, less: int = 0) -> float | None:
    if not isinstance(part, float) or not isinstance(whole, float) or whole <= 0:
        return None
    return part / whole - less
