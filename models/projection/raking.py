"""Raking: scale cells so that they add up to known totals (迭代比例拟合 IPF)."""

import numpy as np


def rake(values: np.ndarray, total: float) -> np.ndarray:
    """`values` (any shape, not negative) scaled to add up to `total`.

    ValueError when a positive total meets cells that are all zero.
    """
    values = np.asarray(values, dtype=float)
    if not total >= 0 or not (values >= 0).all():
        raise ValueError("raking takes known values and a total that are not negative")
    current = values.sum()
    if current == 0 and total > 0:
        raise ValueError(f"cells that are all zero cannot be raked to {total:g}")
    return values * (total / current) if current > 0 else values


def ipf(
    seed: np.ndarray, rows: np.ndarray, columns: np.ndarray, *, tolerance: float = 1e-9, rounds: int = 20_000
) -> np.ndarray:
    """Iterative proportional fitting of a table to both margins, keeping the seed's odds ratios.

    `seed` (r, c) not negative; `rows` (r,) and `columns` (c,) the target sums. The row targets are trusted:
    column targets are first scaled to the same grand total. Ends when every margin is met to the relative
    `tolerance`. ValueError when shapes differ, a value is negative or NaN, or no table with the seed's zeros
    meets the margins within `rounds`. Source: Deming and Stephan, Annals of Mathematical Statistics 11
    (1940).
    """
    table = np.array(seed, dtype=float)
    rows, columns = np.asarray(rows, dtype=float), np.asarray(columns, dtype=float)
    if table.shape != (rows.size, columns.size):
        raise ValueError(f"seed of shape {table.shape} for {rows.size} rows and {columns.size} columns")
    if not all((part >= 0).all() for part in (table, rows, columns)):
        raise ValueError("seed and margins must be known and not negative")
    columns = rake(columns, rows.sum())
    for _ in range(rounds):
        table *= _ratio(rows, table.sum(axis=1))[:, None]
        table *= _ratio(columns, table.sum(axis=0))
        gaps = (table.sum(axis=1) - rows, table.sum(axis=0) - columns)
        if max(np.abs(gap).max() for gap in gaps) <= tolerance * rows.sum():
            return table
    raise ValueError(
        f"margins not met within {rounds} rounds: zeros of the seed exclude them or its cells differ too much"
    )


def _ratio(target: np.ndarray, current: np.ndarray) -> np.ndarray:
    return np.divide(target, current, out=np.zeros_like(target), where=current > 0)
