"""Accounts and audit by command."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from cockpit.__main__ import main
from cockpit.gold import Lake
from cockpit.store import Store, open_store, sqlite_url
from cockpit.store.attempts import LockOut
from cockpit.store.sessions import Limits
from tests.unit.cockpit_access.conftest import PASSWORD


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("DINGPAN_STORE", raising=False)
    return tmp_path


def run(folder: Path, monkeypatch: pytest.MonkeyPatch, *words: str, typed: str = PASSWORD) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed + "\n"))
    return main([*words, "--lake", str(folder)])


def opened(folder: Path) -> Store:
    return open_store(sqlite_url(folder / "ops" / "cockpit.db"))


def test_life_of_an_account(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, monkeypatch, "user", "add", "chief", "--role", "administrator", "--name", "张三") == 0
    assert run(folder, monkeypatch, "user", "reset", "chief", typed=PASSWORD + " 2") == 0
    store = opened(folder)
    assert store.accounts.check("chief", PASSWORD) is None
    assert store.accounts.check("chief", PASSWORD + " 2") is not None
    assert run(folder, monkeypatch, "user", "disable", "chief") == 0
    assert store.accounts.check("chief", PASSWORD + " 2") is None
    capsys.readouterr()
    assert run(folder, monkeypatch, "user", "list") == 0
    assert capsys.readouterr().out.split("\t") == [
        "chief", "administrator", "440000,370000", "internal", "disabled", "张三\n",
    ]  # fmt: skip
    assert [entry.object for entry in reversed(store.audit.newest(9))] == [
        "chief: added",
        "chief: given a new password",
        "chief: disabled",
    ]


def test_changed_rights_end_the_sessions_and_let_a_disabled_account_in_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(folder, monkeypatch, "user", "add", "li", "--role", "leader") == 0
    store = opened(folder)
    session = store.sessions.open("li")
    assert run(folder, monkeypatch, "user", "change", "li", "--role", "planner", "--region", "440100") == 0
    found = store.accounts.find("li")
    assert found is not None
    assert (found.role, found.regions, found.grade) == ("planner", ("440100",), "internal")
    assert store.sessions.find(session, lambda _: Limits(timedelta(hours=1), timedelta(hours=9))) is None
    assert run(folder, monkeypatch, "user", "disable", "li") == 0
    assert run(folder, monkeypatch, "user", "change", "li", "--grade", "public") == 0
    found = store.accounts.check("li", PASSWORD)
    assert found is not None
    assert (found.role, found.regions, found.grade) == ("planner", ("440100",), "public")
    assert store.audit.newest(1)[0].object == "li: now planner, 440100, public"


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        (("user", "add", "li", "--role", "king"), PASSWORD, "role king"),
        (("user", "add", "li", "--role", "leader", "--region", "110000"), PASSWORD, "region 110000"),
        (("user", "add", "li", "--role", "leader", "--region", "100000"), PASSWORD, "region 100000"),
        (("user", "add", "li", "--role", "leader", "--region", "449999"), PASSWORD, "region 449999"),
        (("user", "add", "li", "--role", "leader", "--grade", "secret"), PASSWORD, "grade secret"),
        (("user", "add", "li", "--role", "leader", "--name", "x" * 129), PASSWORD, "128"),
        (("user", "add", "a b", "--role", "leader"), PASSWORD, "'a b'"),
        (("user", "add", "li", "--role", "leader"), "short", "12 to 256"),
        (("user", "add", "li", "--role", "leader"), " " * 12, "5 different"),
        (("user", "add", "li", "--role", "leader"), "1212121212121212", "5 different"),
        (("user", "add", "chief", "--role", "leader"), "the chief of all", "account's name"),
        (("user", "reset", "li"), PASSWORD, "no account li"),
        (("user", "disable", "li"), PASSWORD, "no account li"),
        (("user", "change", "li", "--grade", "public"), PASSWORD, "no account li"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    typed: str,
    said: str,
) -> None:
    store = opened(folder)
    assert run(folder, monkeypatch, *words, typed=typed) == 2
    error = capsys.readouterr().err.strip()
    assert said in error and "\n" not in error
    assert store.accounts.list() == ()


def test_account_that_exists_is_not_made_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("user", "add", "li", "--role", "leader", "--no-password")
    assert run(folder, monkeypatch, *words) == 0
    assert run(folder, monkeypatch, *words) == 2
    assert "exists already" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [("audit", "verify"), ("audit", "list"), ("user", "list"), ("user", "reset", "li")]
)
def test_store_that_is_not_there_is_bad_input_and_not_made(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    assert run(folder / "mistyped", monkeypatch, *words) == 2
    error = capsys.readouterr().err.strip()
    assert "mistyped" in error and "\n" not in error
    assert not (folder / "mistyped").exists()


def test_new_password_lifts_the_lock_of_the_old_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(folder, monkeypatch, "user", "add", "li", "--role", "leader")
    store, rule = opened(folder), LockOut(1, timedelta(hours=1), timedelta(hours=1))
    for name in ("li", "wang"):
        store.attempts.note(name, "::1", passed=False)

    assert run(folder, monkeypatch, "user", "reset", "li") == 0
    assert store.attempts.locked_for("li", rule) == timedelta(0)
    assert store.attempts.locked_for("wang", rule) > timedelta(0)


def test_line_from_windows_ends_the_password(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(folder, monkeypatch, "user", "add", "li", "--role", "leader", typed=f"{PASSWORD}\r") == 0
    assert opened(folder).accounts.check("li", PASSWORD) is not None


def test_password_is_no_option(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SystemExit) as stopped:
        run(folder, monkeypatch, "user", "add", "li", "--role", "leader", "--password", PASSWORD)
    assert stopped.value.code == 2


def test_verify_names_the_first_broken_row(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    store = opened(folder)
    for i in range(4):
        store.audit.write("view", account="li", object=f"/{i}")
    head = store.audit.verify().head
    assert run(folder, monkeypatch, "audit", "verify", "--noted", head) == 0
    assert head in capsys.readouterr().out
    assert run(folder, monkeypatch, "audit", "list", "--limit", "2") == 0
    assert [line.split("\t")[0] for line in capsys.readouterr().out.splitlines()] == ["3", "4"]
    with store.engine.begin() as db:
        db.execute(text("update audit set outcome = 'ok!' where id = 3"))
    assert run(folder, monkeypatch, "audit", "verify") == 1
    assert "row 3" in capsys.readouterr().err


def test_audit_that_was_emptied_does_not_hold(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(folder, monkeypatch, "user", "add", "li", "--role", "leader")
    assert run(folder, monkeypatch, "audit", "verify") == 0
    with opened(folder).engine.begin() as db:
        db.execute(text("delete from audit"))
    assert run(folder, monkeypatch, "audit", "verify") == 1
    assert "row 1" in capsys.readouterr().err


def test_cockpit_without_anybody_says_how_to_make_the_first(
    lake: Lake, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DINGPAN_STORE", sqlite_url(tmp_path / "cockpit.db"))
    assert main(["--lake", str(lake.root)]) == 2
    error = capsys.readouterr().err.strip()
    assert "user add NAME --role administrator" in error and "--demo" in error and "\n" not in error


def test_store_that_does_not_answer_is_one_line(
    lake: Lake, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DINGPAN_STORE", "postgresql+psycopg://u:hidden-word@127.0.0.1:1/x")
    assert main(["--lake", str(lake.root)]) == 2
    error = capsys.readouterr().err.strip()
    assert "127.0.0.1" in error and "hidden-word" not in error and "\n" not in error
