from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest

from cockpit.gold import Lake, NoReleaseError, Release, Scope, open_lake
from tests import tiny_gold
from tests.tiny_gold.schema import SCHEMAS

ARCHITECTURE = Path(__file__).resolve().parents[3] / "docs" / "architecture.md"


def test_newest_release_is_the_default_and_an_old_one_can_be_asked_for(lake: Lake) -> None:
    assert lake.release().release_id == tiny_gold.RELEASE
    assert lake.release(tiny_gold.OLD_RELEASE).release_id == tiny_gold.OLD_RELEASE
    assert [item.release_id for item in lake.releases()] == [tiny_gold.RELEASE, tiny_gold.OLD_RELEASE]


def test_an_old_release_shows_its_own_table_version(lake: Lake, scope: Scope) -> None:
    def newest(release_id: str) -> str:
        rows = lake.release(release_id).figures(scope).filter(pl.col("indicator") == "population.births")
        return str(rows["period"].max())

    assert newest(tiny_gold.OLD_RELEASE) == "2026-04"
    assert newest(tiny_gold.RELEASE) == "2026-05"


def test_a_folder_without_releases_says_so(tmp_path: Path) -> None:
    with pytest.raises(NoReleaseError, match="no release"):
        open_lake(tmp_path).release()


def test_an_unknown_release_is_named(lake: Lake) -> None:
    with pytest.raises(NoReleaseError, match="r-none"):
        lake.release("r-none")


@pytest.mark.parametrize("table", sorted(set(SCHEMAS) - {"release"}))
def test_no_reader_gives_a_row_outside_the_scope(release: Release, table: str) -> None:
    rows = release.read(table, Scope((tiny_gold.SHANDONG,), "internal"))
    if "region" in rows.columns:
        assert rows.height > 0
        assert set(rows["region"].str.slice(0, 2)) <= {"37", "10"}


def test_a_public_reader_sees_only_what_is_shared_without_condition(release: Release) -> None:
    public = Scope((tiny_gold.GUANGDONG,), grade="public")
    seen = set(release.figures(public)["indicator"])
    assert "economic.gdp" in seen
    assert "population.births" not in seen
    assert set(release.read("quality", public)["table"]) == {
        "statistics_census_age_sex",
        "agriculture_market_price",
        "statistics_gdp_quarterly",
        "development_plan_progress",
    }


def test_a_corrected_figure_is_shown_once_as_last_published(release: Release, scope: Scope) -> None:
    wanted = (pl.col("period") == "2023-01") & (pl.col("region") == "440100") & (pl.col("breakdown") == "")
    rows = release.read("indicator", scope).filter(pl.col("indicator") == "population.births").filter(wanted)
    shown = release.figures_of("population.births", scope).filter(wanted)
    assert rows.height == 2
    assert shown.height == 1
    assert shown["value"][0] == rows.sort("published_at")["value"][1]


def test_tables_are_read_once_for_a_release(release: Release, scope: Scope) -> None:
    assert release.figures(scope) is release.figures(scope)


def test_runs_come_newest_first_with_their_steps(lake: Lake, scope: Scope) -> None:
    runs = lake.runs(scope)
    assert runs[0]["run_id"] == "run-20260630-02"
    assert [step["name"] for step in runs[1]["steps"]] == ["bronze", "silver", "gold", "release"]
    assert len(lake.runs(scope, limit=1)) == 1


@pytest.mark.parametrize("table", ["indicator", "backtest", "model", "release"])
def test_the_tiny_lake_has_the_columns_of_the_architecture(table: str) -> None:
    section = ARCHITECTURE.read_text(encoding="utf-8").split(f"### gold.{table}")[1].split("\n### ")[0]
    lines = [line.split("|")[1] if line.startswith("|") else line for line in section.splitlines()[1:]]
    text = re.sub(r"\([^)]*\)", "", " ".join(lines)).replace("`", "")
    words = set(re.findall(r"\b[a-z][a-z_0-9]+\b", text))
    assert set(SCHEMAS[table]) <= words


def test_release_row_names_every_table(release: Release) -> None:
    assert set(release.tables) == set(SCHEMAS) - {"release"}
