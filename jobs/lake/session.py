"""The one place that makes a Spark session."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import conf
from jobs.lake import tables

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

ROOT = Path(__file__).resolve().parents[2]
JARS = ROOT / ".jars"


def delta_jars() -> list[Path]:
    """The jars that conf/jars.lock names, all present; FileNotFoundError names what is missing."""
    names = [entry["file"] for entry in json.loads((ROOT / "conf" / "jars.lock").read_text())["jars"]]
    missing = [name for name in names if not (JARS / name).exists()]
    if missing:
        raise FileNotFoundError(f"{missing[0]} is missing from {JARS.name}/: run `make setup`")
    return [JARS / name for name in names]


def start(app: str, master: str | None = None, run_id: str = "") -> SparkSession:
    """A session with Delta, set up as a local run needs it; `master` sends it to a cluster.

    Every version of a table that the session makes names the run.
    """
    from pyspark.sql import SparkSession

    settings = conf.load().settings.spark
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    # Workers compute with NumPy in one thread each: the cores are Spark's to share out.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    builder = SparkSession.builder.appName(f"dingpan-{app}").master(master or settings.master)
    if (master or settings.master).startswith("local"):
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    options = {
        "spark.jars": ",".join(str(jar) for jar in delta_jars()),
        "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
        "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
        "spark.driver.memory": settings.driver_memory,
        "spark.sql.shuffle.partitions": settings.shuffle_partitions,
        "spark.databricks.delta.snapshotPartitions": settings.snapshot_partitions,
        # Each of the many small tables that a step joins takes at least one page: the usual 64 MB fill the memory, and
        # pages of a megabyte or more take regions of their own from the collector.
        "spark.buffer.pageSize": "512k",
        "spark.sql.sources.parallelPartitionDiscovery.parallelism": 8,
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        # Dates and times mean the same on every machine.
        "spark.sql.session.timeZone": settings.time_zone,
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        # Nobody looks at Spark's own pages: what they would show of past queries need not fill the memory of a
        # long run.
        "spark.ui.retainedJobs": 20,
        "spark.ui.retainedStages": 20,
        "spark.ui.retainedTasks": 100,
        "spark.sql.ui.retainedExecutions": 5,
        # As an address: a blank in the path would end the option.
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={(ROOT / 'conf' / 'log4j2.properties').as_uri()}",
        # What a formula cannot make of a cell is null, and a finding of its row, never the end of the run.
        "spark.sql.ansi.enabled": "false",
    }
    options |= {
        key.replace("delta.", "spark.databricks.delta.properties.defaults."): value
        for key, value in tables.KEPT.items()
    }
    if run_id:
        options["spark.databricks.delta.commitInfo.userMetadata"] = run_id
    for key, value in options.items():
        builder = builder.config(key, str(value))
    return builder.getOrCreate()
