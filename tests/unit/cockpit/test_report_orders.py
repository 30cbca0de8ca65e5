"""Orders: what is refused, files whole or not at all, the queue, and who may fetch a report."""

import time
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cockpit import facts, texts
from cockpit.access.gate import CALLBACKS
from cockpit.access.reader import Reader, reader_of
from cockpit.address import parse
from cockpit.app import create_app
from cockpit.callbacks.reports import ordered
from cockpit.components.view import View, open_view
from cockpit.facts_types import ReportFacts
from cockpit.gold import Lake, Release, Scope, open_lake
from cockpit.pages.reports import CHOICES, build
from cockpit.reports import FORMATS, Order, OrderError, check, make
from cockpit.reports.desk import AT_ONCE, BusyError, Desk
from cockpit.reports.files import report_path
from cockpit.reports.progress import Progress
from cockpit.store import Store, open_store, sqlite_url
from cockpit.store.reports import Report

GOOD = Order("plan", "440000", 2026, "xlsx", "zh")
FORM = {"theme": "plan", "region": "440000", "until": "2026", "lang": "zh", "format": "xlsx"}


@pytest.fixture
def own(tmp_path: Path, lake: Lake) -> Lake:
    """The lake with orders of its own."""
    for name in ("gold", "geo"):
        (tmp_path / name).symlink_to(lake.root / name)
    return open_lake(tmp_path)


@pytest.fixture
def store(tmp_path: Path, scope: Scope) -> Store:
    """The lake's store with two analysts."""
    store = open_store(sqlite_url(tmp_path / "ops" / "cockpit.db"))
    for name in ("li", "wang"):
        store.accounts.add(
            name, shown=name, role="analyst", regions=scope.regions, grade="internal", password=None
        )
    return store


@pytest.fixture
def reader(store: Store) -> Reader:
    found = store.accounts.find("li")
    assert found is not None
    return reader_of(found)


@pytest.fixture
def view(own: Lake, store: Store, reader: Reader) -> View:
    return open_view(own, store, reader, parse("/reports", ""))


@pytest.fixture
def desk(own: Lake, store: Store) -> Desk:
    return Desk(own, store)


