"""Several days one after another, each a run of its own; what has been done is not done again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from jobs.lake import releases
from jobs.lake.paths import Lake
from jobs.lake.releases import Row
from jobs.operate.release_rows import restore


def days_between(first: date, last: date) -> list[date]:
    """Every day from the first to the last."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def one_after_another(days: Iterable[date], done: Callable[[date], str], run: Callable[[date], int]) -> int:
    """Run every day that is not done; `done` tells by whom. The highest exit code of all.

    A day of bad deliveries (2) is followed by the next one, since a release of its good rows was made; a
    failure (1) ends it all: the same command goes on from there.
    """
    worst = 0
    for day in days:
        if by := done(day):
            print(f"── {day}: done already ({by})", flush=True)
            continue
        print(f"── {day}", flush=True)
        code = run(day)
        if code == 1:
            print(f"Stopped at {day}; the same command goes on from there.", flush=True)
            return 1
        worst = max(worst, code)
    return worst


@contextmanager
def shown_again(lake: Lake, today: date) -> Iterator[None]:
    """Runs of past days must not take the place of what readers see: afterwards the release of the latest day
    is the newest again, or the one that somebody has restored."""
    before = _meant(releases.newest_first(lake), today)
    try:
        yield
    finally:
        after = next(iter(releases.newest_first(lake)), None)
        if before and after and after["as_of"] < before["as_of"]:
            made = restore(lake, before["release_id"])
            print(f"Readers see the release as of {before['as_of']} again: {made}.", flush=True)


def _meant(found: list[Row], today: date) -> Row | None:
    """The release that readers are meant to see. Not simply the newest: several days that were killed half-way
    have left one of a past day there; nor one of a day to come, which a clock ahead of time has made."""
    if not found or found[0]["restores"]:
        return found[0] if found else None
    past = [row for row in found if row["as_of"] <= today]
    return max(past, key=lambda row: row["as_of"], default=found[0])
