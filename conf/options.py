"""Options of a command line."""

from __future__ import annotations

import argparse
from typing import NoReturn


class Parser(argparse.ArgumentParser):
    """A parser whose complaint is one line: what is wrong, and how to see the options."""

    def error(self, message: str) -> NoReturn:
        """Print the complaint and exit 2."""
        self.exit(2, f"{self.prog}: {message} (--help shows the options)\n")
