"""The address that a finished report is fetched from."""

from __future__ import annotations

from flask import Flask, Response, abort, send_file
from flask.typing import ResponseReturnValue

from cockpit.address import parse
from cockpit.components.view import open_view
from cockpit.gold import Lake, NoReleaseError
from cockpit.reports.desk import READER, Desk

#: Where a report lies, by its id.
ADDRESS = "/reports/file/"


def serve_reports(server: Flask, lake: Lake, desk: Desk) -> None:
    """Answer ``/reports/file/<id>`` with the reader's own report, under its name; 404 for any other id."""

    @server.get(f"{ADDRESS}<report_id>")
    def _report(report_id: str) -> ResponseReturnValue:
        try:
            scope = open_view(lake, parse("/reports", "")).scope
        except NoReleaseError:
            abort(404)
        found = desk.file(READER, scope, report_id)
        if found is None:
            abort(404)
        path, name = found
        answer: Response = send_file(path.resolve(), as_attachment=True, download_name=name)
        answer.headers["Cache-Control"] = "private, no-store"
        return answer
