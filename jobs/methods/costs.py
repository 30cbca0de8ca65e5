"""Costs and returns 成本收益 of a crop: what a mu costs, what it leaves, and the price at which it breaks even."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import pandas as pd

from jobs.methods.base import Found, Given, Parameters, method
from jobs.methods.runs import parts
from models.agriculture.costs import CostReturn, cost_return
from models.checks import LackingError


class CostParameters(Parameters):
    """`price_per`: kilograms that the price sold at is for."""

    price_per: float


@method("cost_return", "1.0", "money", "quantity", "price", parameters=CostParameters)
def returns(given: Given) -> Found:
    """Figure: net profit a mu. Details: parts of the cost (stack), total, cash return, profit over cost in percent,
    and the price that breaks even beside the one sold at (yuan a kg).

    Where the survey tells no output value it is quantity times price; where it does not part labour and land
    into bought and imputed, there is no cash return. Years that lack an item are left out.
    """
    table = pd.concat([_table(given, role) for role in ("money", "quantity", "price")], axis=1)
    rows = []
    for (region, crop, year), row in zip(table.index, table.to_dict("records"), strict=True):
        made = _made(row, given.parameters.price_per)
        if made is None:
            continue
        items, result = made
        key = {"region": region, "breakdown": f"crop={crop}", "period": year}
        rows.append({**key, "measure": "net", "item": "", "value": result.net})
        rows += [{**key, "measure": "part", "item": item, "value": value} for item, value in items.items()]
        told = {
            "total": result.total,
            "profit_ratio": 100 * result.profit_ratio,
            "break_even": result.break_even,
            "price": row["price"] / given.parameters.price_per,
        }
        if "labour" not in items:
            told["cash"] = result.cash
        rows += [{**key, "measure": measure, "item": "", "value": value} for measure, value in told.items()]
    if not rows:
        raise LackingError("incomplete", "no year has all items of cost and return")
    frame = pd.DataFrame(rows).assign(text="").dropna(subset="value")
    found = Found()
    found.figures.append(frame[frame["measure"] == "net"])
    found.details.append(frame[frame["measure"] != "net"])
    return found


def _table(given: Given, role: str) -> pd.DataFrame:
    """Items of a role by region, crop and year."""
    rows = given.rows(role)
    told = [parts(breakdown) for breakdown in rows["breakdown"]]
    rows = rows.assign(
        crop=[part.get("crop", "") for part in told], name=[part.get("cost_item", role) for part in told]
    )
    return rows.pivot(index=["region", "crop", "period"], columns="name", values="value")


def _made(row: Mapping[Hashable, float], price_per: float) -> tuple[dict[str, float], CostReturn] | None:
    """Parts of the cost by item and what follows from them; None when something lacks."""
    known = {str(item): value for item, value in row.items() if not pd.isna(value)}
    known.setdefault(
        "output", known.get("quantity", float("nan")) * known.get("price", float("nan")) / price_per
    )
    split = [("family_labour", "hired_labour"), ("own_land", "land_rent")]
    items = {"materials": known.get("materials", float("nan"))}
    for whole, (imputed, bought) in zip(("labour", "land"), split, strict=True):
        if imputed in known and bought in known:
            items |= {imputed: known[imputed], bought: known[bought]}
        else:
            items[whole] = known.get(whole, float("nan"))
    if pd.isna([*items.values(), known["output"], known.get("quantity", float("nan"))]).any():
        return None
    result = cost_return(
        output=known["output"],
        quantity=known["quantity"],
        materials=items["materials"],
        family_labour=items.get("family_labour", items.get("labour", 0.0)),
        hired_labour=items.get("hired_labour", 0.0),
        land_rent=items.get("land_rent", 0.0),
        own_land=items.get("own_land", items.get("land", 0.0)),
    )
    return items, result
