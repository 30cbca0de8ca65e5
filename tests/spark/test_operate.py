"""Care of tables that Spark wrote, and several runs one after another."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from deltalake import DeltaTable
from pyspark.sql import SparkSession

from jobs import daily
from jobs.lake import releases, tables
from jobs.lake.ledger import Ledger
from jobs.lake.paths import Lake
from jobs.operate import rerun, vacuum
from jobs.operate.release_rows import restore
from tests.spark import tiny
from tests.spark.test_gone_files import put

pytestmark = pytest.mark.spark

BIRTHS = "health_birth"


@pytest.fixture
def lake(tiny_lake: Lake, tmp_path: Path) -> Lake:
    shutil.copytree(tiny_lake.root, tmp_path / "lake")
    return Lake(tmp_path / "lake")


def files(path: Path, version: int) -> set[Path]:
    return {Path(file) for file in DeltaTable(str(path), version=version).file_uris()}


def test_every_table_keeps_its_history(tiny_lake: Lake) -> None:
    for path in tables.all_versions(tiny_lake):
        assert tables.KEPT.items() <= DeltaTable(str(path)).metadata().configuration.items(), path


def test_time_travel_to_a_release_works_after_vacuum(spark: SparkSession, lake: Lake) -> None:
    path = lake.bronze(BIRTHS)
    released, (row,) = tables.version(path), releases.newest_first(lake)
    assert row["tables"][f"bronze.{BIRTHS}"] == released
    rows = tables.read(spark, path)
    before, delivery = rows.count(), rows.select("delivery").head()[0]
    one = tables.one_of("delivery", [delivery])
    for keep in (5, 3):
        few = tables.read(spark, path).where(one).limit(keep)
        tables.write(few.localCheckpoint(), path, replace=one, partition=["delivery"])
    only_between = files(path, released + 1) - files(path, released) - files(path, released + 2)
    assert only_between
    assert vacuum.run(["--lake", str(lake.root)]) == 0
    assert not any(file.exists() for file in only_between)
    assert spark.read.format("delta").option("versionAsOf", released).load(str(path)).count() == before
    assert tables.read(spark, path).where(one).count() == 3


def test_spark_goes_on_after_a_restored_release(spark: SparkSession, lake: Lake) -> None:
    (first,) = releases.newest_first(lake)
    new = restore(lake, first["release_id"])
    path = lake.gold("release")
    rows = tables.read(spark, path)
    assert {r["release_id"] for r in rows.collect()} == {first["release_id"], new}
    tables.append(rows.where(rows["release_id"] == new).limit(1), path)
    assert tiny.read(path).height == 3


def births(lake: Lake, day: str, first: int) -> None:
    rows = "\n".join(
        f"B{i:011},{'男女'[i % 2]},2024-12-{i % 28 + 1:02},440103" for i in range(first, first + 9)
    )
    put(lake, f"health/birth/{day}", f"出生证编号,性别,出生日期,出生地区划代码\n{rows}\n")


def test_days_one_after_another_and_a_run_once_more(
    spark: SparkSession, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lake = Lake(tmp_path / "lake")
    births(lake, "2025-01-10", 0), births(lake, "2025-01-12", 9)
    words = ["--lake", str(lake.root), "--from", "2025-01-10", "--to", "2025-01-12"]
    assert daily.run(words) == 0
    ledger = Ledger(lake.ledger)
    told = [(r["as_of"], r["outcome"]) for r in ledger.runs(9)]
    assert told == [("2025-01-12", "done"), ("2025-01-11", "nothing_new"), ("2025-01-10", "done")]
    assert daily.run(words) == 0
    assert capsys.readouterr().out.count("done already") == 3
    assert len(ledger.runs(9)) == 3

    before = tiny.read(lake.gold("indicator")).drop("run_id")
    first, second = ledger.runs(9)[2], ledger.runs(9)[0]
    assert rerun.run([first["run_id"], "--lake", str(lake.root)]) == 0
    again, shown = ledger.runs(1)[0], releases.newest_first(lake)
    assert (again["as_of"], again["fingerprint"]) == ("2025-01-10", first["fingerprint"])
    assert again["release_id"] not in (None, first["release_id"])
    assert [(r["as_of"].isoformat(), r["restores"]) for r in shown[:2]] == [
        ("2025-01-12", second["release_id"]), ("2025-01-10", None),
    ]  # fmt: skip
    # The lake now stands as of the first day: the next nightly run sees that.
    assert daily.run(["--lake", str(lake.root), "--as-of", "2025-01-12"]) == 0
    now = tiny.read(lake.gold("indicator")).drop("run_id")
    assert now.sort(now.columns).equals(before.sort(before.columns))
