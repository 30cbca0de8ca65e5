"""Yearly value added, employment and population of cities by industry 分市分行业年度统计.

Near cities resemble each other in product per head, so that the map has clusters; each city has industries of
its own strength and of its own growth.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from jobs.simulate.delivery import Delivery, Params, stream
from jobs.simulate.prices import correlation_root

INDUSTRY = ["region", "year", "industry", "value_added", "employment"]
POPULATION = ["region", "year", "population"]


def industry_deliveries(cities: pd.DataFrame, params: Params, seed: int) -> list[Delivery]:
    """Two files a year. `cities`: region, population (persons), lon, lat (degrees).

    Value added in 100 million yuan at current prices; employment and population in 10,000 persons.
    """
    rng = stream(seed, "industry")
    sections = params["sections"]
    weight, growth, productivity = (
        np.array([section[name] for section in sections.values()], dtype=float)
        for name in ("weight", "growth", "productivity")
    )
    years = np.arange(params["first_year"], params["last_year"] + 1)
    n = len(cities)
    rich = params["per_capita_spread"] * (
        correlation_root(cities, params["correlation_km"]) @ rng.standard_normal(n)
    )
    people = _population(cities["population"].to_numpy(float), years, params, rng)
    share = weight * np.exp(params["specialisation"] * rng.standard_normal((n, len(weight))))
    share /= share.sum(axis=1, keepdims=True)
    product = cities["population"].to_numpy(float) * params["per_capita"] * np.exp(rich) / 1e8
    own = growth + params["growth_spread"] * rng.standard_normal((n, len(weight)))
    noise = params["noise"] * rng.standard_normal((len(years), n, len(weight)))
    noise[0] = 0.0
    factor = np.cumprod(
        1 + (np.where(np.arange(len(years))[:, None, None] > 0, own, 0.0) + noise) / 100, axis=0
    )
    value = product[:, None] * share * factor
    effort = value / productivity
    employed = people * params["employed"] / 1e4
    employment = employed[:, :, None] * effort / effort.sum(axis=2, keepdims=True)
    codes = cities["region"].to_numpy(str)
    found = []
    for t, year in enumerate(years):
        day = f"{year + 1}-{params['delivery_day']}"
        found.append(_industries(day, int(year), codes, list(sections), value[t], employment[t]))
        found.append(_people(day, int(year), codes, people[t] / 1e4))
    return found


def _population(
    census: NDArray[np.float64], years: NDArray[np.int64], params: Params, rng: np.random.Generator
) -> NDArray[np.float64]:
    """(years, cities) persons at year-end, growing steadily through the census of 1 November 2020."""
    rate = params["population_growth"]["mean"] + params["population_growth"]["spread"] * rng.standard_normal(
        len(census)
    )
    return np.asarray(census * (1 + rate / 100) ** (years[:, None] - 2020 + 1 / 6))


def _industries(
    day: str, year: int, codes: NDArray[np.str_], sections: list[str], value: NDArray[np.float64],
    employment: NDArray[np.float64],
) -> Delivery:  # fmt: skip
    rows = pd.DataFrame(
        {
            "region": np.repeat(codes, len(sections)),
            "year": str(year),
            "industry": np.tile(sections, len(codes)),
            "value_added": np.char.mod("%.2f", value.ravel()),
            "employment": np.char.mod("%.3f", employment.ravel()),
        }
    )
    return Delivery("statistics_industry_yearly", day, f"industry_{year}_模拟.csv", rows[INDUSTRY])


def _people(day: str, year: int, codes: NDArray[np.str_], population: NDArray[np.float64]) -> Delivery:
    rows = pd.DataFrame({"region": codes, "year": str(year), "population": np.char.mod("%.2f", population)})
    return Delivery("statistics_population_yearly", day, f"population_{year}_模拟.csv", rows[POPULATION])
