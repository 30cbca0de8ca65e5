"""Weekly prices of hogs, corn, pork and vegetables 农产品周价格 in every city.

The mean hog/corn ratio of a province's cities follows a given curve, whether the mean is taken of the cities'
ratios or of their prices: city deviations are projected so that both means stay.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from jobs.simulate.delivery import Days, Delivery, Params, stream, texts

Matrix = NDArray[np.float64]

PRICE = ["region", "product", "stage", "item", "freq", "date", "price"]


def price_deliveries(cities: pd.DataFrame, params: Params, seed: int) -> list[Delivery]:
    """One delivery a year, the last one part of a year; weeks count for the year that holds their Thursday.

    `cities`: region, lon, lat (degrees).
    """
    weeks = np.arange(
        np.datetime64(params["first_week"], "D"),
        np.datetime64(params["last_week"], "D") + 1,
        np.timedelta64(7, "D"),
    )
    prices = city_prices(cities, weeks, params, seed)
    n_weeks, n_cities = len(weeks), len(cities)
    quiet = _before_published(weeks, params)
    frame = pd.concat(
        [
            pd.DataFrame(
                {
                    "region": np.tile(cities["region"].to_numpy(str), n_weeks),
                    "product": product,
                    "stage": params["stage"][product],
                    "item": params["item"][product],
                    "freq": "W",
                    "date": np.repeat(texts(weeks), n_cities),
                    "price": np.char.mod("%.2f", values.ravel()),
                    "year": np.repeat((weeks + 3).astype("datetime64[Y]").astype(int) + 1970, n_cities),
                    "exempt": np.repeat(quiet, n_cities) & (product in ("hog", "corn")),
                }
            )
            for product, values in prices.items()
        ]
    ).sort_values(["date", "region", "product"])
    last = frame["year"].max()
    return [
        Delivery(
            "agriculture_market_price",
            params["last_on"] if year == last else f"{year + 1}-{params['delivery_day']}",
            f"market_price_{year}_模拟.csv",
            rows[PRICE].reset_index(drop=True),
            rows["exempt"].to_numpy(bool),
        )
        for year in frame["year"].unique()
        for rows in [frame[frame["year"] == year]]
    ]


def city_prices(cities: pd.DataFrame, weeks: Days, params: Params, seed: int) -> dict[str, Matrix]:
    """Product → (weeks, cities) prices in yuan a kg, rounded to 0.01."""
    province = cities["region"].str[:2].to_numpy(str)
    root = correlation_root(cities, params["correlation_km"])
    noise = {
        product: spread
        * _city_noise(len(weeks), root, params["persistence"], stream(seed, "prices", product))
        for product, spread in params["city_noise"].items()
    }
    corn = np.exp(_curve(weeks, params["corn_level"], "price"))[:, None] * np.exp(noise["corn"])
    vegetables = np.exp(noise["vegetables"])
    hog = np.empty_like(corn)
    for code, factor in params["province"].items():
        local = province == code[:2]
        if not local.any():
            continue
        # rounded before the ratio is taken, so that rounding does not move the ratio
        corn[:, local] = np.round(corn[:, local] * factor["corn"], 2)
        rng = stream(seed, "prices", code)
        vegetables[:, local] *= (
            factor["vegetables"] * _vegetable_level(weeks, params["vegetables"], rng)[:, None]
        )
        ratio = _ratio(weeks, params, rng)
        deviation = _projected(noise["hog"][:, local], corn[:, local])
        hog[:, local] = ratio[:, None] * corn[:, local] * (1 + deviation)
    delay = params["pork"]["delay"]
    earlier = hog[np.maximum(np.arange(len(weeks)) - delay, 0)]
    pork = (params["pork"]["margin"] * earlier + params["pork"]["fixed"]) * np.exp(noise["pork"])
    prices = {"hog": hog, "corn": corn, "pork": pork, "vegetables": vegetables}
    return {product: np.round(values, 2) for product, values in prices.items()}


def _curve(weeks: Days, points: list[Params], name: str) -> NDArray[np.float64]:
    """Logarithm of a monotone cubic curve (PCHIP) through the points, which it meets exactly."""
    at = np.array([point["week"] for point in points], dtype="datetime64[D]").astype(float)
    values = np.log([point[name] for point in points])
    return np.asarray(PchipInterpolator(at, values)(weeks.astype(float)))


def _ratio(weeks: Days, params: Params, rng: np.random.Generator) -> NDArray[np.float64]:
    """A province's hog/corn ratio: the curve with noise that dies out towards published points."""
    noise = _autoregressive(rng.standard_normal((len(weeks), 1)), params["persistence"])[:, 0]
    published = np.array([p["week"] for p in params["hog_ratio"] if "source" in p], dtype="datetime64[D]")
    distance = np.abs((weeks[:, None] - published[None, :]).astype(int)).min(axis=1) / 7
    # nothing in the weeks next to a published point, so that its run of weeks is the curve's
    taper = np.clip((distance - 4) / params["ratio_quiet_weeks"], 0, 1)
    return np.exp(_curve(weeks, params["hog_ratio"], "ratio") + params["ratio_noise"] * taper * noise)


