"""A run as a graph of steps, each safe to repeat, each recorded; what an earlier run has done is not done again.

A step that is done leaves a mark: the inputs it was done for, and the versions of the tables it wrote. Before
a step begins, its own mark and those of all steps that need it are wiped. So a mark that stands says that
neither the step nor anything before it has begun since, for whatever inputs.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from jobs.lake.ledger import Ledger

Versions = Callable[[], Mapping[str, int]]


@dataclass(frozen=True)
class Step:
    """One step: what it does and which steps must be done before. `work` gives what the ledger is to say.

    `inputs` is the fingerprint of all that decides the step's result; empty for a step of every run, which must
    write nothing that others read.
    """

    name: str
    work: Callable[[], str | None]
    needs: tuple[str, ...] = ()
    inputs: str = ""


def dependents(steps: Sequence[Step], name: str) -> set[str]:
    """The step and all that need it, directly or not.

    Raises ValueError when a step needs one that does not stand before it.
    """
    known: set[str] = set()
    found = {name}
    for step in steps:
        if missing := [need for need in step.needs if need not in known]:
            raise ValueError(f"step {step.name} needs {missing[0]}, which does not stand before it")
        known.add(step.name)
        if found & set(step.needs):
            found.add(step.name)
    return found


def walk(steps: Sequence[Step], ledger: Ledger, run_id: str, versions: Versions) -> None:
    """All steps in order. `versions` gives the version of every table there is, by name."""
    for position, step in enumerate(steps, 1):
        before = versions()
        if by := _done_by(step, ledger, before):
            print(f"[{position}/{len(steps)}] {step.name}: done by run {by} for the same inputs", flush=True)
            ledger.skip_step(run_id, position, step.name, f"done by run {by}")
            continue
        print(f"[{position}/{len(steps)}] {step.name} …", flush=True)
        started = time.monotonic()
        if step.inputs:
            ledger.forget(_mark(name) for name in dependents(steps, step.name))
        with ledger.step(run_id, position, step.name) as detail:
            if told := step.work():
                detail.append(told)
        if step.inputs:
            wrote = {table: version for table, version in versions().items() if before.get(table) != version}
            mark = json.dumps({"inputs": step.inputs, "wrote": wrote}, sort_keys=True)
            ledger.set_built(_mark(step.name), mark, run_id)
        print(f"    {step.name} took {time.monotonic() - started:.1f} s", flush=True)


def _done_by(step: Step, ledger: Ledger, versions: Mapping[str, int]) -> str | None:
    """The run that did the step for the same inputs, if what it wrote still stands."""
    known = ledger.built_by(_mark(step.name))
    if known is None or not step.inputs:
        return None
    mark, run_id = json.loads(known[0]), known[1]
    stands = all(versions.get(table) == version for table, version in mark["wrote"].items())
    return run_id if mark["inputs"] == step.inputs and stands else None


def _mark(step: str) -> str:
    return f"step:{step}"
