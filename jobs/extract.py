"""`extract`: what is new in departments' databases becomes a delivery file in landing.

Landing stays the one beginning: how far a source has been read is told by the files that it left there, so a
lake rebuilt from landing needs no database. A watermark does not notice rows that were deleted.
"""

from __future__ import annotations

import fcntl
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq

import conf
from conf import ConfError
from conf.options import Parser
from conf.source_files import PROFILES, Extract, Source, load_sources
from jobs.lake import jdbc, paths
from jobs.lake.formats.base import text_of
from jobs.lake.paths import Lake

# Rows fetched, and written, at once.
_BATCH = 5_000
_META = "dingpan.extract"
# Any: dates, times and numbers, each compared with its own kind only.
Mark = Any
_PARSE: dict[str, Callable[[str], Mark]] = {
    "zoned": datetime.fromisoformat, "datetime": datetime.fromisoformat, "date": date.fromisoformat, "int": int,
}  # fmt: skip
Texts = tuple[str, ...]


@dataclass(frozen=True)
class Extent:
    """How far an extracted file reads: all from `since` (None: the beginning) to `through`.

    The next one goes on from `through`, less the overlap. `highest` is the highest watermark in it, which lies beyond
    `through` when a clock was ahead. Only extents of one `origin` and one `kind` of watermark can be compared.
    """

    origin: str
    kind: str
    since: str | None
    through: str
    highest: str

    def mark(self, text: str) -> Mark:
        """A watermark from its text."""
        return _PARSE[self.kind](text)


def address(name: str) -> jdbc.Address:
    """Where the database of a name is, from the environment or a file that it names; ConfError when unknown."""
    variable = f"DINGPAN_DB_{name.upper()}"
    secret = _secret(variable)
    try:
        return jdbc.Address.of(secret)
    except ValueError as error:
        # What was given may hold the secret.
        raise ConfError(
            [f"{variable}: connection: not a JDBC URL, with key=value in the lines below"]
        ) from error


def _secret(variable: str) -> str:
    if variable in os.environ:
        return os.environ[variable]
    named = os.environ.get(f"{variable}_FILE")
    if named is None:
        raise ConfError([f"{variable}: connection: set it, or {variable}_FILE, in the environment"])
    file = Path(named)
    try:
        if file.stat().st_mode & 0o077:
            raise ConfError([f"{variable}_FILE: {file.name}: others may read it, chmod it to 600"])
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfError([f"{variable}_FILE: {file.name}: not UTF-8"]) from error
    except OSError as error:
        raise ConfError([f"{variable}_FILE: {file.name}: {error.strerror}"]) from error


def extract(lake: Lake, source: Source, how: Extract, zone: ZoneInfo) -> tuple[Path, int] | None:
    """The file of today's delivery that holds what is new, and its rows; None when nothing is.

    The file appears whole or not at all. Raises jdbc.DatabaseError when the database fails, ConfError when it is
    not as the settings say.
    """
    folder = lake.landing / source.landing
    part = folder / f"{source.id}.part"
    try:
        with jdbc.connected(address(how.connection), zone) as database:
            now = datetime.now(zone)
            target = folder / f"{now:%Y-%m-%d}" / f"{source.id}_{now:%H%M%S%f}.parquet"
            earlier = extents(folder, how.origin)
            _check_order(earlier, target)
            folder.mkdir(parents=True, exist_ok=True)
            count = _write(part, database, how, earlier)
        if not count:
            return None
        target.parent.mkdir(exist_ok=True)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return target, count


def _check_order(earlier: Iterable[Path], target: Path) -> None:
    """Of two rows with one key the later file's counts, so no file may come before those that were read before it."""
    last = max(earlier, default=target)
    if last > target:
        raise ConfError(
            [
                f"{last.parent.name}/{last.name}: is of later than now: set the clock, or move it to its true day"
            ]
        )


