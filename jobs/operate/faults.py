"""Why a run ended badly: the class of the error, and which table or file it speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from conf import ConfError
from conf.operations import Remedy

_LAYERS = "landing|bronze|silver|quarantine|gold"
_FILE = re.compile(rf"\b((?:{_LAYERS})/[\w./%=\-\u4e00-\u9fff]+)")
_NOTED = re.compile(r"while reading table (\w+)")


@dataclass(frozen=True)
class Fault:
    """`error` is a key of conf/texts/remedies.yaml, `place` a file, table or key, empty when none is named."""

    error: str
    place: str
    message: str


def fault_of(error: BaseException, remedies: Mapping[str, Remedy]) -> Fault:
    """The class of an error, judged by its name and text and those of its causes; where; its first line."""
    text = "\n".join(_told(error))
    found = next(
        (name for name, r in remedies.items() if any(re.search(p, text) for p in r.match)), "unknown"
    )
    message = next((line for line in str(error).splitlines() if line.strip()), "") or type(error).__name__
    return Fault(found, _place(error, text), message[:500])


def _told(error: BaseException | None) -> Iterator[str]:
    while error is not None:
        yield f"{type(error).__name__}: {error}"
        yield from getattr(error, "__notes__", ())
        error = error.__cause__ or error.__context__


def _place(error: BaseException, text: str) -> str:
    if isinstance(error, ConfError):
        return ": ".join(error.problems[0].split(": ")[:2])
    found = _FILE.search(text) or _NOTED.search(text)
    if found:
        return found[1].rstrip(".")
    return str(error.filename or "") if isinstance(error, OSError) else ""
