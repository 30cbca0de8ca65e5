"""What conf/access.yaml may hold: roles, pages, sessions, sign-in."""

from __future__ import annotations

from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from conf.schema import Count, Frozen, Text

Grade = Literal["public", "internal"]
Action = Literal["view", "trace", "search", "export"]
PagePath = Annotated[str, Field(pattern=r"^/([a-z][a-z_]*/?)?$")]

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Session(Frozen):
    """When sessions end."""

    idle_minutes: Count
    absolute_minutes: Count

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.idle_minutes > self.absolute_minutes:
            raise ValueError("idle_minutes must not be above absolute_minutes")
        return self


class Role(Frozen):
    """A role: the pages it opens, what it may do there, and when its sessions end if not as others'."""

    name: Text
    pages: tuple[PagePath, ...] = Field(min_length=1)
    actions: tuple[Action, ...] = Field(min_length=1)
    session: Session | None = None


class Password(Frozen):
    """What a password must be."""

    min_length: int = Field(ge=8)
    min_different: Count


class LockOut(Frozen):
    """How failures lock an account."""

    failures: Count
    first_seconds: Count
    longest_seconds: Count


class Rate(Frozen):
    """Requests a minute."""

    requests: Count
    sign_in: Count


class Provision(Frozen):
    """The rights of an account made at its first sign-in through the identity provider."""

    role: str
    regions: tuple[str, ...] = Field(min_length=1)
    grade: Grade


class Oidc(Frozen):
    """The identity provider; `claim` of its token is the account's name."""

    issuer: str = Field(pattern=r"^https?://[^\s?#]+$")
    client_id: str = Field(min_length=1)
    claim: str = Field(min_length=1)
    provision: Provision | None = None

    @model_validator(mode="after")
    def _secure(self) -> Self:
        parts = urlsplit(self.issuer)
        if parts.scheme != "https" and parts.hostname not in LOOPBACK:
            raise ValueError("issuer must be https:// unless it is on loopback")
        return self


class Access(Frozen):
    """conf/access.yaml; every key is explained there."""

    pages: dict[PagePath, Grade] = Field(min_length=1)
    roles: dict[str, Role] = Field(min_length=1)
    session: Session
    password: Password
    lock_out: LockOut
    rate: Rate
    public_origin: Annotated[str, Field(pattern=r"^https://[^/\s?#]+$")] | None
    oidc: Oidc | None

    def session_of(self, role: str) -> Session:
        """When sessions of a role end."""
        known = self.roles.get(role)
        return known.session if known and known.session else self.session

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for name, role in self.roles.items():
            for page in role.pages:
                if page not in self.pages:
                    raise ValueError(f"role {name} names page {page}, which `pages` does not")
        if self.oidc and self.oidc.provision and self.oidc.provision.role not in self.roles:
            raise ValueError(f"oidc.provision.role: unknown role {self.oidc.provision.role!r}")
        return self