def wait(store: Store, report_id: str, account: str = "li") -> Report:
    """The report once it is no longer pending."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        report = store.reports.find(report_id, account)
        assert report is not None
        if report.state in ("done", "failed"):
            return report
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
        check(replace(GOOD, region="370000"), release, Scope(("440000",), "internal"))


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


def test_an_order_is_made_and_kept_for_its_account_alone(
    own: Lake, store: Store, desk: Desk, scope: Scope
) -> None:
    made = wait(store, desk.order("li", scope, own.release(), GOOD))

    assert made.state == "done"
    assert made.file is not None
    assert report_path(own.root, made.id, made.file).stat().st_size == made.bytes
    assert (made.regions, made.grade, made.kind) == (scope.regions, scope.grade, "xlsx")
    assert desk.list("li") == (made,)
    assert desk.list("wang") == ()


def test_a_report_that_cannot_be_made_says_why(own: Lake, store: Store, desk: Desk, scope: Scope) -> None:
    failed = wait(store, desk.order("li", scope, own.release(), replace(GOOD, region="440106")))

    assert failed.state == "failed"
    assert failed.reason is not None
    assert "天河区" in failed.reason["zh"]
    assert "Tianhe" in failed.reason["en"]
    assert failed.file is None


def test_a_fault_is_told_without_its_cause(
    own: Lake,
    store: Store,
    desk: Desk,
    scope: Scope,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_given: object) -> None:
        raise ValueError("secret path")

    monkeypatch.setitem(FORMATS, "xlsx", broken)
    failed = wait(store, desk.order("li", scope, own.release(), GOOD))

    assert failed.state == "failed"
    assert failed.reason == {lang: texts.get("pages.reports.failed", lang) for lang in ("zh", "en")}
    assert "secret path" in caplog.text


def test_an_account_may_not_fill_the_queue(
    own: Lake, desk: Desk, scope: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Desk, "_start", lambda _desk: None)
    for _ in range(AT_ONCE):
        desk.order("li", scope, own.release(), GOOD)

    with pytest.raises(BusyError):
        desk.order("li", scope, own.release(), GOOD)
    desk.order("wang", scope, own.release(), GOOD)


def test_what_a_dead_process_left_is_taken_up_again(
    own: Lake, store: Store, scope: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as dead:
        dead.setattr(Desk, "_start", lambda _desk: None)
        left = Desk(own, store).order("li", scope, own.release(), GOOD)
        store.reports.progress(left, 40)

    Desk(own, store).list("li")

    assert wait(store, left).state == "done"


def test_old_reports_go_with_their_files(
    own: Lake, store: Store, desk: Desk, scope: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cockpit.reports.desk.KEPT", 1)
    ids = []
    for _ in range(2):
        ids.append(desk.order("li", scope, own.release(), GOOD))
        wait(store, ids[-1])
    end = time.monotonic() + 5
    while store.reports.find(ids[0], "li") is not None and time.monotonic() < end:
        time.sleep(0.02)

    assert [report.id for report in desk.list("li")] == [ids[1]]
    assert [path.name for path in (own.root / "ops" / "reports").iterdir()] == [ids[1]]


@pytest.mark.parametrize(
    ("name", "value"),
    [("theme", "x"), ("region", "1"), ("until", "abc"), ("lang", None), ("format", "../../etc/passwd")],
)
def test_a_forged_form_is_refused(view: View, desk: Desk, name: str, value: str | None) -> None:
    chosen = FORM | {name: value}

    answer = ordered(view, desk, [chosen[key] for key in CHOICES])

    assert answer == texts.get("pages.reports.refused", "zh")
    assert view.store.reports.of("li") == ()


def test_page_offers_the_readers_own_choices(view: View) -> None:
    title, body = build(view)

    assert title == texts.get("pages.reports.title", "zh")
    shown = str(body)
    assert "report-make" in shown
    assert "110000" not in shown
    assert texts.get("pages.empty.reports", "zh") in shown


@pytest.fixture
def client(own: Lake, store: Store, tmp_path: Path) -> FlaskClient:
    """The browser of Li."""
    client: FlaskClient = create_app(own, tmp_path, store).server.test_client()
    client.set_cookie("dingpan", store.sessions.open("li"))
    return client


def callback(client: FlaskClient, name: str, values: dict[str, object]) -> TestResponse:
    """Send the request of the callback that has an input of that name."""
    entry = next(
        entry
        for entry in client.get("/_dash-dependencies").get_json()
        if any(part["id"] == name for part in entry["inputs"])
    )
    outputs = [
        dict(zip(("id", "property"), output.rpartition(".")[::2], strict=True))
        for output in entry["output"].strip(".").split("...")
    ]

    def valued(part: dict[str, str]) -> dict[str, object]:
        return {"id": part["id"], "property": part["property"], "value": values.get(part["id"])}

    return client.post(
        CALLBACKS,
        json={
            "output": entry["output"],
            "outputs": outputs,
            "inputs": [valued(part) for part in entry["inputs"]],
            "state": [valued(part) for part in entry["state"]],
            "changedPropIds": [f"{part['id']}.{part['property']}" for part in entry["inputs"]],
        },
    )


def test_an_order_through_the_browser_is_made_audited_and_polled(store: Store, client: FlaskClient) -> None:
    form = {f"report-{name}": value for name, value in FORM.items()}
    ordered = callback(client, "report-make", {"report-make": 1, **form, "url": ""})
    made = wait(store, store.reports.of("li")[0].id)
    rows = store.audit.newest(9)
    polled = callback(client, "report-poll", {"report-poll": 1, "url": ""})

    assert ordered.status_code == polled.status_code == 200
    assert f"/report/{made.id}" in str(polled.get_json())
    assert polled.get_json()["response"]["report-poll"] == {"disabled": True}
    assert [(row.account, row.action, row.object, row.outcome) for row in rows] == [
        ("li", "export", "/reports?region=440000", "ok")
    ]
    assert store.audit.newest(9) == rows


def test_an_order_for_a_foreign_region_is_refused_and_audited(store: Store, client: FlaskClient) -> None:
    store.accounts.add("zhao", shown="", role="analyst", regions=["370000"], grade="internal", password=None)
    client.set_cookie("dingpan", store.sessions.open("zhao"))
    form = {f"report-{name}": value for name, value in FORM.items()}

    assert callback(client, "report-make", {"report-make": 1, **form, "url": ""}).status_code == 403
    assert store.reports.of("zhao") == ()
    assert [row.outcome for row in store.audit.newest(9)] == ["region"]


def test_who_may_not_take_reports_away_neither_orders_nor_polls(store: Store, client: FlaskClient) -> None:
    store.accounts.add(
        "sun", shown="", role="department_officer", regions=["440000"], grade="internal", password=None
    )
    client.set_cookie("dingpan", store.sessions.open("sun"))
    form = {f"report-{name}": value for name, value in FORM.items()}

    for name in ("report-make", "report-poll"):
        assert callback(client, name, {name: 1, **form, "url": ""}).status_code == 403
    assert store.reports.of("sun") == ()


def test_download_has_a_chinese_name_and_is_not_cached(
    own: Lake, store: Store, desk: Desk, scope: Scope, client: FlaskClient
) -> None:
    made = wait(store, desk.order("li", scope, own.release(), GOOD))
    answer = client.get(f"/report/{made.id}")
    disposition = answer.headers["Content-Disposition"]

    assert answer.status_code == 200
    assert answer.data[:2] == b"PK"
    assert disposition.startswith("attachment")
    assert "filename*=UTF-8''" in disposition
    assert unquote(disposition.partition("filename*=UTF-8''")[2]) == made.file
    assert "广东省" in str(made.file)
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "report_id",
    [
        "0" * 32,
        "cockpit.db",
        "../cockpit.db",
        "..%2fcockpit.db",
        "%2e%2e/%2e%2e/cockpit.db",
        "a" * 31,
        "A" * 32,
        "",
        "%00",
        "x" * 5000,
    ],
)
def test_unknown_ids_and_path_tricks_are_not_found(client: FlaskClient, report_id: str) -> None:
    answer = client.get(f"/report/{report_id}")

    # Dash answers its own page for addresses that no route takes; a report is never in it.
    assert answer.status_code == 404 or answer.mimetype == "text/html"
    assert b"SQLite" not in answer.data


def test_a_report_of_another_account_or_of_other_rights_is_not_found(
    own: Lake, store: Store, desk: Desk, scope: Scope, client: FlaskClient
) -> None:
    foreign = wait(store, desk.order("wang", scope, own.release(), GOOD), "wang")
    public = replace(scope, grade="public")
    other = wait(store, desk.order("li", public, own.release(), GOOD))

    assert (foreign.state, other.state) == ("done", "done")
    for report in (foreign, other):
        assert client.get(f"/report/{report.id}").status_code == 404