def extents(folder: Path, origin: str) -> dict[Path, Extent]:
    """How far each file extracted from one origin reads, in their order; one that is damaged counts for nothing."""
    found = {}
    for file in sorted(folder.glob("*/*.parquet")):
        try:
            meta = pq.read_metadata(file).metadata or {}
        except (pa.ArrowException, OSError):
            continue
        if _META.encode() in meta:
            extent = Extent(**json.loads(meta[_META.encode()]))
            if extent.origin == origin:
                found[file] = extent
    return found


def _write(part: Path, database: jdbc.Database, how: Extract, earlier: dict[Path, Extent]) -> int:
    """Write what is new; returns the number of rows, 0 when there is no file worth keeping."""
    kind = _kind_now(database, how)
    if kind is None:
        return 0
    earlier = {path: extent for path, extent in earlier.items() if extent.kind == kind}
    since = _since(how, earlier.values())
    if since is not None and _now(database, since) < since:
        raise ConfError(
            [
                f"{how.table}: {how.watermark}: what is changed now lies before {text_of(since)}, from which is read: "
                "the clock of the database, or of this machine, is behind"
            ]
        )
    count, highest = 0, None
    known: set[Texts] | None = None
    names, batches = _read(database, how, since)
    if how.watermark not in names:
        raise ConfError([f"{how.table}: {how.watermark}: the database writes its columns {', '.join(names)}"])
    at = names.index(how.watermark)
    schema = pa.schema([(name, pa.string()) for name in names])
    with pq.ParquetWriter(part, schema, compression="zstd") as file:
        for rows in batches:
            highest = _checked(how, rows[-1][at])
            if known is None:
                known = set(_handed_in(earlier, names, at, since))
            new = [texts for row in rows if (texts := _texts(how, names, row)) not in known]
            columns = list(zip(*new, strict=True)) or [()] * len(names)
            file.write_batch(pa.record_batch([pa.array(c, pa.string()) for c in columns], schema))
            count += len(new)
        if highest is not None:
            reached = min(highest, _now(database, highest))
            began = None if since is None else text_of(since)
            extent = Extent(how.origin, kind, began, text_of(reached), text_of(highest))
            file.add_key_value_metadata({_META: json.dumps(asdict(extent))})
    return count


def _kind_now(database: jdbc.Database, how: Extract) -> str | None:
    """The kind of the watermark as the table has it today; None when the table is empty."""
    table, mark = database.name(*how.table.split(".")), database.name(how.watermark)
    if database.one(f"select {mark} from {table} where {mark} is null"):
        raise ConfError([f"{how.table}: {how.watermark}: rows without it can never be read by it"])
    found = database.one(f"select {mark} from {table}")
    return None if found is None else _kind(_checked(how, found[0]))


def _kind(mark: Mark) -> str:
    return "zoned" if isinstance(mark, datetime) and mark.tzinfo else type(mark).__name__


def _read(
    database: jdbc.Database, how: Extract, since: Mark | None
) -> tuple[Texts, Iterator[list[jdbc.Row]]]:
    """The columns, and the rows from the watermark on, the last changed last."""
    table, mark = database.name(*how.table.split(".")), database.name(how.watermark)
    new, values = ("", []) if since is None else (f" where {mark} >= ?", [since])
    return database.read(f"select * from {table}{new} order by {mark}", values, _BATCH)


def _checked(how: Extract, mark: Any) -> Mark:
    """The watermark of the last of some rows, thus the highest of them."""
    if isinstance(mark, Decimal) and mark == mark.to_integral_value():
        mark = int(mark)
    if type(mark).__name__ not in _PARSE:
        raise ConfError(
            [f"{how.table}: {how.watermark}: {type(mark).__name__} is no date, time or whole number"]
        )
    if isinstance(mark, int) != isinstance(how.overlap, int):
        raise ConfError(
            [f"{how.table}: extract.overlap: does not fit {how.watermark}, a {type(mark).__name__}"]
        )
    return mark


