"""How the batch is looked after: conf/operations.yaml, and the texts of failures and messages."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from conf.errors import ConfError
from conf.files import Reader
from conf.load import HERE
from conf.schema import Count, Frozen, Text


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return text


class Retention(Frozen):
    """Releases that stay: the newest of `daily` days and, with `month_ends`, the last of each month for ever."""

    daily: Count
    month_ends: bool


class Jumps(Frozen):
    """When the last change of a series is called unusual."""

    threshold: float = Field(gt=0)
    history: int = Field(ge=3)
    least_count: float = Field(ge=0)


class Outbox(Frozen):
    """Who is told of failures and late data."""

    languages: tuple[Literal["zh", "en"], ...] = Field(min_length=1)
    senders: tuple[Literal["file", "email", "webhook"], ...]
    timeout_seconds: Count
    backoff_minutes: tuple[Count, ...] = Field(min_length=1)


class Operations(Frozen):
    """conf/operations.yaml; every key is explained there."""

    retention: Retention
    jumps: Jumps
    outbox: Outbox


class Remedy(Frozen):
    """A class of error: the patterns it is known by, what it is, and what to do."""

    match: tuple[Annotated[str, AfterValidator(_pattern)], ...]
    what: Text
    remedy: Text


class Template(Frozen):
    """Words of one kind of message."""

    title: Text
    body: Text
    remedy: Text | None = None


def operations(root: Path | None = None) -> Operations:
    """conf/operations.yaml. Raises ConfError."""
    reader = Reader(root or HERE)
    found = reader.model("operations.yaml", "", Operations, reader.yaml("operations.yaml"))
    if found is None or reader.problems:
        raise ConfError(reader.problems)
    return found


def remedies(root: Path | None = None) -> Mapping[str, Remedy]:
    """Class of error → patterns and texts, in order. Raises ConfError."""
    return _texts(root, "texts/remedies.yaml", Remedy)


def templates(root: Path | None = None) -> Mapping[str, Template]:
    """Kind of message → words. Raises ConfError."""
    return _texts(root, "texts/messages.yaml", Template)


def _texts(root: Path | None, file: str, model: Any) -> Mapping[str, Any]:
    reader = Reader(root or HERE)
    found = reader.table(file, model)
    if reader.problems:
        raise ConfError(reader.problems)
    return found
