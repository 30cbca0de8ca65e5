"""What the cockpit shows of a lake, and whether it shows it all the time while something goes wrong."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import polars as pl

from cockpit.gold import Scope, open_lake
from jobs.lake.paths import Lake
from jobs.steps.publish import RELEASED

# A reader comes by this often, in seconds.
_EVERY = 2.0
ALL = Scope(("440000", "370000"), "internal")
FORECASTS = ("forecast", "backtest", "model")

Shown = tuple[str, dict[str, str]]


def shown(lake: Lake) -> Shown:
    """Id of the release that a reader who comes now is given, and the content of each of its tables."""
    release = open_lake(lake.root).release()
    return release.release_id, {table: _content(release.read(table, ALL)) for table in RELEASED}


def shown_as_of_now(lake: Lake) -> dict[str, str]:
    """The same without what was forecast on earlier days of knowledge: that is there only if a run was made then."""
    release = open_lake(lake.root).release()
    tables = {table: release.read(table, ALL) for table in RELEASED}
    return {table: _content(newest(rows) if table in FORECASTS else rows) for table, rows in tables.items()}


def newest(rows: pl.DataFrame) -> pl.DataFrame:
    """Of each series what rests on the last day of knowledge."""
    return rows.filter(
        pl.col("as_of") == pl.col("as_of").max().over("indicator", "region", "breakdown", "freq")
    )


def _content(rows: pl.DataFrame) -> str:
    """Hash of rows in any order but for the run that made them; quickly, since readers come by often."""
    rows = rows.select(sorted(c for c in rows.columns if c != "run_id"))
    return hashlib.sha256(rows.hash_rows().sort().to_numpy().tobytes()).hexdigest()


@contextmanager
def served_throughout(lake: Lake) -> Iterator[Shown]:
    """A reader comes by again and again while the block runs, and is shown the same each time.

    Gives what is shown; the AssertionError at the end tells what a reader was shown instead.
    """
    before = shown(lake)
    over, wrong = threading.Event(), list[object]()

    def read() -> None:
        while not over.wait(_EVERY):
            try:
                now = shown(lake)
            # Whatever a reader meets instead of the figures is what the test is to tell.
            except Exception as error:
                wrong.append(error)
            else:
                if now != before:
                    wrong.append(now)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        yield before
    finally:
        over.set()
        reader.join()
    assert not wrong, wrong[0]
    assert shown(lake) == before
