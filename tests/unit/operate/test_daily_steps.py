"""The steps of a run taken up again: what is called, what is known of the rows. Every step's work is faked."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from deltalake import CommitProperties, write_deltalake

from jobs import daily, daily_steps
from jobs.lake.ledger import Ledger
from jobs.lake.paths import Lake
from jobs.steps.ingest import Tally

HEADER = "出生证编号,性别,出生日期,出生地区划代码\n"
BAD = Tally(
    {"accepted": (1, None), "quarantined": (1, None)},
    ({"code": "X", "column": "sex", "first_row": 3, "rows": 1},),
)


class Steps:
    """Fakes that note what was called; `broken` names a step that fails."""

    def __init__(self, lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
        self.lake, self.called, self.broken = lake, list[str](), ""
        fakes = {
            "ingest": SimpleNamespace(
                ingest_table=self.table, clear=lambda *_: None, clear_unsourced=lambda *_: None,
                build_entity=lambda *_: None,
            ),
            "quality": SimpleNamespace(write=self.quality),
            "forecasts": SimpleNamespace(write=lambda *_: self.note("forecasts")),
            "projection": SimpleNamespace(rows=lambda *_: None),
            "warnings": SimpleNamespace(write=lambda *_: self.note("warnings")),
            "targets": SimpleNamespace(write=lambda *_: self.note("targets")),
            "publish": SimpleNamespace(
                write_definitions=lambda *_: self.note("catalogue"), write_release=lambda *_: self.note("release")
            ),
            "definitions": SimpleNamespace(problems=lambda *_: []),
            "session": SimpleNamespace(start=lambda *_: None),
        }  # fmt: skip
        for name, fake in fakes.items():
            monkeypatch.setattr(daily_steps, name, fake)
        monkeypatch.setattr(daily_steps.Daily, "_indicators", lambda _: self.note("indicators"))

    def note(self, name: str) -> str:
        self.called.append(name)
        write_deltalake(str(self.lake.gold(name)), pl.DataFrame({"n": [len(self.called)]}), mode="overwrite")
        if name == self.broken:
            raise OSError(f"{name} broke")
        return f"R-{name}"

    def table(self, _: Any, name: str, files: list[Any], new: set[str]) -> dict[str, Tally]:
        self.called.append(f"{name} {len(new)}")
        return {file.path: BAD for file in files}

    def quality(self, _: Any, files: list[Any], tallies: dict[str, Tally], changed: set[str]) -> None:
        counts = {"received": 2, "accepted": 1, "quarantined": 1, "duplicate": 0, "superseded": 0}
        sums = {f"measure_{name}": None for name in counts if name != "received"}
        rows = [{"table": f.table, "file": f.path, **counts, **sums} for f in files if f.path in tallies]
        found = [{"table": f.table, "file": f.path, **BAD.findings[0]} for f in files if f.path in tallies]
        for name, of in (("quality", rows), ("quality_rule", found)):
            frame = pl.DataFrame(of).with_columns(pl.col(pl.Null).cast(pl.Float64))
            write_deltalake(str(self.lake.gold(name)), frame, mode="overwrite")

    def run(self, broken: str = "") -> tuple[int, list[str]]:
        """Exit code, and what was called."""
        self.called, self.broken = [], broken
        return daily.run(["--lake", str(self.lake.root), "--as-of", "2026-01-31"]), self.called


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    made = Lake(tmp_path / "lake")
    hand_in(made, "2026-01-10")
    return made


@pytest.fixture
def steps(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> Steps:
    return Steps(lake, monkeypatch)


def hand_in(lake: Lake, day: str) -> Path:
    file = lake.landing / "health/birth" / day / "rows.csv"
    file.parent.mkdir(parents=True)
    file.write_text(f"{HEADER}B,男,2025-12-01,440103\nB,男,{day},440103\n", encoding="utf-8")
    return file


def test_a_run_taken_up_again_does_the_rest_and_ends_as_the_first_would_have(
    steps: Steps, lake: Lake, capsys: pytest.CaptureFixture[str]
) -> None:
    code, called = steps.run(broken="forecasts")
    assert (code, called) == (1, ["health_birth 1", "indicators", "forecasts"])
    code, called = steps.run()
    # Half of the rows are bad: that holds also though this run has not read them.
    assert code == 2
    assert called == ["forecasts", "warnings", "catalogue", "targets", "release"]
    last = Ledger(lake.ledger).runs(1)[0]
    assert (last["outcome"], last["received"], last["quarantined"]) == ("bad_input", 2, 1)
    assert last["release_id"] == "R-release"
    assert "row 3, column sex: X (1 rows)" in capsys.readouterr().out
    assert steps.run() == (0, []), "nothing new"


def test_a_file_taken_away_after_a_failure_is_taken_out_again(steps: Steps, lake: Lake) -> None:
    steps.run()
    late = hand_in(lake, "2026-01-20")
    assert steps.run(broken="indicators")[1] == ["health_birth 1", "indicators"]
    late.unlink()
    # The same inputs as the release that stands, so there is nothing to do for readers …
    assert steps.run() == (0, [])
    # … but the next run that has something to do knows that the table is not what it was.
    again = lake.landing / "health/death/2026-01-20/rows.csv"
    again.parent.mkdir(parents=True)
    again.write_text("nothing\n", encoding="utf-8")
    assert "health_birth 0" in steps.run()[1]


def test_what_another_run_writes_meanwhile_ends_the_run_and_all_is_built_anew(
    steps: Steps, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    def written_over(*_: Any) -> None:
        steps.note("forecasts")
        other = CommitProperties(custom_metadata={"userMetadata": "another"})
        rows = pl.DataFrame({"n": [0]})
        write_deltalake(str(lake.gold("indicator")), rows, mode="overwrite", commit_properties=other)

    with monkeypatch.context() as patch:
        patch.setattr(daily_steps.forecasts, "write", written_over)
        assert steps.run() == (1, ["health_birth 1", "indicators", "forecasts"])
    last = Ledger(lake.ledger).runs(1)[0]
    assert (last["error"], last["place"]) == ("two_writers", "gold/indicator")
    assert "version 0 of gold/indicator was made by run another" in last["message"]
    assert steps.run()[1][:3] == ["health_birth 1", "indicators", "forecasts"]


def test_a_release_killed_before_it_was_noted_is_not_made_from_scratch(steps: Steps, lake: Lake) -> None:
    steps.run(broken="release")
    assert steps.run()[1] == ["release"]
