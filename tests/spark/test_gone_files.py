"""What is no longer handed in leaves silver, gold and the quality board; when it is back, so are its figures."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from pyspark.sql import SparkSession

from conf.source_files import load_sources
from jobs import daily, plan
from jobs.lake.paths import Lake
from tests.spark.tiny import AS_OF, read

pytestmark = pytest.mark.spark

BIRTHS, DEATHS = "health/birth/2025-01-10", "health/death/2025-02-10"


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    made = Lake(tmp_path / "lake")
    rows = "\n".join(f"B{i:011},{'男女'[i % 2]},2024-12-{i + 1:02},440103" for i in range(9))
    put(made, BIRTHS, f"出生证编号,性别,出生日期,出生地区划代码\n{rows}\nB1,男,2024-12-01,440103\n")
    header = "死亡证编号,公民身份号码,性别,死亡日期,死亡年龄,登记地区划代码"
    put(
        made,
        DEATHS,
        f"{header}\nD00000000001,11010519491231002X,女,2025-01-02,75,440103\nD2,,男,2025-01-02,81,440103\n",
    )
    return made


def put(lake: Lake, delivery: str, text: str) -> None:
    folder = lake.landing / delivery
    folder.mkdir(parents=True)
    (folder / "rows.csv").write_text(text, encoding="utf-8")


def run(lake: Lake, as_of: str = AS_OF) -> None:
    # Every delivery here has too many bad rows.
    assert daily.run(["--lake", str(lake.root), "--as-of", as_of]) in (0, 2)


def tables_seen(lake: Lake) -> tuple[set[str], set[str]]:
    """(tables on the quality board, indicators)."""
    quality, indicator = read(lake.gold("quality")), read(lake.gold("indicator"))
    return set(quality["table"]), {name for name in indicator["indicator"] if "." in name}


def heights(lake: Lake, table: str) -> tuple[int, int]:
    return read(lake.silver(table)).height, read(lake.quarantine(table)).height


def deaths(lake: Lake) -> pl.DataFrame:
    rows = read(lake.gold("indicator")).filter(pl.col("indicator").str.starts_with("population.deaths"))
    return rows.drop("run_id").sort(pl.all())


def test_a_table_without_files_and_one_without_a_source_leave_nothing(
    spark: SparkSession, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(lake)
    whole = deaths(lake)
    assert tables_seen(lake)[0] == {"health_birth", "health_death"}
    assert heights(lake, "health_birth") == (9, 1)

    # Before the deaths were handed in.
    run(lake, "2025-02-01")
    assert heights(lake, "health_death") == (0, 0)
    assert tables_seen(lake) == ({"health_birth"}, {"population.births"})
    assert set(read(lake.gold("quality_rule"))["table"]) == {"health_birth"}

    # The births' source is taken out of conf, and the deaths are back.
    others = {name: s for name, s in load_sources("demo").items() if name != "health_birth"}
    monkeypatch.setattr(plan, "load_sources", lambda profile: others)
    monkeypatch.setattr(plan, "code_version", lambda: "another")
    run(lake)
    assert heights(lake, "health_birth") == (0, 0)
    assert tables_seen(lake) == ({"health_death"}, {"population.deaths"})
    assert not whole.is_empty()
    assert deaths(lake).equals(whole)
