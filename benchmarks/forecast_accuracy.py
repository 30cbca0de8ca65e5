"""Accuracy of the registered forecasters on published competition data, for local evaluation.

Run: python -m benchmarks.forecast_accuracy --sources DIR

DIR holds `tourism/tcomp_data.json.gz` and `m1/m1_data.json.gz`: JSON objects, one entry a series, with `x`
(training part), `xx` (test part) and `period` (YEARLY, QUARTERLY, MONTHLY).
"""

import argparse
import gzip
import json
import time
from pathlib import Path

import numpy as np

import models.forecasting.algorithms  # noqa: F401  registers the forecasters
from models import registry
from models.forecasting.batch import naive_scale, stack

SETS = {"Tourism": "tourism/tcomp_data.json.gz", "M1": "m1/m1_data.json.gz"}
SEASON = {"YEARLY": 1, "QUARTERLY": 4, "MONTHLY": 12}


def scores(train: list[np.ndarray], test: np.ndarray, season: int, name: str) -> tuple[float, float, float]:
    """Mean MASE, mean sMAPE (%) and seconds of one forecaster; `test` has shape (n_series, horizon)."""
    start = time.perf_counter()
    mean = registry.get(name).make().fit(train, season).predict(test.shape[1])
    seconds = time.perf_counter() - start
    error = np.abs(mean - test)
    mase = error.mean(axis=1) / naive_scale(stack(train), season)
    smape = 200 * error / (np.abs(mean) + np.abs(test))
    return float(np.mean(mase[np.isfinite(mase)])), float(np.nanmean(smape)), seconds


def main() -> None:
    """Print a row for every set, period and forecaster."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sources", type=Path, required=True, help="folder of the competition data")
    folder = parser.parse_args().sources
    print(f"{'set':<20}{'n':>5}  {'model':<16}{'MASE':>7}{'ratio':>7}{'sMAPE':>8}{'ratio':>7}{'s':>7}")
    for title, file in SETS.items():
        series = json.loads(gzip.decompress((folder / file).read_bytes())).values()
        for period, season in SEASON.items():
            chosen = [one for one in series if one["period"][0] == period]
            train = [np.array(one["x"], dtype=float) for one in chosen]
            test = np.array([one["xx"] for one in chosen], dtype=float)
            base_mase, base_smape, _ = scores(train, test, season, "seasonal_naive")
            for name in registry.names():
                mase, smape, seconds = scores(train, test, season, name)
                print(
                    f"{title + ' ' + period.lower():<20}{len(chosen):>5}  {name:<16}{mase:7.3f}"
                    f"{mase / base_mase:7.3f}{smape:8.2f}{smape / base_smape:7.3f}{seconds:7.2f}"
                )


if __name__ == "__main__":
    main()
