"""Where everything in a lake lives."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Lake:
    """One lake: a folder. Tables are folders below it."""

    root: Path

    @property
    def landing(self) -> Path:
        return self.root / "landing"

    @property
    def ledger(self) -> Path:
        return self.root / "ops" / "ledger.db"

    @property
    def geo(self) -> Path:
        return self.root / "geo"

    def bronze(self, table: str) -> Path:
        return self.root / "bronze" / table

    def quarantine(self, table: str) -> Path:
        return self.root / "quarantine" / table

    def silver(self, table: str) -> Path:
        return self.root / "silver" / table

    def gold(self, table: str) -> Path:
        return self.root / "gold" / table
