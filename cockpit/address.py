"""The address of a page: everything a reader chose, and nothing else, is in the URL."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from urllib.parse import parse_qsl, urlencode

LANGUAGES = ("zh", "en")
DRESSES = ("office", "wall")

# Allow-lists: what does not match is treated as not given, so no text of a visitor reaches a reader.
_ALLOWED = {
    "region": re.compile(r"\d{6}"),
    "indicator": re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+"),
    # Names of series may be in any script; what the release does not hold is answered by the default. Control
    # characters and marks that turn the direction of writing never get in.
    "breakdown": re.compile(
        r"[a-z][a-z0-9_]*=[^\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff]{1,160}"
    ),
    "period": re.compile(r"\d{4}(-[0-9QWT-]{1,8})?"),
    "release": re.compile(r"[A-Za-z0-9_:.-]{1,80}"),
    "span": re.compile("all"),
    "lang": re.compile("|".join(LANGUAGES)),
    "dress": re.compile("|".join(DRESSES)),
}
#: In place of a malformed release or region: nothing bears it, so a page says that there is no such thing. The
#: default would show other figures than the link's author meant.
NO_SUCH = "-"
_NEVER_DEFAULT = ("release", "region")
#: A path that no page answers is written to the audit all the same: only one that a browser might send.
_ANY_PATH = re.compile(r"/[!-~]{0,200}")
_PATH = re.compile(r"/|/quality|/runs|/reports|/audit|/theme/[a-z][a-z0-9_]{0,40}")


@dataclass(frozen=True)
class Address:
    """A page and its filters; an empty filter means the default. `span` is `all` where a trend shows its whole
    history."""

    path: str = "/"
    region: str = ""
    indicator: str = ""
    breakdown: str = ""
    period: str = ""
    release: str = ""
    lang: str = "zh"
    dress: str = "office"
    span: str = ""

    @property
    def theme(self) -> str:
        """Id of the theme in the path, or empty."""
        return self.path.removeprefix("/theme/") if self.path.startswith("/theme/") else ""

    @property
    def known(self) -> bool:
        """Whether the path is of a form that some page can answer."""
        return _PATH.fullmatch(self.path) is not None

    def to(self, **changes: str) -> Address:
        """The same address with some parts changed."""
        return replace(self, **changes)

    def page(self, path: str) -> Address:
        """Another page for the same reader: region, release, language and dress stay."""
        return replace(self, path=path, indicator="", breakdown="", period="", span="")

    @property
    def href(self) -> str:
        """Path and query, without the parts that are the default."""
        query = [
            (field.name, value)
            for field in fields(self)
            if field.name != "path" and (value := getattr(self, field.name)) != field.default
        ]
        return self.path + ("?" + urlencode(query) if query else "")


def parse(pathname: str | None, search: str | None) -> Address:
    """Read an address from what the browser sends; what is not allowed is dropped, or `NO_SUCH`."""
    path = (pathname or "/").rstrip("/") or "/"
    if not _ANY_PATH.fullmatch(path):
        path = f"/{NO_SUCH}"
    given = dict(parse_qsl((search or "").lstrip("?")))
    filters = {
        name: value for name, value in given.items() if name in _ALLOWED and _ALLOWED[name].fullmatch(value)
    }
    for name in _NEVER_DEFAULT:
        if given.get(name) and name not in filters:
            filters[name] = NO_SUCH
    return Address(path=path, **filters)
