"""What a run would do follows from landing and the code alone."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

import conf
from jobs import plan as planning
from jobs.lake.paths import Lake

AS_OF = date(2026, 1, 31)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    made = Lake(tmp_path / "lake")
    put(made, "health/birth/2025-01-01/a.csv", "a")
    put(made, "health/birth/2025-02-01/b.csv", "b")
    put(made, "health/death/2025-01-01/a.csv", "a")
    return made


def put(lake: Lake, path: str, text: str) -> None:
    file = lake.landing / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def plan(lake: Lake, as_of: date = AS_OF) -> planning.Plan:
    return planning.make_plan(lake, "demo", as_of)


def test_the_same_landing_gives_the_same_plan(lake: Lake) -> None:
    first, again = plan(lake), plan(lake)
    assert first == again
    assert set(first.fingerprints) == {source.table for source in first.sources.values()}


def test_a_new_file_changes_the_fingerprint_of_its_table_only(lake: Lake) -> None:
    before = plan(lake).fingerprints
    put(lake, "health/birth/2025-03-01/c.csv", "c")
    after = plan(lake).fingerprints
    assert after["health_birth"] != before["health_birth"]
    assert after["health_death"] == before["health_death"]


def test_a_table_whose_files_are_gone_has_another_fingerprint(lake: Lake) -> None:
    before = plan(lake).fingerprints
    (lake.landing / "health/death/2025-01-01/a.csv").unlink()
    assert plan(lake).fingerprints["health_death"] != before["health_death"]


def test_a_release_is_due_when_a_target_comes_past_due(lake: Lake) -> None:
    found, due = plan(lake), min(target.due for target in conf.load().targets)
    before, on_the_day, after = (due + timedelta(days=n) for n in (-1, 0, 1))
    prints = [planning.release_fingerprint(found, "demo", day) for day in (before, on_the_day, after)]
    assert prints[0] == prints[1] != prints[2]


def test_another_content_changes_the_fingerprint(lake: Lake) -> None:
    before = plan(lake).fingerprints
    put(lake, "health/birth/2025-01-01/a.csv", "z")
    assert plan(lake).fingerprints["health_birth"] != before["health_birth"]


def test_a_file_of_later_is_no_part_of_the_plan(lake: Lake) -> None:
    before = plan(lake)
    put(lake, "health/birth/2026-02-01/late.csv", "late")
    assert plan(lake).fingerprints == before.fingerprints
    assert plan(lake, date(2026, 2, 1)).fingerprints != before.fingerprints


def test_a_delivery_has_a_fingerprint_of_its_own(lake: Lake) -> None:
    before = planning.delivery_fingerprints(plan(lake), "health_birth")
    assert set(before) == {"health/birth/2025-01-01", "health/birth/2025-02-01"}
    put(lake, "health/birth/2025-02-01/more.csv", "more")
    after = planning.delivery_fingerprints(plan(lake), "health_birth")
    assert after["health/birth/2025-01-01"] == before["health/birth/2025-01-01"]
    assert after["health/birth/2025-02-01"] != before["health/birth/2025-02-01"]


def test_a_repeated_file_is_no_delivery_to_read(lake: Lake) -> None:
    put(lake, "health/birth/2025-03-01/again.csv", "a")
    assert "health/birth/2025-03-01" not in planning.delivery_fingerprints(plan(lake), "health_birth")


def test_the_code_version_follows_what_decides_a_result(tmp_path: Path) -> None:
    for folder in ("conf", "themes", "models", "jobs", "cockpit"):
        (tmp_path / folder).mkdir()
    (tmp_path / "conf" / "a.yaml").write_text("x: 1", encoding="utf-8")
    first = planning.code_version(tmp_path)
    (tmp_path / "cockpit" / "page.py").write_text("1", encoding="utf-8")
    (tmp_path / "jobs" / "notes.txt").write_text("1", encoding="utf-8")
    assert planning.code_version(tmp_path) == first
    (tmp_path / "conf" / "a.yaml").write_text("x: 2", encoding="utf-8")
    assert planning.code_version(tmp_path) != first
