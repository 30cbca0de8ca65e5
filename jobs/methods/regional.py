"""Regional structure 区域结构: specialisation and what growth is made of."""

from __future__ import annotations

import pandas as pd

from jobs.methods.base import Found, Given, method
from models.regional import structure


@method("location_quotient", "1.0", "table")
def location_quotient(given: Given) -> Found:
    """Specialisation of each region in each industry; a period counts when every region tells every industry."""
    found = Found()
    for period, table in _tables(given.rows("table")):
        quotients = structure.location_quotient(table.to_numpy())
        for region, row in zip(table.index, quotients, strict=True):
            for industry, value in zip(table.columns, row, strict=True):
                found.add(region, pd.Series([value], [period]), breakdown=industry)
    return found


def _tables(rows: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Whole tables (regions by breakdowns), period by period."""
    tables = rows.pivot(index=["period", "region"], columns="breakdown", values="value")
    whole = tables.groupby("period").filter(lambda table: bool(table.notna().all(axis=None)))
    return [(str(period), table.droplevel("period")) for period, table in whole.groupby("period", sort=True)]
