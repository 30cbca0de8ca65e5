"""Handing out finished reports: each reader its own, unchanged since it was made."""

from __future__ import annotations

import hashlib
from pathlib import Path

from flask import abort, send_file
from flask.typing import ResponseReturnValue

from cockpit.access.reader import Reader
from cockpit.access.secured import Secured
from cockpit.gold import Scope
from cockpit.reports.files import ADDRESS, report_path
from cockpit.store import Store


def serve_reports(secured: Secured, store: Store, lake: Path) -> None:
    """Files of reports at ``/report/<id>``. Another's report, one that is not there, and one that was made with
    other rights than the reader has now, get the same answer."""

    @secured.get(f"{ADDRESS}<report_id>", action="export")
    def report(reader: Reader, report_id: str) -> ResponseReturnValue:
        found = store.reports.find(report_id, reader.account)
        path = report_path(lake, found.id, found.file) if found and found.file else None
        same_rights = found is not None and Scope(found.regions, found.grade) == reader.scope
        if found is None or path is None or not same_rights or not path.is_file():
            secured.audit(reader, "export", f"{ADDRESS}{report_id}", "unknown")
            abort(404)
        if hashlib.sha256(path.read_bytes()).hexdigest() != found.sha256:
            secured.audit(reader, "export", f"{ADDRESS}{report_id}", "changed")
            abort(410, "the file was changed after it was made; make the report anew")
        secured.audit(reader, "export", f"{ADDRESS}{report_id}", "ok", kind=found.kind, **found.parameters)
        answer = send_file(path.resolve(), as_attachment=True, download_name=found.file)
        answer.headers["Cache-Control"] = "private, no-store"
        return answer
