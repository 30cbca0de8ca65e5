"""`feedback`: a workbook a delivery for the department that handed it in, and the corrections that are due.

They are made from the newest release alone, so the same release makes the same files. No JVM is started.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

import conf
from conf.options import Parser
from conf.source_files import PROFILES, load_sources
from jobs.lake import paths, tickets
from jobs.lake.tickets import Ticket
from jobs.lake.trace_figures import Figure, Release, TraceError, open_release
from jobs.steps.quality import DIMENSIONS, masked
from jobs.workbook import MOST_ROWS, Book, Cell
from themes.common.contract import Table, discover


@dataclass(frozen=True)
class Delivery:
    """What the workbook of one delivery is made from: rows of gold.quality and gold.quality_rule, its tickets."""

    name: str
    table: Table
    files: tuple[Figure, ...]
    rules: tuple[Figure, ...]
    tickets: tuple[Ticket, ...]


class Words:
    """The words of one language."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self._words = conf.load().words[lang]

    def __call__(self, key: str, **more: object) -> str:
        """The words of a key."""
        return self._words[key].format(**more)

    def head(self, *columns: str) -> list[str]:
        """Headings of columns."""
        return [self(f"feedback.column.{column}") for column in columns]

    def hint(self, code: str) -> str:
        """How to mend what a rule finds; empty for rules of a contract, whose message says it."""
        return self._words.get(f"feedback.hint.{code}", "")


def deliveries(release: Release, contracts: Mapping[str, Table], found: list[Ticket]) -> Iterator[Delivery]:
    """Every delivery of the release, by name."""
    files, rules = release.rows("quality"), release.rows("quality_rule")
    for name in sorted({row["delivery"] for row in files if row["table"] in contracts}):
        own = sorted((r for r in files if r["delivery"] == name), key=lambda r: r["file"])
        broken = sorted(
            (r for r in rules if r["delivery"] == name), key=lambda r: (r["file"], -r["rows"], r["code"])
        )
        yield Delivery(
            name, contracts[own[0]["table"]], tuple(own), tuple(broken),
            tuple(t for t in found if t.delivery == name),
        )  # fmt: skip


def write(delivery: Delivery, aside: pl.DataFrame, release: Release, words: Words) -> Path:
    """Write the workbook; `aside` are the delivery's rows that broke a rule."""
    title = words("feedback.title")
    file = release.lake.feedback / f"{delivery.name.replace('/', '_')}.xlsx"
    book = Book(file, f"{title} {delivery.name}", release.released_at)
    _summary(book, delivery, aside.height, release, words)
    sheet = book.sheet(words("feedback.sheets.rules"), (34, 22, 14, 10, 18, 40, 8, 8, 22, 44))
    head = words.head(
        "file", "code", "dimension", "severity", "column", "message", "rows", "first_row", "example", "hint"
    )
    sheet.table(head, (_rule(row, words) for row in delivery.rules), (6, 7))
    sheet = book.sheet(words("feedback.sheets.rows"), (34, 12, 8, 18, 22, 40, 26, 44))
    head = words.head("file", "sheet", "row", "column", "code", "message", "value", "hint")
    sheet.table(head, _rows(delivery, aside, words), (2,))
    return book.close()


def _summary(book: Book, delivery: Delivery, rows: int, release: Release, words: Words) -> None:
    first = delivery.files[0]
    sheet = book.sheet(words("feedback.sheets.summary"), (46, 12, 34, *[9] * 12))
    sheet.line(words("feedback.title"), style="title")
    for key, cell in (
        ("delivery", delivery.name),
        ("department", first[f"department_{words.lang}"]),
        ("dataset", getattr(delivery.table.title, words.lang)),
        ("delivered", first["delivered_on"]),
        ("release", release.release_id),
        ("status", words(f"status.{first['status']}")),
        ("marking", getattr(conf.load().settings.marking, words.lang)),
    ):
        sheet.line(words(f"feedback.{key}"), None, cell)
    due = [ticket for ticket in delivery.tickets if not ticket.closed]
    if due:
        sheet.line(words("feedback.due"), None, min(t.due for t in due))
    refused = any(row["outcome"] == "refused" for row in delivery.files)
    sheet.line()
    for key, applies in (
        ("todo", any(t.rows for t in due)),
        ("todo_refused", refused and any(not t.rows for t in due)),
        ("clean", not due),
        ("hidden", rows > 0),
    ):
        if applies:
            sheet.line(words(f"feedback.{key}"), style="note")
    if rows > MOST_ROWS:
        sheet.line(words("feedback.cut", n=MOST_ROWS), style="note")
    sheet.line()
    counts = ("received", "accepted", "quarantined", "duplicate", "superseded")
    scores = [words(f"dimension.{name}") for name in DIMENSIONS]
    head = [*words.head("file", "outcome", "reason", *counts), *scores, *words.head("score")]
    lines = [
        (
            row["file"].rpartition("/")[2], words(f"outcome.{row['outcome']}"), row[f"reason_{words.lang}"],
            *[row[name] for name in counts], *[row[name] for name in DIMENSIONS], row["score"],
        )
        for row in delivery.files
    ]  # fmt: skip
    sheet.table(head, lines, range(3, len(head)), freeze=False)


