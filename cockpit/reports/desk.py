"""Where readers order reports: a queue, one thread that makes them, and their files below `ops/reports/`."""

from __future__ import annotations

import hashlib
import logging
import queue
import shutil
import threading

from cockpit import facts, texts
from cockpit.address import LANGUAGES
from cockpit.gold import Lake, Release, Scope
from cockpit.reports import words
from cockpit.reports.files import report_path
from cockpit.reports.order import Order, check, make
from cockpit.store import Store
from cockpit.store.reports import PENDING, Report

_log = logging.getLogger(__name__)
#: Reports that one account may have waiting, and that are kept for one.
AT_ONCE, KEPT = 3, 50


class BusyError(RuntimeError):
    """The account has as many reports waiting as one may have."""


class Desk:
    """The orders of one lake. One report is made at a time, so that pages stay quick."""

    def __init__(self, lake: Lake, store: Store) -> None:
        self._lake, self._reports = lake, store.reports
        self._waiting: queue.Queue[str] = queue.Queue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def order(self, account: str, scope: Scope, release: Release, order: Order) -> str:
        """Put an order into the queue; gives the report's id. Raises OrderError for what cannot be made,
        BusyError when the account has enough waiting."""
        check(order, release, scope)
        with self._lock:
            self._start()
            if len([report for report in self._reports.pending() if report.account == account]) >= AT_ONCE:
                raise BusyError
            parameters = {
                "release": release.release_id,
                "theme": order.theme,
                "region": order.region,
                "until": order.until,
                "lang": order.lang,
            }
            new = self._reports.ask(account, scope.regions, scope.grade, order.format, parameters)
        self._waiting.put(new)
        return new

    def list(self, account: str) -> tuple[Report, ...]:
        """An account's reports, the newest first. What an earlier process left unfinished is taken up
        again."""
        reports = self._reports.of(account, KEPT)
        if any(report.state in PENDING for report in reports):
            with self._lock:
                self._start()
        return reports

    def _start(self) -> None:
        """Start the thread when there is work, as threads do not outlive a fork, with what is unfinished."""
        if self._thread is None or not self._thread.is_alive():
            for report in self._reports.pending():
                self._waiting.put(report.id)
            self._thread = threading.Thread(target=self._work, name="reports", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while True:
            report_id = self._waiting.get()
            wanted = next((each for each in self._reports.pending() if each.id == report_id), None)
            if wanted is not None:
                self._make(wanted)
                self._trim(wanted.account)

    def _make(self, wanted: Report) -> None:
        try:
            self._reports.progress(wanted.id, 0)
            given, scope = wanted.parameters, Scope(wanted.regions, wanted.grade)
            order = Order(given["theme"], given["region"], given["until"], wanted.kind, given["lang"])
            release = self._lake.release(given["release"])
            report = facts.report(release, scope, order.theme, order.region, order.until)
            self._reports.progress(wanted.id, 10)
            path = report_path(self._lake.root, wanted.id, words.file_name(report, order.format, order.lang))
            path.parent.mkdir(parents=True, exist_ok=True)
            make(report, order, path, lambda share: self._reports.progress(wanted.id, 10 + int(share * 85)))
            content = path.read_bytes()
            self._reports.done(wanted.id, path.name, len(content), hashlib.sha256(content).hexdigest())
        except facts.NoFiguresError as error:
            self._reports.failed(wanted.id, {lang: error.reason.get(lang) for lang in LANGUAGES})
        except Exception:
            _log.exception("report %s failed", wanted.id)
            reason = {lang: texts.get("pages.reports.failed", lang) for lang in LANGUAGES}
            self._reports.failed(wanted.id, reason)

    def _trim(self, account: str) -> None:
        """Delete an account's oldest reports beyond those kept."""
        for report in self._reports.of(account, 10 * KEPT)[KEPT:]:
            if report.state not in PENDING:
                shutil.rmtree(report_path(self._lake.root, report.id, ""), ignore_errors=True)
                self._reports.forget(report.id)
