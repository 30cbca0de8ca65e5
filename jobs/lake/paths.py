"""Where everything in a lake lives."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import conf


@dataclass(frozen=True)
class Lake:
    """One lake: a folder. Tables are folders below it."""

    root: Path

    @property
    def landing(self) -> Path:
        """Files as handed in."""
        return self.root / "landing"

    @property
    def ledger(self) -> Path:
        """The ledger of runs."""
        return self.root / "ops" / "ledger.db"

    @property
    def inspected(self) -> Path:
        """What was found in the files of landing."""
        return self.root / "ops" / "inspected.json"

    def failure(self, run_id: str) -> Path:
        """Why a run failed, in full."""
        return self.root / "ops" / "failures" / f"{run_id}.txt"

    @property
    def lock(self) -> Path:
        """Held by the run at work; the system lets it go when the process ends, however it ends."""
        return self.root / "ops" / "run.lock"

    def extract_lock(self, source: str) -> Path:
        """Held while a source's database is being read."""
        return self.root / "ops" / f"extract-{source}.lock"

    @property
    def feedback(self) -> Path:
        """What goes back to departments."""
        return self.root / "ops" / "feedback"

    @property
    def geo(self) -> Path:
        """Boundaries for maps."""
        return self.root / "geo"

    def bronze(self, table: str) -> Path:
        """Rows as received."""
        return self.root / "bronze" / table

    def quarantine(self, table: str) -> Path:
        """Rows that were not accepted."""
        return self.root / "quarantine" / table

    def silver(self, table: str) -> Path:
        """Accepted rows, and entities."""
        return self.root / "silver" / table

    def gold(self, table: str) -> Path:
        """What readers open."""
        return self.root / "gold" / table


def add_option(parser: argparse.ArgumentParser) -> None:
    """The option that names a lake."""
    parser.add_argument(
        "--lake", type=Path, default=None, help="folder of the lake (default: conf/settings.yaml)"
    )


def chosen(options: argparse.Namespace) -> Lake:
    """The lake that was named, else that of conf."""
    return Lake((options.lake or Path(conf.load().settings.lake.path)).resolve())
