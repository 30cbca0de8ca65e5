"""The one way to register a callback or a route: rights are checked and audit is written before it runs."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from dash import Dash
from flask import Flask, abort, g, request
from flask.typing import ResponseReturnValue

from cockpit.access.reader import Reader, refusal
from cockpit.address import Address
from cockpit.pages import find_page
from cockpit.store import Store
from conf.access import Action

#: Searches of an account within so many seconds of one in the audit are part of it.
SEARCH_SECONDS = 60
#: Tells from what the browser sent which address a callback is about.
Where = Callable[..., Address]


#: What the browser sends as the value of a part, by its name or its property; null while there is none.
_KINDS: dict[str, type] = {
    "latest.data": str,
    "meta.data": dict,
    "trace-request.data": dict,
    "pathname": str,
    "search": str,
    "searchValue": str,
    "value": str,
    "n_intervals": int,
    "n_clicks": int,
}


@dataclass(frozen=True)
class Rule:
    """What a callback needs. A request of a `silent` one, which the browser sends by itself, is no sign of
    life of the reader. `parts` are the names of what goes in and comes out, as they were registered."""

    silent: bool
    parts: tuple[list[str], list[str], list[str]]

    def fits(self, body: dict[str, Any]) -> bool:
        """Whether a request calls its parts what the callback calls them, none more, none relabelled, and
        their values are of the kind that the browser sends."""
        changed = body.get("changedPropIds", [])
        return (
            self.parts == tuple(_names(body.get(kind)) for kind in ("outputs", "inputs", "state"))
            and all(_is_kind(part) for kind in ("inputs", "state") for part in body.get(kind) or [])
            and isinstance(changed, list)
            and all(isinstance(name, str) for name in changed)
        )


class Secured:
    """Registers callbacks and routes; what it has not registered is refused by the gate."""

    def __init__(self, server: Flask, store: Store) -> None:
        self._server, self._store = server, store
        self.callbacks: dict[str, Rule] = {}
        self.endpoints: set[str] = set()
        self._searched: dict[str, float] = {}

    def callback(
        self,
        app: Dash,
        *wiring: Any,
        action: Action,
        where: Where,
        shows_refusal: bool = False,
        silent: bool = False,
        **options: Any,
    ) -> Callable[[Callable[..., Any]], None]:
        """Like ``app.callback``; the function gets the reader before its inputs.

        ``where`` gives the address that the callback is about: the reader's role, grade and regions must open
        it, else the answer is 403, unless the callback itself ``shows_refusal``. Audit is written, but of a
        `silent` one, and of a search once a minute: the browser sends one at each key.
        """

        def register(function: Callable[..., Any]) -> None:
            @wraps(function)
            def checked(*values: Any) -> Any:
                reader = self._reader(action)
                address = where(*values)
                why = _why(reader, address)
                if not silent and not (action == "search" and self._has_just_searched(reader)):
                    self.audit(reader, action, address.href, why or "ok")
                if why and not shows_refusal:
                    abort(403, f"no right: {why}")
                return function(reader, *values)

            known = set(app.callback_map)
            app.callback(*wiring, **options)(checked)
            for output in set(app.callback_map) - known:
                entry = app.callback_map[output]
                outputs = [_name(*name.rpartition(".")[::2]) for name in output.strip(".").split("...")]
                parts = (sorted(outputs), _names(entry["inputs"]), _names(entry["state"]))
                self.callbacks[output] = Rule(silent, parts)

        return register

    def get(self, path: str, *, action: Action) -> Callable[[Callable[..., ResponseReturnValue]], None]:
        """Like ``server.get``; the function gets the reader before the parts of the path.

        What is handed out is the function's to check and to write to the audit.
        """

        def register(function: Callable[..., ResponseReturnValue]) -> None:
            @wraps(function)
            def checked(**parts: str) -> ResponseReturnValue:
                return function(self._reader(action), **parts)

            self._server.get(path, endpoint=function.__name__)(checked)
            self.endpoints.add(function.__name__)

        return register

    def audit(self, reader: Reader, action: str, about: str, outcome: str, **detail: Any) -> None:
        """Write what a reader did."""
        self._store.audit.write(
            action,
            account=reader.account,
            role=reader.role,
            address=request.remote_addr or "",
            object=about,
            outcome=outcome,
            **detail,
        )

    def _has_just_searched(self, reader: Reader) -> bool:
        now = time.monotonic()
        is_new = now - self._searched.get(reader.account, -math.inf) >= SEARCH_SECONDS
        if is_new:
            self._searched[reader.account] = now
        return not is_new

    def _reader(self, action: Action) -> Reader:
        reader: Reader | None = g.get("reader")
        if reader is None:
            abort(401, "sign in first")
        if not reader.may(action):
            self.audit(reader, action, request.path, "role")
            abort(403, "no right: role")
        return reader


def _names(parts: Any) -> list[str]:
    """The name of each part of a callback's request, sorted; what is no part has an empty one."""
    names = []
    for part in parts if isinstance(parts, list) else [parts] if parts else []:
        one = part[0] if isinstance(part, list) and part else part
        name = _name(one.get("id"), one.get("property")) if isinstance(one, dict) else ""
        names.append("" if isinstance(part, list) and not name.startswith(".") else name)
    return sorted(names)


def _is_kind(part: Any) -> bool:
    """Whether the value of a part is of its kind; those of many components are the callback's to check."""
    if isinstance(part, list):
        return True
    kind = _KINDS.get(f"{part['id']}.{part['property']}") or _KINDS.get(part["property"])
    return kind is None or part.get("value") is None or isinstance(part["value"], kind)


def _name(component: Any, name: Any) -> str:
    """`id.property`; a component that is one of many is told by its property alone, and so is a property that
    several callbacks write."""
    many = isinstance(component, dict) or str(component).startswith("{")
    return f"{'' if many else component}.{str(name).partition('@')[0]}"


def _why(reader: Reader, address: Address) -> str | None:
    page = find_page(address.path)
    return refusal(reader, address, page.path) if page is not None else "unknown page"
