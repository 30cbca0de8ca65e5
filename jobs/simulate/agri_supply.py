"""Sows, hogs slaughtered and supply balances 能繁母猪、生猪出栏与供需平衡 by month.

Herds follow the hog–corn ratio of the simulated prices some months later, hogs follow sows by nine to twelve
months, and the pork of a balance is that of the hogs. A balance holds exactly before each item is misreported.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from jobs.simulate.agri_files import by_year, monthly
from jobs.simulate.delivery import Delivery, Params, stream

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

ITEMS = ("opening", "production", "imports", "food", "feed", "seed", "industry", "loss", "exports", "closing")


def supply_deliveries(cities: pd.DataFrame, ratio: list[Params], params: Params, seed: int) -> list[Delivery]:
    """Sow stock by city and balances by province. `cities`: region, population; `ratio`: points of week and ratio."""
    months = monthly(params["first_month"], params["last_month"])
    sows, hogs = herds(cities, ratio, months, params["sows"], seed)
    balances = [
        _balance(code, population, months, hogs[:, local].sum(axis=1), params["balance"], seed)
        for code in params["balance"]["province"]
        for local in [cities["region"].str[:2].to_numpy(str) == code[:2]]
        for population in [float(cities.loc[local, "population"].sum())]
        if population
    ]
    sheet = pd.concat(balances, ignore_index=True)
    return [
        *_sow_deliveries(cities, months, sows, hogs, params, seed),
        *by_year("agriculture_balance_sheet", sheet, sheet["year"].astype(int), params["files"]),
    ]


def herds(
    cities: pd.DataFrame, ratio: list[Params], months: pd.PeriodIndex, params: Params, seed: int
) -> tuple[Matrix, Matrix]:
    """(months, cities) sows in stock and hogs slaughtered in the month, in head."""
    rng = stream(seed, "sows")
    known = np.array([np.datetime64(point["week"], "D").astype(float) for point in ratio])
    log_ratio = np.log([point["ratio"] for point in ratio])
    # months before the prices begin take the first ratio
    earlier = params["warm_up"]
    span = pd.period_range(months[0] - earlier, months[-1], freq="M")
    at = span.to_timestamp().to_numpy("datetime64[D]").astype(float)
    incentive = np.tanh(np.interp(at, known, log_ratio) - np.log(params["neutral_ratio"]))
    moved = np.convolve(incentive, np.full(params["reaction"], 1 / params["reaction"]))[: len(span)]
    path = np.zeros(len(span))
    for t in range(1, len(span)):
        path[t] = params["return"] * path[t - 1] + params["gain"] * moved[t - 1]
    normal = normal_stock(cities, params)
    noise = np.cumsum(params["city_noise"] * rng.standard_normal((len(span), len(cities))), axis=0)
    sows = normal * np.exp(path[:, None] + noise - noise.mean(axis=1, keepdims=True))
    hogs = np.zeros_like(sows)
    for lag, weight in params["lags"].items():
        hogs += weight * np.vstack([np.repeat(sows[:1], lag, axis=0), sows[:-lag]])
    season = 1 + params["season"] * np.cos(2 * np.pi * (span.month.to_numpy() - 1) / 12)
    hogs *= params["hogs_a_sow"] / 12 * season[:, None]
    hogs *= np.exp(params["hog_noise"] * rng.standard_normal(hogs.shape))
    return np.round(sows[earlier:]), np.round(hogs[earlier:])


def normal_stock(cities: pd.DataFrame, params: Params) -> Vector:
    """Normal holding 正常保有量 of each city in whole head, by population; a province's cities add up to its own."""
    stock = np.zeros(len(cities))
    for code, total in params["normal"].items():
        local = cities["region"].str[:2].to_numpy(str) == code[:2]
        share = cities.loc[local, "population"].to_numpy(float)
        stock[local] = np.diff(np.round(np.concatenate([[0.0], np.cumsum(share)]) / share.sum() * total))
    return stock


def _sow_deliveries(
    cities: pd.DataFrame, months: pd.PeriodIndex, sows: Matrix, hogs: Matrix, params: Params, seed: int
) -> list[Delivery]:
    n = len(cities)
    rows = pd.DataFrame(
        {
            "region": np.tile(cities["region"].to_numpy(str), len(months)),
            "year": np.repeat(months.year.to_numpy(), n).astype(str),
            "month": np.repeat(months.month.to_numpy(), n).astype(str),
            "sows": sows.ravel().astype(int).astype(str),
            "normal": np.tile(normal_stock(cities, params["sows"]).astype(int).astype(str), len(months)),
            "slaughtered": hogs.ravel().astype(int).astype(str),
        }
    )
    return by_year("agriculture_sow_stock", rows, rows["year"].astype(int), params["files"])


def _balance(
    code: str, population: float, months: pd.PeriodIndex, hogs: Vector, params: Params, seed: int
) -> pd.DataFrame:
    """All products of one province, in ten thousand tonnes as reported."""
    frames = []
    for product, given in params["products"].items():
        rng = stream(seed, "balance", code, product)
        n, month = len(months), months.month.to_numpy() - 1
        # kg a head and year → ten thousand tonnes a month
        use = {
            item: population * kg / 12 / 1e7 * np.exp(params["use_noise"] * rng.standard_normal(n))
            for item, kg in given["use"].items()
        }
        need = sum(float(flow.mean()) for flow in use.values())
        if product == "pork":
            production = hogs * params["carcass_kg"] / 1e7
        else:
            weight = np.array(given["harvest"]) / np.mean(given["harvest"])
            yearly = np.exp(params["harvest_noise"] * rng.standard_normal(n // 12 + 1))
            level = need * given["self_supply"][code] * yearly[np.arange(n) // 12]
            production = level * weight[month]
        flows = _stocked(production, use, given["stock_months"] * need)
        stated = {
            item: np.round(flows[item] * np.exp(params["error"][item] * rng.standard_normal(n)), 4)
            for item in ITEMS
        }
        for item in ITEMS:
            frames.append(
                pd.DataFrame(
                    {
                        "region": code, "product": product,
                        "year": months.year.astype(str), "month": months.month.astype(str),
                        "balance_item": item, "value": np.char.mod("%.4f", stated[item]),
                    }
                )
            )  # fmt: skip
    return pd.concat(frames, ignore_index=True)


def _stocked(production: Vector, use: dict[str, Vector], target: float) -> dict[str, Vector]:
    """Flows and stocks that add up: what lacks over a year comes in, what is over goes out."""
    n = production.size
    total = np.sum(list(use.values()), axis=0)
    flows = {item: np.zeros(n) for item in ITEMS} | use | {"production": production}
    stock = target
    for t in range(n):
        year = slice(max(0, t - 5), t + 7)
        gap = float(total[year].mean() - production[year].mean()) + (target - stock) / 12
        gap = max(gap, float(total[t] - production[t] - stock + 0.1 * target))
        flows["imports"][t], flows["exports"][t] = max(gap, 0.0), max(-gap, 0.0)
        flows["opening"][t] = stock
        stock += production[t] + flows["imports"][t] - total[t] - flows["exports"][t]
        flows["closing"][t] = stock
    return flows
