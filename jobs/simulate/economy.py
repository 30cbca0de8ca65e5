"""Quarterly product of cities by sector 分市季度地区生产总值, from population and assumed parameters only."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from jobs.simulate.cycle import planted_cycle
from jobs.simulate.delivery import Delivery, Params, stream

GDP = ["region", "year", "quarter", "sector", "value", "real_growth"]
SECTORS = ("primary", "secondary", "tertiary")

Cube = NDArray[np.float64]


def gdp_deliveries(
    cities: pd.DataFrame, turns: Sequence[Params], params: Params, seed: int
) -> list[Delivery]:
    """One delivery a year. `cities`: region, population. `turns`: of the cycle that monthly series share.

    Values in 100 million yuan to two decimals; the total is the sum of the rounded sectors.
    """
    years = list(range(params["first_year"], params["last"]["year"] + 1))
    rng = stream(seed, "gdp")
    level = _levels(cities["population"].to_numpy(float), params, rng)
    growth = _growth(len(cities), years, turns, params, rng)
    value = np.empty_like(growth)
    for t in range(len(years)):
        factor = (1 + growth[t] / 100) * (1 + params["price_change"] / 100)
        season = np.array([params["season"][sector] for sector in SECTORS]).T[:, None, :] / 4
        value[t] = level[None] * season if t == 0 else value[t - 1] * factor
    value = np.round(value, 2)
    # growth of the total: sectors weighted by what they were a year before
    weight = np.concatenate([value[:1] / (1 + growth[:1] / 100), value[:-1]])
    total_growth = (weight * growth).sum(axis=3) / weight.sum(axis=3)
    value = np.concatenate([value.sum(axis=3, keepdims=True), value], axis=3)
    growth = np.concatenate([total_growth[..., None], growth], axis=3)
    return [
        _delivery(year, cities["region"].to_numpy(str), value[t], growth[t], params)
        for t, year in enumerate(years)
    ]


def _levels(population: NDArray[np.float64], params: Params, rng: np.random.Generator) -> Cube:
    """(cities, sectors) product of the first year, in 100 million yuan."""
    size = np.log(population / np.median(population))
    rich = params["size_elasticity"] * size + params["per_capita_spread"] * rng.standard_normal(
        len(population)
    )
    total = population * params["per_capita"] * np.exp(rich) / 1e8
    primary = np.clip(params["primary_share"] * np.exp(-1.5 * rich), 0.002, 0.3)
    secondary = np.clip(params["secondary_share"] + 0.05 * rng.standard_normal(len(population)), 0.25, 0.6)
    return np.column_stack([primary, secondary, 1 - primary - secondary]) * total[:, None]


def _growth(
    n_cities: int, years: list[int], turns: Sequence[Params], params: Params, rng: np.random.Generator
) -> Cube:
    """(years, quarters, cities, sectors) real growth on a year before, percent to one decimal."""
    months = np.arange(np.datetime64(f"{years[0]}-01"), np.datetime64(f"{years[-1] + 1}-01"))
    cycle = params["cycle_loading"] * planted_cycle(months, turns).reshape(len(years), 4, 3).mean(axis=2)
    growth = np.empty((len(years), 4, n_cities, len(SECTORS)))
    deviation = np.zeros((n_cities, len(SECTORS)))
    carried = params["persistence"]
    for t, year in enumerate(years):
        shock = params["shocks"].get(year, [0.0] * 4)
        for quarter in range(4):
            deviation = carried * deviation + params["city_noise"] * rng.standard_normal(deviation.shape)
            for s, sector in enumerate(SECTORS):
                trend = params["growth"][sector]["start"] + params["growth"][sector]["change"] * t
                moved = shock[quarter] + cycle[t, quarter]
                hit = moved / 3 if sector == "primary" else moved
                growth[t, quarter, :, s] = trend + hit + deviation[:, s]
    return np.round(growth, 1)


def _delivery(year: int, regions: NDArray[np.str_], value: Cube, growth: Cube, params: Params) -> Delivery:
    last = params["last"]
    quarters = last["quarter"] if year == last["year"] else 4
    shape = (quarters, len(regions), len(SECTORS) + 1)
    quarter, city, sector = (axis.ravel() for axis in np.indices(shape))
    rows = pd.DataFrame(
        {
            "region": regions[city],
            "year": str(year),
            "quarter": (quarter + 1).astype(str),
            "sector": np.array(["total", *SECTORS])[sector],
            "value": np.char.mod("%.2f", value[:quarters].ravel()),
            "real_growth": np.char.mod("%.1f", growth[:quarters].ravel()),
        }
    )[GDP]
    partial = year == last["year"] and quarters < 4
    date = params["last_on"] if partial else f"{year + 1}-{params['delivery_day']}"
    return Delivery("statistics_gdp_quarterly", date, f"gdp_quarterly_{year}_模拟.csv", rows)
