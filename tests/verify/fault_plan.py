"""What a seed does to a lake: which deliveries arrive how, and where its runs are killed. Nothing is read or written.

A row is `free` when its place among the others tells nothing: its key is handed in once, and it breaks no rule.
Only free rows are held back or handed in in another order, since of two rows of one key the later holds.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

# By then everything has been handed in, however late.
AS_OF = date(2026, 6, 30)
SEEDS = (1, 2, 3, 4, 5)

LATE_SHARE, LATEST = 0.05, 90
# Days on which the late rows of a delivery come.
LATE_DAYS = 2
THRICE = 10
# Days after a delivery by which it is sent again at the latest.
AGAIN = 30

INSPECTED = "landing inspected"
BRONZE = "bronze committed"
FILES = "files written, not committed"
UNNOTED = "committed, the ledger not told"
CHECKPOINT = "checkpoint half written"
RELEASE = "release begun"
BACKUP = "backup half written"
VACUUM = "files half removed"
POINTS = (INSPECTED, BRONZE, FILES, UNNOTED, CHECKPOINT, RELEASE, BACKUP, VACUUM)

# Tables whose every commit writes a checkpoint, so that there is one to be killed in.
CHECKPOINTED = ("gold/forecast", "gold/catalogue", "gold/target")
# Files that earlier killed runs have left for vacuum to remove.
LEFT = 4000


@dataclass(frozen=True)
class Sent:
    """One delivered file: `free` are the positions in `rows` of its free rows."""

    table: str
    folder: str
    day: date
    name: str
    header: str
    rows: tuple[str, ...]
    free: frozenset[int]

    @property
    def path(self) -> str:
        """Its place below landing."""
        return f"{self.folder}/{self.day}/{self.name}"


@dataclass(frozen=True)
class Kill:
    """One kill: at which point, at which table or after how many of its kind, how many seconds later."""

    point: str
    table: str = ""
    nth: int = 1
    delay: float = 0.0


@dataclass(frozen=True)
class Plan:
    """Deliveries in the order in which they arrive, and the kills in the order of the runs."""

    deliveries: tuple[Sent, ...]
    kills: tuple[Kill, ...]


def planned(seed: int, files: Sequence[Sent]) -> Plan:
    """The plan of a seed for what departments hand in."""
    chance = random.Random(seed)
    chosen = chance.sample(files, chance.randint((len(files) + 1) // 2, len(files)))
    tables = sorted({file.table for file in chosen})
    return Plan(handed_in_badly(seed, chosen), _kills(seed, chance, tables))


def handed_in_badly(seed: int, files: Sequence[Sent]) -> tuple[Sent, ...]:
    """Every file twice, a tenth of them three times, one row in twenty up to 90 days late, in any order.

    The second copy has the bytes of the first. The third holds its free rows in another order, so that it is
    judged row by row.
    """
    chance = random.Random(seed)
    once = _with_late_rows(chance, files)
    twice = [
        replace(file, day=_later(chance, file, AGAIN), name=f"z2_{file.day}_{file.name}") for file in once
    ]
    again = [file for file in chance.sample(once, -(-len(once) // THRICE)) if file.free]
    arriving = [*once, *twice, *(_shuffled(chance, file) for file in again)]
    chance.shuffle(arriving)
    return tuple(arriving)


def _with_late_rows(chance: random.Random, files: Sequence[Sent]) -> list[Sent]:
    found: list[Sent] = []
    late: dict[tuple[Sent, date], list[str]] = {}
    for file in files:
        held = set(chance.sample(sorted(file.free), min(len(file.free), round(LATE_SHARE * len(file.rows)))))
        days = [_later(chance, file, LATEST, 1) for _ in range(LATE_DAYS)]
        for position in sorted(held):
            late.setdefault((file, chance.choice(days)), []).append(file.rows[position])
        rows = [(n in file.free, row) for n, row in enumerate(file.rows) if n not in held]
        found.append(
            replace(
                file,
                rows=tuple(row for _, row in rows),
                free=frozenset(n for n, (is_free, _) in enumerate(rows) if is_free),
            )
        )
    for (file, day), texts in late.items():
        free = frozenset(range(len(texts)))
        found.append(replace(file, day=day, name=f"late_{file.name}", rows=tuple(texts), free=free))
    return found


def _later(chance: random.Random, file: Sent, days: int, least: int = 0) -> date:
    return file.day + timedelta(days=chance.randint(least, days))


def _shuffled(chance: random.Random, file: Sent) -> Sent:
    rows = [file.rows[n] for n in sorted(file.free)]
    chance.shuffle(rows)
    return replace(
        file,
        day=_later(chance, file, AGAIN),
        name=f"z3_{file.day}_{file.name}",
        rows=tuple(rows),
        free=frozenset(range(len(rows))),
    )


def _kills(seed: int, chance: random.Random, tables: Sequence[str]) -> tuple[Kill, ...]:
    """A kill at each point, in the order of a run, so that each can be reached from what the one before left;
    the backup and then the vacuum come at any time."""
    own = tables[seed % len(tables)]
    written = (f"silver/{own}", "gold/quality", "gold/indicator", "gold/forecast", f"quarantine/{own}")
    kills = [
        Kill(INSPECTED, delay=chance.uniform(0, 2)),
        Kill(BRONZE, nth=chance.randint(1, len(tables)), delay=chance.uniform(0, 1)),
        Kill(FILES, table=(f"silver/{own}", "gold/quality")[seed % 2]),
        Kill(UNNOTED, table=written[seed % len(written)]),
        Kill(CHECKPOINT, table=CHECKPOINTED[seed % len(CHECKPOINTED)]),
        Kill(RELEASE, delay=chance.uniform(0, 0.4)),
    ]
    kills.insert(chance.randint(0, len(kills)), Kill(VACUUM, nth=chance.randint(1, LEFT // 2)))
    at = kills.index(next(kill for kill in kills if kill.point == VACUUM))
    kills.insert(chance.randint(0, at), Kill(BACKUP, nth=chance.randint(1, LEFT // 2)))
    return tuple(kills)
