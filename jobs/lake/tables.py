"""Reading and writing the lake's Delta tables."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from jobs.lake import schemas
from jobs.lake.paths import Lake

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

# Delta removes by itself neither a log nor a file of a table: releases name old versions, and `vacuum` alone
# knows which of them are still wanted.
KEPT = {
    "delta.logRetentionDuration": "interval 36500 days",
    "delta.deletedFileRetentionDuration": "interval 36500 days",
}


def version(path: Path) -> int:
    """The table's newest version, -1 when there is no table; read from its log, without a JVM."""
    return max((int(f.stem) for f in (path / "_delta_log").glob("*.json") if f.stem.isdigit()), default=-1)


def made_by(path: Path, number: int) -> str | None:
    """The run that made a version of a table, None when its log does not say."""
    log = path / "_delta_log" / f"{number:020}.json"
    for line in log.read_text(encoding="utf-8").splitlines():
        if told := json.loads(line).get("commitInfo"):
            run_id: str | None = told.get("userMetadata")
            return run_id
    return None


def exists(path: Path) -> bool:
    """Whether there is a table."""
    return version(path) >= 0


def read(spark: SparkSession, path: Path) -> DataFrame:
    """The newest version of a table."""
    return spark.read.format("delta").load(str(path))


def write(rows: DataFrame, path: Path, *, replace: str | None = None, partition: Iterable[str] = ()) -> None:
    """Overwrite the table, or only the rows that meet `replace`, in one commit.

    Writing the same rows again leaves the same content, so a step may be run again after a kill.
    """
    writer = rows.write.format("delta").mode("overwrite").partitionBy(*partition)
    if replace is not None and exists(path):
        writer = writer.option("replaceWhere", replace).option("mergeSchema", "true")
    else:
        writer = writer.option("overwriteSchema", "true")
    writer.save(str(path))


def local(spark: SparkSession, rows: pd.DataFrame | list[dict[str, Any]], schema: str) -> DataFrame:
    """Rows of the driver as a frame with the columns of `schema`; what is not known (NaN) becomes null."""
    frame = pd.DataFrame(rows, columns=schemas.names(schema)).astype(object)
    return spark.createDataFrame(frame.replace({np.nan: None}), schema)


def append(rows: DataFrame, path: Path) -> None:
    """Add the rows in one commit; columns that the table lacks are added to it."""
    rows.write.format("delta").mode("append").option("mergeSchema", "true").save(str(path))


def delete(spark: SparkSession, path: Path, which: DataFrame, keys: Sequence[str], condition: str) -> None:
    """Delete the rows that meet the SQL condition together with the row of `which` that has their keys.

    Only files that hold such rows are written anew; where there are none, there is no commit.
    """
    from delta.tables import DeltaTable

    if read(spark, path).join(which, list(keys)).where(condition).isEmpty():
        return
    same = " and ".join(f"t.`{key}` = w.`{key}`" for key in keys)
    merge = DeltaTable.forPath(spark, str(path)).alias("t").merge(which.alias("w"), f"{same} and {condition}")
    merge.whenMatchedDelete().execute()


def compact(spark: SparkSession, path: Path, most: int) -> None:
    """Make few files of a table that has more than `most`: each append leaves some, and readers open them all."""
    from delta.tables import DeltaTable

    if len(read(spark, path).inputFiles()) > most:
        DeltaTable.forPath(spark, str(path)).optimize().executeCompaction()


def one_of(column: str, values: Iterable[str]) -> str:
    """SQL condition for `replace`."""
    listed = ", ".join("'" + v.replace("'", "''") + "'" for v in sorted(values))
    return f"`{column}` in ({listed})"


def all_versions(lake: Lake) -> dict[Path, int]:
    """Newest version of every table of the lake."""
    layers = ("bronze", "silver", "quarantine", "gold")
    logs = (log for layer in layers for log in (lake.root / layer).glob("*/_delta_log"))
    return {log.parent: version(log.parent) for log in logs}


def named_versions(lake: Lake) -> dict[str, int]:
    """The same by name, such as `gold/indicator`."""
    return {path.relative_to(lake.root).as_posix(): number for path, number in all_versions(lake).items()}


def commits_since(lake: Lake, before: dict[Path, int]) -> int:
    """Delta commits made since `before` was taken."""
    return sum(now - before.get(path, -1) for path, now in all_versions(lake).items())
