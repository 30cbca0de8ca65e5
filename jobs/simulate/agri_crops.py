"""Crops with their weather, costs and returns, and farm inputs of cities by year 作物、成本收益、投入品."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from jobs.simulate.agri_files import by_year
from jobs.simulate.delivery import Delivery, Params, stream

Matrix = NDArray[np.float64]

WEATHER = ("degree_days", "rain", "heat_days")


def crop_deliveries(cities: pd.DataFrame, params: Params, seed: int) -> list[Delivery]:
    """Area, yield and weather, costs and returns, and inputs. `cities`: region, population."""
    years = np.arange(params["first_year"], params["last_year"] + 1)
    found: list[Delivery] = []
    for table, rows in {
        "agriculture_crop": _crops(cities, years, params, seed),
        "development_cost_return": _costs(cities, years[years >= params["cost_from"]], params, seed),
        "agriculture_input_use": _inputs(cities, years[years >= params["cost_from"]], params, seed),
    }.items():
        found += by_year(table, rows, rows["year"].astype(int), params["files"])
    return found


def weather(years: NDArray[np.int_], n: int, province: str, params: Params, seed: int) -> dict[str, Matrix]:
    """Item → (years, cities): a province's year and a smaller deviation of each city, never below zero."""
    found = {}
    for item, given in params["weather"][province].items():
        rng = stream(seed, "weather", province, item)
        year = rng.standard_normal((len(years), 1))
        city = rng.standard_normal((1, n)) + params["city_weather"] * rng.standard_normal((len(years), n))
        values = given["mean"] + given["spread"] * (year + params["city_weather"] * city)
        found[item] = np.maximum(np.round(values), 0.0)
    return found


def _crops(cities: pd.DataFrame, years: NDArray[np.int_], params: Params, seed: int) -> pd.DataFrame:
    frames = []
    for province, crops in params["crops"].items():
        local = cities[cities["region"].str[:2] == province[:2]]
        n = len(local)
        if not n:
            continue
        sky = weather(years, n, province, params, seed)
        # standard deviations from the mean of the item
        away = {
            item: (sky[item] - params["weather"][province][item]["mean"])
            / params["weather"][province][item]["spread"]
            for item in WEATHER
        }
        for crop, given in crops.items():
            rng = stream(seed, "crop", province, crop)
            trend = given["yield"] * np.exp(given["growth"] * (years - years[0]))[:, None]
            effect = sum(given["effect"][item] * away[item] for item in WEATHER)
            local_level = np.exp(params["city_spread"] * rng.standard_normal(n))
            noise = params["yield_noise"] * rng.standard_normal((len(years), n))
            people = local["population"].to_numpy(float)
            items = {
                "yield": np.round(trend * local_level * np.exp(effect + noise)),
                "area": np.round(
                    given["area"]
                    * people
                    / people.sum()
                    * np.exp(0.02 * rng.standard_normal((len(years), n))),
                    2,
                ),
                **sky,
            }
            for item, values in items.items():
                frames.append(_long(local, years, values, {"crop": crop, "crop_item": item}, "%.2f"))
    rows = pd.concat(frames, ignore_index=True)
    return rows[["region", "crop", "year", "crop_item", "value"]]


def _costs(cities: pd.DataFrame, years: NDArray[np.int_], params: Params, seed: int) -> pd.DataFrame:
    frames = []
    for province, crops in params["costs"].items():
        local = cities[cities["region"].str[:2] == province[:2]]
        if not len(local):
            continue
        for crop, given in crops.items():
            rng = stream(seed, "costs", province, crop)
            shape = (len(years), len(local))
            grown = (1 + params["cost_growth"]) ** (years - years[0])[:, None]
            spread = params["cost_spread"]
            items = {
                item: np.round(given[item] * grown * np.exp(spread * rng.standard_normal(shape)), 2)
                for item in ("materials", "family_labour", "hired_labour", "land_rent", "own_land")
            }
            year = params["price_spread"] * rng.standard_normal((len(years), 1))
            items["price"] = np.round(given["price"] * np.exp(year + 0.02 * rng.standard_normal(shape)), 2)
            items["quantity"] = np.round(given["quantity"] * np.exp(spread * rng.standard_normal(shape)), 1)
            items["output"] = np.round(items["quantity"] * items["price"] / 50, 2)
            for item, values in items.items():
                frames.append(_long(local, years, values, {"crop": crop, "cost_item": item}, "%.2f"))
    rows = pd.concat(frames, ignore_index=True)
    return rows[["region", "crop", "year", "cost_item", "value"]]


def _inputs(cities: pd.DataFrame, years: NDArray[np.int_], params: Params, seed: int) -> pd.DataFrame:
    frames = []
    people = cities["population"].to_numpy(float)
    for kind, given in params["inputs"].items():
        rng = stream(seed, "inputs", kind)
        grown = (1 + given["growth"]) ** (years - years[0])[:, None]
        noise = np.exp(
            0.03 * rng.standard_normal((len(years), len(cities))) + 0.3 * rng.standard_normal(len(cities))
        )
        values = np.round(given["a_head"] * people * grown * noise, 2)
        columns = {"farm_input": kind, "unit": given["unit"]}
        frames.append(_long(cities, years, values, columns, "%.2f").rename(columns={"value": "quantity"}))
    rows = pd.concat(frames, ignore_index=True)
    return rows[["region", "year", "farm_input", "unit", "quantity"]]


def _long(
    cities: pd.DataFrame, years: NDArray[np.int_], values: Matrix, columns: dict[str, str], form: str
) -> pd.DataFrame:
    """One row a year and city of `values` (years, cities)."""
    return pd.DataFrame(
        {
            "region": np.tile(cities["region"].to_numpy(str), len(years)),
            "year": np.repeat(years.astype(str), len(cities)),
            "value": np.char.mod(form, values.ravel()),
        }
    ).assign(**columns)
