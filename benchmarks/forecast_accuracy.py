"""Accuracy of the forecasters on published competition data, for local evaluation.

Run: python -m benchmarks.forecast_accuracy --sources DIR [--sets "Tourism yearly" ...]

DIR holds `tourism/tcomp_data.json.gz` and `m1/m1_data.json.gz` (JSON objects, one entry a series, with `x`, the
training part, `xx`, the test part, and `period`) and `nn5/NN5-Final-Dataset.csv.gz` (a column a series, the last 56
days being the test part). Where statsforecast is installed, its models run beside as rivals, one process each.
"""

import argparse
import gzip
import importlib.util
import json
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

import models.forecasting.algorithms  # noqa: F401  registers the forecasters
from models import registry
from models.forecasting import engine, guards, scoring
from models.forecasting.batch import naive_scale, stack

FILES = {"Tourism": "tourism/tcomp_data.json.gz", "M1": "m1/m1_data.json.gz"}
SEASON = {"YEARLY": 1, "QUARTERLY": 4, "MONTHLY": 12}
NN5 = "NN5 daily"
NN5_TEST = 56
SETS = [*(f"{title} {period.lower()}" for title in FILES for period in SEASON), NN5]
BOUNDS = ("lo80", "hi80", "lo95", "hi95")
RIVALS = ("AutoETS", "DynamicOptimizedTheta", "AutoCES")


class Competition(NamedTuple):
    """Training parts (NaN for gaps), test part (n_series, horizon) and the lengths of the seasons."""

    train: list[np.ndarray]
    test: np.ndarray
    seasons: tuple[int, ...]


class Told(NamedTuple):
    """Means (n_series, horizon), bounds in the order of `BOUNDS` if there are any, and seconds."""

    mean: np.ndarray
    bounds: list[np.ndarray]
    seconds: float


def read(folder: Path, name: str) -> Competition:
    """One of `SETS` from the folder of the competition data."""
    if name == NN5:
        table = pd.read_csv(folder / "nn5/NN5-Final-Dataset.csv.gz", sep="\t").iloc[:, 1:]
        values = table.apply(pd.to_numeric, errors="coerce").to_numpy(dtype=float).T
        return Competition(list(values[:, :-NN5_TEST]), values[:, -NN5_TEST:], (7, 364))
    title, period = name.split()
    entries = json.loads(gzip.decompress((folder / FILES[title]).read_bytes())).values()
    chosen = [one for one in entries if one["period"][0] == period.upper()]
    train = [np.array(one["x"], dtype=float) for one in chosen]
    return Competition(train, np.array([one["xx"] for one in chosen]), (SEASON[period.upper()],))


def by_engine(data: Competition) -> Told:
    """The engine's forecasts, non-negative where all training values are."""
    start = time.perf_counter()
    panel = {f"{number:05d}": one for number, one in enumerate(data.train)}
    never_negative = all(np.nanmin(one) >= 0 for one in data.train)
    table = engine.forecast(
        panel, seasons=data.seasons, horizon=data.test.shape[1], non_negative=never_negative
    ).forecast
    seconds = time.perf_counter() - start
    mean, *bounds = (table[column].to_numpy().reshape(data.test.shape) for column in ("mean", *BOUNDS))
    return Told(mean, bounds, seconds)


def by_registered(data: Competition, filled: list[np.ndarray], name: str) -> Told:
    """A registered forecaster's means."""
    start = time.perf_counter()
    mean = registry.get(name).make().fit(filled, data.seasons[0]).predict(data.test.shape[1])
    return Told(mean, [], time.perf_counter() - start)


def by_rivals(data: Competition, filled: list[np.ndarray]) -> Iterator[tuple[str, Told]]:
    """statsforecast's models, series by series, and the median of their means; the first call is not timed.

    Where a model refuses a series, its last value stands in, without an interval.
    """
    from statsforecast import models as rivals  # type: ignore[import-not-found]  # not a dependency

    horizon, found = data.test.shape[1], []
    for name in RIVALS:
        model = getattr(rivals, name)(season_length=data.seasons[0])
        _one(model, filled[0], horizon)
        start = time.perf_counter()
        told = np.stack([_one(model, one, horizon) for one in filled])
        found.append(Told(told[:, 0], list(told[:, 1:].swapaxes(0, 1)), time.perf_counter() - start))
        yield name, found[-1]
    seconds = sum(one.seconds for one in found)
    yield "median of rivals", Told(np.median([one.mean for one in found], axis=0), [], seconds)


def _one(model: "object", values: np.ndarray, horizon: int) -> np.ndarray:
    """Mean and bounds of one series by one rival, (5, horizon)."""
    try:
        told = model.forecast(y=values, h=horizon, level=[80, 95])  # type: ignore[attr-defined]
        return np.stack([told["mean"], *(told[f"{one[:2]}-{one[2:]}"] for one in BOUNDS)])
    except Exception:  # a rival's refusal of a short or constant series has no type of its own
        return np.vstack([np.full(horizon, values[-1]), np.full((4, horizon), np.nan)])


def line(data: Competition, filled: list[np.ndarray], told: Told) -> str:
    """Mean MASE, mean sMAPE (%), coverage of the intervals (%) and seconds."""
    scale = naive_scale(stack(filled), data.seasons[0])
    error = np.abs(told.mean - data.test)
    mase = np.nanmean(error, axis=1) / np.where(scale > 0, scale, np.nan)
    size = np.abs(told.mean) + np.abs(data.test)
    smape = np.where(size > 0, 200 * error / np.where(size > 0, size, 1.0), 0.0)
    smape[np.isnan(data.test)] = np.nan
    covered = "".join(
        f"{100 * scoring.coverage(told.bounds[k], told.bounds[k + 1], data.test):7.1f}"
        if told.bounds
        else " " * 7
        for k in (0, 2)
    )
    return f"{np.nanmean(mase):7.3f}{np.nanmean(smape):8.2f}{covered}{told.seconds:8.1f}"


def main() -> None:
    """Print a row for every set and forecaster."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sources", type=Path, required=True, help="folder of the competition data")
    parser.add_argument("--sets", nargs="+", choices=SETS, default=SETS, help="all if not given")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    rivals = importlib.util.find_spec("statsforecast") is not None
    print("rivals: statsforecast" if rivals else "rivals: none, statsforecast is not installed")
    print(f"{'set':<20}{'n':>5}  {'model':<22}{'MASE':>7}{'sMAPE':>8}{'80 %':>7}{'95 %':>7}{'s':>8}")
    for name in asked.sets:
        data = read(asked.sources, name)
        filled = [guards.history(one, data.seasons[0]).values for one in data.train]
        rows = [("engine", by_engine(data))]
        rows += [(model, by_registered(data, filled, model)) for model in registry.names()]
        for model, told in [*rows, *(by_rivals(data, filled) if rivals else ())]:
            print(f"{name:<20}{len(filled):>5}  {model:<22}{line(data, filled, told)}", flush=True)


if __name__ == "__main__":
    main()
