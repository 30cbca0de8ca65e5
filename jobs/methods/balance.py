"""Supply and use balances 供需平衡 made to add up, and the ratios read from them."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from jobs.methods.base import Found, Given, Parameters, method
from jobs.methods.runs import parts, unbroken
from models.agriculture.balance import ITEMS, SUPPLY, USE, reconcile_sheets, self_sufficiency, stock_to_use
from models.checks import LackingError

# What is used up in the place itself.
_USED = ["food", "feed", "seed", "industry", "loss"]


class BalanceParameters(Parameters):
    """Standard error of each item as a share of what is stated."""

    errors: dict[str, float]


class RatioParameters(BalanceParameters):
    """`months` up to the month shown over which flows are added up."""

    months: int


@method("balance_adjusted", "1.0", "items", parameters=BalanceParameters, two_sided=True, estimates=True)
def adjusted(given: Given) -> Found:
    """Figure: supply less use as stated, which was removed. Details: flows after and before adjustment."""
    found = Found()
    for region, breakdown, stated, made in _sheets(given):
        found.add(region, stated[list(SUPPLY)].sum(axis=1) - stated[list(USE)].sum(axis=1), breakdown)
        for measure, sheet in {"flow": made, "stated": stated}.items():
            long = sheet.reset_index().melt("period", var_name="item")
            found.details.append(long.assign(region=region, breakdown=breakdown, measure=measure, text=""))
    return found


@method("stock_to_use", "1.0", "items", parameters=RatioParameters, two_sided=True, estimates=True)
def stock_ratio(given: Given) -> Found:
    """Figure: closing stock in percent of the use of a year, from adjusted balances."""
    found = Found()
    for region, breakdown, _, made in _sheets(given):
        use = made[_USED].sum(axis=1).rolling(given.parameters.months).sum().dropna()
        closing = made["closing"].reindex(use.index)
        ratio = [100 * stock_to_use(*pair) for pair in zip(closing, use, strict=True)]
        found.add(region, pd.Series(ratio, use.index, dtype=float), breakdown)
    return _not_empty(found, given)


@method("self_sufficiency", "1.0", "items", parameters=RatioParameters, two_sided=True, estimates=True)
def sufficiency(given: Given) -> Found:
    """Figure: production of a year in percent of what was to be had, from adjusted balances."""
    found = Found()
    for region, breakdown, _, made in _sheets(given):
        flows = made[["production", "imports", "exports"]].rolling(given.parameters.months).sum().dropna()
        ratio = [100 * self_sufficiency(*row) for row in flows.to_numpy()]
        found.add(region, pd.Series(ratio, flows.index, dtype=float), breakdown)
    return _not_empty(found, given)


def _sheets(given: Given) -> Iterator[tuple[str, str, pd.DataFrame, pd.DataFrame]]:
    """(region, breakdown of the product, sheets as stated, adjusted sheets), months by items, of whole months on end.

    ValueError when no product of any region has a month with all its items.
    """
    errors = given.parameters.errors
    lacking = [item for item in ITEMS if item not in errors]
    if lacking:
        raise ValueError(f"no standard error is given for {lacking[0]}")
    rows = given.rows("items")
    told = [parts(breakdown) for breakdown in rows["breakdown"]]
    rows = rows.assign(
        product=[part.get("product", "") for part in told],
        balance_item=[part.get("balance_item", "") for part in told],
    )
    whole = False
    for (region, product), part in rows.groupby(["region", "product"], sort=True):
        sheet = part.pivot(index="period", columns="balance_item", values="value")
        sheet = sheet.reindex(columns=list(ITEMS)).dropna()
        if sheet.empty:
            continue
        sheet = sheet.loc[unbroken(sheet["opening"]).index]
        made = reconcile_sheets(sheet, sheet.abs() * [errors[item] for item in ITEMS])
        whole = True
        yield (
            str(region),
            f"product={product}" if product else "",
            sheet,
            pd.DataFrame(made.values, sheet.index, sheet.columns),
        )
    if not whole:
        raise LackingError("incomplete", "no month has all items of a balance sheet")


def _not_empty(found: Found, given: Given) -> Found:
    if not any(len(figures) for figures in found.figures):
        months = given.parameters.months
        raise LackingError("too_short_on_end", f"no balance goes over {months} months on end", need=months)
    return found
