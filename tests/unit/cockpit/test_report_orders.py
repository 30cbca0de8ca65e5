"""Orders: what is refused, files whole or not at all, the queue, and who may fetch a report."""

import sqlite3
import time
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient

from cockpit import facts, texts
from cockpit.address import parse
from cockpit.app import create_app
from cockpit.callbacks.reports import ordered
from cockpit.components.view import View, open_view
from cockpit.facts_types import ReportFacts
from cockpit.gold import Lake, Release, Scope, open_lake
from cockpit.pages.reports import CHOICES, build
from cockpit.reports import FORMATS, Order, OrderError, check, desk, make
from cockpit.reports.desk import AT_ONCE, READER, BusyError, Desk
from cockpit.reports.history import Entry, History
from cockpit.reports.progress import Progress

GOOD = Order("plan", "440000", 2026, "xlsx", "zh")


@pytest.fixture
def own(tmp_path: Path, lake: Lake) -> Lake:
    """The lake with orders of its own."""
    for name in ("gold", "geo"):
        (tmp_path / name).symlink_to(lake.root / name)
    return open_lake(tmp_path)


@pytest.fixture
def view(own: Lake) -> View:
    return open_view(own, parse("/reports", ""))


def wait(own: Desk, report_id: str, reader: str = READER) -> Entry:
    """The entry once it is no longer pending."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        entry = own.history.one(reader, report_id)
        assert entry is not None
        if entry.state in ("done", "failed"):
            return entry
        time.sleep(0.02)
    raise AssertionError("the report was not finished")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"theme": "../x"}, "population, agriculture, legal_entity, economic, plan"),
        ({"region": "999999"}, "within 440000, 370000"),
        ({"region": "110000"}, "within 440000, 370000"),
        ({"until": 2090}, "not within 2026 to 2028"),
        ({"format": "pdf"}, "none of docx, xlsx"),
        ({"lang": "fr"}, "none of zh, en"),
    ],
)
def test_wrong_part_of_an_order_is_refused_with_what_is_allowed(
    release: Release, scope: Scope, change: dict[str, str | int], said: str
) -> None:
    with pytest.raises(OrderError) as refused:
        check(replace(GOOD, **change), release, scope)  # type: ignore[arg-type]

    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_region_outside_the_readers_scope_is_refused(release: Release) -> None:
    with pytest.raises(OrderError):
        check(replace(GOOD, region="370000"), release, Scope(("440000",)))


def test_a_region_without_figures_gives_the_reason(release: Release, scope: Scope) -> None:
    with pytest.raises(facts.NoFiguresError) as none:
        facts.report(release, scope, "plan", "440106", 2026)

    assert "天河区" in none.value.reason.zh
    assert "Tianhe" in none.value.reason.en


def test_a_failing_writer_leaves_the_old_file_and_nothing_else(
    reports: dict[str, ReportFacts], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "report.xlsx"
    target.write_text("old")

    def half(_report: ReportFacts, _lang: str, path: Path, _progress: Progress) -> None:
        path.write_text("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(FORMATS, "xlsx", half)
    with pytest.raises(OSError, match="No space"):
        make(reports["economic"], GOOD, target)

    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["report.xlsx"]


def test_progress_rises_to_the_end(reports: dict[str, ReportFacts], tmp_path: Path) -> None:
    for name in FORMATS:
        told: list[float] = []
        make(reports["economic"], replace(GOOD, format=name), tmp_path / f"a.{name}", told.append)
        assert told == sorted(told)
        assert told[-1] == 1.0


def test_an_order_is_made_and_kept_for_its_reader_alone(own: Lake, scope: Scope) -> None:
    desk = Desk(own)
    entry = wait(desk, desk.order("li", scope, own.release(), GOOD).report_id, "li")

    found = desk.file("li", scope, entry.report_id)
    assert entry.state == "done"
    assert found is not None
    assert found[0].stat().st_size == entry.bytes
    assert desk.file("wang", scope, entry.report_id) is None
    assert desk.file("li", Scope(("440000",)), entry.report_id) is None
    assert desk.file("li", replace(scope, grade="public"), entry.report_id) is None
    assert desk.list("wang") == []


def test_a_report_that_cannot_be_made_says_why(own: Lake, scope: Scope) -> None:
    desk = Desk(own)
    entry = desk.order("li", scope, own.release(), replace(GOOD, region="440106"))
    failed = wait(desk, entry.report_id, "li")

    assert failed.state == "failed"
    assert "天河区" in failed.reason_zh
    assert desk.file("li", scope, entry.report_id) is None


def test_a_fault_is_told_without_its_cause(
    own: Lake, scope: Scope, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_given: object) -> None:
        raise ValueError("secret path")

    monkeypatch.setitem(FORMATS, "xlsx", broken)
    desk = Desk(own)
    failed = wait(desk, desk.order("li", scope, own.release(), GOOD).report_id, "li")

    assert failed.state == "failed"
    assert failed.reason_zh == texts.get("pages.reports.failed", "zh")
    assert "secret path" in caplog.text


def test_a_reader_may_not_fill_the_queue(own: Lake, scope: Scope, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Desk, "_start", lambda _desk: None)
    desk = Desk(own)
    for _ in range(AT_ONCE):
        desk.order("li", scope, own.release(), GOOD)

    with pytest.raises(BusyError):
        desk.order("li", scope, own.release(), GOOD)
    desk.order("wang", scope, own.release(), GOOD)


def test_what_a_dead_process_left_is_taken_up_again(
    own: Lake, scope: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as dead:
        dead.setattr(Desk, "_start", lambda _desk: None)
        first = Desk(own)
        entry = first.order("li", scope, own.release(), GOOD)
        first.history.change(entry.report_id, state="working", percent=40)

    second = Desk(own)
    second.list("li")

    assert wait(second, entry.report_id, "li").state == "done"


def test_old_reports_go_with_their_files(own: Lake, scope: Scope, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "KEPT", 1)
    made = Desk(own)
    ids = []
    for _ in range(2):
        ids.append(made.order("li", scope, own.release(), GOOD).report_id)
        wait(made, ids[-1], "li")
    end = time.monotonic() + 5
    while made.history.one("li", ids[0]) is not None and time.monotonic() < end:
        time.sleep(0.02)

    assert [entry.report_id for entry in made.list("li")] == [ids[1]]
    assert {path.stem for path in made.folder.glob("*.xlsx")} == {ids[1]}


def test_history_takes_an_id_once_and_known_columns_only(tmp_path: Path) -> None:
    history = History(tmp_path / "h.db")
    entry = Entry(
        "a" * 32, "li", "440000", "internal", "2026-01-01", "R", "economic", "440000", 2026, "xlsx", "zh"
    )
    assert history.of("li", 5) == []
    history.add(entry)

    with pytest.raises(sqlite3.IntegrityError):
        history.add(entry)
    with pytest.raises(ValueError, match="drop"):
        history.change(entry.report_id, **{"state = 'x'; drop": "y"})
    assert history.of("li", 5) == [entry]


@pytest.mark.parametrize(
    ("name", "value"),
    [("theme", "x"), ("region", "1"), ("until", "abc"), ("lang", None), ("format", "../../etc/passwd")],
)
def test_a_forged_form_is_refused(own: Lake, view: View, name: str, value: str | None) -> None:
    chosen = {"theme": "economic", "region": "440000", "until": "2026", "lang": "zh", "format": "xlsx"}

    answer = ordered(view, Desk(own), [(chosen | {name: value})[key] for key in CHOICES])

    assert answer == texts.get("pages.reports.refused", "zh")
    assert History(own.root / "ops" / "reports" / "history.db").of(READER, 5) == []


def test_page_offers_the_readers_own_choices(view: View) -> None:
    title, body = build(view)

    assert title == texts.get("pages.reports.title", "zh")
    shown = str(body)
    assert "report-make" in shown
    assert "110000" not in shown
    assert texts.get("pages.empty.reports", "zh") in shown


@pytest.fixture
def client(own: Lake, tmp_path: Path) -> FlaskClient:
    return create_app(own, tmp_path).server.test_client()


def test_download_has_a_chinese_name_and_is_not_cached(own: Lake, client: FlaskClient) -> None:
    desk = Desk(own)
    scope = open_view(own, parse("/reports", "")).scope
    entry = wait(desk, desk.order(READER, scope, own.release(), GOOD).report_id)
    answer = client.get(f"/reports/file/{entry.report_id}")
    disposition = answer.headers["Content-Disposition"]

    assert answer.status_code == 200
    assert answer.data[:2] == b"PK"
    assert disposition.startswith("attachment")
    assert "filename*=UTF-8''" in disposition
    assert unquote(disposition.partition("filename*=UTF-8''")[2]) == entry.name
    assert "广东省" in entry.name
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "report_id",
    [
        "0" * 32,
        "history.db",
        "../history.db",
        "..%2fhistory.db",
        "%2e%2e/%2e%2e/ledger.db",
        "a" * 31,
        "A" * 32,
        "",
        "%00",
        "x" * 5000,
    ],
)
def test_unknown_ids_and_path_tricks_are_not_found(own: Lake, client: FlaskClient, report_id: str) -> None:
    desk = Desk(own)
    desk.history.add(
        Entry(
            "b" * 32,
            "wang",
            "440000",
            "internal",
            "2026",
            "R",
            "economic",
            "440000",
            2026,
            "xlsx",
            "zh",
            state="done",
        )
    )
    answer = client.get(f"/reports/file/{report_id}")

    # Dash answers its own page for addresses that no route takes; a report is never in it.
    assert answer.status_code == 404 or answer.mimetype == "text/html"
    assert b"SQLite" not in answer.data


def test_another_readers_report_is_not_found(own: Lake, client: FlaskClient) -> None:
    scope = open_view(own, parse("/reports", "")).scope
    desk = Desk(own)
    entry = wait(desk, desk.order("wang", scope, own.release(), GOOD).report_id, "wang")

    assert client.get(f"/reports/file/{entry.report_id}").status_code == 404