def _before_published(weeks: Days, params: Params) -> NDArray[np.bool_]:
    """Weeks that decide the level at a published point: it and the four weeks before."""
    published = np.array([p["week"] for p in params["hog_ratio"] if "source" in p], dtype="datetime64[D]")
    gap = (published[None, :] - weeks[:, None]).astype(int)
    return np.asarray(((gap >= 0) & (gap <= 28)).any(axis=1))


def _vegetable_level(weeks: Days, params: Params, rng: np.random.Generator) -> NDArray[np.float64]:
    """A province's vegetable price: trend, season and weather spikes that jump and then fade."""
    years = (weeks - weeks[0]).astype(float) / 365.2425
    week = ((weeks - weeks.astype("datetime64[Y]")).astype(int) // 7) + 1
    season = params["season"] * np.cos(2 * np.pi * (week - params["peak"]) / 52.18)
    starts = rng.random(len(weeks)) < params["spikes"] / 52.18
    jump = np.where(starts, rng.uniform(params["spike_low"], params["spike_high"], len(weeks)), 0.0)
    spike = np.zeros(len(weeks))
    for i in range(len(weeks)):
        spike[i] = jump[i] + (params["decay"] * spike[i - 1] if i else 0.0)
    return params["level"] * np.exp(params["growth"] * years + season + spike)


def _projected(deviation: Matrix, corn: Matrix) -> Matrix:
    """Deviations e of hog prices, week by week free of mean(e) and of sum(corn · e)."""
    free = deviation - deviation.mean(axis=1, keepdims=True)
    centred = corn - corn.mean(axis=1, keepdims=True)
    size = (centred**2).sum(axis=1, keepdims=True)
    part = (free * centred).sum(axis=1, keepdims=True) / np.where(size > 0, size, 1.0)
    return free - part * centred


def correlation_root(cities: pd.DataFrame, length_km: float) -> Matrix:
    """Cholesky root of exp(-distance / length) between cities."""
    lat = np.radians(cities["lat"].to_numpy(float))
    lon = np.radians(cities["lon"].to_numpy(float))
    x = 6371 * np.cos(lat.mean()) * lon
    y = 6371 * lat
    distance = np.hypot(x[:, None] - x, y[:, None] - y)
    return np.linalg.cholesky(np.exp(-distance / length_km) + 1e-9 * np.eye(len(cities)))


def _city_noise(n_weeks: int, root: Matrix, persistence: float, rng: np.random.Generator) -> Matrix:
    """(weeks, cities) deviations of unit spread, alike between near cities and from week to week."""
    return _autoregressive(rng.standard_normal((n_weeks, len(root))) @ root.T, persistence)


def _autoregressive(shocks: Matrix, persistence: float) -> Matrix:
    """First-order autoregression down the rows with the variance of the shocks."""
    out = shocks.copy()
    for i in range(1, len(out)):
        out[i] = persistence * out[i - 1] + np.sqrt(1 - persistence**2) * shocks[i]
    return out
