"""What is late, what changed, what jumped."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from conf.operations import Jumps
from jobs.lake.paths import Lake
from jobs.lake.releases import newest_first
from jobs.operate import notify, status
from jobs.operate.jumps import unusual
from jobs.operate.late import LateDataset, last_deliveries, late_datasets, never_delivered
from jobs.operate.status import Changes, changes, figures, touched
from tests.unit.operate import lakes

SETTINGS = Jumps(threshold=8, history=8, least_count=20)
STEADY = {str(year): 100.0 + year % 3 for year in range(2010, 2025)}


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    made = lakes.new(tmp_path)
    lakes.add_release(made, date(2026, 1, 31), STEADY)
    revised = {**STEADY, "2020": 99.0, "2025": 500.0}
    del revised["2010"]
    lakes.add_release(made, date(2026, 2, 28), revised)
    return made


def both(lake: Lake) -> tuple[pl.DataFrame, pl.DataFrame]:
    new, old = newest_first(lake)
    return figures(lake, new), figures(lake, old)


def test_figures_added_revised_and_gone_are_counted(lake: Lake) -> None:
    assert changes(*both(lake)) == [Changes("population.births", 1, 1, 1)]


def test_nothing_changed_between_equal_releases(lake: Lake) -> None:
    now, _ = both(lake)
    assert changes(now, now) == []
    assert touched(now, now).is_empty()
    assert touched(now, None).height == now.height


def test_a_dataset_is_late_from_the_day_after_it_is_due(lake: Lake) -> None:
    # Last good delivery 2025-01-10, due within 45 days; the refused ones make nothing fresh.
    def late_on(day: date) -> list[LateDataset]:
        return late_datasets(last_deliveries(lake, day), day)

    assert late_on(date(2025, 2, 24)) == []
    (late,) = late_on(date(2025, 2, 26))
    assert (late.table, late.last, late.due, late.days) == (
        "health_birth", date(2025, 1, 10), date(2025, 2, 24), 2,
    )  # fmt: skip


def test_a_dataset_that_nobody_has_handed_in_is_missing_and_not_late(lake: Lake) -> None:
    before_the_first = date(2024, 12, 31)
    nothing_yet = last_deliveries(lake, before_the_first)
    assert late_datasets(nothing_yet, before_the_first) == []
    assert [d.table for d in never_delivered(nothing_yet)] == ["health_birth"]
    assert never_delivered(last_deliveries(lake, date(2025, 2, 24))) == []


def test_status_tells_all_three(lake: Lake, capsys: pytest.CaptureFixture[str]) -> None:
    assert status.run(["--lake", str(lake.root), "--as-of", "2026-02-28"]) == 0
    text = capsys.readouterr().out
    assert "health_birth: 出生登记, 卫健委: last 2025-01-10, due 2025-02-24, 369 days late" in text
    assert "1 added, 1 revised, 1 gone" in text
    assert "population.births 440000 (total) 2025: 102 → 500, score" in text


def test_a_lake_without_a_release_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status.run(["--lake", str(tmp_path)]) == 2
    assert "no release in" in capsys.readouterr().err


def series(*values: float, freq: str = "Y", unit: str = "percent") -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "indicator": "i", "region": "r", "breakdown": "", "freq": freq, "period": str(n),
                "period_end": date(1900 + n, 1, 1), "value": float(value), "unit": unit,
            }
            for n, value in enumerate(values)
        ]
    )  # fmt: skip


def jumps(*values: float, **kinds: Any) -> int:
    return unusual(series(*values, **kinds), SETTINGS, {"person"}).height


def test_a_jump_is_measured_by_the_series_own_changes() -> None:
    assert jumps(1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 30) == 1
    assert jumps(1, 20, 1, 20, 1, 20, 1, 20, 1, 20, 30) == 0


def test_the_score_is_that_of_iglewicz_and_hoaglin() -> None:
    # Changes 1, -1, 2, -2, 3, -3, 4, -4 and then 20: median 0, MAD 2.5.
    found = unusual(series(0, 1, 0, 2, 0, 3, 0, 4, 0, 40), SETTINGS, set())
    assert found["score"].to_list() == pytest.approx([0.6745 * 40 / 2.5])


def test_a_series_that_never_changed_jumps_with_its_first_change() -> None:
    assert jumps(*[5] * 10, 6) == 1
    assert jumps(*[5] * 11) == 0


def test_too_short_a_history_tells_nothing() -> None:
    assert jumps(1, 1, 1, 1, 1, 1, 1, 1, 99) == 0
    assert jumps(1, 1, 1, 1, 1, 1, 1, 1, 1, 99) == 1


def test_a_season_is_no_jump() -> None:
    quarters = [10, 12, 11, 90] * 5
    assert jumps(*quarters, freq="Q") == 0
    assert jumps(*quarters[:-1], 9, freq="Q") == 1


def test_counts_of_a_few_are_left_out() -> None:
    assert jumps(*[1] * 10, 3, unit="person") == 0
    assert jumps(*[100] * 10, 103, unit="person") == 1


def test_late_data_and_failures_become_messages_once(lake: Lake) -> None:
    run = {
        "run_id": "r1",
        "outcome": "failed",
        "error": "no_space",
        "as_of": "2026-02-28",
        "message": "full",
        "place": "",
    }
    for _ in range(2):
        notify.after_run(lake, run, "ingest", date(2026, 2, 28))
    text = (lake.root / "ops" / "outbox.log").read_text(encoding="utf-8")
    assert text.count("【定盘】出生登记逾期 369 天") == 1
    assert text.count("运行 r1 在步骤“ingest”失败：磁盘空间不足") == 1
    assert "先清理磁盘" in text


def test_an_outbox_that_cannot_be_written_stops_no_run(
    lake: Lake, capsys: pytest.CaptureFixture[str]
) -> None:
    (lake.root / "ops").mkdir()
    (lake.root / "ops" / "outbox").write_text("in the way")
    notify.after_run(lake, {"outcome": "done"}, "release", date(2026, 2, 28))
    assert "outbox: " in capsys.readouterr().err
