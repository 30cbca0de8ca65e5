"""A reader: somebody who is signed in, with the rights that conf/access.yaml gives to the role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import conf
from cockpit.address import Address
from cockpit.gold import Scope
from cockpit.store.accounts import Account
from conf.access import Action, Role

#: Why a reader may not see an address.
Refusal = Literal["role", "grade", "region"]


@dataclass(frozen=True)
class Reader:
    """Made from the session's account alone, never from what a request says."""

    account: str
    name: str
    role: str
    scope: Scope

    def may(self, action: Action) -> bool:
        """Whether the role has the action."""
        return self._role is not None and action in self._role.actions

    def opens(self, page: str) -> bool:
        """Whether the role and the grade open a page, named by its path in conf/access.yaml."""
        return self.refused(page) is None

    def refused(self, page: str) -> Refusal | None:
        """Why a page stays shut, or None. A page that conf/access.yaml does not name is open to nobody."""
        if self._role is None or page not in self._role.pages:
            return "role"
        if conf.load().access.pages[page] == "internal" and self.scope.grade != "internal":
            return "grade"
        return None

    @property
    def start(self) -> str:
        """The first page that the role opens."""
        return self._role.pages[0] if self._role else "/"

    @property
    def home(self) -> str:
        """The region that pages open with: the installation's own, or else the first of the scope."""
        home = conf.load().settings.home_region
        return home if self.scope.covers(home) else self.scope.regions[0]

    @property
    def _role(self) -> Role | None:
        return conf.load().access.roles.get(self.role)


def role_name(role: str, lang: str) -> str:
    """A role's name in `zh` or `en`; the code of one that conf no longer names."""
    known = conf.load().access.roles.get(role)
    name: str = getattr(known.name, lang) if known else role
    return name


def reader_of(account: Account) -> Reader:
    """The reader whose account it is."""
    return Reader(account.account, account.name, account.role, Scope(account.regions, account.grade))


def refusal(reader: Reader, address: Address, page: str) -> Refusal | None:
    """Why a reader may not see an address of a page, or None."""
    region = address.region or reader.home
    if not conf.load().regions.has(region) or not reader.scope.covers(region):
        return "region"
    return reader.refused(page)


def account_problem(role: str, regions: tuple[str, ...], grade: str) -> str | None:
    """What is wrong with the rights of an account, in one line, or None."""
    loaded = conf.load()
    if role not in loaded.access.roles:
        return f"role {role}: not one of {', '.join(loaded.access.roles)} (conf/access.yaml)"
    if grade not in ("public", "internal"):
        return f"grade {grade}: not one of public, internal"
    if not regions:
        return "region: at least one is needed"
    for code in regions:
        known = loaded.regions.has(code) and loaded.regions.get(code).level not in ("country", "unspecified")
        if not known or code[:2] not in {province[:2] for province in loaded.settings.provinces}:
            return f"region {code}: not in a province of this installation (conf/settings.yaml)"
    return None
