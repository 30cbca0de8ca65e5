"""Where the files of reports lie, and where a reader fetches them."""

from __future__ import annotations

from pathlib import Path

#: Where a reader fetches a report, by its id.
ADDRESS = "/report/"


def report_path(lake: Path, report_id: str, file: str) -> Path:
    """Where the file of a report lies."""
    return lake / "ops" / "reports" / report_id / file