def _rule(row: Figure, words: Words) -> tuple[Cell, ...]:
    return (
        row["file"].rpartition("/")[2], row["code"], words(f"dimension.{row['dimension']}"),
        words(f"severity.{row['severity']}"), row["column_zh"], row[f"message_{words.lang}"], row["rows"],
        row["first_row"], row["example"], words.hint(row["code"]),
    )  # fmt: skip


def _rows(delivery: Delivery, aside: pl.DataFrame, words: Words) -> Iterator[tuple[Cell, ...]]:
    """One line a finding, in the order of the files."""
    messages = {(r["code"], r["column"]): r[f"message_{words.lang}"] for r in delivery.rules}
    for row in aside.sort("file", "sheet", "row", nulls_last=True).iter_rows(named=True):
        for finding in row["findings"]:
            column = delivery.table.columns.get(finding["column"] or "")
            yield (
                row["file"].rpartition("/")[2], row["sheet"], row["row"], column.zh if column else None,
                finding["code"], messages.get((finding["code"], finding["column"])),
                masked(finding["value"], column), words.hint(finding["code"]),
            )  # fmt: skip


def write_tickets(found: list[Ticket], release: Release, words: Words) -> Path:
    """Write the list of all corrections, those that are due first."""
    title, departments = words("feedback.sheets.tickets"), conf.load().departments
    book = Book(release.lake.feedback / "tickets.xlsx", title, release.released_at)
    sheet = book.sheet(title, (10, 26, 34, 40, 12, 12, 8, 9, 12))
    rows = sorted(found, key=lambda t: (t.closed is not None, t.due, t.file))
    sheet.table(
        words.head("state", "department", "delivery", "file", "opened", "due", "rows", "corrected", "closed"),
        (
            (
                words(f"feedback.state.{t.state(release.as_of)}"), getattr(departments[t.department], words.lang),
                t.delivery, t.file.rpartition("/")[2], t.opened, t.due, t.rows, t.corrected, t.closed,
            )
            for t in rows
        ),
        (6, 7),
    )  # fmt: skip
    return book.close()


def parser() -> Parser:
    """The options of the job."""
    made = Parser(
        prog="spark-submit.sh feedback",
        description=__doc__,
        epilog="example: ./spark-submit.sh feedback --delivery health/birth/2026-01-10",
    )
    paths.add_option(made)
    made.add_argument(
        "--delivery", default=None, help="one delivery only (default: all of the newest release)"
    )
    made.add_argument("--lang", choices=("zh", "en"), default="zh", help="language of the workbooks")
    return made


def run(argv: list[str]) -> int:
    """Exit code 0 done, 2 when there is no release or no such delivery."""
    options = parser().parse_args(argv)
    settings = conf.load().settings
    lake = paths.chosen(options)
    words = Words(options.lang)
    try:
        release = open_release(lake)
        contracts = _contracts(release.profile)
        found = tickets.tickets(release, contracts, settings.correction_days)
        wanted = [d for d in deliveries(release, contracts, found) if options.delivery in (None, d.name)]
        if not wanted:
            print(
                f"feedback: no delivery {options.delivery!r} in release {release.release_id}", file=sys.stderr
            )
            return 2
        for delivery in wanted:
            write(delivery, _aside(release, delivery), release, words)
    except TraceError as error:
        print(f"feedback: {error}", file=sys.stderr)
        return 2
    write_tickets(found, release, words)
    print(f"{len(wanted)} workbooks in {lake.feedback.relative_to(lake.root)}/ of {lake.root.name}")
    print("\n".join(_lines(found, release)))
    return 0


def _contracts(profile: str) -> dict[str, Table]:
    assert profile in PROFILES
    filled = {source.table for source in load_sources(profile).values()}
    return {name: t for theme in discover() for name, t in theme.contract.tables.items() if name in filled}


def _aside(release: Release, delivery: Delivery) -> pl.DataFrame:
    """The rows of a delivery that broke a rule; none where every file was clean or refused."""
    if not any(row["quarantined"] for row in delivery.files):
        return pl.DataFrame(
            schema={
                "file": pl.String,
                "sheet": pl.String,
                "row": pl.Int64,
                "findings": pl.List(pl.Struct([])),
            }
        )
    rows = tickets.set_aside(release, delivery.files[0]["table"])
    return rows.filter(pl.col("delivery") == delivery.name).collect()


def _lines(found: list[Ticket], release: Release) -> Iterator[str]:
    states = [ticket.state(release.as_of) for ticket in found]
    yield f"corrections: {', '.join(f'{states.count(s)} {s}' for s in ('overdue', 'open', 'closed'))}"
    for ticket, state in zip(found, states, strict=True):
        if state != "closed":
            what = f"{ticket.rows - ticket.corrected} of {ticket.rows} rows" if ticket.rows else "refused"
            yield f"  {state:8} due {ticket.due} {ticket.department:20} {ticket.file}: {what}"
