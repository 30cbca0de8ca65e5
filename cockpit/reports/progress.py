"""How far a report has come."""

from collections.abc import Callable

#: Told the share that is done, 0 to 1.
Progress = Callable[[float], None]


def silent(_share: float) -> None:
    """For those who do not ask."""