def _since(how: Extract, earlier: Iterable[Extent]) -> Mark | None:
    """The watermark from which to read: how far landing reads without a gap, less the overlap; None for all."""
    reached = None
    for extent in earlier:
        through = extent.mark(extent.through)
        if extent.since is None:
            reached = through if reached is None else max(reached, through)
        elif reached is not None and extent.mark(extent.since) <= reached:
            reached = max(reached, through)
    return None if reached is None else reached - how.overlap


def _handed_in(earlier: dict[Path, Extent], names: Texts, at: int, since: Mark | None) -> Iterator[Texts]:
    """The rows that landing has already of those that are read again, among some read before."""
    for path, extent in earlier.items():
        if since is None or extent.mark(extent.highest) < since:
            continue
        try:
            with pq.ParquetFile(path) as file:
                if tuple(file.schema_arrow.names) != names:
                    continue
                # The last changed stands last in a file, so most of a long one need not be kept.
                for batch in file.iter_batches(_BATCH):
                    if batch.num_rows and extent.mark(batch.column(at)[-1].as_py()) >= since:
                        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
        except (pa.ArrowException, OSError) as error:
            raise ConfError(
                [f"{path.parent.name}/{path.name}: damaged; take it away, then it is read anew"]
            ) from error


def _texts(how: Extract, names: Texts, row: tuple[Any, ...]) -> Texts:
    try:
        return tuple(map(text_of, row))
    except TypeError:
        for name, value in zip(names, row, strict=True):
            try:
                text_of(value)
            except TypeError as error:
                raise ConfError([f"{how.table}: {name}: {error}, make it text in a view"]) from error
        raise


def _now(database: jdbc.Database, like: Mark) -> Mark:
    """The database's time in the form of a watermark; a number has no time and is its own."""
    if isinstance(like, int):
        return like
    now = database.now()
    if isinstance(like, datetime):
        return now if like.tzinfo else now.replace(tzinfo=None)
    return now.date()


def parser() -> Parser:
    """The options of the job."""
    made = Parser(
        prog="spark-submit.sh extract",
        description=__doc__,
        epilog="example: DINGPAN_DB_HEALTH_FILE=health.jdbc ./spark-submit.sh extract --source health_birth",
    )
    paths.add_option(made)
    made.add_argument("--profile", choices=tuple(PROFILES), default="demo", help="which sources are read")
    made.add_argument("--source", default=None, help="one source only (default: all that have a database)")
    return made


def run(argv: list[str]) -> int:
    """Exit code 0 done, 1 a database failed (what was read before stays), 2 settings or secrets are wrong."""
    options = parser().parse_args(argv)
    settings = conf.load().settings
    lake = paths.chosen(options)
    sources = {n: s for n, s in load_sources(options.profile).items() if options.source in (None, n)}
    wanted = [(s, s.extract) for s in sources.values() if s.extract is not None]
    if not wanted:
        which = f"source {options.source!r} has no" if options.source else "no source has a"
        print(f"extract: {which} database (`extract`) in conf/{PROFILES[options.profile]}", file=sys.stderr)
        return 2
    zone = ZoneInfo(settings.spark.time_zone)
    return max(_one(lake, source, how, zone) for source, how in wanted)


def _one(lake: Lake, source: Source, how: Extract, zone: ZoneInfo) -> int:
    lock = lake.extract_lock(source.id)
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            found = extract(lake, source, how, zone)
        except BlockingIOError:
            print(f"extract: {source.id}: is being read already", file=sys.stderr)
            return 2
        except ConfError as error:
            print(f"extract: {source.id}: {error}", file=sys.stderr)
            return 2
        except jdbc.DatabaseError as error:
            again = "" if error.settings else " (nothing was handed in; try again)"
            print(f"extract: {source.id}: {how.table}: {error}{again}", file=sys.stderr)
            return 2 if error.settings else 1
        except OSError as error:
            print(f"extract: {source.id}: {error} (nothing was handed in; try again)", file=sys.stderr)
            return 1
    print(
        f"{source.id}: {found[1]} new rows in {found[0].relative_to(lake.landing)}"
        if found
        else f"{source.id}: nothing new"
    )
    return 0
