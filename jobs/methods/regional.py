"""Regional structure 区域结构: specialisation, what growth is made of, inequality and neighbourhood.

The whole that a city is compared with is its province.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

import numpy as np
import pandas as pd
from pydantic import Field

from conf import periods
from jobs.methods.base import Found, Given, Parameters, method
from models.checks import LackingError
from models.regional import inequality, neighbours, structure

QUADRANTS = {(True, True): "hh", (False, False): "ll", (True, False): "hl", (False, True): "lh"}
HUNDRED = 100.0


@method("location_quotient", "1.1", "table")
def location_quotient(given: Given) -> Found:
    """Specialisation of each region in each industry; a period counts when every region tells every industry."""
    found = Found()
    for tables in _tables(given, given.rows("table")).values():
        size = pd.concat(tables, names=["period", "region"])
        quotient = pd.concat(
            {
                period: pd.DataFrame(
                    structure.location_quotient(table), index=table.index, columns=table.columns
                )
                for period, table in tables.items()
            },
            names=["period", "region"],
        )
        growth = HUNDRED * size.groupby("region").pct_change()
        found.figures.append(_long(quotient))
        for measure, table in (("size", size), ("growth", growth)):
            found.details.append(_long(table).assign(item="", measure=measure, text=""))
    return found


def _long(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of region, breakdown, period and value of a table of (period, region) by breakdown."""
    rows = table.reset_index().melt(["period", "region"], var_name="breakdown")
    return rows[np.isfinite(rows["value"])]


class Span(Parameters):
    """Years between the two tables that are compared."""

    years: int = Field(ge=1)


@method("shift_share", "1.0", "table", parameters=Span)
def shift_share(given: Given) -> Found:
    """What the change of each region over some years is made of, summed over its industries."""
    found = Found()
    for tables in _tables(given, given.rows("table")).values():
        for period, after in tables.items():
            before = tables.get(str(int(period) - given.parameters.years))
            if before is None or not before.index.equals(after.index):
                continue
            parts = structure.shift_share(before.to_numpy(), after.reindex(columns=before.columns).to_numpy())
            for name in ("national", "mix", "regional"):
                for region, value in zip(after.index, getattr(parts, name).sum(axis=1), strict=True):
                    found.note(region, period, name, value=float(value))
                    if name == "regional":
                        found.add(region, pd.Series([value], [period]))
    return _some(found, "two years with the same regions")


class Concentration(Parameters):
    """Which measure, and of how many of the largest where it is a share."""

    measure: Literal["herfindahl", "ratio"]
    largest: int = Field(default=4, ge=1)


@method("concentration", "1.0", "table", parameters=Concentration)
def concentration(given: Given) -> Found:
    """How far a region rests on few industries: the Herfindahl index times 10,000, or the largest ones' share."""
    found, parameters = Found(), given.parameters
    for region, part in _parts(given, given.rows("table")).groupby("region", sort=True):
        rows = part.pivot(index="period", columns="breakdown", values="value").dropna()
        values = [
            1e4 * structure.herfindahl(row)
            if parameters.measure == "herfindahl"
            else HUNDRED * structure.concentration_ratio(row, parameters.largest)
            for row in rows.to_numpy()
        ]
        found.add(str(region), pd.Series(values, rows.index, dtype=float))
    return _some(found, "a region that tells every industry")


class Groups(Parameters):
    """Regions of each group; the others of a province are one more, `rest`."""

    groups: Mapping[str, frozenset[str]]


@method("theil", "1.0", "income", "population", parameters=Groups)
def theil(given: Given) -> Found:
    """Inequality of product per head between the cities of a province, within and between groups of them."""
    found = Found()
    group = {code: name for name, codes in given.parameters.groups.items() for code in codes}
    for province, table in _pairs(given):
        for period, rows in table.groupby("period", sort=True):
            names = [group.get(code, "rest") for code in rows["region"]]
            parts = inequality.theil(rows["income"], rows["population"], names)
            found.add(province, pd.Series([parts.total], [period]))
            for measure, value in (
                ("within", parts.within),
                ("between", parts.between),
                ("gini", inequality.gini(rows["income"], rows["population"])),
                ("variation", inequality.variation(rows["income"], rows["population"])),
            ):
                found.note(province, str(period), measure, value=value)
    return found


class Permutations(Parameters):
    """Draws and false discovery rate of the tests."""

    permutations: int = Field(ge=99)
    discovery_rate: float = Field(gt=0, lt=1)
    seed: int


