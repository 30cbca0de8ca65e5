"""Daily air and monthly surface water of the monitored cities 空气质量、地表水."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from jobs.simulate.agri_files import monthly
from jobs.simulate.delivery import Delivery, Params, stream, texts

POLLUTANTS = ("so2", "no2", "pm10", "pm25", "co", "o3")
WATER = ("oxygen", "permanganate", "ammonia", "phosphorus")


def environment_deliveries(cities: pd.DataFrame, params: Params, seed: int) -> list[Delivery]:
    """Air in one delivery a half-year, water in one of all months. `cities`: region."""
    monitored = [code for code in params["cities"] if code in set(cities["region"])]
    if not monitored:
        return []
    return [*_air(monitored, params["air"], seed), _water(monitored, params["water"], seed)]


def _air(cities: list[str], params: Params, seed: int) -> list[Delivery]:
    days = np.arange(np.datetime64(params["first_day"], "D"), np.datetime64(params["last_day"], "D") + 1)
    winter = np.cos(2 * np.pi * (days - days.astype("datetime64[Y]")).astype(int) / 365.25)
    frames = []
    for city in cities:
        rng = stream(seed, "air", city)
        # one stagnation of the air for all pollutants; ozone comes with sun instead
        still = _carried(rng.standard_normal(len(days)), params["persistence"])
        columns = {}
        for name in POLLUTANTS:
            given = params["pollutants"][name]
            own = rng.standard_normal(len(days))
            log = given["winter"] * winter + given["still"] * still + params["noise"] * own
            columns[name] = np.char.mod("%.1f" if name == "co" else "%.0f", given["level"] * np.exp(log))
        frames.append(pd.DataFrame({"region": city, "date": texts(days), **columns}))
    rows = pd.concat(frames, ignore_index=True).sort_values(["date", "region"], ignore_index=True)
    parts, after = [], ""
    for until, delivered_on in params["deliveries"].items():
        part = rows[(rows["date"] > after) & (rows["date"] <= until)].reset_index(drop=True)
        parts.append(Delivery("environment_air_daily", delivered_on, f"air_daily_{until[:7]}_模拟.csv", part))
        after = until
    return parts


def _water(cities: list[str], params: Params, seed: int) -> Delivery:
    months = monthly(params["first_month"], params["last_month"])
    frames = []
    for city in cities:
        for number in range(1, params["sections"] + 1):
            rng = stream(seed, "water", city, str(number))
            burden = params["burden"] * rng.standard_normal() + _carried(
                params["burden"] * rng.standard_normal(len(months)), params["persistence"]
            )
            values = {
                name: params["level"][name] * np.exp((-0.5 if name == "oxygen" else 1.0) * burden)
                for name in WATER
            }
            frames.append(
                pd.DataFrame(
                    {
                        "region": city, "section": f"模拟断面{city[:4]}-{number}",
                        "year": months.year.astype(str), "month": months.month.astype(str),
                        **{name: np.char.mod("%.3f", value) for name, value in values.items()},
                    }
                )
            )  # fmt: skip
    return Delivery(
        "environment_surface_water", params["delivered_on"], "surface_water_模拟.csv",
        pd.concat(frames, ignore_index=True),
    )  # fmt: skip


def _carried(shocks: NDArray[np.float64], persistence: float) -> NDArray[np.float64]:
    """First-order autoregression with the variance of the shocks."""
    out = shocks.copy()
    for t in range(1, len(out)):
        out[t] = persistence * out[t - 1] + np.sqrt(1 - persistence**2) * shocks[t]
    return out
