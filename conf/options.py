"""Options of a command line."""

from __future__ import annotations

import argparse
import re
from datetime import date
from typing import NoReturn

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Parser(argparse.ArgumentParser):
    """A parser whose complaint is one line: what is wrong, and how to see the options."""

    def error(self, message: str) -> NoReturn:
        """Print the complaint and exit 2."""
        self.exit(2, f"{self.prog}: {message} (--help shows the options)\n")


def as_day(text: str) -> date:
    """An option's day, as YYYY-MM-DD."""
    try:
        # fromisoformat alone would take weeks and days without hyphens too.
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"{text!r} is no day, YYYY-MM-DD is wanted")


def as_count(text: str) -> int:
    """An option's number, 1 or more."""
    if not (text.isascii() and text.isdecimal()) or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of 1 or more")
    return int(text)
