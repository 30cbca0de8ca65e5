"""The operational store, on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import stat
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from cockpit.store import Store, StoreError, open_store, sqlite_url
from cockpit.store.accounts import LONGEST, LONGEST_SHOWN, is_name
from cockpit.store.attempts import LockOut
from cockpit.store.audit import START
from cockpit.store.sessions import GRAIN, Limits
from cockpit.store.tables import account, metadata
from tests.unit.cockpit_access.conftest import Clock

PASSWORD = "correct horse battery"


def limits_of(role: str) -> Limits:
    days = 30 if role == "wall" else 0
    return Limits(timedelta(days=days, minutes=30), timedelta(days=days, hours=8))


RULE = LockOut(failures=3, first=timedelta(minutes=1), longest=timedelta(hours=1))


def add(store: Store, name: str = "li", password: str | None = PASSWORD) -> None:
    store.accounts.add(
        name, shown="李", role="analyst", regions=["440100"], grade="internal", password=password
    )


def test_migrations_make_the_tables_that_the_code_reads(store: Store) -> None:
    with store.engine.connect() as db:
        context = MigrationContext.configure(db, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_opening_again_keeps_what_is_there(store: Store, url: str) -> None:
    add(store)
    found = open_store(url).accounts.find("li")

    assert found is not None
    assert (found.name, found.regions, found.has_password) == ("李", ("440100",), True)


def test_tables_of_a_newer_program_are_refused(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "cockpit.db")
    with open_store(url).engine.begin() as db:
        db.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(StoreError, match="newer version"):
        open_store(url)


def test_no_password_is_told_when_a_database_does_not_answer() -> None:
    with pytest.raises(StoreError) as caught:
        open_store("postgresql+psycopg://dingpan:secret-word@127.0.0.1:1/none")
    assert "secret-word" not in str(caught.value) and "\n" not in str(caught.value)
    for url in ("secret-word", "mysql://u:secret-word@127.0.0.1/x"):
        with pytest.raises(StoreError, match="DINGPAN_STORE") as refused:
            open_store(url)
        assert "secret-word" not in str(refused.value)


def test_error_for_the_log_tells_no_hash(store: Store) -> None:
    add(store)
    with pytest.raises(SQLAlchemyError) as caught, store.engine.begin() as db:
        row = db.execute(account.select()).one()
        db.execute(account.insert().values(row._mapping))
    assert "argon2" not in str(caught.value)


def test_file_of_the_store_is_its_owner_s_alone(tmp_path: Path) -> None:
    open_store(sqlite_url(tmp_path / "ops" / "cockpit.db"))

    assert stat.S_IMODE((tmp_path / "ops" / "cockpit.db").stat().st_mode) == 0o600


def test_longest_name_fits_into_every_table(store: Store) -> None:
    name = "张" * LONGEST
    assert is_name(name) and not is_name(f"{name}x")
    store.accounts.add(
        name, shown="x" * LONGEST_SHOWN, role="analyst", regions=["440100"], grade="public", password=None
    )
    store.attempts.note(name, "::1", passed=False)
    store.audit.write("sign_in", account=name)

    assert store.sessions.find(store.sessions.open(name), limits_of) is not None


def test_password_is_kept_as_argon2_and_checked(store: Store) -> None:
    add(store)
    with store.engine.connect() as db:
        kept = db.execute(text("select password from account")).scalar_one()

    assert kept.startswith("$argon2id$") and PASSWORD not in kept
    assert store.accounts.check("li", PASSWORD) is not None
    assert store.accounts.check("li", PASSWORD + "x") is None
    assert store.accounts.check("nobody", "nobody") is None
    with pytest.raises(ValueError, match="li exists"):
        add(store)


def test_account_without_a_password_or_disabled_is_let_in_by_none(store: Store) -> None:
    add(store, "demo", password=None)
    assert store.accounts.check("demo", "nobody") is None
    add(store)
    store.accounts.disable("li")
    assert store.accounts.check("li", PASSWORD) is None
    with pytest.raises(LookupError, match="no account wang"):
        store.accounts.reset("wang", PASSWORD)


def test_a_role_s_sessions_last_as_long_as_it_says(store: Store, clock: Clock) -> None:
    add(store)
    store.accounts.add("hall", shown="", role="wall", regions=["440000"], grade="internal", password=None)
    wall, other = store.sessions.open("hall"), store.sessions.open("li")
    clock.pass_(minutes=29 * 24 * 60)
    store.sessions.sweep(limits_of)
    assert store.sessions.find(other, limits_of) is None
    assert store.sessions.find(wall, limits_of) is not None
    clock.pass_(minutes=2 * 24 * 60)
    assert store.sessions.find(wall, limits_of) is None


def test_session_ends_when_idle_or_old(store: Store, clock: Clock) -> None:
    add(store)
    token = store.sessions.open("li")
    for _ in range(20):
        clock.pass_(minutes=20)
        assert store.sessions.find(token, limits_of) is not None
        store.sessions.touch(token)
    clock.pass_(minutes=30)
    assert store.sessions.find(token, limits_of) is None

    token = store.sessions.open("li")
    for _ in range(24):
        clock.pass_(minutes=20)
        store.sessions.touch(token)
    assert store.sessions.find(token, limits_of) is None


def test_session_ends_when_the_clock_is_set_back(store: Store, clock: Clock) -> None:
    add(store)
    token = store.sessions.open("li")
    clock.pass_(days=-3)
    assert store.sessions.find(token, limits_of) is None
    clock.pass_(days=3)
    assert store.sessions.find(token, limits_of) is None


@pytest.mark.parametrize("end", ["close", "disable", "reset"])
def test_session_ends_at_once(store: Store, end: str) -> None:
    add(store)
    token = store.sessions.open("li")
    {
        "close": lambda: store.sessions.close(token),
        "disable": lambda: store.accounts.disable("li"),
        "reset": lambda: store.accounts.reset("li", PASSWORD * 2),
    }[end]()

    assert store.sessions.find(token, limits_of) is None


def test_token_itself_is_nowhere_in_the_store(store: Store) -> None:
    add(store)
    token = store.sessions.open("li")
    with store.engine.connect() as db:
        assert token not in str(db.execute(text("select * from session")).all())
    assert store.sessions.find(token[:-1], limits_of) is None


def test_sweep_forgets_what_has_ended(store: Store, clock: Clock) -> None:
    add(store)
    store.sessions.open("li")
    clock.pass_(hours=9)
    token = store.sessions.open("li")
    store.sessions.sweep(limits_of)
    with store.engine.connect() as db:
        assert db.execute(text("select count(*) from session")).scalar() == 1
    assert store.sessions.find(token, limits_of) is not None


def test_failures_in_a_row_lock_longer_and_longer(store: Store, clock: Clock) -> None:
    waits = []
    for _ in range(5):
        store.attempts.note("li", "::1", passed=False)
        waits.append(store.attempts.locked_for("li", RULE))
        clock.pass_(seconds=1)

    assert waits == [timedelta(minutes=minutes) for minutes in (0, 0, 1, 2, 4)]
    assert store.attempts.locked_for("wang", RULE) == timedelta(0)
    clock.pass_(minutes=4)
    assert store.attempts.locked_for("li", RULE) == timedelta(0)
    store.attempts.note("li", "::1", passed=True)
    store.attempts.note("li", "::1", passed=False)
    assert store.attempts.locked_for("li", RULE) == timedelta(0)


def test_wait_never_grows_beyond_its_bound() -> None:
    assert RULE.wait(10_000) == RULE.longest


def test_clock_set_back_locks_nobody_for_good(store: Store, clock: Clock) -> None:
    for _ in range(9):
        store.attempts.note("li", "::1", passed=False)
    assert store.attempts.locked_for("li", RULE) > timedelta(0)
    clock.pass_(days=-1)
    assert store.attempts.locked_for("li", RULE) == timedelta(0)


def fill(store: Store, n: int = 5) -> None:
    for i in range(n):
        store.audit.write(
            "view", account="li", role="analyst", address="::1", object=f"/页面/{i}", region="440100"
        )


def test_chain_of_the_audit_holds_and_knows_a_noted_hash(store: Store) -> None:
    fill(store)
    noted = store.audit.verify().head
    fill(store)

    assert store.audit.verify(noted).broken is None
    assert store.audit.verify(noted).rows == 10
    assert [entry.id for entry in store.audit.newest(3)] == [10, 9, 8]


@pytest.mark.parametrize(
    ("change", "row", "reason"),
    [
        ("update audit set object = '/other' where id = 3", 3, "changed"),
        ("update audit set account = 'wang', hash = previous where id = 4", 4, "changed"),
        ("delete from audit where id = 2", 2, "missing"),
        ("update audit set id = 9 where id = 5", 5, "missing"),
    ],
)
def test_first_broken_row_of_the_audit_is_named(store: Store, change: str, row: int, reason: str) -> None:
    fill(store)
    with store.engine.begin() as db:
        db.execute(text(change))
    verdict = store.audit.verify()

    assert verdict.broken == row
    assert reason in verdict.reason


def test_row_made_to_look_right_by_itself_breaks_the_next(store: Store) -> None:
    fill(store)
    third = store.audit.newest(3)[-1]
    forged = type(third)(**{**vars(third), "object": "/other"}).expected_hash()
    with store.engine.begin() as db:
        db.execute(text("update audit set object = '/other', hash = :h where id = 3"), {"h": forged})

    assert (store.audit.verify().broken, store.audit.verify().rows) == (4, 3)


def test_end_cut_off_shows_against_a_noted_hash(store: Store) -> None:
    fill(store)
    noted = store.audit.verify().head
    with store.engine.begin() as db:
        db.execute(text("delete from audit where id > 3"))

    assert store.audit.verify().broken is None
    assert store.audit.verify(noted).broken == 4
    assert store.audit.verify(START).broken is None


def test_many_writers_make_one_chain(store: Store) -> None:
    threads = [threading.Thread(target=fill, args=(store, 8)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert store.audit.verify() == store.audit.verify(store.audit.newest(1)[0].hash)
    assert (store.audit.verify().broken, store.audit.verify().rows) == (None, 32)


def ask(store: Store, account: str = "li", kind: str = "docx") -> str:
    wanted = {"theme": "population", "region": "440100", "until": 2040}
    return store.reports.ask(account, ["440000", "370000"], "internal", kind, wanted)


def test_history_of_reports_is_each_reader_s_own(store: Store, clock: Clock) -> None:
    add(store)
    add(store, "wang")
    first = ask(store)
    clock.pass_(minutes=1)
    second = ask(store, kind="xlsx")
    assert [report.id for report in store.reports.pending()] == [first, second]
    store.reports.progress(first, 40)
    working = store.reports.find(first, "li")
    assert working is not None and (working.state, working.percent) == ("working", 40)
    store.reports.done(first, file="人口.docx", bytes=7, sha256="0" * 64)
    store.reports.failed(second, {"zh": "没有数据", "en": "no figures"})

    assert [(r.id, r.state) for r in store.reports.of("li")] == [(second, "failed"), (first, "done")]
    found = store.reports.find(first, "li")
    assert found is not None
    assert (found.file, found.parameters["until"], found.percent) == ("人口.docx", 2040, 100)
    assert (found.regions, found.grade) == (("440000", "370000"), "internal")
    assert store.reports.find(first, "wang") is None and store.reports.of("wang") == ()
    assert store.reports.pending() == ()
    store.reports.forget(first)
    assert [report.id for report in store.reports.of("li")] == [second]


@pytest.mark.parametrize("file", ["../ledger.db", "a/b.docx", "a\\b.docx", "..", ""])
def test_file_of_a_report_is_a_bare_name(store: Store, file: str) -> None:
    add(store)
    with pytest.raises(ValueError, match="bare"):
        store.reports.done(ask(store), file=file, bytes=0, sha256="")


def test_nothing_is_kept_of_an_account_that_does_not_exist(store: Store) -> None:
    with pytest.raises(IntegrityError):
        store.sessions.open("nobody")
    with pytest.raises(LookupError):
        store.reports.progress("none", 1)


def test_sign_of_life_is_written_now_and_then(store: Store, clock: Clock) -> None:
    add(store)
    token = store.sessions.open("li")
    opened = clock.now
    clock.now += GRAIN / 2
    store.sessions.touch(token)
    with store.engine.connect() as db:
        seen = db.execute(text("select count(*) from session where seen = created")).scalar()
    assert seen == 1 and clock.now > opened
