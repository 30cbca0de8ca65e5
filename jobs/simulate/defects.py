"""Planned defects in simulated files, and the truth about them.

A defect concerns one row and, but for whole-row kinds, one column. No row gets two, so that each line of the
truth has one right answer.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from themes.common.contract import Column

TRUTH = ["delivery", "file", "row", "column", "kind", "original", "given", "expected"]

_FULL_WIDTH = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
_UNKNOWN_CODE = "待查"
_UNKNOWN_PLACE = "9998"

Change = Callable[[str, "Cell"], str]


@dataclass(frozen=True)
class Cell:
    """What a change may look at beside the value; `nth`: how often the kind came before in the file."""

    row: Mapping[str, str]
    column: Column
    choices: Sequence[str]
    nth: int
    rng: np.random.Generator


@dataclass(frozen=True)
class Spoilt:
    """A file's lines below the header, and the truth about the spoilt ones (row: line in the file)."""

    lines: list[str]
    truth: pd.DataFrame


def spoil(
    rows: pd.DataFrame,
    columns: Mapping[str, Column],
    planned: Sequence[Mapping[str, Any]],
    exempt: NDArray[np.bool_] | None,
    rng: np.random.Generator,
) -> Spoilt:
    """Put the planned defects (kind, column, rate; corrected: true) into rows of text.

    `rows`: contract columns in order, cells as departments write them. Rows marked `exempt` stay as they are.
    Extra rows: a duplicate stands somewhere below its original; a superseded version, and a bad row that the
    department `corrected`, stand above the right one. Raises ValueError on an unknown kind or column.
    """
    rows = rows.reset_index(drop=True)
    free = np.ones(len(rows), dtype=bool) if exempt is None else ~exempt
    extra: list[list[str]] = []
    places: list[float] = []
    found: list[tuple[int, str, str, str, str, str]] = []
    ragged: list[int] = []
    cells = {name: rows[name].to_numpy(dtype=object).copy() for name in rows}
    counts = _counts([plan["rate"] for plan in planned], len(rows), rng)
    for plan, count in zip(planned, counts, strict=True):
        kind, name = plan["kind"], plan.get("column", "")
        pool = np.flatnonzero(free & _eligible(kind, name, rows, columns))
        drawn = np.sort(rng.choice(pool, size=min(count, len(pool)), replace=False))
        free[drawn] = False
        choices = sorted(set(rows[name]) - {""}) if name else []
        for nth, i in enumerate(drawn):
            if kind == "duplicate":
                row = rows.iloc[i].tolist()
                found.append((len(rows) + len(extra), name, kind, "", ",".join(row), "duplicate"))
                extra.append(row)
                places.append(rng.uniform(i + 0.5, len(rows)))
            elif kind == "ragged":
                whole = ",".join(rows.iloc[i])
                found.append((i, name, kind, whole, whole.rpartition(",")[0], "quarantined"))
                ragged.append(i)
            elif kind in CHANGES:
                change, expected = CHANGES[kind]
                row_map = rows.iloc[i].to_dict()
                given = change(row_map[name], Cell(row_map, columns[name], choices, nth, rng))
                target = i
                if expected == "superseded" or plan.get("corrected"):
                    target = len(rows) + len(extra)
                    extra.append([given if column == name else row_map[column] for column in rows])
                    places.append(rng.uniform(-1, i - 0.5))
                else:
                    cells[name][i] = given
                found.append((target, name, kind, row_map[name], given, expected))
            else:
                raise ValueError(f"unknown kind of defect {kind!r}")
    everything = pd.concat([pd.DataFrame(cells), pd.DataFrame(extra, columns=list(rows))], ignore_index=True)
    lines, line_of = _laid_out(everything, np.concatenate([np.arange(len(rows)), places]))
    for i in ragged:
        lines[line_of[i] - 2] = lines[line_of[i] - 2].rpartition(",")[0]
    truth = pd.DataFrame([("", "", int(line_of[i]), *rest) for i, *rest in found], columns=TRUTH)
    return Spoilt(lines, truth.sort_values("row", ignore_index=True))


