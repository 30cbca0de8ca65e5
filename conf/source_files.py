"""Source files: how the files of one landing folder are read into one contract table."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

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


class Format(_Record):
    """How a file is to be read; each key serves the formats it names.

    `delimiter` (csv). `sheet` (xlsx): the one sheet to read, else all visible ones. `header_rows` (xlsx): how many
    rows make a header; their texts are joined by `/` from the top. `record` (xml): the element of one record.
    """

    delimiter: str = Field(default=",", min_length=1, max_length=1)
    sheet: str | None = None
    header_rows: int = Field(default=1, ge=1, le=5)
    record: str | None = None


class Drift(_Record):
    """What becomes of a delivery whose structure is not that of the deliveries before.

    `renamed` maps a header the department used to give, or gives now, to the contract's column. A column that was
    filled in the delivery before and is empty or gone now refuses the delivery unless it (or the header, where only
    formulas read it) is listed in `may_be_emptied`; so does one of which more than `mistyped_limit` of the values
    do not fit its type.
    """

    on_added: Literal["accept", "refuse"] = "accept"
    on_moved: Literal["accept", "refuse"] = "accept"
    renamed: dict[str, str] = {}
    may_be_emptied: tuple[str, ...] = ()
    mistyped_limit: float | None = Field(default=None, ge=0, le=1)


class Extract(_Record):
    """A database's table or view that is read into landing by JDBC, incrementally by a column that only grows.

    The JDBC URL is in the environment variable `DINGPAN_DB_<CONNECTION>`, or in the file that
    `DINGPAN_DB_<CONNECTION>_FILE` names. `overlap` is read again each time, for rows that were committed late:
    a span (ISO 8601, such as P2D) for a watermark of dates or times, a number for one of whole numbers.
    """

    connection: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    table: str = Field(pattern=r"^[^.]+(\.[^.]+)?$")
    watermark: str
    overlap: Annotated[dt.timedelta, Field(ge=dt.timedelta(0))] | Annotated[int, Field(ge=0)]

    @property
    def origin(self) -> str:
        """What is read, and by which column: how far one origin is read says nothing of another."""
        return f"{self.connection} {self.table} {self.watermark}"


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
    format: Format = Format()
    drift: Drift = Drift()
    status: Literal["real", "estimated", "simulated"]
    publisher: Words
    document: Words
    licence: str | None = None
    columns: dict[str, str | Formula] = {}
    unpivot: Unpivot | None = None
    quarantine_limit: float | None = Field(default=None, ge=0, le=1)
    collect: tuple[Collect, ...] = ()
    extract: Extract | None = None

    @model_validator(mode="after")
    def _reads_what_is_extracted(self) -> Self:
        # The name that jobs/extract.py gives.
        if self.extract and not Path(f"{self.id}_.parquet").match(self.files):
            raise ValueError(f"files: {self.files} does not take {self.id}_….parquet, which `extract` writes")
        return self

    @property
    def formula_headers(self) -> frozenset[str]:
        """The headers that formulas read."""
        return frozenset(h for f in self.columns.values() if isinstance(f, Formula) for h in f.headers)

    def headers_of(self, column: str, zh: str) -> tuple[str, ...]:
        """The headers a contract column may stand under, the usual one first; none when a formula makes it."""
        given = self.columns.get(column, zh)
        if isinstance(given, Formula):
            return ()
        return given, *(old for old, name in self.drift.renamed.items() if name == column)


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
