"""What the simulators share: the `Delivery` they return, random streams and sampling in proportion."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Params = Mapping[str, Any]
Days = NDArray[np.datetime64]


@dataclass(frozen=True)
class Delivery:
    """One simulated file before defects.

    `rows`: columns named and ordered as in the contract, every cell text, codes as codes.
    `exempt`: rows (by position) that no defect may touch; None for no such rows.
    """

    table: str
    date: str
    file: str
    rows: pd.DataFrame
    exempt: NDArray[np.bool_] | None = None


def stream(seed: int, *names: str) -> np.random.Generator:
    """A random stream of its own for every name, so that one simulator never shifts another's numbers."""
    return np.random.default_rng([seed, zlib.crc32("/".join(names).encode())])


def proportional(weights: NDArray[Any], n: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Positions of a systematic sample of size n, in order.

    Each position, and each run of neighbouring positions, is drawn as often as its share of the weights says,
    give or take one (Madow's systematic sampling), so counties that stand together keep their share.
    """
    edges = np.cumsum(np.asarray(weights, dtype=float))
    points = (np.arange(n) + rng.random()) * edges[-1] / max(n, 1)
    return np.minimum(np.searchsorted(edges, points, side="right"), len(edges) - 1)


def texts(days: Days) -> NDArray[np.str_]:
    """ISO dates of (n,) days, empty where there is none."""
    days = np.asarray(days, dtype="datetime64[D]")
    return np.where(np.isnat(days), "", np.datetime_as_string(days, unit="D"))


def days_by_month(year: int, n: int, months: list[float], rng: np.random.Generator) -> Days:
    """n random days of a year, months drawn by weight and days evenly within the month."""
    weights = np.asarray(months, dtype=float)
    month = rng.choice(12, size=n, p=weights / weights.sum())
    first = np.datetime64(f"{year}-01", "M") + month
    start = first.astype("datetime64[D]")
    length = ((first + 1).astype("datetime64[D]") - start).astype(int)
    return start + (rng.random(n) * length).astype(int)