def _laid_out(rows: pd.DataFrame, place: NDArray[np.float64]) -> tuple[list[str], NDArray[np.int64]]:
    """CSV lines of the rows in order of `place`, and the line (header: 1) on which each row stands."""
    order = np.argsort(place, kind="stable")
    line_of = np.empty(len(order), dtype=np.int64)
    line_of[order] = np.arange(len(order)) + 2
    return rows.iloc[order].to_csv(index=False, header=False, lineterminator="\n").splitlines(), line_of


def _counts(rates: Sequence[float], n: int, rng: np.random.Generator) -> list[int]:
    """Rows for each defect: rate times n, rounded each and their sum within one of what is due."""
    due = np.floor(np.cumsum([0.0, *rates]) * n + rng.random())
    return [int(count) for count in np.diff(due)]


def _eligible(kind: str, name: str, rows: pd.DataFrame, columns: Mapping[str, Column]) -> NDArray[np.bool_]:
    if not name:
        return np.ones(len(rows), dtype=bool)
    if name not in columns:
        raise ValueError(f"defect {kind}: unknown column {name!r}")
    return (rows[name] != "").to_numpy()


def _bad_check_digit(value: str, cell: Cell) -> str:
    others = [digit for digit in "0123456789" if digit != value[-1]]
    return value[:-1] + str(cell.rng.choice(others))


def _impossible_date(value: str, cell: Cell) -> str:
    return value[:4] + ("-02-30", "-13-01")[cell.nth % 2]


def _unknown_region(value: str, cell: Cell) -> str:
    return value[:2] + _UNKNOWN_PLACE


def _missing(value: str, cell: Cell) -> str:
    return ""


def _unknown_code(value: str, cell: Cell) -> str:
    return _UNKNOWN_CODE


def _out_of_range(value: str, cell: Cell) -> str:
    """A decimal slip beyond the maximum and, every second time or where there is none, a negative number."""
    places = len(value.partition(".")[2])
    number, top = float(value), cell.column.max
    if isinstance(top, float | int) and number > 0 and cell.nth % 2 == 0:
        while number <= top:
            number *= 10
        return f"{number:.{places}f}"
    return f"{-max(number, 1.0):.{places}f}"


def _birth_mismatch(value: str, cell: Cell) -> str:
    return str(np.datetime64(value, "D") - int(cell.rng.integers(1, 28)))


def _other(value: str, cell: Cell) -> str:
    return str(cell.rng.choice([choice for choice in cell.choices if choice != value] or [value]))


def _exit_before_entry(value: str, cell: Cell) -> str:
    return str(np.datetime64(cell.row["registered_on"], "D") - int(cell.rng.integers(1, 400)))


def _full_width(value: str, cell: Cell) -> str:
    return value.translate(_FULL_WIDTH)


def _stray_blank(value: str, cell: Cell) -> str:
    return ("\u3000" + value, value + " ", " " + value + "\u3000")[cell.nth % 3]


def _earlier_version(value: str, cell: Cell) -> str:
    """What a first report said before it was corrected in the same file."""
    if cell.column.type == "decimal":
        places = len(value.partition(".")[2])
        number = float(value)
        return f"{number * 0.9 if abs(number) * 0.1 >= 10.0**-places else number + 10.0**-places:.{places}f}"
    return _other(value, cell)


CHANGES: Mapping[str, tuple[Change, str]] = {
    "bad_check_digit": (_bad_check_digit, "quarantined"),
    "impossible_date": (_impossible_date, "quarantined"),
    "unknown_region": (_unknown_region, "quarantined"),
    "missing": (_missing, "quarantined"),
    "unknown_code": (_unknown_code, "quarantined"),
    "out_of_range": (_out_of_range, "quarantined"),
    "birth_mismatch": (_birth_mismatch, "quarantined"),
    "sex_mismatch": (_other, "quarantined"),
    "exit_before_entry": (_exit_before_entry, "quarantined"),
    "full_width": (_full_width, "mended"),
    "stray_blank": (_stray_blank, "mended"),
    "superseded": (_earlier_version, "superseded"),
}
