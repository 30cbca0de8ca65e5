"""Where readers order reports: a queue, one thread that makes them, and their files below `ops/reports/`."""

from __future__ import annotations

import logging
import queue
import re
import threading
import uuid
from datetime import UTC, datetime
from pathlib import Path

from cockpit import facts, texts
from cockpit.gold import Lake, Release, Scope
from cockpit.reports import words
from cockpit.reports.history import PENDING, Entry, History
from cockpit.reports.order import Order, check, make

_log = logging.getLogger(__name__)
_ID = re.compile(r"[0-9a-f]{32}")
#: Reports that one reader may have waiting, and that are kept for one.
AT_ONCE, KEPT = 3, 50
#: Until sign-in exists, all that read on the machine itself are one reader.
READER = "local"


def history_of(lake: Lake) -> History:
    """The history of a lake's reports."""
    return History(lake.root / "ops" / "reports" / "history.db")


class BusyError(RuntimeError):
    """The reader has as many reports waiting as one may have."""


class Desk:
    """The orders of one lake. One report is made at a time, so that pages stay quick."""

    def __init__(self, lake: Lake) -> None:
        self._lake = lake
        self.history = history_of(lake)
        self.folder = self.history.path.parent
        self._waiting: queue.Queue[str] = queue.Queue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def order(self, reader: str, scope: Scope, release: Release, order: Order) -> Entry:
        """Put an order into the queue. Raises OrderError for what cannot be made, BusyError when the reader
        has enough waiting."""
        check(order, release, scope)
        with self._lock:
            self._start()
            if len([entry for entry in self.history.pending() if entry.reader == reader]) >= AT_ONCE:
                raise BusyError
            entry = Entry(
                report_id=uuid.uuid4().hex,
                reader=reader,
                provinces=",".join(scope.provinces),
                grade=scope.grade,
                ordered_at=datetime.now(UTC).isoformat(timespec="milliseconds"),
                release_id=release.release_id,
                theme=order.theme,
                region=order.region,
                until=order.until,
                format=order.format,
                lang=order.lang,
            )
            self.history.add(entry)
        self._waiting.put(entry.report_id)
        return entry

    def list(self, reader: str) -> list[Entry]:
        """A reader's reports, the newest first. What an earlier process left unfinished is taken up again."""
        entries = self.history.of(reader, KEPT)
        if any(entry.state in PENDING for entry in entries):
            with self._lock:
                self._start()
        return entries

    def file(self, reader: str, scope: Scope, report_id: str) -> tuple[Path, str] | None:
        """A finished report's file and the name it is saved under; None for one that is not there, is another
        reader's, or was made with other rights than the reader has now."""
        if not _ID.fullmatch(report_id):
            return None
        entry = self.history.one(reader, report_id)
        if entry is None or entry.state != "done" or _scope(entry) != scope:
            return None
        path = self._path(entry)
        return (path, entry.name) if path.is_file() else None

    def _path(self, entry: Entry) -> Path:
        return self.folder / f"{entry.report_id}.{entry.format}"

    def _start(self) -> None:
        """Start the thread when there is work, as threads do not outlive a fork, with what is unfinished."""
        if self._thread is None or not self._thread.is_alive():
            for entry in self.history.pending():
                self._waiting.put(entry.report_id)
            self._thread = threading.Thread(target=self._work, name="reports", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while True:
            report_id = self._waiting.get()
            entry = next((e for e in self.history.pending() if e.report_id == report_id), None)
            if entry is not None:
                self._make(entry)
                self._trim(entry.reader)

    def _make(self, entry: Entry) -> None:
        try:
            self.history.change(entry.report_id, state="working")
            release, scope = self._lake.release(entry.release_id), _scope(entry)
            order = Order(entry.theme, entry.region, entry.until, entry.format, entry.lang)
            report = facts.report(release, scope, order.theme, order.region, order.until)
            self.history.change(entry.report_id, percent=10)
            path = self._path(entry)

            def progress(share: float) -> None:
                self.history.change(entry.report_id, percent=10 + int(share * 85))

            make(report, order, path, progress)
            name = words.file_name(report, order.format, order.lang)
            self.history.change(
                entry.report_id, state="done", percent=100, name=name, bytes=path.stat().st_size
            )
        except facts.NoFiguresError as error:
            reason = {"reason_zh": error.reason.zh, "reason_en": error.reason.en}
            self.history.change(entry.report_id, state="failed", **reason)
        except Exception:
            _log.exception("report %s failed", entry.report_id)
            reason = {f"reason_{lang}": texts.get("pages.reports.failed", lang) for lang in ("zh", "en")}
            self.history.change(entry.report_id, state="failed", **reason)

    def _trim(self, reader: str) -> None:
        """Delete a reader's oldest reports beyond those kept."""
        for entry in self.history.of(reader, 10 * KEPT)[KEPT:]:
            if entry.state not in PENDING:
                self._path(entry).unlink(missing_ok=True)
                self.history.forget(entry.report_id)


def _scope(entry: Entry) -> Scope:
    return Scope(tuple(entry.provinces.split(",")), entry.grade)
