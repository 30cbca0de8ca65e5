"""A theme is a folder: a folder and a source file, and its figures are on a page, with no other change."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from jobs.lake.paths import Lake
from tests.spark.process import ROOT, environment
from tests.spark.tiny import AS_OF, read

pytestmark = pytest.mark.spark

PACKAGE = ("conf", "themes", "models", "jobs", "cockpit")
CONTRACT = """\
theme:
  name: {zh: 雨量, en: Rain}
  position: 9
  department: agriculture
tables:
  agriculture_rain:
    department: agriculture
    title: {zh: 雨量观测, en: Rain gauges}
    share: unconditional
    freshness_days: 40
    key: [region, date]
    columns:
      region: {zh: 区划, type: region, required: true}
      date: {zh: 日期, type: date, required: true}
      depth: {zh: 雨量, type: decimal, required: true, min: 0}
"""
INDICATORS = """\
indicators:
  wettest_day:
    name: {zh: 最大日雨量, en: Wettest day}
    unit: index
    definition: {zh: 当月最大日雨量。, en: Largest depth of a day in the month.}
    from: agriculture_rain
    period: "date_format(date, 'yyyy-MM')"
    freq: M
    value: "max(depth)"
    levels: [province, city]
    headline: true
"""
SOURCE = """\
table: agriculture_rain
landing: agriculture/rain
status: simulated
publisher: {zh: 测试, en: Test}
document: {zh: 模拟雨量, en: Simulated rain}
"""
RAIN = """\
区划,日期,雨量
440103,2025-03-01,12.5
440305,2025-03-02,40.0
440305,2025-04-02,7.5
"""


def _package(folder: Path) -> Path:
    """A copy of what is installed, with the toy theme beside the others."""
    for name in PACKAGE:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / ".jars").symlink_to(ROOT / ".jars")
    theme = folder / "themes" / "rain"
    theme.mkdir()
    (theme / "contract.yaml").write_text(CONTRACT, encoding="utf-8")
    (theme / "indicators.yaml").write_text(INDICATORS, encoding="utf-8")
    (folder / "conf" / "sources" / "agriculture_rain.yaml").write_text(SOURCE, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> tuple[Lake, dict[str, Any]]:
    """The lake with nothing but the toy delivery, and what the cockpit shows of it."""
    package = _package(tmp_path_factory.mktemp("package"))
    lake = Lake(tmp_path_factory.mktemp("toy"))
    delivery = lake.landing / "agriculture" / "rain" / "2025-05-06"
    delivery.mkdir(parents=True)
    (delivery / "rain_模拟.csv").write_text(RAIN, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "spark" / "toy.py"), str(lake.root), AS_OF],
        cwd=package, env=environment(package), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return lake, json.loads(done.stdout.splitlines()[-1])


def test_its_figures_are_in_gold(seen: tuple[Lake, dict[str, Any]]) -> None:
    lake, told = seen
    assert told["code"] == 0
    figures = (
        read(lake.gold("indicator")).sort("region", "period").select("region", "period", "value", "status")
    )
    assert figures.rows() == [
        ("440000", "2025-03", 40.0, "simulated"),
        ("440000", "2025-04", 7.5, "simulated"),
        ("440100", "2025-03", 12.5, "simulated"),
        ("440300", "2025-03", 40.0, "simulated"),
        ("440300", "2025-04", 7.5, "simulated"),
    ]


def test_it_is_in_the_catalogue_and_on_the_quality_board(seen: tuple[Lake, dict[str, Any]]) -> None:
    lake, _ = seen
    catalogue = read(lake.gold("catalogue")).filter(pl.col("theme") == "rain")
    assert catalogue.select("indicator", "theme_zh", "name_zh").rows() == [
        ("rain.wettest_day", "雨量", "最大日雨量")
    ]
    quality = read(lake.gold("quality")).select("table", "outcome", "accepted", "score")
    assert quality.rows() == [("agriculture_rain", "accepted", 3, 100.0)]


def test_it_is_in_the_navigation_and_on_a_page(seen: tuple[Lake, dict[str, Any]]) -> None:
    _, told = seen
    assert "rain" in told["themes"]
    assert told["indicators"] == ["rain.wettest_day"]
    assert told["status"] == 200
    assert "/theme/rain" in told["nav"]
    assert "雨量" in told["nav"]
    assert "最大日雨量" in told["page"]
