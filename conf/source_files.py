"""Source files: how the files of one landing folder are read into one contract table."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from conf.errors import ConfError
from conf.files import Reader

ROOT = Path(__file__).resolve().parent
PROFILES = {"demo": "sources", "real": "real"}


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_Record):
    """A text in both languages."""

    zh: str
    en: str


class Formula(_Record):
    """A Spark SQL text over the headers of the file."""

    sql: str

    @property
    def headers(self) -> frozenset[str]:
        """The headers it reads, which stand in backquotes."""
        return frozenset(re.findall("`([^`]+)`", self.sql))


class Unpivot(_Record):
    """Columns of the file whose header matches `pattern` become rows: its groups fill columns."""

    pattern: str
    value: str

    def matches(self, header: str) -> re.Match[str] | None:
        """The match of a header that becomes rows, None for other headers."""
        return re.fullmatch(self.pattern, header)

    @property
    def fills(self) -> frozenset[str]:
        """The contract columns that come from the header or the cell of an unpivoted column."""
        return frozenset({*re.compile(self.pattern).groupindex, self.value})


class Collect(_Record):
    """For the real profile: which file of the given folder is handed in, and when."""

    file: str
    delivered_on: dt.date


class Source(_Record):
    """One source file. `columns` maps a contract column to a header of the file or to a formula."""

    id: str
    table: str
    landing: str = Field(pattern=r"^[a-z_]+/[a-z0-9_]+$")
    files: str = "*.csv"
    delimiter: str = ","
    status: Literal["real", "estimated", "simulated"]
    publisher: Words
    document: Words
    licence: str | None = None
    columns: dict[str, str | Formula] = {}
    unpivot: Unpivot | None = None
    quarantine_limit: float | None = Field(default=None, ge=0, le=1)
    collect: tuple[Collect, ...] = ()


def load_sources(profile: str, root: Path = ROOT) -> dict[str, Source]:
    """The sources of a profile by id, sorted; raises ConfError naming file and key."""
    reader = Reader(root)
    found: dict[str, Source] = {}
    for file in reader.names(f"{PROFILES[profile]}/*.yaml"):
        body = reader.yaml(file)
        if isinstance(body, dict):
            source = reader.model(file, "", Source, {"id": Path(file).stem, **body})
            if source is not None:
                found[source.id] = source
        elif not reader.problems:
            reader.note(file, "-", "must be a mapping")
    if reader.problems:
        raise ConfError(reader.problems)
    return found
