"""What the log of a Delta table tells without a JVM."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from deltalake import CommitProperties, write_deltalake

from jobs.lake import tables
from jobs.lake.paths import Lake


def commit(table: Path, *versions: int) -> None:
    log = table / "_delta_log"
    log.mkdir(parents=True, exist_ok=True)
    for version in versions:
        (log / f"{version:020}.json").touch()


def test_no_table_has_no_version(tmp_path: Path) -> None:
    assert tables.version(tmp_path / "none") == -1
    assert not tables.exists(tmp_path / "none")


def test_the_version_is_that_of_the_newest_commit(tmp_path: Path) -> None:
    commit(tmp_path, 0, 1, 10)
    (tmp_path / "_delta_log" / "00000000000000000010.checkpoint.parquet").touch()
    (tmp_path / "_delta_log" / ".00000000000000000011.json.tmp.json").touch()
    assert tables.version(tmp_path) == 10


def test_a_version_names_the_run_that_made_it(tmp_path: Path) -> None:
    rows = pl.DataFrame({"n": [1]})
    write_deltalake(str(tmp_path), rows)
    by_run = CommitProperties(custom_metadata={"userMetadata": "r1"})
    write_deltalake(str(tmp_path), rows, mode="append", commit_properties=by_run)
    assert (tables.made_by(tmp_path, 0), tables.made_by(tmp_path, 1)) == (None, "r1")


def test_commits_are_counted_over_all_layers(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    commit(lake.bronze("a"), 0)
    commit(lake.gold("indicator"), 0, 1)
    before = tables.all_versions(lake)
    assert before == {lake.bronze("a"): 0, lake.gold("indicator"): 1}
    commit(lake.gold("indicator"), 2, 3)
    commit(lake.silver("a"), 0)
    commit(lake.quarantine("a"), 0, 1)
    assert tables.commits_since(lake, before) == 5
    assert tables.commits_since(lake, tables.all_versions(lake)) == 0


def test_the_condition_names_every_value_quoted() -> None:
    assert tables.one_of("table", {"b", "a'c"}) == "`table` in ('a''c', 'b')"
