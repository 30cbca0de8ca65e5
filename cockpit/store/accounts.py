"""Accounts 账号: who may sign in, as what, for which regions, to which grade."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import Engine, Row, func, select

from cockpit.store.tables import account, session

#: Characters of an account's name and of the name shown, as the tables hold them.
LONGEST, LONGEST_SHOWN = 64, 128


def is_name(text: str) -> bool:
    """Whether the tables can hold an account of that name; anything else must not reach them."""
    return 0 < len(text) <= LONGEST and text.isprintable()


@dataclass(frozen=True)
class Account:
    """One account. `regions` are codes of conf/regions.csv; `has_password` is false for those who sign in
    through another identity provider, and for demo accounts."""

    account: str
    name: str
    role: str
    regions: tuple[str, ...]
    grade: str
    has_password: bool
    disabled: bool
    created: datetime


class Accounts:
    """The accounts. Passwords are kept as argon2id hashes with the library's own costs."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine, self._clock = engine, clock
        self._hasher = PasswordHasher()

    @cached_property
    def _nobody(self) -> str:
        """A hash that is checked for names that nobody has, so that their answer takes as long."""
        return self._hasher.hash("nobody")

    def add(
        self,
        name: str,
        *,
        shown: str,
        role: str,
        regions: Sequence[str],
        grade: str,
        password: str | None,
    ) -> None:
        """Make an account.

        Raises ValueError if the name is taken.
        """
        with self._engine.begin() as db:
            if db.execute(select(account.c.account).where(account.c.account == name)).first():
                raise ValueError(f"account {name} exists already")
            db.execute(
                account.insert().values(
                    account=name,
                    name=shown,
                    role=role,
                    regions=list(regions),
                    grade=grade,
                    password=self._hasher.hash(password) if password is not None else None,
                    disabled=False,
                    created=self._clock(),
                )
            )

    def find(self, name: str) -> Account | None:
        """The account of that name."""
        with self._engine.connect() as db:
            row = db.execute(select(account).where(account.c.account == name)).first()
        return as_account(row) if row else None

    def list(self) -> tuple[Account, ...]:
        """All accounts by name."""
        with self._engine.connect() as db:
            return tuple(map(as_account, db.execute(select(account).order_by(account.c.account))))

    def any(self) -> bool:
        """Whether somebody could sign in at all."""
        with self._engine.connect() as db:
            query = select(func.count()).select_from(account).where(~account.c.disabled)
            return bool(db.execute(query).scalar())

    def check(self, name: str, password: str) -> Account | None:
        """The account if the password is its own and it is not disabled; takes as long for a name that nobody
        has."""
        with self._engine.connect() as db:
            row = db.execute(select(account).where(account.c.account == name)).first()
        known = row.password if row is not None and row.password is not None else self._nobody
        try:
            self._hasher.verify(known, password)
        except (Argon2Error, InvalidHashError):
            return None
        if row is None or row.password is None or row.disabled:
            return None
        return as_account(row)

    def reset(self, name: str, password: str) -> None:
        """Give a new password and end all sessions of the account.

        Raises LookupError for an unknown account.
        """
        self._change(name, password=self._hasher.hash(password))

    def change(self, name: str, *, role: str, regions: Sequence[str], grade: str) -> None:
        """Give other rights, let a disabled account in again and end its sessions, which hold the old rights.

        Raises LookupError for an unknown account.
        """
        self._change(name, role=role, regions=list(regions), grade=grade, disabled=False)

    def disable(self, name: str) -> None:
        """Let the account sign in no more and end its sessions.

        Raises LookupError for an unknown account.
        """
        self._change(name, disabled=True)

    def _change(self, name: str, **values: object) -> None:
        with self._engine.begin() as db:
            changed = db.execute(account.update().where(account.c.account == name).values(**values))
            if changed.rowcount == 0:
                raise LookupError(f"no account {name}")
            db.execute(session.delete().where(session.c.account == name))


def as_account(row: Row[object]) -> Account:
    """A row of the table, without the hash."""
    return Account(
        account=row.account,
        name=row.name,
        role=row.role,
        regions=tuple(row.regions),
        grade=row.grade,
        has_password=row.password is not None,
        disabled=row.disabled,
        created=row.created,
    )