@method("moran", "1.0", "income", "population", parameters=Permutations)
def moran(given: Given) -> Found:
    """Whether rich cities lie beside rich ones; local indices of the newest period only."""
    found, parameters = Found(), given.parameters
    for province, table in _pairs(given):
        told = sorted(table["period"].unique())
        for period in told:
            rows = table[table["period"] == period].set_index("region")
            values = (rows["income"] / rows["population"]).to_numpy()
            try:
                weights = _weights(given, list(rows.index))
            except ValueError as fault:  # a city that no longer exists is on no map
                if period == told[-1]:
                    raise fault
                continue
            rng = np.random.default_rng(parameters.seed)
            whole = neighbours.moran(values, weights, permutations=parameters.permutations, rng=rng)
            found.add(province, pd.Series([whole.index], [period]))
            found.note(province, period, "p_value", value=whole.p_value)
            found.note(province, period, "expected", value=whole.expected)
            if period == told[-1]:
                _local(found, period, list(rows.index), values, weights, parameters)
    return found


def _local(
    found: Found, period: str, codes: list[str], values: np.ndarray, weights: np.ndarray,
    parameters: Permutations,
) -> None:  # fmt: skip
    local = neighbours.local_moran(
        values, weights, permutations=parameters.permutations,
        discovery_rate=parameters.discovery_rate, rng=np.random.default_rng(parameters.seed),
    )  # fmt: skip
    z = (values - values.mean()) / values.std()
    lag = weights @ z
    for i, code in enumerate(codes):
        found.note(code, period, "z", value=float(z[i]))
        found.note(code, period, "lag", value=float(lag[i]))
        found.note(code, period, "significant", value=float(local.significant[i]))
        found.note(code, period, "quadrant", text=QUADRANTS[bool(z[i] > 0), bool(lag[i] > 0)])


def _weights(given: Given, codes: list[str]) -> np.ndarray:
    """Row-standardised weights; ValueError naming a region of which no neighbour is among them."""
    around = given.around.neighbours
    for code in codes:
        if not around.get(code, frozenset()) & set(codes):
            told = f"{code} has no neighbour among the regions that have figures"
            raise LackingError("no_neighbour", told, region=code)
    table = np.array([[float(b in around[a]) for b in codes] for a in codes])
    return neighbours.row_standardised(table)


def _pairs(given: Given) -> Iterator[tuple[str, pd.DataFrame]]:
    """Region, period, income and population of the cities of each province; periods in which all that then existed
    are known."""
    key = ["region", "period"]
    income, population = (
        _first(given, given.rows(role))[[*key, "value"]].rename(columns={"value": role})
        for role in ("income", "population")
    )
    both = pd.merge(income, population, on=key)
    if both.empty:
        raise LackingError("no_shared_period", "income and population share no period")
    for province, rows in both.groupby(both["region"].map(lambda code: _province(given, code)), sort=True):
        cities = [given.around.regions.get(code) for code in rows["region"].unique()]
        told = rows.groupby("period")["region"].size()
        whole = {
            period
            for period, size in told.items()
            if size == sum(city.holds(periods.end(str(period))) for city in cities)
        }
        if len(cities) > 2:
            yield str(province), rows[rows["period"].isin(whole)].sort_values(["period", "region"])


def _tables(given: Given, rows: pd.DataFrame) -> dict[str, dict[str, pd.DataFrame]]:
    """Whole tables (regions by breakdowns) of each province by period."""
    found: dict[str, dict[str, pd.DataFrame]] = {}
    rows = _parts(given, rows)
    for province, members in rows.groupby(rows["region"].map(lambda code: _province(given, code)), sort=True):
        tables = members.pivot(index=["period", "region"], columns="breakdown", values="value")
        complete = tables.groupby("period").filter(lambda table: bool(table.notna().all(axis=None)))
        found[str(province)] = {
            str(period): table.droplevel("period") for period, table in complete.groupby("period", sort=True)
        }
    return found


def _parts(given: Given, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows without the totals, which would be counted as one more industry."""
    return _first(given, rows[rows["breakdown"] != ""])


def _first(given: Given, rows: pd.DataFrame) -> pd.DataFrame:
    """Of several indicators of one role the first that a province has: sections, else sectors."""
    province = rows["region"].map(lambda code: _province(given, code))
    return rows[rows["indicator"] == rows.groupby(province)["indicator"].transform("first")]


def _province(given: Given, code: str) -> str:
    return (code, *given.around.regions.ancestors(code))[-1]


def _some(found: Found, wanted: str) -> Found:
    if not found.figures:
        raise LackingError("incomplete", f"needs {wanted}")
    return found
