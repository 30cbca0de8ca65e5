"""Small lakes for the fault harness: births and deaths, with planned defects."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date
from pathlib import Path

import polars as pl
from deltalake import DeltaTable

from conf.source_files import load_sources
from jobs.lake import landing
from jobs.lake.paths import Lake
from tests.spark import tiny
from tests.verify import fault_plan
from tests.verify.fault_plan import CHECKPOINTED, Sent
from themes.common.contract import find_table

TABLES = ("health_birth", "health_death")
PERSONS = 20_000
# What is handed in later is what runs stumble over.
FIRST_DAY = "2023-06-30"
AS_OF = str(fault_plan.AS_OF)


def handed_in(folder: Path, tables: Collection[str] = TABLES) -> tuple[Sent, ...]:
    """What departments hand in, each row once."""
    tiny.hand_in(folder, tables, PERSONS)
    truth = pl.concat(
        [pl.read_csv(file, infer_schema=False) for file in (folder / "ops" / "truth").glob("*.csv")]
    )
    bad = set(zip(truth["file"], truth["row"].cast(pl.Int64), strict=True))
    there = landing.scan(folder / "landing", load_sources("demo"), date.max)
    files = [file for file in there if file.repeats is None]
    texts = {f.path: (folder / "landing" / f.path).read_text(encoding="utf-8").splitlines() for f in files}
    keys = {f.path: _keys(f.table, texts[f.path]) for f in files}
    times = {
        table: Counter(key for f in files if f.table == table for key in keys[f.path]) for table in tables
    }
    return tuple(
        Sent(
            f.table, f.delivery.rpartition("/")[0], f.delivered_on, Path(f.path).name,
            texts[f.path][0], tuple(texts[f.path][1:]),
            frozenset(
                n for n, key in enumerate(keys[f.path]) if times[f.table][key] == 1 and (f.path, n + 2) not in bad
            ),
        )
        for f in files
    )  # fmt: skip


def _keys(table: str, lines: list[str]) -> list[tuple[str, ...]]:
    header, *rows = csv.reader(lines)
    contract = find_table(table)[1]
    places = [header.index(contract.columns[name].zh) for name in contract.key]
    return [tuple(row[at] for at in places if at < len(row)) for row in rows]


def early(files: Iterable[Sent]) -> list[Sent]:
    """Those that the first release is made from."""
    return [file for file in files if str(file.day) <= FIRST_DAY]


def late(files: Iterable[Sent]) -> list[Sent]:
    """Those after it."""
    return [file for file in files if str(file.day) > FIRST_DAY]


def put(lake: Lake, files: Iterable[Sent]) -> None:
    """The files in landing."""
    for file in files:
        path = lake.landing / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join((file.header, *file.rows, "")), encoding="utf-8")


def checkpoint_every_commit(lake: Lake) -> None:
    """Make every further commit of some tables write a checkpoint, as otherwise each tenth does."""
    for table in CHECKPOINTED:
        DeltaTable(str(lake.root / table)).alter.set_table_properties({"delta.checkpointInterval": "1"})
