"""Status of a figure: how far it is from something that was counted."""

from collections.abc import Iterable

ORDER = ("real", "estimated", "forecast", "simulated")


def worst(statuses: Iterable[str]) -> str:
    """Status of a result made from inputs of these statuses: the one that stands last in `ORDER`.

    Raises ValueError on an unknown status and when there is no input.
    """
    found = set(statuses)
    if not found:
        raise ValueError("no status to choose from")
    unknown = sorted(found - set(ORDER))
    if unknown:
        raise ValueError(f"unknown status {unknown[0]!r}: one of {', '.join(ORDER)}")
    return max(found, key=ORDER.index)
