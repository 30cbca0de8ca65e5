"""A run does again only what must be done again."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from jobs.graph import Step, dependents, walk
from jobs.lake.ledger import Ledger


class Fake:
    """A lake of version numbers and three steps that each write a table; `broken` fails after writing."""

    def __init__(self, folder: Path) -> None:
        self.ledger = Ledger(folder / "ledger.db")
        self.versions: dict[str, int] = {}
        self.done: list[str] = []
        self.broken = ""

    def work(self, name: str) -> str:
        self.versions[name] = self.versions.get(name, -1) + 1
        if name == self.broken:
            raise OSError(f"{name} broke")
        self.done.append(name)
        return f"{name} told"

    def run(self, run_id: str, inputs: str, broken: str = "") -> list[str]:
        """The steps that were done."""
        self.broken, self.done = broken, []
        steps = [
            Step("look", lambda: self.done.append("look")),
            Step("read", lambda: self.work("read"), ("look",), inputs),
            Step("sum", lambda: self.work("sum"), ("read",), inputs),
            Step("names", lambda: self.work("names"), ("read",), inputs),
        ]
        try:
            walk(steps, self.ledger, run_id, lambda: dict(self.versions))
        except OSError:
            assert broken
        return self.done


@pytest.fixture
def fake(tmp_path: Path) -> Fake:
    return Fake(tmp_path)


def test_a_run_after_a_failure_goes_on_from_the_failed_step(fake: Fake) -> None:
    assert fake.run("r1", "a", broken="sum") == ["look", "read"]
    assert fake.run("r2", "a") == ["look", "sum", "names"]
    told = [(s["position"], s["name"], s["outcome"], s["detail"]) for s in fake.ledger.steps("r2")]
    assert told == [
        (1, "look", "done", ""),
        (2, "read", "skipped", "done by run r1"),
        (3, "sum", "done", "sum told"),
        (4, "names", "done", "names told"),
    ]


def test_the_failed_step_is_recorded(fake: Fake) -> None:
    fake.run("r1", "a", broken="sum")
    assert [(s["name"], s["outcome"]) for s in fake.ledger.steps("r1")] == [
        ("look", "done"), ("read", "done"), ("sum", "failed"),
    ]  # fmt: skip


def test_other_inputs_are_done_from_the_start(fake: Fake) -> None:
    fake.run("r1", "a", broken="names")
    assert fake.run("r2", "b") == ["look", "read", "sum", "names"]


def test_what_another_run_has_begun_with_is_done_again_for_the_first_inputs(fake: Fake) -> None:
    fake.run("r1", "a", broken="names")
    # `sum` stood for a; b wrote half of it and failed before it was done for b.
    fake.run("r2", "b", broken="sum")
    assert fake.run("r3", "a") == ["look", "read", "sum", "names"]


def test_a_table_that_changed_since_is_written_again(fake: Fake) -> None:
    fake.run("r1", "a", broken="names")
    fake.versions["sum"] += 1
    assert fake.run("r2", "a") == ["look", "sum", "names"]


def test_a_step_done_again_takes_along_what_needs_it(fake: Fake) -> None:
    fake.run("r1", "a", broken="names")
    del fake.versions["read"]
    assert fake.run("r2", "a") == ["look", "read", "sum", "names"]


def test_progress_names_each_step(fake: Fake, capsys: pytest.CaptureFixture[str]) -> None:
    fake.run("r1", "a", broken="sum")
    fake.run("r2", "a")
    printed = capsys.readouterr().out
    assert "[2/4] read …" in printed
    assert "[2/4] read: done by run r1 for the same inputs" in printed


def test_dependents_are_followed_to_the_end() -> None:
    steps = [Step("a", str), Step("b", str, ("a",)), Step("c", str, ("b",)), Step("d", str)]
    assert dependents(steps, "a") == {"a", "b", "c"}
    assert dependents(steps, "d") == {"d"}


def test_a_step_cannot_need_what_comes_later() -> None:
    with pytest.raises(ValueError, match="step a needs b, which does not stand before it"):
        dependents([Step("a", str, ("b",)), Step("b", str)], "a")


def test_a_ledger_of_an_earlier_version_gets_the_new_columns(tmp_path: Path) -> None:
    file = tmp_path / "ledger.db"
    with sqlite3.connect(file) as db:
        db.execute("create table run(run_id text primary key, started text, ended text, outcome text)")
        db.execute("insert into run values ('old', '', '', 'done')")
    ledger = Ledger(file)
    ledger.start_run("new", fingerprint="f")
    assert [(r["run_id"], r["fingerprint"]) for r in ledger.runs(5)] == [("new", "f"), ("old", None)]
