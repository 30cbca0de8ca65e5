"""The ledger of runs."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from jobs.lake.ledger import Ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ops" / "ledger.db")


def rows(ledger: Ledger, query: str) -> list[Any]:
    with sqlite3.connect(ledger.file) as db:
        return db.execute(query).fetchall()


def test_a_run_is_running_until_it_ends(ledger: Ledger) -> None:
    ledger.start_run("r1", job="daily", profile="demo")
    assert rows(ledger, "select run_id, outcome, ended from run") == [("r1", "running", None)]
    ledger.end_run("r1", outcome="done", exit_code=0, commits=3)
    assert rows(ledger, "select outcome, exit_code, commits, ended is not null from run") == [
        ("done", 0, 3, 1)
    ]


def test_opening_it_again_keeps_what_is_there(ledger: Ledger) -> None:
    ledger.start_run("r1")
    Ledger(ledger.file).start_run("r2")
    assert [r for (r,) in rows(ledger, "select run_id from run order by 1")] == ["r1", "r2"]


def test_a_step_ends_with_its_details(ledger: Ledger) -> None:
    with ledger.step("r1", 1, "ingest") as detail:
        assert rows(ledger, "select outcome, ended from step") == [("running", None)]
        detail += ["two tables", "no defects"]
    assert rows(ledger, "select position, name, outcome, detail from step") == [
        (1, "ingest", "done", "two tables; no defects")
    ]


def test_a_step_that_raises_has_failed(ledger: Ledger) -> None:
    with pytest.raises(ZeroDivisionError), ledger.step("r1", 1, "ingest"):
        raise ZeroDivisionError
    assert rows(ledger, "select outcome, ended is not null from step") == [("failed", 1)]


def test_it_remembers_what_each_part_was_built_from(ledger: Ledger) -> None:
    assert ledger.built() == {}
    ledger.set_built("table:a", "f1", "r1")
    ledger.set_built("table:b", "f2", "r1")
    ledger.set_built("table:a", "f3", "r2")
    assert ledger.built() == {"table:a": "f3", "table:b": "f2"}


def test_a_delivery_keeps_the_run_that_saw_it_first(ledger: Ledger) -> None:
    seen = {"file": "a.csv", "file_hash": "h", "outcome": "read", "first_seen": "monday", "run_id": "r1"}
    ledger.record_deliveries([seen])
    ledger.record_deliveries([seen | {"outcome": "repeated", "first_seen": "tuesday", "run_id": "r2"}])
    told = rows(ledger, "select outcome, first_seen, run_id from delivery")
    assert told == [("repeated", "monday", "r1")]
