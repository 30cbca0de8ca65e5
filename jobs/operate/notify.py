"""What becomes a message: a failed run, bad deliveries, a dataset that is late."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import date
from typing import Any

from conf import ConfError
from conf.operations import operations, remedies, templates
from jobs.lake.paths import Lake
from jobs.operate import senders
from jobs.operate.late import LateDataset, last_deliveries, late_datasets
from jobs.operate.outbox import Outbox


def after_run(lake: Lake, run: dict[str, Any], step: str, as_of: date) -> None:
    """Put what the run has to tell into the outbox and send it; whatever goes wrong here is told, no more."""
    try:
        outbox = Outbox(lake, operations().outbox)
        _of_run(outbox, run, step)
        _of_late(outbox, late_datasets(last_deliveries(lake, as_of), as_of))
        failures = outbox.send(senders.senders(operations().outbox, lake))
    # The run itself has ended as it has ended.
    except Exception as error:
        failures = [f"outbox: {error}"]
    for line in failures:
        print(line, file=sys.stderr)


def schedule_failed(lake: Lake, entry: str, job: str, tries: int, outcome: str, day: date) -> None:
    """A scheduled entry that did not end well, after its last try; told once a day."""
    try:
        outbox = Outbox(lake, operations().outbox)
        values = {"entry": entry, "job": job, "tries": str(tries), "outcome": outcome}
        outbox.put("schedule_failed", f"{entry} {day}", templates()["schedule_failed"], **values)
        failures = outbox.send(senders.senders(operations().outbox, lake))
    except (ConfError, OSError) as error:
        failures = [f"outbox: {error}"]
    for line in failures:
        print(line, file=sys.stderr)


def _of_run(outbox: Outbox, run: dict[str, Any], step: str) -> None:
    kind = {"failed": "run_failed", "bad_input": "bad_input"}.get(run["outcome"])
    if kind is None:
        return
    known = remedies()
    fault = known.get(run["error"] or kind, known["unknown"])
    values = {key: run[key] or "—" for key in ("run_id", "as_of", "message", "place")}
    outbox.put(
        kind, run["run_id"], templates()[kind], fault.remedy,
        step=step, what={"zh": fault.what.zh, "en": fault.what.en}, **values,
    )  # fmt: skip


def _of_late(outbox: Outbox, late: Iterable[LateDataset]) -> None:
    for dataset in late:
        key = f"{dataset.table} {dataset.last}"
        outbox.put(
            "late", key, templates()["late"],
            table=dataset.table, last=str(dataset.last), due=str(dataset.due), days=str(dataset.days),
            title=dataset.title.model_dump(), department=dataset.department.model_dump(),
        )  # fmt: skip
