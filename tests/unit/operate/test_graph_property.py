"""Whatever was killed or failed before, a run that comes to its end leaves what a clean run would have."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.graph import Step, walk
from jobs.lake.ledger import Ledger

# Step → what it needs. Each writes a table of its own name from its inputs and the tables before it.
GRAPH = {"read": (), "sum": ("read",), "guess": ("sum",), "names": ("read",), "all": ("guess", "names")}
# Where a run ends: never, or at a step before it wrote, after it wrote, or after it was marked as done.
POINTS = [None, *((step, moment) for step in GRAPH for moment in ("before", "written", "marked"))]


class Killed(BaseException):
    """The process is gone."""


class Memory:
    """The part of the ledger that steps need; kills the process when told to."""

    def __init__(self) -> None:
        self.marks: dict[str, tuple[str, str]] = {}
        self.kill_at: tuple[str, str] | None = None

    def built_by(self, name: str) -> tuple[str, str] | None:
        return self.marks.get(name)

    def forget(self, names: Iterator[str]) -> None:
        for name in names:
            self.marks.pop(name, None)

    def set_built(self, name: str, fingerprint: str, run_id: str) -> None:
        self.marks[name] = (fingerprint, run_id)
        if self.kill_at == (name.removeprefix("step:"), "marked"):
            raise Killed

    def skip_step(self, *_: Any) -> None:
        pass

    @contextmanager
    def step(self, *_: Any) -> Iterator[list[str]]:
        yield []


class Lake:
    def __init__(self) -> None:
        self.ledger, self.tables, self.versions = Memory(), dict[str, Any](), dict[str, int]()

    def run(self, inputs: str, kill_at: tuple[str, str] | None) -> None:
        self.ledger.kill_at = kill_at
        steps = [Step(name, self.work(name, inputs), needs, inputs) for name, needs in GRAPH.items()]
        walk(steps, cast(Ledger, self.ledger), "r", lambda: dict(self.versions))

    def work(self, name: str, inputs: str) -> Any:
        def write() -> None:
            if self.ledger.kill_at == (name, "before"):
                raise Killed
            self.tables[name] = (name, inputs, *(self.tables[need] for need in GRAPH[name]))
            self.versions[name] = self.versions.get(name, -1) + 1
            if self.ledger.kill_at == (name, "written"):
                raise Killed

        return write


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(POINTS)), max_size=6),
    st.sampled_from("ab"),
)
@settings(max_examples=200, deadline=None)
def test_it_ends_as_a_clean_run(before: list[tuple[str, Any]], inputs: str) -> None:
    clean, lake = Lake(), Lake()
    clean.run(inputs, None)
    for earlier, kill_at in before:
        with suppress(Killed):
            lake.run(earlier, kill_at)
    lake.run(inputs, None)
    assert lake.tables == clean.tables
